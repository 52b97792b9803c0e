//! The mock's HTTP side: the platform's paths, with faults around them.

mod cashier;
mod control;
mod date;
mod echo;
mod money;
mod onboarding;
mod trade;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use douyin_pay_protocol::{self as protocol, Endpoint};
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::faults::CallFault;
use crate::mock::Mock;
use crate::platform::{Answer, Arrival, Head};

/// The header in which the platform names its log entry.
const LOG_ID: &str = "x-tt-logid";
/// The header with the token of the general trade system.
const ACCESS_TOKEN: &str = "access-token";
/// The header with which a caller asks the sandbox for an error.
const NEGATIVE_TEST: &str = "aweme-negative-test";
/// Where access tokens were fetched with GET before.
const OLD_TOKEN_PATH: &str = "/api/apps/token";
/// What a gateway in front of the platform says when it is ill.
const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// Response extension: the transport must close the connection without sending anything.
///
/// The mock's own sockets do so. Whoever serves [`Mock::router`] differently looks for it in the
/// response's extensions and acts likewise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection is closed without an answer, on purpose")]
pub struct Vanish;

pub(crate) fn router(mock: Mock) -> Router {
    let mut router = Router::new();
    for endpoint in Endpoint::all().filter(|endpoint| endpoint.method() == protocol::Method::Post) {
        let call = move |State(mock): State<Mock>, headers: HeaderMap, body: Bytes| {
            call(mock, system_of(endpoint, &headers), head(&headers), body)
        };
        router = router.route(endpoint.path(), post(call));
        // Sources disagree whether the general trade system's paths end with a slash: both do here.
        if let Some(bare) = endpoint.path().strip_suffix('/').filter(|bare| ecpay_at(bare).is_none()) {
            router = router.route(bare, post(call));
        }
    }
    for endpoint in Endpoint::all().filter(|endpoint| endpoint.method() == protocol::Method::Get) {
        router = router.route(endpoint.path(), by_query(endpoint));
    }
    if mock.platform().switches.query_order_by_get {
        let endpoint = Endpoint::from(protocol::ecpay::Endpoint::QueryOrder);
        let by_body = move |State(mock): State<Mock>, headers: HeaderMap, body: Bytes| {
            call(mock, endpoint, head(&headers), body)
        };
        router = router.route(endpoint.path(), get(by_body));
    }
    router
        .route(OLD_TOKEN_PATH, by_query(protocol::ecpay::Endpoint::Token.into()))
        .merge(onboarding::router())
        .merge(control::router())
        .merge(trade::router())
        .merge(money::router())
        .route("/mock/cashier", get(cashier::show))
        .route("/mock/cashier/pay", post(cashier::pay))
        .fallback(stray_path)
        .method_not_allowed_fallback(stray_method)
        .layer(from_fn_with_state(mock.clone(), date::date))
        .with_state(mock)
}

/// A call whose fields are the query.
fn by_query(endpoint: Endpoint) -> MethodRouter<Mock> {
    get(move |State(mock): State<Mock>, headers: HeaderMap, RawQuery(query): RawQuery| {
        let query = Some(query.unwrap_or_default());
        call(mock, endpoint, Head { query, ..head(&headers) }, Bytes::new())
    })
}

/// The call that is meant: both systems have calls at the same bare path, and a header tells them apart.
fn system_of(endpoint: Endpoint, headers: &HeaderMap) -> Endpoint {
    let slashed = || protocol::trade::Endpoint::of_path(endpoint.path()).map(Endpoint::Trade);
    if headers.contains_key(ACCESS_TOKEN) { slashed().unwrap_or(endpoint) } else { endpoint }
}

fn ecpay_at(path: &str) -> Option<protocol::ecpay::Endpoint> {
    protocol::ecpay::Endpoint::of_path(path)
}

/// One call: what goes wrong before the effect, the effect, what goes wrong after it.
async fn call(mock: Mock, endpoint: Endpoint, head: Head, body: Bytes) -> Response {
    let arrival = mock.platform().arrive(mock.now(), endpoint, head, &body);
    let answer = |mock: &Mock| mock.change(|platform, now| platform.answer(now, &arrival));
    match arrival.fault {
        None => respond(answer(&mock)),
        Some(CallFault::LoseRequest) => vanish(),
        Some(CallFault::LoseResponse) => {
            answer(&mock);
            vanish()
        }
        Some(CallFault::InternalBefore) => {
            respond(mock.platform().internal_error_before(mock.now(), &arrival))
        }
        Some(CallFault::InternalAfter) => {
            answer(&mock);
            respond(mock.platform().internal_error(mock.now(), &arrival))
        }
        Some(CallFault::GatewayBefore) => gateway(),
        Some(CallFault::GatewayAfter) => {
            answer(&mock);
            gateway()
        }
        Some(CallFault::Hang) => hang(&mock).await,
        Some(CallFault::HangAfter) => {
            answer(&mock);
            hang(&mock).await
        }
        Some(CallFault::Delay) => {
            delay(&mock).await;
            respond(answer(&mock))
        }
        Some(CallFault::Throttle | CallFault::ThrottleBurst) => respond(throttle(&mock, &arrival)),
    }
}

/// What the platform reads of the headers.
fn head(headers: &HeaderMap) -> Head {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Head {
        token: text(ACCESS_TOKEN),
        negative_test: text(NEGATIVE_TEST),
        query: None,
        host: text(HOST.as_str()).unwrap_or_else(|| "127.0.0.1".to_owned()),
    }
}

fn throttle(mock: &Mock, arrival: &Arrival) -> Answer {
    mock.platform().busy(mock.now(), arrival)
}

async fn delay(mock: &Mock) {
    let ms = mock.platform().draw_delay_ms();
    mock.env().sleep(Duration::from_millis(ms)).await;
}

async fn hang(mock: &Mock) -> Response {
    let ms = u64::from(mock.platform().faults.hang_ms);
    mock.env().sleep(Duration::from_millis(ms)).await;
    vanish()
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    let kind = if answer.is_file { "text/plain; charset=utf-8" } else { "application/json; charset=utf-8" };
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(log_id) = HeaderValue::from_str(&answer.log_id) {
        headers.insert(LOG_ID, log_id);
    }
    response
}

fn gateway() -> Response {
    let mut response = Response::new(Body::from(GATEWAY_PAGE));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

fn vanish() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response.extensions_mut().insert(Vanish);
    response
}

async fn stray_path(State(mock): State<Mock>, method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let near = Endpoint::all().find(|endpoint| path.contains(endpoint.name()));
    let hint = near.map_or_else(String::new, |endpoint| {
        format!("; did you mean `{} {}`?", endpoint.method(), endpoint.path())
    });
    stray(&mock, path, format!("{method} {path} is no path of the platform{hint}"), StatusCode::NOT_FOUND)
}

async fn stray_method(State(mock): State<Mock>, method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let known = Endpoint::all().find(|endpoint| endpoint.path() == path);
    let hint = known.map_or_else(String::new, |known| format!("; use {}", known.method()));
    stray(&mock, path, format!("{path} does not take {method}{hint}"), StatusCode::METHOD_NOT_ALLOWED)
}

fn stray(mock: &Mock, path: &str, problem: String, status: StatusCode) -> Response {
    mock.platform().stray(mock.now(), path, problem.clone());
    let mut response = Response::new(Body::from(format!("{problem}\n")));
    *response.status_mut() = status;
    response
}
