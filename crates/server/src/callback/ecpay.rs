//! A callback of guaranteed payment, signed in its body with the app's token.

use std::sync::Arc;

use douyin_pay_ledger::{OperationKind, of_notice};
use douyin_pay_protocol::ecpay::callback::{CallbackError, Notice, Unverified, Verified};

use super::{Entrance, Heard, Reply, Told, stranger};
use crate::journal::Key;
use crate::live::App;

/// Verifies and reads it.
pub(super) fn hear(entrance: &Entrance<'_>) -> Result<Heard, Reply> {
    let (fitting, verified) = verify(entrance)?;
    let notice = verified.notice().map_err(|cause| not_believed(entrance, &cause, "unreadable", ""))?;
    let app = match notice.app_id() {
        None => Arc::clone(&fitting[0]),
        Some(app_id) => entrance.app_of(&fitting, app_id.as_str())?,
    };
    let arrival = entrance.arrival(&app, verified.kind(), notice.number().unwrap_or_default());
    let fact = of_notice(&notice, arrival.received_at);
    let told = Told::of(arrival, fact, key(&app, &notice));
    Ok(Heard { app, told, success: Reply::success() })
}

/// The apps whose tokens fit, and what they verify.
fn verify<'a>(entrance: &Entrance<'a>) -> Result<(Vec<Arc<App>>, Verified<'a>), Reply> {
    let unverified =
        Unverified::parse(entrance.body).map_err(|cause| not_believed(entrance, &cause, "unreadable", ""))?;
    let mut fitting = Vec::new();
    let mut read = None;
    for app in &entrance.candidates {
        if let Ok(verified) = unverified.clone().verify(app.config.callback_tokens()) {
            fitting.push(Arc::clone(app));
            read.get_or_insert(verified);
        }
    }
    read.map(|verified| (fitting, verified)).ok_or_else(|| {
        let hint = stranger::whose_token_fits(entrance.live, entrance.name, &unverified, entrance.body.len());
        not_believed(entrance, &CallbackError::BadSignature, "bad_signature", &hint)
    })
}

fn not_believed(entrance: &Entrance<'_>, cause: &CallbackError, verdict: &'static str, hint: &str) -> Reply {
    let (status, words) = match cause {
        CallbackError::TooLarge(_) => (http::StatusCode::PAYLOAD_TOO_LARGE, "too large"),
        CallbackError::BadSignature => (http::StatusCode::UNAUTHORIZED, "bad signature"),
        _ => (http::StatusCode::BAD_REQUEST, "not a callback"),
    };
    let reason = if hint.is_empty() { cause.to_string() } else { format!("{cause}; {hint}") };
    entrance.refuse(verdict, status, words, &reason)
}

/// Which order it is about.
fn key(app: &App, notice: &Notice<'_>) -> Option<Key> {
    let app_id = app.config.app_id.clone();
    Some(match notice {
        Notice::Payment(payment) => Key::Order(app_id, payment.cp_orderno.clone()),
        Notice::Refund(refund) => Key::OperationOrOrder {
            app_id,
            kind: OperationKind::Refund,
            out_no: refund.cp_refundno.clone().into(),
            out_order_no: None,
            platform_order_id: refund.order_id.clone(),
        },
        Notice::Settle(settle) => Key::OperationOrOrder {
            app_id,
            kind: OperationKind::Settlement,
            out_no: settle.cp_settle_no.clone().into(),
            out_order_no: settle.out_order_no.clone(),
            platform_order_id: settle.order_id.clone(),
        },
        Notice::Return(returned) => Key::OperationOrOrder {
            app_id,
            kind: OperationKind::Return,
            out_no: returned.out_return_no.clone().into(),
            out_order_no: None,
            platform_order_id: None,
        },
        // Withdrawals are no part of an order's books: kept, and answered with success.
        Notice::Withdraw(_) | Notice::Other { .. } => return None,
    })
}
