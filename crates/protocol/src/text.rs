//! Texts that people read, limited and safe to sign.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::FieldError;

/// How long a text may be.
struct Limit {
    field: &'static str,
    bytes_max: usize,
    chars_max: usize,
    required: bool,
}

/// Refuses what foreign implementations sign differently: padding, wrapping quotes, the text `null`,
/// control characters. Such a value would be signed one way here and another way there.
pub(crate) fn check_signable(field: &'static str, text: &str) -> Result<(), FieldError> {
    let problem = |problem: String| Err(FieldError::new(field, problem));
    if text.trim().len() != text.len() {
        return problem("begins or ends with white space, which is not signed; trim it".to_owned());
    }
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        return problem(format!("contains the control character {c:?}; remove it"));
    }
    if text.starts_with('\u{feff}') || text.ends_with('\u{feff}') {
        return problem("begins or ends with a byte order mark; remove it".to_owned());
    }
    if text.len() > 1 && text.starts_with('"') && text.ends_with('"') {
        return problem("is wrapped in double quotes, which are not signed; remove them".to_owned());
    }
    if text == "null" {
        return problem(
            "is the text `null`, which is not signed; leave the field out or write something else".to_owned(),
        );
    }
    Ok(())
}

impl Limit {
    fn check(&self, text: &str) -> Result<(), FieldError> {
        if text.is_empty() && self.required {
            return Err(FieldError::new(self.field, "is empty; write something"));
        }
        let (bytes, chars) = (text.len(), text.chars().count());
        if chars > self.chars_max {
            let problem = format!("{chars} characters, at most {} are allowed; shorten it", self.chars_max);
            return Err(FieldError::new(self.field, problem));
        }
        if bytes > self.bytes_max {
            let problem =
                format!("{bytes} bytes in UTF-8, at most {} are allowed; shorten it", self.bytes_max);
            return Err(FieldError::new(self.field, problem));
        }
        check_signable(self.field, text)
    }
}

macro_rules! text {
    ($(#[$meta:meta])* $name:ident, $limit:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            const LIMIT: Limit = $limit;

            /// The text, if it keeps the platform's limits and can be signed safely.
            ///
            /// # Errors
            /// When it is too long, padded, wrapped in quotes, `null`, or has control characters.
            pub fn new(text: impl AsRef<str>) -> Result<Self, FieldError> {
                Self::LIMIT.check(text.as_ref())?;
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

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Box::<str>::deserialize(from)?;
                Self::LIMIT.check(&text).map_err(serde::de::Error::custom)?;
                Ok(Self(text))
            }
        }
    };
}

text!(
    /// What is sold, in short: at most 42 characters and 128 bytes.
    Subject, Limit { field: "subject", bytes_max: 128, chars_max: 42, required: true }
);
text!(
    /// What is sold, in detail: at most 42 characters and 128 bytes.
    OrderBody, Limit { field: "body", bytes_max: 128, chars_max: 42, required: true }
);
text!(
    /// Why money goes back: at most 100 characters.
    Reason, Limit { field: "reason", bytes_max: 400, chars_max: 100, required: true }
);
text!(
    /// What a settlement is for: at most 80 characters.
    SettleDesc, Limit { field: "settle_desc", bytes_max: 320, chars_max: 80, required: true }
);
text!(
    /// What a return of a share is for: at most 100 characters.
    ReturnDesc, Limit { field: "return_desc", bytes_max: 400, chars_max: 100, required: true }
);
text!(
    /// The merchant's own text, echoed by callbacks and queries: at most 2048 bytes, may be empty.
    CpExtra, Limit { field: "cp_extra", bytes_max: 2048, chars_max: 2048, required: false }
);
text!(
    /// The page that the platform's message to the user opens, query included: at most 1024 bytes.
    MsgPage, Limit { field: "msg_page", bytes_max: 1024, chars_max: 1024, required: true }
);
text!(
    /// The channels that the cashier hides, `LIMIT_WX,LIMIT_ALI,LIMIT_DYZF` or some of them: at most 64 bytes.
    LimitPayWay, Limit { field: "limit_pay_way", bytes_max: 64, chars_max: 64, required: true }
);

/// Where the platform sends callbacks: at most 256 bytes, https on port 443. Loopback may use http and any port.
///
/// ```
/// use douyin_pay_protocol::NotifyUrl;
///
/// assert!(NotifyUrl::new("https://pay.example.com/callbacks/coffee").is_ok());
/// assert!(NotifyUrl::new("http://127.0.0.1:8080/callbacks/coffee").is_ok());
/// assert!(NotifyUrl::new("http://pay.example.com/callbacks/coffee").is_err());
/// assert!(NotifyUrl::new("https://pay.example.com:8443/callbacks/coffee").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct NotifyUrl(Box<str>);

