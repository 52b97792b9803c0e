//! The platform's error codes: what each means and what to do about it.
//!
//! One table for both systems: guaranteed payment has codes below 5,000 and from 40,014 to 40,020, the general
//! trade system all others. No number has two meanings.

use std::fmt;

/// What a code means for whoever called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Accepted.
    Accepted,
    /// An error inside the platform: it may have acted. Repeat with the same number.
    Internal,
    /// Too many calls: it has not acted. Repeat later with the same number.
    Throttled,
    /// The signature is wrong: salt, environment or signing.
    Signature,
    /// An id or a grant is wrong: a matter of configuration.
    Config,
    /// A field is wrong, or the operation is not possible.
    Parameter,
    /// The number is not known to the platform.
    NotFound,
    /// The number was used before, or the thing is done already: nobody knows from this answer what became of
    /// it. Query by the number instead of repeating or giving up.
    NumberUsed,
    /// Nothing is left to share, or the share is above the authorised ratio.
    SettleExhausted,
    /// The access token is not valid: it has not acted. Refresh the token and repeat.
    Token,
    /// A code that is not documented.
    Other,
}

/// A code of the platform; 0 is success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ErrNo(i64);

/// One reason for which the platform answers with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// The platform knows the condition, and that it answers with this code is our guess: depend on nothing.
    pub is_guess: bool,
}

/// One documented code.
struct Entry {
    code: i64,
    meaning: Meaning,
    zh: &'static str,
    en: &'static str,
    remedy_zh: &'static str,
    remedy_en: &'static str,
}

macro_rules! entries {
    ($($code:literal $meaning:ident $zh:literal, $en:literal; $remedy_zh:literal, $remedy_en:literal)*) => {
        &[$(Entry {
            code: $code, meaning: Meaning::$meaning, zh: $zh, en: $en, remedy_zh: $remedy_zh, remedy_en: $remedy_en,
        }),*]
    };
}

mod causes;
mod ecpay;
mod trade;

fn entries() -> impl Iterator<Item = &'static Entry> {
    ecpay::ENTRIES.iter().chain(trade::ENTRIES)
}

impl ErrNo {
    /// The code for success.
    pub const OK: Self = Self(0);
    /// An internal error.
    pub const INTERNAL: Self = Self(1000);
    /// Too many calls.
    pub const THROTTLED: Self = Self(1001);
    /// No such payment.
    pub const NO_PAYMENT: Self = Self(2000);
    /// A wrong signature.
    pub const SIGNATURE: Self = Self(2008);
    /// A wrong parameter.
    pub const PARAMETER: Self = Self(2010);
    /// Nothing left to share.
    pub const SETTLE_EXHAUSTED: Self = Self(2014);
    /// An unknown app.
    pub const UNKNOWN_APP: Self = Self(2042);
    /// No such refund.
    pub const NO_REFUND: Self = Self(3101);
    /// General trade system: a wrong parameter.
    pub const TRADE_PARAMETER: Self = Self(10_000);
    /// General trade system: too many calls.
    pub const TRADE_THROTTLED: Self = Self(12_001);
    /// General trade system: an internal error.
    pub const TRADE_INTERNAL: Self = Self(13_000);
    /// General trade system: no such order.
    pub const TRADE_NO_ORDER: Self = Self(20_000);
    /// General trade system: the refund number was used before.
    pub const REFUND_NUMBER_USED: Self = Self(22_004);
    /// General trade system: the settlement number was used before.
    pub const SETTLE_NUMBER_USED: Self = Self(23_111);
    /// General trade system: the access token is not valid.
    pub const TOKEN_INVALID: Self = Self(28_001_003);
    /// General trade system: the access token has expired.
    pub const TOKEN_EXPIRED: Self = Self(28_001_008);
    /// General trade system: the app lacks the capability.
    pub const NO_CAPABILITY: Self = Self(28_001_018);

    /// A code as the platform gave it.
    pub const fn new(code: i64) -> Self {
        Self(code)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// All documented codes of both systems.
    pub fn documented() -> impl Iterator<Item = Self> {
        entries().map(|entry| Self(entry.code))
    }

    /// The documented codes of guaranteed payment.
    pub fn documented_in_ecpay() -> impl Iterator<Item = Self> {
        ecpay::ENTRIES.iter().map(|entry| Self(entry.code))
    }

    /// The documented codes of the general trade system.
    pub fn documented_in_trade() -> impl Iterator<Item = Self> {
        [Self::OK].into_iter().chain(trade::ENTRIES.iter().map(|entry| Self(entry.code)))
    }

    fn entry(self) -> Option<&'static Entry> {
        entries().find(|entry| entry.code == self.0)
    }

    /// What it means for whoever called.
    pub fn meaning(self) -> Meaning {
        self.entry().map_or(Meaning::Other, |entry| entry.meaning)
    }

    /// What it means, in Chinese.
    pub fn zh(self) -> &'static str {
        self.entry().map_or("文档未列出的错误码", |entry| entry.zh)
    }

    /// What it means, in English.
    pub fn en(self) -> &'static str {
        self.entry().map_or("a code that is not documented", |entry| entry.en)
    }

    /// Why the platform answers so, likeliest first; only for codes of guaranteed payment, because those of the
    /// general trade system say it themselves.
    ///
    /// ```
    /// use douyin_pay_protocol::ErrNo;
    ///
    /// let causes = ErrNo::SIGNATURE.causes();
    /// assert!(causes.iter().any(|cause| cause.en.contains("`appid` in place of `app_id`")));
    /// // The whole table, in both languages:
    /// for code in ErrNo::documented_in_ecpay() {
    ///     println!("{code} {} / {}", code.zh(), code.en());
    ///     code.causes().iter().for_each(|cause| println!("  {} / {}", cause.zh, cause.en));
    ///     println!("  {} / {}", code.remedy_zh(), code.remedy_en());
    /// }
    /// ```
    pub fn causes(self) -> &'static [Cause] {
        causes::of(self.0)
    }

    /// What to do, in Chinese.
    pub fn remedy_zh(self) -> &'static str {
        self.entry().map_or(
            "以平台返回的说明（err_tips 或 err_msg）为准，必要时带 log id 联系平台",
            |entry| entry.remedy_zh,
        )
    }

    /// What to do, in English.
    pub fn remedy_en(self) -> &'static str {
        self.entry().map_or(
            "read `err_tips` or `err_msg`; if that does not help, ask the platform with the log id",
            |entry| entry.remedy_en,
        )
    }
}

impl fmt::Display for ErrNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
