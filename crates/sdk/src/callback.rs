//! Receiving callbacks: verify first, then read, then answer.

mod any;
#[cfg(feature = "axum")]
mod axum;
mod trade;

use std::fmt;

use douyin_pay_protocol::ecpay::callback::{self, CallbackError, Notice, Unverified};
use douyin_pay_protocol::trade::callback::pre_create_answer;
use douyin_pay_protocol::trade::{NotifyUrl, Schema};
use douyin_pay_protocol::{OutRefundNo, Token};

pub use self::any::{AnyCallback, AnyCallbackError, verify_any};
#[cfg(feature = "axum")]
pub use self::axum::{CallbackRejection, CallbackTokens, PlatformKeys};
pub use self::trade::{VerifiedTradeCallback, verify_trade_callback};

/// A callback whose signature is right. It can only be made by verifying.
///
/// The platform delivers at least once: act once per kind, number and status, then answer with
/// [`CallbackAnswer::done`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCallback {
    kind: String,
    timestamp: String,
    nonce: String,
    msg: String,
    token_index: usize,
}

impl VerifiedCallback {
    /// The callback's type: `payment`, `refund`, `settle`, …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The payload's JSON text, as it was signed.
    pub fn msg(&self) -> &str {
        &self.msg
    }

    /// When it was signed, as the platform wrote it (Unix seconds).
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The platform's random digits.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Which of the tokens fits; not 0 means an earlier one.
    pub fn token_index(&self) -> usize {
        self.token_index
    }

    /// The payload, typed.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON or lacks what its type needs.
    pub fn notice(&self) -> Result<Notice<'_>, CallbackError> {
        Notice::parse(&self.kind, &self.msg)
    }
}

/// Verifies a callback's raw body, for any web framework. `tokens` are the current one and earlier ones:
/// callbacks about an order keep the token that was set when it was paid.
///
/// # Errors
/// When the body is not a callback, or no token fits its signature.
///
/// ```
/// use douyin_pay::protocol::{Token, ecpay::callback::{self, Notice}};
/// use douyin_pay::{CallbackAnswer, verify_callback};
///
/// let tokens = [Token::new("mocktoken")?];
/// let msg = r#"{"appid":"tt1","cp_orderno":"A1","total_amount":1280,"status":"SUCCESS"}"#;
/// let body = callback::body(&tokens[0], "payment", "1704067201", "2345", msg);   // what the platform posts
///
/// let verified = verify_callback(&tokens, &body)?;
/// if let Notice::Payment(paid) = verified.notice()? {
///     println!("{} is paid: {} yuan", paid.cp_orderno, paid.total_amount);
/// }
/// assert_eq!(CallbackAnswer::done().body(), r#"{"err_no":0,"err_tips":"success"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_callback(tokens: &[Token], body: &[u8]) -> Result<VerifiedCallback, CallbackError> {
    let verified = Unverified::parse(body)?.verify(tokens)?;
    Ok(VerifiedCallback {
        kind: verified.kind().to_owned(),
        timestamp: verified.timestamp().to_owned(),
        nonce: verified.nonce().to_owned(),
        msg: verified.msg().to_owned(),
        token_index: verified.token_index(),
    })
}

/// What the platform is told, in both systems: HTTP status 200 with this body, as `application/json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer(String);

/// Any code but 0 makes the platform deliver again.
const AGAIN: i64 = 400;

impl CallbackAnswer {
    /// It is done, and remembered; the platform stops delivering.
    pub fn done() -> Self {
        Self(callback::SUCCESS.to_owned())
    }

    /// It could not be done now; the platform delivers again: for about a day in guaranteed payment, for half
    /// an hour in the general trade system. `why` is seen by the platform.
    pub fn again(why: &str) -> Self {
        Self(callback::failure(AGAIN, why))
    }

    /// The answer to `pre_create_refund`: the merchant's number for a refund that the user or the platform's
    /// service began, the page that shows it, and where its callback goes if not to the published address. The
    /// same `refund_id` must always get the same number. Whoever does not want the refund answers so too and
    /// refuses it later.
    ///
    /// ```
    /// use douyin_pay::CallbackAnswer;
    /// use douyin_pay::protocol::OutRefundNo;
    /// use douyin_pay::protocol::trade::Schema;
    ///
    /// let page = Schema::new("pages/refund/detail")?.params(r#"{"no":"RF2"}"#)?;
    /// let answer = CallbackAnswer::refund(&OutRefundNo::new("RF2")?, &page, None);
    /// assert!(answer.body().starts_with(r#"{"err_no":0,"err_tips":"success","data":{"out_refund_no":"RF2","#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refund(number: &OutRefundNo, page: &Schema, notify_url: Option<&NotifyUrl>) -> Self {
        Self(pre_create_answer(number, page, notify_url))
    }

    /// The body to answer with.
    pub fn body(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallbackAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
