//! The random word in everything that is signed.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;

use crate::FieldError;

const LENGTH_MIN: usize = 16;
const LENGTH_MAX: usize = 32;

/// The random word of one signature: 16 to 32 letters and digits.
///
/// The platform takes more than that, but `,`, `"` and `=` make a `byteAuthorization` hard to read back.
///
/// ```
/// use douyin_pay_protocol::trade::Nonce;
///
/// assert_eq!(Nonce::of_random([0xa5; 16]).as_str(), "a5".repeat(16));
/// assert!(Nonce::new("Zm9vYmFyYmF6MTIzNA==").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nonce(Box<str>);

impl Nonce {
    /// The nonce, if it has 16 to 32 letters and digits.
    ///
    /// # Errors
    /// When it has not.
    pub fn new(text: impl AsRef<str>) -> Result<Self, FieldError> {
        let text = text.as_ref();
        if !(LENGTH_MIN..=LENGTH_MAX).contains(&text.len())
            || !text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(FieldError::new("nonce_str", "is not 16 to 32 letters and digits; draw another one"));
        }
        Ok(Self(text.into()))
    }

    /// 32 hex digits of these random bytes.
    pub fn of_random(bytes: [u8; 16]) -> Self {
        Self(HEXLOWER.encode(&bytes).into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Nonce {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        Self::new(text)
    }
}
