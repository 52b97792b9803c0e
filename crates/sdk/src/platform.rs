//! Which platform a client speaks to.

use http::Uri;

/// Where the platform is.
///
/// Sandbox and production have different secrets: a salt at the wrong one gives error 2008.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Platform {
    /// `https://developer.toutiao.com` for guaranteed payment, `https://open.douyin.com` for general trade.
    #[default]
    Production,
    /// `https://open-sandbox.douyin.com`. Whether general trade works there is not documented.
    Sandbox,
    /// Another base URL, such as a mock's: `http://127.0.0.1:9901`. Without user, query or fragment.
    Url(String),
}

impl Platform {
    /// The base URL, without a slash at its end; `production` is that of the system in question.
    ///
    /// # Errors
    /// When a URL of your own is not an absolute `http` or `https` URL, or has a user, a query or a fragment.
    pub(crate) fn base_url(&self, production: &str) -> Result<String, String> {
        let url = match self {
            Self::Production => production,
            Self::Sandbox => "https://open-sandbox.douyin.com",
            Self::Url(url) => url.as_str(),
        };
        let uri: Uri = url.parse().map_err(|cause: http::uri::InvalidUri| cause.to_string())?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err("it must begin with `https://` or `http://`".to_owned());
        }
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("it must not contain a user or password".to_owned());
        }
        if url.contains(['?', '#']) {
            return Err("it must end before `?` or `#`".to_owned());
        }
        Ok(url.trim_end_matches('/').to_owned())
    }
}

/// Guaranteed payment's production.
pub(crate) const ECPAY_PRODUCTION: &str = "https://developer.toutiao.com";
/// The general trade system's production.
pub(crate) const TRADE_PRODUCTION: &str = "https://open.douyin.com";

#[cfg(test)]
mod tests {
    use super::{ECPAY_PRODUCTION, Platform, TRADE_PRODUCTION};

    #[test]
    fn base_urls() {
        for (url, base) in [
            ("http://127.0.0.1:9901", Some("http://127.0.0.1:9901")),
            ("http://127.0.0.1:9901/", Some("http://127.0.0.1:9901")),
            ("https://gateway.example.com/douyin/", Some("https://gateway.example.com/douyin")),
            ("127.0.0.1:9901", None),
            ("ftp://example.com", None),
            ("https://user:secret@example.com", None),
            ("https://example.com/?a=b", None),
            ("https://example.com/#x", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(Platform::Url(url.to_owned()).base_url("").ok().as_deref(), base, "{url}");
        }
        for production in [ECPAY_PRODUCTION, TRADE_PRODUCTION] {
            assert_eq!(Platform::Production.base_url(production).as_deref(), Ok(production));
        }
        assert!(Platform::Sandbox.base_url("").is_ok());
    }
}
