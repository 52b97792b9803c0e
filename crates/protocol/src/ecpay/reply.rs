//! The platform's answer to a call: accepted with a payload, or refused with a code.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{ErrNo, Request};

/// The platform's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformError {
    /// The code; texts are never compared.
    pub err_no: ErrNo,
    /// The platform's words, for people.
    pub err_tips: String,
}

/// Why an answer carries no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The answer is not a JSON object: it cannot come from the platform's payment system.
    #[error("the answer is not a JSON object ({0})")]
    NotJson(String),
    /// The platform refused.
    #[error("the platform answered {}: {}", .0.err_no, .0.err_tips)]
    Platform(PlatformError),
    /// The platform accepted, but the payload is not what its documentation promises.
    #[error("the platform accepted, but its answer cannot be read: {0}")]
    Malformed(String),
}

#[derive(Deserialize)]
struct Envelope {
    err_no: Option<i64>,
    #[serde(default)]
    err_tips: Option<String>,
}

/// Reads the answer to a call of type `R`.
///
/// # Errors
/// [`ReplyError::Platform`] when the platform refused; the other two when the answer cannot be read.
///
/// ```
/// use douyin_pay_protocol::ecpay::{CreateRefund, ReplyError, parse_reply};
///
/// let taken = parse_reply::<CreateRefund>(r#"{"err_no":0,"err_tips":"受理成功","refund_no":"N73"}"#.as_bytes()).unwrap();
/// assert_eq!(taken.refund_no.as_str(), "N73");
/// let refused = parse_reply::<CreateRefund>(br#"{"err_no":2010,"err_tips":"","data":null}"#);
/// assert!(matches!(refused, Err(ReplyError::Platform(_))));
/// ```
pub fn parse_reply<R: Request>(body: &[u8]) -> Result<R::Reply, ReplyError> {
    let envelope: Envelope =
        serde_json::from_slice(body).map_err(|cause| ReplyError::NotJson(cause.to_string()))?;
    match envelope.err_no {
        Some(0) => payload::<R>(body).map_err(|cause| ReplyError::Malformed(cause.to_string())),
        Some(code) => {
            let err_tips = envelope.err_tips.unwrap_or_default();
            Err(ReplyError::Platform(PlatformError { err_no: ErrNo::new(code), err_tips }))
        }
        None => Err(ReplyError::NotJson("`err_no` is missing".to_owned())),
    }
}

fn payload<R: Request>(body: &[u8]) -> Result<R::Reply, serde_json::Error> {
    let Some(name) = R::PAYLOAD else { return serde_json::from_slice(body) };
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(body)?;
    match members.get(name) {
        Some(member) => serde_json::from_str(member.get()),
        None => Err(serde::de::Error::missing_field(name)),
    }
}
