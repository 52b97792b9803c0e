//! Sums that cannot be: observations are absorbed, and a human looks.

use super::Draft;
use crate::Alarm;

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
}
