//! The queries of orders, commissions, refunds and settlements: they change nothing.

use serde_json::{Value, json};

use super::call::Ask;
use super::denied::{Checked, Denial};
use super::messages::{items, need_audit};
use super::objects::{Order, Refund, Settlement};
use super::settlements::commission;
use crate::platform::objects::OrderStatus;
use crate::platform::{OperationStatus, Platform, key};

/// The most refunds one answer lists.
const REFUNDS_MAX: usize = 50;

impl Platform {
    /// The app's order of that platform number; unknown numbers get 20000 (open question 5).
    pub(super) fn trade_order(&self, ask: &Ask<'_>, order_id: &str) -> Checked<&Order> {
        let order = self.trade.orders.get(order_id).filter(|order| order.app_id == ask.app_id());
        order.ok_or_else(|| Denial::NoOrder.because(format!("this app has no order `{order_id}`")))
    }

    /// By either number; the platform's own wins when both are there.
    fn asked_order(&self, ask: &Ask<'_>) -> Checked<&Order> {
        if let Some(order_id) = ask.body.optional_text("order_id", 64)? {
            return self.trade_order(ask, order_id);
        }
        let Some(number) = ask.body.optional_text("out_order_no", 64)? else {
            return Err(ask
                .body
                .wrong("order_id", "and `out_order_no` are missing; one of them is required"));
        };
        match self.trade.numbers.get(&key(ask.app_id(), number)) {
            Some(order_id) => self.trade_order(ask, order_id),
            None => Err(Denial::NoOrder.because(format!("this app has no order `{number}`"))),
        }
    }

    pub(super) fn order_query(&self, ask: &Ask<'_>) -> Checked<Value> {
        let order = self.asked_order(ask)?;
        let item = |item: &super::objects::Item| {
            json!({
                "item_order_id": item.item_order_id,
                "sku_id": order.sku_id,
                "item_order_amount": item.amount.get(),
            })
        };
        let mut data = json!({
            "app_id": order.app_id,
            "order_id": order.order_id,
            "out_order_no": order.out_order_no,
            "pay_status": pay_status(order.status),
            "total_amount": order.total.get(),
            "discount_amount": order.discount.get(),
            "trade_time": order.created_at.get(),
            "merchant_uid": order.merchant_uid,
            "item_order_list": order.items.iter().map(item).collect::<Vec<_>>(),
            "currency": if order.diamonds { "DIAMOND" } else { "CNY" },
        });
        if let Some(paid_at) = order.paid_at {
            data["pay_time"] = json!(paid_at.get());
            data["pay_channel"] = json!(order.way);
            data["channel_pay_id"] = json!(order.channel_pay_id);
            if order.diamonds {
                data["total_currency_amount"] = json!(order.total.get());
            }
        }
        Ok(data)
    }

    pub(super) fn query_cps(&self, ask: &Ask<'_>) -> Checked<Value> {
        let order = self.asked_order(ask)?;
        let rate = ask.terms().commission_per_10000;
        let item = |item: &super::objects::Item| {
            json!({
                "item_order_id": item.item_order_id,
                "sell_amount": item.paid.get(),
                "commission_amount": commission(item.paid, ask.terms()).get(),
                "commission_rate": rate,
                "source_type": 1,
                "status": 1,
                "commission_user_douyinid": "mock_promoter",
                "commission_user_nickname": "模拟达人",
                "task_id": "7000000000000000001",
                "item_id": "7000000000000000002",
            })
        };
        let promoted = rate > 0 && order.status == OrderStatus::Success;
        let items: Vec<Value> = if promoted { order.items.iter().map(item).collect() } else { Vec::new() };
        let total: i64 = items.iter().filter_map(|item| item["commission_amount"].as_i64()).sum();
        Ok(json!({
            "order_id": order.order_id,
            "out_order_no": order.out_order_no,
            "total_commission_amount": total,
            "cps_item_list": items,
        }))
    }

