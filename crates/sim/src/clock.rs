//! Time as a heap of wakers: it moves only when the simulation says so.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use douyin_pay_env::{BoxFuture, Clock, Mono, UnixMs};

/// A clock that stands still until [`SimClock::advance_to_next`] is called.
#[derive(Clone)]
pub struct SimClock(Arc<Mutex<State>>);

struct State {
    epoch: UnixMs,
    mono_ms: i64,
    next_ticket: u64,
    sleepers: BTreeMap<(i64, u64), Waker>,
}

impl SimClock {
    /// A clock whose first moment is `epoch`.
    pub fn starting_at(epoch: UnixMs) -> Self {
        Self(Arc::new(Mutex::new(State { epoch, mono_ms: 0, next_ticket: 0, sleepers: BTreeMap::new() })))
    }

    /// When the next sleeper is due.
    pub fn next_due(&self) -> Option<Mono> {
        self.lock().sleepers.keys().next().map(|(due_ms, _)| Mono::new(*due_ms))
    }

    /// Moves to the next sleeper's moment and wakes everybody who waits for that very moment.
    pub fn advance_to_next(&self) -> Option<Mono> {
        let (due_ms, wakers) = {
            let mut state = self.lock();
            let due_ms = state.sleepers.keys().next()?.0;
            state.mono_ms = state.mono_ms.max(due_ms);
            let later = state.sleepers.split_off(&(due_ms + 1, 0));
            let due = std::mem::replace(&mut state.sleepers, later);
            (due_ms, due.into_values().collect::<Vec<_>>())
        };
        wakers.into_iter().for_each(Waker::wake);
        Some(Mono::new(due_ms))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("the simulation has one thread")
    }
}

impl Clock for SimClock {
    fn now(&self) -> UnixMs {
        let state = self.lock();
        state.epoch.plus_ms(state.mono_ms)
    }

    fn mono(&self) -> Mono {
        Mono::new(self.lock().mono_ms)
    }

    fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        Box::pin(Sleep { clock: self.clone(), due_ms: at.get(), ticket: None })
    }
}

struct Sleep {
    clock: SimClock,
    due_ms: i64,
    ticket: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.lock();
        if state.mono_ms >= self.due_ms {
            return Poll::Ready(());
        }
        let ticket = *self.ticket.get_or_insert_with(|| {
            state.next_ticket += 1;
            state.next_ticket
        });
        state.sleepers.insert((self.due_ms, ticket), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.clock.lock().sleepers.remove(&(self.due_ms, ticket));
        }
    }
}
