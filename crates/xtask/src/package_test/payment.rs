//! A shop that configures the installed service and is paid through it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::debian::Debian;
use super::process::Running;
use super::{BINARY, CONFIG, http};
use crate::command::{now, pause};

/// The mock's own secrets, as its documentation gives them.
const SALT: &str = "mock_salt";
const TOKEN: &str = "mocktoken";
const NUMBER: &str = "package-0001";
const APP: &str = "/v1/apps/shop";

/// Addresses and the key.
pub(super) struct Shop {
    /// The service's port.
    pub(super) service: u16,
    /// The port that the platform knows.
    pub(super) public: u16,
    /// The mock's port.
    pub(super) mock_port: u16,
    mock: String,
    key: String,
}

impl Shop {
    /// Fills in what the package asks for, as an administrator would.
    pub(super) fn furnish(debian: &Debian) -> Result<Self> {
        let new_key = debian.said(&[BINARY, "config", "new-key"])?;
        let word = |line: usize| new_key.lines().nth(line).and_then(|line| line.split_whitespace().last());
        let key = word(0).context("`config new-key` prints the key first")?.to_owned();
        let hash = word(1).context("`config new-key` prints the hash second")?.to_owned();
        let (service, public, mock_port) = (http::free_port()?, http::free_port()?, http::free_port()?);
        let mock = format!("127.0.0.1:{mock_port}");
        let mut config = debian.read(CONFIG)?;
        for (shipped, filled) in [
            ("listen = \"127.0.0.1:8080\"", format!("listen = \"127.0.0.1:{service}\"")),
            ("public_url = \"\"", format!("public_url = \"https://localhost:{public}\"")),
            ("app_id = \"\"", "app_id = \"tt0000000000000001\"".to_owned()),
            ("platform = \"production\"", format!("platform = \"http://{mock}\"")),
            ("#[[api_keys]]", "[[api_keys]]".to_owned()),
            ("#name = ", "name = ".to_owned()),
            ("#role = ", "role = ".to_owned()),
            ("#apps = ", "apps = ".to_owned()),
            ("#sha256 = \"\"", format!("sha256 = {hash}")),
        ] {
            ensure!(config.matches(shipped).count() == 1, "the configuration has not one `{shipped}`");
            config = config.replace(shipped, &filled);
        }
        std::fs::write(debian.path(CONFIG), config)?;
        for (name, secret) in [("salt", SALT), ("token", TOKEN)] {
            let file = format!("/etc/douyin-pay/secrets/{name}");
            std::fs::write(debian.path(&file), secret)?;
            debian.said(&["chown", "root:douyin-pay", &file])?;
            debian.said(&["chmod", "0640", &file])?;
        }
        let shop = Self { service, public, mock, mock_port, key };
        std::fs::write(debian.path("var/lib/dpkg/shop"), format!("{} {}", shop.service, shop.key))?;
        Ok(shop)
    }

    /// The same shop as before, for a service that starts again.
    pub(super) fn remembered(debian: &Debian) -> Result<Self> {
        let text = debian.read("var/lib/dpkg/shop")?;
        let (service, key) = text.split_once(' ').context("two words")?;
        let (service, key) = (service.parse()?, key.to_owned());
        Ok(Self { service, public: 0, mock: String::new(), mock_port: 0, key })
    }

    /// The command line of the mock.
    pub(super) fn mock_words(&self) -> [&str; 4] {
        [BINARY, "mock", "--listen", &self.mock]
    }

    /// Waits for `/readyz`.
    pub(super) fn wait_until_ready(&self, service: &mut Running) -> Result<()> {
        let ready =
            || http::ask(self.service, "GET", "/readyz", None, b"").is_ok_and(|answer| answer.status == 200);
        service.until("ready", || ready().then_some(()))
    }

    /// An order is created, the customer pays at the mock, its callback makes the order paid. The order's number.
    pub(super) fn be_paid(&self) -> Result<String> {
        let ask = json!({ "out_order_no": NUMBER, "amount_fen": 1280, "subject": "latte", "body": "one latte", "valid_seconds": 900 });
        let order =
            self.patiently("POST", &format!("{APP}/orders"), Some(&ask), |order| !order["pay"].is_null())?;
        let pay = json!({ "order_id": order["pay"]["order_id"], "order_token": order["pay"]["order_token"],
                          "way": 1, "outcome": "success" });
        let paid = http::ask(self.mock_port, "POST", "/mock/pay", None, pay.to_string().as_bytes())?;
        ensure!(paid.status == 200, "the mock says {}: {}", paid.status, String::from_utf8_lossy(&paid.body));
        self.expect_paid(NUMBER)?;
        let timeline = self.patiently("GET", &format!("{APP}/orders/{NUMBER}/timeline"), None, |_| true)?;
        let by_callback =
            timeline["entries"].as_array().into_iter().flatten().any(|entry| entry["entry"] == "callback");
        ensure!(by_callback, "no callback came through the proxy: {timeline}");
        Ok(NUMBER.to_owned())
    }

    /// Waits until the order is paid.
    pub(super) fn expect_paid(&self, number: &str) -> Result<()> {
        self.patiently("GET", &format!("{APP}/orders/{number}"), None, |order| order["state"] == "paid")
            .map(drop)
    }

    fn patiently(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        good: impl Fn(&Value) -> bool,
    ) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let started = now();
        loop {
            let answer = http::ask(self.service, method, path, Some(&self.key), body.as_bytes())?;
            let value = answer.json()?;
            if answer.status < 300 && good(&value) {
                return Ok(value);
            }
            ensure!(
                answer.status < 500 && answer.status != 401,
                "{method} {path}: {}: {value}",
                answer.status
            );
            ensure!(now().duration_since(started) < super::process::SOON, "{method} {path}: still {value}");
            pause(Duration::from_millis(50));
        }
    }
}
