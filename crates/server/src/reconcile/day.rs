//! Days and months in Beijing.

use std::fmt;
use std::str::FromStr;

use douyin_pay_env::UnixMs;

use crate::store::Span;

const DAY_MS: i64 = 86_400_000;

/// A Beijing day.
///
/// ```
/// use douyin_pay_server::reconcile::Day;
///
/// let day: Day = "2026-01-05".parse().unwrap();
/// assert_eq!(day.to_string(), "2026-01-05");
/// assert_eq!(day.next().to_string(), "2026-01-06");
/// assert!("2026-1-5".parse::<Day>().is_err() && "2026-02-30".parse::<Day>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(UnixMs);

/// A Beijing month.
///
/// ```
/// use douyin_pay_server::reconcile::Month;
///
/// assert_eq!("2026-12".parse::<Month>().unwrap().to_string(), "2026-12");
/// assert!("2026-13".parse::<Month>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(Span);

/// A text that is no day or month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day such as 2026-01-05 or a month such as 2026-01")]
pub struct BadDay(String);

impl Day {
    /// The day that begins at a midnight in Beijing, as a run keeps it.
    pub(crate) const fn of_midnight(midnight: UnixMs) -> Self {
        Self(midnight)
    }

    /// The midnight with which it begins.
    pub const fn midnight(self) -> UnixMs {
        self.0
    }

    /// From its midnight to the next.
    pub const fn span(self) -> Span {
        Span { from: self.0, to: self.0.plus_ms(DAY_MS) }
    }

    /// The day after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.plus_ms(DAY_MS))
    }

    /// The day before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.plus_ms(-DAY_MS))
    }
}

impl Month {
    /// From its first midnight to that of the next month.
    pub const fn span(self) -> Span {
        self.0
    }
}

impl FromStr for Day {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        let bad = || BadDay(text.to_owned());
        let day = UnixMs::parse_beijing(&format!("{text} 00:00:00")).map(Self).ok_or_else(bad)?;
        // Only one way to write a day.
        if day.to_string() == text { Ok(day) } else { Err(bad()) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.beijing_text();
        f.write_str(text.get(..10).unwrap_or(&text))
    }
}

impl FromStr for Month {
    type Err = BadDay;

    fn from_str(text: &str) -> Result<Self, BadDay> {
        let bad = || BadDay(text.to_owned());
        let first: Day = format!("{text}-01").parse().map_err(|_| bad())?;
        let mut after = first;
        // A month has at most 31 days.
        while after.to_string().starts_with(text) {
            after = after.next();
        }
        Ok(Self(Span { from: first.midnight(), to: after.midnight() }))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.from.beijing_text();
        f.write_str(text.get(..7).unwrap_or(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_days() {
        for (text, days) in [("2026-01", 31), ("2026-02", 28), ("2028-02", 29), ("2026-12", 31)] {
            let span = text.parse::<Month>().expect("a month").span();
            assert_eq!(span.to.since(span.from), days * DAY_MS, "{text}");
        }
        for text in ["2026-1", "2026", "2026-00", "", "2026-01-01", " 2026-01"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}
