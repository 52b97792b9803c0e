//! What the platform is answered.

use serde::Serialize;

use crate::OutRefundNo;
use crate::trade::{NotifyUrl, Schema};

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

/// The answer to `pre_create_refund`: the merchant's number for the refund, the page that shows it, and where its
/// callback goes if not to the published address. Give the same for the same `refund_id`, whether the refund is wanted
/// or not: whoever does not want it refuses it later.
///
/// ```
/// use douyin_pay_protocol::OutRefundNo;
/// use douyin_pay_protocol::trade::Schema;
/// use douyin_pay_protocol::trade::callback::pre_create_answer;
///
/// let page = Schema::new("pages/refund")?.params(r#"{"no":"RF2"}"#)?;
/// assert_eq!(
///     pre_create_answer(&OutRefundNo::new("RF2")?, &page, None),
///     r#"{"err_no":0,"err_tips":"success","data":{"out_refund_no":"RF2","order_entry_schema":{"path":"pages/refund","params":"{\"no\":\"RF2\"}"}}}"#
/// );
/// # Ok::<(), douyin_pay_protocol::FieldError>(())
/// ```
pub fn pre_create_answer(number: &OutRefundNo, page: &Schema, notify_url: Option<&NotifyUrl>) -> String {
    let data = Data { out_refund_no: number, order_entry_schema: page, notify_url };
    let answer = Answer { err_no: 0, err_tips: "success", data };
    serde_json::to_string(&answer).expect("an answer is plain data")
}

#[derive(Serialize)]
struct Answer<'a> {
    err_no: i64,
    err_tips: &'static str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    out_refund_no: &'a OutRefundNo,
    order_entry_schema: &'a Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a NotifyUrl>,
}
