//! The `msg` texts of the general trade system's callbacks, field by field.

use douyin_pay_protocol::UnixMs;
use serde_json::{Map, Value, json};

use super::objects::{Order, Refund, SettleStatus, Settlement};
use crate::platform::OperationStatus;
use crate::platform::objects::OrderStatus;

/// `type = payment`: sent when an order was paid and when it was closed unpaid.
pub(super) fn payment(order: &Order, message: &str, at: UnixMs) -> Value {
    let paid = order.status == OrderStatus::Success;
    let mut msg = json!({
        "app_id": order.app_id,
        "out_order_no": order.out_order_no,
        "order_id": order.order_id,
        "status": if paid { "SUCCESS" } else { "CANCEL" },
        "total_amount": order.total.get(),
        "discount_amount": order.discount.get(),
        "message": message,
        "event_time": at.get(),
    });
    if paid {
        msg["pay_channel"] = json!(order.way);
        msg["channel_pay_id"] = json!(order.channel_pay_id);
        msg["merchant_uid"] = json!(order.merchant_uid);
        msg["user_bill_pay_id"] = json!(order.user_bill_pay_id);
    }
    with_currency(msg, order)
}

/// `type = refund`: sent for success and for failure.
pub(super) fn refund(order: &Order, refund: &Refund, at: UnixMs) -> Value {
    let success = refund.status == OperationStatus::Success;
    let msg = json!({
        "app_id": refund.app_id,
        "order_id": refund.order_id,
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "status": if success { "SUCCESS" } else { "FAIL" },
        "refund_total_amount": refund.amount.get(),
        "cp_extra": refund.cp_extra,
        "message": refund.message,
        "event_time": at.get(),
        "is_all_settled": refund.all_settled,
        "refund_type": refund.source.number(),
        "refund_item_detail": item_detail(refund),
    });
    with_currency(msg, order)
}

/// `type = pre_create_refund`: the user or the customer service wants money back.
pub(super) fn pre_create_refund(order: &Order, refund: &Refund) -> Value {
    let mut msg = json!({
        "app_id": refund.app_id,
        "open_id": order.open_id,
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "out_order_no": order.out_order_no,
        "refund_total_amount": refund.amount.get(),
        "need_refund_audit": need_audit(refund),
        "refund_audit_deadline": refund.deadline.get(),
        "create_refund_time": refund.created_at.get(),
        "refund_source": refund.source.number(),
        "refund_reason": refund.reasons,
        "refund_description": "",
        "cp_extra": "",
        "refund_item_detail": item_detail(refund),
    });
    if !refund.out_refund_no.is_empty() {
        msg["out_refund_no"] = json!(refund.out_refund_no);
    }
    with_currency(msg, order)
}

/// `type = settle`: sent for success and for failure.
pub(super) fn settle(order: &Order, settlement: &Settlement, at: UnixMs) -> Value {
    let success = settlement.status == SettleStatus::Success;
    let mut msg: Map<String, Value> = Map::new();
    let mut put = |name: &str, value: Value| msg.insert(name.to_owned(), value);
    put("app_id", json!(settlement.app_id));
    put("order_id", json!(settlement.order_id));
    put("settle_id", json!(settlement.settle_id));
    put("out_settle_no", json!(settlement.out_settle_no));
    put("status", json!(if success { "SUCCESS" } else { "FAIL" }));
    put("settle_amount", json!(settlement.base.get()));
    put("rake", json!(if success { settlement.rake.get() } else { 0 }));
    put("commission", json!(if success { settlement.commission.get() } else { 0 }));
    put("settle_detail", json!(settlement.detail(&order.merchant_uid)));
    put("message", json!(if success { "SUCCESS" } else { &settlement.message }));
    put("cp_extra", json!(settlement.ext));
    put("event_time", json!(at.get()));
    put("is_auto_settle", json!(settlement.automatic));
    if !settlement.item_order_id.is_empty() {
        put("item_order_id", json!(settlement.item_order_id));
    }
    Value::Object(msg)
}

/// 1 needed, 2 not needed.
pub(super) fn need_audit(refund: &Refund) -> i64 {
    if refund.audit_needed { 1 } else { 2 }
}

/// The items of a refund as the queries and callbacks list them.
pub(super) fn items(refund: &Refund) -> Vec<Value> {
    let item = |item: &super::objects::RefundItem| json!({ "item_order_id": item.item_order_id, "refund_amount": item.amount.get() });
    refund.items.iter().map(item).collect()
}

fn item_detail(refund: &Refund) -> Value {
    json!({ "item_order_quantity": refund.items.len(), "item_order_detail": items(refund) })
}

fn with_currency(mut msg: Value, order: &Order) -> Value {
    if order.diamonds {
        msg["currency"] = json!("DIAMOND");
    }
    msg
}
