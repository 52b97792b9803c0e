//! The messages of the general trade system, every limit at its edge.

mod codes;
mod funds;
mod leniency;
mod notices;
mod order_data;
mod order_data_problems;
mod queries;
mod refunds;
mod settlements;
mod states;
mod tokens;

use douyin_pay_protocol::trade::{Request, Schema};
use douyin_pay_protocol::{AppId, Fen, MerchantUid, OutOrderNo, PlatformNo};

fn app_id() -> AppId {
    AppId::new("ttf0e1d2c3b4a59687").expect("an app id")
}

fn no(number: &str) -> PlatformNo {
    PlatformNo::new(number).expect("a number of the platform")
}

fn out_order_no(number: &str) -> OutOrderNo {
    OutOrderNo::new(number).expect("a number of ours")
}

fn merchant(uid: &str) -> MerchantUid {
    MerchantUid::new(uid).expect("a merchant")
}

fn fen(fen: i64) -> Fen {
    Fen::new(fen).expect("an amount")
}

fn page(path: &str) -> Schema {
    Schema::new(path).expect("a path")
}

fn body(request: &impl Request) -> String {
    String::from_utf8(request.body()).expect("UTF-8")
}

/// The same JSON with every number written as text, as one SDK of the platform types them.
fn with_quoted_numbers(json: &str) -> String {
    fn quoted(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Number(number) => number.to_string().into(),
            serde_json::Value::Array(entries) => entries.into_iter().map(quoted).collect(),
            serde_json::Value::Object(members) => {
                members.into_iter().map(|(name, value)| (name, quoted(value))).collect()
            }
            other => other,
        }
    }
    quoted(serde_json::from_str(json).expect("JSON")).to_string()
}

/// The message of a refusal, which names `field`.
fn problem<T: std::fmt::Debug>(read: Result<T, douyin_pay_protocol::FieldError>, field: &str) -> String {
    let problem = read.expect_err(field);
    assert_eq!(problem.field, field, "{problem}");
    problem.to_string()
}
