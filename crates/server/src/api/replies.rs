//! Replies about orders and operations: what the state means as HTTP.

use axum::response::{IntoResponse, Response};
use douyin_pay::SignedOrder;
use douyin_pay_ledger::view::{OperationView, OrderView};
use douyin_pay_ledger::{Alarm, Failure, Operation, OperationState, Order, OrderState};
use douyin_pay_protocol::ecpay::ErrNo;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::{ApiError, ApiResult};

/// When to look again at something whose outcome is open.
const LOOK_AGAIN_SECONDS: u64 = 2;
/// The cashier that `tt.pay` must open; the platform fixed the number.
const CASHIER_SERVICE: u8 = 5;

/// An order, with what the front end needs to pay it.
#[derive(Serialize)]
struct OrderReply<'a> {
    #[serde(flatten)]
    order: OrderView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay: Option<Pay<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
}

/// What the front end hands to the platform's client.
#[derive(Serialize)]
#[serde(untagged)]
enum Pay<'a> {
    /// The arguments of `tt.pay`.
    Cashier { kind: &'static str, order_id: &'a str, order_token: &'a str, service: u8 },
    /// The arguments of `tt.requestOrder`.
    Request {
        kind: &'static str,
        #[serde(flatten)]
        signed: &'a SignedOrder,
    },
}

/// A refund or a settlement, with the order it belongs to.
#[derive(Serialize)]
struct OperationReply<'a> {
    #[serde(flatten)]
    operation: OperationView<'a>,
    out_order_no: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
}

/// The reply to whoever asked for the order: `new` if the request made it.
pub(super) fn opened(order: &Order, new: bool, warnings: &[String]) -> ApiResult {
    match order.state {
        OrderState::Opening if order.alarms.contains(Alarm::Config) => Err(config_refused()),
        OrderState::Refused => Err(refused(order.failure.as_ref())),
        OrderState::Opening => Ok(open_outcome(&reply(order, warnings))),
        // The platform has it, but the token for the cashier has not come back yet.
        OrderState::Waiting if order.order_token.is_none() => Ok(open_outcome(&reply(order, warnings))),
        _ => Ok(json(made(new), &reply(order, warnings))),
    }
}

/// The reply to whoever asked for an order of the general trade system: `new` if the request made it, with the signed
/// data if it can still be placed.
pub(super) fn signed(
    order: &Order,
    new: bool,
    signed: Option<&SignedOrder>,
    warnings: &[String],
) -> Response {
    let pay = signed.map(|signed| Pay::Request { kind: "tt.requestOrder", signed });
    json(made(new), &OrderReply { pay, ..reply(order, warnings) })
}

/// The order as it is.
pub(super) fn order(order: &Order) -> Response {
    let mut reply = reply(order, &[]);
    // Nobody should open the cashier for an order that cannot be paid any more.
    if !order.is_payable() {
        reply.pay = None;
    }
    json(StatusCode::OK, &reply)
}

/// The reply to whoever asked for the refund or settlement: `new` if the request made it.
pub(super) fn requested(order: &Order, operation: &Operation, new: bool, warnings: &[String]) -> ApiResult {
    let reply = OperationReply {
        operation: OperationView::of(operation),
        out_order_no: order.out_order_no.as_str(),
        warnings,
    };
    match operation.state {
        OperationState::Requested if operation.alarms.contains(Alarm::Config) => Err(config_refused()),
        OperationState::Requested => Ok(open_outcome(&reply)),
        // Refused when it was asked for; a failure that was reported later is a state like any other.
        OperationState::Failed if operation.failure.as_ref().is_some_and(|failure| failure.code != 0) => {
            Err(refused(operation.failure.as_ref()))
        }
        _ => Ok(json(made(new), &reply)),
    }
}

/// The refund or settlement as it is.
pub(super) fn operation(order: &Order, operation: &Operation) -> Response {
    let reply = OperationReply {
        operation: OperationView::of(operation),
        out_order_no: order.out_order_no.as_str(),
        warnings: &[],
    };
    json(StatusCode::OK, &reply)
}

/// The refund or settlement as it is, while something about it is open.
pub(super) fn open_operation(order: &Order, operation: &Operation) -> Response {
    open_outcome(&OperationReply {
        operation: OperationView::of(operation),
        out_order_no: order.out_order_no.as_str(),
        warnings: &[],
    })
}

/// Any value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).expect("replies have text keys and no floats");
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

fn reply<'a>(order: &'a Order, warnings: &'a [String]) -> OrderReply<'a> {
    let pay = match (&order.platform_order_id, &order.order_token) {
        (Some(order_id), Some(order_token)) => Some(Pay::Cashier {
            kind: "tt.pay",
            order_id: order_id.as_str(),
            order_token: order_token.as_str(),
            service: CASHIER_SERVICE,
        }),
        _ => None,
    };
    OrderReply { order: OrderView::of(order), pay, warnings }
}

fn made(new: bool) -> StatusCode {
    if new { StatusCode::CREATED } else { StatusCode::OK }
}

/// Remembered, and being asked for: send the same request again, or look.
fn open_outcome(value: &impl Serialize) -> Response {
    let mut response = json(StatusCode::ACCEPTED, value);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(LOOK_AGAIN_SECONDS));
    response
}

pub(super) fn config_refused() -> ApiError {
    ApiError::new(
        StatusCode::BAD_GATEWAY,
        "platform_refuses_configuration",
        "the platform refuses this app's secrets, id or rights; nothing is lost: the call is repeated with the same number \
         after the mend. GET /v1/exceptions says which code came back",
    )
}

pub(super) fn refused(failure: Option<&Failure>) -> ApiError {
    let (code, message) = failure.map_or((0, ""), |failure| (failure.code, &*failure.message));
    let meaning = ErrNo::new(code);
    let detail = format!(
        "the platform refused with {code} ({message}): {}; {}; then use a new number",
        meaning.en(),
        meaning.remedy_en()
    );
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "platform_refused", detail)
        .with("platform_code", code)
        .with("platform_message", message)
}
