//! `GET /v1/apps/{app}/fulfilments/{out_fulfil_no}`: a step of a fulfilment as the books have it.

use axum::extract::{Path, State};
use douyin_pay_ledger::OperationKind;

use super::caller::Caller;
use super::get_operation::get;
use super::params::Params;
use super::{ApiResult, schemas};
use crate::Server;

/// A step of a fulfilment. The platform cannot be asked about it.
#[utoipa::path(
    get, path = "/v1/apps/{app}/fulfilments/{out_fulfil_no}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_fulfil_no" = String, Path, description = "The merchant's number of the step"),
    ),
    responses(
        (status = 200, body = schemas::Fulfilment, description = "The step"),
        (status = 404, description = "No such app or step"),
    )
)]
pub(crate) async fn get_fulfilment(
    State(server): State<Server>,
    caller: Caller,
    Path((app, number)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    get(&server, &caller, &app, OperationKind::Fulfilment, &number, params).await
}
