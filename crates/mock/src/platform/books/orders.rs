//! Orders, refunds and settlements in the books.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::Serialize;

use super::System;
use crate::platform::objects::{OperationStatus, Order, OrderStatus, Refund, Settlement, Share};
use crate::platform::trade::{AuditStatus, ItemBook, RefundItemBook, RefundSource};

/// One order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderBook {
    /// The system it was placed in.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The merchant's number.
    pub out_order_no: String,
    /// The platform's number.
    pub order_id: String,
    /// Its state, as on the wire.
    pub status: OrderStatus,
    /// Its total; diamonds when `currency` says so.
    pub amount_fen: Fen,
    /// What the platform paid for the user.
    pub discount_fen: Fen,
    /// `CNY` or `DIAMOND`.
    pub currency: &'static str,
    /// The units bought; empty in guaranteed payment.
    pub items: Vec<ItemBook>,
    /// How it was paid: 1, 2, 10 or 20; 0 before.
    pub way: i64,
    /// When it was opened.
    pub created_at: UnixMs,
    /// Until when it can be paid.
    pub expires_at: UnixMs,
    /// When it was paid.
    pub paid_at: Option<UnixMs>,
    /// Refunded, by either route.
    pub refunded_fen: Fen,
    /// The part of it that came out of transit.
    pub refunded_in_transit_fen: Fen,
    /// Under way back to the user.
    pub refunding_fen: Fen,
    /// Taken out of transit by settlements, fee included.
    pub settled_fen: Fen,
    /// Given to other merchants.
    pub shared_fen: Fen,
    /// Taken as fee.
    pub rake_fen: Fen,
    /// Taken as the promoters' commission.
    pub commission_fen: Fen,
    /// No further settlement is possible.
    pub closed_for_settling: bool,
}

/// One refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundBook {
    /// The system of its order.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The order's number.
    pub out_order_no: String,
    /// The merchant's number.
    pub out_refund_no: String,
    /// The platform's number.
    pub refund_no: String,
    /// Its state, as on the wire.
    pub status: OperationStatus,
    /// Its amount.
    pub amount_fen: Fen,
    /// Paid out of the settled balance.
    pub is_all_settled: bool,
    /// Who started it.
    pub source: RefundSource,
    /// How far the merchant's consent has come; `None` when nobody asked for it.
    pub audit: Option<AuditStatus>,
    /// When the platform decides by itself.
    pub audit_deadline: Option<UnixMs>,
    /// What each item gets back; empty in guaranteed payment.
    pub items: Vec<RefundItemBook>,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its end.
    pub finished_at: Option<UnixMs>,
    /// Why it failed.
    pub message: String,
}

/// One settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettlementBook {
    /// The system of its order.
    pub system: System,
    /// The app it belongs to.
    pub app_id: String,
    /// The order's number.
    pub out_order_no: String,
    /// The merchant's number.
    pub out_settle_no: String,
    /// The platform's number.
    pub settle_no: String,
    /// Its state, as on the wire.
    pub status: OperationStatus,
    /// What leaves transit, fee included.
    pub base_fen: Fen,
    /// The one item it settles; `None` for a whole order.
    pub item_order_id: Option<String>,
    /// What the platform reports as `settle_amount`: the base, in guaranteed payment without the fee.
    pub settle_amount_fen: Fen,
    /// The promoters' part.
    pub commission_fen: Fen,
    /// The fee.
    pub rake_fen: Fen,
    /// The receivers' parts.
    pub shares: Vec<ShareBook>,
    /// The last settlement of its order.
    pub finish: bool,
    /// Started by the platform itself.
    pub automatic: bool,
    /// When it was accepted.
    pub requested_at: UnixMs,
    /// When it came to its end.
    pub finished_at: Option<UnixMs>,
    /// Why it failed.
    pub message: String,
}

/// What one receiver gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareBook {
    /// The receiver.
    pub merchant_uid: String,
    /// Its part.
    pub amount_fen: Fen,
}

pub(super) fn order_book(order: &Order) -> OrderBook {
    let within = "an order's sums stay below its total";
    let m = order.money;
    OrderBook {
        system: System::Ecpay,
        app_id: order.app_id.clone(),
        out_order_no: order.out_order_no.clone(),
        order_id: order.order_id.clone(),
        status: order.status,
        amount_fen: order.total,
        discount_fen: Fen::ZERO,
        currency: "CNY",
        items: Vec::new(),
        way: order.way,
        created_at: order.created_at,
        expires_at: order.expires_at,
        paid_at: order.paid_at,
        refunded_fen: Fen::sum([m.refunded_in_transit, m.refunded_settled]).expect(within),
        refunded_in_transit_fen: m.refunded_in_transit,
        refunding_fen: Fen::sum([m.refunding_in_transit, m.refunding_settled]).expect(within),
        settled_fen: m.settled,
        shared_fen: m.shared,
        rake_fen: m.rake,
        commission_fen: m.commission,
        closed_for_settling: order.closed_for_settling,
    }
}

pub(super) fn refund_book(refund: &Refund) -> RefundBook {
    RefundBook {
        system: System::Ecpay,
        app_id: refund.app_id.clone(),
        out_order_no: refund.out_order_no.clone(),
        out_refund_no: refund.out_refund_no.clone(),
        refund_no: refund.refund_no.clone(),
        status: refund.status,
        amount_fen: refund.amount,
        is_all_settled: refund.from_settled,
        source: RefundSource::Developer,
        audit: None,
        audit_deadline: None,
        items: Vec::new(),
        requested_at: refund.requested_at,
        finished_at: refund.finished_at,
        message: refund.message.clone(),
    }
}

pub(super) fn settlement_book(settlement: &Settlement) -> SettlementBook {
    let share =
        |share: &Share| ShareBook { merchant_uid: share.merchant_uid.clone(), amount_fen: share.amount };
    SettlementBook {
        system: System::Ecpay,
        app_id: settlement.app_id.clone(),
        out_order_no: settlement.out_order_no.clone(),
        out_settle_no: settlement.out_settle_no.clone(),
        settle_no: settlement.settle_no.clone(),
        status: settlement.status,
        base_fen: settlement.base,
        item_order_id: None,
        settle_amount_fen: settlement.settle_amount(),
        commission_fen: settlement.commission,
        rake_fen: settlement.rake,
        shares: settlement.shares.iter().map(share).collect(),
        finish: settlement.finish,
        automatic: settlement.automatic,
        requested_at: settlement.requested_at,
        finished_at: settlement.finished_at,
        message: settlement.message.clone(),
    }
}
