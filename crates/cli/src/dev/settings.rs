//! The configuration that `dev` writes for its service, as a user would write it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use douyin_pay_env::{Entropy, OsEntropy};
use douyin_pay_protocol::Secret;
use douyin_pay_server::api_key;

/// The app's name in the service.
pub(super) const APP: &str = "coffee";

/// A temporary home for one telling: configuration, secrets, database.
pub(super) struct Home {
    folder: tempfile::TempDir,
    /// The merchant's API key.
    pub(super) api_key: String,
    /// The secret shared with the shop, as configured (`whsec_…`).
    hook_secret: String,
}

impl Home {
    /// Makes the folder and its secrets.
    pub(super) fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a temporary folder")?;
        let mut secret = [0; 32];
        OsEntropy.fill(&mut secret);
        let hook_secret = format!("whsec_{}", data_encoding::BASE64.encode(&secret));
        let home = Self { folder, api_key: api_key::generate(&OsEntropy), hook_secret };
        home.write("salt", douyin_pay_mock::DEFAULT_SALT)?;
        home.write("token", douyin_pay_mock::DEFAULT_TOKEN)?;
        home.write("hook", &home.hook_secret)?;
        Ok(home)
    }

    /// The secret shared with the shop, as bytes.
    pub(super) fn secret(&self) -> anyhow::Result<Secret> {
        let base64 = self.hook_secret.trim_start_matches("whsec_");
        let bytes = data_encoding::BASE64.decode(base64.as_bytes()).context("our own secret")?;
        Ok(Secret::new(bytes)?)
    }

    /// Writes the configuration for these addresses and returns its path.
    pub(super) fn configure(
        &self,
        service: &str,
        platform: &str,
        shop: &str,
        follow_clock: bool,
    ) -> anyhow::Result<PathBuf> {
        let follow =
            if follow_clock { format!("[dev]\nfollow_clock = \"{platform}\"\n") } else { String::new() };
        let text = format!(
            r#"listen = "{service}"
public_url = "http://{service}"
database = "sqlite://{folder}/dev.db"
log = {{ filter = "error" }}

[[api_keys]]
name = "shop"
role = "operator"
apps = ["{APP}"]
sha256 = "{key}"

[[apps]]
name = "{APP}"
app_id = "{app_id}"
new_orders = "ecpay"
webhook = {{ url = "{shop}", secrets = [{{ file = "{folder}/hook" }}] }}

[apps.ecpay]
platform = "{platform}"
salt = {{ file = "{folder}/salt" }}
callback_tokens = [{{ file = "{folder}/token" }}]

{follow}"#,
            folder = self.folder.path().display(),
            key = api_key::sha256_hex(&self.api_key),
            app_id = douyin_pay_mock::DEFAULT_APP_ID,
        );
        self.write("douyin-pay.toml", &text)
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path: &Path = self.folder.path();
        let path = path.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}
