//! `apps/v2/token`: the app's secret for an access token, which order pushes need.

use douyin_pay_protocol::{AppSecret, UnixMs};
use serde::Serialize;

use super::Platform;
use super::answers::{ACCEPTED, Denial, to_json};
use super::call::Reply;
use super::fields::{Checked, Fields};
use super::trade::Worth;

#[derive(Serialize)]
struct Issued<'a> {
    err_no: i64,
    err_tips: &'a str,
    data: Token<'a>,
}

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    expires_in: i64,
}

impl Platform {
    /// The app whose secret a request has.
    pub(super) fn app_of_secret<'a>(&self, fields: Fields<'a>) -> Checked<&'a str> {
        let text = |name: &str, denial: Denial| {
            let text = fields.text(name, 256);
            text.map_err(|denied| denial.because(denied.why))
        };
        let app_id = text("appid", Denial::BadAppId)?;
        let secret = text("secret", Denial::BadSecret)?;
        let grant = text("grant_type", Denial::BadGrant)?;
        if grant != "client_credential" {
            let why = format!("`grant_type` is `{grant}`; send client_credential");
            return Err(Denial::BadGrant.because(why));
        }
        let Some(app) = self.apps.get(app_id) else {
            return Err(Denial::BadAppId.because(format!("this mock does not know app `{app_id}`")));
        };
        if AppSecret::new(secret).ok().as_ref() != app.secret() {
            return Err(Denial::BadSecret
                .because("`secret` is not the app secret of this app (neither the SALT nor the token is)"));
        }
        Ok(app_id)
    }

    pub(super) fn issue_access_token(&mut self, now: UnixMs, app_id: &str) -> Reply {
        let (token, expires_in) = self.access_tokens.issue(app_id, now, &mut self.dice);
        let data = Token { access_token: &token, expires_in };
        to_json(&Issued { err_no: ACCEPTED, err_tips: "success", data }).into()
    }

    /// The app an access token belongs to.
    pub(super) fn app_of_token(&mut self, now: UnixMs, fields: Fields<'_>) -> Checked<String> {
        let token =
            fields.text("access_token", 256).map_err(|denied| Denial::BadToken.because(denied.why))?;
        match self.access_tokens.worth(token, now) {
            Worth::Of(app_id) if self.apps.contains_key(&app_id) => Ok(app_id),
            Worth::Of(_) => Err(Denial::BadToken.because("the token's app is not configured any more")),
            Worth::Expired => Err(Denial::BadToken.because(
                "the token has expired (two hours, or five minutes after a newer one was fetched); fetch a new one",
            )),
            Worth::Unknown => Err(Denial::BadToken
                .because("the token is unknown: mistyped, or of a platform that was restarted; fetch a new one")),
        }
    }
}
