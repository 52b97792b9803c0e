//! The platform reports the state of a refund or settlement.

use douyin_pay_protocol::{Fen, OutNo, PlatformNo, UnixMs};

use super::Draft;
use super::seen::fill;
use crate::{
    Alarm, Change, EventKind, Failure, Operation, OperationKind, OperationState, OrderState, Origin,
    RefundSeen, RefundSource, Refusal, SettlementSeen, Source,
};

/// What reports about refunds and settlements have in common.
pub(super) struct Report<'a> {
    kind: OperationKind,
    out_no: &'a OutNo,
    state: OperationState,
    amount: Option<Fen>,
    platform_no: &'a Option<PlatformNo>,
    finished_at: Option<UnixMs>,
    source: RefundSource,
    message: &'a Option<Box<str>>,
    settlement: Option<&'a SettlementSeen>,
}

impl<'a> From<&'a RefundSeen> for Report<'a> {
    fn from(seen: &'a RefundSeen) -> Self {
        Self {
            kind: OperationKind::Refund,
            out_no: &seen.out_no,
            state: seen.state,
            amount: seen.amount,
            platform_no: &seen.platform_no,
            finished_at: seen.finished_at,
            source: seen.source,
            message: &seen.message,
            settlement: None,
        }
    }
}

impl<'a> From<&'a SettlementSeen> for Report<'a> {
    fn from(seen: &'a SettlementSeen) -> Self {
        Self {
            kind: OperationKind::Settlement,
            out_no: &seen.out_no,
            state: seen.state,
            amount: None,
            platform_no: &seen.platform_no,
            finished_at: seen.finished_at,
            source: RefundSource::Unknown,
            message: &seen.message,
            settlement: Some(seen),
        }
    }
}

pub(super) fn seen(mut draft: Draft<'_>, report: &Report<'_>) -> Result<Change, Refusal> {
    let known_at = draft.order.position(report.kind, report.out_no);
    let at = known_at.unwrap_or_else(|| adopt(&mut draft, report));
    let adopted = known_at.is_none();
    if let Some(theirs) = take_amount(&mut draft, at, report) {
        let ours = draft.order.operations[at].amount;
        draft.alarm(Alarm::AmountDiffers, Some(at), || {
            format!("the platform reports ¥{theirs}, this ledger has ¥{ours}; the report was not taken over")
        });
        return no_change(draft, at, Refusal::AmountDiffers { ours, theirs });
    }
    let known = draft.order.operations[at].state;
    draft.record |= take_over(&mut draft.order.operations[at], report);
    draft.record |= take_settlement(&mut draft, at, report);
    let (failed, succeeded) = (OperationState::Failed, OperationState::Succeeded);
    if (known, report.state) == (failed, succeeded) || (known, report.state) == (succeeded, failed) {
        draft.alarm(Alarm::SucceededAfterFailed, Some(at), || {
            "the platform reports it both as failed and as done; it is kept as done".to_owned()
        });
    }
    if report.state > known {
        draft.order.operations[at].state = report.state;
        draft.record = true;
        draft.restart(Some(at));
        tell(&mut draft, at, known, adopted);
    }
    check_books(&mut draft, report.kind);
    if draft.record && draft.order.state != OrderState::Paid && report.state == succeeded {
        draft.ask_about_order();
    }
    if report.state > known || adopted {
        return draft.finish(None);
    }
    let same = report.state == known;
    let refusal = if same { Refusal::Duplicate } else { Refusal::AlreadyFinal { state: known.as_str() } };
    no_change(draft, at, refusal)
}

/// Nobody here asked for it: the platform, or somebody on its side, started it.
fn adopt(draft: &mut Draft<'_>, report: &Report<'_>) -> usize {
    let operation = Operation::new(report.kind, report.out_no.clone(), Origin::Platform, draft.fact.at);
    draft.order.operations.push(operation);
    draft.record = true;
    draft.order.operations.len() - 1
}

/// Ends a report that left the state as it was; see the same for orders.
fn no_change(mut draft: Draft<'_>, at: usize, refusal: Refusal) -> Result<Change, Refusal> {
    let told_more = draft.record && matches!(refusal, Refusal::Duplicate);
    if draft.fact.source == Source::Query {
        draft.step(Some(at), true, true);
    }
    draft.finish((!told_more).then_some(refusal))
}

