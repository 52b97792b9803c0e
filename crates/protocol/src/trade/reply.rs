//! The platform's answer to a call: accepted with its data, or refused with a code.

use std::fmt;

use serde_json::value::RawValue;

use super::{AccessToken, Data, Request};
use crate::members::members;
use crate::read::{count, text};
use crate::{ErrNo, PlatformError, ReplyError, TokenReply};

type Members<'a> = Vec<(String, &'a RawValue)>;

/// Reads the answer to a call of type `R`. The code in the body counts, whatever the HTTP status is.
///
/// # Errors
/// [`ReplyError::Platform`] when the platform refused; the other two when the answer cannot be read.
///
/// ```
/// use douyin_pay_protocol::ReplyError;
/// use douyin_pay_protocol::trade::{RefundCreate, parse_reply};
///
/// let taken = br#"{"err_no":0,"err_msg":"success","log_id":"1","data":{"refund_id":"motb9","refund_audit_deadline":1767484800000}}"#;
/// assert_eq!(parse_reply::<RefundCreate>(200, taken).unwrap().refund_id.as_str(), "motb9");
///
/// let refused = parse_reply::<RefundCreate>(400, br#"{"err_no":22000,"err_msg":"not paid"}"#);
/// assert!(matches!(refused, Err(ReplyError::Platform(error)) if error.err_tips == "not paid"));
/// ```
pub fn parse_reply<R: Request>(status: u16, body: &[u8]) -> Result<R::Reply, ReplyError> {
    let answer = object(status, body)?;
    match code(status, &answer)? {
        ErrNo::OK => {}
        err_no => return Err(refusal(err_no, &answer)),
    }
    let data = find(&answer, "data").map(RawValue::get).filter(|data| !is_empty(data));
    let json = match (R::DATA, data) {
        (Data::Object, None) => return Err(ReplyError::Malformed("`data` is missing".to_owned())),
        (Data::Object | Data::MaybeObject, Some(data)) if !data.starts_with('{') => {
            return Err(ReplyError::Malformed("`data` is not an object".to_owned()));
        }
        (Data::List, Some(data)) if !data.starts_with('[') => {
            return Err(ReplyError::Malformed("`data` is not a list".to_owned()));
        }
        (Data::Object | Data::MaybeObject | Data::List, Some(data)) => data,
        (Data::MaybeObject, None) => "{}",
        (Data::List, None) => "[]",
        (Data::Nothing, _) => "null",
    };
    serde_json::from_str(json).map_err(|cause| ReplyError::Malformed(format!("in `data`: {cause}")))
}

/// The platform's id of a call, for support cases, if the answer names it. The response header `x-tt-logid`
/// carries the same kind of value.
///
/// ```
/// use douyin_pay_protocol::trade::log_id;
///
/// assert_eq!(log_id(br#"{"err_no":0,"log_id":"20260101000000AA"}"#).as_deref(), Some("20260101000000AA"));
/// assert_eq!(log_id(b"<html>"), None);
/// ```
pub fn log_id(body: &[u8]) -> Option<String> {
    let answer = members(std::str::from_utf8(body).ok()?).ok()?;
    let nested = || -> Option<&str> {
        let extra = find(&answer, "extra")?.get();
        Some(find(&members(extra).ok()?, "logid")?.get())
    };
    let raw = find(&answer, "log_id").map(RawValue::get).or_else(nested)?;
    let mut reader = serde_json::Deserializer::from_str(raw);
    text(&mut reader).ok().flatten().map(std::borrow::Cow::into_owned)
}

