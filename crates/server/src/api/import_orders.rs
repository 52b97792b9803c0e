//! `POST /v1/apps/{app}/orders/import`: orders that were opened elsewhere, with an earlier SDK.

use axum::extract::{Path, State};
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Fact, Open, OrderId, Refusal, Source, System, What};
use douyin_pay_protocol::ecpay::ValidTime;
use douyin_pay_protocol::{CpExtra, OrderAmount, OutOrderNo};
use futures_util::future::join_all;
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_order::{VALID_SECONDS_DEFAULT, metadata, open_id, valid};
use super::fields::{Fields, amount, list, number, text};
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Decided, Key, Submission, SubmitError};
use crate::live::App;

/// Orders in one request.
const ORDERS_MAX: usize = 100;

/// Orders to take over.
#[derive(ToSchema)]
pub(crate) struct ImportOrders {
    /// 1–100 orders.
    #[schema(value_type = Vec<ImportOrder>, min_items = 1, max_items = 100)]
    orders: Vec<(ImportOrder, [u8; 32])>,
}

impl ImportOrders {
    fn read(mut fields: Fields, now: UnixMs) -> Result<Self, ApiError> {
        let orders = fields.required("orders", list)?;
        fields.finish()?;
        if !(1..=ORDERS_MAX).contains(&orders.len()) {
            let detail = format!("`orders`: {} orders; send 1 to {ORDERS_MAX}", orders.len());
            return Err(ApiError::bad_request(detail).with("field", "orders"));
        }
        let read = orders.into_iter().enumerate();
        let read = read.map(|(at, order)| ImportOrder::read(format!("orders[{at}]"), order, now));
        Ok(Self { orders: read.collect::<Result<_, _>>()? })
    }
}

/// An order that was opened elsewhere.
#[derive(ToSchema)]
pub(crate) struct ImportOrder {
    /// The number that it was opened with.
    #[schema(value_type = String, example = "OLD-000001")]
    out_order_no: OutOrderNo,
    /// The order's total in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 10_000_000_000_i64, example = 1280)]
    amount_fen: OrderAmount,
    /// When it was opened: RFC 3339 with an offset; not in the future.
    #[schema(value_type = String, example = "2025-12-31T15:40:00+08:00")]
    created_at: UnixMs,
    /// How long it could be paid: 300 to 172800 seconds; 900 if left out.
    #[schema(value_type = Option<u32>, minimum = 300, maximum = 172_800)]
    valid_seconds: ValidTime,
    /// The text that the platform echoes.
    #[schema(value_type = Option<String>)]
    cp_extra: Option<CpExtra>,
    /// In which payment system it was opened: `ecpay` or `trade`; guaranteed payment if left out and configured.
    #[schema(value_type = Option<String>)]
    system: Option<System>,
    /// The payer.
    open_id: Option<String>,
    /// The merchant's own JSON object: at most 2048 bytes.
    #[schema(value_type = Option<Object>)]
    metadata: Option<String>,
}

impl ImportOrder {
    fn read(place: String, value: Value, now: UnixMs) -> Result<(Self, [u8; 32]), ApiError> {
        let digest = Sha256::digest(value.to_string().as_bytes()).into();
        let mut fields = Fields::inside(place, value)?;
        let order = Self {
            out_order_no: fields.required("out_order_no", text(OutOrderNo::new))?,
            amount_fen: fields.required("amount_fen", amount(OrderAmount::new))?,
            created_at: fields.required("created_at", |value| past(&value, now))?,
            valid_seconds: valid(
                fields.optional("valid_seconds", number)?.unwrap_or(u64::from(VALID_SECONDS_DEFAULT)),
            )?,
            cp_extra: fields.optional("cp_extra", text(CpExtra::new))?,
            system: fields.optional("system", system)?,
            open_id: fields.optional("open_id", open_id)?,
            metadata: fields.optional("metadata", metadata)?,
        };
        fields.finish()?;
        Ok((order, digest))
    }

