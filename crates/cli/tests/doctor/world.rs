//! An installation in a folder: a mock, a configuration, perhaps a running service.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_mock::{Mock, MockApp, MockConfig, MockTrade, Running, Switches};
use douyin_pay_protocol::{AppId, Salt, Token};
use http::{Request, Response};
use serde_json::Value;
use tempfile::TempDir;

/// Far more than anything takes on loopback.
pub(crate) const WITHIN: Duration = Duration::from_secs(30);
pub(crate) const SALT: &str = "saltofproduction7";
pub(crate) const SANDBOX_SALT: &str = "saltofsandbox7";
pub(crate) const TOKEN: &str = "tokenoftheshop7";

/// What is installed; a test spoils one thing of it.
pub(crate) struct Installation {
    pub(crate) folder: TempDir,
    pub(crate) mock: Running,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) database: String,
    pub(crate) platform: String,
    pub(crate) salt: String,
    pub(crate) token: String,
    pub(crate) webhook: String,
    /// Further sections of the app, after those of guaranteed payment.
    pub(crate) sections: String,
    /// Further options of `doctor`.
    pub(crate) options: Vec<String>,
    service: Option<Child>,
}

impl Installation {
    /// One without a fault; the service is not running yet.
    pub(crate) async fn sound() -> Self {
        Self::with_date(0).await
    }

