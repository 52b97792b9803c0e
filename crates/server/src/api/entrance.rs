//! `/callbacks` and `/callbacks/{app}`: the platform's entrance, without an API key.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use douyin_pay_protocol::ecpay::callback::MAX_BODY;
use http::{HeaderMap, StatusCode};

use super::body::Raw;
use super::params::Params;
use super::{ApiError, schemas};
use crate::Server;
use crate::callback::{EchoQuery, Reply, check_url, receive};

/// A callback as it came, or why it could not be read.
type Body = Result<Raw<MAX_BODY>, ApiError>;

/// A callback of the app that the path names.
#[utoipa::path(
    post, path = "/callbacks/{app}",
    params(("app" = String, Path, description = "The app's name or alias")),
    responses(
        (status = 200, body = schemas::CallbackReply, description = "Written, or known already: err_no 0"),
        (status = 401, description = "The signature is wrong: err_no is not 0"),
        (status = 503, description = "Not written: err_no is not 0, the platform repeats"),
    )
)]
pub(crate) async fn receive_named(
    State(server): State<Server>,
    Path(app): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    take(&server, Some(&app), &headers, body).await
}

/// A callback whose app is found by its signature and its `appid`.
#[utoipa::path(
    post, path = "/callbacks",
    responses(
        (status = 200, body = schemas::CallbackReply, description = "Written, or known already: err_no 0"),
        (status = 401, description = "The signature is wrong: err_no is not 0"),
        (status = 503, description = "Not written: err_no is not 0, the platform repeats"),
    )
)]
pub(crate) async fn receive_unnamed(State(server): State<Server>, headers: HeaderMap, body: Body) -> Reply {
    take(&server, None, &headers, body).await
}

async fn take(server: &Server, name: Option<&str>, headers: &HeaderMap, body: Body) -> Reply {
    match body {
        Ok(Raw(body)) => match crate::probe::answer(server, name, headers, &body) {
            Some(arrived) => arrived,
            None => receive(server, name, headers, body).await,
        },
        Err(problem) => {
            tracing::warn!(app = name, "a callback could not be read: {}", problem.detail);
            crate::ops::metrics::callback("-", None, "unreadable");
            Reply::refused(problem.status, "the body cannot be read")
        }
    }
}

/// The console's check of the URL: gives `echostr` back when the signature fits.
#[utoipa::path(
    get, path = "/callbacks/{app}",
    params(("app" = String, Path, description = "The app's name or alias")),
    responses((status = 200, description = "The plain `echostr`"), (status = 403, description = "No token fits"))
)]
pub(crate) async fn check_named(
    State(server): State<Server>,
    Path(app): Path<String>,
    params: Params,
) -> Response {
    check(&server, Some(&app), params)
}

/// The console's check of the URL, for any app.
#[utoipa::path(
    get, path = "/callbacks",
    responses((status = 200, description = "The plain `echostr`"), (status = 403, description = "No token fits"))
)]
pub(crate) async fn check_unnamed(State(server): State<Server>, params: Params) -> Response {
    check(&server, None, params)
}

fn check(server: &Server, name: Option<&str>, mut params: Params) -> Response {
    let mut text = |name| params.text(name).unwrap_or_default();
    let query = EchoQuery {
        signature: text("signature"),
        timestamp: text("timestamp"),
        nonce: text("nonce"),
        echostr: text("echostr"),
    };
    if query.signature.is_empty() {
        let detail = "this is where the platform posts callbacks; a check needs `signature`, `timestamp`, `nonce` and `echostr`";
        return ApiError::bad_request(detail).into_response();
    }
    match check_url(server, name, &query) {
        Some(echostr) => {
            ([(http::header::CONTENT_TYPE, "text/plain; charset=utf-8")], echostr).into_response()
        }
        None => {
            ApiError::new(StatusCode::FORBIDDEN, "bad_signature", "no token of this app fits the signature")
                .into_response()
        }
    }
}
