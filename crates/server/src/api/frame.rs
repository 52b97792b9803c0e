//! Around every request: an id, one log line, problem+json, no escaping panic.

use std::any::Any;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode};
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

use super::ApiError;
use crate::Server;
use crate::ops::metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_BYTES_MAX: usize = 64;

pub(super) fn around(router: Router<Server>, server: &Server) -> Router<Server> {
    router.layer(CatchPanicLayer::custom(panicked)).layer(from_fn_with_state(server.clone(), frame))
}

async fn frame(State(server): State<Server>, request: Request, next: Next) -> Response {
    let id = request_id(&server, &request);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let begun = server.env().mono();
    let span = tracing::info_span!("request", request_id = %id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let millis = server.env().mono().since(begun);
    let status = response.status();
    metrics::http_request(&method, &route, status.as_u16());
    let problem = response.extensions_mut().remove::<ApiError>();
    span.in_scope(|| match &problem {
        Some(problem) if status.is_server_error() => {
            tracing::warn!(
                status = status.as_u16(),
                millis,
                code = problem.code,
                "{method} {route}: {}",
                problem.detail
            );
        }
        Some(problem) => {
            tracing::info!(status = status.as_u16(), millis, code = problem.code, "{method} {route}")
        }
        None => tracing::debug!(status = status.as_u16(), millis, "{method} {route}"),
    });
    if let Some(problem) = problem {
        *response.body_mut() = Body::from(problem.body(&id));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's own id if it is harmless, else a new one.
fn request_id(server: &Server, request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let harmless = |id: &&str| {
        (1..=ID_BYTES_MAX).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    given.filter(harmless).map_or_else(|| server.env().random_hex(16), ToOwned::to_owned)
}

fn panicked(what: Box<dyn Any + Send + 'static>) -> Response {
    let said = what
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| what.downcast_ref::<String>().cloned());
    tracing::error!(panic = said.as_deref().unwrap_or("?"), "a request panicked; this is a bug");
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "bug",
        "this should not happen; report it with the `request_id`",
    )
    .into_response()
}
