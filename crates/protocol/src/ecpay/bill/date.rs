//! The day or the month a bill is about.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::{FieldError, UnixMs};

/// A day, or a month for the kinds of bill that are made once a month; in Beijing.
///
/// ```
/// use douyin_pay_protocol::ecpay::bill::BillDate;
///
/// let day: BillDate = "2024-01-31".parse()?;
/// assert_eq!((day.as_str(), day.to_string().as_str()), ("20240131", "2024-01-31"));
/// assert_eq!("20240131".parse(), Ok(day));
/// assert!("2024-01".parse::<BillDate>()?.is_month());
/// assert!("2024-02-30".parse::<BillDate>().is_err());
/// # Ok::<(), douyin_pay_protocol::FieldError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillDate(Box<str>);

/// The length of `yyyyMM`.
const MONTH_BYTES: usize = 6;

const MS_PER_DAY: i64 = 86_400_000;

impl BillDate {
    /// As the platform writes it: `20240131` or `202401`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a month.
    pub fn is_month(&self) -> bool {
        self.0.len() == MONTH_BYTES
    }

    /// The day in Beijing at that moment.
    pub fn of(moment: UnixMs) -> Self {
        let text = moment.beijing_text();
        Self(text[..10].replace('-', "").into())
    }

    /// When it begins, and when it is over: the first moment after it.
    pub fn span(&self) -> (UnixMs, UnixMs) {
        let days = |date: &str| {
            let text = format!("{}-{}-{} 00:00:00", &date[..4], &date[4..6], &date[6..]);
            UnixMs::parse_beijing(&text).expect("a date that was checked")
        };
        if !self.is_month() {
            let begins = days(&self.0);
            return (begins, begins.plus_ms(MS_PER_DAY));
        }
        let begins = days(&format!("{}01", self.0));
        // The month after it begins on one of these days.
        let next = Self::of(begins.plus_ms(31 * MS_PER_DAY));
        (begins, days(&format!("{}01", &next.0[..MONTH_BYTES])))
    }
}

impl FromStr for BillDate {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let digits = text.replace('-', "");
        let shape = match text.len() {
            10 => text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-',
            7 => text.as_bytes()[4] == b'-',
            8 | MONTH_BYTES => !text.contains('-'),
            _ => false,
        };
        let day = if digits.len() == MONTH_BYTES { format!("{digits}01") } else { digits.clone() };
        let is_date = day.bytes().all(|byte| byte.is_ascii_digit()) && Date::strptime("%Y%m%d", &day).is_ok();
        if shape && is_date {
            return Ok(Self(digits.into()));
        }
        let text: String = text.chars().take(40).collect();
        let problem = format!("`{text}` is not a date; write 2024-01-31, or 2024-01 for a bill of a month");
        Err(FieldError::new("bill_date", problem))
    }
}

impl fmt::Display for BillDate {
    /// With dashes: `2024-01-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, rest) = self.0.split_at(4);
        match rest.split_at(2) {
            (month, "") => write!(f, "{year}-{month}"),
            (month, day) => write!(f, "{year}-{month}-{day}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BillDate;
    use crate::UnixMs;

    #[test]
    fn days_and_months_and_nothing_else() {
        for (text, date) in [("2024-02-29", "20240229"), ("20240229", "20240229"), ("2024-12", "202412")] {
            assert_eq!(text.parse::<BillDate>().map(|date| date.0), Ok(date.into()), "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-2-29",
            "2023-02-29",
            "20241301",
            "2024-13",
            "2024-0229",
            "日日日日",
            "+0240101",
        ] {
            assert!(text.parse::<BillDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_date_begins_and_ends_at_midnight_in_beijing() {
        let span = |text: &str| {
            let (from, to) = text.parse::<BillDate>().expect("a date").span();
            (from.beijing_text(), to.beijing_text())
        };
        let midnight = |day: &str| format!("{day} 00:00:00");
        assert_eq!(span("2024-02-29"), (midnight("2024-02-29"), midnight("2024-03-01")));
        assert_eq!(span("2024-02"), (midnight("2024-02-01"), midnight("2024-03-01")));
        assert_eq!(span("2024-12"), (midnight("2024-12-01"), midnight("2025-01-01")));
        let late = UnixMs::parse_beijing("2024-01-31 23:59:59").expect("a moment");
        assert_eq!(BillDate::of(late).as_str(), "20240131");
    }
}
