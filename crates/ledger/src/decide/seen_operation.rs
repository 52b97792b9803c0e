//! The platform reports the state of a refund, a settlement or a return.

mod report;
mod returned;
mod settlement;
mod trade;

use douyin_pay_protocol::Fen;

use super::end::End;
use super::join::fill;
use super::{Draft, books};
use crate::{
    Alarm, Change, EventKind, Failure, Operation, OperationKind, OperationState, OrderState, Origin, Refusal,
    Source,
};
pub(super) use report::Report;

pub(super) fn seen(mut draft: Draft<'_>, report: &Report<'_>) -> Result<Change, Refusal> {
    let known_at = trade::find(&draft.order, report);
    let at = known_at.unwrap_or_else(|| adopt(&mut draft, report));
    let adopted = known_at.is_none();
    draft.record |= trade::take_currency(&mut draft, report);
    let names = returned::differing(&draft.order.operations[at], report);
    if !names.is_empty() {
        draft.alarm(Alarm::ReturnsDisagree, Some(at), || {
            format!("the platform reports another {}; the report was not taken over", names.join(" and "))
        });
        return no_change(draft, at, Refusal::OtherFields { names });
    }
    if let Some(theirs) = take_amount(&mut draft, at, report) {
        let ours = draft.order.operations[at].amount;
        draft.alarm(Alarm::AmountDiffers, Some(at), || {
            format!("the platform reports ¥{theirs}, this ledger has ¥{ours}; the report was not taken over")
        });
        return no_change(draft, at, Refusal::AmountDiffers { ours, theirs });
    }
    let known = draft.order.operations[at].state;
    let walk = draft.walk(Some(at));
    draft.record |= take_over(&mut draft.order.operations[at], report);
    draft.record |= returned::take_over(&mut draft.order.operations[at], report);
    draft.record |= settlement::take_over(&mut draft, at, report);
    draft.record |= trade::take_over(&mut draft, at, report);
    let (failed, succeeded) = (OperationState::Failed, OperationState::Succeeded);
    if (known, report.state) == (failed, succeeded) || (known, report.state) == (succeeded, failed) {
        draft.alarm(Alarm::SucceededAfterFailed, Some(at), || {
            "the platform reports it both as failed and as done; it is kept as done".to_owned()
        });
    }
    if report.state > known {
        draft.order.operations[at].state = report.state;
        draft.record = true;
        tell(&mut draft, at, known, adopted);
    }
    draft.record |= trade::settle_decision(&mut draft, at);
    let begins_anew = report.state > known || draft.walk(Some(at)) != walk;
    if begins_anew {
        draft.restart(Some(at));
    }
    books::check(&mut draft);
    if draft.record && draft.order.state != OrderState::Paid && trade::proves_payment(&draft.order, report) {
        draft.ask_about_order();
    }
    if begins_anew || adopted {
        return draft.finish(None);
    }
    let same = report.state == known;
    let refusal = if same { Refusal::Duplicate } else { Refusal::AlreadyFinal { state: known.as_str() } };
    no_change(draft, at, refusal)
}

/// Nobody here asked for it: the platform, or somebody on its side, started it.
fn adopt(draft: &mut Draft<'_>, report: &Report<'_>) -> usize {
    let (out_no, origin, trade) = trade::adopted(&draft.order, report);
    let operation = Operation { trade, ..Operation::new(report.kind, out_no, origin, draft.fact.at) };
    draft.order.operations.push(operation);
    draft.record = true;
    draft.order.operations.len() - 1
}

/// Ends a report that left the state as it was; see the same for orders.
fn no_change(mut draft: Draft<'_>, at: usize, refusal: Refusal) -> Result<Change, Refusal> {
    let told_more = draft.record && matches!(refusal, Refusal::Duplicate);
    if draft.fact.source == Source::Query {
        draft.step(Some(at), End::Told);
    }
    draft.finish((!told_more).then_some(refusal))
}

/// Compares the amount of a refund or return with ours and gives theirs if it differs. The first report of
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

fn tell(draft: &mut Draft<'_>, at: usize, known: OperationState, adopted: bool) {
    let operation = &draft.order.operations[at];
    let kind = match (operation.kind, operation.state) {
        (OperationKind::Refund, OperationState::Succeeded) => EventKind::RefundSucceeded,
        (OperationKind::Refund, OperationState::Failed) => EventKind::RefundFailed,
        (OperationKind::Refund, _) if adopted || trade::asks_for_consent(operation, known) => {
            EventKind::RefundRequested
        }
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
