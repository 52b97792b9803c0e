//! `GET /v1/apps/{app}/orders/{out_order_no}/settleable`: what is left to settle, and who says so.

use std::sync::Arc;

use axum::extract::{Path, State};
use douyin_pay_ledger::view::SettleableView;
use douyin_pay_ledger::{Order, System};
use douyin_pay_protocol::ecpay::Endpoint;
use http::StatusCode;

use super::caller::Caller;
use super::get_order::{find, unanswered, within};
use super::params::Params;
use super::remember::{by_id, check_turn};
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::ask::Ask;
use crate::live::App;

/// What is left of an order to settle: by our own books, before fee and commission.
///
/// With `query=now` the platform's figure of this moment, after them. Both are compared: when no reading of the figures
/// explains a difference, the exception `settleable_differs` opens, and closes by itself when they agree again.
#[utoipa::path(
    get, path = "/v1/apps/{app}/orders/{out_order_no}/settleable",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
        ("query" = Option<String>, Query, description = "`now` asks the platform for its figure; for operators"),
    ),
    responses(
        (status = 200, body = schemas::Settleable, description = "What is left to settle"),
        (status = 404, description = "No such app or order"),
        (status = 422, description = "`other_system`: the general trade system has no such question"),
        (status = 502, description = "`platform_silent`: asked with `query=now`, and nothing was told"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn get_settleable(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    mut params: Params,
) -> ApiResult {
    let app = caller.app(&app)?;
    let now = params.query_now()?;
    params.finish()?;
    let order = find(&server, &app, &out_order_no).await?;
    if !now {
        return Ok(replies::json(StatusCode::OK, &SettleableView::estimate(&order)));
    }
    caller.require(Role::Operator)?;
    let order = asked(&server, &app, order).await?;
    let told = SettleableView::platform(&order).ok_or_else(silent)?;
    Ok(replies::json(StatusCode::OK, &told))
}

/// The order after the platform was asked for its figure.
async fn asked(server: &Server, app: &Arc<App>, order: Order) -> Result<Order, ApiError> {
    if order.system == System::Trade {
        let detail = "the general trade system has no such question; leave `query` out for our own figure";
        return Err(ApiError::other_system(detail));
    }
    check_turn(server, &order.app_id, Endpoint::UnsettleAmount.into())?;
    let id = order.id;
    let ask = Ask { server: server.clone(), app: Arc::clone(app), order: Arc::new(order) };
    match within(server, async move { ask.settleable_now().await }).await {
        Some(true) => by_id(server, id).await,
        Some(false) => Err(silent()),
        None => {
            Err(unanswered("the platform has not answered yet; its answer will be recorded when it comes"))
        }
    }
}

fn silent() -> ApiError {
    unanswered("the platform did not tell its figure; the order's timeline shows what came back")
}
