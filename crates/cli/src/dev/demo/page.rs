//! The page and its assets, from inside the binary.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Nothing is kept: the next version of the binary has the next version of the page.
fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
}

fn script(text: &'static str) -> Response {
    asset("text/javascript; charset=utf-8", text)
}

pub(super) async fn page() -> Response {
    asset("text/html; charset=utf-8", include_str!("assets/demo.html"))
}

/// What the page is made of.
pub(super) async fn part(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "demo.css" => asset("text/css; charset=utf-8", include_str!("assets/demo.css")),
        "demo.js" => script(include_str!("assets/demo.js")),
        "base.js" => script(include_str!("assets/base.js")),
        "story.js" => script(include_str!("assets/story.js")),
        "phone.js" => script(include_str!("assets/phone.js")),
        "tt.js" => script(include_str!("assets/tt.js")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
