//! The platform's own last settlement: what was left tells what it took.

use douyin_pay_protocol::Fen;

use crate::sums::{minus, plus, total};
use crate::{AmountBasis, Operation, OperationKind, OperationState, Order, Origin, RefundSource};

/// Nobody here asked for it, so its own figures may not tell whether they are before or after the fees. It takes
/// whatever is left in transit, and that is known. Worked out anew after every fact, so that the order in which the
/// platform speaks does not matter.
pub(super) fn infer_basis(order: &mut Order) {
    for operation in order.operations.iter_mut().filter(|operation| is_own_last(operation)) {
        operation.basis = operation.infer_basis();
    }
    let mut own = order.operations.iter().enumerate().filter(|(_, operation)| is_own_last(operation));
    // With two that call themselves the last, neither took what the other's figures leave.
    let (Some((at, _)), None) = (own.next(), own.next()) else { return };
    let left = left_for(order, at);
    let operation = &mut order.operations[at];
    let (Some(reported), Some(_)) = (operation.settle_amount, operation.rake) else { return };
    operation.basis = match operation.basis {
        AmountBasis::Unknown if reported == left => AmountBasis::Gross,
        AmountBasis::Unknown if plus(reported, operation.fees()) == left => AmountBasis::Net,
        told => told,
    };
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
