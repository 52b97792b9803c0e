//! A clock that can be moved forward, on top of one that runs by itself.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::clock::ms_rounded_up;
use crate::{BoxFuture, Clock, Mono, UnixMs};

/// Another clock plus an offset that only grows. Clones share the offset.
///
/// Whoever sleeps on it wakes when the shared time passes the moment, be it by waiting or by
/// [`OffsetClock::advance`]. Both times move together.
///
/// ```
/// use std::time::Duration;
///
/// use douyin_pay_env::{Clock, OffsetClock, UnixMs};
/// use futures_util::FutureExt;
///
/// let clock = OffsetClock::standing_at(UnixMs::new(1_704_067_200_000));
/// let mut asleep = clock.sleep_until(clock.mono().plus_ms(5_000));
/// assert_eq!((&mut asleep).now_or_never(), None);
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(asleep.now_or_never(), Some(()));
/// assert_eq!(clock.now(), UnixMs::new(1_704_067_205_000));
/// ```
#[derive(Clone)]
pub struct OffsetClock(Arc<Inner>);

struct Inner {
    base: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    offset_ms: i64,
    next_ticket: u64,
    /// By moment, then by arrival: the order in which they are woken.
    sleepers: BTreeMap<(Mono, u64), Waker>,
}

impl OffsetClock {
    /// A clock that shows what `base` shows until it is moved.
    pub fn new(base: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { base, state: Mutex::default() }))
    }

    /// A clock for tests: it stands at `now` and only [`OffsetClock::advance`] moves it.
    pub fn standing_at(now: UnixMs) -> Self {
        Self::new(Arc::new(Standing(now)))
    }

    /// Moves the time forward, in whole milliseconds (rounded up), and wakes sleepers in the order of their moments.
    pub fn advance(&self, by: Duration) {
        let woken = {
            let mut state = self.0.state();
            state.offset_ms = state.offset_ms.saturating_add(ms_rounded_up(by));
            // Those whose time has not come wake as well: they wait for a nearer moment of the base clock now.
            std::mem::take(&mut state.sleepers)
        };
        woken.into_values().for_each(Waker::wake);
    }

    /// How far ahead of its base it is.
    pub fn offset(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.state().offset_ms).unwrap_or(0))
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    fn mono_at(&self, offset_ms: i64) -> Mono {
        self.base.mono().plus_ms(offset_ms)
    }
}

impl Clock for OffsetClock {
    fn now(&self) -> UnixMs {
        let offset_ms = self.0.state().offset_ms;
        self.0.base.now().plus_ms(offset_ms)
    }

    fn mono(&self) -> Mono {
        let offset_ms = self.0.state().offset_ms;
        self.0.mono_at(offset_ms)
    }

    fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        Box::pin(Sleep { clock: Arc::clone(&self.0), at, ticket: None, base_sleep: None })
    }
}

impl fmt::Debug for OffsetClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OffsetClock({:?} ahead)", self.offset())
    }
}

/// The base of a clock that only its offset moves.
struct Standing(UnixMs);

impl Clock for Standing {
    fn now(&self) -> UnixMs {
        self.0
    }

    fn mono(&self) -> Mono {
        Mono::new(0)
    }

    fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        if at <= Mono::new(0) { Box::pin(std::future::ready(())) } else { Box::pin(std::future::pending()) }
    }
}

struct Sleep {
    clock: Arc<Inner>,
    at: Mono,
    ticket: Option<u64>,
    /// The wait on the base clock, and the offset for which it was computed.
    base_sleep: Option<(i64, BoxFuture<()>)>,
}

impl Sleep {
    /// Whether the moment has come; if not, `advance` will wake. Gives the offset that was looked at.
    fn look(&mut self, waker: &Waker) -> (bool, i64) {
        let clock = Arc::clone(&self.clock);
        let mut state = clock.state();
        let offset_ms = state.offset_ms;
        if clock.mono_at(offset_ms) >= self.at {
            return (true, offset_ms);
        }
        let ticket = *self.ticket.get_or_insert_with(|| {
            state.next_ticket += 1;
            state.next_ticket
        });
        state.sleepers.insert((self.at, ticket), waker.clone());
        (false, offset_ms)
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (come, offset_ms) = self.look(context.waker());
        if come {
            return Poll::Ready(());
        }
        let at = self.at.plus_ms(-offset_ms);
        let fitting = self.base_sleep.take().filter(|(for_offset, _)| *for_offset == offset_ms);
        let (_, mut sleep) = fitting.unwrap_or_else(|| (offset_ms, self.clock.base.sleep_until(at)));
        let polled = sleep.as_mut().poll(context);
        self.base_sleep = Some((offset_ms, sleep));
        polled
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.clock.state().sleepers.remove(&(self.at, ticket));
        }
    }
}
