//! Sends a probe to a callback address, and reads what came of it.

use bytes::Bytes;
use douyin_pay_env::{Env, NetError};
use douyin_pay_server::config::AppConfig;
use douyin_pay_server::probe::{self, Arrived};
use http::{Request, Response, StatusCode, header};

use super::reach;

/// What a probe met.
pub(super) enum Met {
    /// A service that knows the app's token says what arrived.
    Service(Arrived),
    /// One of ours, which does not take it for a probe.
    Unbelieving,
    /// A redirect, which the platform does not follow.
    Redirect(String),
    /// Somebody else.
    Stranger(StatusCode),
    /// Nobody.
    Nobody(NetError),
}

/// Posts `body` to the app's callbacks below `base`.
pub(super) async fn probe(env: &Env, base: &str, app: &AppConfig, body: &Bytes) -> Met {
    let Some(token) = app.callback_tokens().first() else { return Met::Unbelieving };
    let nonce = env.random_hex(32);
    let request = Request::post(format!("{base}/callbacks/{}", app.name))
        .header(header::CONTENT_TYPE, "application/json")
        .header(probe::HEADER, probe::ask(token, &app.name, &nonce));
    let answer = match reach::send(env, request, body.clone()).await {
        Ok(answer) => answer,
        Err(cause) => return Met::Nobody(cause),
    };
    if let Some(arrived) = probe::read(token, &nonce, answer.body()) {
        return Met::Service(arrived);
    }
    match reach::location(&answer) {
        Some(to) => Met::Redirect(to),
        None if is_ours(&answer) => Met::Unbelieving,
        None => Met::Stranger(answer.status()),
    }
}

/// Whether the answer is the refusal of a callback, as this service words it.
fn is_ours(answer: &Response<Bytes>) -> bool {
    let refused =
        matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND);
    let body = serde_json::from_slice::<serde_json::Value>(answer.body()).unwrap_or_default();
    refused && body.get("err_tips").is_some() && body.get("err_no").is_some()
}
