//! What the platform reads: success, or a code that makes it repeat.

use axum::response::{IntoResponse, Response};
use douyin_pay_protocol::ecpay::callback::{SUCCESS, failure};
use http::{HeaderValue, StatusCode, header};

/// The answer to a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn success() -> Self {
        Self { status: StatusCode::OK, body: SUCCESS.to_owned() }
    }

    /// Success with something that the platform asked for.
    pub(crate) fn success_with(body: String) -> Self {
        Self { status: StatusCode::OK, body }
    }

    /// Anything but success. The reason stays in the log: whoever sends a forged callback learns nothing.
    pub(crate) fn refused(status: StatusCode, words: &str) -> Self {
        Self { status, body: failure(i64::from(status.as_u16()), words) }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        (self.status, [json], self.body).into_response()
    }
}
