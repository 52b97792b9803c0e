//! What reports of the general trade system tell besides, and whose they are.

use douyin_pay_protocol::OutNo;

use super::Report;
use crate::decide::join::{earliest, longest};
use crate::decide::{Draft, audit, currency, platform_refund_no};
use crate::{
    Failure, ItemAmount, Operation, OperationKind, OperationState, OperationTrade, Order, Origin, RefundSeen,
    System,
};

/// The operation that a report is about. In the general trade system the platform's number tells, because the platform
/// may have made up a number of its own, even one that is ours; our number tells until the platform's is known. In
/// guaranteed payment our number tells, and the platform's only of a settlement that the platform made by itself.
pub(super) fn find(order: &Order, report: &Report<'_>) -> Option<usize> {
    let ours = order.position(report.kind, report.out_no);
    let Some(number) = report.platform_no else { return ours };
    let same = |operation: &Operation| {
        operation.kind == report.kind && operation.platform_no.as_ref() == Some(number)
    };
    if order.system == System::Ecpay {
        let automatic = |operation: &Operation| {
            operation.kind == OperationKind::Settlement
                && operation.origin == Origin::Platform
                && same(operation)
        };
        return ours.or_else(|| order.operations.iter().position(automatic));
    }
    let unnumbered = ours.filter(|at| order.operations[*at].platform_no.is_none());
    order.operations.iter().position(same).or(unnumbered)
}

/// An operation that nobody here asked for. In the general trade system a refund that somebody else started is named
/// after the platform's number, whatever number the platform made up for it.
pub(super) fn adopted(order: &Order, report: &Report<'_>) -> (OutNo, Origin, Option<Box<OperationTrade>>) {
    if order.system == System::Ecpay {
        return (report.out_no.clone(), Origin::Platform, None);
    }
    let started_by = report.refund.and_then(|seen| seen.origin).filter(|origin| *origin != Origin::Merchant);
    let taken = order.position(report.kind, report.out_no).is_some();
    let platforms = report.platform_no.as_ref().filter(|_| started_by.is_some() || taken);
    let out_no = platforms.map_or_else(|| report.out_no.clone(), platform_refund_no);
    (out_no, started_by.unwrap_or(Origin::Platform), Some(Box::default()))
}

/// Takes over what only the general trade system tells; says whether anything was new.
pub(super) fn take_over(draft: &mut Draft<'_>, at: usize, report: &Report<'_>) -> bool {
    if draft.order.system == System::Ecpay {
        return false;
    }
    let mut new = false;
    let operation = &mut draft.order.operations[at];
    if report.state >= operation.state && report.state.is_final() {
        new |= earliest(&mut operation.finished_at, report.finished_at);
        new |= tell_why(&mut operation.failure, report);
    }
    if let Some(seen) = report.refund {
        new |= of_refund(operation, seen);
    }
    new
}

/// Remembers that a refund is in something else than CNY; says whether that was new.
pub(super) fn take_currency(draft: &mut Draft<'_>, report: &Report<'_>) -> bool {
    report.refund.is_some_and(|seen| currency::take_over(draft, &seen.currency))
}

/// Whether a report makes it doubtful that an order is not paid: money has moved, or in the general trade system
/// somebody wants it back.
pub(super) fn proves_payment(order: &Order, report: &Report<'_>) -> bool {
    report.state == OperationState::Succeeded || order.system == System::Trade
}

/// Keeps the fuller of two explanations of a failure.
fn tell_why(failure: &mut Option<Failure>, report: &Report<'_>) -> bool {
    let Some(known) = failure.as_mut().filter(|_| report.state == OperationState::Failed) else {
        return false;
    };
    let mut message = Some(known.message.clone());
    let new = longest(&mut message, report.message);
    known.message = message.unwrap_or_default();
    new
}

fn of_refund(operation: &mut Operation, seen: &RefundSeen) -> bool {
    let mut new = false;
    let platforms = operation.origin != Origin::Merchant;
    if platforms {
        // User and customer service are more than "somebody on the platform's side".
        let origin = seen.origin.filter(|told| *told != Origin::Merchant && *told < operation.origin);
        new |= origin.is_some();
        operation.origin = origin.unwrap_or(operation.origin);
        let mut text = Some(operation.text.clone());
        new |= longest(&mut text, &seen.reason.clone().filter(|reason| !reason.is_empty()));
        operation.text = text.unwrap_or_default();
    }
    let Some(trade) = &mut operation.trade else { return new };
    if platforms || trade.whole {
        new |= merge(&mut trade.items, &seen.items);
    }
    if let Some(seen) = &seen.audit {
        new |= audit::take_over(&mut trade.audit, seen);
    }
    new
}

/// The parts of both, by number; of two amounts of the same item the higher.
fn merge(known: &mut Vec<ItemAmount>, told: &[ItemAmount]) -> bool {
    let mut new = false;
    for part in told {
        match known.binary_search_by(|one| one.item_order_id.cmp(&part.item_order_id)) {
            Ok(at) if part.amount > known[at].amount => {
                known[at].amount = part.amount;
                new = true;
            }
            Ok(_) => {}
            Err(at) => {
                known.insert(at, part.clone());
                new = true;
            }
        }
    }
    new
}

/// Settles the merchant's decision by what is known now; says whether that was new.
pub(super) fn settle_decision(draft: &mut Draft<'_>, at: usize) -> bool {
    let state = draft.order.operations[at].state;
    draft.audit(at).is_some_and(|audit| audit::settle(audit, state))
}

/// Whether a report about a refund makes the merchant's consent needed now.
pub(super) fn asks_for_consent(operation: &Operation, known: OperationState) -> bool {
    operation.kind == OperationKind::Refund
        && operation.origin != Origin::Merchant
        && operation.state == OperationState::Auditing
        && known < operation.state
}
