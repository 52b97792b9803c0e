//! Request bodies, limited before they are read.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::ApiError;
use super::fields::Fields;
use crate::Server;

/// A REST request is small; a longer one is a mistake.
pub(super) const JSON_BYTES_MAX: usize = 64 * 1024;

/// A whole body of at most `MAX` bytes.
pub(super) struct Raw<const MAX: usize>(pub(super) Bytes);

impl<const MAX: usize> FromRequest<Server> for Raw<MAX> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _server: &Server) -> Result<Self, ApiError> {
        match Limited::new(request.into_body(), MAX).collect().await {
            Ok(body) => Ok(Self(body.to_bytes())),
            Err(cause) if cause.is::<LengthLimitError>() => Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("the body is larger than {MAX} bytes"),
            )),
            Err(_) => Err(ApiError::bad_request("the body ended before it was complete; send it again")),
        }
    }
}

/// A JSON object, to be read field by field.
pub(super) struct Json(pub(super) Fields);

impl FromRequest<Server> for Json {
    type Rejection = ApiError;

    async fn from_request(request: Request, server: &Server) -> Result<Self, ApiError> {
        let Raw::<JSON_BYTES_MAX>(body) = Raw::from_request(request, server).await?;
        Fields::parse(&body).map(Self)
    }
}
