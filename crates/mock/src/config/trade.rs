//! An app's part in the general trade system, as its console shows it.

use std::collections::BTreeMap;

use douyin_pay_protocol::trade::{ApplicationPublicKey, KeyVersion, PlatformKey};
use douyin_pay_protocol::{AppSecret, MerchantUid};
use serde::{Deserialize, Deserializer, Serialize};

use crate::keys;

/// The default app's secret: it fetches access tokens.
pub const DEFAULT_APP_SECRET: &str = "mock_app_secret";

/// What the console knows of an app with the general trade system.
///
/// ```
/// let config = douyin_pay_mock::MockConfig::from_toml(
///     r#"
///     [[apps]]
///     app_id = "tt0000000000000002"
///     salt = "another_salt"
///     token = "anothertoken"
///     [apps.trade]
///     app_secret = "anothersecret"
///     rake_per_10000 = 100
///     published.payment = "https://shop.example.com/callbacks"
///     "#,
/// )?;
/// let trade = config.apps[0].trade.as_ref().unwrap();
/// assert_eq!((trade.rake_per_10000, trade.settle_days), (100, 0));
/// # Ok::<(), douyin_pay_mock::ConfigError>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MockTrade {
    /// Fetches access tokens.
    #[serde(deserialize_with = "app_secret")]
    pub app_secret: AppSecret,
    /// The uploaded public keys by `key_version`: the newest has the highest number.
    #[serde(deserialize_with = "public_keys")]
    pub application_public_keys: BTreeMap<String, ApplicationPublicKey>,
    /// Signs this app's callbacks.
    #[serde(deserialize_with = "platform_key")]
    pub platform_key: PlatformKey,
    /// Where callbacks go when a request names no address of its own.
    pub published: Published,
    /// The platform settles by itself when the period is over, and refuses to be asked.
    pub auto_settle: bool,
    /// Days until a settlement is possible; counted from `settle_from`.
    pub settle_days: u32,
    /// From when those days count.
    pub settle_from: SettleFrom,
    /// The platform's fee in hundredths of a per cent; more than 40 % is taken as 40 %.
    pub rake_per_10000: u32,
    /// The promoters' part in hundredths of a per cent, likewise.
    pub commission_per_10000: u32,
    /// What the platform pays for the user at each payment, in fen; at least one fen remains to be paid.
    pub discount_fen: u32,
    /// Product types this app may sell; `None` allows all.
    pub types: Option<Vec<u16>>,
    /// Further merchants that may be named as `merchantUid`.
    pub merchant_uids: Vec<MerchantUid>,
    /// Off: every call is refused with 28001018.
    pub capability: bool,
}

impl Default for MockTrade {
    /// Secret `mock_app_secret`, the test keys, 0.6 %, settlement at once, no published address.
    fn default() -> Self {
        let public = ApplicationPublicKey::parse(keys::APPLICATION_PUBLIC_KEY_PEM);
        Self {
            app_secret: AppSecret::new(DEFAULT_APP_SECRET).expect("the constant is a valid secret"),
            application_public_keys: [("1".to_owned(), public.expect("the test key is a key"))].into(),
            platform_key: PlatformKey::parse(keys::PLATFORM_KEY_PEM).expect("the test key is a key"),
            published: Published::default(),
            auto_settle: false,
            settle_days: 0,
            settle_from: SettleFrom::default(),
            rake_per_10000: 60,
            commission_per_10000: 0,
            discount_fen: 0,
            types: None,
            merchant_uids: Vec::new(),
            capability: true,
        }
    }
}

impl MockTrade {
    /// The same terms with one published address for every ability.
    #[must_use]
    pub fn with_callbacks(mut self, url: impl Into<String>) -> Self {
        self.published = Published::all(url);
        self
    }

    /// The version that the next uploaded key gets.
    pub(crate) fn next_key_version(&self) -> String {
        let versions = self.application_public_keys.keys().filter_map(|version| version.parse::<u64>().ok());
        (versions.max().unwrap_or(0) + 1).to_string()
    }
}

/// The published callback address of each ability.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Published {
    /// Payment results.
    pub payment: Option<String>,
    /// Refund results.
    pub refund: Option<String>,
    /// The extension point "refund applied for".
    pub pre_create_refund: Option<String>,
    /// Settlement results.
    pub settle: Option<String>,
}

impl Published {
    /// One address for all.
    pub fn all(url: impl Into<String>) -> Self {
        let url = Some(url.into());
        Self { payment: url.clone(), refund: url.clone(), pre_create_refund: url.clone(), settle: url }
    }

    pub(crate) fn of(&self, kind: &str) -> Option<String> {
        match kind {
            "payment" => self.payment.clone(),
            "refund" => self.refund.clone(),
            "settle" => self.settle.clone(),
            _ => self.pre_create_refund.clone(),
        }
    }
}

/// From when the days until a settlement count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettleFrom {
    /// From the last delivery; from the payment for goods without one.
    #[default]
    Fulfilled,
    /// From the payment.
    Paid,
}

fn app_secret<'de, D: Deserializer<'de>>(from: D) -> Result<AppSecret, D::Error> {
    AppSecret::new(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn public_keys<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<String, ApplicationPublicKey>, D::Error> {
    let texts: BTreeMap<String, String> = BTreeMap::deserialize(from)?;
    let key = |(version, text): (String, String)| {
        let version = KeyVersion::new(version).map_err(serde::de::Error::custom)?;
        let key = ApplicationPublicKey::parse(text).map_err(serde::de::Error::custom)?;
        Ok((version.as_str().to_owned(), key))
    };
    texts.into_iter().map(key).collect()
}

fn platform_key<'de, D: Deserializer<'de>>(from: D) -> Result<PlatformKey, D::Error> {
    PlatformKey::parse(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::MockTrade;
    use crate::keys;

    fn read(text: &str) -> Result<MockTrade, String> {
        toml::from_str(text).map_err(|cause: toml::de::Error| cause.message().to_owned())
    }

    #[test]
    fn keys_are_read_and_the_wrong_ones_named() {
        let text = format!(
            "application_public_keys.1 = \"\"\"{}\"\"\"\napplication_public_keys.7 = \"\"\"{}\"\"\"\nplatform_key = \"\"\"{}\"\"\"",
            keys::APPLICATION_PUBLIC_KEY_PEM,
            keys::SECOND_APPLICATION_PUBLIC_KEY_PEM,
            keys::SECOND_PLATFORM_KEY_PEM,
        );
        let terms = read(&text).unwrap();
        assert_eq!(terms.next_key_version(), "8");
        assert!(read(&format!("platform_key = \"\"\"{}\"\"\"", keys::PLATFORM_PUBLIC_KEY_PEM)).is_err());
        assert!(read("application_public_keys.one = \"x\"").unwrap_err().contains("key_version"));
        assert!(read("settle_from = \"never\"").is_err());
        let wrong = read("app_secret = \"\"").unwrap_err();
        assert!(wrong.contains("app_secret"), "{wrong}");
    }
}
