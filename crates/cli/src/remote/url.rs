//! Addresses from the command line, checked before a key is sent to them.

use std::net::IpAddr;

use http::Uri;

use crate::exit::Failure;
use crate::lang::tell;
use crate::out::{self, Form};

/// The service's base URL, without a slash at the end.
pub(super) fn base(text: &str, form: Form) -> Result<String, Failure> {
    let uri = parse(text).map_err(|problem| {
        let text = shown(text);
        Failure::usage(tell!(
            "`--url {text}`：{problem}；请写成 http://127.0.0.1:8080 这样的地址",
            "`--url {text}`: {problem}; write an address such as http://127.0.0.1:8080"
        ))
    })?;
    if uri.query().is_some() {
        return Err(Failure::usage(tell!(
            "`--url {text}`：不能带 `?` 之后的部分；请只写服务的地址",
            "`--url {text}`: what follows the `?` does not belong here; write the service's address alone"
        )));
    }
    if uri.scheme_str() == Some("http") && !is_loopback(&uri) {
        out::remark(
            form,
            tell!(
                "注意：`{text}` 没有加密，API 密钥会以明文传输；跨网络请用 https",
                "warning: `{text}` is not encrypted, the API key travels in the clear; use https across networks"
            ),
        );
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// An `http` or `https` URL without a user name.
pub(crate) fn parse(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|cause: http::uri::InvalidUri| cause.to_string())?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(tell!("不是 http 或 https 地址", "it is no http or https address"));
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    if authority.is_empty() || authority.contains('@') {
        return Err(tell!("地址里不能有用户名和密码", "an address must not hold a user name and password"));
    }
    Ok(uri)
}

/// An address as it may be repeated in a message: what stands before an `@` may be a password.
pub(crate) fn shown(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{}", out::printable(host)),
        None => out::printable(text),
    }
}

/// Whether the address never leaves this machine.
pub(crate) fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An app's name, as it may stand in a path.
pub(super) fn app(name: String) -> Result<String, Failure> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !name.is_empty() && name.bytes().all(fits) && name.bytes().any(|byte| byte != b'.') {
        return Ok(name);
    }
    let name = out::printable(&name);
    Err(Failure::usage(tell!(
        "`--app {name}`：这不是小程序在配置里的名字（字母、数字、`-`、`_`）；请看配置里的 `[[apps]] name`",
        "`--app {name}`: no app has such a name (letters, digits, `-`, `_`); see `[[apps]] name` in the configuration"
    )))
}

/// `?a=1&b=2` of those that are given, percent-encoded.
pub(crate) fn query(pairs: &[(&str, Option<&str>)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let Some(value) = value else { continue };
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'~' => {
                    text.push(char::from(byte))
                }
                _ => text.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, parse, query, shown};

    #[test]
    fn a_query_says_what_was_meant() {
        assert_eq!(query(&[("a", None), ("b", None)]), "");
        let from = Some("2026-01-05T08:00:00+08:00");
        assert_eq!(
            query(&[("state", Some("paid")), ("from", from)]),
            "?state=paid&from=2026-01-05T08%3A00%3A00%2B08%3A00"
        );
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        assert_eq!(shown("https://shop:pass@word@example.com/"), "…@example.com/");
        assert_eq!(shown("ftp://example.com"), "ftp://example.com");
    }

    #[test]
    fn loopback_is_this_machine_and_nothing_that_looks_like_it() {
        for (text, loopback) in [
            ("http://127.0.0.1:8080", true),
            ("http://localhost/x", true),
            ("http://[::1]:8080", true),
            ("http://127.0.0.1.example.com", false),
            ("http://localhost.example.com", false),
            ("https://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&parse(text).expect("an address")), loopback, "{text}");
        }
        for text in ["", "ftp://a", "127.0.0.1:8080", "http://", "https://127.0.0.1@example.com/"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
