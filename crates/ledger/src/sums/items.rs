//! The sums of one item of an order.

use douyin_pay_protocol::Fen;

use super::{minus, plus, total};
use crate::{Item, Operation, OperationKind, OperationState, Order, Refusal};

impl Order {
    /// The item of that number; nothing while no items are known at all.
    pub(crate) fn item(&self, item_order_id: &str) -> Result<Option<&Item>, Refusal> {
        let found = self.items().iter().find(|item| &*item.item_order_id == item_order_id);
        match found {
            None if !self.items().is_empty() => {
                Err(Refusal::UnknownItem { item_order_id: item_order_id.into() })
            }
            found => Ok(found),
        }
    }

    /// What refunds gave back of an item, or may yet give back.
    pub(crate) fn refunded_of(&self, item_order_id: &str) -> Fen {
        let refunds = self.operations_of(OperationKind::Refund);
        let counted = refunds.filter(|refund| refund.state != OperationState::Failed);
        let parts = counted.flat_map(Operation::items).filter(|part| &*part.item_order_id == item_order_id);
        total(parts.map(|part| part.amount))
    }

    /// What is left of an item for further refunds.
    pub fn refundable_of(&self, item: &Item) -> Fen {
        minus(item.amount, self.refunded_of(&item.item_order_id))
    }

    /// What is left of an item for its settlement: the rest, as far as the whole order has so much left.
    pub fn settleable_of(&self, item: &Item) -> Fen {
        let settlements = self.operations_of(OperationKind::Settlement);
        let of_item = settlements.filter(|one| {
            one.state != OperationState::Failed && one.item_order_id() == Some(&*item.item_order_id)
        });
        let settled = total(of_item.map(Operation::gross));
        let out = plus(settled, self.refunded_of(&item.item_order_id));
        minus(item.amount, out).min(self.settleable().amount)
    }
}
