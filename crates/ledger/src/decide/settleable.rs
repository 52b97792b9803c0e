//! The platform's figure of what is left to settle, beside our own.
//!
//! Its amount is after its fees, ours before; it may or may not count what is under way. So both are ranges, and they
//! agree when the ranges meet: a difference is only what no reading of the figures explains.

use douyin_pay_protocol::Fen;

use super::Draft;
use crate::sums::{plus, total};
use crate::{
    Alarm, AmountBasis, Change, Operation, OperationKind, OperationState, Order, OrderState,
    PlatformSettleable, RefundSource, Refusal, SettleableSeen,
};

/// Takes over the platform's figures. They are a picture of a moment: the latest counts.
pub(super) fn seen(mut draft: Draft<'_>, seen: &SettleableSeen) -> Result<Change, Refusal> {
    let at = draft.fact.at;
    match &mut draft.order.platform_settleable {
        // An older picture, or one that is known: only the time may be new.
        Some(known) if at < known.as_of => return Err(Refusal::Duplicate),
        Some(known) if known.seen == *seen => {
            draft.moved |= at > known.as_of;
            known.as_of = at;
        }
        slot => {
            draft.record = true;
            *slot = Some(Box::new(PlatformSettleable { seen: seen.clone(), as_of: at }));
        }
    }
    if draft.order.state != OrderState::Paid {
        if draft.record && seen.unsettled > Fen::ZERO {
            draft.ask_about_order();
        }
        return draft.finish(None);
    }
    match difference(&draft.order, seen) {
        Some(what) => draft.alarm(Alarm::SettleableDiffers, None, || what),
        None => draft.solve(Alarm::SettleableDiffers, "a later look at the platform's figures agrees"),
    }
    let same = !draft.record;
    draft.finish(same.then_some(Refusal::Duplicate))
}

/// After the last settlement nothing is left to compare: if our own books account for everything that was paid, what
/// differed before is over.
pub(super) fn solve_when_settled(draft: &mut Draft<'_>) {
    if is_accounted_for(&draft.order) && !draft.before.is_some_and(is_accounted_for) {
        draft.solve(Alarm::SettleableDiffers, "the order is settled now, and the sums fit");
    }
}

/// Whether a reading of the figures explains where all that was paid has gone.
fn is_accounted_for(order: &Order) -> bool {
    if order.last_settlement().is_none() {
        return false;
    }
    let done = |op: &&Operation| op.state == OperationState::Succeeded;
    let known = order.operations_of(OperationKind::Refund).filter(done);
    let known = total(known.filter(|op| op.source == RefundSource::InTransit).map(|op| op.amount));
    let settled = order.settled_gross();
    let unsure = order.operations_of(OperationKind::Settlement).filter(done);
    let fees = total(unsure.filter(|op| op.basis == AmountBasis::Unknown).map(Operation::fees));
    let (least, most) = (plus(settled, known), plus(plus(settled, fees), order.refunded_in_transit()));
    least <= order.paid() && order.paid() <= most
}

/// What does not fit, with the figures of both; nothing if a reading fits.
pub(crate) fn difference(order: &Order, seen: &SettleableSeen) -> Option<String> {
    let ours = order.settleable_range();
    let fees = total([seen.payment_rake, seen.life_rake, seen.commission].into_iter().flatten());
    let theirs = (seen.unsettled, plus(seen.unsettled, fees));
    let paid = seen.paid.unwrap_or(order.paid());
    let meet = ours.0 <= theirs.1 && theirs.0 <= ours.1;
    if meet && paid == order.paid() {
        return None;
    }
    let refunded = seen.refunded.map_or_else(String::new, |refunded| format!(", ¥{refunded} refunded"));
    Some(format!(
        "the platform says that ¥{} is left to settle after fees of ¥{fees}, of ¥{paid} paid{refunded}; by this ledger \
         it is ¥{} to ¥{}, of ¥{} paid and ¥{} refunded; look for a refund or settlement that is missing here",
        seen.unsettled,
        ours.0,
        ours.1,
        order.paid(),
        order.refunded(),
    ))
}
