//! The general trade system's doors: the phone's calls, the console, the statements.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::control::{AppView, Refused, read};
use crate::mock::Mock;
use crate::platform::{ConfirmAsk, ConsoleChange, Denied, PayAsk, PayError, PayOutcome, RefundAsk, Way};

pub(super) fn router() -> Router<Mock> {
    let mut router = Router::new()
        .route("/mock/client/get_order_payment", post(get_order_payment))
        .route("/mock/apps/trade", post(change_console))
        .route("/mock/tokens/revoke", post(revoke_tokens))
        .route("/mock/statements/{app_id}/{kind}/{day}", get(statement));
    for prefix in ["/mock", "/mock/client"] {
        router = router
            .route(&format!("{prefix}/request_order"), post(request_order))
            .route(&format!("{prefix}/apply_refund"), post(apply_refund))
            .route(&format!("{prefix}/confirm_fulfillment"), post(confirm_fulfillment));
    }
    router
}

/// `tt.requestOrder`: always 200, refusals in the client's own form.
async fn request_order(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let body: Map<String, Value> = read(&body)?;
    Ok(Json(mock.change(|platform, now| platform.request_order(now, &body))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentAsk {
    #[serde(rename = "orderId")]
    order_id: String,
    #[serde(default)]
    outcome: ClientOutcome,
    #[serde(default)]
    channel: Way,
    /// What the platform pays for the user, in fen.
    #[serde(default)]
    discount: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "snake_case")]
enum ClientOutcome {
    #[default]
    Pay,
    Cancel,
    Ignore,
}

/// `tt.getOrderPayment`: 200, refusals in the client's own form (its codes are open question 12).
async fn get_order_payment(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let ask: PaymentAsk = read(&body)?;
    let outcome = match ask.outcome {
        ClientOutcome::Pay => PayOutcome::Success,
        ClientOutcome::Cancel => PayOutcome::Cancel,
        ClientOutcome::Ignore => PayOutcome::Ignore,
    };
    let ask = PayAsk {
        order_id: ask.order_id,
        order_token: None,
        way: ask.channel,
        outcome,
        discount_fen: ask.discount,
    };
    let paid = match mock.pay(&ask) {
        Err(PayError::Over(status)) => mock.platform().paid_before(&ask).ok_or(PayError::Over(status)),
        outcome => outcome,
    };
    Ok(Json(match paid {
        Ok(paid) if paid.code == 0 => json!({ "errNo": 0, "errMsg": "getOrderPayment:ok" }),
        Ok(_) => json!({ "errNo": 10_001, "errMsg": "getOrderPayment:fail cancel" }),
        Err(cause) => json!({ "errNo": 10_000, "errMsg": format!("getOrderPayment:fail {cause}") }),
    }))
}

async fn apply_refund(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let ask: RefundAsk = read(&body)?;
    mock.change(|platform, now| platform.apply_refund(now, &ask)).map(Json).map_err(Refused::from)
}

async fn confirm_fulfillment(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let ask: ConfirmAsk = read(&body)?;
    mock.change(|platform, now| platform.confirm_fulfillment(now, &ask)).map(Json).map_err(Refused::from)
}

impl From<Denied> for Refused {
    /// 409 with the platform's code and the reason in plain words.
    fn from(denied: Denied) -> Self {
        Self::with_code(StatusCode::CONFLICT, denied.err_no(), denied.why)
    }
}

async fn change_console(State(mock): State<Mock>, body: Bytes) -> Result<Json<AppView>, Refused> {
    let change: ConsoleChange = read(&body)?;
    let changed = mock.platform().change_console(&change);
    let app = changed.map_err(|cause| Refused::new(StatusCode::BAD_REQUEST, cause.to_string()))?;
    Ok(Json(AppView::from(&*app)))
}

async fn revoke_tokens(State(mock): State<Mock>) -> Json<Value> {
    mock.revoke_tokens();
    Json(json!({ "revoked": true }))
}

async fn statement(
    State(mock): State<Mock>,
    Path((app_id, kind, day)): Path<(String, String, String)>,
) -> Response {
    let day = day.trim_end_matches(".csv").to_owned();
    match mock.change(|platform, now| platform.statement(now, &app_id, &kind, &day)) {
        Some(text) => ([(CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response(),
        None => (StatusCode::NOT_FOUND, "there is no such statement\n").into_response(),
    }
}
