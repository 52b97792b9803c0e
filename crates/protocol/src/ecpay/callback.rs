//! Callbacks: unverified bytes can only be verified, and only what is verified can be read.
//!
//! ```
//! use douyin_pay_protocol::Token;
//! use douyin_pay_protocol::ecpay::callback::{self, Notice, Unverified};
//!
//! let token = Token::new("testToken2024").unwrap();
//! let msg = r#"{"appid":"tt1","cp_orderno":"O1","total_amount":1280,"status":"SUCCESS"}"#;
//! let body = callback::body(&token, "payment", "1704067201", "2345", msg);
//!
//! let verified = Unverified::parse(&body).unwrap().verify(&[token]).unwrap();
//! let Notice::Payment(payment) = verified.notice().unwrap() else { panic!("a payment") };
//! assert_eq!(payment.total_amount.get(), 1280);
//! ```

mod answer;
mod explain;
mod notice;
mod sign;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use answer::{SUCCESS, echo, failure};
pub use explain::{Explanation, explain};
pub use notice::{Notice, PaymentNotice, RefundNotice, SettleNotice};
pub use sign::{body, sign};

use crate::Token;

/// The largest body that is read: 1 MiB.
pub const MAX_BODY: usize = 1 << 20;

/// Why a callback is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Larger than [`MAX_BODY`].
    #[error("the body has {0} bytes, at most {MAX_BODY} are read")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the body is not UTF-8 (byte {0} cannot be read)")]
    NotUtf8(usize),
    /// Not the five-field JSON object of a callback.
    #[error("the body is not a callback's JSON object: {0}")]
    NotJson(String),
    /// A field of the envelope is missing.
    #[error("the callback has no `{0}`")]
    Missing(&'static str),
    /// A field of the envelope is neither text nor number.
    #[error("the callback's `{0}` is neither a text nor a number")]
    WrongType(&'static str),
    /// It belongs to the general trade system, which signs differently.
    #[error("the callback carries `version`: it belongs to the general trade system, not to ecpay")]
    OtherSystem,
    /// No token fits the signature.
    #[error("no configured token fits the signature; check the token and that nothing rewrites the body")]
    BadSignature,
    /// The signature is right, but `msg` is not what its type promises.
    #[error("the callback is genuine, but its `msg` cannot be read: {0}")]
    Message(String),
}

/// A callback's envelope. Nothing in it may be believed yet.
#[derive(Debug, Clone)]
pub struct Unverified<'a> {
    timestamp: Cow<'a, str>,
    nonce: Cow<'a, str>,
    msg: Cow<'a, str>,
    kind: Cow<'a, str>,
    signature: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    nonce: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "notice::text")]
    msg: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type", deserialize_with = "notice::text")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "notice::text")]
    msg_signature: Option<Cow<'a, str>>,
    #[serde(borrow)]
    version: Option<&'a RawValue>,
}

impl<'a> Unverified<'a> {
    /// Takes the envelope apart, without believing any of it.
    ///
    /// # Errors
    /// When the body is too large, not UTF-8, not JSON, or lacks a field.
    pub fn parse(body: &'a [u8]) -> Result<Self, CallbackError> {
        if body.len() > MAX_BODY {
            return Err(CallbackError::TooLarge(body.len()));
        }
        let text = std::str::from_utf8(body).map_err(|cause| CallbackError::NotUtf8(cause.valid_up_to()))?;
        let envelope: Envelope<'a> =
            serde_json::from_str(text).map_err(|cause| CallbackError::NotJson(cause.to_string()))?;
        if envelope.version.is_some_and(is_two_or_more) {
            return Err(CallbackError::OtherSystem);
        }
        Ok(Self {
            timestamp: literal("timestamp", envelope.timestamp)?,
            nonce: literal("nonce", envelope.nonce)?,
            msg: envelope.msg.ok_or(CallbackError::Missing("msg"))?,
            kind: envelope.kind.unwrap_or_default(),
            signature: envelope.msg_signature.ok_or(CallbackError::Missing("msg_signature"))?,
        })
    }

    /// Checks the signature against every live token; takes the same time whichever fits.
    ///
    /// # Errors
    /// [`CallbackError::BadSignature`] when none fits.
    pub fn verify(self, tokens: &[Token]) -> Result<Verified<'a>, CallbackError> {
        let claimed = self.signature.clone();
        self.verify_claim(tokens, claimed.as_bytes())
    }

    /// As [`Unverified::verify`], but takes upper-case hex too, which the platform never sends.
    ///
    /// # Errors
    /// [`CallbackError::BadSignature`] when no token fits.
    pub fn verify_any_case(self, tokens: &[Token]) -> Result<Verified<'a>, CallbackError> {
        let claimed = self.signature.to_ascii_lowercase();
        self.verify_claim(tokens, claimed.as_bytes())
    }

    fn verify_claim(self, tokens: &[Token], claimed: &[u8]) -> Result<Verified<'a>, CallbackError> {
        let mut fitting = None;
        for (index, token) in tokens.iter().enumerate() {
            let right = sign::digest(token, &self.timestamp, &self.nonce, &self.msg);
            if sign::same(&right, claimed) && fitting.is_none() {
                fitting = Some(index);
            }
        }
        match fitting {
            Some(token_index) => Ok(Verified { envelope: self, token_index }),
            None => Err(CallbackError::BadSignature),
        }
    }
}

/// A callback whose signature is right.
#[derive(Debug, Clone)]
pub struct Verified<'a> {
    envelope: Unverified<'a>,
    token_index: usize,
}

impl Verified<'_> {
    /// The callback's type: `payment`, `refund`, `settle`, …
    pub fn kind(&self) -> &str {
        &self.envelope.kind
    }

    /// When it was signed, as the platform wrote it (Unix seconds).
    pub fn timestamp(&self) -> &str {
        &self.envelope.timestamp
    }

    /// The platform's random digits.
    pub fn nonce(&self) -> &str {
        &self.envelope.nonce
    }

    /// The payload's JSON text.
    pub fn msg(&self) -> &str {
        &self.envelope.msg
    }

    /// Which of the tokens fits.
    pub fn token_index(&self) -> usize {
        self.token_index
    }

    /// The payload, typed.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON or lacks what its type needs.
    pub fn notice(&self) -> Result<Notice<'_>, CallbackError> {
        Notice::parse(self.kind(), self.msg())
    }
}

/// A field that the platform writes as text or as number, taken literally.
fn literal<'a>(name: &'static str, value: Option<&'a RawValue>) -> Result<Cow<'a, str>, CallbackError> {
    let raw = value.ok_or(CallbackError::Missing(name))?.get();
    match raw.as_bytes().first() {
        Some(b'"') => match raw[1..raw.len() - 1].contains('\\') {
            false => Ok(Cow::Borrowed(&raw[1..raw.len() - 1])),
            true => serde_json::from_str(raw)
                .map(Cow::Owned)
                .map_err(|cause| CallbackError::NotJson(cause.to_string())),
        },
        Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(raw)),
        _ => Err(CallbackError::WrongType(name)),
    }
}

/// `"2.0"`, `2`, `"3.0"`: the successor's callbacks name their version.
fn is_two_or_more(version: &RawValue) -> bool {
    let digits = version.get().trim_matches('"');
    digits.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 2)
}
