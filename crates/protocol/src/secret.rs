//! Secrets as types: a salt is no token, and none can be printed.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::FieldError;

/// The console's rule for tokens: 3–32 letters or digits. Secrets outside it work, but look mistyped.
fn short_word(bytes: &[u8]) -> Option<&'static str> {
    if !(3..=32).contains(&bytes.len()) {
        return Some("the console gives 3–32 characters");
    }
    (!bytes.iter().all(u8::is_ascii_alphanumeric)).then_some("the console gives letters and digits only")
}

/// App secrets are hex digits: forty in every published sample.
fn hex_digits(bytes: &[u8]) -> Option<&'static str> {
    (!bytes.iter().all(u8::is_ascii_hexdigit)).then_some("the console gives hex digits only")
}

/// Tokens of the general trade system say so themselves; those of guaranteed payment are digits.
#[cfg(any(feature = "ecpay", feature = "trade"))]
fn client_token(bytes: &[u8]) -> Option<&'static str> {
    (!bytes.starts_with(b"clt.")).then_some("client tokens begin with `clt.`")
}

/// Nothing is known about its looks.
#[cfg(feature = "ecpay")]
fn any_text(_: &[u8]) -> Option<&'static str> {
    None
}

macro_rules! secret_text {
    ($(#[$meta:meta])* $name:ident, $field:literal, $from:literal, $bytes_max:literal, $rule:ident) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            #[doc = concat!("The secret, if it has 1–", $bytes_max, " bytes.")]
            ///
            /// # Errors
            /// When it is empty or too long. The message never shows it.
            pub fn new(text: impl Into<String>) -> Result<Self, FieldError> {
                let text = Zeroizing::new(text.into());
                if text.is_empty() {
                    return Err(FieldError::new($field, concat!("is empty; take it from ", $from)));
                }
                if text.len() > $bytes_max {
                    let problem =
                        concat!("is longer than ", $bytes_max, " bytes; take it again from ", $from);
                    return Err(FieldError::new($field, problem));
                }
                Ok(Self(text))
            }

            /// The secret itself, for tools that must compute with it. Never print or store it.
            pub fn expose(&self) -> &str {
                &self.0
            }

            /// What about it does not look like something the platform gives.
            pub fn breaks_console_rule(&self) -> Option<&'static str> {
                $rule(self.0.as_bytes())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl PartialEq for $name {
            /// Takes the same time wherever the two differ.
            fn eq(&self, other: &Self) -> bool {
                self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
            }
        }

        impl Eq for $name {}
    };
}

secret_text!(
    /// The SALT of a mini-program: it signs requests, and nothing else.
    ///
    /// ```
    /// use douyin_pay_protocol::Salt;
    ///
    /// let salt = Salt::new("test_salt_Ab12Cd34").unwrap();
    /// assert_eq!(format!("{salt:?}"), "Salt(…)");
    /// ```
    Salt, "salt", "the console", 128, short_word
);
secret_text!(
    /// The console's token of a mini-program: it verifies callbacks, and nothing else.
    Token, "token", "the console", 128, short_word
);
secret_text!(
    /// The app secret of a mini-program: it fetches access tokens, and signs nothing.
    AppSecret, "app_secret", "the console", 128, hex_digits
);
#[cfg(any(feature = "ecpay", feature = "trade"))]
secret_text!(
    /// An access token: the header `access-token` of the general trade system's calls, and a field of guaranteed
    /// payment's order push.
    AccessToken, "access_token", "the token call", 1024, client_token
);

#[cfg(feature = "ecpay")]
secret_text!(
    /// The `component_access_token` of a service provider: it opens the provider's own account.
    ComponentToken, "component_access_token", "the provider's platform", 1024, any_text
);

/// Any other secret bytes, such as a webhook's; wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The secret, if there is one.
    ///
    /// # Errors
    /// When it is empty.
    pub fn new(bytes: Vec<u8>) -> Result<Self, FieldError> {
        if bytes.is_empty() {
            return Err(FieldError::new("secret", "is empty; generate one"));
        }
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The secret itself. Never print or store it.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    /// Takes the same time wherever the two differ.
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

#[cfg(test)]
mod tests {
    use super::{Salt, Secret, Token};

    #[test]
    fn a_secret_is_never_printed_not_even_in_an_error() {
        let shown = format!(
            "{:?} {:?} {:?}",
            Salt::new("hidden1").expect("a salt"),
            Token::new("hidden1").expect("a token"),
            Secret::new(b"hidden1".to_vec()).expect("a secret"),
        );
        assert_eq!(shown, "Salt(…) Token(…) Secret(…)");
        let long = Token::new("hidden1".repeat(20)).expect_err("140 bytes").to_string();
        assert!(long.starts_with("`token`") && !long.contains("hidden1"), "{long}");
        assert!(Salt::new("").is_err() && Secret::new(Vec::new()).is_err());
    }

    #[test]
    fn equality_and_the_console_rule() {
        let token = |text: &str| Token::new(text).expect("a token");
        assert!(
            token("abc") == token("abc") && token("abc") != token("abd") && token("abc") != token("abcd")
        );
        for (text, unusual) in [("ab", true), ("abc", false), (&"a".repeat(33), true), ("my_token", true)] {
            assert_eq!(token(text).breaks_console_rule().is_some(), unusual, "{text}");
        }
    }
}