/// Compares the amount of a refund with ours and gives theirs if it differs. The first report of
/// the platform's own refund is where we learn it. Before the end a report may carry zero.
fn take_amount(draft: &mut Draft<'_>, at: usize, report: &Report<'_>) -> Option<Fen> {
    let operation = &mut draft.order.operations[at];
    let theirs = report.amount.filter(|theirs| *theirs != operation.amount)?;
    if operation.origin != Origin::Merchant && operation.amount == Fen::ZERO {
        operation.amount = theirs;
        draft.record = true;
        return None;
    }
    (report.state == OperationState::Succeeded || theirs != Fen::ZERO).then_some(theirs)
}

/// Takes over what was not known; says whether anything was new.
fn take_over(operation: &mut Operation, report: &Report<'_>) -> bool {
    let mut new = fill(&mut operation.platform_no, report.platform_no);
    if report.state > operation.state {
        operation.failure = None;
        operation.finished_at = None;
    }
    if report.state >= operation.state && report.state.is_final() {
        new |= fill(&mut operation.finished_at, &report.finished_at);
    }
    if report.state >= operation.state && report.state == OperationState::Failed {
        let why = report.message.clone().map(|message| Failure { code: 0, message });
        new |= fill(&mut operation.failure, &why);
    }
    if report.state == OperationState::Succeeded && report.source > operation.source {
        operation.source = report.source;
        new = true;
    }
    new
}

/// Takes over the figures of a settlement that is done. Figures that differ from earlier ones are
/// for a human; until then the higher counts.
fn take_settlement(draft: &mut Draft<'_>, at: usize, report: &Report<'_>) -> bool {
    let Some(seen) = report.settlement else { return false };
    let operation = &mut draft.order.operations[at];
    let platforms = operation.origin != Origin::Merchant;
    let mut new = platforms && seen.automatic && !operation.finish;
    operation.finish |= platforms && seen.automatic;
    if seen.state != OperationState::Succeeded {
        return new;
    }
    let mut differs = false;
    let figures = [
        (&mut operation.settle_amount, seen.settle_amount),
        (&mut operation.rake, seen.rake),
        (&mut operation.commission, seen.commission),
    ];
    for (slot, given) in figures {
        differs |= slot.is_some() && given.is_some() && *slot != given;
        new |= given > *slot;
        *slot = given.max(*slot);
    }
    new |= fill(&mut operation.detail, &seen.detail);
    if platforms {
        operation.amount = operation.amount.max(operation.settle_amount.unwrap_or(Fen::ZERO));
    }
    operation.basis = operation.infer_basis();
    if differs {
        draft.alarm(Alarm::FeesDiffer, Some(at), || {
            "the platform reports two different amounts or fees; the higher ones are kept".to_owned()
        });
    }
    new
}

fn tell(draft: &mut Draft<'_>, at: usize, known: OperationState, adopted: bool) {
    let operation = &draft.order.operations[at];
    let kind = match (operation.kind, operation.state) {
        (OperationKind::Refund, OperationState::Succeeded) => EventKind::RefundSucceeded,
        (OperationKind::Refund, OperationState::Failed) => EventKind::RefundFailed,
        (OperationKind::Refund, _) if adopted => EventKind::RefundRequested,
        (OperationKind::Settlement, OperationState::Succeeded) if operation.origin == Origin::Platform => {
            EventKind::SettlementAutomatic
        }
        (OperationKind::Settlement, OperationState::Succeeded) => EventKind::SettlementSucceeded,
        (OperationKind::Settlement, OperationState::Failed) => EventKind::SettlementFailed,
        (OperationKind::Return, OperationState::Succeeded) => EventKind::ReturnSucceeded,
        (OperationKind::Return, OperationState::Failed) => EventKind::ReturnFailed,
        _ => return,
    };
    draft.tell(kind, Some(at), known == OperationState::Failed);
}

/// Observations are absorbed whatever they add up to; a sum that cannot be is for a human.
fn check_books(draft: &mut Draft<'_>, kind: OperationKind) {
    let limit = draft.order.payable();
    let refunded = draft.order.refunded();
    if kind == OperationKind::Refund && refunded > limit {
        draft.alarm(Alarm::RefundsExceed, None, || {
            format!("the platform reports ¥{refunded} refunded of ¥{limit} paid")
        });
    }
    let out = draft.order.reported_out_of_transit();
    if out > limit {
        draft.alarm(Alarm::SettlementsExceed, None, || {
            format!("the platform reports ¥{out} settled and refunded before settlement, of ¥{limit} paid")
        });
    }
}
