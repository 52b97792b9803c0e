//! The configuration: TOML with overrides, checked as a whole before anything starts.
//!
//! ```text
//! text + DOUYIN_PAY_… ──raw──▶ shape ──build──▶ Config + warnings
//!                         └──────────┴────────▶ ConfigError: every problem, one line each
//! ```
//!
//! Secrets are never in the file: `{ env = "NAME" }` or `{ file = "PATH" }`. Relative paths count
//! from the folder of the configuration file.

mod apps;
mod build;
mod ecpay;
mod effective;
mod example;
mod limits;
mod nearest;
mod page;
mod push;
mod raw;
mod secrets;
mod trade;
mod urls;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use douyin_pay::TokenKind;
use douyin_pay_ledger::System;
use douyin_pay_protocol::trade::{
    ApplicationKey, ImageUrl, KeyVersion, PlatformPublicKey, ProductType, TagGroupId,
};
use douyin_pay_protocol::{AppId, AppSecret, Endpoint, NotifyUrl, Salt, Secret, Token};

pub use example::example;
pub(crate) use nearest::nearest;
pub use page::Page;
use secrets::SecretRef;

use crate::api_key::ApiKey;

/// What the service runs with. Only a checked one exists.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// How the platform reaches us; without a slash at the end.
    pub public_url: String,
    /// Where the books are.
    pub database: Database,
    /// Who may call the API.
    pub api_keys: Vec<ApiKey>,
    /// The mini-programs.
    pub apps: Vec<AppConfig>,
    /// How long records are kept.
    pub retention: Retention,
    /// How logs are written.
    pub log: LogConfig,
    /// The clock of a mock that is followed, for development only.
    pub follow_clock: Option<String>,
    warnings: Vec<String>,
}

/// Where the books are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// One SQLite file.
    Sqlite(PathBuf),
}

/// How long records are kept. Facts are kept forever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days for raw callbacks.
    pub callbacks_days: u32,
    /// Days for the log of calls to the platform.
    pub api_log_days: u32,
    /// Days for what bills were compared with, once nothing about it is open.
    pub bills_days: u32,
}

/// How logs are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// One JSON object per line instead of text.
    pub json: bool,
    /// A filter such as `info` or `info,douyin_pay_server=debug`.
    pub filter: String,
}

/// One mini-program.
#[derive(Clone, Debug)]
pub struct AppConfig {
    /// Our name for it, in paths and events.
    pub name: String,
    /// Earlier names, still valid in notify URLs.
    pub aliases: Vec<String>,
    /// The platform's id.
    pub app_id: AppId,
    /// The system in which new orders are opened.
    pub new_orders: System,
    /// Where events go; without it they wait to be read with `GET /v1/events`.
    pub webhook: Option<Webhook>,
    /// So many days after its payment an order is settled by itself; `None`: the merchant asks.
    pub settle_after_days: Option<u16>,
    /// Whether an order that is paid after it was reported as closed is refunded by itself.
    pub refund_paid_late: bool,
    /// Calls per second that differ from the defaults.
    pub limits: BTreeMap<Endpoint, u32>,
    /// Guaranteed payment; missing in an app that came too late for it.
    pub ecpay: Option<EcpayConfig>,
    /// The general trade system; missing in an app that has not moved to it.
    pub trade: Option<TradeConfig>,
    /// Where the platform sends this app's callbacks.
    pub notify_url: NotifyUrl,
}

impl AppConfig {
    /// The platforms that the app talks to, one for each system it uses.
    pub fn platforms(&self) -> impl Iterator<Item = &PlatformChoice> {
        let trade = self.trade.iter().map(|trade| &trade.platform);
        self.ecpay.iter().map(|ecpay| &ecpay.platform).chain(trade)
    }

    /// The keys that verify callbacks of the general trade system; none without it.
    pub fn platform_public_keys(&self) -> &[PlatformPublicKey] {
        self.trade.as_ref().map_or(&[], |trade| &trade.platform_public_keys)
    }

    /// What proves a [probe](crate::probe) to come from whoever has this configuration: the current callback token,
    /// or the app's secret where there is none.
    pub fn probe_key(&self) -> Option<Token> {
        let secret = || self.trade.as_ref().and_then(|trade| Token::new(trade.app_secret.expose()).ok());
        self.callback_tokens().first().cloned().or_else(secret)
    }

    /// The tokens that verify callbacks of guaranteed payment; none without that system.
    pub fn callback_tokens(&self) -> &[Token] {
        self.ecpay.as_ref().map_or(&[], |ecpay| &ecpay.callback_tokens)
    }
}

/// An app in guaranteed payment.
#[derive(Clone, Debug)]
pub struct EcpayConfig {
    /// Which platform.
    pub platform: PlatformChoice,
    /// Signs requests.
    pub salt: Salt,
    /// Verify callbacks: the current one, then earlier ones.
    pub callback_tokens: Vec<Token>,
    /// The service provider in whose name the app is called for.
    pub provider: Option<Provider>,
    /// Gives access tokens, which only order push needs.
    pub app_secret: Option<AppSecret>,
    /// Tells the platform how far orders are.
    pub order_push: Option<PushDefaults>,
    salt_from: SecretRef,
    tokens_from: Vec<SecretRef>,
    secret_from: Option<SecretRef>,
}

