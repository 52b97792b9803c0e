//! What the pretended console knows: apps, their secrets, and the mock's switches.

mod trade;

use std::collections::{BTreeMap, BTreeSet};

use douyin_pay_protocol::{AppId, Endpoint, MerchantUid, Salt, Token};
use serde::{Deserialize, Deserializer};

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
            trade: None,
        }
    }

    /// The same app with a callback URL in the console.
    #[must_use]
    pub fn with_notify_url(mut self, url: impl Into<String>) -> Self {
        self.notify_url = Some(url.into());
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

/// A service provider: its own salt is as good as the app's when a request names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockProvider {
    /// The provider's id, `thirdparty_id` on the wire.
    pub thirdparty_id: AppId,
    /// Signs the provider's requests.
    #[serde(deserialize_with = "salt")]
    pub salt: Salt,
    /// The apps that authorised the provider.
    #[serde(default)]
    pub apps: Vec<AppId>,
}

/// Where sources disagree or environments differ; all off is production as of 2026.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// The sandbox: one delivery per callback, no settlement period, plain numbers, empty channel numbers.
    pub sandbox: bool,
    /// A refund after settlement must say `all_settle = 1`, as in 2021.
    pub strict_2021: bool,
    /// Bad signatures are answered with the longer text of 2023–2025.
    pub old_signature_text: bool,
    /// An acknowledgement must also say `err_tips = "success"`.
    pub strict_acknowledgement: bool,
    /// Returns of shares are told by a callback of type `return`, which nobody has seen yet.
    pub return_callback: bool,
    /// How far the `Date` header of every answer is ahead of the mock's clock: the caller's own clock looks wrong.
    pub date_offset_seconds: i64,
    /// The general trade system answers refusals with HTTP 400 instead of 200.
    pub http_400_for_errors: bool,
    /// The general trade system writes integers as texts, in answers and callbacks.
    pub numbers_as_strings: bool,
    /// Repeated callbacks of the general trade system carry the first signature instead of a fresh one.
    pub replay_first_signature: bool,
    /// A `nonce_str` of order data is accepted only once.
    pub check_nonces: bool,
    /// The general trade system ignores the address inside a request while none is published for the ability, as
    /// the platform does. Off: it is used all the same, with a warning in the books.
    pub ignore_unpublished: bool,
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
