//! The platform answered one of our calls, or did not.

use super::draft::Place;
use super::end::End;
use super::join::fill;
use super::{Draft, audit, plan};
use crate::schedule::Walk;
use crate::{
    Alarm, CallOutcome, Change, EventKind, Fact, Failure, OperationKind, OperationState, Order, OrderState,
    Refusal, System, Target,
};

/// The general trade system takes a number once: these codes say that it has this one already, or that the money
/// is back already. Whose it is, a query tells.
const NUMBER_USED: [i64; 3] = [22004, 22013, 23111];

/// Says with code 0 of a push to the order centre that pushing has been switched off meanwhile: it ends, quietly.
pub const PUSH_OFF: &str = "push_off";

pub(super) fn answered(
    order: &Order,
    fact: &Fact,
    target: &Target,
    outcome: &CallOutcome,
) -> Result<Change, Refusal> {
    let place = match target {
        Target::Order => None,
        Target::Operation(..) => Some(order.place_of(target).ok_or(Refusal::UnknownNumber)?),
        Target::Audit(_) => {
            let at = order.place_of(target).ok_or(Refusal::UnknownNumber)?;
            return audit::answered(Draft::of(order, fact), at, outcome);
        }
    };
    let draft = Draft::of(order, fact);
    if let CallOutcome::Accepted { .. } = outcome {
        return accepted(draft, place, outcome);
    }
    // An answer that comes after stronger words (a callback overtook it) decides nothing.
    match draft.walk(place) {
        Some(Walk::Opening | Walk::Requested | Walk::Asked) => not_accepted(draft, place, outcome),
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
            let token = fill(&mut order.order_token, order_token);
            fill(&mut order.platform_order_id, platform_no) | token | opened
        }
        Some(at) => {
            let operation = &mut draft.order.operations[at];
            let opened = operation.state == OperationState::Requested;
            if opened {
                operation.state = OperationState::Accepted;
            }
            let numbered = fill(&mut operation.platform_no, platform_no);
            if opened && operation.kind == OperationKind::Fulfilment {
                // Nothing more is to come: the platform knows it now.
                operation.state = OperationState::Succeeded;
                operation.finished_at = Some(draft.fact.at);
                // Of what the ledger tells by itself only a failure is news.
                if !plan::is_automatic(&draft.order.operations[at]) {
                    draft.tell(EventKind::FulfilmentSucceeded, place, false);
                }
            }
            numbered | opened
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
    let decides = refusal_decides(&draft.order, place);
    let system = draft.order.system;
    let maybe_acted = match place {
        None => &mut draft.order.maybe_acted,
        Some(at) => &mut draft.order.operations[at].maybe_acted,
    };
    let mut end = End::CallUnsent;
    match outcome {
        CallOutcome::Accepted { .. } | CallOutcome::NotSent => {}
        CallOutcome::Unknown => {
            draft.record |= !*maybe_acted;
            *maybe_acted = true;
            if let Some(at) = place {
                draft.record |= plan::note_unanswered(&mut draft.order.operations[at]);
            }
            end = End::CallUnclear;
        }
        CallOutcome::Refused { code, message } if is_number_used(system, *code) => {
            draft.record |= !*maybe_acted;
            *maybe_acted = true;
            draft.warnings.push(format!("the platform has this number already ({code}, {message}): a query decides"));
            end = End::CallRefused;
        }
        CallOutcome::Refused { code, message } if !decides => {
            if let Some(settlement) = place.map(|at| &mut draft.order.operations[at])
                && plan::is_automatic_settlement(settlement)
            {
                // Remembered: if the platform does not know the number either, that was the end of it.
                let failure = Some(Failure { code: *code, message: message.as_str().into() });
                draft.record |= settlement.failure != failure;
                settlement.failure = failure;
            }
            draft.warnings.push(format!(
                "the platform refused with {code} ({message}) after an attempt that it may have taken: a query decides"
            ));
            end = End::CallRefused;
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
    draft.step(place, end);
    draft.finish(None)
}

fn is_number_used(system: System, code: i64) -> bool {
    system == System::Trade && NUMBER_USED.contains(&code)
}

/// Whether a refusal is the end of it. Not after an attempt that may have acted; not for an order that the
/// platform is known to have, of which only the cashier's token is missing. A fulfilment is told again and
/// again with the same words, so its refusal always counts.
fn refusal_decides(order: &Order, place: Place) -> bool {
    match place {
        None => !order.maybe_acted && order.state == OrderState::Opening,
        Some(at) => {
            let operation = &order.operations[at];
            !operation.maybe_acted || operation.kind == OperationKind::Fulfilment
        }
    }
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
            let switched_off = failure.code == 0 && &*failure.message == PUSH_OFF;
            operation.failure = Some(failure);
            // Nobody asked for it, and nobody wants to be told.
            if switched_off && plan::is_automatic(operation) {
                return;
            }
            match operation.kind {
                OperationKind::Refund => EventKind::RefundFailed,
                OperationKind::Settlement => EventKind::SettlementFailed,
                OperationKind::Return => EventKind::ReturnFailed,
                OperationKind::Fulfilment => EventKind::FulfilmentFailed,
            }
        }
    };
    draft.tell(told, place, false);
}
