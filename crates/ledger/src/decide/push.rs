//! What the platform's order centre is told by itself of payment and refund.

use douyin_pay_protocol::{Fen, UnixMs};

use super::plan::next_no;
use super::{Draft, limits};
use crate::{Operation, OperationEcpay, OperationKind, Order, OrderState, Origin};

const PAID: &str = "paid";
const CANCELLED: &str = "cancelled";
const REFUNDING: &str = "refunding";
const REFUNDED: &str = "refunded";
const REFUND_FAILED: &str = "refund_failed";
/// The one state that the merchant tells.
pub(super) const REDEEMED: &str = "redeemed";

/// The platform ignores a push whose time is not later than the last one's, and may count whole seconds.
const APART_MS: i64 = 1_000;

/// Adds a push when the fact changed what the order centre should show.
pub(super) fn tell(draft: &mut Draft<'_>) {
    if !draft.order.plan.as_ref().is_some_and(|plan| plan.push) {
        return;
    }
    let was = draft.before.and_then(status);
    let told = match (was, status(&draft.order)) {
        (was, is) if was == is => return,
        (_, None) => return,
        (Some(REFUNDING), Some(PAID)) => REFUND_FAILED,
        (_, Some(is)) => is,
    };
    if draft.order.operations_of(OperationKind::Fulfilment).count() >= limits::FULFILMENTS_MAX {
        return;
    }
    let out_no = next_no(&draft.order, OperationKind::Fulfilment);
    let push = Operation {
        ecpay: Some(says(told)),
        ..Operation::new(
            OperationKind::Fulfilment,
            out_no,
            Origin::Merchant,
            time(&draft.order, draft.fact.at),
        )
    };
    draft.order.operations.push(push);
    let at = draft.order.operations.len() - 1;
    draft.call_now(at);
}

/// What a push tells.
pub(super) fn says(to_status: &str) -> Box<OperationEcpay> {
    Box::new(OperationEcpay { to_status: Some(to_status.into()), ..OperationEcpay::default() })
}

/// When a push of now counts as asked for: later than all before it.
pub(super) fn time(order: &Order, now: UnixMs) -> UnixMs {
    let last = order.operations_of(OperationKind::Fulfilment).map(|push| push.requested_at).max();
    last.map_or(now, |last| now.max(last.plus_ms(APART_MS)))
}

/// What the order centre should show. Refunds of a part are not shown: its words are about the whole order.
fn status(order: &Order) -> Option<&'static str> {
    match order.state {
        OrderState::Closed => Some(CANCELLED),
        OrderState::Paid if order.refunded() >= order.paid() => Some(REFUNDED),
        OrderState::Paid if order.refundable() == Fen::ZERO => Some(REFUNDING),
        OrderState::Paid => Some(PAID),
        OrderState::Opening | OrderState::Waiting | OrderState::Refused => None,
    }
}
