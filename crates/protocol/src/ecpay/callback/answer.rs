//! What the platform is answered.

use super::sign::digest;
use crate::{Token, hex};

/// The answer that ends the deliveries. Give it only after the work is done.
pub const SUCCESS: &str = r#"{"err_no":0,"err_tips":"success"}"#;

/// An answer that makes the platform deliver again. `err_no` must not be 0; if it is, 1 is sent.
///
/// ```
/// use douyin_pay_protocol::ecpay::callback::failure;
///
/// assert_eq!(failure(503, "later"), r#"{"err_no":503,"err_tips":"later"}"#);
/// assert_eq!(failure(0, "later"), r#"{"err_no":1,"err_tips":"later"}"#);
/// ```
pub fn failure(err_no: i64, err_tips: &str) -> String {
    // A failure that reads as success would lose the callback for good.
    let err_no = if err_no == 0 { 1 } else { err_no };
    serde_json::json!({ "err_no": err_no, "err_tips": err_tips }).to_string()
}

/// Whether a GET with `signature`, `timestamp`, `nonce` and `echostr` proves that its sender knows
/// one of the tokens; if so the answer is the plain `echostr`.
pub fn echo(tokens: &[Token], signature: &str, timestamp: &str, nonce: &str) -> bool {
    let fits = |token: &Token| hex::same(&digest([token.expose(), timestamp, nonce]), signature.as_bytes());
    tokens.iter().fold(false, |any, token| fits(token) | any)
}
