//! Moments in milliseconds, and the platform's Beijing time.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

const PLATFORM_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A moment: milliseconds since 1970-01-01 UTC. As JSON it is that integer.
///
/// ```
/// use douyin_pay_protocol::UnixMs;
///
/// let paid = UnixMs::parse_beijing("2024-08-04 15:49:48").unwrap();
/// assert_eq!(paid.get(), 1_722_757_788_000);
/// assert_eq!(paid.rfc3339(), "2024-08-04T15:49:48+08:00");
/// assert_eq!(paid.plus_ms(123).rfc3339(), "2024-08-04T15:49:48.123+08:00");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMs(i64);

impl UnixMs {
    /// The moment that many milliseconds after 1970.
    pub const fn new(ms: i64) -> Self {
        Self(ms)
    }

    /// The moment that many seconds after 1970, as the platform counts.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment moved by `ms`; stops at the ends of the scale.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is not earlier.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads the platform's `yyyy-MM-dd HH:mm:ss`, which is Beijing time. `None` for anything else, the empty text included.
    pub fn parse_beijing(text: &str) -> Option<Self> {
        let civil = DateTime::strptime(PLATFORM_FORMAT, text).ok()?;
        let moment = beijing().to_timestamp(civil).ok()?;
        Some(Self(moment.as_millisecond()))
    }

    /// The moment as the platform writes it: `yyyy-MM-dd HH:mm:ss`, Beijing time.
    pub fn beijing_text(self) -> String {
        self.civil().strftime(PLATFORM_FORMAT).to_string()
    }

    /// The moment as our interfaces write it: RFC 3339 with `+08:00`, milliseconds only when there are any.
    pub fn rfc3339(self) -> String {
        let civil = self.civil().strftime("%Y-%m-%dT%H:%M:%S");
        match self.0.rem_euclid(1000) {
            0 => format!("{civil}+08:00"),
            ms => format!("{civil}.{ms:03}+08:00"),
        }
    }

    fn civil(self) -> DateTime {
        let moment = Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        beijing().to_datetime(moment)
    }
}

fn beijing() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

impl fmt::Display for UnixMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}
