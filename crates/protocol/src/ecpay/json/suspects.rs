//! Secrets that may have been used where the salt belongs.

use std::fmt;

use super::Mistake;
use crate::{Salt, Token};

/// Other secrets that an explanation tries in the salt's place. It never shows them.
///
/// ```
/// use douyin_pay_protocol::{Salt, Token, ecpay::json};
///
/// let (salt, token) = (Salt::new("test_salt").unwrap(), Token::new("testtoken").unwrap());
/// let signed_with_token = json::sign(br#"{"out_order_no":"O1"}"#, &Salt::new("testtoken").unwrap()).unwrap();
/// let body = format!(r#"{{"out_order_no":"O1","sign":"{signed_with_token}"}}"#);
/// let suspects = json::Suspects::new().token(&token);
/// let explained = json::explain_with(body.as_bytes(), &salt, &suspects).unwrap();
/// assert_eq!(explained.mistakes, [json::Mistake::TokenForSalt]);
/// ```
#[derive(Clone, Default)]
pub struct Suspects<'a>(Vec<(Mistake, &'a str)>);

impl<'a> Suspects<'a> {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// The token that verifies callbacks.
    #[must_use]
    pub fn token(mut self, token: &'a Token) -> Self {
        self.0.push((Mistake::TokenForSalt, token.expose()));
        self
    }

    /// The salt of something else: another app, a provider, the other environment. `whose` is shown.
    #[must_use]
    pub fn salt_of(mut self, whose: impl Into<String>, salt: &'a Salt) -> Self {
        self.0.push((Mistake::OtherSalt(whose.into()), salt.expose()));
        self
    }

    pub(super) fn secrets(&self) -> impl Iterator<Item = (&Mistake, &'a str)> {
        self.0.iter().map(|(mistake, secret)| (mistake, *secret))
    }
}

impl fmt::Debug for Suspects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(mistake, _)| mistake)).finish()
    }
}
