//! The platform's own last settlement: what was left tells what it took.

use douyin_pay_protocol::Fen;

use crate::sums::{minus, plus, total};
use crate::{AmountBasis, Operation, OperationKind, OperationState, Order, Origin, RefundSource};

/// Nobody here asked for it, so its own figures may not tell whether they are before or after the fees. It takes
/// whatever is left in transit, and that is known. Worked out anew after every fact, so that the order in which the
/// platform speaks does not matter.
pub(crate) fn infer_basis(order: &mut Order) {
    for (at, basis) in derived(order) {
        order.operations[at].basis = basis;
    }
}

/// Whether a stored order says otherwise: an earlier version stored it, which knew less.
pub(super) fn is_outdated(order: &Order) -> bool {
    derived(order).into_iter().any(|(at, basis)| order.operations[at].basis != basis)
}

/// What each of the platform's own last settlements reports, before or after fees.
fn derived(order: &Order) -> Vec<(usize, AmountBasis)> {
    let places = order.operations.iter().enumerate().filter(|(_, operation)| is_own_last(operation));
    let own: Vec<usize> = places.map(|(at, _)| at).collect();
    // With two that call themselves the last, neither took what the other's figures leave.
    let alone = own.len() == 1;
    own.into_iter().map(|at| (at, basis(order, at, alone))).collect()
}

fn basis(order: &Order, at: usize, alone: bool) -> AmountBasis {
    let operation = &order.operations[at];
    let told = operation.infer_basis();
    let (true, AmountBasis::Unknown, Some(reported), Some(_)) =
        (alone, told, operation.settle_amount, operation.rake)
    else {
        return told;
    };
    let left = left_for(order, at);
    if reported == left {
        AmountBasis::Gross
    } else if plus(reported, operation.fees()) == left {
        AmountBasis::Net
    } else {
        AmountBasis::Unknown
    }
}

/// In the general trade system the figures speak for themselves.
fn is_own_last(operation: &Operation) -> bool {
    operation.kind == OperationKind::Settlement
        && operation.trade.is_none()
        && operation.origin != Origin::Merchant
        && operation.finish
        && operation.state == OperationState::Succeeded
}

/// What the other settlements and the refunds before it have left in transit.
fn left_for(order: &Order, at: usize) -> Fen {
    let others =
        order.operations.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, other)| other);
    let done = others.filter(|other| other.state == OperationState::Succeeded);
    let taken = done.filter_map(|other| match other.kind {
        OperationKind::Settlement => Some(other.gross()),
        OperationKind::Refund if other.source == RefundSource::InTransit => Some(other.amount),
        OperationKind::Refund | OperationKind::Return | OperationKind::Fulfilment => None,
    });
    minus(order.paid(), total(taken))
}
