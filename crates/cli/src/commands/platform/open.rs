//! The client of one app, from the service's configuration.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args as ClapArgs;
use douyin_pay::{
    Client, ClientBuilder, MemoryTokenCache, Platform, ProviderClient, TokenCache, TokenKind, TradeClient,
};
use douyin_pay_env::Env;
use douyin_pay_server::config::{self, AppConfig, EcpayConfig, PlatformChoice};

use crate::commands::sign::System;
use crate::commands::{find_app, no_section};
use crate::exit::Failure;
use crate::lang::say;
use crate::out::printable;

/// Which app, in which system.
#[derive(Debug, ClapArgs)]
pub(super) struct At {
    /// 配置文件（提供密钥） · configuration file, which has the app's secrets
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// 小程序 · the app's name in the configuration
    #[arg(long, value_name = "NAME", env = "DOUYIN_PAY_APP", hide_env_values = true)]
    app: String,
    /// 通用交易系统：改用 stable_client_token（不会作废服务正在用的 token） · general trade system: use stable_client_token, which leaves the
    /// service's own token alone
    #[arg(long)]
    stable_token: bool,
}

/// Which system, where a call exists in both.
#[derive(Debug, ClapArgs)]
pub(super) struct Which {
    /// 支付系统，默认为新订单所用的 · payment system; the one of new orders if left out
    #[arg(long, value_enum)]
    system: Option<System>,
}

/// An app whose platform can be asked.
pub(super) struct Opened {
    pub(super) app: AppConfig,
    stable_token: bool,
}

/// A client of one of the systems.
pub(super) enum Either {
    Ecpay(Client),
    Trade(TradeClient),
}

impl At {
    /// The options for another command of the same app, to be pasted behind it.
    pub(super) fn again(&self) -> String {
        let (config, app) = (pasted(&self.config.to_string_lossy()), pasted(&self.app));
        let stable = if self.stable_token { " --stable-token" } else { "" };
        format!(" --config {config} --app {app}{stable}")
    }

    pub(super) fn open(&self) -> Result<Opened, Failure> {
        let config = config::load(&self.config).map_err(|cause| Failure::usage(cause.to_string()))?;
        Ok(Opened { app: find_app(&config, &self.app)?.clone(), stable_token: self.stable_token })
    }
}

impl Which {
    /// The option for another command in the same system, if it was given.
    pub(super) fn again(&self) -> String {
        self.system.map(|system| format!(" --system {}", system.section())).unwrap_or_default()
    }
}

/// A word as a shell takes it.
fn pasted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,@+=".contains(&byte) || byte >= 0x80;
    let word = printable(word);
    if !word.is_empty() && word.bytes().all(plain) {
        word
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

impl Opened {
    /// The client of the system that was asked for, or of the app's new orders.
    pub(super) fn either(&self, which: &Which) -> Result<Either, Failure> {
        match self.system(which) {
            System::Ecpay => self.ecpay().map(Either::Ecpay),
            System::Trade => self.trade().map(Either::Trade),
        }
    }

    /// The system that was asked for, or that of the app's new orders.
    pub(super) fn system(&self, which: &Which) -> System {
        which.system.unwrap_or_else(|| System::of(self.app.new_orders))
    }

    /// The client of guaranteed payment, in the name of the provider if there is one.
    pub(super) fn ecpay(&self) -> Result<Client, Failure> {
        self.ecpay_builder()?.build().map_err(|cause| Failure::usage(cause.to_string()))
    }

    fn ecpay_builder(&self) -> Result<ClientBuilder, Failure> {
        let ecpay = self.ecpay_section()?;
        let mut client = Client::builder(self.app.app_id.clone(), ecpay.salt.clone())
            .platform(platform(&ecpay.platform))
            .env(Env::real());
        if let Some(provider) = &ecpay.provider {
            client = client.thirdparty_id(provider.thirdparty_id.clone());
            client = provider.salt.iter().cloned().fold(client, ClientBuilder::provider_salt);
        }
        Ok(client)
    }

    fn ecpay_section(&self) -> Result<&EcpayConfig, Failure> {
        self.app.ecpay.as_ref().ok_or_else(|| no_section(&self.app, System::Ecpay))
    }

    /// The same with the app's secret, which gives the access token of the order push.
    pub(super) fn pushing(&self, cache: Arc<dyn TokenCache>) -> Result<Client, Failure> {
        let secret = self.ecpay_section()?.app_secret.clone().ok_or_else(|| {
            Failure::usage(say(
                "配置里没有 `[apps.ecpay] app_secret`：订单同步要用它换 access token；请从控制台复制 AppSecret",
                "the configuration has no `[apps.ecpay] app_secret`, which buys the access token of the order push; copy the app \
                 secret from the console",
            ))
        })?;
        let client = self.ecpay_builder()?.app_secret(secret).token_cache(cache);
        client.build().map_err(|cause| Failure::usage(cause.to_string()))
    }

    /// The client of the service provider, whose own salt signs.
    pub(super) fn provider(&self) -> Result<ProviderClient, Failure> {
        let ecpay = self.ecpay_section()?;
        let known = ecpay.provider.as_ref().and_then(|provider| Some((provider, provider.salt.clone()?)));
        let (provider, salt) = known.ok_or_else(|| {
            Failure::usage(say(
                "配置里没有 `[apps.ecpay]` 的 `thirdparty_id` 和 `provider_salt`：这个请求要以服务商的名义签名；请从服务商控制台复制",
                "the configuration has no `thirdparty_id` and `provider_salt` in `[apps.ecpay]`: this call is signed in the name of the \
                 service provider; copy both from the provider's console",
            ))
        })?;
        let client = ProviderClient::builder(provider.thirdparty_id.clone(), salt)
            .platform(platform(&ecpay.platform))
            .env(Env::real());
        client.build().map_err(|cause| Failure::usage(cause.to_string()))
    }

    /// The client of the general trade system.
    pub(super) fn trade(&self) -> Result<TradeClient, Failure> {
        self.trade_with(Arc::new(MemoryTokenCache::new()))
    }

    /// The same, with another place for its token.
    pub(super) fn trade_with(&self, cache: Arc<dyn TokenCache>) -> Result<TradeClient, Failure> {
        let trade = self.app.trade.as_ref().ok_or_else(|| no_section(&self.app, System::Trade))?;
        let client = TradeClient::builder(self.app.app_id.clone(), trade.app_secret.clone())
            .platform(platform(&trade.platform))
            .env(Env::real())
            .token_kind(self.token_kind())
            .token_cache(cache);
        client.build().map_err(|cause| Failure::usage(cause.to_string()))
    }

    /// The token that was asked for, or the one of the configuration.
    pub(super) fn token_kind(&self) -> TokenKind {
        let configured = self.app.trade.as_ref().map_or(TokenKind::Client, |trade| trade.token);
        if self.stable_token { TokenKind::Stable } else { configured }
    }
}

fn platform(choice: &PlatformChoice) -> Platform {
    match choice {
        PlatformChoice::Production => Platform::Production,
        PlatformChoice::Sandbox => Platform::Sandbox,
        PlatformChoice::Url(url) => Platform::Url(url.clone()),
    }
}

/// Runs a conversation with the platform.
pub(super) fn converse<T>(talk: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("starting the runtime")?.block_on(talk)
}
