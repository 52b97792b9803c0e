//! The callback signature: token, timestamp, nonce and msg sorted, joined without separator, SHA-1.

use sha1::{Digest, Sha1};

use crate::{Token, hex};

/// SHA-1 in lower-case hex.
pub(super) type Hex = [u8; 40];

/// The signature of these texts; empty ones add nothing, so they need not be left out by hand.
pub(super) fn digest<const PARTS: usize>(mut parts: [&str; PARTS]) -> Hex {
    parts.sort_unstable();
    let mut sha1 = Sha1::new();
    for part in parts {
        sha1.update(part.as_bytes());
    }
    hex::lower(sha1.finalize().into())
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
    text(digest([token.expose(), timestamp, nonce, msg]))
}

pub(super) fn text(hex: Hex) -> String {
    hex.map(char::from).iter().collect()
}

/// A whole callback as the platform sends it: exactly five fields.
///
/// ```
/// use douyin_pay_protocol::{Token, ecpay::callback};
///
/// let token = Token::new("testToken2024").unwrap();
/// let body = callback::body(&token, "refund", "1704067301", "7", r#"{"cp_refundno":"R1"}"#);
/// let body = String::from_utf8(body).unwrap();
/// assert!(body.starts_with(r#"{"timestamp":"1704067301","nonce":"7","msg":"{\"cp_refundno\":\"R1\"}","type":"refund""#));
/// ```
pub fn body(token: &Token, kind: &str, timestamp: &str, nonce: &str, msg: &str) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Envelope<'a> {
        timestamp: &'a str,
        nonce: &'a str,
        msg: &'a str,
        #[serde(rename = "type")]
        kind: &'a str,
        msg_signature: String,
    }
    let msg_signature = sign(token, timestamp, nonce, msg);
    serde_json::to_vec(&Envelope { timestamp, nonce, msg, kind, msg_signature })
        .expect("five texts are plain data")
}
