//! Orders whose payment nobody wants any more: if it comes, the money goes back.

use douyin_pay_protocol::{Fen, OutNo};

use super::{Draft, items};
use crate::{Change, Fact, IfPaid, Operation, OperationKind, Order, OrderId, OrderState, Origin, Refusal};

/// Numbers of refunds that the ledger itself asks for begin so.
pub const AUTOMATIC_PREFIX: &str = "auto-";

/// The number of the one automatic refund of an order: the same however often it is decided.
pub fn automatic_refund_no(order: OrderId) -> OutNo {
    OutNo::new(format!("{AUTOMATIC_PREFIX}{order}")).expect("an order's id is made of letters and digits")
}

/// The merchant gives the order up.
pub(super) fn abandon(order: &Order, fact: &Fact) -> Result<Change, Refusal> {
    if order.if_paid == IfPaid::Refund {
        return Err(Refusal::Duplicate);
    }
    if order.state == OrderState::Paid {
        return Err(Refusal::AlreadyPaid);
    }
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.order.if_paid = IfPaid::Refund;
    draft.finish(None)
}

/// Asks for the refund of everything if that was wanted of a payment like this one. `known` is the state before it.
pub(super) fn refund_if_wanted(draft: &mut Draft<'_>, known: OrderState) {
    let late = matches!(known, OrderState::Closed | OrderState::Refused);
    let reason = match draft.order.if_paid {
        IfPaid::Refund => "订单已放弃，自动退款",
        IfPaid::RefundLate if late => "订单关闭后付款，自动退款",
        IfPaid::RefundLate | IfPaid::Keep => return,
    };
    let (amount, out_no) = (draft.order.refundable(), automatic_refund_no(draft.order.id));
    // The platform may have begun to give it back already.
    if amount == Fen::ZERO {
        return;
    }
    let refund = Operation {
        amount,
        text: reason.into(),
        trade: items::of_rest(&draft.order, amount),
        ..Operation::new(OperationKind::Refund, out_no, Origin::Merchant, draft.fact.at)
    };
    draft.order.operations.push(refund);
    let at = draft.order.operations.len() - 1;
    draft.call_now(at);
}
