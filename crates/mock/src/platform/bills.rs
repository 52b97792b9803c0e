//! 对账单: who may fetch which bill, and from when on it exists.

mod form;
mod movements;
mod rows;

use std::ops::Range;

use douyin_pay_protocol::UnixMs;

use super::Platform;
use super::answers::{Denial, Denied};
use super::call::{Ask, Reply};
use super::fields::{Checked, wrong};
use super::timers::DAY_MS;

const HOUR_MS: i64 = 3_600_000;
/// Words that each filter of the fund bill knows, beside `ALL`.
const ACCOUNTS: [&str; 2] = ["online", "withdrawable"];
const PAYMENTS: [&str; 3] = ["wx", "alipay", "hz"];
const TRADES: [&str; 5] = ["payment", "refund", "settle", "return", "withdraw"];

/// What of the books a bill shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Payment,
    Settle,
    Refund,
    Return,
    Withdraw,
    Rebate,
    AnnualRebate,
}

impl Kind {
    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "payment" => Self::Payment,
            "settle" => Self::Settle,
            "refund" => Self::Refund,
            "return" => Self::Return,
            "withdraw" => Self::Withdraw,
            "rebate" => Self::Rebate,
            "annual_rebate" => Self::AnnualRebate,
            _ => return None,
        })
    }

    fn is_monthly(self) -> bool {
        matches!(self, Self::Rebate | Self::AnnualRebate)
    }
}

/// Whose rows, and of which time.
struct Wanted<'a> {
    app_id: &'a str,
    /// One seller's; everybody's when absent.
    merchant: Option<&'a str>,
    time: Range<UnixMs>,
}

impl Wanted<'_> {
    fn covers(&self, app_id: &str, merchant: &str, at: UnixMs) -> bool {
        self.app_id == app_id && self.merchant.is_none_or(|one| one == merchant) && self.time.contains(&at)
    }
}

/// The day `yyyyMMdd` or the month `yyyyMM`, in Beijing.
fn span(name: &str, text: &str, monthly: bool) -> Checked<Range<UnixMs>> {
    let form = if monthly { "yyyyMM, a month" } else { "yyyyMMdd, a day" };
    let wrong_date = || wrong(name, format!("is `{text}`; send {form}"));
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || text.len() != if monthly { 6 } else { 8 } {
        return Err(wrong_date());
    }
    let midnight =
        |year: &str, month: &str, day: &str| UnixMs::parse_beijing(&format!("{year}-{month}-{day} 00:00:00"));
    let (year, month) = (&text[..4], &text[4..6]);
    let start = midnight(year, month, if monthly { "01" } else { &text[6..] }).ok_or_else(wrong_date)?;
    if !monthly {
        return Ok(start..start.plus_ms(DAY_MS));
    }
    // 31 days on is in the next month, whose first day the month ends with.
    let next = start.plus_ms(31 * DAY_MS).beijing_text();
    let end = midnight(&next[..4], &next[5..7], "01").ok_or_else(wrong_date)?;
    Ok(start..end)
}

impl Platform {
    /// `apps/bills`: one kind of operation on one day, or of one month.
    pub(super) fn bill(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let word = ask.fields.text("bill_type", 32)?;
        let kind = Kind::of_word(word).ok_or_else(|| {
            let known = "payment, settle, refund, return, withdraw, rebate or annual_rebate";
            wrong("bill_type", format!("is `{word}`; use {known}"))
        })?;
        let time = span("bill_date", ask.fields.text("bill_date", 8)?, kind.is_monthly())?;
        let merchant = self.billed_merchant(ask, "merchant_id")?;
        self.file(ask, kind, merchant, time)
    }

    /// `apps/bill`, as in 2021: some days of one seller.
    pub(super) fn old_bill(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let word = ask.fields.text("bill_type", 32)?;
        let kind =
            Kind::of_word(word).filter(|kind| matches!(kind, Kind::Payment | Kind::Settle | Kind::Refund));
        let kind =
            kind.ok_or_else(|| wrong("bill_type", format!("is `{word}`; use payment, settle or refund")))?;
        let start = span("start_date", ask.fields.text("start_date", 8)?, false)?;
        let end = span("end_date", ask.fields.text("end_date", 8)?, false)?;
        if end.start < start.start {
            return Err(Denial::BillDates.because("`end_date` is before `start_date`; exchange them"));
        }
        let merchant = self.billed_merchant(ask, "seller")?;
        self.file(ask, kind, merchant, start.start..end.end)
    }

