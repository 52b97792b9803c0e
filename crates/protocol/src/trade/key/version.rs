//! `key_version`: which of the uploaded public keys the platform shall verify with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;

/// The version of an uploaded public key as the console shows it: `1` for the first, one more for each new one.
///
/// ```
/// use douyin_pay_protocol::trade::KeyVersion;
///
/// assert_eq!(KeyVersion::new("2").unwrap().as_str(), "2");
/// assert!(KeyVersion::new("0").is_err() && KeyVersion::new("v1").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyVersion(Box<str>);

const DIGITS_MAX: usize = 9;

impl KeyVersion {
    /// The version, if it is a number from 1 on, without leading zeros.
    ///
    /// # Errors
    /// When it is anything else.
    pub fn new(text: impl AsRef<str>) -> Result<Self, FieldError> {
        let text = text.as_ref();
        let is_number =
            (1..=DIGITS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || text.starts_with('0') {
            let problem =
                "is not a number from 1 on; copy the version that the console shows beside the public key";
            return Err(FieldError::new("key_version", problem));
        }
        Ok(Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for KeyVersion {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        Self::new(text)
    }
}

impl<'de> Deserialize<'de> for KeyVersion {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Box::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}
