//! What the platform is answered.

/// The answer that ends the deliveries, with HTTP 200. Give it only after the work is done.
pub const SUCCESS: &str = r#"{"err_no":0,"err_tips":"success"}"#;

/// An answer that makes the platform deliver again. `err_no` must not be 0; if it is, 1 is sent.
///
/// ```
/// use douyin_pay_protocol::trade::callback::failure;
///
/// assert_eq!(failure(503, "later"), r#"{"err_no":503,"err_tips":"later"}"#);
/// assert_eq!(failure(0, "later"), r#"{"err_no":1,"err_tips":"later"}"#);
/// ```
pub fn failure(err_no: i64, err_tips: &str) -> String {
    // A failure that reads as success would lose the callback for good.
    let err_no = if err_no == 0 { 1 } else { err_no };
    serde_json::json!({ "err_no": err_no, "err_tips": err_tips }).to_string()
}
