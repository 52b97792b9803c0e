//! The figures of a settlement, as the platform reports them.

use douyin_pay_protocol::Fen;

use super::Report;
use crate::decide::Draft;
use crate::decide::join::fill;
use crate::sums::plus;
use crate::{Alarm, Operation, OperationState, Origin, SettlementSeen};

/// Takes over the figures of a settlement that is done. Figures that differ from earlier ones are
/// for a human; until then the higher counts.
pub(super) fn take_over(draft: &mut Draft<'_>, at: usize, report: &Report<'_>) -> bool {
    let Some(seen) = report.settlement else { return false };
    let operation = &mut draft.order.operations[at];
    let platforms = operation.origin != Origin::Merchant;
    let mut new = platforms && own_scope(operation, seen);
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
        if operation.shares.is_empty() && !seen.shares.is_empty() {
            operation.shares.clone_from(&seen.shares);
            new = true;
        }
        // What all receivers got is after the fees, so what was taken is at least both.
        let told = operation.settle_amount.unwrap_or(Fen::ZERO);
        let got =
            if operation.shares.is_empty() { told } else { plus(operation.shares_total(), operation.fees()) };
        operation.amount = operation.amount.max(told).max(got);
    }
    operation.basis = operation.infer_basis();
    if differs {
        draft.alarm(Alarm::FeesDiffer, Some(at), || {
            "the platform reports two different amounts or fees; the higher ones are kept".to_owned()
        });
    }
    new
}

/// What a settlement that the platform made by itself is about: an item, or all that was left, so that it is the last.
fn own_scope(operation: &mut Operation, seen: &SettlementSeen) -> bool {
    let item =
        operation.trade.as_mut().is_some_and(|trade| fill(&mut trade.item_order_id, &seen.item_order_id));
    let last = (operation.finish || seen.automatic) && operation.item_order_id().is_none();
    let new = item || last != operation.finish;
    operation.finish = last;
    new
}
