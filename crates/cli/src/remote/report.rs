//! Orders, refunds and settlements for people: yuan, Beijing time, aligned.

mod ecpay;
mod timeline;
mod trade;

use std::fmt::Write as _;

use serde_json::Value;

use crate::lang::{Lang, say};
use crate::out::printable;
use crate::story::yuan;

pub(crate) use self::ecpay::{settleable, share_return};
pub(crate) use self::timeline::timeline;
pub(crate) use self::trade::fulfilment;

/// Labels and values, one pair per line, the values below each other.
#[derive(Default)]
pub(crate) struct Rows(Vec<(&'static str, String)>);

impl Rows {
    pub(crate) fn add(&mut self, zh: &'static str, en: &'static str, value: impl Into<String>) {
        self.0.push((Lang::current().pick(zh, en), value.into()));
    }

    fn text(&mut self, zh: &'static str, en: &'static str, value: &Value) {
        if let Some(text) = value.as_str() {
            self.add(zh, en, printable(text));
        }
    }

    fn money(&mut self, zh: &'static str, en: &'static str, value: &Value) {
        if let Some(fen) = value.as_i64() {
            self.add(zh, en, yuan(fen));
        }
    }

    /// An amount that only matters when there is one.
    fn some_money(&mut self, zh: &'static str, en: &'static str, value: &Value) {
        if value.as_i64() != Some(0) {
            self.money(zh, en, value);
        }
    }

    fn time(&mut self, zh: &'static str, en: &'static str, value: &Value) {
        if let Some(text) = value.as_str() {
            self.add(zh, en, beijing(text));
        }
    }

    fn failure(&mut self, value: &Value) {
        let Some(message) = value["message"].as_str() else { return };
        let code = value["code"].as_i64().filter(|code| *code != 0);
        let message = printable(message);
        self.add("原因", "why", code.map_or_else(|| message.clone(), |code| format!("{code} {message}")));
    }

    /// How the front end goes on; the arguments themselves open the cashier, so they stay out of sight.
    fn cashier(&mut self, pay: &Value) {
        let told = match pay["kind"].as_str() {
            None => return,
            Some("tt.requestOrder") => say(
                "前端可以下单（tt.requestOrder 参数见 --json）",
                "can be placed (--json has the arguments of tt.requestOrder)",
            ),
            Some(_) => {
                say("可以拉起（tt.pay 参数见 --json）", "can be opened (--json has the arguments of tt.pay)")
            }
        };
        self.add("收银台", "cashier", told);
    }

    pub(crate) fn write(&self, indent: &str) -> String {
        let widest = self.0.iter().map(|(label, _)| columns(label)).max().unwrap_or(0);
        let mut text = String::new();
        for (label, value) in &self.0 {
            let gap = " ".repeat(widest - columns(label) + 2);
            writeln!(text, "{indent}{label}{gap}{value}").expect("a String takes every text");
        }
        text
    }
}

/// How many columns of a terminal a text of ours takes: Chinese characters take two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// `2026-01-05T08:00:00+08:00` as people read it, the zone kept.
pub(crate) fn beijing(rfc3339: &str) -> String {
    printable(rfc3339).replace('T', " ").replace("+08:00", " +08:00")
}

/// An order with its refunds and settlements.
pub(crate) fn order(order: &Value) -> String {
    let mut rows = Rows::default();
    rows.text("订单", "order", &order["out_order_no"]);
    rows.add("状态", "state", state(&order["state"]));
    rows.money("金额", "total", &order["total_fen"]);
    rows.some_money("优惠", "discount", &order["discount_fen"]);
    rows.some_money("实付", "paid", &order["paid_fen"]);
    rows.some_money("已退", "refunded", &order["refunded_fen"]);
    rows.some_money("退款中", "being refunded", &order["refunding_fen"]);
    rows.some_money("已结算", "settled", &order["settled_fen"]);
    if order["state"] == "paid" {
        rows.money("可退", "refundable", &order["refundable_fen"]);
        rows.money("可结算（估算）", "to settle (estimate)", &order["settleable_fen"]);
    }
    rows.time("创建", "created", &order["created_at"]);
    match order["paid_at"].is_string() {
        true => rows.time("付款", "paid at", &order["paid_at"]),
        false => rows.time("截止", "pay until", &order["expires_at"]),
    }
    if let Some(way) = order["way"].as_str() {
        rows.add("方式", "paid with", self::way(way));
    }
    rows.text("平台单号", "platform's number", &order["platform_order_id"]);
    rows.text("内部编号", "id", &order["id"]);
    rows.failure(&order["failure"]);
    rows.cashier(&order["pay"]);
    let mut text = rows.write("");
    text.push_str(&trade::items(order));
    for (list, part) in [
        ("refunds", refund_rows as fn(&Value) -> Rows),
        ("settlements", settlement_rows),
        ("returns", ecpay::return_rows),
        ("fulfilments", trade::fulfilment_rows),
    ] {
        for operation in order[list].as_array().into_iter().flatten() {
            text.push('\n');
            text.push_str(&part(operation).write("  "));
        }
    }
    text.push_str(&warnings(order));
    text
}

/// A refund.
pub(crate) fn refund(refund: &Value) -> String {
    refund_rows(refund).write("") + &warnings(refund)
}

/// A settlement.
pub(crate) fn settlement(settlement: &Value) -> String {
    settlement_rows(settlement).write("") + &warnings(settlement)
}

fn refund_rows(refund: &Value) -> Rows {
    let mut rows = Rows::default();
    rows.text("退款", "refund", &refund["out_refund_no"]);
    rows.text("订单", "order", &refund["out_order_no"]);
    rows.add("状态", "state", state(&refund["state"]));
    rows.money("金额", "amount", &refund["amount_fen"]);
    rows.text("理由", "reason", &refund["reason"]);
    trade::audit(&mut rows, &refund["audit"]);
    trade::shares_of_items(&mut rows, &refund["items"]);
    rows.time("申请", "asked for", &refund["requested_at"]);
    rows.time("结束", "ended", &refund["finished_at"]);
    rows.text("平台单号", "platform's number", &refund["refund_no"]);
    rows.failure(&refund["failure"]);
    rows
}

fn settlement_rows(settlement: &Value) -> Rows {
    let mut rows = Rows::default();
    rows.text("结算", "settlement", &settlement["out_settle_no"]);
    rows.text("订单", "order", &settlement["out_order_no"]);
    rows.text("商品单", "item", &settlement["item_order_id"]);
    rows.add("状态", "state", state(&settlement["state"]));
    rows.money("预计", "estimate", &settlement["amount_fen"]);
    rows.money("平台结算", "settled", &settlement["settle_amount_fen"]);
    rows.money("技术服务费", "fee", &settlement["rake_fen"]);
    rows.some_money("佣金", "commission", &settlement["commission_fen"]);
    for share in settlement["shares"].as_array().into_iter().flatten() {
        let uid = printable(share["merchant_uid"].as_str().unwrap_or("?"));
        rows.add(
            "分账",
            "share",
            format!("{uid} {}", share["amount_fen"].as_i64().map_or_else(String::new, yuan)),
        );
    }
    if settlement["finish"] == false {
        rows.add("最后一次", "last one", say("否", "no"));
    }
    rows.text("说明", "description", &settlement["description"]);
    rows.time("申请", "asked for", &settlement["requested_at"]);
    rows.time("结束", "ended", &settlement["finished_at"]);
    rows.text("平台单号", "platform's number", &settlement["settle_no"]);
    rows.failure(&settlement["failure"]);
    rows
}

/// A page of orders as a table.
pub(crate) fn list(page: &Value) -> String {
    let orders = page["orders"].as_array().map(Vec::as_slice).unwrap_or_default();
    if orders.is_empty() {
        return format!("{}\n", say("没有订单", "no orders"));
    }
    let number = |order: &Value| printable(order["out_order_no"].as_str().unwrap_or("?"));
    let widest = orders.iter().map(|order| number(order).len()).max().unwrap_or(0);
    let mut text = String::new();
    for order in orders {
        let money = |field: &str| order[field].as_i64().map_or_else(String::new, yuan);
        let state = state(&order["state"]);
        let gap = " ".repeat(16_usize.saturating_sub(columns(&state)));
        let refunded = match order["refunded_fen"].as_i64() {
            None | Some(0) => String::new(),
            Some(fen) => format!("  {} {}", say("已退", "refunded"), yuan(fen)),
        };
        let created = beijing(order["created_at"].as_str().unwrap_or_default());
        writeln!(
            text,
            "{:<widest$}  {state}{gap}  {:>14}  {created}{refunded}",
            number(order),
            money("total_fen")
        )
        .expect("a String takes every text");
    }
    if let Some(next) = page["next"].as_str() {
        let next = printable(next);
        writeln!(text, "{}: --after {next}", say("下一页", "more")).expect("a String takes every text");
    }
    text
}

fn warnings(reply: &Value) -> String {
    let warnings = reply["warnings"].as_array().into_iter().flatten().filter_map(Value::as_str);
    warnings.map(|warning| format!("{}: {}\n", say("注意", "warning"), printable(warning))).collect()
}

/// A state's word; in Chinese with the word that documents and JSON use.
fn state(state: &Value) -> String {
    let word = printable(state.as_str().unwrap_or("?"));
    let zh = match word.as_str() {
        "opening" => "正在下单",
        "waiting" => "待付款",
        "paid" => "已付款",
        "closed" => "已关闭",
        "refused" => "被拒绝",
        "requested" => "已记录",
        "accepted" => "已受理",
        "auditing" => "审核中",
        "succeeded" => "成功",
        "failed" => "失败",
        _ => return word,
    };
    match Lang::current() {
        Lang::Zh => format!("{zh} {word}"),
        Lang::En => word,
    }
}

fn way(way: &str) -> String {
    let (zh, en) = match way {
        "wechat" => ("微信支付", "WeChat Pay"),
        "alipay" => ("支付宝", "Alipay"),
        "bank_card" => ("银行卡", "bank card"),
        "douyin_pay" => ("抖音支付", "Douyin Pay"),
        other => return printable(other),
    };
    say(zh, en).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{beijing, columns, list, order};
    use serde_json::json;

    #[test]
    fn an_order_is_told_in_yuan_and_with_its_zone() {
        let told = order(&json!({
            "out_order_no": "O1", "state": "paid", "total_fen": 1280, "paid_fen": 1280, "refunded_fen": 5,
            "refundable_fen": 1275, "settleable_fen": 1275, "created_at": "2026-01-05T08:00:00+08:00",
            "refunds": [{ "out_refund_no": "R1", "state": "succeeded", "amount_fen": 5, "reason": "\u{1b}[2Jcold" }],
        }));
        for part in ["¥12.80", "¥0.05", "¥12.75", "2026-01-05 08:00:00 +08:00", "R1"] {
            assert!(told.contains(part), "{part} is missing in\n{told}");
        }
        assert!(!told.contains('\u{1b}'), "a terminal's control sequences stay out");
    }

    #[test]
    fn a_table_names_the_next_page() {
        let told = list(
            &json!({ "orders": [{ "out_order_no": "O1", "state": "paid", "total_fen": 1 }], "next": "ord_x" }),
        );
        assert!(told.contains("¥0.01") && told.contains("--after ord_x"), "{told}");
    }

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!((columns("订单"), columns("order")), (4, 5));
        assert_eq!(beijing("2026-01-05T08:00:00.123+08:00"), "2026-01-05 08:00:00.123 +08:00");
    }
}
