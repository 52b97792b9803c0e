//! `GET /healthz`: the process lives. `GET /readyz`: it can do its work, or why not.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use crate::Server;
use crate::api::schemas;
use crate::journal::QUEUE_MAX;

/// The process lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "`ok`")))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether the service can do its work, with reasons when not.
#[utoipa::path(
    get, path = "/readyz",
    responses(
        (status = 200, body = schemas::Readiness, description = "Ready"),
        (status = 503, body = schemas::Readiness, description = "Not ready; `reasons` says why"),
    )
)]
pub(crate) async fn readyz(State(server): State<Server>) -> Response {
    let reasons = reasons(&server).await;
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({ "ready": reasons.is_empty(), "reasons": reasons }).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn reasons(server: &Server) -> Vec<String> {
    let mut reasons = Vec::new();
    let health = server.reads().health().await;
    match health.problem {
        Some(problem) => reasons.push(problem),
        None if !health.readable => reasons.push("the books cannot be read".to_owned()),
        None => {}
    }
    // A full or read-only disk shows in the last batch, not in what can be read.
    reasons.extend(server.journal().problem());
    let waiting = server.journal().waiting();
    if waiting >= QUEUE_MAX / 2 {
        reasons.push(format!("{waiting} of at most {QUEUE_MAX} changes wait to be written"));
    }
    if server.stopping().is_cancelled() {
        reasons.push("the service is stopping".to_owned());
    }
    reasons
}
