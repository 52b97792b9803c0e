//! `/mock/*`: the strings behind the stage, for tests and people; never signed.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use douyin_pay_protocol::{Endpoint, UnixMs};
use serde::{Deserialize, Serialize};

use crate::config::{MockApp, MockTrade, Published};
use crate::faults::Faults;
use crate::mock::{Callbacks, Calls, Mock};
use crate::platform::{Books, Paid, PayAsk, PayError};

/// The longest jump of the clock: a year and a day.
const ADVANCE_SECONDS_MAX: u64 = 366 * 86_400;

pub(super) fn router() -> Router<Mock> {
    Router::new()
        .route("/mock/books", get(books))
        .route("/mock/pay", post(pay))
        .route("/mock/clock", get(clock).post(advance))
        .route("/mock/faults", get(faults).put(set_faults))
        .route("/mock/calls", get(calls))
        .route("/mock/callbacks", get(callbacks))
        .route("/mock/apps", get(apps).post(put_app))
}

/// A refusal of a control route.
pub(super) struct Refused(StatusCode, serde_json::Value);

impl Refused {
    pub(super) fn new(status: StatusCode, problem: impl Into<String>) -> Self {
        Self(status, serde_json::json!({ "error": problem.into() }))
    }

    /// A refusal for which the platform has a code.
    pub(super) fn with_code(status: StatusCode, err_no: i64, problem: String) -> Self {
        Self(status, serde_json::json!({ "error": problem, "err_no": err_no }))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

/// A JSON body whose errors name the field; axum's own texts do, too, but as plain text.
pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|cause| Refused::new(StatusCode::BAD_REQUEST, cause.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BooksFilter {
    app_id: Option<String>,
    out_order_no: Option<String>,
}

async fn books(State(mock): State<Mock>, Query(filter): Query<BooksFilter>) -> Json<Books> {
    let (app_id, number) = (filter.app_id.as_deref(), filter.out_order_no.as_deref());
    Json(mock.change(|platform, now| platform.books(now, app_id, number)))
}

async fn pay(State(mock): State<Mock>, body: axum::body::Bytes) -> Result<Json<Paid>, Refused> {
    let ask: PayAsk = read(&body)?;
    match mock.pay(&ask) {
        // Whoever asks again because the answer was lost hears what came of the first time.
        Err(PayError::Over(status)) => match mock.platform().paid_before(&ask) {
            Some(paid) => Ok(Json(paid)),
            None => Err(PayError::Over(status).into()),
        },
        outcome => outcome.map(Json).map_err(Refused::from),
    }
}

impl From<PayError> for Refused {
    fn from(cause: PayError) -> Self {
        let status = match cause {
            PayError::NoOrder(_) => StatusCode::NOT_FOUND,
            PayError::WrongToken => StatusCode::FORBIDDEN,
            PayError::Over(_) | PayError::Hidden | PayError::WrongChannel => StatusCode::CONFLICT,
        };
        Self::new(status, cause.to_string())
    }
}

#[derive(Serialize)]
struct Time {
    now: UnixMs,
    beijing: String,
}

fn time(at: UnixMs) -> Json<Time> {
    Json(Time { now: at, beijing: at.beijing_text() })
}

async fn clock(State(mock): State<Mock>) -> Json<Time> {
    time(mock.now())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

async fn advance(State(mock): State<Mock>, body: axum::body::Bytes) -> Result<Json<Time>, Refused> {
    let Advance { advance_seconds } = read(&body)?;
    if advance_seconds > ADVANCE_SECONDS_MAX {
        let problem = format!(
            "`advance_seconds`: {advance_seconds} is more than {ADVANCE_SECONDS_MAX}, a year and a day"
        );
        return Err(Refused::new(StatusCode::BAD_REQUEST, problem));
    }
    let moved = mock.advance(Duration::from_secs(advance_seconds)).await;
    moved.map(time).map_err(|cause| Refused::new(StatusCode::CONFLICT, cause.to_string()))
}

async fn faults(State(mock): State<Mock>) -> Json<Faults> {
    Json(mock.faults())
}

async fn set_faults(State(mock): State<Mock>, body: axum::body::Bytes) -> Result<Json<Faults>, Refused> {
    let faults: Faults = read(&body)?;
    faults.check().map_err(|problem| Refused::new(StatusCode::BAD_REQUEST, problem))?;
    let named = faults.next.iter().filter_map(|next| next.endpoint.as_deref());
    if let Some(unknown) = named.into_iter().find(|name| Endpoint::of_name(name).is_none()) {
        let known: Vec<_> = Endpoint::all().map(Endpoint::name).collect();
        let problem = format!("`next`: there is no endpoint `{unknown}`; there are {}", known.join(", "));
        return Err(Refused::new(StatusCode::BAD_REQUEST, problem));
    }
    mock.set_faults(faults);
    Ok(Json(mock.faults()))
}

async fn calls(State(mock): State<Mock>) -> Json<Calls> {
    Json(mock.calls())
}

async fn callbacks(State(mock): State<Mock>) -> Json<Callbacks> {
    Json(mock.callbacks())
}

/// An app without its secrets.
#[derive(Serialize)]
pub(super) struct AppView {
    app_id: String,
    seller_uid: String,
    notify_url: Option<String>,
    settle_period_days: u32,
    fee_rate_per_10000: u32,
    share_limit_percent: u32,
    automatic_settlement: bool,
    trade: Option<TradeView>,
}

/// Its terms in the general trade system; keys by their fingerprints.
#[derive(Serialize)]
struct TradeView {
    key_versions: BTreeMap<String, String>,
    platform_public_key: String,
    published: Published,
    auto_settle: bool,
    settle_days: u32,
    rake_per_10000: u32,
    commission_per_10000: u32,
    discount_fen: u32,
    capability: bool,
}

impl From<&MockTrade> for TradeView {
    fn from(terms: &MockTrade) -> Self {
        let keys = terms.application_public_keys.iter();
        Self {
            key_versions: keys.map(|(version, key)| (version.clone(), key.fingerprint())).collect(),
            platform_public_key: terms.platform_key.public().to_pem(),
            published: terms.published.clone(),
            auto_settle: terms.auto_settle,
            settle_days: terms.settle_days,
            rake_per_10000: terms.rake_per_10000,
            commission_per_10000: terms.commission_per_10000,
            discount_fen: terms.discount_fen,
            capability: terms.capability,
        }
    }
}

impl From<&MockApp> for AppView {
    fn from(app: &MockApp) -> Self {
        Self {
            app_id: app.app_id.as_str().to_owned(),
            seller_uid: app.seller_uid.as_str().to_owned(),
            notify_url: app.notify_url.clone(),
            settle_period_days: app.settle_period_days,
            fee_rate_per_10000: app.fee_rate_per_10000,
            share_limit_percent: app.share_limit_percent,
            automatic_settlement: app.automatic_settlement,
            trade: app.trade.as_ref().map(TradeView::from),
        }
    }
}

async fn apps(State(mock): State<Mock>) -> Json<Vec<AppView>> {
    Json(mock.platform().apps().map(|app| AppView::from(&**app)).collect())
}

async fn put_app(State(mock): State<Mock>, body: axum::body::Bytes) -> Result<Json<AppView>, Refused> {
    let app: MockApp = read(&body)?;
    super::echo::check(&mock, &app).await?;
    let view = AppView::from(&app);
    mock.put_app(app);
    Ok(Json(view))
}
