//! What the console knows beside apps: providers, bills' form, negative tests.

use std::collections::BTreeMap;

use douyin_pay_protocol::{AppId, MerchantUid, Salt, Token};
use serde::Deserialize;

use super::{salt, token};

/// The token of a provider's platform that every mock provider has unless it is told otherwise.
pub const DEFAULT_COMPONENT_TOKEN: &str = "mock_component_token";

/// A service provider: its own salt is as good as the app's when a request names it.
///
/// ```
/// use douyin_pay_mock::MockProvider;
/// use douyin_pay_protocol::{AppId, Salt};
///
/// let provider = MockProvider::new(AppId::new("ttprovider").unwrap(), Salt::new("provider_salt").unwrap())
///     .granted(AppId::new("tt0000000000000001").unwrap());
/// assert_eq!(provider.apps.len(), 1);
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MockProvider {
    /// The provider's id, `thirdparty_id` on the wire.
    pub thirdparty_id: AppId,
    /// Signs the provider's requests.
    #[serde(deserialize_with = "salt")]
    pub salt: Salt,
    /// Signs callbacks that go to the provider's own URL; the app's token does when there is none.
    #[serde(default, deserialize_with = "optional_token")]
    pub token: Option<Token>,
    /// Where callbacks of orders go that the provider made; the app's console URL when there is none.
    #[serde(default)]
    pub notify_url: Option<String>,
    /// The provider's own merchant, whose balance it may ask for without naming an app.
    #[serde(default)]
    pub merchant_uid: Option<MerchantUid>,
    /// `component_access_token` of the calls that onboard.
    #[serde(default = "component_token")]
    pub component_access_token: String,
    /// The apps that authorised the provider.
    #[serde(default)]
    pub apps: Vec<AppId>,
}

impl MockProvider {
    /// A provider that no app has authorised yet, without a callback URL of its own.
    pub fn new(thirdparty_id: AppId, salt: Salt) -> Self {
        Self {
            thirdparty_id,
            salt,
            token: None,
            notify_url: None,
            merchant_uid: None,
            component_access_token: component_token(),
            apps: Vec::new(),
        }
    }

    /// The same provider, authorised by one more app.
    #[must_use]
    pub fn granted(mut self, app: AppId) -> Self {
        self.apps.push(app);
        self
    }
}

fn component_token() -> String {
    DEFAULT_COMPONENT_TOKEN.to_owned()
}

/// How bill files are written: all off is UTF-8, `\n`, amounts in fen, quotes only where a comma needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BillForm {
    /// A byte order mark comes first.
    pub bom: bool,
    /// Lines end with `\r\n`.
    pub crlf: bool,
    /// A backtick before every value, so that office programs leave long numbers alone.
    pub backticks: bool,
    /// GB18030 instead of UTF-8.
    pub gb18030: bool,
    /// Amounts in yuan with two decimals instead of fen.
    pub yuan: bool,
    /// A line with the sums at the end.
    pub summary: bool,
    /// From which hour of the next day on, in Beijing, a day's bill exists.
    pub available_hour: u8,
}

impl Default for BillForm {
    fn default() -> Self {
        Self {
            bom: false,
            crlf: false,
            backticks: false,
            gb18030: false,
            yuan: false,
            summary: false,
            available_hour: 10,
        }
    }
}

/// What the header `Aweme-Negative-Test` makes the sandbox answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NegativeTest {
    /// The code.
    pub err_no: i64,
    /// The text.
    pub err_tips: String,
}

/// The one published case; its code and text are guesses.
pub(super) fn negative_tests() -> BTreeMap<String, NegativeTest> {
    let banned = NegativeTest { err_no: 2010, err_tips: "商户支付能力被封禁".to_owned() };
    [("MA_PAY_BAN".to_owned(), banned)].into()
}

pub(super) fn optional_salt<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Salt>, D::Error> {
    salt(from).map(Some)
}

pub(super) fn optional_token<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Token>, D::Error> {
    token(from).map(Some)
}
