//! `POST /v1/apps/{app}/orders`: record an order, then open or sign it.

mod data;
mod ecpay;
mod push;
mod sku;
mod trade;

use axum::extract::{Path, State};
use douyin_pay_ledger::{
    Alarm, Fact, Open, Order, OrderId, OrderState, Refusal, Source, System, Target, What,
};
use douyin_pay_protocol::ecpay::ValidTime;
use douyin_pay_protocol::{CpExtra, OrderAmount, OrderBody, OutOrderNo, Subject};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::fields::{Fields, amount, number, object, text};
use super::{ApiError, ApiResult, remember, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};
use crate::live::App;
use crate::store::LoadKey;

pub(super) use data::TradeOfOrder;
pub(super) use ecpay::{DeliveryOfOrder, EcpayOfOrder};
pub(super) use push::{ItemOfPush, PushOfOrder};
pub(super) use sku::SkuOfOrder;

/// How long an order may be paid unless the merchant says.
pub(super) const VALID_SECONDS_DEFAULT: u32 = 900;
const METADATA_BYTES_MAX: usize = 2048;
const OPEN_ID_BYTES_MAX: usize = 128;

/// A new order.
#[derive(ToSchema)]
pub(crate) struct CreateOrder {
    /// The merchant's number: 1–64 of 0-9 A-Z a-z _ - *, unique per app.
    #[schema(value_type = String, example = "O20260105-000001")]
    out_order_no: OutOrderNo,
    /// The order's total in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 10_000_000_000_i64, example = 1280)]
    amount_fen: OrderAmount,
    /// What is sold, in short: at most 42 characters and 128 bytes.
    #[schema(value_type = String, example = "Latte")]
    subject: Subject,
    /// What is sold, in detail: the same limits. Needed in guaranteed payment.
    #[schema(value_type = Option<String>, example = "Latte, large")]
    body: Option<OrderBody>,
    /// Guaranteed payment: how long it may be paid: 300 to 172800 seconds; 900 if left out.
    #[schema(value_type = Option<u32>, minimum = 300, maximum = 172_800)]
    valid_seconds: Option<ValidTime>,
    /// Guaranteed payment: a text of the merchant's own, echoed by the platform: at most 2048 bytes.
    #[schema(value_type = Option<String>)]
    cp_extra: Option<CpExtra>,
    /// The payer.
    open_id: Option<String>,
    /// The merchant's own JSON object: at most 2048 bytes; the platform never sees it.
    #[schema(value_type = Option<Object>)]
    metadata: Option<String>,
    /// General trade system: what is sold, and where.
    trade: Option<TradeOfOrder>,
    /// Guaranteed payment: the store, channels to hide, delivery fees, the message to the payer.
    ecpay: Option<EcpayOfOrder>,
    /// Guaranteed payment: what the platform's order centre shows. It needs `open_id`, and order push in the configuration,
    /// whose defaults hold if it is left out.
    order_push: Option<PushOfOrder>,
}

impl CreateOrder {
    /// Reads the request for an order that lives, or will live, in `system`.
    fn read(mut fields: Fields, system: System) -> Result<Self, ApiError> {
        match system {
            System::Ecpay => fields.only_in(
                "trade",
                System::Trade,
                "new orders of this app are opened in guaranteed payment (`new_orders`); leave it out",
            )?,
            System::Trade => {
                fields.only_in("valid_seconds", System::Ecpay, "write `trade.pay_expire_seconds` instead")?;
                let instead = "an order has none here; use `metadata`, or the parameters of `trade.entry`";
                fields.only_in("cp_extra", System::Ecpay, instead)?;
                fields.only_in("ecpay", System::Ecpay, "leave it out")?;
                fields.only_in("order_push", System::Ecpay, "leave it out")?;
            }
        }
        let ask = Self {
            out_order_no: fields.required("out_order_no", text(OutOrderNo::new))?,
            amount_fen: fields.required("amount_fen", amount(OrderAmount::new))?,
            subject: fields.required("subject", text(Subject::new))?,
            body: match system {
                System::Ecpay => Some(fields.required("body", text(OrderBody::new))?),
                System::Trade => fields.optional("body", text(OrderBody::new))?,
            },
            valid_seconds: fields.optional("valid_seconds", number)?.map(valid).transpose()?,
            cp_extra: fields.optional("cp_extra", text(CpExtra::new))?,
            open_id: fields.optional("open_id", open_id)?,
            metadata: fields.optional("metadata", metadata)?,
            trade: match (fields.optional("trade", object)?, system) {
                (_, System::Ecpay) => None,
                (given, System::Trade) => Some(TradeOfOrder::read(given)?),
            },
            ecpay: fields.optional("ecpay", object)?.map(EcpayOfOrder::read).transpose()?,
            order_push: fields.optional("order_push", object)?.map(PushOfOrder::read).transpose()?,
        };
        fields.finish()?;
        Ok(ask)
    }

    fn open(self, server: &Server, app: &App, request_sha256: [u8; 32]) -> Open {
        let valid_seconds = self.valid_seconds.map_or(VALID_SECONDS_DEFAULT, ValidTime::seconds);
        Open {
            id: OrderId::new(server.env().now(), server.env().random_u64()),
            app_id: app.config.app_id.clone(),
            system: System::Ecpay,
            out_order_no: self.out_order_no,
            amount: self.amount_fen.fen(),
            subject: self.subject.as_str().into(),
            body: self.body.as_ref().map_or("", OrderBody::as_str).into(),
            valid_seconds,
            cp_extra: self.cp_extra.map(|text| text.as_str().into()),
            open_id: self.open_id.map(Into::into),
            metadata: self.metadata.map(Into::into),
            opened_elsewhere_at: None,
            refund_late: app.config.refund_paid_late,
            trade: None,
            ecpay: self.ecpay.map(EcpayOfOrder::remembered),
            settle_after_days: app.config.settle_after_days,
            order_push: None,
            request_sha256,
        }
    }
}

