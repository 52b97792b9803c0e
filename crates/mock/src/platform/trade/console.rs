//! What a person changes in the console while the platform runs.

use std::sync::Arc;

use douyin_pay_protocol::trade::{ApplicationPublicKey, KeyError, PlatformKey};
use serde::Deserialize;

use crate::config::{MockApp, Published, SettleFrom};
use crate::platform::Platform;

/// Changes of one app's terms in the general trade system; what is `None` stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsoleChange {
    /// The app.
    pub app_id: String,
    /// A new application public key (PEM or bare base64): it gets the next `key_version`; the old ones stay.
    pub upload_application_public_key: Option<String>,
    /// A new platform private key: callbacks are signed with it from now on.
    pub rotate_platform_key: Option<String>,
    /// The published callback addresses, all four at once.
    pub published: Option<Published>,
    /// Whether the platform settles by itself.
    pub auto_settle: Option<bool>,
    /// Days until a settlement is possible.
    pub settle_days: Option<u32>,
    /// From when those days count.
    pub settle_from: Option<SettleFrom>,
    /// The platform's fee in hundredths of a per cent.
    pub rake_per_10000: Option<u32>,
    /// The promoters' part in hundredths of a per cent.
    pub commission_per_10000: Option<u32>,
    /// The platform's discount on each payment, in fen.
    pub discount_fen: Option<u32>,
    /// Whether the app may use the system.
    pub capability: Option<bool>,
    /// Forgets every access token of the app.
    pub revoke_tokens: bool,
}

/// Why the console refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsoleError {
    /// No such app, or it lacks the general trade system.
    #[error("`app_id`: this mock knows no app `{0}` with the general trade system")]
    NoApp(String),
    /// The uploaded public key is none.
    #[error("`upload_application_public_key`: {0}")]
    PublicKey(KeyError),
    /// The new platform key is none.
    #[error("`rotate_platform_key`: {0}")]
    PlatformKey(KeyError),
}

impl Platform {
    /// Changes the terms of one app, all or nothing.
    pub(crate) fn change_console(&mut self, change: &ConsoleChange) -> Result<Arc<MockApp>, ConsoleError> {
        let no_app = || ConsoleError::NoApp(change.app_id.clone());
        let mut app = MockApp::clone(self.apps.get(&change.app_id).ok_or_else(no_app)?);
        let terms = app.trade.as_mut().ok_or_else(no_app)?;
        if let Some(text) = &change.upload_application_public_key {
            let key = ApplicationPublicKey::parse(text).map_err(ConsoleError::PublicKey)?;
            terms.application_public_keys.insert(terms.next_key_version(), key);
        }
        if let Some(text) = &change.rotate_platform_key {
            terms.platform_key = PlatformKey::parse(text).map_err(ConsoleError::PlatformKey)?;
        }
        if let Some(published) = &change.published {
            terms.published = published.clone();
        }
        set(&mut terms.auto_settle, change.auto_settle);
        set(&mut terms.settle_days, change.settle_days);
        set(&mut terms.settle_from, change.settle_from);
        set(&mut terms.rake_per_10000, change.rake_per_10000);
        set(&mut terms.commission_per_10000, change.commission_per_10000);
        set(&mut terms.discount_fen, change.discount_fen);
        set(&mut terms.capability, change.capability);
        if change.revoke_tokens {
            self.trade.tokens.revoke(Some(&change.app_id));
        }
        let app = Arc::new(app);
        self.apps.insert(change.app_id.clone(), app.clone());
        Ok(app)
    }

    /// Forgets every access token of every app.
    pub(crate) fn revoke_tokens(&mut self) {
        self.trade.tokens.revoke(None);
    }
}

fn set<T: Copy>(place: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *place = value;
    }
}
