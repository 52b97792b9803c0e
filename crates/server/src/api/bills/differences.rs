//! `GET /v1/apps/{app}/bill_runs/{id}/differences`: what differs on the day of a run.

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Serialize;

use crate::Server;
use crate::api::caller::Caller;
use crate::api::params::Params;
use crate::api::{ApiError, ApiResult, replies, schemas};
use crate::api_key::Role;
use crate::reconcile::csv::{add_differences, differences_head};
use crate::reconcile::{Day, DifferenceView};
use crate::store::{BillRun, Difference, DifferenceFilter, DifferenceType};

/// Differences that are read at once for a table.
const AT_ONCE: usize = 1000;

#[derive(Serialize)]
struct Page {
    differences: Vec<DifferenceView>,
    /// Give it as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

/// What differs on the run's day and in its kinds of bill, oldest first: the open ones unless `state=all`.
#[utoipa::path(
    get, path = "/v1/apps/{app}/bill_runs/{id}/differences",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("id" = i64, Path, description = "The run's number"),
        ("state" = Option<String>, Query, description = "`open` (if left out) or `all`"),
        ("type" = Option<String>, Query, description = "ours_only, theirs_only, amount, state or fee; all if left out"),
        ("after" = Option<i64>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if left out"),
    ),
    responses(
        (status = 200, body = schemas::Differences, description = "`differences`, and `next` if there may be more"),
        (status = 404, description = "No such app or run"),
    )
)]
pub(crate) async fn list_differences(
    State(server): State<Server>,
    caller: Caller,
    Path((app, id)): Path<(String, String)>,
    mut params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let run = super::run_of(&server, &app, &id).await?;
    let after = params.parsed::<i64>("after", "a number; give `next` of the page before")?.unwrap_or(0);
    let limit = params.limit()?;
    let filter = DifferenceFilter { after, limit, ..filter(&run, &mut params)? };
    params.finish()?;
    let found = read(&server, filter).await?;
    let next = found.last().filter(|_| found.len() == limit).map(|one| one.id);
    let differences = found.into_iter().map(DifferenceView::of).collect();
    Ok(replies::json(StatusCode::OK, &Page { differences, next }))
}

/// The same as a table for a spreadsheet: UTF-8 with a byte-order mark, amounts in yuan and in fen.
#[utoipa::path(
    get, path = "/v1/apps/{app}/bill_runs/{id}/differences.csv",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("id" = i64, Path, description = "The run's number"),
        ("state" = Option<String>, Query, description = "`open` (if left out) or `all`"),
        ("type" = Option<String>, Query, description = "ours_only, theirs_only, amount, state or fee; all if left out"),
    ),
    responses((status = 200, description = "text/csv"), (status = 404, description = "No such app or run"))
)]
pub(crate) async fn get_differences_csv(
    State(server): State<Server>,
    caller: Caller,
    Path((app, id)): Path<(String, String)>,
    mut params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let run = super::run_of(&server, &app, &id).await?;
    let mut filter = DifferenceFilter { limit: AT_ONCE, ..filter(&run, &mut params)? };
    params.finish()?;
    let mut table = differences_head();
    loop {
        let page = read(&server, filter.clone()).await?;
        add_differences(&mut table, &page);
        match page.last().filter(|_| page.len() == AT_ONCE) {
            Some(last) => filter.after = last.id,
            None => break,
        }
    }
    let day = Day::of_midnight(run.day);
    Ok(super::table(&format!("differences-{}-{day}", app.config.name), table))
}

fn filter(run: &BillRun, params: &mut Params) -> Result<DifferenceFilter, ApiError> {
    let open_only = match params.text("state").as_deref() {
        None | Some("open") => true,
        Some("all") => false,
        Some(other) => {
            return Err(ApiError::bad_request(format!("`state`: `{other}` is unknown; write open or all")));
        }
    };
    let differs = params.text("type").map(|word| {
        DifferenceType::of_word(&word).ok_or_else(|| {
            ApiError::bad_request(format!(
                "`type`: `{word}` is unknown; write ours_only, theirs_only, amount, state or fee"
            ))
        })
    });
    Ok(DifferenceFilter {
        day: Some(run.day),
        kinds: run.kinds.clone(),
        differs: differs.transpose()?,
        open_only,
        ..DifferenceFilter::of(run.app_id.clone(), 0)
    })
}

async fn read(server: &Server, filter: DifferenceFilter) -> Result<Vec<Difference>, ApiError> {
    server.reads().differences(filter).await.map_err(|cause| ApiError::unreadable(&cause))
}
