//! A mock as a process, and an app in both systems.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_mock::keys;
use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{err, json as read, out, run};

/// Far more than anything takes on loopback.
const WITHIN: Duration = Duration::from_secs(60);
/// The API key of the tests' shop.
const KEY: &str = "dpk_for_tests_on_loopback_only";

/// The platform, and an app that it knows.
pub(crate) struct Shop {
    folder: TempDir,
    pub(crate) mock: String,
    process: Child,
    service: Option<(Child, String)>,
    runtime: tokio::runtime::Runtime,
}

impl Drop for Shop {
    fn drop(&mut self) {
        let service = self.service.iter_mut().map(|(child, _)| child);
        for child in service.chain([&mut self.process]) {
            let _ended_already = child.kill();
            let _ended = child.wait();
        }
    }
}

impl Shop {
    /// The mock runs with its default app.
    pub(crate) fn open() -> Self {
        let (process, told) = start(&["mock", "--listen", "127.0.0.1:0", "--json"]);
        let mock = told["mock"].as_str().expect("a URL").to_owned();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let shop =
            Self { folder: tempfile::tempdir().expect("a folder"), mock, process, service: None, runtime };
        for (name, text) in [
            ("salt", "mock_salt"),
            ("token", "mocktoken"),
            ("secret", "mock_app_secret"),
            ("app.pem", keys::APPLICATION_KEY_PEM),
            ("app-public.pem", keys::APPLICATION_PUBLIC_KEY_PEM),
            ("platform.pem", keys::PLATFORM_PUBLIC_KEY_PEM),
        ] {
            shop.write(name, text);
        }
        shop.write("douyin-pay.toml", &shop.configuration());
        shop
    }

