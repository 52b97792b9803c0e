//! A callback of the general trade system, signed in its headers.

use std::sync::Arc;

use douyin_pay_ledger::{OperationKind, What, of_trade_notice};
use douyin_pay_protocol::trade::callback::{
    CallbackError, Headers, NONCE_HEADER, Notice, SIGNATURE_HEADER, TIMESTAMP_HEADER, Unverified, Verified,
    pre_create_answer,
};
use douyin_pay_protocol::trade::{NotifyUrl, Schema};
use douyin_pay_protocol::{OutNo, OutOrderNo, OutRefundNo};
use http::HeaderMap;

use super::{Entrance, Heard, Reply, Told, stranger};
use crate::journal::Key;
use crate::live::App;

/// Verifies and reads it.
pub(super) fn hear(entrance: &Entrance<'_>, headers: &HeaderMap) -> Result<Heard, Reply> {
    let (fitting, verified) = verify(entrance, headers)?;
    let notice = verified.notice().map_err(|cause| not_believed(entrance, headers, &cause, ""))?;
    let app = match notice.app_id() {
        None => fitting
            .first()
            .map(Arc::clone)
            .ok_or_else(|| not_believed(entrance, headers, &CallbackError::BadSignature, ""))?,
        Some(app_id) => entrance.app_of(&fitting, app_id.as_str())?,
    };
    let at = entrance.server.env().now();
    let fact = of_trade_notice(&notice, at);
    let (number, key) = match fact.as_ref().and_then(|fact| subject(&app, &notice, &fact.what)) {
        Some((number, key)) => (number, Some(key)),
        None => (notice.number().unwrap_or_default().to_owned(), None),
    };
    let success = success(&app, &notice, &number);
    let told = Told::of(entrance.arrival(&app, verified.kind(), &number), fact, key);
    Ok(Heard { app, told, success })
}

/// The merchant's number that it is about, and where its order is looked for.
fn subject(app: &App, notice: &Notice<'_>, what: &What) -> Option<(String, Key)> {
    let app_id = app.config.app_id.clone();
    let operation = |kind, out_no: &OutNo, out_order_no: Option<&str>| Key::OperationOrOrder {
        app_id: app_id.clone(),
        kind,
        out_no: out_no.clone(),
        out_order_no: out_order_no.and_then(|number| OutOrderNo::new(number).ok()),
        platform_order_id: notice.order_id().cloned(),
    };
    Some(match (what, notice) {
        (What::OrderSeen(_), Notice::Payment(payment)) => {
            let number = OutOrderNo::new(&*payment.out_order_no).ok()?;
            (number.to_string(), Key::Order(app_id, number))
        }
        (What::RefundSeen(seen), notice) => {
            let order = match notice {
                Notice::PreCreateRefund(asked) => asked.out_order_no.as_deref(),
                _ => None,
            };
            (seen.out_no.to_string(), operation(OperationKind::Refund, &seen.out_no, order))
        }
        (What::SettlementSeen(seen), _) => {
            (seen.out_no.to_string(), operation(OperationKind::Settlement, &seen.out_no, None))
        }
        _ => return None,
    })
}

/// What the platform is answered once it is written. Whoever starts a refund on the platform's side is given our number
/// and page for it: the same for the same refund.
fn success(app: &App, notice: &Notice<'_>, number: &str) -> Reply {
    let (Notice::PreCreateRefund(asked), Some(trade)) = (notice, &app.config.trade) else {
        return Reply::success();
    };
    let order = asked.out_order_no.as_deref().unwrap_or_default();
    // Any page is better than none: without one the platform asks for three days.
    let page = trade.refund_entry.of_refund(order, number).or_else(|_| Schema::new(&trade.refund_entry.path));
    match (OutRefundNo::new(number), page, NotifyUrl::new(app.config.notify_url.as_str())) {
        (Ok(number), Ok(page), Ok(url)) => Reply::success_with(pre_create_answer(&number, &page, Some(&url))),
        _ => Reply::success(),
    }
}

/// The apps whose keys fit, and what they verify.
fn verify<'a>(
    entrance: &Entrance<'a>,
    headers: &'a HeaderMap,
) -> Result<(Vec<Arc<App>>, Verified<'a>), Reply> {
    let pairs = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let unverified = Headers::of_pairs(pairs)
        .and_then(|found| Unverified::parse(found, entrance.body))
        .map_err(|cause| not_believed(entrance, headers, &cause, ""))?;
    let mut fitting = Vec::new();
    let mut read = Err(CallbackError::BadSignature);
    for app in &entrance.candidates {
        match unverified.clone().verify(app.config.platform_public_keys()) {
            Err(cause) if !cause.is_genuine() => {}
            genuine => {
                fitting.push(Arc::clone(app));
                read = genuine;
            }
        }
    }
    match read {
        Ok(verified) => Ok((fitting, verified)),
        Err(cause) => {
            let hint = match cause.is_genuine() {
                true => String::new(),
                false => {
                    stranger::whose_key_fits(entrance.live, entrance.name, &unverified, entrance.body.len())
                }
            };
            Err(not_believed(entrance, headers, &cause, &hint))
        }
    }
}

fn not_believed(entrance: &Entrance<'_>, headers: &HeaderMap, cause: &CallbackError, hint: &str) -> Reply {
    let (verdict, status, words) = match cause {
        CallbackError::TooLarge(_) => ("unreadable", http::StatusCode::PAYLOAD_TOO_LARGE, "too large"),
        CallbackError::BadSignature => ("bad_signature", http::StatusCode::UNAUTHORIZED, "bad signature"),
        _ => ("unreadable", http::StatusCode::BAD_REQUEST, "not a callback"),
    };
    let hint = if hint.is_empty() { String::new() } else { format!("; {hint}") };
    entrance.refuse(verdict, status, words, &format!("{cause}{hint}; {}", shown(headers)))
}

/// What a person needs to try the signature again: the body is kept beside it.
fn shown(headers: &HeaderMap) -> String {
    const CHARS_MAX: usize = 400;
    let value = |name: &str| {
        let value = headers.get(name).map_or("", |value| value.to_str().unwrap_or("not text"));
        format!("{name} `{}`", value.chars().take(CHARS_MAX).collect::<String>())
    };
    [TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER].map(value).join(", ")
}
