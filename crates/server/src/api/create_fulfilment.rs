//! `POST /v1/apps/{app}/orders/{out_order_no}/fulfilments`: tell the platform how far the goods are.

use axum::extract::{Path, State};
use douyin_pay_ledger::{Fact, OperationKind, Order, PushFulfilment, Source, System, Target, What};
use douyin_pay_protocol::{Endpoint, Fen, FieldError, OutNo, ecpay, trade};
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_refund::{conclude, item_order_id};
use super::fields::{Fields, list, not_reserved, text};
use super::get_order::{find, learn_items, order_no};
use super::{ApiError, ApiResult, remember, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};
use crate::live::App;

/// A step of a fulfilment.
#[derive(ToSchema)]
pub(crate) struct CreateFulfilment {
    /// The merchant's number of this step: 1–64 of 0-9 A-Z a-z _ - *, unique per app; `auto-` at its beginning is reserved. The platform never sees it.
    #[schema(value_type = String, example = "F20260105-000001")]
    out_fulfil_no: OutNo,
    /// `fulfilling` or `fulfill_done`: forward only. In guaranteed payment `redeemed`, which its order push tells.
    #[schema(value_type = String, example = "fulfilling")]
    to_status: String,
    /// General trade system: the platform's numbers of the items that reach it; all items if left out.
    #[schema(value_type = Option<Vec<String>>)]
    items: Vec<Box<str>>,
}

impl CreateFulfilment {
    fn read(mut fields: Fields, system: System) -> Result<Self, ApiError> {
        let number = |text: String| {
            OutNo::new(text).map_err(|refused| FieldError { field: "out_fulfil_no", ..refused })
        };
        let ask = Self {
            out_fulfil_no: fields.required("out_fulfil_no", text(number))?,
            to_status: fields.required("to_status", |value| to_status(value, system))?,
            items: fields.optional("items", items)?.unwrap_or_default(),
        };
        fields.finish()?;
        not_reserved("out_fulfil_no", ask.out_fulfil_no.as_str())?;
        Ok(ask)
    }

    /// Which call tells the platform, if it can be told of this order.
    fn fits(&self, order: &Order, app: &App) -> Result<Endpoint, ApiError> {
        if order.system == System::Trade {
            return Ok(trade::Endpoint::FulfillPushStatus.into());
        }
        if !self.items.is_empty() {
            let detail = "`items`: guaranteed payment has no items; leave it out";
            return Err(ApiError::other_system(detail).with("field", "items"));
        }
        let pushed = order.plan.as_ref().is_some_and(|plan| plan.push);
        if pushed && app.config.ecpay.as_ref().is_none_or(|ecpay| ecpay.order_push.is_none()) {
            let detail = format!(
                "app `{}` has no `order_push = true` in its configuration, so the platform is not told how far orders are",
                app.config.name
            );
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "push_off", detail));
        }
        let is_new = order.operation(OperationKind::Fulfilment, &self.out_fulfil_no).is_none();
        if is_new && order.paid() > Fen::ZERO && order.refunded() >= order.paid() {
            let detail = "everything was refunded, which the platform's order centre shows already; \
                          nothing is left to redeem";
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "all_refunded", detail));
        }
        Ok(ecpay::Endpoint::OrderPush.into())
    }
}

fn to_status(value: Value, system: System) -> Result<String, String> {
    const BYTES_MAX: usize = 64;
    let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match value {
        Value::String(text) if (1..=BYTES_MAX).contains(&text.len()) && word(&text) => Ok(text),
        _ => Err(match system {
            System::Ecpay => "is not a word; write `redeemed`".to_owned(),
            System::Trade => "is not a word; write `fulfilling` or `fulfill_done`".to_owned(),
        }),
    }
}

fn items(value: Value) -> Result<Vec<Box<str>>, String> {
    list(value)?.into_iter().map(item_order_id).collect()
}

/// Tells the platform how far the goods of a paid order are: in the general trade system for product types whose fulfilment
/// it wants to know, the platform's rules for refunds follow it; in guaranteed payment by order push, when the time until
/// settlement counts from it.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders/{out_order_no}/fulfilments",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    request_body = CreateFulfilment,
    responses(
        (status = 201, body = schemas::Fulfilment, description = "Taken by the platform"),
        (status = 200, body = schemas::Fulfilment, description = "The same request was made before: the step as it is"),
        (status = 202, body = schemas::Fulfilment, description = "Remembered; the platform has not answered yet"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or order"),
        (status = 409, description = "The number is used with other fields or for another order"),
        (status = 422, description = "Not paid, not forward, not pushed; or the platform refused"),
        (status = 503, description = "Busy, stopping, or `paced`: send the same request again"),
    )
)]
pub(crate) async fn create_fulfilment(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let out_order_no = order_no(&out_order_no)?;
    let request_sha256 = fields.sha256();
    let order = find(&server, &app, out_order_no.as_str()).await?;
    let ask = CreateFulfilment::read(fields, order.system)?;
    let endpoint = ask.fits(&order, &app)?;
    remember::check_turn(&server, &app.config.app_id, endpoint)?;
    learn_items(&server, &app, &order).await;
    let out_no = ask.out_fulfil_no;
    let what = What::PushFulfilment(PushFulfilment {
        out_no: out_no.clone(),
        to_status: ask.to_status.into(),
        item_order_ids: ask.items,
        request_sha256,
    });
    let key = Key::Order(app.config.app_id.clone(), out_order_no);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Operation(OperationKind::Fulfilment, out_no.clone());
    let begun = remember::begin(&server, &app, Submission { key, fact, callback: None }, target).await?;
    conclude(&server, begun, OperationKind::Fulfilment, &out_no).await
}