    /// An app in both systems, whose new orders are those of the general trade system.
    pub(crate) fn configuration(&self) -> String {
        let mock = &self.mock;
        format!(
            r#"
listen = "127.0.0.1:1"
public_url = "http://127.0.0.1:1"
database = "sqlite://books.db"
[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
new_orders = "trade"
[apps.ecpay]
platform = "{mock}"
salt = {{ file = "salt" }}
callback_tokens = [{{ file = "token" }}]
[apps.trade]
platform = "{mock}"
app_secret = {{ file = "secret" }}
private_key = {{ file = "app.pem" }}
key_version = "1"
platform_public_keys = [{{ file = "platform.pem" }}]
"#
        )
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.folder.path().join(name), text).expect("written");
        self.file(name)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    /// The words of a command with this app's configuration.
    pub(crate) fn words(&self, words: &[&str]) -> Vec<String> {
        let config = self.file("douyin-pay.toml");
        words.iter().copied().chain(["--config", &config, "--app", "coffee"]).map(str::to_owned).collect()
    }

    /// `platform …` for this app.
    pub(crate) fn platform(&self, words: &[&str]) -> Output {
        let words = self.words(&[&["platform"], words].concat());
        run(&words.iter().map(String::as_str).collect::<Vec<_>>(), b"")
    }

    /// The same, which must end well; its JSON.
    pub(crate) fn told(&self, words: &[&str]) -> Value {
        let output = self.platform(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}{}", out(&output), err(&output));
        read(&output)
    }

    /// One request to the mock's own doors.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.mock));
        let body = if method == "GET" { Bytes::new() } else { Bytes::from(body.to_string()) };
        let sent = Env::real().net.send(request.body(body).expect("a request"), WITHIN);
        let answer = self.runtime.block_on(sent).expect("an answer");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// A SIM card in two units: goods whose delivery and refunds have stages.
    pub(crate) fn data(number: &str) -> Value {
        json!({
            "skuList": [{
                "skuId": "latte", "price": 640, "quantity": 2, "title": "latte", "imageList": ["https://example.com/a.png"],
                "type": 101, "tagGroupId": "tag_group_7272625659887943692",
                "skuAttr": "{\"package_cost\":{\"amount\":100,\"time_len\":1,\"unit\":\"month\"},\"call_duration\":1,\"traffic_bundle\":1,\"telecom_operator_type\":\"official\"}",
            }],
            "outOrderNo": number, "totalAmount": 1280, "payExpireSeconds": 900,
            "orderEntrySchema": { "path": "pages/order" },
        })
    }

    /// An order as the mini-program places it, signed on the command line; its platform number and its items.
    pub(crate) fn place(&self, number: &str) -> (String, Vec<String>) {
        self.place_data(&Self::data(number))
    }

    /// The same with other data.
    pub(crate) fn place_data(&self, data: &Value) -> (String, Vec<String>) {
        let data = data.to_string();
        let key = self.file("app.pem");
        let words = [
            "sign",
            "--system",
            "trade",
            "--key",
            &key,
            "--app-id",
            "tt0000000000000001",
            "--key-version",
            "1",
            "--uri",
            "/requestOrder",
        ];
        let signed = run(&words, data.as_bytes());
        let ask = json!({ "data": data, "byteAuthorization": out(&signed).trim_end(), "open_id": "someone" });
        let placed = self.control("POST", "/mock/client/request_order", &ask);
        assert_eq!(placed["errNo"], 0, "{placed}: {}", self.control("GET", "/mock/calls", &Value::Null));
        let id = |value: &Value| value.as_str().expect("a number").to_owned();
        let items =
            placed["itemOrderList"].as_array().expect("a list").iter().map(|item| id(&item["itemOrderId"]));
        (id(&placed["orderId"]), items.collect())
    }

    /// A call of the platform that the command line leaves to the service.
    pub(crate) fn call(&self, endpoint: &str, body: &Value) -> Value {
        let secret = json!({
            "client_key": "tt0000000000000001", "client_secret": "mock_app_secret", "grant_type": "client_credential",
        });
        let token = self.control("POST", "/oauth/client_token/", &secret);
        let token = token["data"]["access_token"].as_str().expect("a token");
        let url = format!("{}/api/trade_basic/v1/developer/{endpoint}/", self.mock);
        let request =
            Request::post(url).header("content-type", "application/json").header("access-token", token);
        let request = request.body(Bytes::from(body.to_string())).expect("a request");
        let answer = self.runtime.block_on(Env::real().net.send(request, WITHIN)).expect("an answer");
        let told: Value = serde_json::from_slice(answer.body()).expect("JSON");
        assert_eq!(told["err_no"], 0, "{endpoint}: {told}");
        told["data"].clone()
    }

    /// The same, paid.
    pub(crate) fn paid(&self, number: &str) -> (String, Vec<String>) {
        let (order_id, items) = self.place(number);
        self.control("POST", "/mock/pay", &json!({ "order_id": order_id }));
        (order_id, items)
    }

    /// Runs the service beside the platform, on the platform's clock.
    pub(crate) fn serve(&mut self) {
        self.serve_with(&self.configuration());
    }

    /// The same on another configuration.
    pub(crate) fn serve_with(&mut self, configuration: &str) {
        let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound");
        let keys = format!(
            "dev = {{ follow_clock = \"{}\" }}\nlog = {{ filter = \"error\" }}\n[[api_keys]]\nname = \"shop\"\nrole = \"operator\"\nsha256 = \"{}\"\n",
            self.mock,
            douyin_pay_server::api_key::sha256_hex(KEY)
        );
        let text = configuration.replace("127.0.0.1:1\"", &format!("{address}\""));
        self.write("service.toml", &text.replace("[[apps]]", &format!("{keys}[[apps]]")));
        let (child, told) = start(&["serve", "--json", "--config", &self.file("service.toml")]);
        let url = told["service"].as_str().expect("a URL").to_owned();
        let callbacks = format!("{url}/callbacks/coffee");
        let abilities = ["payment", "refund", "pre_create_refund", "settle"]
            .map(|name| (name.to_owned(), json!(callbacks)));
        let published: Value = abilities.into_iter().collect::<serde_json::Map<_, _>>().into();
        let change = json!({ "app_id": "tt0000000000000001", "published": published });
        self.control("POST", "/mock/apps/trade", &change);
        self.service = Some((child, url));
    }

    /// A callback to the service, which must take it.
    pub(crate) fn trigger(&self, words: &[&str]) {
        let config = self.file("service.toml");
        let output = self.run(&[&["trigger"], words, &["--config", &config, "--app", "coffee"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}{}", out(&output), err(&output));
    }

    /// Runs a command of the service's shop.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        let (_, url) = self.service.as_ref().expect("it runs");
        let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
        command.args(words).env("LC_ALL", "en_US.UTF-8").stdin(Stdio::null());
        command.env("DOUYIN_PAY_URL", url).env("DOUYIN_PAY_KEY", KEY).env("DOUYIN_PAY_APP", "coffee");
        command.output().expect("the binary starts")
    }

    /// The same, which must end well; its JSON.
    pub(crate) fn asked(&self, words: &[&str]) -> Value {
        let output = self.run(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}{}", out(&output), err(&output));
        read(&output)
    }

    /// Waits for something, while the platform's time goes by.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < WITHIN, "not within {WITHIN:?}: {what}");
            self.advance(2);
        }
    }

    /// The platform's time goes by.
    pub(crate) fn advance(&self, seconds: u64) {
        self.control("POST", "/mock/clock", &json!({ "advance_seconds": seconds }));
    }
}

/// Starts a process that says in its first line where it listens.
fn start(words: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let told = serde_json::from_str(&line).unwrap_or_else(|cause| panic!("{words:?}: {cause}: {line}"));
    (child, told)
}
