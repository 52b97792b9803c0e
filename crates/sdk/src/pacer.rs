//! Staying below the platform's limits of calls.

mod lane;
mod limits;
mod sliding;

use std::fmt;
use std::time::Duration;

use douyin_pay_env::BoxFuture;
use douyin_pay_protocol::{AppId, Endpoint};

pub use limits::Limits;
pub use sliding::SlidingPacer;

/// Gives every call its turn. One pacer should serve everybody who calls for the same apps.
pub trait Pacer: Send + Sync + 'static {
    /// Waits for the turn of a call to `endpoint`, at most for `wait_max` if given; first come, first served.
    ///
    /// The turn is yours until the [`Permit`] is dropped: keep it until the answer is there. Dropping the
    /// future gives the place in the queue back.
    ///
    /// # Errors
    /// [`Paced`] when the turn would come, or has come, too late; usually at once.
    fn acquire(
        &self,
        app: &AppId,
        endpoint: Endpoint,
        wait_max: Option<Duration>,
    ) -> BoxFuture<Result<Permit, Paced>>;

    /// How long a newcomer would wait for its turn.
    fn backlog(&self, app: &AppId, endpoint: Endpoint) -> Duration;
}

/// The right to make one call; given back when dropped.
pub struct Permit(Option<Box<dyn FnOnce() + Send>>);

impl Permit {
    /// A permit that does `give_back` when it is dropped.
    pub fn new(give_back: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(give_back)))
    }

    /// A permit that nobody counts.
    pub fn uncounted() -> Self {
        Self(None)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(give_back) = self.0.take() {
            give_back();
        }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit")
    }
}

/// The turn would come too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the limit of calls leaves no turn before {} ms; ask later", wait.as_millis())]
pub struct Paced {
    /// How long the wait would be, as far as can be foreseen.
    pub wait: Duration,
}
