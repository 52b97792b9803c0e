//! One queue under one limit: when the next turn is, and whose. Pure; time is a parameter.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU32;
use std::task::Waker;
use std::time::Duration;

use douyin_pay_env::Mono;

/// The platform counts in any window of one second; what leaves us evenly arrives up to 30 ms early or late.
const WINDOW_MS: i64 = 1_065;

/// The calls of one app to one endpoint.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// When turns were given, oldest first; only those that a window can still see.
    given: VecDeque<Mono>,
    in_flight: u32,
    next_ticket: u64,
    /// Who waits, in the order of arrival. The first one keeps the time for all.
    waiting: BTreeMap<u64, Option<Waker>>,
}

impl Lane {
    /// A new place at the end of the queue.
    pub(super) fn join(&mut self) -> u64 {
        self.next_ticket += 1;
        self.waiting.insert(self.next_ticket, None);
        self.next_ticket
    }

    /// Whom to wake next time something changes for `ticket`.
    pub(super) fn wait(&mut self, ticket: u64, waker: &Waker) {
        self.waiting.insert(ticket, Some(waker.clone()));
    }

    /// Gives a place back; says whom to wake because it is first now.
    pub(super) fn leave(&mut self, ticket: u64) -> Option<Waker> {
        self.waiting.remove(&ticket);
        self.first()
    }

    /// Everybody who waits: for when the limit itself has changed.
    pub(super) fn wakers(&self) -> impl Iterator<Item = Waker> + '_ {
        self.waiting.values().filter_map(Clone::clone)
    }

    fn first(&self) -> Option<Waker> {
        self.waiting.values().next().cloned().flatten()
    }

    /// When `ticket` may go, if only time stands between; `None` when others must go or return first.
    pub(super) fn turn(&self, ticket: u64, limit: NonZeroU32, quiet_until: Mono) -> Option<Mono> {
        let is_first = self.waiting.keys().next() == Some(&ticket);
        (is_first && self.in_flight < limit.get()).then(|| free_at(&self.given, limit, quiet_until))
    }

    /// `ticket` goes now; says whom to wake because it is first now.
    pub(super) fn go(&mut self, ticket: u64, now: Mono) -> Option<Waker> {
        while self.given.front().is_some_and(|at| now.since(*at) >= WINDOW_MS) {
            self.given.pop_front();
        }
        self.given.push_back(now);
        self.in_flight += 1;
        self.leave(ticket)
    }

    /// One call is over; says whom to wake.
    pub(super) fn give_back(&mut self) -> Option<Waker> {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.first()
    }

    /// How many wait in front of `ticket`; all of them for a newcomer.
    pub(super) fn ahead(&self, ticket: Option<u64>) -> usize {
        ticket.map_or(self.waiting.len(), |ticket| self.waiting.range(..ticket).count())
    }

    /// How long somebody with `ahead` others in front waits, if every call is answered in time.
    pub(super) fn foresee(&self, ahead: usize, limit: NonZeroU32, quiet_until: Mono, now: Mono) -> Duration {
        let per_window = limit.get() as usize;
        // After the first two windows the turns repeat with each window.
        let repeats = (ahead / per_window).saturating_sub(2);
        let mut given = self.given.clone();
        let mut turn = now;
        for _ in 0..=ahead - repeats * per_window {
            turn = free_at(&given, limit, quiet_until).max(turn);
            given.push_back(turn);
        }
        let windows_ms = i64::try_from(repeats).unwrap_or(i64::MAX).saturating_mul(WINDOW_MS);
        turn.plus_ms(windows_ms).wait_from(now)
    }
}

/// The earliest moment of the next turn: evenly spaced, and never more than `limit` in a window.
fn free_at(given: &VecDeque<Mono>, limit: NonZeroU32, quiet_until: Mono) -> Mono {
    let spacing_ms = 1_000 / i64::from(limit.get());
    let spaced = given.back().map(|last| last.plus_ms(spacing_ms));
    let leaving = given.len().checked_sub(limit.get() as usize).and_then(|index| given.get(index));
    let in_window = leaving.map(|oldest| oldest.plus_ms(WINDOW_MS));
    [spaced, in_window].into_iter().flatten().fold(quiet_until, Mono::max)
}
