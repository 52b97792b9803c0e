//! `client_token` and `stable_client_token`: an app's secret for a token.

use douyin_pay_protocol::trade::Endpoint;
use douyin_pay_protocol::{AppSecret, UnixMs};
use serde_json::{Value, json};

use super::denied::{Checked, Denial, Denied};
use super::fields::Reader;
use crate::platform::Platform;

impl Platform {
    pub(super) fn issue_token(
        &mut self,
        now: UnixMs,
        endpoint: Endpoint,
        body: &Reader<'_>,
    ) -> Checked<Value> {
        let parameter = |denied: Denied| Denial::TokenParameter.because(denied.why);
        let client_key = body.text("client_key", 64).map_err(parameter)?;
        let secret = body.text("client_secret", 128).map_err(parameter)?;
        if body.text("grant_type", 64).map_err(parameter)? != "client_credential" {
            return Err(Denial::TokenParameter.because("`grant_type` must be client_credential"));
        }
        let Some(terms) = self.apps.get(client_key).and_then(|app| app.trade.as_ref()) else {
            let why = format!("this mock knows no app `{client_key}` with the general trade system");
            return Err(Denial::UnknownClient.because(why));
        };
        if AppSecret::new(secret).ok().as_ref() != Some(&terms.app_secret) {
            return Err(Denial::WrongSecret.because("`client_secret` is not this app's secret"));
        }
        if !self.trade.tokens.admit(client_key, now) {
            return Err(Denial::TokenTooOften
                .because("more than 500 calls in five minutes; keep the token and reuse it"));
        }
        let (token, expires_in) = match endpoint {
            Endpoint::StableClientToken => self.trade.tokens.stable(client_key, now, &mut self.dice),
            _ => self.trade.tokens.issue(client_key, now, &mut self.dice),
        };
        Ok(json!({ "access_token": token, "description": "", "error_code": 0, "expires_in": expires_in }))
    }
}

/// These two calls answer in a form of their own, with the code inside `data`.
pub(super) fn answer(result: Checked<Value>) -> Value {
    match result {
        Ok(data) => json!({ "data": data, "message": "success" }),
        Err(denied) => {
            let data = json!({
                "captcha": "",
                "desc_url": "",
                "description": denied.err_msg(),
                "error_code": denied.err_no(),
            });
            json!({ "data": data, "message": "error" })
        }
    }
}
