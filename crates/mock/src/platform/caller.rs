//! Who calls, on whose behalf, and whether the signature is theirs.

use std::sync::Arc;

use douyin_pay_protocol::Salt;
use douyin_pay_protocol::ecpay::Endpoint;
use douyin_pay_protocol::ecpay::json::{JsonError, Suspects, sign, sign_as, sign_query};
use serde_json::{Map, Value};

use super::answers::{Denial, Denied};
use super::call::Arrival;
use super::fields::Checked;
use super::{Platform, diagnose};
use crate::config::{MockApp, MockProvider, ProviderSalt};

/// Whom a request names.
#[derive(Debug)]
pub(super) struct Caller {
    /// The app; a stand-in for the provider when it calls for itself.
    pub(super) app: Arc<MockApp>,
    /// The provider that calls for the app, or for itself.
    pub(super) provider: Option<MockProvider>,
}

impl Platform {
    /// Finds whom the request names, and whether they may act for each other.
    pub(super) fn identify(&self, endpoint: Endpoint, map: &Map<String, Value>) -> Checked<Caller> {
        let by_provider = provider_id(map).is_some();
        let for_itself = match endpoint {
            Endpoint::GetAppMerchant | Endpoint::AddSubMerchant if !by_provider => {
                return Err(
                    Denial::UnknownProvider.because("`thirdparty_id` is missing; providers call this")
                );
            }
            Endpoint::AddSubMerchant => true,
            Endpoint::QueryMerchantBalance
            | Endpoint::MerchantWithdraw
            | Endpoint::QueryWithdrawOrder
            | Endpoint::QueryMerchantStatus
            | Endpoint::CreateMerchant
            | Endpoint::Bill
            | Endpoint::Bills
            | Endpoint::FundBills => by_provider && !map.contains_key("app_id"),
            _ => false,
        };
        if for_itself && let Some(provider) = self.find_provider(map)? {
            return Ok(Caller { app: Arc::new(stand_in(&provider)), provider: Some(provider) });
        }
        let app = self.find_app(map).map_err(|denied| match endpoint {
            // The calls about returns have a code of their own for it.
            Endpoint::CreateReturn | Endpoint::QueryReturn if denied.denial == Denial::UnknownApp => {
                Denial::IllegalApp.because(denied.why)
            }
            _ => denied,
        })?;
        let provider = self.find_provider(map)?;
        if let Some(provider) = provider.as_ref().filter(|provider| !provider.apps.contains(&app.app_id)) {
            let id = &provider.thirdparty_id;
            let why = format!(
                "app `{}` has not authorised provider `{id}`; add the app to `apps` of the provider",
                app.app_id
            );
            return Err(Denial::NoGrant.because(why));
        }
        Ok(Caller { app, provider })
    }

    pub(super) fn find_app(&self, map: &Map<String, Value>) -> Checked<Arc<MockApp>> {
        let Some(app_id) = map.get("app_id").and_then(Value::as_str) else {
            return Err(if map.contains_key("appid") {
                Denial::Signature
                    .because("`appid` is misspelt: requests say `app_id` (only callbacks say `appid`)")
            } else {
                Denial::UnknownApp.because("`app_id` is missing or no text")
            });
        };
        self.apps.get(app_id).cloned().ok_or_else(|| {
            let known = self.apps.keys().take(5).cloned().collect::<Vec<_>>().join(", ");
            Denial::UnknownApp.because(format!("this mock does not know app `{app_id}`; it knows {known}"))
        })
    }

    fn find_provider(&self, map: &Map<String, Value>) -> Checked<Option<MockProvider>> {
        let Some(id) = provider_id(map) else { return Ok(None) };
        self.provider(id).cloned().map(Some).ok_or_else(|| {
            let why = format!("this mock does not know provider `{id}`; configure it under `providers`");
            Denial::UnknownProvider.because(why)
        })
    }

    pub(super) fn provider(&self, id: &str) -> Option<&MockProvider> {
        self.providers.iter().find(|provider| provider.thirdparty_id.as_str() == id)
    }

    pub(super) fn check_signature(
        &self,
        endpoint: Endpoint,
        arrival: &Arrival,
        sent: &str,
        caller: &Caller,
    ) -> Checked<()> {
        let narrowed = self.switches.unknown_fields_unsigned.then(|| arrival.of_known_fields(endpoint));
        let arrival = narrowed.as_ref().unwrap_or(arrival);
        let Caller { app, provider } = caller;
        let providers = provider.as_ref().map(|provider| &provider.salt);
        let (first, second) = match (endpoint, self.switches.provider_salt, providers) {
            (Endpoint::GetAppMerchant, _, Some(salt)) | (_, ProviderSalt::Provider, Some(salt)) => {
                (salt, None)
            }
            (_, ProviderSalt::App, _) | (_, _, None) => (&app.salt, None),
            (_, ProviderSalt::Both, Some(salt)) => (&app.salt, Some(salt)),
        };
        for salt in std::iter::once(first).chain(second) {
            let right =
                self.sign(arrival, salt).map_err(|cause| Denial::Signature.because(cause.to_string()))?;
            if right == sent {
                return Ok(());
            }
        }
        let mut suspects = Suspects::new().token(&app.token);
        if let Some(other) = &app.sandbox_salt {
            let whose = if self.switches.sandbox { "the production environment" } else { "the sandbox" };
            suspects = suspects.salt_of(whose, other);
        }
        for other in self.apps.values().filter(|other| other.salt != *first) {
            suspects = suspects.salt_of(format!("app `{}`", other.app_id), &other.salt);
        }
        for provider in self.providers.iter().filter(|provider| provider.salt != *first) {
            suspects = suspects.salt_of(format!("provider `{}`", provider.thirdparty_id), &provider.salt);
        }
        let (why, zh) = diagnose::signature(arrival, first, sent, &suspects);
        Err(Denied { zh: Some(zh), ..Denial::Signature.because(why) })
    }

    fn sign(&self, arrival: &Arrival, salt: &Salt) -> Result<String, JsonError> {
        match &arrival.query {
            Some(query) => sign_query(query, salt).map(|right| right.to_string()),
            None if self.signature_variants.is_empty() => {
                sign(&arrival.body, salt).map(|right| right.to_string())
            }
            None => sign_as(&arrival.body, salt, &self.signature_variants),
        }
    }
}

/// The provider that a request names; `null` and an empty text name none.
fn provider_id(map: &Map<String, Value>) -> Option<&str> {
    match map.get("thirdparty_id")? {
        Value::Null => None,
        Value::String(id) if id.is_empty() => None,
        id => Some(id.as_str().unwrap_or_default()),
    }
}

/// A provider that calls for itself, as if it were an app.
pub(super) fn stand_in(provider: &MockProvider) -> MockApp {
    let usual = MockApp::default();
    MockApp {
        app_id: provider.thirdparty_id.clone(),
        salt: provider.salt.clone(),
        token: provider.token.clone().unwrap_or(usual.token),
        notify_url: provider.notify_url.clone(),
        seller_uid: provider.merchant_uid.clone().unwrap_or(usual.seller_uid),
        trade: None,
        ..MockApp::default()
    }
}
