//! The `msg` texts of callbacks, field by field as the platform writes them.

use serde::Serialize;

use super::objects::{Cps, Order, Refund, Settlement};
use super::returns::Return;
use super::withdrawals::{Withdrawal, WithdrawalStatus};
use super::{OperationStatus, OrderStatus};

#[derive(Serialize)]
struct Payment<'a> {
    appid: &'a str,
    cp_orderno: &'a str,
    cp_extra: &'a str,
    way: String,
    channel_no: &'a str,
    channel_gateway_no: &'a str,
    payment_order_no: &'a str,
    out_channel_order_no: &'a str,
    total_amount: i64,
    status: OrderStatus,
    seller_uid: &'a str,
    extra: String,
    item_id: &'a str,
    paid_at: i64,
    message: &'a str,
    order_id: &'a str,
}

/// `type = payment`: sent only when an order was paid.
pub(crate) fn payment(order: &Order) -> String {
    to_text(&Payment {
        appid: &order.app_id,
        cp_orderno: &order.out_order_no,
        cp_extra: &order.cp_extra,
        way: order.way.to_string(),
        channel_no: &order.channel_no,
        channel_gateway_no: "",
        payment_order_no: &order.payment_order_no,
        out_channel_order_no: &order.channel_no,
        total_amount: order.total.get(),
        status: order.status,
        seller_uid: &order.seller_uid,
        extra: order.cps.as_ref().map(promotion).unwrap_or_default(),
        item_id: "",
        paid_at: order.paid_at.map_or(0, |at| at.seconds()),
        message: "",
        order_id: &order.order_id,
    })
}

/// What the payment's callback tells of a promoter who is known by then.
fn promotion(cps: &Cps) -> String {
    serde_json::json!({ "cps_info": "poi", "share_amount": cps.share_amount.get().to_string() }).to_string()
}

#[derive(Serialize)]
struct RefundDone<'a> {
    appid: &'a str,
    cp_refundno: &'a str,
    cp_extra: &'a str,
    status: OperationStatus,
    refund_amount: i64,
    is_all_settled: bool,
    refunded_at: i64,
    message: &'a str,
    order_id: &'a str,
    refund_no: &'a str,
}

/// `type = refund`: sent for success and for failure.
pub(crate) fn refund(order: &Order, refund: &Refund) -> String {
    to_text(&RefundDone {
        appid: &refund.app_id,
        cp_refundno: &refund.out_refund_no,
        cp_extra: &refund.cp_extra,
        status: refund.status,
        refund_amount: refund.amount.get(),
        is_all_settled: refund.from_settled,
        refunded_at: refunded_at(refund),
        message: &refund.message,
        order_id: &order.order_id,
        refund_no: &refund.refund_no,
    })
}

/// Unix seconds of a successful refund, else 0.
pub(crate) fn refunded_at(refund: &Refund) -> i64 {
    let done = refund.finished_at.filter(|_| refund.status == OperationStatus::Success);
    done.map_or(0, |at| at.seconds())
}

#[derive(Serialize)]
struct Settled<'a> {
    appid: &'a str,
    cp_settle_no: &'a str,
    cp_extra: &'a str,
    status: OperationStatus,
    rake: i64,
    commission: i64,
    settle_detail: String,
    settled_at: i64,
    message: &'a str,
    order_id: &'a str,
    channel_settle_id: &'a str,
    settle_amount: i64,
    settle_no: &'a str,
    out_order_no: &'a str,
    is_auto_settle: bool,
}

/// `type = settle`: sent for success and for failure.
pub(crate) fn settlement(order: &Order, settlement: &Settlement) -> String {
    let success = settlement.status == OperationStatus::Success;
    to_text(&Settled {
        appid: &settlement.app_id,
        cp_settle_no: &settlement.out_settle_no,
        cp_extra: &settlement.cp_extra,
        status: settlement.status,
        rake: if success { settlement.rake.get() } else { 0 },
        commission: if success { settlement.commission.get() } else { 0 },
        settle_detail: settlement.detail(),
        settled_at: settled_at(settlement),
        message: if success { "SUCCESS" } else { &settlement.message },
        order_id: &order.order_id,
        channel_settle_id: "",
        settle_amount: settlement.settle_amount().get(),
        settle_no: &settlement.settle_no,
        out_order_no: &settlement.out_order_no,
        is_auto_settle: settlement.automatic,
    })
}

/// Unix seconds of a successful settlement, else 0.
pub(crate) fn settled_at(settlement: &Settlement) -> i64 {
    let done = settlement.finished_at.filter(|_| settlement.status == OperationStatus::Success);
    done.map_or(0, |at| at.seconds())
}

#[derive(Serialize)]
struct Withdrawn<'a> {
    status: WithdrawalStatus,
    extra: &'a str,
    message: &'a str,
    withdraw_at: i64,
    order_id: &'a str,
    out_order_id: &'a str,
    ch_order_id: &'a str,
}

/// `type = withdraw`: sent for success, for failure, and when the bank sends the money back.
pub(crate) fn withdrawal(withdrawal: &Withdrawal) -> String {
    to_text(&Withdrawn {
        status: withdrawal.status,
        extra: &withdrawal.cp_extra,
        message: &withdrawal.message,
        withdraw_at: withdrawal.finished_at.map_or(0, |at| at.seconds()),
        order_id: &withdrawal.order_id,
        out_order_id: &withdrawal.out_order_id,
        ch_order_id: &withdrawal.bank_no,
    })
}

/// `type = return`: nobody has seen one; sent only when the mock is told to.
pub(crate) fn returned(one: &Return) -> String {
    to_text(&one.info())
}

fn to_text(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("messages hold only texts, numbers and booleans")
}
