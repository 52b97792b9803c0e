//! The lines of the timeline, in both languages.

use douyin_pay_protocol::UnixMs;
use serde::Serialize;
use serde_json::Value;

use super::client::tt_name;
use crate::dev::wire::{Exchange, Kind};
use crate::story::yuan;

/// A line for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Words {
    zh: String,
    en: String,
}

fn words(zh: impl Into<String>, en: impl Into<String>) -> Words {
    Words { zh: zh.into(), en: en.into() }
}

/// What one fact says.
pub(super) fn of_fact(fact: &Value) -> Words {
    let what = &fact["what"];
    let (kind, fields) = match what.as_object().and_then(|members| members.iter().next()) {
        Some((kind, fields)) => (kind.as_str(), fields),
        None => (what.as_str().unwrap_or("?"), &Value::Null),
    };
    let said = match kind {
        "open" => words(
            format!("商户下单 {}", money(&fields["amount"])),
            format!("the merchant orders {}", money(&fields["amount"])),
        ),
        "request_refund" => words(
            format!("商户申请退款 {}", money(&fields["amount"])),
            format!("the merchant asks for a refund of {}", money(&fields["amount"])),
        ),
        "signed_again" => words("重新签名，再等一小时", "signed afresh, good for another hour"),
        "decide_refund" => match fields["agree"] == true {
            true => words("商户同意退款", "the merchant agrees to the refund"),
            false => words("商户拒绝退款", "the merchant refuses the refund"),
        },
        "push_fulfilment" => match fields["to_status"].as_str().unwrap_or_default() {
            "fulfilling" => words("商户开始服务", "the merchant begins the service"),
            "fulfill_done" => words("商户完成服务", "the merchant is done with the service"),
            other => words(format!("商户推送履约 {other}"), format!("the merchant pushes {other}")),
        },
        "nothing_new" => words("查询没有新消息", "asked, and nothing is new"),
        "request_settlement" => words("商户申请结算分账", "the merchant asks for settlement with a share"),
        "answered" => of_answer(&fields["outcome"]),
        "order_seen" => of_order_state(fields["state"].as_str().unwrap_or_default()),
        "refund_seen" => of_operation_state("退款", "the refund", fields),
        "settlement_seen" => of_operation_state("结算", "the settlement", fields),
        other => words(other, other),
    };
    let (zh, en) = source(fact["source"].as_str().unwrap_or_default());
    words(format!("记账：{}（{zh}）", said.zh), format!("Booked: {} ({en})", said.en))
}

/// What the customer did.
pub(super) fn of_payment(view: &Value) -> Words {
    let (zh, en) = match view["way"].as_str().unwrap_or_default() {
        "wechat" => ("微信支付", "WeChat Pay"),
        "alipay" => ("支付宝", "Alipay"),
        "douyin_pay" => ("抖音支付", "Douyin Pay"),
        other => (other, other),
    };
    let amount = money(&view["paid_fen"]);
    words(format!("顾客在收银台用{zh}付了 {amount}"), format!("The customer pays {amount} with {en}"))
}

fn source(source: &str) -> (&str, &str) {
    match source {
        "merchant" => ("来自商户请求", "the merchant's request"),
        "answer" => ("来自平台应答", "the platform's answer"),
        "callback" => ("来自回调", "a callback"),
        "query" => ("来自主动查询", "our own query"),
        // The demo has no operators: what is asked out of turn is asked for the sake of a request.
        "operator" => ("来自当即查询", "a query at once"),
        other => (other, other),
    }
}

fn of_answer(outcome: &Value) -> Words {
    let kind = outcome.as_str().or_else(|| outcome.as_object()?.keys().next().map(String::as_str));
    match kind.unwrap_or_default() {
        "accepted" => words("平台已受理", "the platform took it"),
        "not_sent" => {
            words("没有送达平台，稍后同号重发", "it did not reach the platform; the same number goes again")
        }
        "unknown" => words("结果未知，先查询再说", "the outcome is unknown, so ask before anything else"),
        "refused" | "config_refused" => {
            let said = outcome.as_object().and_then(|members| members.values().next());
            let said = said.map_or_else(String::new, |said| {
                format!("{} {}", said["code"], said["message"].as_str().unwrap_or_default())
            });
            words(format!("平台拒绝：{said}"), format!("the platform refuses: {said}"))
        }
        other => words(other, other),
    }
}

fn of_order_state(state: &str) -> Words {
    match state {
        "waiting" => words("等待付款", "waiting for payment"),
        "paid" => words("已付款", "paid"),
        "closed" => words("未付款，订单关闭", "not paid, the order is closed"),
        other => words(other, other),
    }
}

fn of_operation_state(zh: &str, en: &str, fields: &Value) -> Words {
    let amount = match fields["amount"].as_i64().or_else(|| fields["settle_amount"].as_i64()) {
        Some(fen) => format!(" {}", yuan(fen)),
        None => String::new(),
    };
    match fields["state"].as_str().unwrap_or_default() {
        "succeeded" => words(format!("{zh}成功{amount}"), format!("{en} is done{amount}")),
        "failed" => words(format!("{zh}失败"), format!("{en} failed")),
        "accepted" => words(format!("{zh}处理中"), format!("{en} is under way")),
        "auditing" => words(
            format!("顾客申请的{zh}{amount}，等商户审核"),
            format!("{en}{amount} that the customer asks for waits for the merchant"),
        ),
        other => words(format!("{zh} {other}"), format!("{en}: {other}")),
    }
}

