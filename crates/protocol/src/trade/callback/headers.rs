//! The three headers that carry a callback's signature.

use super::CallbackError;

/// The header with the Unix seconds of the signature.
pub const TIMESTAMP_HEADER: &str = "Byte-Timestamp";
/// The header with the random word of the signature.
pub const NONCE_HEADER: &str = "Byte-Nonce-Str";
/// The header with the signature in base64.
pub const SIGNATURE_HEADER: &str = "Byte-Signature";

/// Seconds of the next ten thousand years have fewer digits.
const TIMESTAMP_DIGITS_MAX: usize = 20;
/// The platform's have 32 characters.
const NONCE_BYTES_MAX: usize = 128;

/// The three headers, literally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headers<'a> {
    /// `Byte-Timestamp`.
    pub timestamp: &'a str,
    /// `Byte-Nonce-Str`.
    pub nonce: &'a str,
    /// `Byte-Signature`.
    pub signature: &'a str,
}

impl<'a> Headers<'a> {
    /// Finds the three, whatever the case of their names: `look_up` is asked for the usual spelling, for lower case and
    /// for upper case.
    ///
    /// # Errors
    /// [`CallbackError::MissingHeader`] for the first that is not there.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use douyin_pay_protocol::trade::callback::Headers;
    ///
    /// let received = BTreeMap::from([("byte-timestamp", "1"), ("byte-nonce-str", "n"), ("byte-signature", "s")]);
    /// let headers = Headers::find(|name| received.get(name).copied()).unwrap();
    /// assert_eq!(headers.nonce, "n");
    /// ```
    pub fn find(look_up: impl Fn(&str) -> Option<&'a str>) -> Result<Self, CallbackError> {
        let find = |name: &'static str| {
            look_up(name)
                .or_else(|| look_up(&name.to_ascii_lowercase()))
                .or_else(|| look_up(&name.to_ascii_uppercase()))
                .ok_or(CallbackError::MissingHeader(name))
        };
        Ok(Self {
            timestamp: find(TIMESTAMP_HEADER)?,
            nonce: find(NONCE_HEADER)?,
            signature: find(SIGNATURE_HEADER)?,
        })
    }

    /// The three among pairs of name and value, whatever the case of the names.
    ///
    /// # Errors
    /// [`CallbackError::MissingHeader`] for one that is not there, [`CallbackError::HeaderTwice`] for one that could be
    /// read in two ways.
    pub fn of_pairs<'n>(pairs: impl IntoIterator<Item = (&'n str, &'a str)>) -> Result<Self, CallbackError> {
        const NAMES: [&str; 3] = [TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER];
        let mut found = [None; NAMES.len()];
        for (name, value) in pairs {
            let Some(known) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
                continue;
            };
            if found[known].replace(value).is_some() {
                return Err(CallbackError::HeaderTwice(NAMES[known]));
            }
        }
        let value = |index: usize| found[index].ok_or(CallbackError::MissingHeader(NAMES[index]));
        Ok(Self { timestamp: value(0)?, nonce: value(1)?, signature: value(2)? })
    }

    /// The lines are joined with LF, so no value may hold one: it could take over a part of the body.
    pub(super) fn check(&self) -> Result<(), CallbackError> {
        let is_number = self.timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !(1..=TIMESTAMP_DIGITS_MAX).contains(&self.timestamp.len()) {
            return Err(CallbackError::Header(TIMESTAMP_HEADER));
        }
        let is_word = self.nonce.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_word || !(1..=NONCE_BYTES_MAX).contains(&self.nonce.len()) {
            return Err(CallbackError::Header(NONCE_HEADER));
        }
        Ok(())
    }
}
