//! Sums that cannot be: observations are absorbed, and a human looks.

use super::Draft;
use crate::{Alarm, Operation, OperationKind, OperationState, Order};

/// Observations are absorbed whatever they add up to; a sum that cannot be is for a human.
pub(super) fn check(draft: &mut Draft<'_>) {
    let limit = draft.order.payable();
    let refunded = draft.order.refunded();
    if refunded > limit {
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
    if let Some(problem) = too_much_back(&draft.order) {
        draft.alarm(Alarm::ReturnsDisagree, None, || problem);
    }
}

/// A receiver that gave back more than it got. While the settlement is not known as done, or not who got what of it,
/// nothing can be said.
fn too_much_back(order: &Order) -> Option<String> {
    let done = |op: &&Operation| op.state == OperationState::Succeeded;
    order.operations_of(OperationKind::Return).filter(done).find_map(|op| {
        let settlement = order.operation(OperationKind::Settlement, op.settlement()?)?;
        let receiver = &op.receiver()?.merchant_uid;
        let returns = order.returns(&settlement.out_no, receiver);
        let told = settlement.state == OperationState::Succeeded && !settlement.shares.is_empty();
        (told && returns.returned > returns.shared).then(|| {
            format!(
                "the platform reports ¥{} returned by `{receiver}`, which got ¥{} in settlement `{}`",
                returns.returned, returns.shared, settlement.out_no
            )
        })
    })
}
