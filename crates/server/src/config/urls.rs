//! Rules for the URLs of a configuration.

use douyin_pay_protocol::NotifyUrl;

/// The public URL without a slash at the end, if the platform can call it.
pub(super) fn public_url(given: Option<&str>) -> Result<String, String> {
    let Some(url) = given else {
        return Err(
            "`public_url` is missing: the platform sends callbacks to {public_url}/callbacks/{app}; \
                    give the https address under which this service is reached from outside"
                .to_owned(),
        );
    };
    let url = url.trim_end_matches('/');
    if url.contains(['?', '#']) {
        return Err("`public_url`: has a query or a fragment; give only scheme, host and path".to_owned());
    }
    NotifyUrl::new(url).map_err(|refused| format!("`public_url`: {}", refused.problem))?;
    Ok(url.to_owned())
}

/// The base URL of a mock, or another http(s) address that we call.
pub(super) fn outgoing(key: &str, url: &str) -> Result<String, String> {
    let trimmed = url.trim_end_matches('/');
    let parsed: Option<http::Uri> = trimmed.parse().ok();
    let good = parsed.as_ref().is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if !good {
        return Err(format!("`{key}`: is not a URL; write https://host/path"));
    }
    if parsed.is_some_and(|uri| uri.authority().is_some_and(|authority| authority.as_str().contains('@'))) {
        return Err(format!("`{key}`: contains a user name or password; remove it"));
    }
    Ok(trimmed.to_owned())
}

/// Whether what is sent there can be read on the way: http, and not to this machine.
pub(super) fn is_open_http(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    uri.scheme_str() == Some("http") && !loopback
}