/// Reads the answer to `client_token` or `stable_client_token`.
///
/// # Errors
/// [`ReplyError::Platform`] when the platform refused; the other two when the answer cannot be read. None
/// of them shows the token.
///
/// ```
/// use douyin_pay_protocol::ReplyError;
/// use douyin_pay_protocol::trade::parse_token_reply;
///
/// let given = br#"{"data":{"access_token":"clt.0f1e","description":"","error_code":0,"expires_in":7200},"message":"success"}"#;
/// assert_eq!(parse_token_reply(given).unwrap().expires_in_s, 7200);
///
/// let refused = br#"{"data":{"captcha":"","desc_url":"","description":"client_key not found","error_code":10003},"message":"error"}"#;
/// assert!(matches!(parse_token_reply(refused), Err(ReplyError::Platform(error)) if error.err_no.get() == 10003));
/// ```
pub fn parse_token_reply(body: &[u8]) -> Result<TokenReply, ReplyError> {
    let answer = object(200, body)?;
    match code(200, &answer)? {
        ErrNo::OK => {}
        err_no => return Err(refusal(err_no, &answer)),
    }
    let data = find(&answer, "data").and_then(|data| members(data.get()).ok()).unwrap_or_default();
    let malformed = |problem: &str| ReplyError::Malformed(format!("in `data`: {problem}"));
    let token = find(&data, "access_token").and_then(|token| text(token).ok().flatten());
    let token = token.ok_or_else(|| malformed("`access_token` is missing"))?;
    let access_token = AccessToken::new(token).map_err(|problem| malformed(&problem.to_string()))?;
    let seconds = find(&data, "expires_in").and_then(|seconds| count(seconds).ok().flatten());
    let expires_in_s = seconds.and_then(|seconds| u32::try_from(seconds).ok());
    let expires_in_s = expires_in_s.ok_or_else(|| malformed("`expires_in` is not a number of seconds"))?;
    Ok(TokenReply { access_token, expires_in_s })
}

fn object(status: u16, body: &[u8]) -> Result<Members<'_>, ReplyError> {
    let answer = std::str::from_utf8(body).map_err(|cause| not_json(status, &cause))?;
    members(answer).map_err(|cause| not_json(status, &cause))
}

/// The answer's code: `err_no`; else the `error_code` that the gateway and the token calls put into `data`
/// or `extra`.
fn code(status: u16, answer: &Members<'_>) -> Result<ErrNo, ReplyError> {
    if let Some(err_no) = find(answer, "err_no") {
        let err_no = count(err_no).map_err(|_| not_json(status, &"`err_no` is not a number"))?;
        return err_no.map(ErrNo::new).ok_or_else(|| not_json(status, &"`err_no` is empty"));
    }
    let nested = |place| {
        let inside = members(find(answer, place)?.get()).ok()?;
        count(find(&inside, "error_code")?).ok().flatten()
    };
    let found = [nested("data"), nested("extra")];
    // The refusal counts when the two disagree.
    let err_no = found.into_iter().flatten().max_by_key(|code| *code != 0);
    err_no.map(ErrNo::new).ok_or_else(|| not_json(status, &"`err_no` is missing"))
}

fn refusal(err_no: ErrNo, answer: &Members<'_>) -> ReplyError {
    let words = |members: &Members<'_>, name: &str| {
        let words = text(find(members, name)?).ok().flatten()?;
        Some(words.into_owned())
    };
    let nested = |place: &str| words(&members(find(answer, place)?.get()).ok()?, "description");
    let err_tips = words(answer, "err_msg")
        .or_else(|| words(answer, "err_tips"))
        .or_else(|| nested("data"))
        .or_else(|| nested("extra"))
        .unwrap_or_default();
    ReplyError::Platform(PlatformError { err_no, err_tips })
}

fn find<'a>(members: &Members<'a>, name: &str) -> Option<&'a RawValue> {
    members.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
}

fn is_empty(data: &str) -> bool {
    let compact = data.chars().filter(|c| !c.is_ascii_whitespace()).take(3).collect::<String>();
    matches!(compact.as_str(), "{}" | "[]" | "\"\"") || data == "null"
}

fn not_json(status: u16, problem: &dyn fmt::Display) -> ReplyError {
    ReplyError::NotJson(match status {
        200 => problem.to_string(),
        status => format!("HTTP {status}, {problem}"),
    })
}
