//! Callbacks in axum: an extractor that verifies, and the answer as a response.

use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::CallbackError;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::{CallbackAnswer, VerifiedCallback, verify_callback};

/// The tokens that may have signed a callback, the current one first. Part of your router's state.
///
/// ```
/// use axum::{Router, routing::post};
/// use douyin_pay::protocol::{Token, ecpay::callback::Notice};
/// use douyin_pay::{CallbackAnswer, CallbackTokens, VerifiedCallback};
///
/// async fn hear(callback: VerifiedCallback) -> CallbackAnswer {
///     match callback.notice() {
///         Ok(Notice::Payment(paid)) => println!("{} is paid", paid.cp_orderno),   // first remember it …
///         Ok(_) => {}
///         Err(problem) => return CallbackAnswer::again(&problem.to_string()),
///     }
///     CallbackAnswer::done()                                                      // … then say so
/// }
///
/// let tokens = CallbackTokens::new([Token::new("mocktoken")?]);
/// let router: Router = Router::new().route("/callbacks", post(hear)).with_state(tokens);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CallbackTokens(Arc<[Token]>);

impl CallbackTokens {
    /// The current token, then earlier ones.
    pub fn new(tokens: impl IntoIterator<Item = Token>) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl<S> FromRequest<S> for VerifiedCallback
where
    CallbackTokens: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallbackRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallbackRejection> {
        let tokens = CallbackTokens::from_ref(state);
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|problem| CallbackRejection::Body(problem.status(), problem.body_text()))?;
        verify_callback(&tokens.0, &body).map_err(CallbackRejection::NotVerified)
    }
}

/// A request that is not a callback of this app. Its answer makes the platform deliver again.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallbackRejection {
    /// The body could not be read.
    Body(StatusCode, String),
    /// The body is not a callback, or no token fits its signature.
    NotVerified(CallbackError),
}

impl CallbackRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::Body(status, _) => *status,
            Self::NotVerified(CallbackError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotVerified(CallbackError::BadSignature) => StatusCode::UNAUTHORIZED,
            Self::NotVerified(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl std::error::Error for CallbackRejection {}

impl fmt::Display for CallbackRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(_, problem) => write!(f, "the body could not be read: {problem}"),
            Self::NotVerified(problem) => problem.fmt(f),
        }
    }
}

impl IntoResponse for CallbackRejection {
    fn into_response(self) -> Response {
        tracing::warn!(problem = %self, "a callback was not accepted");
        // Whoever sent it learns no more than that.
        (self.status(), CallbackAnswer::again("not accepted")).into_response()
    }
}

impl IntoResponse for CallbackAnswer {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}
