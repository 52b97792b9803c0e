//! Callbacks: unverified bytes can only be verified, and only what is verified can be read.
//!
//! The platform signs timestamp, nonce and the **raw** body; nothing of the body is looked at before the signature is
//! found right.
//!
//! ```
//! use douyin_pay_protocol::UnixMs;
//! use douyin_pay_protocol::trade::callback::{self, CallbackError, Unverified};
//! use douyin_pay_protocol::trade::{PlatformKey, PlatformPublicKey};
//!
//! # fn doc(key: PlatformKey, keys: &[PlatformPublicKey]) -> Result<(), CallbackError> {
//! let body = callback::body("payment", r#"{"app_id":"tt1","out_order_no":"O1"}"#);
//! let sent = callback::signed(&key, UnixMs::from_seconds(1_767_225_610), "Lvd6e6w4sbxDxTIY", &body);
//!
//! let verified = Unverified::parse(sent.headers(), &body)?.verify(keys)?;
//! assert_eq!((verified.kind(), verified.version()), ("payment", Some("3.0")));
//! # Ok(())
//! # }
//! ```
//!
//! **Old callbacks.** How long a signature stays acceptable is not documented, nor whether a repeated delivery is signed
//! afresh. So age is not checked unless asked for ([`Verified::not_older_than`]); what protects against a repeated
//! callback is that the same message changes nothing the second time.

mod answer;
mod envelope;
mod error;
mod explain;
mod headers;
mod notice;
mod sign;

use std::borrow::Cow;
use std::fmt;

pub use answer::{SUCCESS, failure, pre_create_answer};
pub use envelope::looks_like_trade;
pub use error::CallbackError;
pub use explain::{Explanation, explain};
pub use headers::{Headers, NONCE_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER};
pub use notice::{Notice, PaymentNotice, PreCreateRefundNotice, RefundItems, RefundNotice, SettleNotice};
pub use sign::{SignedHeaders, body, signed};

use super::PlatformPublicKey;
use super::key::{SIGNATURE_BYTES, signature_bytes};
use super::sign::callback_hash;
use crate::UnixMs;
use envelope::Envelope;

/// The largest body that is read: 1 MiB.
pub const MAX_BODY: usize = 1 << 20;

/// A callback as it arrived. Nothing in it may be believed yet, so nothing of its body can be read.
#[derive(Clone)]
pub struct Unverified<'a> {
    headers: Headers<'a>,
    body: &'a [u8],
    signature: [u8; SIGNATURE_BYTES],
}

impl<'a> Unverified<'a> {
    /// Takes the callback in, without believing any of it.
    ///
    /// # Errors
    /// When the body is too large, or a header cannot be what it claims to be; each has its own [`CallbackError`].
    pub fn parse(headers: Headers<'a>, body: &'a [u8]) -> Result<Self, CallbackError> {
        if body.len() > MAX_BODY {
            return Err(CallbackError::TooLarge(body.len()));
        }
        headers.check()?;
        let signature = signature_bytes(headers.signature).map_err(CallbackError::Signature)?;
        Ok(Self { headers, body, signature })
    }

    /// Checks the signature against every live key, the current one first, and reads the envelope.
    ///
    /// # Errors
    /// [`CallbackError::BadSignature`] when no key fits. When one does and the body is no callback all the same, the
    /// error says what is missing; [`CallbackError::is_genuine`] tells the two apart.
    pub fn verify(self, keys: &[PlatformPublicKey]) -> Result<Verified<'a>, CallbackError> {
        let hashed = callback_hash(self.headers.timestamp, self.headers.nonce, self.body);
        let fitting = keys.iter().position(|key| key.half().fits(&hashed, &self.signature));
        let key_index = fitting.ok_or(CallbackError::BadSignature)?;
        let Envelope { msg, kind, version } = Envelope::read(self.body)?;
        Ok(Verified {
            headers: self.headers,
            kind: kind.ok_or(CallbackError::Missing("type"))?,
            msg: msg.ok_or(CallbackError::Missing("msg"))?,
            version,
            key_index,
        })
    }
}

impl fmt::Debug for Unverified<'_> {
    /// Without the body, which is about people and does not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unverified({:?}, {} bytes)", self.headers.timestamp, self.body.len())
    }
}

/// A callback whose signature is right.
#[derive(Clone)]
pub struct Verified<'a> {
    headers: Headers<'a>,
    kind: Cow<'a, str>,
    version: Option<Cow<'a, str>>,
    msg: Cow<'a, str>,
    key_index: usize,
}

impl<'a> Verified<'a> {
    /// The callback's type: `payment`, `refund`, `settle`, `pre_create_refund`, …
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The envelope's version: `3.0` here, `2.0` in the industry system, `1.0` for periodic deduction. Never a reason
    /// to refuse a callback.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// When it was signed, as the platform wrote it (Unix seconds).
    pub fn timestamp(&self) -> &'a str {
        self.headers.timestamp
    }

    /// The platform's random word.
    pub fn nonce(&self) -> &'a str {
        self.headers.nonce
    }

    /// The payload's JSON text.
    pub fn msg(&self) -> &str {
        &self.msg
    }

    /// The payload, typed.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON or lacks what its type needs.
    pub fn notice(&self) -> Result<Notice<'_>, CallbackError> {
        Notice::parse(self.kind(), self.msg())
    }

    /// Which of the keys fits.
    pub fn key_index(&self) -> usize {
        self.key_index
    }

    /// The same callback, if it was signed within so many seconds of `now`, before or after. Off unless called: no
    /// tolerance is documented, and a repeated delivery may carry its first signature.
    ///
    /// # Errors
    /// [`CallbackError::Stale`] otherwise.
    pub fn not_older_than(self, seconds_max: u32, now: UnixMs) -> Result<Self, CallbackError> {
        let signed_at = self.timestamp().parse::<i64>().unwrap_or(0);
        let age_s = now.seconds().saturating_sub(signed_at);
        if age_s.unsigned_abs() > u64::from(seconds_max) {
            return Err(CallbackError::Stale { age_s, seconds_max });
        }
        Ok(self)
    }
}

impl fmt::Debug for Verified<'_> {
    /// Without the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verified({:?}, {:?}, {} bytes)", self.kind, self.headers.timestamp, self.msg.len())
    }
}
