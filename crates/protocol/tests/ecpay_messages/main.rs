//! The calls beside orders, refunds and settlements: bodies, answers, limits.

mod funds;
mod merchants;
mod order_push;
mod returns;
mod tokens;
mod unsettled;

use douyin_pay_protocol::ecpay::{Caller, Request, json};
use douyin_pay_protocol::{AppId, Fen, FieldError, MerchantUid, OutOrderNo, Salt};

fn app_id() -> AppId {
    AppId::new("tt0000000000000001").expect("an app id")
}

fn provider() -> AppId {
    AppId::new("tt00000000000000ff").expect("a provider's id")
}

fn salt() -> Salt {
    Salt::new("test_salt_Ab12Cd34").expect("a salt")
}

fn order_no() -> OutOrderNo {
    OutOrderNo::new("O20240101000001").expect("a number")
}

fn merchant(uid: &str) -> MerchantUid {
    MerchantUid::new(uid).expect("a uid")
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).expect("fen")
}

/// The body that the mini-program sends for itself, without its signature, which is checked.
fn body(ask: &impl Request) -> String {
    unsigned(Caller::app(&app_id(), &salt()).body(ask), &salt())
}

/// The body that a provider sends for itself.
fn provider_body(ask: &impl Request) -> String {
    unsigned(Caller::provider(&provider(), &salt()).body(ask), &salt())
}

/// Checks the signature as a platform would, and takes it off.
fn unsigned(body: Vec<u8>, salt: &Salt) -> String {
    let right = json::sign(&body, salt).expect("our own body is an object");
    let text = String::from_utf8(body).expect("UTF-8");
    let signed = format!(r#","sign":"{right}"}}"#);
    text.strip_suffix(&signed)
        .map(|rest| format!("{rest}}}"))
        .unwrap_or_else(|| panic!("{text}, not {right}"))
}

fn problem<T: std::fmt::Debug>(result: Result<T, FieldError>, field: &str) -> String {
    let problem = result.expect_err("it breaks a limit");
    assert_eq!(problem.field, field);
    problem.to_string()
}

/// The same answer with every number as text: sources disagree about several.
fn with_quoted_numbers(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).expect("JSON");
    fn quote(value: serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match value {
            Value::Number(number) => Value::String(number.to_string()),
            Value::Array(values) => values.into_iter().map(quote).collect(),
            Value::Object(members) => members.into_iter().map(|(name, value)| (name, quote(value))).collect(),
            other => other,
        }
    }
    quote(value).to_string()
}