impl NotifyUrl {
    /// The URL, if the platform can call it.
    ///
    /// # Errors
    /// When it is too long, not https on port 443, or no URL at all; loopback is exempt.
    pub fn new(url: impl AsRef<str>) -> Result<Self, FieldError> {
        let url = url.as_ref();
        let port = check_address("notify_url", url, 256)?;
        if !matches!(port, None | Some("443")) {
            return Err(FieldError::new("notify_url", "names a port; the platform calls port 443 only"));
        }
        Ok(Self(url.into()))
    }

    /// The URL's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the platform says how a withdrawal ended: at most 1024 bytes, https on port 443. Loopback may use http
/// and any port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct WithdrawUrl(Box<str>);

impl WithdrawUrl {
    /// The URL, if the platform can call it.
    ///
    /// # Errors
    /// When it is too long, not https on port 443, or no URL at all; loopback is exempt.
    pub fn new(url: impl AsRef<str>) -> Result<Self, FieldError> {
        let url = url.as_ref();
        let port = check_address("callback", url, 1024)?;
        if !matches!(port, None | Some("443")) {
            return Err(FieldError::new("callback", "names a port; the platform calls port 443 only"));
        }
        Ok(Self(url.into()))
    }

    /// The URL's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks an address that the platform calls, and gives its port if it names one and is not loopback.
pub(crate) fn check_address<'a>(
    field: &'static str,
    url: &'a str,
    bytes_max: usize,
) -> Result<Option<&'a str>, FieldError> {
    Limit { field, bytes_max, chars_max: bytes_max, required: true }.check(url)?;
    let problem = |text: &'static str| Err(FieldError::new(field, text));
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return problem("contains a character that must be percent-encoded; encode it");
    }
    let Some((scheme, rest)) = url.split_once("://") else {
        return problem("has no scheme; write https://…");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return problem("contains a user name or password; remove it");
    }
    let (host, port) = split_port(authority);
    if host.is_empty() {
        return problem("has no host; write https://your.domain/…");
    }
    if is_loopback(host) && matches!(scheme, "http" | "https") {
        return Ok(None);
    }
    if scheme != "https" {
        return problem("is not https; the platform calls https addresses only");
    }
    Ok(port)
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host == "[::1]"
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for NotifyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for NotifyUrl {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(Box::<str>::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{CpExtra, NotifyUrl, Subject};

    #[test]
    fn an_address_that_the_platform_cannot_call_is_refused_and_the_reason_named() {
        for (url, word) in [
            ("pay.example.com/cb", "scheme"),
            ("http://pay.example.com/cb", "https"),
            ("https://pay.example.com:8443/cb", "443"),
            ("https://user@pay.example.com/cb", "user name"),
            ("https:///cb", "host"),
            ("https://pay.example.com/回调", "percent-encoded"),
            ("http://127.0.0.1.example.com/cb", "https"),
            ("ftp://localhost/cb", "https"),
        ] {
            let problem = NotifyUrl::new(url).expect_err(url).to_string();
            assert!(problem.starts_with("`notify_url`") && problem.contains(word), "{url}: {problem}");
        }
        let long = format!("https://pay.example.com/{}", "a".repeat(240));
        assert!(NotifyUrl::new(long).expect_err("264 bytes").to_string().contains("256"));
        for url in [
            "https://pay.example.com/cb?x=1#y",
            "https://pay.example.com:443",
            "http://localhost:8080/cb",
            "http://[::1]:8080/cb",
            "https://127.9.9.9:1/cb",
        ] {
            assert_eq!(NotifyUrl::new(url).expect(url).as_str(), url);
        }
    }

    #[test]
    fn both_limits_count() {
        assert!(Subject::new("拿".repeat(42)).is_ok());
        assert!(Subject::new("拿".repeat(43)).is_err());
        assert!(Subject::new("😀".repeat(33)).expect_err("132 bytes").to_string().contains("132 bytes"));
    }

    #[test]
    fn what_cannot_be_signed_safely_is_refused_and_named() {
        for (text, word) in [
            (" Latte", "white space"),
            ("Latte\u{3000}", "white space"),
            ("\"Latte\"", "quotes"),
            ("null", "null"),
            ("La\u{1}tte", "control"),
            ("\u{feff}Latte", "byte order mark"),
            ("", "empty"),
        ] {
            let problem = Subject::new(text).expect_err(text).to_string();
            assert!(problem.starts_with("`subject`") && problem.contains(word), "{problem}");
        }
        assert!(Subject::new("\"").is_ok(), "a lone quote is signed as it is");
        assert!(CpExtra::new("").is_ok());
    }
}
