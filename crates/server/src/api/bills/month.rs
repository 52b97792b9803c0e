//! `GET /v1/apps/{app}/months/{month}`: a month of the books by merchant.

use axum::extract::{Path, State};
use http::StatusCode;
use serde::Serialize;

use crate::Server;
use crate::api::caller::Caller;
use crate::api::params::Params;
use crate::api::{ApiError, ApiResult, replies, schemas};
use crate::api_key::Role;
use crate::reconcile::{self, MerchantMonth, Month};

#[derive(Serialize)]
struct Table {
    month: String,
    merchants: Vec<View>,
}

/// A merchant's month as it is shown.
#[derive(Serialize)]
struct View {
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_uid: Option<String>,
    payments: u64,
    gross_fen: i64,
    refund_fen: i64,
    fee_fen: i64,
    commission_fen: i64,
    shared_out_fen: i64,
    shared_in_fen: i64,
    net_fen: i64,
    fees_unknown: u64,
}

impl View {
    fn of(one: MerchantMonth) -> Self {
        Self {
            merchant_uid: one.merchant_uid,
            payments: one.payments,
            gross_fen: one.gross_fen,
            refund_fen: one.refund_fen,
            fee_fen: one.fee_fen,
            commission_fen: one.commission_fen,
            shared_out_fen: one.shared_out_fen,
            shared_in_fen: one.shared_in_fen,
            net_fen: one.net_fen,
            fees_unknown: one.fees_unknown,
        }
    }
}

/// What was paid, refunded and settled in a Beijing month, by merchant: by the platform's times, in both payment systems.
///
/// With `.csv` behind the month it is a table for a spreadsheet.
#[utoipa::path(
    get, path = "/v1/apps/{app}/months/{month}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("month" = String, Path, description = "Such as 2026-01, or 2026-01.csv"),
    ),
    responses(
        (status = 200, body = schemas::MonthOfApp, description = "The month; with `.csv`: text/csv, UTF-8 with a byte-order mark"),
        (status = 400, description = "No month"),
        (status = 404, description = "No such app"),
    )
)]
pub(crate) async fn get_month(
    State(server): State<Server>,
    caller: Caller,
    Path((app, text)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    caller.require(Role::Operator)?;
    let app = caller.app(&app)?;
    params.finish()?;
    let (text, as_table) = text.strip_suffix(".csv").map_or((text.as_str(), false), |month| (month, true));
    let month: Month =
        text.parse().map_err(|cause: reconcile::BadDay| ApiError::bad_request(cause.to_string()))?;
    let merchants = reconcile::month(server.reads(), &app.config.app_id, month).await?;
    if as_table {
        let name = format!("month-{}-{month}", app.config.name);
        return Ok(super::table(&name, reconcile::month_csv(month, &merchants)));
    }
    let merchants = merchants.into_iter().map(View::of).collect();
    Ok(replies::json(StatusCode::OK, &Table { month: month.to_string(), merchants }))
}
