//! What the visitor wants to go wrong.

use douyin_pay_mock::{CallFault, CallbackFault, Faults, NextCall, NextCallback};
use serde::{Deserialize, Serialize};

/// The calls that change something at the platform.
const ACTS: [&str; 7] = [
    "create_order",
    "create_refund",
    "settle",
    "refund_create",
    "settle_create",
    "fulfill_push_status",
    "refund_audit_callback",
];
/// Enough to be turned away, not enough for anybody to give up.
const BUSY_TIMES: u32 = 2;

/// The switches on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::dev) struct Wishes {
    /// No callback is ever sent.
    lose_callback: bool,
    /// Each callback is sent twice at the same moment.
    double_callback: bool,
    /// The platform acts, and its answer is lost, once for each step.
    lose_response: bool,
    /// The platform turns the first calls of each step away.
    busy: bool,
}

impl Wishes {
    /// The mock's faults for the step that begins now.
    pub(super) fn faults(self) -> Faults {
        let mut faults = Faults::default();
        let always = |fault| NextCallback { kind: None, fault, times: u32::MAX };
        if self.lose_callback {
            faults.next_callbacks.push(always(CallbackFault::Never));
        }
        if self.double_callback {
            faults.next_callbacks.push(always(CallbackFault::Doubled));
        }
        for act in ACTS {
            if self.busy {
                faults.next.push(NextCall::new(act, CallFault::Throttle, BUSY_TIMES));
            }
            if self.lose_response {
                faults.next.push(NextCall::new(act, CallFault::LoseResponse, 1));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::Wishes;

    #[test]
    fn every_switch_makes_something_go_wrong() {
        let quiet = Wishes::default().faults();
        assert!(quiet.next.is_empty() && quiet.next_callbacks.is_empty());
        for name in ["lose_callback", "double_callback", "lose_response", "busy"] {
            let wishes: Wishes = serde_json::from_value(serde_json::json!({ name: true })).expect("a switch");
            assert_ne!(wishes.faults(), quiet, "{name}");
        }
    }
}
