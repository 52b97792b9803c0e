//! The books of the general trade system as a reader sees them.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use super::objects::{Fulfilment, Item, Order, Refund, SettleStatus, Settlement};
use crate::platform::books::{OrderBook, RefundBook, SettlementBook, ShareBook, System};
use crate::platform::{OperationStatus, Platform};

/// One unit of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemBook {
    /// The platform's number.
    pub item_order_id: String,
    /// Its part of the order's total.
    pub amount_fen: Fen,
    /// Its part of what was paid.
    pub paid_fen: Fen,
    /// Refunded, by either route.
    pub refunded_fen: Fen,
    /// Under way back to the user.
    pub refunding_fen: Fen,
    /// Taken out of transit by settlements.
    pub settled_fen: Fen,
    /// How far its delivery has come.
    pub fulfilment: Fulfilment,
}

/// What one item of a refund gets back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundItemBook {
    /// The platform's number of the item.
    pub item_order_id: String,
    /// Its part.
    pub amount_fen: Fen,
}

const WITHIN: &str = "an order's sums stay below its total";

impl Platform {
    /// Appends what is wanted of this system.
    pub(in crate::platform) fn trade_books(
        &self,
        wanted: impl Fn(&str, &str) -> bool,
        orders: &mut Vec<OrderBook>,
        refunds: &mut Vec<RefundBook>,
        settlements: &mut Vec<SettlementBook>,
    ) {
        let order_of = |order_id: &str| {
            let order = self.trade.orders.get(order_id).expect("operations have their order");
            wanted(&order.app_id, &order.out_order_no).then_some(order)
        };
        let shown = self.trade.orders.keys().filter_map(|order_id| order_of(order_id));
        orders.extend(shown.map(order_book));
        let shown = self.trade.refunds.values();
        refunds.extend(shown.filter_map(|refund| Some(refund_book(order_of(&refund.order_id)?, refund))));
        let shown = self.trade.settlements.values();
        settlements.extend(shown.filter_map(|one| Some(settlement_book(order_of(&one.order_id)?, one))));
    }
}

fn order_book(order: &Order) -> OrderBook {
    let m = order.money;
    OrderBook {
        system: System::Trade,
        app_id: order.app_id.clone(),
        out_order_no: order.out_order_no.clone(),
        order_id: order.order_id.clone(),
        status: order.status,
        amount_fen: order.total,
        discount_fen: order.discount,
        currency: if order.diamonds { "DIAMOND" } else { "CNY" },
        items: order.items.iter().map(item_book).collect(),
        way: order.way,
        created_at: order.created_at,
        expires_at: order.expires_at,
        paid_at: order.paid_at,
        refunded_fen: m.refunded().expect(WITHIN),
        refunded_in_transit_fen: m.refunded_in_transit,
        refunding_fen: Fen::sum([m.refunding_in_transit, m.refunding_settled]).expect(WITHIN),
        settled_fen: m.settled,
        shared_fen: m.shared,
        rake_fen: m.rake,
        commission_fen: m.commission,
        closed_for_settling: order.fully_settled(),
    }
}

fn item_book(item: &Item) -> ItemBook {
    let m = item.money;
    ItemBook {
        item_order_id: item.item_order_id.clone(),
        amount_fen: item.amount,
        paid_fen: item.paid,
        refunded_fen: m.refunded().expect(WITHIN),
        refunding_fen: Fen::sum([m.refunding_in_transit, m.refunding_settled]).expect(WITHIN),
        settled_fen: m.settled,
        fulfilment: item.fulfilment,
    }
}

fn refund_book(order: &Order, refund: &Refund) -> RefundBook {
    let item = |item: &super::objects::RefundItem| RefundItemBook {
        item_order_id: item.item_order_id.clone(),
        amount_fen: item.amount,
    };
    RefundBook {
        system: System::Trade,
        app_id: refund.app_id.clone(),
        out_order_no: order.out_order_no.clone(),
        out_refund_no: refund.out_refund_no.clone(),
        refund_no: refund.refund_id.clone(),
        status: refund.status,
        amount_fen: refund.amount,
        is_all_settled: refund.all_settled,
        source: refund.source,
        audit: Some(refund.audit),
        audit_deadline: Some(refund.deadline),
        items: refund.items.iter().map(item).collect(),
        requested_at: refund.created_at,
        finished_at: refund.finished_at,
        message: refund.message.clone(),
    }
}

fn settlement_book(order: &Order, one: &Settlement) -> SettlementBook {
    let share = |share: &crate::platform::objects::Share| ShareBook {
        merchant_uid: share.merchant_uid.clone(),
        amount_fen: share.amount,
    };
    SettlementBook {
        system: System::Trade,
        app_id: one.app_id.clone(),
        out_order_no: order.out_order_no.clone(),
        out_settle_no: one.out_settle_no.clone(),
        settle_no: one.settle_id.clone(),
        status: match one.status {
            SettleStatus::Init | SettleStatus::Processing => OperationStatus::Processing,
            SettleStatus::Success => OperationStatus::Success,
            SettleStatus::Fail => OperationStatus::Fail,
        },
        base_fen: one.base,
        item_order_id: Some(one.item_order_id.clone()).filter(|item| !item.is_empty()),
        settle_amount_fen: one.base,
        commission_fen: one.commission,
        rake_fen: one.rake,
        shares: one.shares.iter().map(share).collect(),
        finish: one.item_order_id.is_empty(),
        automatic: one.automatic,
        requested_at: one.created_at,
        finished_at: one.finished_at,
        message: one.message.clone(),
    }
}
