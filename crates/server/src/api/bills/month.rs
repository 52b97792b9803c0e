//! `GET /v1/apps/{app}/months/{month}`: a month of the books by merchant.

use axum::extract::{Path, State};
use http::StatusCode;

use crate::Server;
use crate::api::caller::Caller;
use crate::api::params::Params;
use crate::api::{ApiError, ApiResult, replies, schemas};
use crate::api_key::Role;
use crate::reconcile::{self, Month, MonthView};

/// What was paid, refunded and settled in a Beijing month, by merchant: by the platform's times, in both payment systems.
///
/// With `.csv` behind the month it is a table for a spreadsheet.
#[utoipa::path(
    get, path = "/v1/apps/{app}/months/{month}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("month" = String, Path, description = "Such as 2026-01, or 2026-01.csv"),
    ),
    responses(
        (status = 200, body = schemas::MonthOfApp, description = "The month; with `.csv`: text/csv, UTF-8 with a byte-order mark"),
        (status = 400, description = "No month"),
        (status = 404, description = "No such app"),
    )
)]
pub(crate) async fn get_month(
    State(server): State<Server>,
    caller: Caller,
    Path((app, text)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    params.finish()?;
    let (text, as_table) = text.strip_suffix(".csv").map_or((text.as_str(), false), |month| (month, true));
    let month: Month =
        text.parse().map_err(|cause: reconcile::BadDay| ApiError::bad_request(cause.to_string()))?;
    let merchants = reconcile::month(server.reads(), &app.config.app_id, month).await?;
    if as_table {
        let name = format!("month-{}-{month}", app.config.name);
        return Ok(super::table(&name, reconcile::month_csv(month, &merchants)));
    }
    Ok(replies::json(StatusCode::OK, &MonthView::of(month, merchants)))
}
