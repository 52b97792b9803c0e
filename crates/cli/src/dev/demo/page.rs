//! The page and its two assets, from inside the binary.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Nothing is kept: the next version of the binary has the next version of the page.
fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}

pub(super) async fn page() -> Response {
    asset("text/html; charset=utf-8", include_str!("assets/demo.html"))
}

pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("assets/demo.css"))
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("assets/demo.js"))
}
