//! The platform answered one of our calls, or did not.

use super::Draft;
use super::draft::Place;
use crate::schedule::Walk;
use crate::{
    Alarm, CallOutcome, Change, EventKind, Fact, Failure, OperationKind, OperationState, Order, OrderState,
    Refusal, Target,
};

pub(super) fn answered(
    order: &Order,
    fact: &Fact,
    target: &Target,
    outcome: &CallOutcome,
) -> Result<Change, Refusal> {
    let place = match target {
        Target::Order => None,
        Target::Operation(kind, out_no) => Some(order.position(*kind, out_no).ok_or(Refusal::UnknownNumber)?),
    };
    let draft = Draft::of(order, fact);
    if let CallOutcome::Accepted { .. } = outcome {
        return accepted(draft, place, outcome);
    }
    // An answer that comes after stronger words (a callback overtook it) decides nothing.
    match draft.walk(place) {
        Some(Walk::Opening | Walk::Requested) => not_accepted(draft, place, outcome),
        _ => Err(Refusal::AlreadyFinal { state: state(order, place) }),
    }
}

fn state(order: &Order, place: Place) -> &'static str {
    place.map_or(order.state.as_str(), |at| order.operations[at].state.as_str())
}

fn accepted(mut draft: Draft<'_>, place: Place, outcome: &CallOutcome) -> Result<Change, Refusal> {
    let CallOutcome::Accepted { platform_no, order_token } = outcome else { return draft.finish(None) };
    let walk = draft.walk(place);
    let known = state(&draft.order, place);
    let mut changed = match place {
        None => {
            let order = &mut draft.order;
            let opened = order.state == OrderState::Opening;
            if opened {
                order.state = OrderState::Waiting;
            }
            let token = super::seen::fill(&mut order.order_token, order_token);
            super::seen::fill(&mut order.platform_order_id, platform_no) | token | opened
        }
        Some(at) => {
            let operation = &mut draft.order.operations[at];
            let opened = operation.state == OperationState::Requested;
            if opened {
                operation.state = OperationState::Accepted;
            }
            super::seen::fill(&mut operation.platform_no, platform_no) | opened
        }
    };
    let alarms = match place {
        None => &mut draft.order.alarms,
        Some(at) => &mut draft.order.operations[at].alarms,
    };
    changed |= alarms.remove(Alarm::Config);
    draft.record |= changed;
    if draft.walk(place) != walk {
        draft.restart(place);
    }
    let same = matches!(known, "waiting" | "accepted");
    let refusal = if same { Refusal::Duplicate } else { Refusal::AlreadyFinal { state: known } };
    draft.finish((!changed).then_some(refusal))
}

fn not_accepted(mut draft: Draft<'_>, place: Place, outcome: &CallOutcome) -> Result<Change, Refusal> {
    let maybe_acted = match place {
        None => &mut draft.order.maybe_acted,
        Some(at) => &mut draft.order.operations[at].maybe_acted,
    };
    match outcome {
        CallOutcome::Accepted { .. } | CallOutcome::NotSent => {}
        CallOutcome::Unknown => {
            draft.record |= !*maybe_acted;
            *maybe_acted = true;
        }
        CallOutcome::Refused { code, message } if *maybe_acted || is_confirmed(&draft.order, place) => {
            draft.warnings.push(format!(
                "the platform refused with {code} ({message}) after an attempt that it may have taken: a query decides"
            ));
        }
        CallOutcome::Refused { code, message } => {
            refuse(&mut draft, place, Failure { code: *code, message: message.as_str().into() });
            draft.restart(place);
            return draft.finish(None);
        }
        CallOutcome::ConfigRefused { code, message } => draft.alarm(Alarm::Config, place, || {
            format!("the platform refuses our configuration with {code} ({message}); it is tried again after the mend")
        }),
    }
    draft.step(place, true, true);
    draft.finish(None)
}

/// The platform is known to have it; only the cashier's token is missing.
fn is_confirmed(order: &Order, place: Place) -> bool {
    place.is_none() && order.state != OrderState::Opening
}

fn refuse(draft: &mut Draft<'_>, place: Place, failure: Failure) {
    draft.record = true;
    let told = match place {
        None => {
            draft.order.state = OrderState::Refused;
            draft.order.failure = Some(failure);
            EventKind::OrderRefused
        }
        Some(at) => {
            let operation = &mut draft.order.operations[at];
            operation.state = OperationState::Failed;
            operation.failure = Some(failure);
            match operation.kind {
                OperationKind::Refund => EventKind::RefundFailed,
                OperationKind::Settlement => EventKind::SettlementFailed,
                OperationKind::Return => EventKind::ReturnFailed,
            }
        }
    };
    draft.tell(told, place, false);
}
