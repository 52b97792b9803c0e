//! What only orders of the general trade system have: items, audits, fulfilment.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Rows, state};
use crate::lang::{Lang, say};
use crate::out::printable;
use crate::story::yuan;

/// The items of an order, one line each.
pub(super) fn items(order: &Value) -> String {
    let mut text = String::new();
    for item in order["items"].as_array().into_iter().flatten() {
        let id = printable(item["item_order_id"].as_str().unwrap_or("?"));
        let sku = printable(item["sku_id"].as_str().unwrap_or_default());
        let amount = item["amount_fen"].as_i64().map_or_else(String::new, yuan);
        writeln!(text, "  {} {id}  {amount}  {sku}", say("商品单", "item"))
            .expect("a String takes every text");
    }
    text
}

/// Whether the merchant must decide on a refund, until when, and how it was decided.
pub(super) fn audit(rows: &mut Rows, audit: &Value) {
    let Some(status) = audit["status"].as_str() else { return };
    rows.add("审核", "audit", words(status));
    rows.time("审核截止", "decide until", &audit["deadline_at"]);
    rows.text("拒绝原因", "refused because", &audit["deny_message"]);
}

/// How a refund is spread over the items.
pub(super) fn shares_of_items(rows: &mut Rows, items: &Value) {
    for item in items.as_array().into_iter().flatten() {
        let id = printable(item["item_order_id"].as_str().unwrap_or("?"));
        let amount = item["amount_fen"].as_i64().map_or_else(String::new, yuan);
        rows.add("商品单", "item", format!("{id}  {amount}"));
    }
}

/// A step of the delivery.
pub(crate) fn fulfilment(fulfilment: &Value) -> String {
    fulfilment_rows(fulfilment).write("")
}

pub(super) fn fulfilment_rows(fulfilment: &Value) -> Rows {
    let mut rows = Rows::default();
    rows.text("履约", "delivery", &fulfilment["out_fulfil_no"]);
    rows.text("订单", "order", &fulfilment["out_order_no"]);
    rows.text("目标", "to", &fulfilment["to_status"]);
    rows.add("状态", "state", state(&fulfilment["state"]));
    for item in fulfilment["items"].as_array().into_iter().flatten() {
        rows.text("商品单", "item", item);
    }
    rows.time("申请", "asked for", &fulfilment["requested_at"]);
    rows.time("结束", "ended", &fulfilment["finished_at"]);
    rows.failure(&fulfilment["failure"]);
    rows
}

/// The platform's word for how an audit stands; in Chinese with its meaning.
fn words(status: &str) -> String {
    let word = printable(status);
    let zh = match status {
        "init" => "等待平台询问",
        "to_audit" => "等待商家审核",
        "agree" => "已同意",
        "deny" => "已拒绝",
        "overtime" => "超时，平台视为同意",
        _ => return word,
    };
    match Lang::current() {
        Lang::Zh => format!("{zh} {word}"),
        Lang::En => word,
    }
}
