//! What a reload may change: apps, keys, tokens, webhooks, and the clients made of them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use douyin_pay::{Client, Limits, Observer, OrderSigner, Pacer, Platform, Retry, TokenCache, TradeClient};
use douyin_pay_env::Env;
use douyin_pay_ledger::System;
use douyin_pay_protocol::AppId;

use crate::api_key::ApiKey;
use crate::config::{AppConfig, Config, EcpayConfig, PlatformChoice, TradeConfig};

/// One state of apps and keys. A reload makes another and swaps them.
pub(crate) struct Live {
    pub(crate) api_keys: Vec<ApiKey>,
    apps: Vec<Arc<App>>,
    /// Index into `apps` by name and by alias.
    by_name: BTreeMap<String, usize>,
    by_id: BTreeMap<AppId, usize>,
}

/// One mini-program, ready to be called for.
pub(crate) struct App {
    pub(crate) config: AppConfig,
    /// For orders in guaranteed payment.
    pub(crate) ecpay: Option<Client>,
    /// For orders in the general trade system.
    pub(crate) trade: Option<Trade>,
    /// The platform refuses our configuration for a system, and a human has been told.
    config_refused: BTreeMap<System, AtomicBool>,
}

/// A configuration that is right in itself and cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("app `{app}`: {problem}")]
pub struct UnusableApp {
    app: String,
    problem: String,
}

/// What orders in the general trade system need.
pub(crate) struct Trade {
    pub(crate) client: TradeClient,
    pub(crate) signer: OrderSigner,
}

/// What the clients of every reload share.
pub(crate) struct Shared {
    pub(crate) env: Env,
    pub(crate) pacer: Arc<dyn Pacer>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) tokens: Arc<dyn TokenCache>,
}

impl Live {
    pub(crate) fn of(config: &Config, shared: &Shared) -> Result<Self, UnusableApp> {
        let mut live = Self {
            api_keys: config.api_keys.clone(),
            apps: Vec::new(),
            by_name: BTreeMap::new(),
            by_id: BTreeMap::new(),
        };
        for app in &config.apps {
            let unusable = |problem| UnusableApp { app: app.name.clone(), problem };
            let ecpay = app.ecpay.as_ref().map(|ecpay| ecpay_client(app, ecpay, shared));
            let ecpay = ecpay.transpose().map_err(unusable)?;
            let trade = app.trade.as_ref().map(|trade| Trade::of(app, trade, shared));
            let trade = trade.transpose().map_err(unusable)?;
            let index = live.apps.len();
            for name in std::iter::once(&app.name).chain(&app.aliases) {
                live.by_name.insert(name.clone(), index);
            }
            live.by_id.insert(app.app_id.clone(), index);
            live.apps.push(Arc::new(App {
                config: app.clone(),
                ecpay,
                trade,
                config_refused: System::ALL.iter().map(|system| (*system, AtomicBool::new(false))).collect(),
            }));
        }
        Ok(live)
    }

    /// The app of that name or alias.
    pub(crate) fn app(&self, name: &str) -> Option<&Arc<App>> {
        self.by_name.get(name).map(|index| &self.apps[*index])
    }

    /// The app with that platform id.
    pub(crate) fn app_of_id(&self, app_id: &str) -> Option<&Arc<App>> {
        self.by_id.get(app_id).map(|index| &self.apps[*index])
    }

    /// All apps, in the order of the configuration.
    pub(crate) fn apps(&self) -> impl Iterator<Item = &Arc<App>> {
        self.apps.iter()
    }
}

impl App {
    /// Notes that the platform refuses our configuration; true when this is news.
    pub(crate) fn note_config_refused(&self, system: System) -> bool {
        self.config_refused.get(&system).is_none_or(|refused| !refused.swap(true, Ordering::Relaxed))
    }

    /// Notes that the platform takes our calls.
    pub(crate) fn note_config_good(&self, system: System) {
        if let Some(refused) = self.config_refused.get(&system) {
            refused.store(false, Ordering::Relaxed);
        }
    }
}

impl Trade {
    fn of(app: &AppConfig, trade: &TradeConfig, shared: &Shared) -> Result<Self, String> {
        let client = TradeClient::builder(app.app_id.clone(), trade.app_secret.clone())
            .platform(platform(&trade.platform))
            .env(shared.env.clone())
            .pacer(Arc::clone(&shared.pacer))
            .retry(Retry::standard())
            .observer(Arc::clone(&shared.observer))
            .token_kind(trade.token)
            .token_cache(Arc::clone(&shared.tokens))
            .build()
            .map_err(|cause| cause.to_string())?;
        let key = trade.private_key.clone();
        let signer = OrderSigner::new(app.app_id.clone(), key, trade.key_version.clone());
        Ok(Self { client, signer })
    }
}

fn ecpay_client(app: &AppConfig, ecpay: &EcpayConfig, shared: &Shared) -> Result<Client, String> {
    let mut builder = Client::builder(app.app_id.clone(), ecpay.salt.clone())
        .platform(platform(&ecpay.platform))
        .env(shared.env.clone())
        .pacer(Arc::clone(&shared.pacer))
        .retry(Retry::standard())
        .observer(Arc::clone(&shared.observer));
    if let Some(provider) = &ecpay.provider {
        builder = builder.thirdparty_id(provider.thirdparty_id.clone());
        if let Some(salt) = &provider.salt {
            builder = builder.provider_salt(salt.clone());
        }
    }
    if let Some(secret) = &ecpay.app_secret {
        builder = builder.app_secret(secret.clone()).token_cache(Arc::clone(&shared.tokens));
    }
    builder.build().map_err(|cause| cause.to_string())
}

fn platform(choice: &PlatformChoice) -> Platform {
    match choice {
        PlatformChoice::Production => Platform::Production,
        PlatformChoice::Sandbox => Platform::Sandbox,
        PlatformChoice::Url(url) => Platform::Url(url.clone()),
    }
}

/// The limits of all apps: the published ones, and what the configuration says otherwise.
pub(crate) fn limits(config: &Config) -> Limits {
    config.apps.iter().fold(Limits::standard(), |limits, app| {
        app.limits.iter().fold(limits, |limits, (endpoint, per_second)| {
            limits.with_app(app.app_id.clone(), *endpoint, NonZeroU32::new(*per_second))
        })
    })
}
