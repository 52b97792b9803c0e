//! Keeps web pages from elsewhere away from the demo.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Demo;

/// Only pages of the demo itself may use it: a page from elsewhere could reach loopback through the browser.
pub(super) async fn guard(State(demo): State<Demo>, request: Request, next: Next) -> Response {
    if !is_ours(request.headers(), &demo.shop) {
        let why = format!("this is a demo for this machine only; open {} itself\n", demo.shop);
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let mut response = next.run(request).await;
    let rules = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src {}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        demo.platform
    );
    if let Ok(rules) = HeaderValue::from_str(&rules) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, rules);
    }
    response
}

/// Whether both the address that was asked for and the page that asks are the demo's.
fn is_ours(headers: &HeaderMap, shop: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = shop.trim_start_matches("http://");
    let port = ours.rsplit(':').next().unwrap_or_default();
    let known = |host: &str| host == ours || host.strip_prefix("localhost:") == Some(port);
    let from_us = |origin: &str| origin.strip_prefix("http://").is_some_and(known);
    text(header::HOST).is_some_and(known) && text(header::ORIGIN).is_none_or(from_us)
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use http::{HeaderMap, HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        pairs.collect()
    }

    #[test]
    fn only_the_demo_itself_is_let_in() {
        let shop = "http://127.0.0.1:8700";
        assert!(is_ours(&headers(&[("host", "127.0.0.1:8700")]), shop));
        assert!(is_ours(&headers(&[("host", "localhost:8700"), ("origin", "http://localhost:8700")]), shop));
        for stranger in [
            headers(&[]),
            headers(&[("host", "rebound.example:8700")]),
            headers(&[("host", "127.0.0.1:8700"), ("origin", "https://elsewhere.example")]),
            headers(&[("host", "127.0.0.1:8700"), ("origin", "http://127.0.0.1:9999")]),
            headers(&[("host", "127.0.0.1:8700"), ("origin", "null")]),
        ] {
            assert!(!is_ours(&stranger, shop), "{stranger:?}");
        }
    }
}
