//! axum: the raw body is an extractor.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;

use crate::Shop;

/// The two routes that a shop needs.
pub fn router(shop: Shop) -> Router {
    Router::new().route("/orders/{number}", post(open)).route("/callbacks", post(hear)).with_state(shop)
}

async fn open(State(shop): State<Shop>, Path(number): Path<String>) -> (StatusCode, String) {
    let (status, json) = shop.open(&number).await;
    (StatusCode::from_u16(status).expect("a status"), json)
}

/// `Bytes`, not `Json`: the signature is about what was sent, and only a verified body may be read.
async fn hear(State(shop): State<Shop>, body: Bytes) -> String {
    shop.hear(&body)
}