    /// `apps/fund/bills`: how money moved on one day.
    pub(super) fn fund_bill(&self, ask: &Ask<'_>) -> Checked<Reply> {
        let time = span("bill_date", ask.fields.text("bill_date", 8)?, false)?;
        let filter = |name: &str, known: &[&'static str]| match ask.fields.text(name, 32)? {
            "ALL" => Ok(None),
            word => known
                .iter()
                .find(|one| **one == word)
                .copied()
                .map(Some)
                .ok_or_else(|| wrong(name, format!("is `{word}`; use ALL, {}", known.join(", ")))),
        };
        let filters = [
            filter("account_type", &ACCOUNTS)?,
            filter("payment_type", &PAYMENTS)?,
            filter("trade_type", &TRADES)?,
        ];
        self.check_available(ask.now, time.end)?;
        let wanted = Wanted { app_id: ask.app_id(), merchant: None, time };
        Ok(form::file(&self.bill_form, rows::FUND, self.fund_rows(&wanted, filters)).into())
    }

    fn billed_merchant<'a>(&self, ask: &Ask<'a>, name: &str) -> Checked<&'a str> {
        let uid = ask.fields.text(name, 64)?;
        if self.knows_merchant(&ask.app, uid) {
            return Ok(uid);
        }
        let why = format!("`{name}`: merchant `{uid}` does not belong to this app");
        Err(Denial::MerchantOfAnother.because(why))
    }

    fn check_available(&self, now: UnixMs, end: UnixMs) -> Result<(), Denied> {
        let from = end.plus_ms(i64::from(self.bill_form.available_hour) * HOUR_MS);
        if now < from {
            let why = format!("the bill exists from {} (Beijing time) on", from.beijing_text());
            return Err(Denial::BillNotReady.because(why));
        }
        Ok(())
    }

    fn file(&self, ask: &Ask<'_>, kind: Kind, merchant: &str, time: Range<UnixMs>) -> Checked<Reply> {
        self.check_available(ask.now, time.end)?;
        let wanted = Wanted { app_id: ask.app_id(), merchant: Some(merchant), time };
        let (columns, rows) = match kind {
            Kind::Payment => (rows::PAYMENT, self.payment_rows(&wanted)),
            Kind::Settle => (rows::SETTLE, self.settle_rows(&wanted)),
            Kind::Refund => (rows::REFUND, self.refund_rows(&wanted)),
            Kind::Return => (rows::RETURN, self.return_rows(&wanted)),
            Kind::Withdraw => (rows::WITHDRAW, self.withdraw_rows(&wanted)),
            // Nobody earns commission back here.
            Kind::Rebate => (rows::REBATE, Vec::new()),
            Kind::AnnualRebate => (rows::ANNUAL_REBATE, Vec::new()),
        };
        Ok(form::file(&self.bill_form, columns, rows).into())
    }
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::UnixMs;

    use super::span;

    #[test]
    fn days_and_months_are_those_of_beijing() {
        let day = span("bill_date", "20240229", false).unwrap();
        assert_eq!(day.start.beijing_text(), "2024-02-29 00:00:00");
        assert_eq!(day.end.since(day.start), 86_400_000);
        let month = span("bill_date", "202412", true).unwrap();
        assert_eq!(month.start, UnixMs::parse_beijing("2024-12-01 00:00:00").unwrap());
        assert_eq!(month.end.beijing_text(), "2025-01-01 00:00:00");
        for (text, monthly) in
            [("20240230", false), ("2024-02-2", false), ("202402", false), ("20240201", true)]
        {
            assert!(span("bill_date", text, monthly).unwrap_err().why.contains("`bill_date`"), "{text}");
        }
    }
}
