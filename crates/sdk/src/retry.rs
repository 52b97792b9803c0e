//! How often a call is repeated, and how long it waits in between.

use std::time::Duration;

use douyin_pay_env::Env;

use crate::outcome::Repeat;

/// The wait before the second attempt; the third waits four times as long.
const SOON: Duration = Duration::from_millis(200);
/// The wait after "too often": never less than the platform's window of one second.
const LATER: Duration = Duration::from_millis(1_500);
/// With less time than this an attempt would only turn "not sent" into "unknown".
pub(crate) const ATTEMPT_MS_MIN: i64 = 1_000;

/// How often a call is repeated by the client itself.
///
/// Only what is safe is repeated, always with the same number and the same bytes, and inside the total time:
/// queries; calls that certainly did not arrive or came too often; and the writing calls of guaranteed payment
/// that got lost or met an error inside the platform, because it answers a repeated number with the first reply.
/// The general trade system refuses a number it knows: there, after an unknown outcome, a query comes first,
/// and it is yours to make.
///
/// An attempt whose access token was rejected does not count: it is repeated once with another token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    attempts_max: u32,
}

impl Retry {
    /// One attempt. For callers that repeat by a schedule of their own.
    pub const fn none() -> Self {
        Self { attempts_max: 1 }
    }

    /// At most three attempts, with growing waits that vary at random.
    pub const fn standard() -> Self {
        Self { attempts_max: 3 }
    }

    /// How long to wait before the attempt after number `attempt`; `None` when there is none.
    pub(crate) fn wait(self, env: &Env, repeat: Repeat, attempt: u32) -> Option<Duration> {
        if attempt >= self.attempts_max {
            return None;
        }
        match repeat {
            Repeat::Never | Repeat::WithNewToken => None,
            Repeat::Soon => Some(env.jitter(SOON * 4_u32.pow(attempt - 1), 50)),
            Repeat::Later => Some(env.jitter(LATER, 25)),
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::standard()
    }
}