    /// Whether the app can ask about it.
    fn fits(&self, app: &App) -> Result<(), ApiError> {
        let lacks = match self.system {
            Some(System::Ecpay) => app.config.ecpay.is_none(),
            Some(System::Trade) => app.config.trade.is_none(),
            None => false,
        };
        match self.system.filter(|_| lacks) {
            None => Ok(()),
            Some(system) => Err(ApiError::other_system(format!(
                "`system`: app `{}` has no `[apps.{system}]`, so the platform could not be asked about `{}`; configure it first",
                app.config.name, self.out_order_no
            ))
            .with("field", "system")),
        }
    }

    fn open(self, server: &Server, app: &App, request_sha256: [u8; 32]) -> Open {
        let earlier = if app.config.ecpay.is_some() { System::Ecpay } else { System::Trade };
        Open {
            id: OrderId::new(server.env().now(), server.env().random_u64()),
            app_id: app.config.app_id.clone(),
            system: self.system.unwrap_or(earlier),
            out_order_no: self.out_order_no,
            amount: self.amount_fen.fen(),
            subject: "".into(),
            body: "".into(),
            valid_seconds: self.valid_seconds.seconds(),
            cp_extra: self.cp_extra.map(|text| text.as_str().into()),
            open_id: self.open_id.map(Into::into),
            metadata: self.metadata.map(Into::into),
            opened_elsewhere_at: Some(self.created_at),
            refund_late: app.config.refund_paid_late,
            trade: None,
            ecpay: None,
            settle_after_days: None,
            order_push: None,
            request_sha256,
        }
    }
}

fn system(value: Value) -> Result<System, String> {
    let word = value.as_str().and_then(|word| word.parse().ok());
    word.ok_or_else(|| format!("{value} is not a payment system; write \"ecpay\" or \"trade\""))
}

/// A time that has been.
fn past(value: &Value, now: UnixMs) -> Result<UnixMs, String> {
    let text = value.as_str().ok_or("is not a text; write a time such as \"2026-01-05T15:40:00+08:00\"")?;
    let at = super::params::time(text).ok_or_else(|| {
        format!("`{text}` is not a time with an offset; write one such as 2026-01-05T15:40:00+08:00")
    })?;
    if at > now {
        Err(format!("{text} is in the future; give the time at which it was opened"))
    } else {
        Ok(at)
    }
}

/// Takes orders over that were opened elsewhere. They are never opened at the platform: it is asked about each, and its
/// word decides. Refunds, settlements, events and repair work as for orders opened here.
///
/// The same order again is `known`. One bad order does not stop the others; a bad field refuses the request as a whole.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders/import",
    params(("app" = String, Path, description = "The app's name in the configuration")),
    request_body = ImportOrders,
    responses(
        (status = 200, body = schemas::Imported, description = "`results`, one for each order: `imported`, `known`, or `refused` with `code` and `detail`"),
        (status = 400, description = "A field is wrong; nothing was taken over"),
        (status = 422, description = "`other_system`: the app has no section for the system of an order; nothing was taken over"),
        (status = 503, description = "Busy or stopping: send the same request again"),
    )
)]
pub(crate) async fn import_orders(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let now = server.env().now();
    let ImportOrders { orders } = ImportOrders::read(fields, now)?;
    orders.iter().try_for_each(|(order, _)| order.fits(&app))?;
    let numbers: Vec<_> = orders.iter().map(|(order, _)| order.out_order_no.clone()).collect();
    let submitted = orders.into_iter().map(|(order, digest)| {
        let what = What::Open(Box::new(order.open(&server, &app, digest)));
        let fact = Fact { at: now, source: Source::Merchant, what };
        server.journal().submit(Submission { key: Key::New, fact, callback: None })
    });
    let decided = join_all(submitted).await.into_iter().collect::<Result<Vec<Decided>, SubmitError>>()?;
    let results: Vec<Value> =
        numbers.iter().zip(decided).map(|(number, decided)| result(number, decided)).collect();
    Ok(replies::json(StatusCode::OK, &json!({ "results": results })))
}

fn result(number: &OutOrderNo, decided: Decided) -> Value {
    match decided.verdict {
        Ok(_) => json!({ "out_order_no": number, "result": "imported" }),
        Err(Refusal::Duplicate) => json!({ "out_order_no": number, "result": "known" }),
        Err(refusal) => json!({
            "out_order_no": number, "result": "refused", "code": refusal.code(), "detail": refusal.to_string(),
        }),
    }
}
