//! A mock and a service as processes, and the command line beside them.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use douyin_pay_env::Env;
use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Far more than anything takes here.
pub(crate) const WITHIN: Duration = Duration::from_secs(60);
/// The API key of the tests' shop.
pub(crate) const KEY: &str = "dpk_for_tests_on_loopback_only";

/// A provider that the app has authorised; its salt is `providersalt`.
pub(crate) const PROVIDER: &str = "tt00000000000000ff";

/// The service dies with `kill -9` whenever a test wants it to, and keeps its files.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) mock: String,
    pub(crate) address: SocketAddr,
    service: Option<Process>,
    _mock: Process,
    runtime: tokio::runtime::Runtime,
}

/// A child process that ends with its test.
pub(crate) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _status = self.0.wait();
    }
}

impl World {
    /// Both run; orders can be settled on the day of payment.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let terms = format!(
            r#"
[[apps]]
app_id = "tt0000000000000001"
salt = "mocksalt"
token = "mocktoken"
settle_period_days = 0
app_secret = "mockappsecret"
[[providers]]
thirdparty_id = "{PROVIDER}"
salt = "providersalt"
apps = ["tt0000000000000001"]
"#
        );
        std::fs::write(folder.path().join("mock.toml"), terms).expect("written");
        let terms = folder.path().join("mock.toml");
        let words = ["mock", "--listen", "127.0.0.1:0", "--json", "--config", terms.to_str().expect("UTF-8")];
        let (child, line) = start(&words);
        let mock = line["mock"].as_str().expect("a URL").to_owned();
        let address = address_to_come_back_to();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut world = Self { folder, mock, address, service: None, _mock: child, runtime };
        world.configure();
        world.start_service();
        world
    }

    fn configure(&self) {
        let (address, mock) = (self.address, &self.mock);
        let text = format!(
            r#"
listen = "{address}"
public_url = "http://{address}"
database = "sqlite://books.db"
log = {{ filter = "error" }}
dev = {{ follow_clock = "{mock}" }}

[[api_keys]]
name = "shop"
role = "operator"
sha256 = "{key}"

[[apps]]
name = "coffee"
app_id = "tt0000000000000001"
[apps.ecpay]
platform = "{mock}"
salt = {{ file = "salt" }}
callback_tokens = [{{ file = "token" }}]
"#,
            key = douyin_pay_server::api_key::sha256_hex(KEY),
        );
        for (name, text) in
            [("salt", "mocksalt"), ("token", "mocktoken"), ("douyin-pay.toml", &text), ("key", KEY)]
        {
            std::fs::write(self.file(name), text).expect("written");
        }
    }

    /// A file of this world.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The configuration of the service.
    pub(crate) fn config(&self) -> String {
        self.file("douyin-pay.toml").to_str().expect("UTF-8").to_owned()
    }

    /// Starts the service on its files.
    pub(crate) fn start_service(&mut self) {
        let (child, line) = start(&["serve", "--json", "--config", &self.config()]);
        assert_eq!(line["service"], format!("http://{}", self.address), "{line}");
        self.service = Some(child);
    }

    /// `kill -9`, and nothing of the process is left.
    pub(crate) fn kill_service(&mut self) {
        drop(self.service.take().expect("it runs"));
    }

    /// The service takes connections, because the kernel does, and reads nothing any more.
    pub(crate) fn freeze_service(&self) {
        let id = self.service.as_ref().expect("it runs").0.id().to_string();
        assert!(Command::new("kill").args(["-STOP", &id]).status().expect("kill").success());
    }

    /// One request to the mock's control routes.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.mock));
        let body = if method == "GET" { Bytes::new() } else { Bytes::from(body.to_string()) };
        let sent = Env::real().net.send(request.body(body).expect("a request"), WITHIN);
        let answer = self.runtime.block_on(sent).expect("an answer");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// The platform's books.
    pub(crate) fn books(&self) -> Value {
        self.control("GET", "/mock/books", &Value::Null)
    }

    /// Lets time go by for the platform and for the service that follows its clock.
    pub(crate) fn advance(&self, seconds: u64) {
        self.control("POST", "/mock/clock", &json!({ "advance_seconds": seconds }));
    }

    /// The next call of `endpoint` is held by `fault`.
    pub(crate) fn hold(&self, endpoint: &str, fault: &str) {
        let next = json!([{ "endpoint": endpoint, "fault": fault }]);
        self.control("PUT", "/mock/faults", &json!({ "next": next, "hang_ms": 3_600_000 }));
    }

    /// How many calls were held so far.
    pub(crate) fn held(&self) -> usize {
        let calls = self.control("GET", "/mock/calls", &Value::Null);
        let calls = calls["calls"].as_array().expect("a list").iter();
        calls.filter(|call| call["fault"].is_string()).count()
    }

    /// The command with the shop's key, in English.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
        command.args(words).env("LC_ALL", "en_US.UTF-8");
        command.env("DOUYIN_PAY_URL", format!("http://{}", self.address));
        command.env("DOUYIN_PAY_KEY", KEY).env("DOUYIN_PAY_APP", "coffee");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the binary starts")
    }

    /// Runs a command that must end well; its JSON.
    pub(crate) fn told(&self, words: &[&str]) -> Value {
        let output = self.run(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        serde_json::from_slice(&output.stdout).expect("JSON on standard output")
    }

    /// An order that was paid, and the books know it.
    pub(crate) fn paid_order(&self, number: &str) {
        let words = [
            "order",
            "create",
            number,
            "--amount",
            "12.80",
            "--subject",
            "latte",
            "--valid-seconds",
            "172800",
        ];
        let order = self.told(&[words.as_slice(), &["--wait"]].concat());
        self.control("POST", "/mock/pay", &json!({ "order_id": order["pay"]["order_id"] }));
        self.until("the payment arrives", || self.told(&["order", "get", number])["state"] == "paid");
    }

    /// Waits for something, while the platform's time goes by.
    pub(crate) fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < WITHIN, "not within {WITHIN:?}: {what}");
            self.advance(2);
        }
    }
}

/// A free address below the ports that the kernel gives to connections: nobody takes it while the service is dead.
fn address_to_come_back_to() -> SocketAddr {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 200).expect("below 200") * 50;
    loop {
        let tried = TRIED.fetch_add(1, Ordering::Relaxed);
        assert!(tried < 10_000, "no port is free");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 20_000 + (first + tried) % 10_000));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// Starts a process that says in its first line where it listens.
fn start(words: &[&str]) -> (Process, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
    let line = serde_json::from_str(&line).unwrap_or_else(|cause| panic!("{words:?}: {cause}: {line}"));
    (Process(child), line)
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The stable word of a failure that was told as JSON.
pub(crate) fn code(output: &Output) -> String {
    let error: Value =
        serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("no JSON: {}", err(output)));
    assert_eq!(error["error"]["exit"], json!(output.status.code()), "{error}");
    error["error"]["code"].as_str().expect("a code").to_owned()
}
