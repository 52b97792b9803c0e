//! Replies as people read them: a label for each field, yuan, Beijing time.

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::ecpay::PayWay;
use serde_json::Value;

use crate::lang::say;
use crate::out::printable;
use crate::remote::report::{Rows, beijing};
use crate::story::yuan;

/// How a field is shown.
#[derive(Clone, Copy)]
pub(super) enum As {
    /// Texts, numbers and yes or no, as they are.
    Plain,
    /// Fen, as yuan.
    Yuan,
    /// Milliseconds, as Beijing time.
    Time,
    /// The number of a way to pay, as its word.
    Way,
    /// A list of objects, each with columns of its own.
    List(&'static [Column]),
}

/// A field: its label in both languages, its name, how it is shown.
#[derive(Clone, Copy)]
pub(super) struct Column(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) As,
);

/// The fields that are there, one per line, then the lists.
pub(super) fn table(reply: &Value, columns: &[Column]) -> String {
    written(reply, columns, "", false)
}

/// An amount in diamonds is a number, not yuan; what is inside such an order counts the same.
fn written(reply: &Value, columns: &[Column], indent: &str, diamonds: bool) -> String {
    let diamonds = diamonds || reply["currency"] == "DIAMOND";
    let mut rows = Rows::default();
    let mut lists = String::new();
    for Column(zh, en, name, shown) in columns {
        match (&reply[*name], shown) {
            (Value::Null, _) => {}
            (Value::Array(entries), As::List(columns)) => {
                for entry in entries {
                    lists.push('\n');
                    lists.push_str(&written(entry, columns, &format!("{indent}  "), diamonds));
                }
            }
            (value, As::Yuan) if value.is_i64() && !diamonds => {
                rows.add(zh, en, yuan(value.as_i64().unwrap_or_default()))
            }
            (value, As::Way) if value.is_i64() => rows.add(zh, en, way(value.as_i64().unwrap_or_default())),
            (value, As::Time) if value.is_i64() => {
                rows.add(zh, en, beijing(&UnixMs::new(value.as_i64().unwrap_or_default()).rfc3339()));
            }
            (Value::String(text), _) if text.is_empty() => {}
            (Value::String(text), _) => rows.add(zh, en, printable(text)),
            (Value::Array(texts), _) => {
                let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
                rows.add(zh, en, printable(&texts.join(", ")));
            }
            (value, _) => rows.add(zh, en, value.to_string()),
        }
    }
    rows.write(indent) + &lists
}

/// Both systems count the ways alike.
fn way(number: i64) -> String {
    match PayWay::of_number(number) {
        PayWay::WeChat => say("微信支付", "WeChat Pay").to_owned(),
        PayWay::Alipay => say("支付宝", "Alipay").to_owned(),
        PayWay::BankCard => say("银行卡", "bank card").to_owned(),
        PayWay::DouyinPay => say("抖音支付", "Douyin Pay").to_owned(),
        PayWay::Other(20) => say("钻石", "diamonds").to_owned(),
        PayWay::Other(number) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{As, Column, table};
    use serde_json::json;

    #[test]
    fn fen_become_yuan_and_lists_are_indented() {
        const ITEM: &[Column] = &[Column("金额", "amount", "amount", As::Yuan)];
        let columns = [
            Column("订单", "order", "order_id", As::Plain),
            Column("总额", "total", "total_amount", As::Yuan),
            Column("时间", "at", "pay_time", As::Time),
            Column("商品单", "items", "list", As::List(ITEM)),
        ];
        let reply = json!({
            "order_id": "motb1\u{1b}[2J", "total_amount": 1280, "pay_time": 1_767_225_609_000_i64,
            "list": [{ "amount": 5 }], "unknown": null,
        });
        let told = table(&reply, &columns);
        for part in ["motb1\u{fffd}[2J", "¥12.80", "2026-01-01 08:00:09", "\n\n  "] {
            assert!(told.contains(part), "{part} is missing in\n{told}");
        }
        assert!(told.contains("¥0.05"), "{told}");
        let way = table(&json!({ "way": 2 }), &[Column("方式", "paid with", "way", As::Way)]);
        assert!(way.contains("Alipay") || way.contains("支付宝"), "{way}");
    }
}
