//! Who calls: a mini-program, a provider for it, or a provider for itself.

use super::request::{Body, Request};
use super::sign::sign;
use super::{AccessToken, Identity};
use crate::{AppId, Salt};

/// Who calls, and with which salts.
///
/// ```
/// use douyin_pay_protocol::ecpay::{Caller, GetAppMerchant, MerchantPage};
/// use douyin_pay_protocol::{AppId, Salt};
///
/// let (provider, app) = (AppId::new("tt00000000000000ff").unwrap(), AppId::new("tt0000000000000001").unwrap());
/// let salt = Salt::new("test_salt_Ab12Cd34").unwrap();
/// let body = Caller::provider(&provider, &salt).body(&GetAppMerchant::new(app, MerchantPage::Onboarding));
/// assert_eq!(
///     std::str::from_utf8(&body).unwrap(),
///     r#"{"thirdparty_id":"tt00000000000000ff","app_id":"tt0000000000000001","url_type":1,"sign":"caaddfb87e5743037afc73cbc07d3db1"}"#,
/// );
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    app_id: Option<&'a AppId>,
    provider: Option<&'a AppId>,
    app_salt: Option<&'a Salt>,
    provider_salt: Option<&'a Salt>,
}

impl<'a> Caller<'a> {
    /// A mini-program for itself.
    pub fn app(app_id: &'a AppId, salt: &'a Salt) -> Self {
        Self { app_id: Some(app_id), provider: None, app_salt: Some(salt), provider_salt: None }
    }

    /// A provider for itself.
    pub fn provider(thirdparty_id: &'a AppId, salt: &'a Salt) -> Self {
        Self { app_id: None, provider: Some(thirdparty_id), app_salt: None, provider_salt: Some(salt) }
    }

    /// The same mini-program, and a provider acts for it. Whether the platform then wants the provider's salt or
    /// the mini-program's is not documented for most calls: without a salt of the provider the mini-program's signs.
    #[must_use]
    pub fn through(self, thirdparty_id: &'a AppId, salt: Option<&'a Salt>) -> Self {
        Self { provider: Some(thirdparty_id), provider_salt: salt, ..self }
    }

    /// The `app_id` that a request of that kind carries.
    pub fn app_id_in(&self, identity: Identity) -> Option<&'a AppId> {
        match identity {
            Identity::App | Identity::AppAlone | Identity::AppOrProvider => self.app_id,
            Identity::Provider | Identity::Component | Identity::AccessToken => None,
        }
    }

    /// The `thirdparty_id` that a request of that kind carries.
    pub fn thirdparty_id_in(&self, identity: Identity) -> Option<&'a AppId> {
        match identity {
            Identity::App | Identity::AppOrProvider | Identity::Provider => self.provider,
            Identity::AppAlone | Identity::Component | Identity::AccessToken => None,
        }
    }

    /// The salt that signs a request of that kind; `None` when it is not signed.
    pub fn salt_of(&self, identity: Identity) -> Option<&'a Salt> {
        match identity {
            Identity::App | Identity::AppOrProvider | Identity::Provider => {
                self.provider_salt.or(self.app_salt)
            }
            Identity::AppAlone => self.app_salt.or(self.provider_salt),
            Identity::Component | Identity::AccessToken => None,
        }
    }

    /// The body to POST: the identities, the request's fields and the signature, as compact JSON.
    ///
    /// A request that says [`Identity::AccessToken`] still lacks its token: see [`with_access_token`].
    pub fn body<R: Request>(&self, request: &R) -> Vec<u8> {
        let mut body = Body::new();
        if let Some(app_id) = self.app_id_in(R::IDENTITY) {
            body.word("app_id", app_id.as_str());
        }
        if let Some(provider) = self.thirdparty_id_in(R::IDENTITY) {
            body.word("thirdparty_id", provider.as_str());
        }
        if let (Identity::Component, Some(provider)) = (R::IDENTITY, self.provider) {
            body.word("thirdparty_component_id", provider.as_str());
        }
        request.fields(&mut body);
        if let Some(salt) = self.salt_of(R::IDENTITY) {
            body.word("sign", sign(request, salt).as_str());
        }
        body.finish()
    }
}

/// The same body with the access token as its first field. It holds a secret: never log it.
///
/// ```
/// use douyin_pay_protocol::ecpay::{AccessToken, with_access_token};
///
/// let token = AccessToken::new("0801121847").unwrap();
/// let body = with_access_token(br#"{"app_name":"douyin"}"#, &token);
/// assert_eq!(body, br#"{"access_token":"0801121847","app_name":"douyin"}"#);
/// ```
pub fn with_access_token(body: &[u8], token: &AccessToken) -> Vec<u8> {
    let rest = body.strip_prefix(b"{").unwrap_or(body);
    // Large enough never to move, which would leave a copy of the token behind.
    let mut whole = Vec::with_capacity(body.len() + 2 * token.expose().len() + 32);
    whole.extend_from_slice(br#"{"access_token":"#);
    serde_json::to_writer(&mut whole, token.expose()).expect("a text can always be written");
    if rest != b"}" {
        whole.push(b',');
    }
    whole.extend_from_slice(rest);
    whole
}
