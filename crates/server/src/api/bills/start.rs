//! `POST /v1/apps/{app}/bill_runs`: a day's bills against the books; the run outlives the request.

use std::io::Cursor;

use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::{BillKind, Unit};
use http::StatusCode;
use serde_json::Value;
use utoipa::ToSchema;

use super::runs::reply;
use crate::Server;
use crate::api::body::{Json, Raw};
use crate::api::caller::Caller;
use crate::api::fields::{Fields, number};
use crate::api::params::Params;
use crate::api::{ApiError, ApiResult, schemas};
use crate::api_key::Role;
use crate::reconcile::{self, Ask, Begun, Day, KINDS, Progress, QUERIES_MAX, Source, rows_of};
use crate::store::RunState;

/// The largest bill that is taken with a request; larger ones are fetched, or read by the command line.
const BILL_BYTES_MAX: usize = 2 << 20;

/// A day's bills to be fetched and compared.
#[derive(ToSchema)]
pub(crate) struct StartBillRun {
    /// The bills' day in Beijing; it must be over.
    #[schema(value_type = String, example = "2026-01-05")]
    date: Day,
    /// Of `payment`, `refund`, `settle`, `return`, `withdraw`; the first four if left out. Withdrawals are not in the
    /// books: they are counted and summed.
    #[schema(value_type = Option<Vec<String>>, example = json!(["payment", "refund"]))]
    kinds: Vec<BillKind>,
    /// Whose bills; those of everybody who received something on that day if left out.
    #[schema(value_type = Option<Vec<String>>)]
    merchant_uids: Vec<MerchantUid>,
    /// Live queries at most about what differs: 0 to 1000; 1000 if left out.
    #[schema(value_type = Option<u32>, maximum = 1000)]
    queries_max: u32,
    /// What every amount is in: `yuan` or `fen`; if left out, the decimal point tells.
    #[schema(value_type = Option<String>, example = "yuan")]
    unit: Option<Unit>,
}

impl StartBillRun {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self {
            date: fields.required("date", day)?,
            kinds: fields.optional("kinds", kinds)?.unwrap_or_else(|| KINDS[..4].to_vec()),
            merchant_uids: fields.optional("merchant_uids", merchants)?.unwrap_or_default(),
            queries_max: queries_max(fields.optional("queries_max", number)?)?,
            unit: fields.optional("unit", unit)?,
        };
        fields.finish()?;
        Ok(ask)
    }
}

/// As many as were asked for, or as a run may make.
fn queries_max(given: Option<u64>) -> Result<u32, ApiError> {
    let Some(given) = given else { return Ok(QUERIES_MAX) };
    u32::try_from(given).ok().filter(|given| *given <= QUERIES_MAX).ok_or_else(|| {
        ApiError::bad_request(format!("`queries_max`: {given} is more than {QUERIES_MAX}"))
            .with("field", "queries_max")
    })
}

fn day(value: Value) -> Result<Day, String> {
    match value {
        Value::String(text) => text.parse().map_err(|_| format!("`{text}` is not a day such as 2026-01-05")),
        other => Err(format!("{other} is not a day such as \"2026-01-05\"")),
    }
}

fn kinds(value: Value) -> Result<Vec<BillKind>, String> {
    let Value::Array(words) = value else { return Err("is not a list of kinds".to_owned()) };
    words.iter().map(|word| word.as_str().and_then(kind).ok_or_else(|| no_kind(&word.to_string()))).collect()
}

fn merchants(value: Value) -> Result<Vec<MerchantUid>, String> {
    let Value::Array(uids) = value else { return Err("is not a list of merchant numbers".to_owned()) };
    let uid = |value: &Value| {
        value
            .as_str()
            .and_then(|uid| MerchantUid::new(uid).ok())
            .ok_or_else(|| format!("{value} is no merchant number"))
    };
    uids.iter().map(uid).collect()
}

fn kind(word: &str) -> Option<BillKind> {
    BillKind::of_word(word).filter(|kind| KINDS.contains(kind))
}

fn unit(value: Value) -> Result<Unit, String> {
    value.as_str().and_then(Unit::of_word).ok_or_else(|| format!("{value} is not yuan or fen"))
}

fn no_kind(word: &str) -> String {
    format!("{word} is not one of payment, refund, settle, return, withdraw")
}

/// Begins to compare a day's bills with the books. One run of an app at a time; the run goes on after the reply.
///
/// The same day may be run again: what is found again is kept once, and what agrees now is resolved.
#[utoipa::path(
    post, path = "/v1/apps/{app}/bill_runs",
    params(("app" = String, Path, description = "The app's name in the configuration")),
    request_body = StartBillRun,
    responses(
        (status = 202, body = schemas::BillRun, description = "It has begun; look at it again under its `id`"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app"),
        (status = 409, description = "Another run of the app is under way; `run` is its number"),
        (status = 422, description = "The day is not over, or the app has no guaranteed payment"),
    )
)]
pub(crate) async fn start_bill_run(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let StartBillRun { date, kinds, merchant_uids, queries_max, unit } = StartBillRun::read(fields)?;
    let ask =
        Ask { app: app.config.name.clone(), day: date, kinds, merchants: merchant_uids, queries_max, unit };
    begin(&server, &ask, Source::Platform).await
}

