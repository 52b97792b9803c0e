//! Callbacks as the platform sends them, for mocks and tests.

use super::{Headers, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
use crate::UnixMs;
use crate::trade::PlatformKey;
use crate::trade::sign::callback_hash;

/// The three headers of a callback that was just signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    timestamp: String,
    nonce: String,
    signature: String,
}

impl SignedHeaders {
    /// As the receiver sees them.
    pub fn headers(&self) -> Headers<'_> {
        Headers { timestamp: &self.timestamp, nonce: &self.nonce, signature: &self.signature }
    }

    /// Name and value of each, to be sent.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [
            (TIMESTAMP_HEADER, &self.timestamp),
            (NONCE_HEADER, &self.nonce),
            (SIGNATURE_HEADER, &self.signature),
        ]
    }
}

/// Signs a callback's body as the platform does.
pub fn signed(key: &PlatformKey, at: UnixMs, nonce: &str, body: &[u8]) -> SignedHeaders {
    let timestamp = at.seconds().to_string();
    let signature = key.half().sign(&callback_hash(&timestamp, nonce, body));
    SignedHeaders { timestamp, nonce: nonce.to_owned(), signature }
}

/// A callback's body as the platform writes it: `msg`, `type`, `version` 3.0.
///
/// ```
/// use douyin_pay_protocol::trade::callback;
///
/// let body = callback::body("refund", r#"{"status":"SUCCESS"}"#);
/// assert_eq!(body, br#"{"msg":"{\"status\":\"SUCCESS\"}","type":"refund","version":"3.0"}"#);
/// ```
pub fn body(kind: &str, msg: &str) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Envelope<'a> {
        msg: &'a str,
        #[serde(rename = "type")]
        kind: &'a str,
        version: &'static str,
    }
    serde_json::to_vec(&Envelope { msg, kind, version: "3.0" }).expect("three texts are plain data")
}
