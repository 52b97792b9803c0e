//! Why a signature is wrong, as far as our own keys tell.

use std::sync::Arc;

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::Unverified;
use douyin_pay_protocol::trade::callback as trade;

use crate::live::{App, Live};

/// Larger bodies are not tried with every key: nobody may make us hash for nothing.
const TRIED_BYTES_MAX: usize = 16 * 1024;

/// A sentence that names the app whose key fits, or what else may be wrong.
pub(super) fn whose_token_fits(
    live: &Live,
    named: Option<&str>,
    callback: &Unverified<'_>,
    bytes: usize,
) -> String {
    const NOBODY: &str = "no key of any app fits; compare the console's token with `callback_tokens`, \
                          and make sure that nothing on the way rewrites the body";
    if bytes > TRIED_BYTES_MAX {
        return NOBODY.to_owned();
    }
    let fits = |tokens: &[Token]| callback.clone().verify(tokens).is_ok();
    for app in live.apps() {
        let name = &app.config.name;
        if fits(app.config.callback_tokens()) {
            let named = named.unwrap_or("-");
            return format!(
                "the token of app `{name}` fits, but it came to `{named}`: correct the notify URL in the console"
            );
        }
        let salt = app.config.ecpay.as_ref().and_then(|ecpay| Token::new(ecpay.salt.expose()).ok());
        if salt.is_some_and(|salt| fits(&[salt])) {
            return format!(
                "the salt of app `{name}` fits as if it were the token: `salt` and `callback_tokens` are mixed up, \
                 or the same in the console"
            );
        }
        if callback.clone().verify_any_case(app.config.callback_tokens()).is_ok() {
            return format!(
                "the token of app `{name}` fits, but the signature is in upper case: something rewrote it"
            );
        }
    }
    NOBODY.to_owned()
}

/// The same for a callback of the general trade system.
pub(super) fn whose_key_fits(
    live: &Live,
    named: Option<&str>,
    callback: &trade::Unverified<'_>,
    bytes: usize,
) -> String {
    let fits = |app: &&Arc<App>| match callback.clone().verify(app.config.platform_public_keys()) {
        Ok(_) => true,
        Err(cause) => cause.is_genuine(),
    };
    let fitting = if bytes <= TRIED_BYTES_MAX { live.apps().find(fits) } else { None };
    match fitting {
        Some(app) => format!(
            "the platform key of app `{}` fits, but it came to `{}`: correct the notify URL in the console",
            app.config.name,
            named.unwrap_or("-")
        ),
        None => "no platform key of any app fits; compare the console's platform public key with \
                 `platform_public_keys`, and make sure that nothing on the way rewrites the body"
            .to_owned(),
    }
}

/// A sentence for a genuine callback that concerns another app.
pub(super) fn wrong_app(came_to: &str, app_id: &str, owner: Option<&str>) -> String {
    match owner {
        Some(owner) => format!(
            "it is signed with a key of app `{came_to}` and concerns app `{owner}` (`{app_id}`): \
             correct the notify URL, or give each app its own key"
        ),
        None => format!(
            "it is signed with a key of app `{came_to}` and concerns `{app_id}`, which is not configured"
        ),
    }
}
