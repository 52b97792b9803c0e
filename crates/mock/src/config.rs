//! What the pretended console knows: apps, their secrets, and the mock's switches.

mod console;
mod switches;
mod trade;

use std::collections::{BTreeMap, BTreeSet};

use douyin_pay_protocol::ecpay::json::Mistake;
use douyin_pay_protocol::{AppId, AppSecret, Endpoint, MerchantUid, Salt, Token};
use serde::{Deserialize, Deserializer};

pub use console::{BillForm, DEFAULT_COMPONENT_TOKEN, MockProvider, NegativeTest};
pub use switches::{ProviderSalt, Switches};
pub use trade::{DEFAULT_APP_SECRET, MockTrade, Published, SettleFrom};

/// The app every mock knows unless it is told otherwise.
pub const DEFAULT_APP_ID: &str = "tt0000000000000001";
/// The default app's salt: it signs requests.
pub const DEFAULT_SALT: &str = "mock_salt";
/// The default app's token: it signs callbacks.
pub const DEFAULT_TOKEN: &str = "mocktoken";
/// The default app's seller.
pub const DEFAULT_SELLER_UID: &str = "70775300146143419322";

/// Everything a mock platform is told before it starts.
///
/// ```
/// use douyin_pay_mock::MockConfig;
///
/// let config = MockConfig { seed: 7, ..MockConfig::default() };
/// assert_eq!(config.apps[0].app_id.as_str(), "tt0000000000000001");
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MockConfig {
    /// The apps with guaranteed payment; more can be added while the mock runs.
    pub apps: Vec<MockApp>,
    /// Service providers that may call on behalf of apps.
    pub providers: Vec<MockProvider>,
    /// Merchants that may receive a share; `None` accepts every number.
    pub receivers: Option<Vec<MerchantUid>>,
    /// Decides everything that is random: the same seed gives the same platform.
    pub seed: u64,
    /// Calls per second the client promised for its queries and settlements; only counted.
    pub limit_watch: u32,
    /// Calls per second the platform allows, by endpoint name, where they differ from the documented figures.
    pub limits: BTreeMap<String, u32>,
    /// Where the real platform is known to vary.
    pub switches: Switches,
    /// In which points the platform signs as deviating implementations do; none by default. The names are those of
    /// [`Mistake`], such as `utf16_order` or `quotes_kept`.
    #[serde(deserialize_with = "variants")]
    pub signature_variants: Vec<Mistake>,
    /// How bills are written, and from when on they exist.
    pub bills: BillForm,
    /// What the header `Aweme-Negative-Test` makes the sandbox answer, by case name.
    pub negative_tests: BTreeMap<String, NegativeTest>,
}

impl Default for MockConfig {
    fn default() -> Self {
        Self {
            apps: vec![MockApp::default()],
            providers: Vec::new(),
            receivers: None,
            seed: 1,
            limit_watch: 30,
            limits: BTreeMap::new(),
            switches: Switches::default(),
            signature_variants: Vec::new(),
            bills: BillForm::default(),
            negative_tests: console::negative_tests(),
        }
    }
}

/// Why a mock's configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is no TOML, or a field is unknown or wrong.
    #[error("the mock's configuration is wrong: {0}")]
    Toml(String),
    /// `limits` names something that is no endpoint.
    #[error(
        "the mock's configuration is wrong: `limits`: there is no endpoint `{0}`; use names such as `query_order`"
    )]
    UnknownEndpoint(String),
    /// `limits` allows an endpoint no call at all.
    #[error(
        "the mock's configuration is wrong: `limits.{0}`: 0 calls per second, so that none would ever be answered; \
         write at least 1"
    )]
    NoCalls(String),
    /// `bills.available_hour` is no hour of a day.
    #[error(
        "the mock's configuration is wrong: `bills.available_hour`: a day has no hour {0}; write one from 0 to 23"
    )]
    NoHour(u8),
    /// Two apps have the same id.
    #[error("the mock's configuration is wrong: `apps`: `{0}` is there twice")]
    AppTwice(AppId),
}

