//! The folder of a `dev` world: configuration, secrets, database.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use douyin_pay_env::{Entropy, OsEntropy};
use douyin_pay_ledger::System;
use douyin_pay_mock::keys::{
    APPLICATION_KEY_PEM, PLATFORM_PUBLIC_KEY_PEM, SECOND_APPLICATION_KEY_PEM, SECOND_PLATFORM_PUBLIC_KEY_PEM,
};
use douyin_pay_protocol::Secret;
use douyin_pay_server::api_key;

/// The demo shop's app in the service.
pub(super) const APP: &str = "coffee";
/// Its second app, in the general trade system.
pub(super) const TEA: &str = "tea";
/// What a user of `dev` copies into commands; known to everybody, so for loopback only.
const KNOWN_KEY: &str = "dev-key";
/// As [`KNOWN_KEY`], for deliveries.
const KNOWN_HOOK_SECRET: &[u8; 32] = b"douyin-pay dev webhook secret 01";

/// What is sold in the general trade system: consulting, which the merchant fulfils step by step.
const TYPE: u16 = 201;
/// Before it begins the money goes back at will, afterwards by agreement.
const TAG_GROUP: &str = "tag_group_7272625659888009228";
const IMAGE: &str = "https://example.com/tea.png";

/// Where a world keeps its files.
pub(super) struct Home {
    folder: Folder,
    /// The merchant's API key.
    pub(super) api_key: String,
    hook_secret: Vec<u8>,
}

enum Folder {
    /// Gone at the end.
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

/// An app in the configuration.
pub(super) struct AppEntry<'a> {
    /// Our name for it.
    pub(super) name: &'a str,
    /// The platform's.
    pub(super) app_id: &'a str,
    /// Who is sent its events.
    pub(super) webhook: Option<&'a str>,
    /// Where its new orders go; old ones are at home in both systems.
    pub(super) new_orders: System,
    /// Whether it signs with the application key that was uploaded second.
    pub(super) second_key: bool,
    /// After how many days the service settles by itself, if it does.
    pub(super) settle_after_days: Option<u16>,
}

impl Home {
    /// A temporary home with secrets of its own.
    pub(super) fn temporary() -> anyhow::Result<Self> {
        let mut secret = vec![0; 32];
        OsEntropy.fill(&mut secret);
        Self::furnish(temporary_folder()?, api_key::generate(&OsEntropy), secret)
    }

    /// A home with the well-known secrets of `dev`: kept in `folder`, or temporary.
    pub(super) fn well_known(folder: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match folder {
            None => temporary_folder()?,
            Some(path) => {
                std::fs::create_dir_all(path)
                    .with_context(|| format!("`--data`: making {}", path.display()))?;
                let path = path.canonicalize().with_context(|| format!("`--data`: {}", path.display()))?;
                Folder::Kept(path)
            }
        };
        Self::furnish(folder, KNOWN_KEY.to_owned(), KNOWN_HOOK_SECRET.to_vec())
    }

    fn furnish(folder: Folder, api_key: String, hook_secret: Vec<u8>) -> anyhow::Result<Self> {
        let home = Self { folder, api_key, hook_secret };
        home.write("salt", douyin_pay_mock::DEFAULT_SALT)?;
        home.write("token", douyin_pay_mock::DEFAULT_TOKEN)?;
        home.write("hook", &home.hook_secret_text())?;
        home.write("app-secret", douyin_pay_mock::DEFAULT_APP_SECRET)?;
        home.write("application-key.pem", APPLICATION_KEY_PEM)?;
        home.write("second-application-key.pem", SECOND_APPLICATION_KEY_PEM)?;
        home.write("platform-public-key.pem", PLATFORM_PUBLIC_KEY_PEM)?;
        home.write("second-platform-public-key.pem", SECOND_PLATFORM_PUBLIC_KEY_PEM)?;
        Ok(home)
    }

