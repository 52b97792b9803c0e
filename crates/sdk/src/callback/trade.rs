//! Callbacks of the general trade system: signed in three headers, with the platform's key.

use std::fmt;

use douyin_pay_protocol::trade::PlatformPublicKey;
use douyin_pay_protocol::trade::callback::{CallbackError, Headers, Notice, Unverified};

/// A callback of the general trade system whose signature is right. It can only be made by verifying.
///
/// The platform delivers at least once: act once per kind, number and status, then answer with
/// [`CallbackAnswer::done`](crate::CallbackAnswer::done), or to `pre_create_refund` with
/// [`CallbackAnswer::refund`](crate::CallbackAnswer::refund).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedTradeCallback {
    kind: String,
    version: Option<String>,
    timestamp: String,
    nonce: String,
    msg: String,
    key_index: usize,
}

impl VerifiedTradeCallback {
    /// The callback's type: `payment`, `refund`, `settle`, `pre_create_refund`, …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The envelope's version: `3.0` here. Never a reason to refuse a callback.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The payload's JSON text.
    pub fn msg(&self) -> &str {
        &self.msg
    }

    /// When it was signed, as the platform wrote it (Unix seconds).
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// The platform's random word.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Which of the keys fits; not 0 means an earlier one.
    pub fn key_index(&self) -> usize {
        self.key_index
    }

    /// The payload, typed.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON or lacks what its type needs.
    pub fn notice(&self) -> Result<Notice<'_>, CallbackError> {
        Notice::parse(&self.kind, &self.msg)
    }
}

/// Verifies a callback's headers and **raw** body, for any web framework. `keys` are the platform's current public
/// key of the mini-program, then earlier ones.
///
/// # Errors
/// When the headers cannot be right, no key fits the signature, or what is signed is not a callback.
///
/// ```
/// use douyin_pay::protocol::trade::callback::{Headers, Notice};
/// use douyin_pay::protocol::trade::PlatformPublicKey;
/// use douyin_pay::{CallbackAnswer, verify_trade_callback};
///
/// fn hear(keys: &[PlatformPublicKey], header: &[(&str, &str)], raw_body: &[u8]) -> CallbackAnswer {
///     let headers = Headers::of_pairs(header.iter().copied());
///     let verified = headers.and_then(|headers| verify_trade_callback(keys, headers, raw_body));
///     let Ok(callback) = verified else { return CallbackAnswer::again("not accepted") };
///     match callback.notice() {
///         Ok(Notice::Payment(paid)) => println!("{}: {}", paid.out_order_no, paid.status),
///         Ok(_) => {}
///         Err(problem) => return CallbackAnswer::again(&problem.to_string()),
///     }
///     CallbackAnswer::done()
/// }
/// assert_ne!(hear(&[], &[], b"{}"), CallbackAnswer::done());
/// ```
pub fn verify_trade_callback(
    keys: &[PlatformPublicKey],
    headers: Headers<'_>,
    body: &[u8],
) -> Result<VerifiedTradeCallback, CallbackError> {
    let verified = Unverified::parse(headers, body)?.verify(keys)?;
    Ok(VerifiedTradeCallback {
        kind: verified.kind().to_owned(),
        version: verified.version().map(str::to_owned),
        timestamp: verified.timestamp().to_owned(),
        nonce: verified.nonce().to_owned(),
        msg: verified.msg().to_owned(),
        key_index: verified.key_index(),
    })
}

impl fmt::Debug for VerifiedTradeCallback {
    /// Without the message, which is about people and does not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifiedTradeCallback({:?}, {:?}, {} bytes)", self.kind, self.timestamp, self.msg.len())
    }
}