impl MockConfig {
    /// Reads a configuration file's text.
    ///
    /// ```
    /// let config = douyin_pay_mock::MockConfig::from_toml(
    ///     r#"
    ///     seed = 7
    ///     [[apps]]
    ///     app_id = "tt0000000000000002"
    ///     salt = "another_salt"
    ///     token = "anothertoken"
    ///     settle_period_days = 0
    ///     "#,
    /// )?;
    /// assert_eq!(config.apps[0].fee_rate_per_10000, 60);
    /// # Ok::<(), douyin_pay_mock::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// Names what is wrong; never shows a secret.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        // Only the message: the parser's full text quotes the line, which may hold a secret.
        let config: Self =
            toml::from_str(text).map_err(|cause| ConfigError::Toml(cause.message().to_owned()))?;
        if let Some(unknown) = config.limits.keys().find(|name| Endpoint::of_name(name).is_none()) {
            return Err(ConfigError::UnknownEndpoint(unknown.clone()));
        }
        if let Some((name, _)) = config.limits.iter().find(|(_, calls)| **calls == 0) {
            return Err(ConfigError::NoCalls(name.clone()));
        }
        if config.bills.available_hour > 23 {
            return Err(ConfigError::NoHour(config.bills.available_hour));
        }
        let mut seen = BTreeSet::new();
        match config.apps.iter().find(|app| !seen.insert(app.app_id.as_str())) {
            Some(twice) => Err(ConfigError::AppTwice(twice.app_id.clone())),
            None => Ok(config),
        }
    }
}

/// One app as its console shows it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockApp {
    /// The mini-program's id.
    pub app_id: AppId,
    /// Signs this app's requests.
    #[serde(deserialize_with = "salt")]
    pub salt: Salt,
    /// Signs this app's callbacks.
    #[serde(deserialize_with = "token")]
    pub token: Token,
    /// The console's callback URL; a request's own `notify_url` wins over it.
    #[serde(default)]
    pub notify_url: Option<String>,
    /// The merchant that receives the payments.
    #[serde(default = "default_seller")]
    pub seller_uid: MerchantUid,
    /// Days from payment to the first possible settlement.
    #[serde(default = "default_period")]
    pub settle_period_days: u32,
    /// Service fee in hundredths of a per cent: 60 is 0.6 %.
    #[serde(default = "default_fee")]
    pub fee_rate_per_10000: u32,
    /// The most that all shares of an order may take, in per cent of its amount.
    #[serde(default = "default_share_limit")]
    pub share_limit_percent: u32,
    /// The platform settles by itself when the period is over, and refuses to be asked.
    #[serde(default)]
    pub automatic_settlement: bool,
    /// Stores that may be named as `store_uid`; other stores are ignored.
    #[serde(default)]
    pub store_uids: Vec<MerchantUid>,
    /// Signs this app's requests in the sandbox; the same as in production when left out.
    #[serde(default, deserialize_with = "console::optional_salt")]
    pub sandbox_salt: Option<Salt>,
    /// Signs this app's callbacks in the sandbox; the same as in production when left out.
    #[serde(default, deserialize_with = "console::optional_token")]
    pub sandbox_token: Option<Token>,
    /// Fetches access tokens; that of the general trade system when left out.
    #[serde(default, deserialize_with = "optional_secret")]
    pub app_secret: Option<AppSecret>,
    /// Channels that the console enables: 1 WeChat, 2 Alipay, 10 Douyin Pay. A request's `limit_pay_way` wins.
    #[serde(default)]
    pub ways: Option<Vec<i64>>,
    /// Sellers of single channels, by `way`; `seller_uid` for the others.
    #[serde(default)]
    pub seller_by_way: BTreeMap<String, MerchantUid>,
    /// The general trade system, if the app has it.
    #[serde(default)]
    pub trade: Option<MockTrade>,
}

impl MockApp {
    /// An app with the usual terms: T+7, 0.6 %, shares up to 30 %, no callback URL in the console, and
    /// guaranteed payment only.
    pub fn new(app_id: AppId, salt: Salt, token: Token) -> Self {
        Self {
            app_id,
            salt,
            token,
            notify_url: None,
            seller_uid: default_seller(),
            settle_period_days: default_period(),
            fee_rate_per_10000: default_fee(),
            share_limit_percent: default_share_limit(),
            automatic_settlement: false,
            store_uids: Vec::new(),
            sandbox_salt: None,
            sandbox_token: None,
            app_secret: None,
            ways: None,
            seller_by_way: BTreeMap::new(),
            trade: None,
        }
    }

