//! `Env`: the four ways to the outside in one value, with the shorthands everybody uses.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::{BoxFuture, Clock, Mono, Net, UnixMs};

/// Random bytes.
pub trait Entropy: Send + Sync + 'static {
    /// Fills all of `to`.
    fn fill(&self, to: &mut [u8]);
}

/// Work that goes on besides, and must be finished before the process ends.
pub trait Tasks: Send + Sync + 'static {
    /// Starts `task`. Its name appears where something must be said about it.
    fn spawn(&self, name: &'static str, task: BoxFuture<()>);

    /// Waits until no task lives, at most for `within`; says how many still do.
    fn drain(&self, within: Duration) -> BoxFuture<usize>;
}

/// Time, randomness, network and tasks. Clones share all four.
#[derive(Clone)]
pub struct Env {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// What is random.
    pub entropy: Arc<dyn Entropy>,
    /// What the network answers.
    pub net: Arc<dyn Net>,
    /// What runs besides.
    pub tasks: Arc<dyn Tasks>,
}

/// The time was over before the work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time was over before the work was done")]
pub struct Elapsed;

impl Env {
    /// The calendar's time.
    pub fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// The monotonic time.
    pub fn mono(&self) -> Mono {
        self.clock.mono()
    }

    /// Ends `duration` from now; "now" is the call, not the first poll.
    pub fn sleep(&self, duration: Duration) -> BoxFuture<()> {
        self.clock.sleep_until(self.mono().plus(duration))
    }

    /// Ends when the monotonic time has reached `at`.
    pub fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        self.clock.sleep_until(at)
    }

    /// Drives `work`, but drops it when `limit` is over; the time counts from the call, not from the first poll.
    ///
    /// Work that is ready at the last moment wins over the clock.
    ///
    /// # Errors
    /// [`Elapsed`] when the work was dropped unfinished.
    pub fn within<F: Future>(
        &self,
        limit: Duration,
        work: F,
    ) -> impl Future<Output = Result<F::Output, Elapsed>> + use<F> {
        let over = self.sleep(limit);
        async move {
            match select(pin!(work), over).await {
                Either::Left((output, _)) => Ok(output),
                Either::Right(((), _)) => Err(Elapsed),
            }
        }
    }

    /// 64 random bits.
    pub fn random_u64(&self) -> u64 {
        let mut bytes = [0; 8];
        self.entropy.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// A random number below `n`; zero when `n` is zero.
    pub fn random_below(&self, n: u64) -> u64 {
        let scaled = (u128::from(self.random_u64()) * u128::from(n)) >> 64;
        u64::try_from(scaled).expect("below n, which is 64 bits wide")
    }

    /// `around`, moved by at most `percent` of it in either direction, in whole microseconds.
    pub fn jitter(&self, around: Duration, percent: u32) -> Duration {
        let micros = u64::try_from(around.as_micros()).unwrap_or(u64::MAX / 256);
        let reach = micros.saturating_mul(u64::from(percent.min(100))) / 100;
        let moved = self.random_below(reach.saturating_mul(2).saturating_add(1));
        Duration::from_micros((micros - reach).saturating_add(moved))
    }

    /// That many random lower-case hex digits.
    pub fn random_hex(&self, digits: usize) -> String {
        let mut bytes = vec![0; digits.div_ceil(2)];
        self.entropy.fill(&mut bytes);
        let both = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        both.take(digits).map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env(…)")
    }
}