/// The same with a bill that somebody downloaded, as the body: at most 2 MiB, in whatever encoding the platform gave it.
#[utoipa::path(
    post, path = "/v1/apps/{app}/bill_runs/file",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("date" = String, Query, description = "The bill's day in Beijing"),
        ("kind" = String, Query, description = "payment, refund, settle, return or withdraw"),
        ("queries_max" = Option<u32>, Query, description = "Live queries at most about what differs: 0 to 1000; 1000 if left out"),
        ("unit" = Option<String>, Query, description = "What every amount is in: `yuan` or `fen`; if left out, the decimal point tells"),
    ),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 202, body = schemas::BillRun, description = "It has begun; look at it again under its `id`"),
        (status = 400, description = "A parameter is wrong; `detail` names it"),
        (status = 404, description = "No such app"),
        (status = 409, description = "Another run of the app is under way; `run` is its number"),
        (status = 413, description = "The bill is too large; let the service fetch it"),
        (status = 422, description = "The day is not over, or the app has no guaranteed payment"),
    )
)]
pub(crate) async fn start_bill_run_of_file(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    mut params: Params,
    Raw(bill): Raw<BILL_BYTES_MAX>,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let date = params.parsed::<Day>("date", "a day such as 2026-01-05")?;
    let word = params.text("kind");
    let queries_max = queries_max(params.parsed("queries_max", "a number from 0 to 1000")?)?;
    let unit = params.parsed::<Unit>("unit", "yuan or fen")?;
    params.finish()?;
    let missing = |name: &str| ApiError::bad_request(format!("`{name}` is missing")).with("field", name);
    let (date, word) = (date.ok_or_else(|| missing("date"))?, word.ok_or_else(|| missing("kind"))?);
    let kind = kind(&word).ok_or_else(|| {
        ApiError::bad_request(format!("`kind`: {}", no_kind(&format!("`{word}`")))).with("field", "kind")
    })?;
    let ask = Ask { queries_max, ..Ask::new(app.config.name.clone(), date, vec![kind]) };
    let rows = rows(kind, bill);
    let rows = unit.into_iter().fold(rows, reconcile::RowsOf::unit);
    begin(&server, &ask, Source::Files(vec![(kind, Box::new(rows))])).await
}

fn rows(kind: BillKind, bill: Bytes) -> reconcile::RowsOf<Cursor<Bytes>> {
    let total = u64::try_from(bill.len()).ok();
    rows_of(kind, Cursor::new(bill), total)
}

/// Goes on asking the platform about what a run found: at most `queries_max` more queries.
#[utoipa::path(
    post, path = "/v1/apps/{app}/bill_runs/{id}/resume",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("id" = i64, Path, description = "The run's number"),
        ("queries_max" = Option<u32>, Query, description = "Live queries at most about what differs: 0 to 1000; 1000 if left out"),
    ),
    responses(
        (status = 202, body = schemas::BillRun, description = "It goes on; look at it again under its `id`"),
        (status = 400, description = "A parameter is wrong; `detail` names it"),
        (status = 404, description = "No such app or run"),
        (status = 409, description = "Another run of the app is under way, or this one did not compare every row: begin it again"),
        (status = 422, description = "The app has no guaranteed payment"),
    )
)]
pub(crate) async fn resume_bill_run(
    State(server): State<Server>,
    caller: Caller,
    Path((app, id)): Path<(String, String)>,
    mut params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    let queries_max = queries_max(params.parsed("queries_max", "a number from 0 to 1000")?)?;
    params.finish()?;
    let run = super::run_of(&server, &app, &id).await?;
    let progress = Progress::default();
    let begun = reconcile::resume_begun(&server, &app.config.name, run.id, queries_max, &progress).await?;
    Ok(go_on(&server, begun, None))
}

async fn begin(server: &Server, ask: &Ask, source: Source) -> ApiResult {
    let begun = reconcile::begin(server, ask, source.word(), &Progress::default()).await?;
    Ok(go_on(server, begun, Some(source)))
}

/// Lets the run go on in a task of its own: whoever asked for it may hang up.
fn go_on(server: &Server, begun: Begun, source: Option<Source>) -> Response {
    let run = begun.run().clone();
    debug_assert!(matches!(run.state, RunState::Matching | RunState::Asking), "it has just begun");
    let work = async move {
        let worked = match source {
            Some(source) => begun.carry_out(source).await,
            None => begun.go_on().await,
        };
        if let Err(cause) = worked {
            tracing::error!(error = %cause, "a reconciliation ended early; begin it again");
        }
    };
    server.env().tasks.spawn("reconcile_bill", Box::pin(work));
    reply(StatusCode::ACCEPTED, server, &run)
}
