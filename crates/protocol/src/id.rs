//! Numbers and ids: who and what a message is about.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;

/// The rule of one kind of id.
struct Rule {
    field: &'static str,
    bytes_max: usize,
    allowed: &'static Alphabet,
    alphabet: &'static str,
}

impl Rule {
    fn check(&self, text: &str) -> Result<(), FieldError> {
        let problem = |problem: String| Err(FieldError::new(self.field, problem));
        if text.is_empty() {
            return problem("is empty; give 1 or more characters".to_owned());
        }
        if text.len() > self.bytes_max {
            let found = text.chars().count();
            return problem(format!(
                "{found} characters, at most {} are allowed; shorten it",
                self.bytes_max
            ));
        }
        if text.bytes().all(|byte| self.allowed[usize::from(byte)]) {
            return Ok(());
        }
        let is_other =
            |c: &char| !c.is_ascii() || u8::try_from(*c).is_ok_and(|byte| !self.allowed[usize::from(byte)]);
        let other = text.chars().find(is_other).unwrap_or_default();
        problem(format!("contains {other:?}; only {} are allowed", self.alphabet))
    }
}

/// Which bytes may stand in an id.
type Alphabet = [bool; 256];

/// Letters, digits and these.
const fn alphanumeric_and(more: &[u8]) -> Alphabet {
    let mut alphabet = [false; 256];
    let (mut at, mut byte) = (0, 0u8);
    while at < alphabet.len() {
        alphabet[at] = byte.is_ascii_alphanumeric() || is_one_of(byte, more);
        at += 1;
        byte = byte.wrapping_add(1);
    }
    alphabet
}

const fn is_one_of(byte: u8, bytes: &[u8]) -> bool {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == byte {
            return true;
        }
        at += 1;
    }
    false
}

static IN_MERCHANT_NUMBER: Alphabet = alphanumeric_and(b"_-*");
static IN_APP_ID: Alphabet = alphanumeric_and(b"_-");
static ALPHANUMERIC: Alphabet = alphanumeric_and(b"");
static VISIBLE: Alphabet = alphanumeric_and(br##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"##);

const MERCHANT_NUMBER: &str = "0-9 A-Z a-z _ - *";

macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $field:literal, $max:literal, $allowed:ident, $alphabet:expr) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            const RULE: Rule = Rule { field: $field, bytes_max: $max, allowed: &$allowed, alphabet: $alphabet };

            /// The id, if it keeps the platform's rule.
            ///
            /// # Errors
            /// When it is empty, too long or has a character that is not allowed.
            pub fn new(text: impl AsRef<str>) -> Result<Self, FieldError> {
                Self::RULE.check(text.as_ref())?;
                Ok(Self(text.as_ref().into()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = FieldError;

            fn from_str(text: &str) -> Result<Self, FieldError> {
                Self::new(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Box::<str>::deserialize(from)?;
                Self::RULE.check(&text).map_err(serde::de::Error::custom)?;
                Ok(Self(text))
            }
        }
    };
}

id!(
    /// A mini-program's id: `app_id` in requests, `appid` in callbacks.
    AppId, "app_id", 64, IN_APP_ID, "letters, digits, _ and -"
);
id!(
    /// The merchant's number of an order.
    ///
    /// ```
    /// use douyin_pay_protocol::OutOrderNo;
    ///
    /// assert!(OutOrderNo::new("O20240101-000001").is_ok());
    /// let problem = OutOrderNo::new("订单1").unwrap_err();
    /// assert_eq!(problem.to_string(), "`out_order_no`: contains '订'; only 0-9 A-Z a-z _ - * are allowed");
    /// ```
    OutOrderNo, "out_order_no", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's number of a refund.
    OutRefundNo, "out_refund_no", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's number of a settlement.
    OutSettleNo, "out_settle_no", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's number of a return of a share.
    OutReturnNo, "out_return_no", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's number of an operation of any kind: refund, settlement or return.
    OutNo, "out_no", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's number of a withdrawal; longer than other numbers may be.
    OutWithdrawNo, "out_order_id", 128, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// The merchant's own key of a receiver that opens an account. Never usable as a receiver of shares.
    SubMerchantId, "sub_merchant_id", 64, IN_MERCHANT_NUMBER, MERCHANT_NUMBER
);
id!(
    /// A user of a mini-program.
    OpenId, "open_id", 128, VISIBLE, "visible ASCII characters"
);
id!(
    /// A merchant number of the platform: about twenty digits, always text.
    MerchantUid, "merchant_uid", 32, ALPHANUMERIC, "letters and digits"
);
id!(
    /// A number given by the platform; opaque.
    PlatformNo, "platform_no", 64, VISIBLE, "visible ASCII characters"
);
id!(
    /// The token with which the front end opens the cashier; opaque.
    OrderToken, "order_token", 2048, VISIBLE, "visible ASCII characters"
);

macro_rules! operation_number {
    ($($name:ident),*) => {$(
        impl From<$name> for OutNo {
            fn from(number: $name) -> Self {
                Self(number.0)
            }
        }

        impl From<OutNo> for $name {
            /// Every operation number keeps the same rule.
            fn from(number: OutNo) -> Self {
                Self(number.0)
            }
        }
    )*};
}

impl From<OutNo> for OutWithdrawNo {
    /// A withdrawal's number may be longer, so every other number fits.
    fn from(number: OutNo) -> Self {
        Self(number.0)
    }
}

operation_number!(OutRefundNo, OutSettleNo, OutReturnNo);

#[cfg(test)]
mod tests {
    use super::{MerchantUid, OutOrderNo, PlatformNo};

    #[test]
    fn lengths_and_characters_are_checked() {
        assert!(OutOrderNo::new("a".repeat(64)).is_ok());
        let too_long = OutOrderNo::new("a".repeat(65)).expect_err("65 characters");
        assert_eq!(too_long.to_string(), "`out_order_no`: 65 characters, at most 64 are allowed; shorten it");
        assert!(OutOrderNo::new("").is_err());
        for bad in ["a b", "a/b", "a\n", "a.b", "é"] {
            assert!(OutOrderNo::new(bad).is_err(), "{bad}");
        }
        assert!(MerchantUid::new("69645835031835936200").is_ok());
        assert!(serde_json::from_str::<OutOrderNo>("\"a b\"").is_err());
        for byte in 0..=255 {
            let text = char::from(byte).to_string();
            assert_eq!(PlatformNo::new(&text).is_ok(), byte.is_ascii_graphic(), "{text:?}");
            assert_eq!(MerchantUid::new(&text).is_ok(), byte.is_ascii_alphanumeric(), "{text:?}");
            let in_number = byte.is_ascii_alphanumeric() || b"_-*".contains(&byte);
            assert_eq!(OutOrderNo::new(&text).is_ok(), in_number, "{text:?}");
        }
    }
}
