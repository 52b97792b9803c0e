//! The platform's answer to a call: accepted with a payload, or refused with a code.

use std::fmt;

use serde_json::value::RawValue;

use super::{Envelope, Request};
use crate::members::members;
use crate::read::{count, text};
use crate::{ErrNo, PlatformError, ReplyError};

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
    let payload = payload(body, R::ENVELOPE, R::PAYLOAD)?;
    serde_json::from_str(payload).map_err(|cause| malformed(R::PAYLOAD, &cause))
}

/// The JSON text of what an accepted answer holds under `place`, or of all of it.
pub(super) fn payload<'a>(
    body: &'a [u8],
    envelope: Envelope,
    place: Option<&str>,
) -> Result<&'a str, ReplyError> {
    let not_json = |problem: &dyn fmt::Display| ReplyError::NotJson(problem.to_string());
    let answer = std::str::from_utf8(body).map_err(|cause| not_json(&cause))?;
    let members = members(answer).map_err(|cause| not_json(&cause))?;
    let find = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, value)| *value);
    let (code, tips) = match envelope {
        Envelope::ErrNo => ("err_no", "err_tips"),
        Envelope::ErrCode => ("err_code", "err_msg"),
    };
    let err_no = find(code).ok_or_else(|| not_json(&format_args!("`{code}` is missing")))?;
    let err_no = count(err_no).map_err(|_| not_json(&format_args!("`{code}` is not a number")))?;
    match err_no {
        Some(0) => {}
        Some(code) => {
            let err_tips = find(tips).and_then(|tips| text(tips).ok().flatten());
            let err_tips = err_tips.map(|tips| tips.into_owned()).unwrap_or_default();
            return Err(ReplyError::Platform(PlatformError { err_no: ErrNo::new(code), err_tips }));
        }
        None => return Err(not_json(&format_args!("`{code}` is empty"))),
    }
    let payload = match place {
        Some(name) => find(name).map(RawValue::get),
        None => Some(answer),
    };
    let wrong = |what: &str| ReplyError::Malformed(format!("`{}` {what}", place.unwrap_or_default()));
    let payload = payload.ok_or_else(|| wrong("is missing"))?;
    // Derived readers also take lists, which the platform never sends.
    if payload.trim_start().starts_with('{') { Ok(payload) } else { Err(wrong("is not an object")) }
}

pub(super) fn malformed(place: Option<&str>, cause: &serde_json::Error) -> ReplyError {
    ReplyError::Malformed(match place {
        Some(name) => format!("in `{name}`: {cause}"),
        None => cause.to_string(),
    })
}