    /// The same, with a platform whose `Date` is so far ahead.
    pub(crate) async fn with_date(date_offset_seconds: i64) -> Self {
        let listen = free_address();
        let folder = tempfile::tempdir().expect("a folder");
        let mock = mock(SALT, Switches { date_offset_seconds, ..Switches::default() }).await;
        Self {
            listen,
            public_url: format!("http://{listen}"),
            database: format!("sqlite://{}", folder.path().join("books.db").display()),
            platform: mock.url(),
            salt: SALT.to_owned(),
            token: TOKEN.to_owned(),
            webhook: format!("{}/mock/books", mock.url()),
            sections: String::new(),
            options: Vec::new(),
            service: None,
            folder,
            mock,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self) -> String {
        let Self { listen, public_url, database, platform, webhook, sections, .. } = self;
        let hash = "0".repeat(64);
        format!(
            r#"
listen = "{listen}"
public_url = "{public_url}"
database = "{database}"
[[api_keys]]
name = "shop"
role = "merchant"
apps = ["coffee"]
sha256 = "{hash}"
[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
webhook = {{ url = "{webhook}", secrets = [{{ file = "hook" }}] }}
[apps.ecpay]
platform = "{platform}"
salt = {{ file = "salt" }}
callback_tokens = [{{ file = "token" }}]
{sections}"#
        )
    }

    /// A secret in a file of its own.
    pub(crate) fn keep(&self, name: &str, secret: &str) {
        std::fs::write(self.path(name), secret).expect("written");
        private(&self.path(name));
    }

    /// Writes the configuration and its secrets, readable by the owner alone.
    pub(crate) fn write(&self) -> PathBuf {
        let hook = format!("whsec_{}", data_encoding::BASE64.encode(&[7; 32]));
        for (name, secret) in [("salt", self.salt.as_str()), ("token", &self.token), ("hook", &hook)] {
            self.keep(name, secret);
        }
        let path = self.path("douyin-pay.toml");
        std::fs::write(&path, self.text()).expect("written");
        path
    }

    /// Starts the service, and waits until it answers.
    pub(crate) async fn serve(&mut self) {
        let config = self.write();
        let mut command = douyin_pay("en_US.UTF-8");
        command.args(["serve", "--config"]).arg(config).stdout(Stdio::null()).stderr(Stdio::null());
        self.service = Some(command.spawn().expect("the binary starts"));
        let url = format!("http://{}/healthz", self.listen);
        let begun = Instant::now();
        while get(&url).await.is_none() {
            assert!(begun.elapsed() < WITHIN, "the service does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Runs `doctor --json`.
    pub(crate) async fn examine(&self) -> Findings {
        let output = self.doctor("en_US.UTF-8", &["--json"]).await;
        Findings::of(&output)
    }

    /// Runs `doctor` over the configuration as it is now.
    pub(crate) async fn doctor(&self, locale: &str, more: &[&str]) -> Output {
        let config = self.write();
        self.doctor_of(&config, locale, more).await
    }

    /// Runs `doctor` over a file that is there.
    pub(crate) async fn doctor_of(&self, config: &std::path::Path, locale: &str, more: &[&str]) -> Output {
        let mut command = douyin_pay(locale);
        command.args(["doctor", "--config"]).arg(config).args(&self.options).args(more);
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a thread");
        let output = output.expect("the binary ends");
        for secret in [SALT, SANDBOX_SALT, TOKEN] {
            let said = [&output.stdout[..], &output.stderr].concat();
            let shown = String::from_utf8_lossy(&said).contains(secret);
            assert!(!shown, "a secret is shown: {}", String::from_utf8_lossy(&said));
        }
        output
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if let Some(child) = &mut self.service {
            let _ended_already = child.kill();
            let _ended = child.wait();
        }
    }
}

/// What `doctor --json` printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) code: Option<i32>,
    pub(crate) all: Vec<Value>,
}

impl Findings {
    pub(crate) fn of(output: &Output) -> Self {
        let all = serde_json::from_slice(&output.stdout).unwrap_or_else(|cause| {
            panic!(
                "{cause}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        Self { code: output.status.code(), all }
    }

    /// The findings of one check.
    pub(crate) fn of_check(&self, check: &str) -> Vec<&Value> {
        self.all.iter().filter(|finding| finding["check"] == check).collect()
    }

    /// The one finding of a check: its status, and message and remedy in one text.
    pub(crate) fn one(&self, check: &str) -> (&str, String) {
        let found = self.of_check(check);
        assert_eq!(found.len(), 1, "{check}: {self:#?}");
        let text = |name: &str| found[0][name].as_str().unwrap_or_default();
        (text("status"), format!("{} → {}", text("message"), text("remedy")))
    }

    /// Asserts that this check, and no other, is a problem, and that its words contain these.
    pub(crate) fn only_problem(&self, check: &str, words: &[&str]) {
        let problems: Vec<&str> = self
            .all
            .iter()
            .filter(|finding| finding["status"] == "problem")
            .map(|finding| finding["check"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(problems, [check], "{self:#?}");
        assert_eq!(self.code, Some(1), "{self:#?}");
        let (_, said) = self.one(check);
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
        assert!(!said.ends_with("→ "), "there is a remedy: {said}");
    }
}

/// A platform that knows the app with this salt.
pub(crate) async fn mock(salt: &str, switches: Switches) -> Running {
    let app = app(salt);
    let config = MockConfig { apps: vec![app], switches, ..MockConfig::default() };
    let mock = Mock::new(Env::real(), config);
    mock.listen((Ipv4Addr::LOCALHOST, 0).into()).await.expect("a port")
}

/// The app as the platform knows it: in both systems.
pub(crate) fn app(salt: &str) -> MockApp {
    let mut app = MockApp::new(
        AppId::new("tt0000000000000001").expect("an app id"),
        Salt::new(salt).expect("a salt"),
        Token::new(TOKEN).expect("a token"),
    );
    app.trade = Some(MockTrade::default());
    app
}

/// An address where nobody listened a moment ago.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("bound")
}

pub(crate) async fn get(url: &str) -> Option<Response<Bytes>> {
    let request = Request::get(url).body(Bytes::new()).expect("a request");
    Env::real().net.send(request, WITHIN).await.ok()
}

fn douyin_pay(locale: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
    command.env("LC_ALL", locale).stdin(Stdio::null());
    command
}

#[cfg(unix)]
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("changed");
}

#[cfg(not(unix))]
fn private(_path: &std::path::Path) {}
