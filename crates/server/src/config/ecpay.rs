//! An app in guaranteed payment, and what both systems' sections have in common.

use douyin_pay_protocol::{AppId, AppSecret, FieldError, Salt, Token};

use super::build::Findings;
use super::raw::RawEcpay;
use super::secrets::SecretRef;
use super::{EcpayConfig, PlatformChoice, Provider, Surroundings, push, urls};

pub(super) fn ecpay(
    at: &str,
    name: &str,
    given: &RawEcpay,
    around: &Surroundings,
    found: &mut Findings,
) -> Option<EcpayConfig> {
    let platform = platform(&format!("{at}.platform"), &given.platform, found);
    let salt = resolved(&format!("{at}.salt"), &given.salt, around, Salt::new);
    let salt = found.take(salt);
    let mut tokens = Vec::with_capacity(given.callback_tokens.len());
    for (n, reference) in given.callback_tokens.iter().enumerate() {
        let key = format!("{at}.callback_tokens[{n}]");
        let token = found.take(resolved(&key, reference, around, Token::new));
        let Some(token) = token else { continue };
        if let Some(why) = token.breaks_console_rule() {
            found.warn(format!("`{key}` does not look like a token: {why}"));
        }
        if salt.as_ref().is_some_and(|salt| salt.expose() == token.expose()) {
            found.warn(format!("`{key}` equals the salt; in the console they are two different values"));
        }
        if tokens.contains(&token) {
            found.warn(format!("`{key}` repeats an earlier token of app `{name}`"));
        }
        tokens.push(token);
    }
    if given.callback_tokens.is_empty() {
        found.problem(format!(
            "`{at}.callback_tokens`: is empty; without a token no callback can be verified"
        ));
    }
    if let Some(why) = salt.as_ref().and_then(Salt::breaks_console_rule) {
        found.warn(format!("`{at}.salt` does not look like a salt: {why}"));
    }
    let provider = provider(at, given, around, found);
    let app_secret = given.app_secret.as_ref().and_then(|reference| {
        found.take(resolved(&format!("{at}.app_secret"), reference, around, AppSecret::new))
    });
    let order_push = push::order_push(at, given, found);
    Some(EcpayConfig {
        platform: platform?,
        salt: salt?,
        callback_tokens: tokens,
        provider,
        app_secret,
        order_push,
        salt_from: given.salt.clone(),
        tokens_from: given.callback_tokens.clone(),
        secret_from: given.app_secret.clone(),
    })
}

/// The service provider in whose name the app is called for.
fn provider(at: &str, given: &RawEcpay, around: &Surroundings, found: &mut Findings) -> Option<Provider> {
    let Some(id) = &given.thirdparty_id else {
        if given.provider_salt.is_some() {
            found.problem(format!(
                "`{at}.provider_salt`: without `thirdparty_id` nobody is the provider; give it, or remove the salt"
            ));
        }
        return None;
    };
    let id = AppId::new(id).map_err(|refused| format!("`{at}.thirdparty_id`: {}", refused.problem));
    let thirdparty_id = found.take(id);
    let key = format!("{at}.provider_salt");
    let salt = given
        .provider_salt
        .as_ref()
        .and_then(|reference| found.take(resolved(&key, reference, around, Salt::new)));
    if let Some(why) = salt.as_ref().and_then(Salt::breaks_console_rule) {
        found.warn(format!("`{key}` does not look like a salt: {why}"));
    }
    Some(Provider { thirdparty_id: thirdparty_id?, salt, salt_from: given.provider_salt.clone() })
}

/// A secret made into its type.
pub(super) fn resolved<T>(
    key: &str,
    reference: &SecretRef,
    around: &Surroundings,
    make: impl FnOnce(String) -> Result<T, FieldError>,
) -> Result<T, String> {
    let text = reference.resolve(around).map_err(|problem| format!("`{key}`: {problem}"))?;
    make(text).map_err(|refused| format!("`{key}`: {}", refused.problem))
}

/// Which platform a section names.
pub(super) fn platform(key: &str, given: &str, found: &mut Findings) -> Option<PlatformChoice> {
    match given {
        "production" => Some(PlatformChoice::Production),
        "sandbox" => Some(PlatformChoice::Sandbox),
        url if url.contains("://") => {
            let url = found.take(urls::outgoing(key, url))?;
            if urls::is_open_http(&url) {
                found.warn(format!(
                    "`{key}`: calls travel over http and can be read on the way; fine for a mock only"
                ));
            }
            Some(PlatformChoice::Url(url))
        }
        other => {
            found.problem(format!(
                "`{key}`: `{other}` is unknown; write \"production\", \"sandbox\" or a mock's URL"
            ));
            None
        }
    }
}
