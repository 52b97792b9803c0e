//! `GET /v1/apps/{app}/returns/{out_return_no}`: a return as the books have it.

use axum::extract::{Path, State};
use douyin_pay_ledger::OperationKind;

use super::caller::Caller;
use super::get_operation::get;
use super::params::Params;
use super::{ApiResult, schemas};
use crate::Server;

/// A share that was taken back, or is being taken back.
#[utoipa::path(
    get, path = "/v1/apps/{app}/returns/{out_return_no}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_return_no" = String, Path, description = "The merchant's number of the return"),
        ("query" = Option<String>, Query, description = "`now` asks the platform first; for operators"),
    ),
    responses(
        (status = 200, body = schemas::Return, description = "The return"),
        (status = 404, description = "No such app or return"),
        (status = 502, description = "`platform_silent`: asked with `query=now`, and nothing was told"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn get_return(
    State(server): State<Server>,
    caller: Caller,
    Path((app, number)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    get(&server, &caller, &app, OperationKind::Return, &number, params).await
}
