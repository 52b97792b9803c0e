//! The items of an order, and their parts of a refund.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use crate::{ItemAmount, Order};

/// An item of an order, as the platform made it, with what may still be refunded of it.
#[derive(Debug, Serialize)]
pub struct ItemView<'a> {
    item_order_id: &'a str,
    sku_id: &'a str,
    amount_fen: Fen,
    refundable_fen: Fen,
}

impl<'a> ItemView<'a> {
    /// The items of an order; none while the platform has not told them.
    pub fn of_order(order: &'a Order) -> Vec<Self> {
        let view = |item: &'a crate::Item| Self {
            item_order_id: &item.item_order_id,
            sku_id: &item.sku_id,
            amount_fen: item.amount,
            refundable_fen: order.refundable_of(item).min(order.refundable()),
        };
        order.items().iter().map(view).collect()
    }
}

/// An item's part of a refund.
#[derive(Debug, Serialize)]
pub struct ItemAmountView<'a> {
    item_order_id: &'a str,
    amount_fen: Fen,
}

impl<'a> ItemAmountView<'a> {
    pub(super) fn of(part: &'a ItemAmount) -> Self {
        Self { item_order_id: &part.item_order_id, amount_fen: part.amount }
    }
}
