//! The access token of guaranteed payment: how it is asked for and what comes back.

use serde::{Deserialize, Serialize};

use super::Envelope;
use super::reply::{malformed, payload};
use crate::read::{hint, opaque};
use crate::{AccessToken, AppId, AppSecret, ReplyError, TokenReply};

#[derive(Serialize)]
struct TokenRequest<'a> {
    appid: &'a str,
    secret: &'a str,
    grant_type: &'a str,
}

/// The body of the token call. It holds the app secret: never log it.
///
/// A new token ends the one before, after five minutes in which both are taken.
///
/// ```
/// use douyin_pay_protocol::ecpay::token_body;
/// use douyin_pay_protocol::{AppId, AppSecret};
///
/// let (app_id, secret) = (AppId::new("tt1").unwrap(), AppSecret::new("a1b2").unwrap());
/// assert_eq!(
///     token_body(&app_id, &secret),
///     br#"{"appid":"tt1","secret":"a1b2","grant_type":"client_credential"}"#,
/// );
/// ```
pub fn token_body(app_id: &AppId, app_secret: &AppSecret) -> Vec<u8> {
    let request =
        TokenRequest { appid: app_id.as_str(), secret: app_secret.expose(), grant_type: "client_credential" };
    // Large enough never to move, which would leave a copy of the secret behind.
    let mut body = Vec::with_capacity(1024);
    serde_json::to_writer(&mut body, &request).expect("a request is plain data");
    body
}

/// Reads the answer to the token call.
///
/// # Errors
/// [`ReplyError::Platform`] when the platform refused; the other two when the answer cannot be read. None
/// of them shows the token.
///
/// ```
/// use douyin_pay_protocol::ReplyError;
/// use douyin_pay_protocol::ecpay::parse_token_reply;
///
/// let given = br#"{"err_no":0,"err_tips":"success","data":{"access_token":"0801121847","expires_in":7200}}"#;
/// assert_eq!(parse_token_reply(given).unwrap().expires_in_s, 7200);
///
/// let refused = br#"{"err_no":40017,"err_tips":"bad secret","data":{"access_token":"","expires_in":0}}"#;
/// assert!(matches!(parse_token_reply(refused), Err(ReplyError::Platform(error)) if error.err_no.get() == 40017));
/// ```
pub fn parse_token_reply(body: &[u8]) -> Result<TokenReply, ReplyError> {
    let data = payload(body, Envelope::ErrNo, Some("data"))?;
    let given: Given = serde_json::from_str(data).map_err(|cause| malformed(Some("data"), &cause))?;
    let wrong = |problem: &str| ReplyError::Malformed(format!("in `data`: {problem}"));
    let token = given.access_token.ok_or_else(|| wrong("`access_token` is missing"))?;
    let access_token = AccessToken::new(token).map_err(|problem| wrong(&problem.to_string()))?;
    let expires_in_s = given.expires_in.and_then(|seconds| u32::try_from(seconds).ok());
    let expires_in_s = expires_in_s.ok_or_else(|| wrong("`expires_in` is not a number of seconds"))?;
    Ok(TokenReply { access_token, expires_in_s })
}

#[derive(Deserialize)]
struct Given {
    #[serde(default, deserialize_with = "opaque")]
    access_token: Option<Box<str>>,
    #[serde(default, deserialize_with = "hint")]
    expires_in: Option<i64>,
}
