//! `GET /v1/apps/{app}/settlements/{out_settle_no}`: a settlement as the books have it.

use axum::extract::{Path, State};
use douyin_pay_ledger::OperationKind;

use super::caller::Caller;
use super::get_operation::get;
use super::params::Params;
use super::{ApiResult, schemas};
use crate::Server;

/// A settlement.
#[utoipa::path(
    get, path = "/v1/apps/{app}/settlements/{out_settle_no}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_settle_no" = String, Path, description = "The merchant's number of the settlement"),
        ("query" = Option<String>, Query, description = "`now` asks the platform first; for operators"),
    ),
    responses(
        (status = 200, body = schemas::Settlement, description = "The settlement"),
        (status = 404, description = "No such app or settlement"),
        (status = 502, description = "`platform_silent`: asked with `query=now`, and nothing was told"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn get_settlement(
    State(server): State<Server>,
    caller: Caller,
    Path((app, number)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    get(&server, &caller, &app, OperationKind::Settlement, &number, params).await
}
