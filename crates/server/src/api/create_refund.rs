//! `POST /v1/apps/{app}/orders/{out_order_no}/refunds`: record a refund, then ask the platform for it.

mod ecpay;
mod trade;

use axum::extract::{Path, State};
use douyin_pay_ledger::{
    Alarm, Fact, OperationKind, OperationState, Order, Refusal, RequestRefund, Source, System, Target, What,
};
use douyin_pay_protocol::ecpay::Endpoint as EcpayEndpoint;
use douyin_pay_protocol::trade::Endpoint as TradeEndpoint;
use douyin_pay_protocol::{Endpoint, OutNo, OutRefundNo, Reason, RefundAmount};
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::fields::{Fields, amount, not_reserved, object, text};
use super::get_order::{find, learn_items, order_no, unanswered};
use super::{ApiError, ApiResult, remember, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};
pub(super) use ecpay::EcpayOfRefund;
pub(super) use trade::{ItemOfRefund, TradeOfRefund, item_order_id};

/// Numbers of refunds that the platform's side starts begin so.
const RESERVED_PREFIX: &str = "dy-";

/// A new refund.
#[derive(ToSchema)]
pub(crate) struct CreateRefund {
    /// The merchant's number: 1–64 of 0-9 A-Z a-z _ - *, unique per app; `dy-` and `auto-` at its beginning are reserved.
    #[schema(value_type = String, example = "R20260105-000001")]
    out_refund_no: OutRefundNo,
    /// How much goes back, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 99_999_999_999_i64, example = 100)]
    amount_fen: RefundAmount,
    /// Why, shown to the payer: at most 100 characters, in the general trade system 49.
    #[schema(value_type = String, example = "wrong address")]
    reason: Reason,
    /// General trade system: the reason's code, and what goes back of which item.
    trade: Option<TradeOfRefund>,
    /// Guaranteed payment: where the money comes from, the message to the payer.
    ecpay: Option<EcpayOfRefund>,
}

impl CreateRefund {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self {
            out_refund_no: fields.required("out_refund_no", text(OutRefundNo::new))?,
            amount_fen: fields.required("amount_fen", amount(RefundAmount::new))?,
            reason: fields.required("reason", text(Reason::new))?,
            trade: fields.optional("trade", object)?.map(TradeOfRefund::read).transpose()?,
            ecpay: fields.optional("ecpay", object)?.map(EcpayOfRefund::read).transpose()?,
        };
        fields.finish()?;
        let number = ask.out_refund_no.as_str();
        not_reserved("out_refund_no", number)?;
        if number.starts_with(RESERVED_PREFIX) {
            let detail = format!(
                "`out_refund_no`: begins with `{RESERVED_PREFIX}`, which is kept for refunds that the platform starts; choose another"
            );
            return Err(ApiError::bad_request(detail).with("field", "out_refund_no"));
        }
        Ok(ask)
    }

    /// Refuses what belongs to the other payment system.
    fn fits(&self, system: System) -> Result<(), ApiError> {
        let (field, other, lives_in) = match system {
            System::Ecpay if self.trade.is_some() => ("trade", System::Trade, "guaranteed payment"),
            System::Trade if self.ecpay.is_some() => ("ecpay", System::Ecpay, "the general trade system"),
            _ => return Ok(()),
        };
        Err(ApiError::other_system(format!(
            "`{field}`: belongs to orders of the system `{other}`; this order lives in {lives_in}: leave it out"
        ))
        .with("field", field))
    }
}

/// Records a refund, then asks the platform for it. The event `refund.succeeded` or `refund.failed` tells its end.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders/{out_order_no}/refunds",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    request_body = CreateRefund,
    responses(
        (status = 201, body = schemas::Refund, description = "Taken on by the platform"),
        (status = 200, body = schemas::Refund, description = "The same request was made before: the refund as it is"),
        (status = 202, body = schemas::Refund, description = "Remembered; the platform has not answered yet"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or order"),
        (status = 409, description = "The number is used with other fields or for another order"),
        (status = 422, description = "More than is left, with the sums; or not paid; or the platform refused"),
        (status = 502, description = "`platform_refuses_configuration`; or `platform_silent`: what the call needs could not be asked for"),
        (status = 503, description = "Busy, stopping, or `paced`: send the same request again"),
    )
)]
pub(crate) async fn create_refund(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let out_order_no = order_no(&out_order_no)?;
    let request_sha256 = fields.sha256();
    let ask = CreateRefund::read(fields)?;
    let order = find(&server, &app, out_order_no.as_str()).await?;
    ask.fits(order.system)?;
    let trade = match order.system {
        System::Ecpay => None,
        System::Trade => Some(trade::remembered(&ask.reason, ask.trade)?),
    };
    let out_no = OutNo::from(ask.out_refund_no);
    let known = order.operation(OperationKind::Refund, &out_no).is_some();
    let endpoint = match order.system {
        System::Ecpay => Endpoint::from(EcpayEndpoint::CreateRefund),
        System::Trade => Endpoint::from(TradeEndpoint::RefundCreate),
    };
    remember::check_turn(&server, &app.config.app_id, endpoint)?;
    // All of it goes back without naming items.
    let whole =
        ask.amount_fen.fen() == order.paid() && order.operations_of(OperationKind::Refund).next().is_none();
    if !known && !whole {
        learn_items(&server, &app, &order).await;
    }
    let what = What::RequestRefund(RequestRefund {
        out_no: out_no.clone(),
        amount: ask.amount_fen.fen(),
        reason: ask.reason.as_str().into(),
        trade,
        ecpay: ask.ecpay.map(EcpayOfRefund::remembered),
        request_sha256,
    });
    let key = Key::Order(app.config.app_id.clone(), out_order_no);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Operation(OperationKind::Refund, out_no.clone());
    let begun = remember::begin(&server, &app, Submission { key, fact, callback: None }, target).await?;
    conclude(&server, begun, OperationKind::Refund, &out_no).await
}

/// Waits for the platform's answer and says what became of the refund or settlement.
pub(super) async fn conclude(
    server: &Server,
    begun: remember::Begun,
    kind: OperationKind,
    out_no: &OutNo,
) -> ApiResult {
    let (order, new, warnings) = match (begun.decided.verdict.clone(), begun.decided.order.clone()) {
        (Ok(warnings), Some(order)) => {
            (begun.outcome(server, &order, |order| is_known(order, kind, out_no)).await?, true, warnings)
        }
        (Err(Refusal::Duplicate), Some(order)) => (Order::clone(&order), false, Vec::new()),
        (Err(Refusal::ItemsNeeded { known: 0 }), _) => {
            return Err(unanswered(
                "the order's items are not known yet, and the platform has not told them; \
                 send the same request again",
            ));
        }
        (Err(refusal), _) => return Err(refusal.into()),
        (Ok(_), None) => {
            return Err(ApiError::busy(
                "books_unavailable",
                "nothing was written; send the same request again",
                2,
            ));
        }
    };
    let operation = order.operation(kind, out_no);
    let operation = operation
        .ok_or_else(|| ApiError::not_found("unknown_number", format!("there is no {kind} `{out_no}`")))?;
    replies::requested(&order, operation, new, &warnings)
}

/// Whether the merchant can be told how the asking ended.
fn is_known(order: &Order, kind: OperationKind, out_no: &OutNo) -> bool {
    order.operation(kind, out_no).is_some_and(|operation| {
        operation.state != OperationState::Requested || operation.alarms.contains(Alarm::Config)
    })
}
