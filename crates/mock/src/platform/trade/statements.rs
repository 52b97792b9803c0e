//! Statements: download addresses, and the documents behind them.

use std::fmt::Write;

use douyin_pay_protocol::UnixMs;
use serde_json::{Value, json};

use super::call::Ask;
use super::denied::Checked;
use crate::platform::objects::OrderStatus;
use crate::platform::{OperationStatus, Platform};

impl Platform {
    /// `bills`: what was traded on one day (open question 7: types are passed through).
    pub(super) fn bills(&self, ask: &Ask<'_>) -> Checked<Value> {
        ask.body.text("bill_type", 64)?;
        Ok(json!({ "bill_list": [address(ask, "trade")?] }))
    }

    /// `fund_bills`: how the money moved on one day.
    pub(super) fn fund_bills(&self, ask: &Ask<'_>) -> Checked<Value> {
        for name in ["account_type", "payment_type", "trade_type"] {
            ask.body.text(name, 64)?;
        }
        Ok(json!({ "fund_bill_list": [address(ask, "fund")?] }))
    }

    /// One day's document, as comma-separated text; `day` is `YYYYMMDD` in Beijing.
    pub(crate) fn statement(&mut self, now: UnixMs, app_id: &str, kind: &str, day: &str) -> Option<String> {
        self.advance_to(now);
        self.apps.get(app_id)?;
        match kind {
            "trade" => Some(self.trade_statement(app_id, day)),
            "fund" => Some(self.fund_statement(app_id, day)),
            _ => None,
        }
    }

    fn trade_statement(&self, app_id: &str, day: &str) -> String {
        let mut text =
            "kind,number,platform_number,order_id,amount_fen,discount_fen,channel,time_ms\n".to_owned();
        for order in self.trade.orders.values().filter(|order| order.app_id == app_id) {
            if let Some(at) =
                order.paid_at.filter(|at| day_of(*at) == day && order.status == OrderStatus::Success)
            {
                line(
                    &mut text,
                    "pay",
                    &order.out_order_no,
                    &order.order_id,
                    &order.order_id,
                    [order.total.get(), order.discount.get(), order.way, at.get()],
                );
            }
        }
        for refund in self.trade.refunds.values().filter(|refund| refund.app_id == app_id) {
            let done = refund.finished_at.filter(|_| refund.status == OperationStatus::Success);
            if let Some(at) = done.filter(|at| day_of(*at) == day) {
                let way = self.trade.orders.get(&refund.order_id).map_or(0, |order| order.way);
                line(
                    &mut text,
                    "refund",
                    &refund.out_refund_no,
                    &refund.refund_id,
                    &refund.order_id,
                    [refund.amount.get(), 0, way, at.get()],
                );
            }
        }
        text
    }

    fn fund_statement(&self, app_id: &str, day: &str) -> String {
        let mut text =
            "kind,number,platform_number,order_id,amount_fen,rake_fen,commission_fen,time_ms\n".to_owned();
        for one in self.trade.settlements.values().filter(|one| one.app_id == app_id) {
            let done = one.finished_at.filter(|_| one.status == super::objects::SettleStatus::Success);
            if let Some(at) = done.filter(|at| day_of(*at) == day) {
                line(
                    &mut text,
                    "settle",
                    &one.out_settle_no,
                    &one.settle_id,
                    &one.order_id,
                    [one.base.get(), one.rake.get(), one.commission.get(), at.get()],
                );
            }
        }
        text
    }
}

/// Where the mock itself serves the document.
fn address(ask: &Ask<'_>, kind: &str) -> Checked<String> {
    ask.check_app_id()?;
    ask.body.text("merchant_id", 64)?;
    let date = ask.body.text("bill_date", 16)?;
    let day: String = date.chars().filter(|c| *c != '-').collect();
    if day.len() != 8 || !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ask.body.wrong("bill_date", format!("is `{date}`; send a day such as 20260101")));
    }
    Ok(format!("http://{}/mock/statements/{}/{kind}/{day}.csv", ask.host, ask.app_id()))
}

fn line(text: &mut String, kind: &str, number: &str, id: &str, order_id: &str, figures: [i64; 4]) {
    let [a, b, c, d] = figures;
    let number = number.replace([',', '\n', '\r', '"'], "_");
    writeln!(text, "{kind},{number},{id},{order_id},{a},{b},{c},{d}").expect("a text can always grow");
}

fn day_of(at: UnixMs) -> String {
    at.beijing_text().chars().filter(char::is_ascii_digit).take(8).collect()
}
