//! How often tokens are asked for, far from the platform's 500 in five minutes. Pure; time is a parameter.

use std::collections::VecDeque;

use douyin_pay_env::Mono;

use super::NoToken;

/// The platform's window.
const WINDOW_MS: i64 = 300_000;
/// A fifth of what the platform grants, so that a few processes and a colleague's script fit beside us.
const CALLS_MAX: usize = 100;
/// The rest after the first failure; doubled with each further one.
const REST_MS: i64 = 1_000;
/// At most so long. Failures alone stay below [`CALLS_MAX`], so an outage never locks us out.
const REST_MS_MAX: i64 = 15_000;
/// The rest after the platform said "too often".
const REST_THROTTLED_MS: i64 = 60_000;
/// Attempts to renew a token that still lives are so far apart.
const EARLY_MS: i64 = 60_000;

/// When the platform may be asked for a token again.
pub(super) struct Rest {
    /// When token calls were made, oldest first; only those that the window can still see.
    calls: VecDeque<Mono>,
    last: Option<Mono>,
    not_before: Mono,
    /// Failed flights in a row, and the last failure.
    failures: u32,
    failure: Option<NoToken>,
    /// Tokens in a row that were rejected young.
    rejections: u32,
}

impl Rest {
    pub(super) fn new(now: Mono) -> Self {
        let calls = VecDeque::new();
        Self { calls, last: None, not_before: now, failures: 0, failure: None, rejections: 0 }
    }

    /// Whether a token that is needed may be fetched.
    pub(super) fn lets_fetch(&mut self, now: Mono) -> Result<(), NoToken> {
        if now < self.not_before {
            let resting = || NoToken::Resting(self.not_before.wait_from(now));
            return Err(self.failure.clone().unwrap_or_else(resting));
        }
        while self.calls.front().is_some_and(|at| now.since(*at) >= WINDOW_MS) {
            self.calls.pop_front();
        }
        match self.calls.front() {
            Some(oldest) if self.calls.len() >= CALLS_MAX => {
                Err(NoToken::Resting(oldest.plus_ms(WINDOW_MS).wait_from(now)))
            }
            _ => Ok(()),
        }
    }

    /// Whether a token that still lives may be renewed.
    pub(super) fn lets_renew_early(&mut self, now: Mono) -> bool {
        self.last.is_none_or(|last| now.since(last) >= EARLY_MS) && self.lets_fetch(now).is_ok()
    }

    /// A token that still lives was or was not renewed. A failure keeps nobody from fetching one when it is needed.
    pub(super) fn renewed_early(&mut self, attempts: u32, now: Mono) {
        self.calls.extend((0..attempts).map(|_| now));
        self.last = Some(now);
    }

    /// A token that is needed was fetched or not, for which the platform was asked `attempts` times.
    pub(super) fn fetched(&mut self, attempts: u32, failure: Option<&NoToken>, now: Mono) {
        self.renewed_early(attempts, now);
        self.failure = failure.cloned();
        self.failures = if failure.is_some() { self.failures.saturating_add(1) } else { 0 };
        if let Some(failure) = failure {
            let rest = if failure.is_throttled() { REST_THROTTLED_MS } else { rest_ms(self.failures) };
            self.not_before = now.plus_ms(rest);
        }
    }

    /// The current token was rejected. Once is an accident; again and again something else is wrong.
    pub(super) fn rejected(&mut self, now: Mono) {
        let young = self.last.is_some_and(|last| now.since(last) < WINDOW_MS);
        self.rejections = if young { self.rejections.saturating_add(1) } else { 1 };
        if self.rejections > 1 {
            self.not_before = self.last.unwrap_or(now).plus_ms(rest_ms(self.rejections - 1));
        }
    }
}

/// 1, 2, 4, 8, then always 15 seconds.
fn rest_ms(nth: u32) -> i64 {
    (REST_MS << nth.saturating_sub(1).min(10)).min(REST_MS_MAX)
}

#[cfg(test)]
mod tests {
    use douyin_pay_env::Mono;
    use proptest::prelude::*;

    use super::{CALLS_MAX, Rest, WINDOW_MS};
    use crate::tokens::NoToken;

    /// What happens when a token is wanted: it is fetched with so many attempts, or not; then perhaps rejected.
    fn want() -> impl Strategy<Value = (i64, u32, bool, bool)> {
        (0..4_000_i64, 0..=3_u32, any::<bool>(), any::<bool>())
    }

    fn most_in_a_window(calls: &[i64]) -> usize {
        let within = |from: i64| calls.iter().filter(|at| (from..from + WINDOW_MS).contains(*at)).count();
        calls.iter().map(|at| within(*at)).max().unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn never_near_the_platforms_limit(wants in prop::collection::vec(want(), 0..600)) {
            let (mut now, mut calls) = (0, Vec::new());
            let mut rest = Rest::new(Mono::new(now));
            for (later, attempts, fails, is_rejected) in wants {
                now += later;
                if rest.lets_fetch(Mono::new(now)).is_err() {
                    continue;
                }
                calls.extend((0..attempts).map(|_| now));
                rest.fetched(attempts, fails.then_some(&NoToken::Slow), Mono::new(now));
                if is_rejected {
                    rest.rejected(Mono::new(now));
                }
            }
            prop_assert!(most_in_a_window(&calls) <= CALLS_MAX + 2);
        }
    }

    #[test]
    fn failures_alone_never_keep_anybody_waiting_longer_than_15_seconds() {
        let mut rest = Rest::new(Mono::new(0));
        let (mut last, mut longest) = (0, 0);
        for now in (0..3_600_000).step_by(500) {
            if rest.lets_fetch(Mono::new(now)).is_ok() {
                longest = longest.max(now - last);
                last = now;
                rest.fetched(3, Some(&NoToken::Slow), Mono::new(now));
            }
        }
        assert_eq!(longest, 15_000);
    }

    #[test]
    fn the_first_rejection_is_an_accident() {
        let mut rest = Rest::new(Mono::new(0));
        rest.fetched(1, None, Mono::new(0));
        rest.rejected(Mono::new(100));
        assert!(rest.lets_fetch(Mono::new(100)).is_ok());
        rest.fetched(1, None, Mono::new(400));
        rest.rejected(Mono::new(500));
        assert!(rest.lets_fetch(Mono::new(500)).is_err());
        assert!(rest.lets_fetch(Mono::new(1_400)).is_ok());
    }
}
