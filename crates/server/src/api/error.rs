//! What the merchant is told when something is not possible: problem+json.

use axum::response::{IntoResponse, Response};
use douyin_pay_ledger::Refusal;
use douyin_pay_protocol::Fen;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::codes::is_listed;
use crate::journal::SubmitError;

/// A refusal or failure with a stable code and a sentence that says the next step.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) retry_after_seconds: Option<u64>,
    pub(crate) more: Map<String, Value>,
}

/// What handlers return.
pub(crate) type ApiResult = Result<Response, ApiError>;

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        debug_assert!(is_listed(code, status.as_u16()), "`{code}` with {status} is not in the list of codes");
        Self { status, code, detail: detail.into(), retry_after_seconds: None, more: Map::new() }
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }

    pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// Something that only the other payment system has.
    pub(crate) fn other_system(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "other_system", detail)
    }

    /// Something that will be better soon.
    pub(crate) fn busy(code: &'static str, detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        error.retry_after_seconds = Some(retry_after_seconds);
        error
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// The books could not be read.
    pub(crate) fn unreadable(cause: &dyn std::error::Error) -> Self {
        tracing::error!(error = %chain(cause), "the books could not be read");
        Self::busy("books_unavailable", "the books cannot be read at the moment; try again soon", 2)
    }

    /// The body of the answer.
    pub(crate) fn body(&self, request_id: &str) -> Vec<u8> {
        let mut problem = Map::new();
        problem.insert("type".into(), "about:blank".into());
        problem.insert("title".into(), self.status.canonical_reason().unwrap_or("Error").into());
        problem.insert("status".into(), self.status.as_u16().into());
        problem.insert("code".into(), self.code.into());
        problem.insert("detail".into(), self.detail.as_str().into());
        problem.insert("request_id".into(), request_id.into());
        problem.extend(self.more.clone());
        serde_json::to_vec(&problem).expect("a map of JSON values can be written")
    }
}

/// The cause and its causes, for the log.
pub(crate) fn chain(cause: &dyn std::error::Error) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

impl IntoResponse for ApiError {
    /// The body is written by the outermost layer, which knows the request's id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SubmitError> for ApiError {
    fn from(cause: SubmitError) -> Self {
        match cause {
            SubmitError::Full => {
                Self::busy("busy", "too much is waiting to be written; send the same request again", 1)
            }
            SubmitError::Stopped => {
                Self::busy("stopping", "the service is stopping; send the same request again", 2)
            }
            SubmitError::Unavailable(why) => {
                tracing::error!(error = %why, "the books could not be written");
                Self::busy(
                    "books_unavailable",
                    "the books cannot be written at the moment; send the same request again",
                    2,
                )
            }
            SubmitError::Quarantined(order) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "order_quarantined",
                format!(
                    "order {order} cannot be decided and is left alone until a person has looked; see its timeline"
                ),
            ),
            SubmitError::Rejected(why) => {
                tracing::error!(error = %why, "the books refuse a request");
                Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "not_storable",
                    "the books refuse this request; report it with the `request_id`",
                )
            }
            SubmitError::TooLarge => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "the request is larger than what the books keep; shorten `metadata` or `cp_extra`",
            ),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::UnknownNumber | Refusal::WrongApp | Refusal::UnknownSettlement { .. } => {
                StatusCode::NOT_FOUND
            }
            Refusal::Duplicate
            | Refusal::AlreadyFinal { .. }
            | Refusal::AlreadyPaid
            | Refusal::Decided { .. }
            | Refusal::SettledOtherwise { .. }
            | Refusal::NumberInUse
            | Refusal::OtherFields { .. }
            | Refusal::InFlight { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let error = Self::new(status, refusal.code(), refusal.to_string());
        let fen = |amount: Fen| Value::from(amount.get());
        match refusal {
            Refusal::OtherFields { names } => error.with("fields", names),
            Refusal::TooMuch { asked, left, paid, refunded, refunding, settled } => error
                .with("asked_fen", fen(asked))
                .with("left_fen", fen(left))
                .with("paid_fen", fen(paid))
                .with("refunded_fen", fen(refunded))
                .with("refunding_fen", fen(refunding))
                .with("settled_fen", fen(settled)),
            Refusal::TooMuchBack { asked, left, shared, returned, returning } => error
                .with("asked_fen", fen(asked))
                .with("left_fen", fen(left))
                .with("shared_fen", fen(shared))
                .with("returned_fen", fen(returned))
                .with("returning_fen", fen(returning)),
            _ => error,
        }
    }
}
