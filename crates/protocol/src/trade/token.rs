//! What the two token calls send.

use serde::Serialize;

use crate::{AppId, AppSecret};

#[derive(Serialize)]
struct TokenRequest<'a> {
    client_key: &'a str,
    client_secret: &'a str,
    grant_type: &'a str,
}

/// The body of `client_token` and of `stable_client_token`. It holds the app secret: never log it.
///
/// ```
/// use douyin_pay_protocol::trade::token_body;
/// use douyin_pay_protocol::{AppId, AppSecret};
///
/// let (app_id, secret) = (AppId::new("tt1").unwrap(), AppSecret::new("a1b2").unwrap());
/// assert_eq!(
///     token_body(&app_id, &secret),
///     br#"{"client_key":"tt1","client_secret":"a1b2","grant_type":"client_credential"}"#,
/// );
/// ```
pub fn token_body(app_id: &AppId, app_secret: &AppSecret) -> Vec<u8> {
    let request = TokenRequest {
        client_key: app_id.as_str(),
        client_secret: app_secret.expose(),
        grant_type: "client_credential",
    };
    // Large enough never to move, which would leave a copy of the secret behind.
    let mut body = Vec::with_capacity(1024);
    serde_json::to_writer(&mut body, &request).expect("a request is plain data");
    body
}
