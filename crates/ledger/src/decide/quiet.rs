//! A query or repeat that was due brought nothing: only the schedule moves on.

use super::Draft;
use crate::{Change, Fact, Order, Refusal, Target, Why};

pub(super) fn nothing_new(order: &Order, fact: &Fact, target: &Target, why: Why) -> Result<Change, Refusal> {
    let (place, state) = match target {
        Target::Order => (None, order.state.as_str()),
        Target::Operation(kind, out_no) => {
            let at = order.position(*kind, out_no).ok_or(Refusal::UnknownNumber)?;
            (Some(at), order.operations[at].state.as_str())
        }
    };
    let mut draft = Draft::of(order, fact);
    // "Not found" may only mean "too early", so it is never a failure. Questions that were skipped
    // for want of budget count: that is how the early ones are left out.
    draft.step(place, why != Why::NotSent, why != Why::NotFound);
    let done = draft.walk(place).is_none();
    draft.finish(done.then_some(Refusal::AlreadyFinal { state }))
}
