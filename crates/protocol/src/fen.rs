//! Money: whole fen, checked, never a float.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;

/// An amount of money in fen (1/100 yuan), between 0 and 9,999,999,999,999.
///
/// There are no operators: adding can overflow and subtracting can go below zero, so both give an
/// `Option`. As JSON it is an integer; `1.0`, `1e3` and `"1"` are refused.
///
/// ```
/// use douyin_pay_protocol::Fen;
///
/// let price = Fen::from_yuan("12.80").unwrap();
/// assert_eq!(price.get(), 1280);
/// assert_eq!(price.to_string(), "12.80");
/// assert_eq!(price.checked_sub(Fen::new(1281).unwrap()), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// Why a number or text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FenError {
    /// Below zero.
    #[error("{0} fen is negative; amounts are 0 or more")]
    Negative(i64),
    /// Above [`Fen::MAX`].
    #[error("{0} fen is more than {max} fen, the largest amount", max = Fen::MAX.0)]
    TooLarge(i64),
    /// Not yuan with at most two decimals.
    #[error("`{0}` is not an amount in yuan; write digits with at most two decimals, such as 12.80")]
    NotYuan(String),
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount: ¥99,999,999,999.99.
    pub const MAX: Self = Self(9_999_999_999_999);

    /// An amount of `fen`.
    ///
    /// # Errors
    /// When it is negative or above [`Fen::MAX`].
    pub const fn new(fen: i64) -> Result<Self, FenError> {
        if fen < 0 {
            return Err(FenError::Negative(fen));
        }
        if fen > Self::MAX.0 {
            return Err(FenError::TooLarge(fen));
        }
        Ok(Self(fen))
    }

    /// The number of fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Both together, unless that is more than [`Fen::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::new(self.0 + other.0).ok()
    }

    /// What is left, unless that is below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::new(self.0 - other.0).ok()
    }

    /// All together, unless that is more than [`Fen::MAX`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Reads yuan: digits, and at most two decimals after a point.
    ///
    /// # Errors
    /// When the text is anything else, or too large.
    pub fn from_yuan(text: &str) -> Result<Self, FenError> {
        let not_yuan = || FenError::NotYuan(text.chars().take(40).collect());
        let (yuan, decimals) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(yuan) || !digits(decimals) || decimals.len() > 2 || yuan.len() > 14 {
            return Err(not_yuan());
        }
        let yuan: i64 = yuan.parse().map_err(|_| not_yuan())?;
        let hundredths: i64 = decimals.parse().map_err(|_| not_yuan())?;
        let hundredths = if decimals.len() == 1 { hundredths * 10 } else { hundredths };
        Self::new(yuan * 100 + hundredths)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, without a sign for the currency: `12.80`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(i64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

macro_rules! amount {
    ($(#[$meta:meta])* $name:ident, $field:literal, $max:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Fen);

        impl $name {
            /// The smallest such amount, in fen.
            pub const MIN_FEN: i64 = 1;
            /// The largest such amount, in fen.
            pub const MAX_FEN: i64 = $max;

            /// The amount, if the platform takes it.
            ///
            /// # Errors
            /// When it is outside the platform's range.
            pub fn new(amount: Fen) -> Result<Self, FieldError> {
                let fen = amount.get();
                if (Self::MIN_FEN..=Self::MAX_FEN).contains(&fen) {
                    return Ok(Self(amount));
                }
                let problem = format!(
                    "{fen} fen is outside the platform's range of {}–{} fen; correct the amount",
                    Self::MIN_FEN, Self::MAX_FEN,
                );
                Err(FieldError::new($field, problem))
            }

            /// The amount itself.
            pub const fn fen(self) -> Fen {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::new(Fen::deserialize(from)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

amount!(
    /// What an order costs: 1 fen to ¥100,000,000.
    OrderAmount, "total_amount", 10_000_000_000
);
amount!(
    /// What one refund gives back: 1 fen to eleven digits of fen.
    RefundAmount, "refund_amount", 99_999_999_999
);
amount!(
    /// What one receiver gets out of a settlement: 1 fen to eleven digits of fen.
    ShareAmount, "amount", 99_999_999_999
);
amount!(
    /// What one return takes back from a receiver: 1 fen to ¥100,000,000.
    ReturnAmount, "return_amount", 10_000_000_000
);
amount!(
    /// What one withdrawal takes: 1 fen to ¥21,474,836.47.
    WithdrawAmount, "withdraw_amount", 2_147_483_647
);

#[cfg(test)]
mod tests {
    use super::{Fen, OrderAmount};

    #[test]
    fn yuan_is_read_to_the_fen() {
        for (text, fen) in
            [("0", 0), ("0.01", 1), ("1.5", 150), ("12.80", 1280), ("99999999999.99", 9_999_999_999_999)]
        {
            assert_eq!(Fen::from_yuan(text).map(Fen::get), Ok(fen), "{text}");
        }
        for text in ["", ".", "1.", ".5", "1.234", "-1", "+1", "1e3", " 1", "1,000", "１", "100000000000"] {
            assert!(Fen::from_yuan(text).is_err(), "{text}");
        }
    }

    #[test]
    fn json_is_an_integer_and_nothing_else() {
        assert_eq!(serde_json::from_str::<Fen>("1280").expect("an integer").get(), 1280);
        for text in ["1280.0", "1e3", "\"1280\"", "-1", "10000000000000", "null", "true"] {
            assert!(serde_json::from_str::<Fen>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ranges_hold_at_their_ends() {
        let amount = |fen| OrderAmount::new(Fen::new(fen).expect("an amount"));
        assert!(amount(0).is_err());
        assert!(amount(1).is_ok());
        assert!(amount(10_000_000_000).is_ok());
        assert!(amount(10_000_000_001).expect_err("too much").to_string().contains("total_amount"));
    }
}
