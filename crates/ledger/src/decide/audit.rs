//! The merchant's consent to a refund that somebody else asked for.

use super::Draft;
use super::end::End;
use super::join::{earliest, longest};
use crate::schedule::Walk;
use crate::{
    Alarm, Audit, AuditSeen, AuditStatus, CallOutcome, Change, DecideRefund, Decision, DecisionState, Fact,
    Failure, OperationKind, OperationState, Order, Refusal,
};

/// The platform's code for "there is nothing to decide": too early, too late, or decided already.
const NO_AUDIT: i64 = 22006;

/// The merchant decides.
pub(super) fn decide(order: &Order, fact: &Fact, ask: &DecideRefund) -> Result<Change, Refusal> {
    let at = order.position(OperationKind::Refund, &ask.out_no).ok_or(Refusal::UnknownNumber)?;
    let refund = &order.operations[at];
    check(refund.state, refund.audit(), fact, ask)?;
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    if let Some(audit) = draft.audit(at) {
        audit.decision = Some(Decision {
            agree: ask.agree,
            deny_message: ask.deny_message.clone().filter(|_| !ask.agree),
            request_sha256: ask.request_sha256,
            decided_at: fact.at,
            state: DecisionState::Requested,
            maybe_acted: false,
            failure: None,
        });
    }
    draft.restart(Some(at));
    draft.finish(None)
}

fn check(
    state: OperationState,
    audit: Option<&Audit>,
    fact: &Fact,
    ask: &DecideRefund,
) -> Result<(), Refusal> {
    let not_auditing = Refusal::NotAuditing { state: state.as_str() };
    let Some(audit) = audit else { return Err(not_auditing) };
    match &audit.decision {
        Some(known) if known.state == DecisionState::Refused => {}
        Some(known) if known.request_sha256 == ask.request_sha256 => return Err(Refusal::Duplicate),
        Some(known) if known.agree != ask.agree => return Err(Refusal::Decided { agree: known.agree }),
        Some(known) if known.deny_message != ask.deny_message => {
            return Err(Refusal::OtherFields { names: vec!["deny_message"] });
        }
        Some(_) => return Err(Refusal::Duplicate),
        None => {}
    }
    match audit.status {
        AuditStatus::Agree => return Err(Refusal::Decided { agree: true }),
        AuditStatus::Deny => return Err(Refusal::Decided { agree: false }),
        _ => {}
    }
    let deadline_at = audit.deadline_at.unwrap_or(fact.at);
    if audit.status == AuditStatus::Overtime || deadline_at < fact.at {
        return Err(Refusal::DeadlinePassed { deadline_at });
    }
    if state != OperationState::Auditing {
        return Err(not_auditing);
    }
    if !ask.agree && ask.deny_message.as_ref().is_none_or(|message| message.is_empty()) {
        return Err(Refusal::NoMessage);
    }
    Ok(())
}

/// A call with the decision ended.
pub(super) fn answered(mut draft: Draft<'_>, at: usize, outcome: &CallOutcome) -> Result<Change, Refusal> {
    let state = draft.order.operations[at].state.as_str();
    let deciding = draft.order.operations[at].walk() == Some(Walk::Deciding);
    let place = Some(at);
    let Some(audit) = draft.audit(at) else { return Err(Refusal::NotAuditing { state }) };
    let Some(decision) = audit.decision.as_mut().filter(|_| deciding) else {
        return Err(Refusal::AlreadyFinal { state });
    };
    let end = match outcome {
        CallOutcome::Accepted { .. } => {
            decision.state = DecisionState::Accepted;
            let status = if decision.agree { AuditStatus::Agree } else { AuditStatus::Deny };
            audit.status = audit.status.max(status);
            draft.record = true;
            draft.order.operations[at].alarms.remove(Alarm::Config);
            draft.restart(place);
            return draft.finish(None);
        }
        CallOutcome::NotSent => End::CallUnsent,
        CallOutcome::Unknown => {
            let new = !decision.maybe_acted;
            decision.maybe_acted = true;
            draft.record |= new;
            End::CallUnclear
        }
        CallOutcome::Refused { code, message } if *code == NO_AUDIT || decision.maybe_acted => {
            draft
                .warnings
                .push(format!("the platform refused the decision with {code} ({message}): a query decides"));
            End::CallRefused
        }
        CallOutcome::Refused { code, message } => {
            decision.state = DecisionState::Refused;
            decision.failure = Some(Failure { code: *code, message: message.as_str().into() });
            draft.record = true;
            draft.restart(place);
            return draft.finish(None);
        }
        CallOutcome::ConfigRefused { code, message } => {
            draft.alarm(Alarm::Config, place, || {
                format!("the platform refuses our configuration with {code} ({message}); it is tried again after the mend")
            });
            End::CallUnsent
        }
    };
    draft.step(place, end);
    draft.finish(None)
}

/// Takes over what the platform says about the consent; says whether anything was new.
pub(super) fn take_over(slot: &mut Option<Audit>, seen: &AuditSeen) -> bool {
    let before = slot.clone();
    let audit = slot.get_or_insert_with(|| Audit {
        needed: false,
        deadline_at: None,
        status: AuditStatus::Init,
        deny_message: None,
        decision: None,
    });
    audit.needed |= seen.needed == Some(true);
    earliest(&mut audit.deadline_at, seen.deadline_at);
    longest(&mut audit.deny_message, &seen.deny_message);
    audit.status = audit.status.max(seen.status.unwrap_or(AuditStatus::Init));
    *slot != before
}

/// What the platform says was decided, or how the refund ended, settles our own decision: it was taken if that
/// fits, else it was not. Says whether that was new.
pub(super) fn settle(audit: &mut Audit, state: OperationState) -> bool {
    let Some(decision) = &mut audit.decision else { return false };
    let fits = match (audit.status, state) {
        (AuditStatus::Overtime | AuditStatus::Agree, _) => decision.agree,
        (AuditStatus::Deny, _) => !decision.agree,
        (_, OperationState::Succeeded) => decision.agree,
        (_, OperationState::Failed) => true,
        _ => return false,
    };
    let message = "something else was decided, or silence had become consent";
    let (settled, failure) = if fits {
        (DecisionState::Accepted, None)
    } else {
        (DecisionState::Refused, Some(Failure { code: NO_AUDIT, message: message.into() }))
    };
    let new = decision.state != settled || decision.failure != failure;
    (decision.state, decision.failure) = (settled, failure);
    new
}