fn money(fen: &Value) -> String {
    fen.as_i64().map_or_else(|| "?".to_owned(), yuan)
}

/// What one exchange was for, and how it ended.
pub(super) fn of_exchange(exchange: &Exchange) -> Words {
    let name = exchange.name.as_str();
    let (zh, en) = match exchange.kind {
        Kind::Rest => {
            let (zh, en) = match name {
                "orders" => ("下单", "order"),
                "refunds" => ("退款", "refund"),
                "settlements" => ("结算", "settle"),
                "audit" => ("审核退款", "decide about a refund"),
                "fulfilments" => ("履约", "fulfilment"),
                other => (other, other),
            };
            (format!("商店 → 服务：{zh}"), format!("Shop → service: {en}"))
        }
        Kind::Client if name == "apply_refund" => {
            ("顾客 → 平台：申请退款".to_owned(), "Customer → platform: applies for a refund".to_owned())
        }
        Kind::Client => {
            let name = tt_name(name);
            (format!("小程序 → 平台：tt.{name}"), format!("Mini-program → platform: tt.{name}"))
        }
        Kind::Call => (format!("服务 → 平台：{name}"), format!("Service → platform: {name}")),
        Kind::Callback => {
            let kind = callback_kind(&exchange.curl);
            (format!("平台 → 服务：回调 {kind}"), format!("Platform → service: callback {kind}"))
        }
        Kind::Event => {
            let kind = event_kind(&exchange.curl);
            (format!("服务 → 商店：事件 {kind}"), format!("Service → shop: event {kind}"))
        }
    };
    let (end_zh, end_en) = end(exchange);
    words(format!("{zh} · {end_zh}"), format!("{en} · {end_en}"))
}

fn end(exchange: &Exchange) -> (String, String) {
    let Some(status) = exchange.status else {
        return match &exchange.problem {
            None => ("进行中".to_owned(), "under way".to_owned()),
            Some(_) => ("没有收到应答".to_owned(), "no answer came back".to_owned()),
        };
    };
    let answer: Value = serde_json::from_str(&exchange.answer).unwrap_or_default();
    // Each system and the phone have names of their own for the same two things.
    let said =
        |names: &[&str]| names.iter().map(|name| &answer[*name]).find(|value| !value.is_null()).cloned();
    let code = said(&["err_no", "errNo"]).and_then(|code| code.as_i64());
    match (exchange.kind, code) {
        (Kind::Client | Kind::Call | Kind::Callback, Some(0)) => ("成功".to_owned(), "success".to_owned()),
        (Kind::Client | Kind::Call | Kind::Callback, Some(code)) => {
            let tips = said(&["err_tips", "err_msg", "errMsg"]);
            let tips = tips.as_ref().and_then(Value::as_str).unwrap_or_default();
            let name = if exchange.kind == Kind::Client { "errNo" } else { "err_no" };
            (format!("{name} {code} {tips}"), format!("{name} {code} {tips}"))
        }
        _ => (format!("HTTP {status}"), format!("HTTP {status}")),
    }
}

fn callback_kind(curl: &str) -> &'static str {
    ["payment", "refund", "settle", "pre_create_refund"]
        .into_iter()
        .find(|kind| curl.contains(&format!(r#""type":"{kind}""#)))
        .unwrap_or("?")
}

fn event_kind(curl: &str) -> &str {
    let after = curl.split_once(r#""type":""#).map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default()
}

/// A time as the service writes it, in Unix milliseconds; 0 for anything else.
pub(super) fn millis_of(rfc3339: &str) -> i64 {
    let Some(seconds) = rfc3339.get(..19).and_then(|text| UnixMs::parse_beijing(&text.replace('T', " ")))
    else {
        return 0;
    };
    let millis =
        rfc3339.get(19..23).and_then(|text| text.strip_prefix('.')).and_then(|text| text.parse().ok());
    seconds.plus_ms(millis.unwrap_or(0)).get()
}

#[cfg(test)]
mod tests {
    use super::{millis_of, of_fact};
    use douyin_pay_protocol::UnixMs;
    use serde_json::json;

    #[test]
    fn times_are_read_as_they_are_written() {
        for millis in [1_722_757_788_000, 1_722_757_788_005, 1_722_757_788_123] {
            assert_eq!(millis_of(&UnixMs::new(millis).rfc3339()), millis);
        }
        assert_eq!(millis_of("soon"), 0);
    }

    #[test]
    fn facts_read_well_in_both_languages() {
        let open = json!({ "source": "merchant", "what": { "open": { "amount": 1280 } } });
        assert_eq!(of_fact(&open).zh, "记账：商户下单 ¥12.80（来自商户请求）");
        let unknown = json!({ "source": "answer", "what": { "answered": { "outcome": "unknown" } } });
        assert!(of_fact(&unknown).en.starts_with("Booked: the outcome is unknown"));
        let refused = json!({ "source": "answer", "what": { "answered": { "outcome": { "refused": { "code": 2, "message": "no" } } } } });
        assert!(of_fact(&refused).en.contains("refuses: 2 no"));
        let asked = json!({ "source": "callback", "what": { "refund_seen": { "state": "auditing", "amount": 500 } } });
        assert_eq!(of_fact(&asked).zh, "记账：顾客申请的退款 ¥5.00，等商户审核（来自回调）");
        let decided = json!({ "source": "merchant", "what": { "decide_refund": { "agree": false } } });
        assert!(of_fact(&decided).en.contains("refuses the refund"));
    }
}
