//! Callbacks in axum: extractors that verify, and the answer as a response.

use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use douyin_pay_protocol::trade::PlatformPublicKey;
use douyin_pay_protocol::trade::callback::Headers;
use douyin_pay_protocol::{Token, ecpay, trade};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::{
    AnyCallback, AnyCallbackError, CallbackAnswer, VerifiedCallback, VerifiedTradeCallback, verify_any,
    verify_callback, verify_trade_callback,
};

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

/// The platform's public keys that may have signed a callback, the current one first. Part of your router's state.
///
/// ```
/// use axum::{Router, routing::post};
/// use douyin_pay::protocol::trade::callback::Notice;
/// use douyin_pay::{CallbackAnswer, PlatformKeys, VerifiedTradeCallback};
///
/// async fn hear(callback: VerifiedTradeCallback) -> CallbackAnswer {
///     match callback.notice() {
///         Ok(Notice::Payment(paid)) => println!("{} is paid", paid.out_order_no),   // first remember it …
///         Ok(_) => {}
///         Err(problem) => return CallbackAnswer::again(&problem.to_string()),
///     }
///     CallbackAnswer::done()                                                        // … then say so
/// }
///
/// let keys = PlatformKeys::new([]);                  // `PlatformPublicKey::parse` what the console shows
/// let router: Router = Router::new().route("/callbacks", post(hear)).with_state(keys);
/// ```
#[derive(Debug, Clone)]
pub struct PlatformKeys(Arc<[PlatformPublicKey]>);

impl PlatformKeys {
    /// The current key, then earlier ones.
    pub fn new(keys: impl IntoIterator<Item = PlatformPublicKey>) -> Self {
        Self(keys.into_iter().collect())
    }
}

/// Reads the raw body, which is what was signed.
async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, CallbackRejection> {
    let body = Bytes::from_request(request, state).await;
    body.map_err(|problem| CallbackRejection::Body(problem.status(), problem.body_text()))
}

/// Name and value of every header that is text.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

impl<S> FromRequest<S> for VerifiedCallback
where
    CallbackTokens: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallbackRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallbackRejection> {
        let tokens = CallbackTokens::from_ref(state);
        let body = body(request, state).await?;
        verify_callback(&tokens.0, &body).map_err(CallbackRejection::NotVerified)
    }
}

impl<S> FromRequest<S> for VerifiedTradeCallback
where
    PlatformKeys: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallbackRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallbackRejection> {
        let keys = PlatformKeys::from_ref(state);
        let headers = request.headers().clone();
        let body = body(request, state).await?;
        let headers = Headers::of_pairs(pairs(&headers)).map_err(CallbackRejection::TradeNotVerified)?;
        verify_trade_callback(&keys.0, headers, &body).map_err(CallbackRejection::TradeNotVerified)
    }
}

impl<S> FromRequest<S> for AnyCallback
where
    CallbackTokens: FromRef<S>,
    PlatformKeys: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = CallbackRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, CallbackRejection> {
        let (tokens, keys) = (CallbackTokens::from_ref(state), PlatformKeys::from_ref(state));
        let headers = request.headers().clone();
        let body = body(request, state).await?;
        verify_any(&tokens.0, &keys.0, pairs(&headers), &body).map_err(|problem| match problem {
            AnyCallbackError::Ecpay(problem) => CallbackRejection::NotVerified(problem),
            AnyCallbackError::Trade(problem) => CallbackRejection::TradeNotVerified(problem),
        })
    }
}

/// A request that is not a callback of this app. Its answer makes the platform deliver again.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallbackRejection {
    /// The body could not be read.
    Body(StatusCode, String),
    /// The body is not a callback of guaranteed payment, or no token fits its signature.
    NotVerified(ecpay::callback::CallbackError),
    /// Headers and body are not a callback of the general trade system, or no key fits the signature.
    TradeNotVerified(trade::callback::CallbackError),
}

impl CallbackRejection {
    fn status(&self) -> StatusCode {
        match self {
            Self::Body(status, _) => *status,
            Self::NotVerified(ecpay::callback::CallbackError::TooLarge(_))
            | Self::TradeNotVerified(trade::callback::CallbackError::TooLarge(_)) => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::NotVerified(ecpay::callback::CallbackError::BadSignature)
            | Self::TradeNotVerified(trade::callback::CallbackError::BadSignature) => {
                StatusCode::UNAUTHORIZED
            }
            Self::NotVerified(_) | Self::TradeNotVerified(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl std::error::Error for CallbackRejection {}

impl fmt::Display for CallbackRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(_, problem) => write!(f, "the body could not be read: {problem}"),
            Self::NotVerified(problem) => problem.fmt(f),
            Self::TradeNotVerified(problem) => problem.fmt(f),
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