    /// The same app with a callback URL in the console.
    #[must_use]
    pub fn with_notify_url(mut self, url: impl Into<String>) -> Self {
        self.notify_url = Some(url.into());
        self
    }

    /// The secret that fetches access tokens.
    pub(crate) fn secret(&self) -> Option<&AppSecret> {
        self.app_secret.as_ref().or(self.trade.as_ref().map(|trade| &trade.app_secret))
    }

    /// The same app as the sandbox knows it; the production's salt stays behind as the other one.
    pub(crate) fn in_sandbox(mut self) -> Self {
        if let Some(salt) = &mut self.sandbox_salt {
            std::mem::swap(salt, &mut self.salt);
        }
        if let Some(token) = &mut self.sandbox_token {
            std::mem::swap(token, &mut self.token);
        }
        self
    }

    /// The same app with the general trade system.
    #[must_use]
    pub fn with_trade(mut self, trade: MockTrade) -> Self {
        self.trade = Some(trade);
        self
    }
}

impl Default for MockApp {
    /// App `tt0000000000000001`, salt `mock_salt`, token `mocktoken`; in the general trade system the
    /// defaults of [`MockTrade`].
    fn default() -> Self {
        let app = Self::new(
            AppId::new(DEFAULT_APP_ID).expect("the constant is a valid app id"),
            Salt::new(DEFAULT_SALT).expect("the constant is a valid salt"),
            Token::new(DEFAULT_TOKEN).expect("the constant is a valid token"),
        );
        app.with_trade(MockTrade::default())
    }
}

fn default_seller() -> MerchantUid {
    MerchantUid::new(DEFAULT_SELLER_UID).expect("the constant is a valid merchant number")
}

fn default_period() -> u32 {
    7
}

fn default_fee() -> u32 {
    60
}

fn default_share_limit() -> u32 {
    30
}

fn salt<'de, D: Deserializer<'de>>(from: D) -> Result<Salt, D::Error> {
    Salt::new(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn token<'de, D: Deserializer<'de>>(from: D) -> Result<Token, D::Error> {
    Token::new(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn optional_secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AppSecret>, D::Error> {
    AppSecret::new(String::deserialize(from)?).map(Some).map_err(serde::de::Error::custom)
}

fn variants<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Mistake>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    let variant = |name: &String| {
        let unknown = || serde::de::Error::custom(format!("there is no signature variant `{name}`"));
        Mistake::of_variant(name).ok_or_else(unknown)
    };
    names.iter().map(variant).collect()
}

#[cfg(test)]
mod tests {
    use super::{ConfigError, MockConfig};

    #[test]
    fn mistakes_in_a_file_are_named_without_its_secrets() {
        let wrong =
            |text: &str| MockConfig::from_toml(text).err().map(|cause| cause.to_string()).unwrap_or_default();
        let app = "[[apps]]\napp_id = \"tt2\"\nsalt = \"hushhush\"\ntoken = \"t\"\n";
        assert!(wrong("seeds = 1").contains("seeds"));
        assert!(wrong("[limits]\nquery = 1").contains("`query`"));
        assert!(wrong("[limits]\nquery_order = 0").contains("`limits.query_order`: 0 calls"));
        assert!(wrong("[bills]\navailable_hour = 24").contains("no hour 24"));
        assert_eq!(wrong("[bills]\navailable_hour = 23\n[limits]\nquery_order = 1"), "");
        assert!(wrong(&app.repeat(2)).contains("twice"));
        let missing = wrong("[[apps]]\napp_id = \"tt2\"\nsalt = \"hushhush\"");
        assert!(missing.contains("token") && !missing.contains("hushhush"), "{missing}");
        assert_eq!(
            MockConfig::from_toml("[limits]\nx = 1").unwrap_err(),
            ConfigError::UnknownEndpoint("x".to_owned())
        );
        assert_eq!(MockConfig::from_toml("limit_watch = 5").unwrap().apps.len(), 1);
    }
}
