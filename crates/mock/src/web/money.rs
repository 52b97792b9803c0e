//! Where people play the platform's marketing and the bank.

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use super::control::{Refused, read};
use crate::mock::Mock;
use crate::platform::{BankAsk, BankError, CommissionAsk, CommissionError};

pub(super) fn router() -> Router<Mock> {
    Router::new().route("/mock/commission", post(commission)).route("/mock/bank", post(bank))
}

async fn commission(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let ask: CommissionAsk = read(&body)?;
    mock.give_commission(&ask).map_err(|cause| {
        let status = match cause {
            CommissionError::NoOrder(_) => StatusCode::NOT_FOUND,
            CommissionError::TooMuch(..) | CommissionError::Settled => StatusCode::CONFLICT,
        };
        Refused::new(status, cause.to_string())
    })?;
    Ok(Json(json!({ "order_id": ask.order_id, "commission_fen": ask.commission_fen })))
}

async fn bank(State(mock): State<Mock>, body: Bytes) -> Result<Json<Value>, Refused> {
    let ask: BankAsk = read(&body)?;
    let status = mock.act_as_bank(&ask).map_err(|cause| {
        let status = match cause {
            BankError::NoWithdrawal(..) => StatusCode::NOT_FOUND,
            BankError::WhichSystem(..) => StatusCode::BAD_REQUEST,
            BankError::CannotFollow(..) => StatusCode::CONFLICT,
        };
        Refused::new(status, cause.to_string())
    })?;
    Ok(Json(json!({ "out_order_id": ask.out_order_id, "status": status })))
}
