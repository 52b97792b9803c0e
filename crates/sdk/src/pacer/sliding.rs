//! A pacer of this process: a sliding log of turns per app and endpoint.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use douyin_pay_env::{BoxFuture, Clock, Env, Mono};
use douyin_pay_protocol::{AppId, Endpoint};

use super::lane::Lane;
use super::{Limits, Paced, Pacer, Permit};

/// Keeps calls evenly spaced and below the limit in any window of one second at the platform.
///
/// Per app and endpoint: a limit of `n` gives at most `n` turns in 1,065 ms, at least `1000 / n` ms apart
/// (no bursts), first come first served, with at most `n` calls unanswered. It makes no turns for a while
/// after its start, because an earlier process may have used them. Clones share everything.
///
/// ```
/// use std::time::Duration;
///
/// use douyin_pay::env::Env;
/// use douyin_pay::protocol::{AppId, Endpoint, ecpay};
/// use douyin_pay::{Limits, Pacer, SlidingPacer};
/// use futures_util::FutureExt;
///
/// let pacer = SlidingPacer::new(Env::real(), Limits::standard(), Duration::ZERO);
/// let app = AppId::new("tt0000000000000001").unwrap();
/// let query = Endpoint::from(ecpay::Endpoint::QueryOrder);
/// let first = pacer.acquire(&app, query, None).now_or_never();
/// assert!(first.is_some_and(|turn| turn.is_ok()));
/// // the next turn comes 33 ms later: too late for somebody who cannot wait
/// let second = pacer.acquire(&app, query, Some(Duration::ZERO)).now_or_never();
/// assert!(second.is_some_and(|turn| turn.is_err()));
/// ```
#[derive(Clone)]
pub struct SlidingPacer(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    quiet_until: Mono,
    state: Mutex<State>,
}

struct State {
    limits: Limits,
    lanes: BTreeMap<(AppId, Endpoint), Lane>,
}

impl SlidingPacer {
    /// A pacer on the clock of `env` that gives no turns before `quiet_for` is over.
    pub fn new(env: Env, limits: Limits, quiet_for: Duration) -> Self {
        let quiet_until = env.mono().plus(quiet_for);
        let state = Mutex::new(State { limits, lanes: BTreeMap::new() });
        Self(Arc::new(Inner { clock: env.clock, quiet_until, state }))
    }

    /// Replaces the limits; who waits already waits by the new ones.
    pub fn set_limits(&self, limits: Limits) {
        let wakers: Vec<Waker> = {
            let mut state = self.0.state();
            state.limits = limits;
            state.lanes.values().flat_map(Lane::wakers).collect()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The limits that hold now.
    pub fn limits(&self) -> Limits {
        self.0.state().limits.clone()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }
}

impl Pacer for SlidingPacer {
    fn acquire(
        &self,
        app: &AppId,
        endpoint: Endpoint,
        wait_max: Option<Duration>,
    ) -> BoxFuture<Result<Permit, Paced>> {
        let key = (app.clone(), endpoint);
        Box::pin(Acquire {
            pacer: Arc::clone(&self.0),
            key,
            wait_max,
            too_late: None,
            ticket: None,
            sleep: None,
        })
    }

    fn backlog(&self, app: &AppId, endpoint: Endpoint) -> Duration {
        let now = self.0.clock.mono();
        let state = self.0.state();
        let Some(limit) = state.limits.per_second(app, endpoint) else { return Duration::ZERO };
        match state.lanes.get(&(app.clone(), endpoint)) {
            Some(lane) => lane.foresee(lane.ahead(None), limit, self.0.quiet_until, now),
            None => self.0.quiet_until.wait_from(now),
        }
    }
}

impl fmt::Debug for SlidingPacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlidingPacer").field("limits", &self.0.state().limits).finish_non_exhaustive()
    }
}

