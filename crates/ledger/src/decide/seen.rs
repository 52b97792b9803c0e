//! The platform reports the state of an order.

use douyin_pay_protocol::Fen;

mod trade;

use super::end::End;
use super::join::fill;
use super::{Draft, currency, give_up};
use crate::{Alarm, Change, EventKind, Failure, OrderSeen, OrderState, Refusal, Source};

pub(super) fn order_seen(mut draft: Draft<'_>, seen: &OrderSeen) -> Result<Change, Refusal> {
    draft.record |= currency::take_over(&mut draft, &seen.currency);
    if let Some(theirs) = other_amount(draft.order.total, seen) {
        let ours = draft.order.total;
        draft.alarm(Alarm::AmountDiffers, None, || {
            format!("the platform reports ¥{theirs}, this ledger has ¥{ours}; the report was not taken over")
        });
        return no_change(draft, Refusal::AmountDiffers { ours, theirs });
    }
    let known = draft.order.state;
    let walk = draft.walk(None);
    draft.record |= take_over(&mut draft, seen);
    draft.record |= trade::take_over(&mut draft, seen);
    let contradicts = matches!(
        (known, seen.state),
        (OrderState::Closed | OrderState::Refused, OrderState::Paid) | (OrderState::Paid, OrderState::Closed)
    );
    if contradicts {
        draft.alarm(Alarm::PaidAfterClosed, None, || {
            "the platform reports it both as not to be paid and as paid; it is kept as paid".to_owned()
        });
    }
    if seen.state > known {
        draft.order.state = seen.state;
        draft.record = true;
        draft.restart(None);
        match seen.state {
            OrderState::Paid if contradicts => draft.tell(EventKind::OrderPaidLate, None, false),
            OrderState::Paid => draft.tell(EventKind::OrderPaid, None, false),
            OrderState::Closed => draft.tell(EventKind::OrderClosed, None, false),
            OrderState::Refused => draft.tell(EventKind::OrderRefused, None, false),
            OrderState::Opening | OrderState::Waiting => {}
        }
        if seen.state == OrderState::Paid {
            give_up::refund_if_wanted(&mut draft, known);
        }
        return draft.finish(None);
    }
    if draft.walk(None) != walk {
        // The platform spoke of it for the first time: it is placed now.
        draft.restart(None);
        return draft.finish(None);
    }
    let refusal = if seen.state == known {
        Refusal::Duplicate
    } else {
        Refusal::AlreadyFinal { state: known.as_str() }
    };
    no_change(draft, refusal)
}

/// The platform's total, if it is not ours. Before the payment a report may carry zero; a total in another currency
/// is not compared.
fn other_amount(ours: Fen, seen: &OrderSeen) -> Option<Fen> {
    let theirs = seen.total.filter(|theirs| *theirs != ours && !currency::is_foreign(&seen.currency))?;
    (seen.state == OrderState::Paid || theirs != Fen::ZERO).then_some(theirs)
}

/// Ends a report that left the state as it was. New details may have been taken over; and if the
/// report answers a query that was due, the schedule moves on.
fn no_change(mut draft: Draft<'_>, refusal: Refusal) -> Result<Change, Refusal> {
    let differs = matches!(refusal, Refusal::AmountDiffers { .. } | Refusal::AlreadyFinal { .. });
    let told_more = draft.record && !differs;
    if draft.fact.source == Source::Query {
        draft.step(None, End::Told);
    }
    draft.finish((!told_more).then_some(refusal))
}

/// Takes over what was not known; says whether anything was new.
fn take_over(draft: &mut Draft<'_>, seen: &OrderSeen) -> bool {
    let order = &mut draft.order;
    let mut new = fill(&mut order.platform_order_id, &seen.platform_order_id);
    new |= fill(&mut order.seller_uid, &seen.seller_uid);
    if seen.state == OrderState::Paid {
        new |= fill(&mut order.paid_at, &seen.paid_at);
        new |= fill(&mut order.way, &seen.way);
        new |= fill(&mut order.channel_no, &seen.channel_no);
        new |= fill(&mut order.payment_order_no, &seen.payment_order_no);
    }
    if seen.state > order.state {
        order.failure = None;
    }
    if seen.state >= order.state && matches!(seen.state, OrderState::Closed | OrderState::Refused) {
        let why = seen.detail.clone().map(|message| Failure { code: 0, message });
        new |= fill(&mut order.failure, &why);
    }
    new
}
