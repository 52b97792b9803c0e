//! Two times: the calendar's, for records, and a monotonic one, for waiting.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::UnixMs;

/// A boxed future that owns everything it needs.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// A monotonic moment in milliseconds. Only the distance between two of the same clock means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(i64);

impl Mono {
    /// The moment that many milliseconds after the clock's own beginning.
    pub const fn new(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the clock's own beginning.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// This moment moved by `ms`; stops at the ends of the scale.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This moment moved forward by a duration, rounded up to a millisecond.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        self.plus_ms(ms_rounded_up(by))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is not earlier.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long it takes from `now` until this moment; zero when it has passed.
    pub fn wait_from(self, now: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.since(now)).unwrap_or(0))
    }
}

/// Rounded up, so that a short wait is still a wait; a duration beyond the scale stops at its end.
pub(crate) fn ms_rounded_up(duration: Duration) -> i64 {
    let whole = duration.as_nanos().div_ceil(1_000_000);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

/// What time it is, and waiting until it is later.
pub trait Clock: Send + Sync + 'static {
    /// The calendar's time. It may jump; never measure with it.
    fn now(&self) -> UnixMs;

    /// The monotonic time. It never goes back.
    fn mono(&self) -> Mono;

    /// Ends when [`Clock::mono`] has reached `at`; at once when it already has.
    fn sleep_until(&self, at: Mono) -> BoxFuture<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_round_up_and_never_overflow() {
        let cases = [
            (Duration::ZERO, 0),
            (Duration::from_nanos(1), 1),
            (Duration::from_millis(7), 7),
            (Duration::from_micros(7_001), 8),
            (Duration::MAX, i64::MAX),
        ];
        for (duration, ms) in cases {
            assert_eq!(ms_rounded_up(duration), ms, "{duration:?}");
        }
        assert_eq!(Mono::new(5).plus(Duration::MAX), Mono::new(i64::MAX));
    }

    #[test]
    fn the_wait_for_a_past_moment_is_zero() {
        assert_eq!(Mono::new(5).wait_from(Mono::new(2)), Duration::from_millis(3));
        assert_eq!(Mono::new(2).wait_from(Mono::new(5)), Duration::ZERO);
    }
}
