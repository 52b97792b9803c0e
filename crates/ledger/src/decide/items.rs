//! Amounts per item of an order: in the general trade system a refund names them.

use douyin_pay_protocol::Fen;

use super::limits;
use crate::sums::{minus, total};
use crate::{ItemAmount, OperationKind, OperationTrade, Order, Refusal, RequestRefund, System};

/// The reason's code when the merchant gives none.
const OTHER_REASON: u16 = 999;

/// What a refund that the merchant asks for has besides, if its items may be refunded so.
///
/// Without items it is a whole refund if it gives everything back and is the first. Else they are found when
/// there is no choice: all that is left goes back, or there is only one item.
pub(super) fn of_refund(order: &Order, ask: &RequestRefund) -> Result<Option<Box<OperationTrade>>, Refusal> {
    let (code, items) = match (order.system, &ask.trade) {
        (System::Ecpay, Some(_)) => return Err(Refusal::OtherSystem { system: order.system }),
        (System::Ecpay, None) => return Ok(None),
        (System::Trade, None) => (OTHER_REASON, Vec::new()),
        (System::Trade, Some(trade)) => (trade.code, trade.items.clone()),
    };
    if items.is_empty() {
        return whole_or_rest(order, ask.amount, code).map(Some);
    }
    check(order, &items, ask.amount)?;
    Ok(Some(Box::new(OperationTrade { code: Some(code), items: sorted(items), ..OperationTrade::default() })))
}

/// The refund of everything that is left, which the ledger itself asks for.
pub(super) fn of_rest(order: &Order, amount: Fen) -> Option<Box<OperationTrade>> {
    (order.system == System::Trade).then(|| {
        let found = whole_or_rest(order, amount, OTHER_REASON);
        // Of items that nobody knows nothing can be said; the platform decides.
        found.unwrap_or_else(|_| {
            Box::new(OperationTrade { code: Some(OTHER_REASON), whole: true, ..OperationTrade::default() })
        })
    })
}

fn whole_or_rest(order: &Order, amount: Fen, code: u16) -> Result<Box<OperationTrade>, Refusal> {
    let first = order.operations_of(OperationKind::Refund).next().is_none();
    let whole = first && amount == order.paid();
    let known = order.items();
    let items = match known {
        _ if whole => Vec::new(),
        [only] => vec![ItemAmount { item_order_id: only.item_order_id.clone(), amount }],
        [_, ..] if amount == order.refundable() => spread(order, amount),
        _ => return Err(Refusal::ItemsNeeded { known: known.len() }),
    };
    if !whole {
        check(order, &items, amount)?;
    }
    Ok(Box::new(OperationTrade { code: Some(code), whole, items, ..OperationTrade::default() }))
}

/// Takes an amount from the items in turn, from each what is left of it.
fn spread(order: &Order, amount: Fen) -> Vec<ItemAmount> {
    let mut left = amount;
    let mut items = Vec::new();
    for item in order.items() {
        let part = order.refundable_of(item).min(left);
        left = minus(left, part);
        if part > Fen::ZERO {
            items.push(ItemAmount { item_order_id: item.item_order_id.clone(), amount: part });
        }
    }
    items
}

fn check(order: &Order, items: &[ItemAmount], amount: Fen) -> Result<(), Refusal> {
    if items.len() > limits::REFUND_ITEMS_MAX {
        return Err(Refusal::TooManyItems { count: items.len() });
    }
    for (at, one) in items.iter().enumerate() {
        let item_order_id = || one.item_order_id.clone();
        if one.amount == Fen::ZERO {
            return Err(Refusal::ZeroAmount);
        }
        if items[..at].iter().any(|other| other.item_order_id == one.item_order_id) {
            return Err(Refusal::ItemTwice { item_order_id: item_order_id() });
        }
        let Some(item) = order.item(&one.item_order_id)? else { continue };
        let left = order.refundable_of(item);
        if one.amount > left {
            return Err(Refusal::ItemTooMuch { item_order_id: item_order_id(), asked: one.amount, left });
        }
    }
    let sum = total(items.iter().map(|one| one.amount));
    if sum != amount {
        return Err(Refusal::ItemsSum { items: sum, amount });
    }
    Ok(())
}

/// Whether both name the same parts, in whatever order.
pub(super) fn are_same(one: &[ItemAmount], other: &[ItemAmount]) -> bool {
    sorted(one.to_vec()) == sorted(other.to_vec())
}

fn sorted(mut items: Vec<ItemAmount>) -> Vec<ItemAmount> {
    items.sort_by(|one, other| one.item_order_id.cmp(&other.item_order_id));
    items
}
