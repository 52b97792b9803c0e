//! How a call or a question ended, and whose turn is next.

use crate::order::{next_even, next_odd};
use crate::schedule::{NEVER_ARRIVED_MS, Walk};

/// How a call or a question ended that brought nothing final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The call cannot have reached the platform, or reached it and was turned away for our configuration.
    CallUnsent,
    /// The call may have acted.
    CallUnclear,
    /// The platform refused the call, and that does not decide.
    CallRefused,
    /// The platform told what was known already, or that it still works on it.
    Told,
    /// The platform does not know the number.
    NotFound,
    /// The question did not leave.
    Unsent,
    /// The question brought no answer, or was skipped.
    Silence,
}

impl End {
    /// The number of tries after it. In the general trade system it also says whose turn is next: odd tries ask,
    /// even tries call.
    pub(super) fn next_try(self, walk: Option<Walk>, tries: u16, age_ms: i64) -> u16 {
        match (self, walk) {
            (Self::Unsent, _) => tries,
            (Self::CallUnsent, Some(Walk::Asked)) => tries.saturating_add(2),
            (Self::NotFound, Some(Walk::Asked)) if age_ms >= NEVER_ARRIVED_MS => next_even(tries),
            (_, Some(Walk::Asked)) => next_odd(tries),
            (Self::CallUnsent | Self::CallUnclear | Self::Told, Some(Walk::Deciding)) => next_even(tries),
            (_, Some(Walk::Deciding)) => next_odd(tries),
            _ => tries.saturating_add(1),
        }
    }
}