/// Somebody who waits for a turn. Only the first in the queue has a timer for the turn.
struct Acquire {
    pacer: Arc<Inner>,
    key: (AppId, Endpoint),
    wait_max: Option<Duration>,
    /// When `wait_max`, counted from the first poll, is over.
    too_late: Option<Mono>,
    ticket: Option<u64>,
    sleep: Option<(Mono, BoxFuture<()>)>,
}

/// What a look at the queue says.
enum Look {
    Go { counted: bool, wake: Option<Waker> },
    TooLate { wait: Duration, wake: Option<Waker> },
    Wait { until: Option<Mono> },
}

impl Acquire {
    fn look(&mut self, now: Mono, waker: &Waker) -> Look {
        let mut state = self.pacer.state();
        let limit = state.limits.per_second(&self.key.0, self.key.1);
        let lane = state.lanes.entry(self.key.clone()).or_default();
        let Some(limit) = limit else {
            let wake = self.ticket.take().and_then(|ticket| lane.leave(ticket));
            return Look::Go { counted: false, wake };
        };
        let quiet_until = self.pacer.quiet_until;
        if let (None, Some(max)) = (self.ticket, self.wait_max) {
            let wait = lane.foresee(lane.ahead(None), limit, quiet_until, now);
            if wait > max {
                return Look::TooLate { wait, wake: None };
            }
            self.too_late = Some(now.plus(max));
        }
        let ticket = *self.ticket.get_or_insert_with(|| lane.join());
        let turn = lane.turn(ticket, limit, quiet_until);
        if turn.is_some_and(|turn| turn <= now) {
            self.ticket = None;
            return Look::Go { counted: true, wake: lane.go(ticket, now) };
        }
        if self.too_late.is_some_and(|too_late| too_late <= now) {
            let wait = lane.foresee(lane.ahead(Some(ticket)), limit, quiet_until, now);
            self.ticket = None;
            return Look::TooLate { wait, wake: lane.leave(ticket) };
        }
        lane.wait(ticket, waker);
        Look::Wait { until: turn.into_iter().chain(self.too_late).min() }
    }

    fn permit(&self, counted: bool) -> Permit {
        if !counted {
            return Permit::uncounted();
        }
        let (pacer, key) = (Arc::clone(&self.pacer), self.key.clone());
        Permit::new(move || {
            let wake = pacer.state().lanes.get_mut(&key).and_then(Lane::give_back);
            wake.into_iter().for_each(Waker::wake);
        })
    }

    /// Polls the timer for `until`; true when that moment has come already.
    fn poll_timer(&mut self, until: Mono, context: &mut Context<'_>) -> bool {
        let fitting = self.sleep.take().filter(|(at, _)| *at == until);
        let (_, mut sleep) = fitting.unwrap_or_else(|| (until, self.pacer.clock.sleep_until(until)));
        let over = sleep.as_mut().poll(context).is_ready();
        if !over {
            self.sleep = Some((until, sleep));
        }
        over
    }
}

impl Future for Acquire {
    type Output = Result<Permit, Paced>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let now = self.pacer.clock.mono();
            match self.look(now, context.waker()) {
                Look::Go { counted, wake } => {
                    wake.into_iter().for_each(Waker::wake);
                    return Poll::Ready(Ok(self.permit(counted)));
                }
                Look::TooLate { wait, wake } => {
                    wake.into_iter().for_each(Waker::wake);
                    return Poll::Ready(Err(Paced { wait }));
                }
                Look::Wait { until } => {
                    if !until.is_some_and(|until| self.poll_timer(until, context)) {
                        return Poll::Pending;
                    }
                }
            }
        }
    }
}

impl Drop for Acquire {
    fn drop(&mut self) {
        let Some(ticket) = self.ticket else { return };
        let wake = self.pacer.state().lanes.get_mut(&self.key).and_then(|lane| lane.leave(ticket));
        wake.into_iter().for_each(Waker::wake);
    }
}
