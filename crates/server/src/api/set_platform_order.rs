//! `PUT /v1/apps/{app}/orders/{out_order_no}/platform_order`: the number that `tt.requestOrder` gave.

use axum::extract::{Path, State};
use douyin_pay_ledger::System;
use douyin_pay_protocol::{PlatformNo, trade};
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::fields::{Fields, text};
use super::get_order::{find, unanswered, within};
use super::remember::{by_id, check_turn};
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::ask::{Ask, Found};

/// The platform's number of an order.
#[derive(ToSchema)]
pub(crate) struct SetPlatformOrder {
    /// `orderId` as `tt.requestOrder` gave it.
    #[schema(value_type = String, example = "motb0000000000000000001")]
    platform_order_id: PlatformNo,
}

impl SetPlatformOrder {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self { platform_order_id: fields.required("platform_order_id", text(PlatformNo::new))? };
        fields.finish()?;
        Ok(ask)
    }
}

/// Tells the service the platform's number of an order, as the front end got it. The platform is asked whether that is so.
/// Not needed: a payment, or a query by your own number, tells it as well. Only in the general trade system.
#[utoipa::path(
    put, path = "/v1/apps/{app}/orders/{out_order_no}/platform_order",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    request_body = SetPlatformOrder,
    responses(
        (status = 200, body = schemas::Order, description = "The platform says so too, now or before: the order"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or order"),
        (status = 409, description = "`other_platform_order`: the platform has another order of that number"),
        (status = 422, description = "`other_system`: an order in guaranteed payment got its number when it was opened"),
        (status = 502, description = "`platform_silent`: the platform told nothing; send the same request again"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn set_platform_order(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let number = SetPlatformOrder::read(fields)?.platform_order_id;
    let order = find(&server, &app, &out_order_no).await?;
    if order.system == System::Ecpay {
        let detail =
            "an order in guaranteed payment got its platform number when it was opened; nothing is to be set";
        return Err(ApiError::other_system(detail));
    }
    let id = order.id;
    match &order.platform_order_id {
        Some(known) if *known == number => return Ok(replies::order(&order)),
        Some(known) => return Err(other_order(&format!("the platform's number of this order is `{known}`"))),
        None => {}
    }
    check_turn(&server, &order.app_id, trade::Endpoint::OrderQuery.into())?;
    let ask = Ask { server: server.clone(), app, order: order.into() };
    let found = within(&server, async move { ask.check_platform_order(&number).await }).await;
    match found {
        Some(Found::Ours) => Ok(replies::order(&by_id(&server, id).await?)),
        Some(Found::Another) => {
            Err(other_order("the platform knows no order of this id that has this number"))
        }
        Some(Found::Nothing) | None => {
            Err(unanswered("the platform has not said whether that is so; send the same request again"))
        }
    }
}

fn other_order(detail: &str) -> ApiError {
    ApiError::new(
        http::StatusCode::CONFLICT,
        "other_platform_order",
        format!("{detail}; nothing was changed"),
    )
}
