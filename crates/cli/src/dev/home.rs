//! The folder of a `dev` world: configuration, secrets, database.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use douyin_pay_env::{Entropy, OsEntropy};
use douyin_pay_protocol::Secret;
use douyin_pay_server::api_key;

/// The demo shop's app in the service.
pub(super) const APP: &str = "coffee";
/// What a user of `dev` copies into commands; known to everybody, so for loopback only.
const KNOWN_KEY: &str = "dev-key";
/// As [`KNOWN_KEY`], for deliveries.
const KNOWN_HOOK_SECRET: &[u8; 32] = b"douyin-pay dev webhook secret 01";

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
        let AppEntry { name, app_id, webhook } = app;
        let (salt, token, hook) = (self.file("salt"), self.file("token"), self.file("hook"));
        let webhook = webhook.map_or_else(String::new, |url| {
            let url = toml::Value::from(url);
            format!("webhook = {{ url = {url}, secrets = [{{ file = {} }}] }}\n", quoted(&hook))
        });
        format!(
            r#"
[[apps]]
name = "{name}"
app_id = "{app_id}"
new_orders = "ecpay"
{webhook}
[apps.ecpay]
platform = "{platform}"
salt = {{ file = {salt} }}
callback_tokens = [{{ file = {token} }}]
"#,
            salt = quoted(&salt),
            token = quoted(&token),
        )
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
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