    /// By `refund_id`, else by `out_refund_no`, else by `order_id`; nothing found is an empty list.
    pub(super) fn refund_query(&self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        let found: Vec<&Refund> = if let Some(refund_id) = body.optional_text("refund_id", 64)? {
            self.trade.refunds.get(refund_id).into_iter().collect()
        } else if let Some(number) = body.optional_text("out_refund_no", 64)? {
            let refund_id = self.trade.refund_numbers.get(&key(ask.app_id(), number));
            refund_id.and_then(|refund_id| self.trade.refunds.get(refund_id)).into_iter().collect()
        } else if let Some(order_id) = body.optional_text("order_id", 64)? {
            self.trade.refunds.values().filter(|refund| refund.order_id == order_id).collect()
        } else {
            return Err(
                body.wrong("refund_id", "`out_refund_no` and `order_id` are missing; one is required")
            );
        };
        let own = found.into_iter().filter(|refund| refund.app_id == ask.app_id());
        let list: Vec<Value> = own.take(REFUNDS_MAX).map(|refund| self.refund_info(refund)).collect();
        Ok(json!({ "refund_list": list }))
    }

    fn refund_info(&self, refund: &Refund) -> Value {
        let mut audit = json!({
            "need_refund_audit": need_audit(refund),
            "refund_audit_deadline": refund.deadline.get(),
            "audit_status": refund.audit,
        });
        if !refund.deny_message.is_empty() {
            audit["deny_message"] = json!(refund.deny_message);
        }
        let mut info = json!({
            "refund_id": refund.refund_id,
            "order_id": refund.order_id,
            "out_refund_no": refund.out_refund_no,
            "refund_status": refund.status,
            "refund_total_amount": refund.amount.get(),
            "create_at": refund.created_at.get(),
            "refund_source": refund.source.number(),
            "merchant_audit_detail": audit,
            "item_order_detail": items(refund),
        });
        match refund.status {
            OperationStatus::Success => info["refund_at"] = json!(refund.finished_at.map(|at| at.get())),
            OperationStatus::Fail => info["message"] = json!(refund.message),
            OperationStatus::Processing => {}
        }
        if self.trade.orders.get(&refund.order_id).is_some_and(|order| order.diamonds) {
            info["currency"] = json!("DIAMOND");
        }
        info
    }

    /// By the first of `settle_id`, `order_id`, `out_settle_no`, `out_order_no`; the answer is an array.
    pub(super) fn settle_query(&self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        ask.check_app_id()?;
        let of_order = |order_id: &str| -> Vec<&Settlement> {
            self.trade.settlements.values().filter(|one| one.order_id == order_id).collect()
        };
        let found = if let Some(settle_id) = body.optional_text("settle_id", 64)? {
            self.trade.settlements.get(settle_id).into_iter().collect()
        } else if let Some(order_id) = body.optional_text("order_id", 64)? {
            of_order(order_id)
        } else if let Some(number) = body.optional_text("out_settle_no", 64)? {
            let settle_id = self.trade.settle_numbers.get(&key(ask.app_id(), number));
            settle_id.and_then(|settle_id| self.trade.settlements.get(settle_id)).into_iter().collect()
        } else if let Some(number) = body.optional_text("out_order_no", 64)? {
            let order_id = self.trade.numbers.get(&key(ask.app_id(), number));
            order_id.map_or_else(Vec::new, |order_id| of_order(order_id))
        } else {
            return Err(body.wrong("settle_id", "and the other numbers are missing; one is required"));
        };
        let own = found.into_iter().filter(|one| one.app_id == ask.app_id());
        Ok(Value::Array(own.map(|one| self.settle_info(one)).collect()))
    }

    fn settle_info(&self, one: &Settlement) -> Value {
        let order = self.trade.orders.get(&one.order_id).expect("a settlement has its order");
        let mut info = json!({
            "order_id": one.order_id,
            "out_order_no": order.out_order_no,
            "settle_id": one.settle_id,
            "out_settle_no": one.out_settle_no,
            "wallet_settle_id": one.wallet_settle_id,
            "settle_status": one.status,
            "settle_amount": one.base.get(),
            "settle_detail": one.detail(&order.merchant_uid),
            "rake": one.rake.get(),
            "commission": one.commission.get(),
            "platform_ticket": 0,
            "item_order_id": one.item_order_id,
            "cp_extra": one.ext,
        });
        if let Some(at) = one.finished_at.filter(|_| one.status == super::objects::SettleStatus::Success) {
            info["settle_at"] = json!(at.get());
        }
        info
    }
}

/// As this system spells it.
fn pay_status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Processing => "PROCESS",
        OrderStatus::Success => "SUCCESS",
        OrderStatus::Fail => "FAIL",
        OrderStatus::Timeout => "TIMEOUT",
    }
}
