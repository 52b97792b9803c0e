//! `GET /v1/apps/{app}/bill_runs`: how far runs are.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::Server;
use crate::api::caller::Caller;
use crate::api::params::Params;
use crate::api::{ApiError, ApiResult, replies, schemas};
use crate::api_key::Role;
use crate::reconcile::{RunView, Seen};
use crate::store::{BillRun, RunState};

#[derive(Serialize)]
struct Page {
    bill_runs: Vec<RunView>,
    /// Give it as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// A run as it is now if it is under way, else as it was written.
fn view(server: &Server, stored: BillRun) -> RunView {
    let seen = server.runs().of(&stored.app_id).and_then(|progress| progress.look());
    let live = seen.filter(|seen| seen.run.id == stored.id);
    let eta_seconds = live.as_ref().and_then(|seen| seen.eta_seconds(server.env().now()));
    let interrupted = live.is_none() && matches!(stored.state, RunState::Matching | RunState::Asking);
    let mut run = live.map_or(stored, |Seen { run, .. }| run);
    if interrupted {
        run.state = RunState::Stopped;
        run.problem =
            Some("the service ended while it was under way; begin or resume the run again".to_owned());
    }
    RunView::of(run, eta_seconds)
}

/// A run as a reply.
pub(super) fn reply(status: StatusCode, server: &Server, run: &BillRun) -> Response {
    replies::json(status, &view(server, run.clone()))
}

/// The runs of an app, newest first.
#[utoipa::path(
    get, path = "/v1/apps/{app}/bill_runs",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("after" = Option<i64>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if left out"),
    ),
    responses(
        (status = 200, body = schemas::BillRuns, description = "`bill_runs`, and `next` if there may be more"),
        (status = 404, description = "No such app"),
    )
)]
pub(crate) async fn list_bill_runs(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    mut params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let after = params.parsed::<i64>("after", "a number; give `next` of the page before")?;
    let limit = params.limit()?;
    params.finish()?;
    let runs = server.reads().bill_runs(app.config.app_id.clone(), after, limit).await;
    let runs = runs.map_err(|cause| ApiError::unreadable(&cause))?;
    let next = runs.last().filter(|_| runs.len() == limit).map(|run| run.id);
    let bill_runs = runs.into_iter().map(|run| view(&server, run)).collect();
    Ok(replies::json(StatusCode::OK, &Page { bill_runs, next }))
}

/// A run: rows compared, queries made, and how long it will still take.
#[utoipa::path(
    get, path = "/v1/apps/{app}/bill_runs/{id}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("id" = i64, Path, description = "The run's number"),
    ),
    responses(
        (status = 200, body = schemas::BillRun, description = "The run as it is now"),
        (status = 404, description = "No such app or run"),
    )
)]
pub(crate) async fn get_bill_run(
    State(server): State<Server>,
    caller: Caller,
    Path((app, id)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    params.finish()?;
    let run = super::run_of(&server, &app, &id).await?;
    Ok(reply(StatusCode::OK, &server, &run))
}
