//! The callback signature: token, timestamp, nonce and msg sorted, joined without separator, SHA-1.

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::Token;

/// SHA-1 in lower-case hex.
pub(super) type Hex = [u8; 40];

pub(super) fn digest(token: &Token, timestamp: &str, nonce: &str, msg: &str) -> Hex {
    let mut parts = [token.expose(), timestamp, nonce, msg];
    parts.sort_unstable();
    // Empty parts add nothing to the text, so they need not be left out by hand.
    let mut sha1 = Sha1::new();
    for part in parts {
        sha1.update(part.as_bytes());
    }
    let mut hex = [0; 40];
    data_encoding::HEXLOWER.encode_mut(&sha1.finalize(), &mut hex);
    hex
}

pub(super) fn same(right: &Hex, claimed: &[u8]) -> bool {
    right.as_slice().ct_eq(claimed).into()
}

/// The `msg_signature` of a callback, as the platform makes it.
///
/// ```
/// use douyin_pay_protocol::{Token, ecpay::callback};
///
/// let token = Token::new("fdsifakhflasjfxxxxxxxxx").unwrap();
/// let signature = callback::sign(&token, "1652675265", "9999", "80850852");
/// assert_eq!(signature, "c9df04a40645c4ec15c13bc542cea589eac57e64");
/// ```
pub fn sign(token: &Token, timestamp: &str, nonce: &str, msg: &str) -> String {
    let hex = digest(token, timestamp, nonce, msg);
    std::str::from_utf8(&hex).expect("hex digits are ASCII").to_owned()
}

/// A whole callback as the platform sends it: exactly five fields.
pub fn body(token: &Token, kind: &str, timestamp: &str, nonce: &str, msg: &str) -> Vec<u8> {
    let envelope = serde_json::json!({
        "timestamp": timestamp,
        "nonce": nonce,
        "msg": msg,
        "type": kind,
        "msg_signature": sign(token, timestamp, nonce, msg),
    });
    serde_json::to_vec(&envelope).expect("an envelope is plain data")
}