/// A service provider that calls for the app.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The provider's id.
    pub thirdparty_id: AppId,
    /// Signs in place of the app's salt, if the two agreed so.
    pub salt: Option<Salt>,
    salt_from: Option<SecretRef>,
}

/// What is pushed of an order whose request does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushDefaults {
    /// The mini-program's page of an order; `{out_order_no}` stands for the number.
    pub detail_url: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
}

/// An app in the general trade system.
#[derive(Clone, Debug)]
pub struct TradeConfig {
    /// Which platform.
    pub platform: PlatformChoice,
    /// Gives access tokens.
    pub app_secret: AppSecret,
    /// Signs order data.
    pub private_key: ApplicationKey,
    /// Which of the application's public keys in the console belongs to it.
    pub key_version: KeyVersion,
    /// Verify callbacks: the current one, then earlier or coming ones.
    pub platform_public_keys: Vec<PlatformPublicKey>,
    /// Which kind of access token.
    pub token: TokenKind,
    /// What goods have in common.
    pub sku_defaults: SkuDefaults,
    /// Where the platform's page of an order leads to.
    pub entry: Page,
    /// Where the platform's page of a refund leads to.
    pub refund_entry: Page,
    secret_from: SecretRef,
    key_from: SecretRef,
    public_keys_from: Vec<SecretRef>,
}

/// What the goods of an app have in common; a request may say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkuDefaults {
    /// The product type.
    pub product_type: Option<ProductType>,
    /// The tag group, which decides about refunds.
    pub tag_group_id: Option<TagGroupId>,
    /// The address of a picture.
    pub image: Option<ImageUrl>,
}

/// Where an app's events go.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// The merchant's URL.
    pub url: String,
    /// One signature is sent for each.
    pub secrets: Vec<Secret>,
    secrets_from: Vec<SecretRef>,
}

/// Which platform an app talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformChoice {
    /// The real one.
    Production,
    /// The platform's own sandbox.
    Sandbox,
    /// A mock, by its base URL.
    Url(String),
}

/// Every problem of a configuration, one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    problems: Vec<String>,
}

impl ConfigError {
    fn one(problem: impl Into<String>) -> Self {
        Self { problems: vec![problem.into()] }
    }

    /// The problems, each a sentence that names the key and the next step.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.as_slice() {
            [problem] => f.write_str(problem),
            problems => {
                write!(f, "{} problems:", problems.len())?;
                problems.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// What `config check` has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// With any of these the service does not start.
    pub errors: Vec<String>,
    /// With these it starts, and somebody should look.
    pub warnings: Vec<String>,
}

/// Reads and checks a configuration file, with overrides from the environment.
///
/// # Errors
/// When the file cannot be read, or with every problem found in it.
pub fn load(path: &Path) -> Result<Config, ConfigError> {
    load_with(path, BTreeMap::new())
}

/// As [`load`], with these variables as if they were in the environment, over those that are.
///
/// # Errors
/// When the file cannot be read, or with every problem found in it.
pub fn load_with(path: &Path, variables: BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        ConfigError::one(format!(
            "`{}` cannot be read: {cause}; `douyin-pay config example` prints a file to start from",
            path.display()
        ))
    })?;
    let folder = path.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
    let mut around = Surroundings::of_process(folder);
    around.variables.extend(variables);
    build::build(&text, &around)
}

/// Checks a configuration file: what [`load`] would refuse, and what it would warn of.
pub fn check(path: &Path) -> Report {
    match load(path) {
        Ok(config) => Report { errors: Vec::new(), warnings: config.warnings },
        Err(refused) => Report { errors: refused.problems, warnings: Vec::new() },
    }
}

impl Config {
    /// Checks a configuration given as text; relative paths count from the working directory.
    ///
    /// # Errors
    /// With every problem found.
    ///
    /// ```
    /// use douyin_pay_server::config::Config;
    ///
    /// let problem = Config::parse("listn = \"127.0.0.1:8080\"").unwrap_err();
    /// assert!(problem.to_string().contains("did you mean `listen`"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        build::build(text, &Surroundings::of_process(PathBuf::new()))
    }

    /// As [`Config::parse`], with these variables in place of the process's environment.
    ///
    /// # Errors
    /// With every problem found.
    pub fn parse_with(text: &str, variables: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        build::build(text, &Surroundings { variables, folder: PathBuf::new() })
    }

    /// What somebody should look at, although the service starts.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The configuration as TOML with defaults filled in and secrets hidden.
    pub fn effective(&self) -> String {
        effective::effective(self)
    }
}

/// What a configuration text refers to: environment variables and files.
struct Surroundings {
    variables: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Surroundings {
    fn of_process(folder: PathBuf) -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self { variables: variables.collect(), folder }
    }
}

#[cfg(test)]
mod tests;