pub(super) fn valid(seconds: u64) -> Result<ValidTime, ApiError> {
    let valid = u32::try_from(seconds).ok().and_then(|seconds| ValidTime::new(seconds).ok());
    valid.ok_or_else(|| {
        ApiError::bad_request(format!(
            "`valid_seconds`: {seconds} is outside 300–172800; choose a time in between"
        ))
        .with("field", "valid_seconds")
    })
}

pub(super) fn open_id(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if !text.is_empty() && text.len() <= OPEN_ID_BYTES_MAX => Ok(text),
        _ => Err(format!("is not a text of 1–{OPEN_ID_BYTES_MAX} bytes")),
    }
}

pub(super) fn metadata(value: Value) -> Result<String, String> {
    if !value.is_object() {
        return Err("is not a JSON object".to_owned());
    }
    let text = value.to_string();
    match text.len() {
        ..=METADATA_BYTES_MAX => Ok(text),
        bytes => Err(format!("has {bytes} bytes as JSON, at most {METADATA_BYTES_MAX} are kept; shorten it")),
    }
}

/// Records an order, then asks the platform to open it. In the general trade system nobody is asked: the order's data
/// is signed, and `pay` is what the front end hands to `tt.requestOrder`; the same request again signs the same data anew.
///
/// The same number with the same fields again gives the saved reply; other fields are refused with 409.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders",
    params(("app" = String, Path, description = "The app's name in the configuration")),
    request_body = CreateOrder,
    responses(
        (status = 201, body = schemas::Order, description = "Open, or signed: the order with `pay`, the arguments of tt.pay or tt.requestOrder"),
        (status = 200, body = schemas::Order, description = "The same request was made before: its saved reply"),
        (status = 202, body = schemas::Order, description = "Remembered; the platform has not answered yet. Send the same request again after Retry-After"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 409, description = "The number is used with other fields, which `fields` names"),
        (status = 422, description = "The platform refused, or `other_system`: a field of the other payment system"),
        (status = 502, description = "The platform refuses our configuration"),
        (status = 503, description = "Busy or stopping: send the same request again"),
    )
)]
pub(crate) async fn create_order(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let request_sha256 = fields.sha256();
    let system = system_of(&server, &app, fields.peek("out_order_no")).await?;
    let mut ask = CreateOrder::read(fields, system)?;
    if let Some(trade) = ask.trade.take() {
        return trade::create(&server, &app, ask, trade, request_sha256).await;
    }
    let order_push = match ask.order_push.take() {
        Some(push) => Some(push.remembered(&ask, &app)?),
        None => push::by_default(&ask, &app),
    };
    let open = Open { order_push, ..ask.open(&server, &app, request_sha256) };
    let asked = Box::new(open);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::Open(asked.clone()) };
    let submission = Submission { key: Key::New, fact, callback: None };
    let begun = remember::begin(&server, &app, submission, Target::Order).await?;
    match (begun.decided.verdict.clone(), begun.decided.order.clone()) {
        (Ok(warnings), Some(order)) => {
            let order = begun.outcome(&server, &order, is_known).await?;
            replies::opened(&order, true, &warnings)
        }
        (Err(Refusal::Duplicate), Some(order)) => replies::opened(&order, false, &[]),
        (Err(refusal @ Refusal::OtherFields { .. }), Some(order)) => {
            Err(named(&server, &order, &asked, refusal).await.into())
        }
        (Err(refusal), _) => Err(refusal.into()),
        (Ok(_), None) => Err(not_written()),
    }
}

/// The refusal with the names of those fields as well that the books keep with the request alone.
async fn named(server: &Server, order: &Order, asked: &Open, refusal: Refusal) -> Refusal {
    let first = server.reads().facts(order.id).await.ok().and_then(|facts| facts.into_iter().next());
    let (Some(What::Open(known)), Refusal::OtherFields { names }) =
        (first.map(|row| row.fact.what), &refusal)
    else {
        return refusal;
    };
    let compared = [
        ("subject", known.subject != asked.subject),
        ("body", known.body != asked.body),
        ("ecpay", known.ecpay != asked.ecpay),
        ("order_push", known.order_push != asked.order_push),
    ];
    let more = compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name);
    // A name with a space stands for those that the order alone cannot tell apart.
    let sure = names.iter().copied().filter(|name| !name.contains(' '));
    let exact: Vec<_> = sure.chain(more).collect();
    if exact.is_empty() { refusal } else { Refusal::OtherFields { names: exact } }
}

pub(super) fn not_written() -> ApiError {
    ApiError::busy("books_unavailable", "the order was not written; send the same request again", 2)
}

/// The system of the order that has this number, else the one in which new orders are opened.
///
/// After a move to the other system a request that is repeated still means the order that it made.
async fn system_of(server: &Server, app: &App, out_order_no: Option<&str>) -> Result<System, ApiError> {
    let number = out_order_no.and_then(|text| OutOrderNo::new(text).ok());
    let (true, Some(number)) = (app.config.trade.is_some(), number) else { return Ok(app.config.new_orders) };
    let known = remember::load(server, LoadKey::Order(app.config.app_id.clone(), number)).await?;
    Ok(known.map_or(app.config.new_orders, |order| order.system))
}

/// Whether the merchant can be told how the opening ended.
fn is_known(order: &Order) -> bool {
    order.alarms.contains(Alarm::Config)
        || !(order.state == OrderState::Opening
            || order.state == OrderState::Waiting && order.order_token.is_none())
}
