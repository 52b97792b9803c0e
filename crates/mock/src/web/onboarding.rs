//! The pages behind onboarding links, and the platform's people who decide.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;

use super::control::{Refused, read};
use crate::mock::Mock;
use crate::platform::{MerchantBook, OnboardAsk};

pub(super) fn router() -> Router<Mock> {
    Router::new()
        .route("/mock/merchant/onboarding", get(page))
        .route("/mock/merchant/balance", get(page))
        .route("/mock/onboard", post(onboard))
}

#[derive(Deserialize)]
struct Link {
    merchant_id: String,
    made_at: i64,
}

/// What a person sees who opens the link: the documents count as handed in.
async fn page(State(mock): State<Mock>, Query(link): Query<Link>) -> Result<Html<String>, Refused> {
    let opened = mock.change(|platform, now| platform.open_link(now, &link.merchant_id, link.made_at));
    let merchant = opened.ok_or_else(|| {
        let problem = "the link has expired (after two hours) or names no merchant; fetch a new one";
        Refused::new(StatusCode::GONE, problem)
    })?;
    let rows: String = merchant
        .channels
        .iter()
        .map(|(channel, status)| format!("<tr><td>{channel}</td><td>{status:?}</td></tr>"))
        .collect();
    Ok(Html(format!(
        "<!doctype html><meta charset=\"utf-8\"><title>进件 · onboarding</title><h1>{}</h1>\
         <p>资料已提交，等待审核 · handed in; decide with POST /mock/onboard</p><table>{rows}</table>",
        merchant.merchant_id
    )))
}

async fn onboard(State(mock): State<Mock>, body: Bytes) -> Result<Json<MerchantBook>, Refused> {
    let ask: OnboardAsk = read(&body)?;
    let decided = mock.onboard(&ask);
    decided.map(Json).map_err(|problem| Refused::new(StatusCode::NOT_FOUND, problem))
}
