//! The number under which a refund is kept that the platform started.

use data_encoding::HEXLOWER;
use douyin_pay_protocol::{OutNo, PlatformNo};
use sha2::{Digest, Sha256};

const PREFIX: &str = "dy-";
/// So much of the digest is kept: 160 bits.
const DIGEST_BYTES: usize = 20;

/// Our number of a refund that somebody on the platform's side started: `dy-` and the platform's number.
///
/// A number that is too long or has other characters than a merchant's number may have gives a digest of it
/// instead. The same refund always has the same number.
///
/// ```
/// use douyin_pay_ledger::platform_refund_no;
/// use douyin_pay_protocol::PlatformNo;
///
/// let short = platform_refund_no(&PlatformNo::new("motb9").unwrap());
/// assert_eq!(short.as_str(), "dy-motb9");
/// let long = platform_refund_no(&PlatformNo::new("9".repeat(62)).unwrap());
/// assert_eq!(long.as_str().len(), 43);
/// ```
pub fn platform_refund_no(refund_id: &PlatformNo) -> OutNo {
    OutNo::new(format!("{PREFIX}{refund_id}")).unwrap_or_else(|_| {
        let digest = Sha256::digest(refund_id.as_str().as_bytes());
        let text = format!("{PREFIX}{}", HEXLOWER.encode(&digest[..DIGEST_BYTES]));
        OutNo::new(text).expect("43 letters, digits and a dash")
    })
}
