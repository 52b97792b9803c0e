//! The apps of the simulated world, at the platform and in the service's configuration.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use douyin_pay_cli::story::Settings;
use douyin_pay_ledger::System;
use douyin_pay_mock::{DEFAULT_APP_SECRET, DEFAULT_SALT, DEFAULT_TOKEN, MockConfig, keys};

/// Guaranteed payment.
pub(crate) const COFFEE: &str = "coffee";
/// The general trade system, settled when asked.
pub(crate) const TEA: &str = "tea";
/// The general trade system, settled by the platform itself.
pub(crate) const CAKE: &str = "cake";
/// Moves from the one to the other.
pub(crate) const JUICE: &str = "juice";
/// Guaranteed payment, settled by the service after seven days.
pub(crate) const BUN: &str = "bun";
/// Guaranteed payment, settled by the platform itself.
pub(crate) const DONUT: &str = "donut";

const APPS: [(&str, &str, System); 6] = [
    (COFFEE, "tt0000000000000001", System::Ecpay),
    (TEA, "tt0000000000000003", System::Trade),
    (CAKE, "tt0000000000000004", System::Trade),
    (JUICE, "tt0000000000000005", System::Ecpay),
    (BUN, "tt0000000000000006", System::Ecpay),
    (DONUT, "tt0000000000000007", System::Ecpay),
];

/// What the operator has chosen for each app.
pub(crate) type Chosen = BTreeMap<String, Settings>;

/// What holds before anybody chooses.
pub(crate) fn at_first() -> Chosen {
    let settings = |new_orders| Settings { new_orders, second_key: false };
    APPS.iter().map(|(name, _, system)| ((*name).to_owned(), settings(*system))).collect()
}

/// The platform's console.
pub(crate) fn console(seed: u64) -> anyhow::Result<MockConfig> {
    let mut text = String::new();
    for (name, app_id, _) in APPS {
        let (automatic, settles_alone) = (name == CAKE, name == DONUT);
        let callbacks = format!("https://pay.sim/callbacks/{name}");
        write!(
            text,
            r#"
[[apps]]
app_id = "{app_id}"
salt = "{DEFAULT_SALT}"
token = "{DEFAULT_TOKEN}"
automatic_settlement = {settles_alone}
[apps.trade]
settle_days = 7
auto_settle = {automatic}
published = {{ payment = "{callbacks}", refund = "{callbacks}", pre_create_refund = "{callbacks}", settle = "{callbacks}" }}
"#
        )?;
    }
    let config = MockConfig::from_toml(&text).context("the simulated console")?;
    Ok(MockConfig { seed, ..config })
}

/// Writes the files that the configuration names.
pub(crate) fn write_secrets(folder: &Path, webhook_secret: &[u8]) -> std::io::Result<()> {
    let hook = format!("whsec_{}", data_encoding::BASE64.encode(webhook_secret));
    let files = [
        ("salt", DEFAULT_SALT),
        ("token", DEFAULT_TOKEN),
        ("hook", hook.as_str()),
        ("app-secret", DEFAULT_APP_SECRET),
        ("key-1.pem", keys::APPLICATION_KEY_PEM),
        ("key-2.pem", keys::SECOND_APPLICATION_KEY_PEM),
        ("platform-1.pem", keys::PLATFORM_PUBLIC_KEY_PEM),
        ("platform-2.pem", keys::SECOND_PLATFORM_PUBLIC_KEY_PEM),
    ];
    files.into_iter().try_for_each(|(name, text)| std::fs::write(folder.join(name), text))
}

/// The service's configuration as it is now.
pub(crate) fn config_text(folder: &Path, api_key: &str, chosen: &Chosen) -> String {
    let key_hash =
        data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(api_key.as_bytes()));
    let folder = folder.display();
    let names = APPS.map(|(name, ..)| format!("\"{name}\"")).join(", ");
    let mut text = format!(
        r#"
listen = "127.0.0.1:0"
public_url = "https://pay.sim"
database = "sqlite://{folder}/sim.db"

[[api_keys]]
name = "shop"
role = "operator"
apps = [{names}]
sha256 = "{key_hash}"
"#
    );
    for (name, app_id, _) in APPS {
        let Settings { new_orders, second_key } = chosen[name];
        let version = if second_key { 2 } else { 1 };
        let settle = if name == BUN { "settle = { mode = \"after_days\", days = 7 }" } else { "" };
        write!(
            text,
            r#"
[[apps]]
name = "{name}"
app_id = "{app_id}"
new_orders = "{new_orders}"
webhook = {{ url = "https://shop.sim/hooks/douyin", secrets = [{{ file = "{folder}/hook" }}] }}
{settle}

[apps.ecpay]
platform = "https://platform.sim"
salt = {{ file = "{folder}/salt" }}
callback_tokens = [{{ file = "{folder}/token" }}]

[apps.trade]
platform = "https://platform.sim"
app_secret = {{ file = "{folder}/app-secret" }}
private_key = {{ file = "{folder}/key-{version}.pem" }}
key_version = "{version}"
platform_public_keys = [{{ file = "{folder}/platform-1.pem" }}, {{ file = "{folder}/platform-2.pem" }}]
sku_defaults = {{ type = 201, tag_group_id = "tag_group_7272625659888009228", image = "https://shop.sim/tea.png" }}
entry = {{ path = "pages/order/detail" }}
"#
        )
        .expect("a String takes any text");
    }
    text
}
