//! The customer's phone: what the page plays of `tt`, passed on to the mock.

use axum::Json;
use axum::extract::{Path, State};
use bytes::Bytes;
use http::{Request, header};
use serde_json::{Value, json};

use super::{ANSWER_WITHIN, Demo};

/// What a phone may ask: other paths of the mock are nobody's business here.
const CALLS: [&str; 4] = ["request_order", "get_order_payment", "apply_refund", "confirm_fulfillment"];

/// Passes a call on. The page cannot do it itself: a browser keeps pages away from other ports.
pub(super) async fn client(State(demo): State<Demo>, Path(call): Path<String>, body: Bytes) -> Json<Value> {
    if !CALLS.contains(&call.as_str()) {
        return Json(failed(&call, "no such call"));
    }
    demo.prepare();
    let request = Request::post(format!("{}/mock/client/{call}", demo.platform))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .expect("a loopback URL");
    match demo.tapped.send(request, ANSWER_WITHIN).await {
        Ok(answer) => {
            Json(serde_json::from_slice(answer.body()).unwrap_or_else(|_| failed(&call, "internal error")))
        }
        Err(cause) => Json(failed(&call, &cause.problem)),
    }
}

/// As the phone says it.
fn failed(call: &str, why: &str) -> Value {
    json!({ "errNo": 10401, "errMsg": format!("{}:fail {why}", tt_name(call)), "errLogId": "" })
}

/// What the mini-program calls it.
pub(super) fn tt_name(call: &str) -> &str {
    match call {
        "request_order" => "requestOrder",
        "get_order_payment" => "getOrderPayment",
        "confirm_fulfillment" => "confirmFulfillment",
        other => other,
    }
}

/// The call as it is written in a mini-program; the phone's own screens have none.
pub(super) fn code(call: &str, body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let (arguments, success): (&[&str], &str) = match call {
        "request_order" => (
            &["data", "byteAuthorization"],
            "(placed) => openCashier(placed.orderId), // nobody has paid yet",
        ),
        "get_order_payment" => (&["orderId"], "() => askMyBackEnd(), // a hint, no proof of payment"),
        _ => return None,
    };
    let lines: String = arguments.iter().map(|name| format!("  {name}: {},\n", body[*name])).collect();
    Some(format!(
        "tt.{}({{\n{lines}  success: {success}\n  fail: ({{ errNo, errMsg, errLogId }}) => console.log(errNo, errMsg, errLogId),\n}});",
        tt_name(call)
    ))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn texts_stay_the_very_texts() {
        let body = r#"{"data":"{\"a\":\"拿\\u94c1\"}","byteAuthorization":"SHA256-RSA2048 appid=tt0","open_id":"me"}"#;
        let shown = code("request_order", body).expect("a call of the mini-program");
        assert!(
            shown.starts_with("tt.requestOrder({\n  data: \"{\\\"a\\\":\\\"拿\\\\u94c1\\\"}\",\n"),
            "{shown}"
        );
        assert!(!shown.contains("open_id"), "the phone knows who it is: {shown}");
        assert_eq!(code("apply_refund", "{}"), None);
    }
}
