//! `POST /v1/events/{id}/resend`: deliver an event once more.

use axum::extract::{Path, State};
use douyin_pay_ledger::OrderId;
use http::StatusCode;
use serde_json::json;

use super::caller::Caller;
use super::params::Params;
use super::remember::load;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::store::LoadKey;

/// Makes an event due again, whether it was delivered, given up or is still waiting.
#[utoipa::path(
    post, path = "/v1/events/{id}/resend",
    params(("id" = String, Path, description = "The event's id: ord_….n")),
    responses((status = 202, body = schemas::Resent, description = "It will be delivered"), (status = 404, description = "No such event"))
)]
pub(crate) async fn resend_event(
    State(server): State<Server>,
    caller: Caller,
    Path(id): Path<String>,
    params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    params.finish()?;
    let unknown = || {
        ApiError::not_found("unknown_event", format!("there is no event `{id}`; GET /v1/events lists them"))
    };
    let order_id: OrderId = id.split('.').next().and_then(|order| order.parse().ok()).ok_or_else(unknown)?;
    let order = load(&server, LoadKey::Id(order_id)).await?.ok_or_else(unknown)?;
    if !caller.sees(Some(order.app_id.as_str())) {
        return Err(unknown());
    }
    match server.journal().resend_event(id.clone(), server.env().now()).await? {
        true => Ok(replies::json(StatusCode::ACCEPTED, &json!({ "id": id, "state": "pending" }))),
        false => Err(unknown()),
    }
}
