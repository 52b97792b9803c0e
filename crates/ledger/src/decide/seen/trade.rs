//! What reports about an order of the general trade system tell besides.

use douyin_pay_protocol::Fen;

use crate::decide::join::earliest;
use crate::decide::quiet::NEVER_PLACED;
use crate::decide::{Draft, books};
use crate::{Alarm, Failure, Item, OrderSeen, OrderState};

/// Takes over what only the general trade system tells; says whether anything was new.
pub(super) fn take_over(draft: &mut Draft<'_>, seen: &OrderSeen) -> bool {
    if draft.order.trade.is_none() {
        return false;
    }
    let mut new = tell_why(draft, seen);
    new |= take_items(draft, &seen.items);
    if seen.state == OrderState::Paid {
        new |= earliest(&mut draft.order.paid_at, seen.paid_at);
        new |= take_discount(draft, seen.discount.unwrap_or(Fen::ZERO));
    }
    new
}

/// Keeps the more telling of two reasons for the end of an order: who gave it up, before how it ran out, before
/// that it was never placed. Of equals the one that sorts last.
fn tell_why(draft: &mut Draft<'_>, seen: &OrderSeen) -> bool {
    let order = &mut draft.order;
    let (Some(known), Some(told)) = (&mut order.failure, &seen.detail) else { return false };
    let new = seen.state == OrderState::Closed
        && seen.state >= order.state
        && (telling(told), told) > (telling(&known.message), &known.message);
    if new {
        *known = Failure { code: 0, message: told.clone() };
    }
    new
}

fn telling(why: &str) -> u8 {
    match why {
        NEVER_PLACED => 0,
        "TIMEOUT" => 1,
        _ => 2,
    }
}

/// The platform's part of the payment. Zero tells nothing; of two the higher counts, and a human looks.
fn take_discount(draft: &mut Draft<'_>, told: Fen) -> bool {
    let (known, total) = (draft.order.discount, draft.order.total);
    if told == Fen::ZERO || told == known {
        return false;
    }
    if told > total {
        draft.alarm(Alarm::DiscountsDiffer, None, || {
            format!("the platform reports a discount of ¥{told} on ¥{total}; it was not taken over")
        });
        return false;
    }
    if known != Fen::ZERO {
        draft.alarm(Alarm::DiscountsDiffer, None, || {
            "the platform reports two different discounts; the higher one is kept".to_owned()
        });
    }
    draft.order.discount = told.max(known);
    books::check(draft);
    told > known
}

/// The items of both, by number; of two amounts of the same item the higher, and a human looks.
fn take_items(draft: &mut Draft<'_>, told: &[Item]) -> bool {
    let Some(trade) = &mut draft.order.trade else { return false };
    let (mut new, mut differs) = (false, false);
    for item in told {
        match trade.items.binary_search_by(|known| known.item_order_id.cmp(&item.item_order_id)) {
            Ok(at) if trade.items[at].amount != item.amount => {
                let known = &mut trade.items[at].amount;
                new |= item.amount > *known;
                *known = item.amount.max(*known);
                differs = true;
            }
            Ok(_) => {}
            Err(at) => {
                trade.items.insert(at, item.clone());
                new = true;
            }
        }
    }
    if differs {
        draft.alarm(Alarm::ItemsDiffer, None, || {
            "the platform reports two different amounts of the same item; the higher one is kept".to_owned()
        });
    }
    new
}
