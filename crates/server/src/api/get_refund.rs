//! `GET /v1/apps/{app}/refunds/{out_refund_no}`: a refund as the books have it.

use axum::extract::{Path, State};
use douyin_pay_ledger::OperationKind;

use super::caller::Caller;
use super::get_operation::get;
use super::params::Params;
use super::{ApiResult, schemas};
use crate::Server;

/// A refund.
#[utoipa::path(
    get, path = "/v1/apps/{app}/refunds/{out_refund_no}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_refund_no" = String, Path, description = "The merchant's number of the refund"),
        ("query" = Option<String>, Query, description = "`now` asks the platform first; for operators"),
    ),
    responses(
        (status = 200, body = schemas::Refund, description = "The refund"),
        (status = 404, description = "No such app or refund"),
        (status = 502, description = "`platform_silent`: asked with `query=now`, and nothing was told"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn get_refund(
    State(server): State<Server>,
    caller: Caller,
    Path((app, number)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    get(&server, &caller, &app, OperationKind::Refund, &number, params).await
}
