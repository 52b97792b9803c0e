//! Who calls, on whose behalf, and whether the signature is theirs.

use std::sync::Arc;

use douyin_pay_protocol::ecpay::json::{Suspects, sign};
use serde_json::{Map, Value};

use super::answers::{Denial, Denied};
use super::fields::Checked;
use super::{Platform, diagnose};
use crate::config::MockApp;

impl Platform {
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

    pub(super) fn check_provider(&self, map: &Map<String, Value>, app: &MockApp) -> Checked<()> {
        let id = match map.get("thirdparty_id") {
            None | Some(Value::Null) => return Ok(()),
            Some(Value::String(id)) if id.is_empty() => return Ok(()),
            Some(id) => id.as_str().unwrap_or_default(),
        };
        let provider = self.providers.iter().find(|provider| provider.thirdparty_id.as_str() == id);
        let provider = provider.ok_or_else(|| {
            Denial::UnknownProvider.because(format!("this mock does not know provider `{id}`"))
        })?;
        if !provider.apps.contains(&app.app_id) {
            return Err(
                Denial::NoGrant.because(format!("app `{}` has not authorised provider `{id}`", app.app_id))
            );
        }
        Ok(())
    }

    pub(super) fn check_signature(
        &self,
        body: &[u8],
        map: &Map<String, Value>,
        app: &MockApp,
    ) -> Checked<()> {
        let sent = map.get("sign").and_then(Value::as_str).unwrap_or_default();
        let provider = map
            .get("thirdparty_id")
            .and_then(Value::as_str)
            .and_then(|id| self.providers.iter().find(|provider| provider.thirdparty_id.as_str() == id));
        let salts = std::iter::once(&app.salt).chain(provider.map(|provider| &provider.salt));
        for salt in salts {
            let right = sign(body, salt).map_err(|cause| Denial::Signature.because(cause.to_string()))?;
            if right.to_string() == sent {
                return Ok(());
            }
        }
        let mut suspects = Suspects::new().token(&app.token);
        for other in self.apps.values().filter(|other| other.app_id != app.app_id) {
            suspects = suspects.salt_of(format!("app `{}`", other.app_id), &other.salt);
        }
        for provider in &self.providers {
            suspects = suspects.salt_of(format!("provider `{}`", provider.thirdparty_id), &provider.salt);
        }
        let (why, zh) = diagnose::signature(body, &app.salt, sent, &suspects);
        Err(Denied { denial: Denial::Signature, why, zh: Some(zh) })
    }
}