    /// A file in this home.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        match &self.folder {
            Folder::Temporary(folder) => folder.path().join(name),
            Folder::Kept(folder) => folder.join(name),
        }
    }

    /// The secret shared with the shop, as bytes.
    pub(super) fn hook_secret(&self) -> anyhow::Result<Secret> {
        Ok(Secret::new(self.hook_secret.clone())?)
    }

    /// The secret shared with the shop, as configured: `whsec_…`.
    pub(super) fn hook_secret_text(&self) -> String {
        format!("whsec_{}", data_encoding::BASE64.encode(&self.hook_secret))
    }

    /// Writes the configuration for these addresses and returns its path.
    pub(super) fn configure(
        &self,
        service: SocketAddr,
        platform: &str,
        apps: &[AppEntry<'_>],
        follow_clock: bool,
    ) -> anyhow::Result<PathBuf> {
        let names: Vec<String> = apps.iter().map(|app| format!("\"{}\"", app.name)).collect();
        let mut text = format!(
            r#"listen = "{service}"
public_url = "http://{service}"
database = "sqlite://dev.db"
log = {{ filter = "error" }}

[[api_keys]]
name = "shop"
role = "operator"
apps = [{names}]
sha256 = "{key}"
"#,
            names = names.join(", "),
            key = api_key::sha256_hex(&self.api_key),
        );
        for app in apps {
            text.push_str(&self.app_section(app, platform));
        }
        if follow_clock {
            text.push_str(&format!("\n[dev]\nfollow_clock = \"{platform}\"\n"));
        }
        self.write("douyin-pay.toml", &text)
    }

    fn app_section(&self, app: &AppEntry<'_>, platform: &str) -> String {
        let AppEntry { name, app_id, webhook, new_orders, second_key, settle_after_days } = app;
        let (key_version, key_file) = match second_key {
            false => (1, "application-key.pem"),
            true => (2, "second-application-key.pem"),
        };
        let file = |name: &str| quoted(&self.file(name));
        let new_orders = new_orders.as_str();
        let settle = settle_after_days.map_or_else(String::new, |days| {
            format!("settle = {{ mode = \"after_days\", days = {days} }}\n")
        });
        let webhook = webhook.map_or_else(String::new, |url| {
            let url = toml::Value::from(url);
            format!("webhook = {{ url = {url}, secrets = [{{ file = {} }}] }}\n", file("hook"))
        });
        format!(
            r#"
[[apps]]
name = "{name}"
app_id = "{app_id}"
new_orders = "{new_orders}"
{webhook}{settle}
[apps.ecpay]
platform = "{platform}"
salt = {{ file = {salt} }}
callback_tokens = [{{ file = {token} }}]

[apps.trade]
platform = "{platform}"
app_secret = {{ file = {app_secret} }}
private_key = {{ file = {private_key} }}
key_version = "{key_version}"
platform_public_keys = [{{ file = {public_key} }}, {{ file = {next_public_key} }}]
sku_defaults = {{ type = {TYPE}, tag_group_id = "{TAG_GROUP}", image = "{IMAGE}" }}
entry = {{ path = "pages/order/detail" }}
refund_entry = {{ path = "pages/refund/detail" }}
"#,
            salt = file("salt"),
            token = file("token"),
            app_secret = file("app-secret"),
            private_key = file(key_file),
            public_key = file("platform-public-key.pem"),
            next_public_key = file("second-platform-public-key.pem"),
        )
    }

    /// Writes a file that only its owner may read.
    pub(super) fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.file(name);
        let mut how = std::fs::OpenOptions::new();
        // For the owner alone, as secrets should be; the configuration is written beside them in the same way.
        how.write(true).create(true).truncate(true).mode(0o600);
        let written = how.open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}

/// A folder of the system's choice; a bare root file system may not have made the place for it yet.
fn temporary_folder() -> anyhow::Result<Folder> {
    let place = std::env::temp_dir();
    std::fs::create_dir_all(&place).with_context(|| format!("making {}", place.display()))?;
    Ok(Folder::Temporary(tempfile::tempdir_in(place).context("making a temporary folder")?))
}

fn quoted(path: &Path) -> toml::Value {
    toml::Value::from(path.to_string_lossy().into_owned())
}
