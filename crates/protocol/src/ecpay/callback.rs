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
mod envelope;
mod error;
mod explain;
mod notice;
mod sign;

use std::borrow::Cow;
use std::fmt;

pub use answer::{SUCCESS, echo, failure};
pub use error::CallbackError;
pub use explain::{Explanation, Tried, explain};
pub use notice::{Notice, PaymentNotice, RefundNotice, ReturnNotice, SettleNotice, WithdrawNotice};
pub use sign::{body, sign};

use envelope::Envelope;

use crate::{Token, hex};

/// The largest body that is read: 1 MiB.
pub const MAX_BODY: usize = 1 << 20;

/// A callback's envelope. Nothing in it may be believed yet.
#[derive(Clone)]
pub struct Unverified<'a> {
    timestamp: Cow<'a, str>,
    nonce: Cow<'a, str>,
    msg: Cow<'a, str>,
    kind: Cow<'a, str>,
    signature: Cow<'a, str>,
}

impl<'a> Unverified<'a> {
    /// Takes the envelope apart, without believing any of it.
    ///
    /// # Errors
    /// When the body is too large, not UTF-8, not a JSON object, lacks one of the five fields, or
    /// belongs to the general trade system; each has its own [`CallbackError`].
    pub fn parse(body: &'a [u8]) -> Result<Self, CallbackError> {
        if body.len() > MAX_BODY {
            return Err(CallbackError::TooLarge(body.len()));
        }
        let text = std::str::from_utf8(body).map_err(|cause| CallbackError::NotUtf8(cause.valid_up_to()))?;
        let envelope = Envelope::read(text)?;
        if envelope.is_of_other_system() {
            return Err(CallbackError::OtherSystem);
        }
        let missing = |name| move || CallbackError::Missing(name);
        Ok(Self {
            timestamp: envelope.timestamp.ok_or_else(missing("timestamp"))?,
            nonce: envelope.nonce.ok_or_else(missing("nonce"))?,
            msg: envelope.msg.ok_or_else(missing("msg"))?,
            kind: envelope.kind.ok_or_else(missing("type"))?,
            signature: envelope.msg_signature.ok_or_else(missing("msg_signature"))?,
        })
    }

    /// Checks the signature against every live token; takes the same time whichever fits.
    ///
    /// # Errors
    /// [`CallbackError::BadSignature`] when none fits.
    pub fn verify(self, tokens: &[Token]) -> Result<Verified<'a>, CallbackError> {
        let fitting = self.fitting(tokens, self.signature.as_bytes());
        self.verified(fitting)
    }

    /// As [`Unverified::verify`], but takes upper-case hex too, which the platform never sends.
    ///
    /// # Errors
    /// [`CallbackError::BadSignature`] when no token fits.
    pub fn verify_any_case(self, tokens: &[Token]) -> Result<Verified<'a>, CallbackError> {
        let fitting = self.fitting(tokens, self.signature.to_ascii_lowercase().as_bytes());
        self.verified(fitting)
    }

    fn fitting(&self, tokens: &[Token], claimed: &[u8]) -> Option<usize> {
        let mut fitting = None;
        for (index, token) in tokens.iter().enumerate() {
            let right = sign::digest([token.expose(), &self.timestamp, &self.nonce, &self.msg]);
            if hex::same(&right, claimed) && fitting.is_none() {
                fitting = Some(index);
            }
        }
        fitting
    }

    fn verified(self, fitting: Option<usize>) -> Result<Verified<'a>, CallbackError> {
        let token_index = fitting.ok_or(CallbackError::BadSignature)?;
        Ok(Verified { envelope: self, token_index })
    }
}

impl fmt::Debug for Unverified<'_> {
    /// Without the message, which is about people and does not belong into logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unverified({:?}, {:?}, {} bytes)", self.kind, self.timestamp, self.msg.len())
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
