//! A query or repeat that was due brought nothing: only the schedule moves on.

use super::end::End;
use super::{Draft, plan};
use crate::{Change, EventKind, Fact, Failure, OperationState, Order, OrderState, Refusal, Target, Why};

/// What is said of data that was signed and never placed.
pub(super) const NEVER_PLACED: &str = "never_placed";

pub(super) fn nothing_new(order: &Order, fact: &Fact, target: &Target, why: Why) -> Result<Change, Refusal> {
    let (place, state) = match target {
        Target::Order => (None, order.state.as_str()),
        Target::Operation(..) | Target::Audit(_) => {
            let at = order.place_of(target).ok_or(Refusal::UnknownNumber)?;
            (Some(at), order.operations[at].state.as_str())
        }
    };
    if place.is_none() && why == Why::NotFound && order.is_unplaced_if_unknown(fact.at) {
        return never_placed(order, fact);
    }
    if let Some(at) = place.filter(|_| why == Why::NotFound)
        && plan::ends_if_not_found(&order.operations[at])
    {
        return refused(order, fact, at);
    }
    let mut draft = Draft::of(order, fact);
    // "Not found" may only mean "too early", so it is never a failure. Questions that were skipped
    // for want of budget count: that is how the early ones are left out.
    let end = match why {
        Why::Processing => End::Told,
        Why::NotFound => End::NotFound,
        Why::NotSent => End::Unsent,
        Why::Unknown | Why::Paced => End::Silence,
    };
    draft.step(place, end);
    let done = draft.walk(place).is_none();
    draft.finish(done.then_some(Refusal::AlreadyFinal { state }))
}

/// The platform refused the settlement and does not know its number: it has failed.
fn refused(order: &Order, fact: &Fact, at: usize) -> Result<Change, Refusal> {
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.order.operations[at].state = OperationState::Failed;
    draft.restart(Some(at));
    draft.tell(EventKind::SettlementFailed, Some(at), false);
    draft.finish(None)
}

fn never_placed(order: &Order, fact: &Fact) -> Result<Change, Refusal> {
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.order.state = OrderState::Closed;
    draft.order.failure = Some(Failure { code: 0, message: NEVER_PLACED.into() });
    draft.restart(None);
    draft.tell(EventKind::OrderClosed, None, false);
    draft.finish(None)
}
