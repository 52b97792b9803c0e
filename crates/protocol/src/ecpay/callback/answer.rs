//! What the platform is answered.

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use crate::Token;

/// The answer that ends the deliveries. Give it only after the work is done.
pub const SUCCESS: &str = r#"{"err_no":0,"err_tips":"success"}"#;

/// An answer that makes the platform deliver again. `err_no` must not be 0.
pub fn failure(err_no: i64, err_tips: &str) -> String {
    debug_assert_ne!(err_no, 0, "0 would be success");
    serde_json::json!({ "err_no": err_no, "err_tips": err_tips }).to_string()
}

/// Whether a GET with `signature`, `timestamp`, `nonce` and `echostr` proves that its sender knows
/// one of the tokens; if so the answer is the plain `echostr`.
pub fn echo(tokens: &[Token], signature: &str, timestamp: &str, nonce: &str) -> bool {
    tokens.iter().any(|token| {
        let mut parts = [token.expose(), timestamp, nonce];
        parts.sort_unstable();
        let mut sha1 = Sha1::new();
        parts.iter().for_each(|part| sha1.update(part.as_bytes()));
        let right = data_encoding::HEXLOWER.encode(&sha1.finalize());
        right.as_bytes().ct_eq(signature.as_bytes()).into()
    })
}
