//! One service in one thread: the test takes every step and every second.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Clock, Env, Mono, OffsetClock, OsEntropy, TokioTasks, UnixMs};
use douyin_pay_protocol::ecpay::callback;
use douyin_pay_protocol::{Secret, Token};
use douyin_pay_server::Server;
use douyin_pay_server::config::Config;
use douyin_pay_server::journal::JournalWriter;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::contract;
use crate::platform::Others;

/// 2026-01-05 09:00:00 in Beijing.
pub(crate) const BEGIN: UnixMs = UnixMs::new(1_767_574_800_000);
pub(crate) const TOKEN: &str = "tokenCoffee1";
pub(crate) const TEA_TOKEN: &str = "tokenTea2";
pub(crate) const SALT: &str = "saltCoffee1";
const IDLE_ROUNDS: u32 = 40;

/// A clock that stands still unless it is moved.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> UnixMs {
        BEGIN
    }

    fn mono(&self) -> Mono {
        Mono::new(0)
    }

    fn sleep_until(&self, at: Mono) -> BoxFuture<()> {
        if at <= Mono::new(0) { Box::pin(std::future::ready(())) } else { Box::pin(std::future::pending()) }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Came {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// A problem with this status and code; gives its sentence.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> String {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(
            self.headers["x-request-id"],
            self.body["request_id"].as_str().expect("the test gives good values")
        );
        self.body["detail"].as_str().expect("the test gives good values").to_owned()
    }
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) others: Others,
    pub(crate) clock: OffsetClock,
    /// The door that the service looks through.
    pub(crate) env: Env,
    writer: Mutex<JournalWriter>,
    _folder: tempfile::TempDir,
}

/// The keys of the world: `admin` may everything, the others what their name says, in `coffee`.
pub(crate) fn key(role: &str) -> String {
    format!("dpk_{role}")
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|database| config(database, ""))
    }

    /// A world whose configuration is made for the path of its database.
    pub(crate) fn with(config: impl FnOnce(&str) -> Config) -> Self {
        let folder = tempfile::tempdir().expect("the test gives good values");
        let others = Others::default();
        let clock = OffsetClock::new(Arc::new(Standing));
        let env = Env {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(OsEntropy),
            net: Arc::new(others.clone()),
            tasks: Arc::new(TokioTasks::new()),
        };
        let database = folder.path().join("books/pay.db");
        let config = config(&database.display().to_string());
        let (server, writer) = Server::open_inline(config, env.clone()).expect("the test gives good values");
        let world = Self { server, others, clock, env, writer: Mutex::new(writer), _folder: folder };
        // The quiet second after a start.
        world.clock.advance(Duration::from_secs(2));
        world
    }

    /// The same files after the process died, in a new one: the runtime of the old one must be gone with its tasks.
    pub(crate) fn after_a_crash(self) -> Self {
        let Self { server, others, clock, env, writer, _folder: folder } = self;
        drop((server, writer));
        let env = Env { tasks: Arc::new(TokioTasks::new()), ..env };
        let config = config(&folder.path().join("books/pay.db").display().to_string(), "");
        let (server, writer) = Server::open_inline(config, env.clone()).expect("the same files");
        let world = Self { server, others, clock, env, writer: Mutex::new(writer), _folder: folder };
        world.clock.advance(Duration::from_secs(2));
        world.server.start_workers();
        world
    }

    /// Sends a request, and lets nothing happen after its first commit.
    pub(crate) async fn commit_and_stop(&self, request: Request<Body>) {
        let mut answering = pin!(self.server.router().oneshot(request));
        for _ in 0..1_000 {
            let _not_yet = futures_util::poll!(answering.as_mut());
            if self.writer.lock().expect("no panic while locked").step().jobs > 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("nothing was ever written");
    }

    /// Also starts the workers.
    pub(crate) fn working() -> Self {
        let world = Self::new();
        world.server.start_workers();
        world
    }

    /// Drives everything until `work` is done; while all wait for time, time passes.
    pub(crate) async fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let mut idle = 0;
        for _ in 0..100_000 {
            if let Poll::Ready(done) = futures_util::poll!(work.as_mut()) {
                return done;
            }
            idle =
                if self.writer.lock().expect("no panic while locked").step().jobs > 0 { 0 } else { idle + 1 };
            if idle > IDLE_ROUNDS {
                self.clock.advance(Duration::from_millis(250));
                idle = 0;
            }
            tokio::task::yield_now().await;
        }
        panic!("the work never ends");
    }

    /// Lets everything happen that needs no time.
    pub(crate) async fn settle(&self) {
        let mut idle = 0;
        while idle < IDLE_ROUNDS {
            tokio::task::yield_now().await;
            idle =
                if self.writer.lock().expect("no panic while locked").step().jobs > 0 { 0 } else { idle + 1 };
        }
    }

    /// Lets time pass in steps of a second, and everything happen in it.
    pub(crate) async fn pass(&self, seconds: u64) {
        for _ in 0..seconds {
            self.clock.advance(Duration::from_secs(1));
            self.settle().await;
        }
    }

    /// Lets time pass in steps that are finer than the turns under the limits.
    pub(crate) async fn flow(&self, seconds: u64) {
        for _ in 0..seconds * 40 {
            self.clock.advance(Duration::from_millis(25));
            self.settle().await;
        }
    }

    /// Lets a long time pass at once.
    pub(crate) async fn jump(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.settle().await;
        self.pass(3).await;
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: impl Into<Bytes>,
    ) -> Request<Body> {
        let builder = Request::builder().method(method).uri(path);
        let builder = match key {
            Some(key) => builder.header("authorization", format!("Bearer {key}")),
            None => builder,
        };
        builder.body(Body::from(body.into())).expect("the test gives good values")
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Came {
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let came = self.exchange(request).await;
        let document = match contract::document() {
            Some(document) => document,
            None => contract::keep(self.exchange(self.request("GET", "/openapi.json", None, "")).await.body),
        };
        contract::check(document, &method, &path, came.status, &came.body);
        came
    }

    async fn exchange(&self, request: Request<Body>) -> Came {
        let answering = async {
            let response = self.server.router().oneshot(request).await.expect("the test gives good values");
            let (parts, body) = response.into_parts();
            (parts, axum::body::to_bytes(body, usize::MAX).await.expect("the test gives good values"))
        };
        let (parts, body) = self.drive(answering).await;
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| text());
        Came { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Came {
        self.send(self.request("POST", path, Some(&key("admin")), body.to_string())).await
    }

    pub(crate) async fn get(&self, path: &str) -> Came {
        self.send(self.request("GET", path, Some(&key("admin")), "")).await
    }

    pub(crate) async fn order(&self, out_order_no: &str) -> Value {
        self.get(&format!("/v1/apps/coffee/orders/{out_order_no}")).await.expect(200)
    }

    pub(crate) async fn callback_to(&self, path: &str, body: impl Into<Bytes>) -> Came {
        self.send(self.request("POST", path, None, body)).await
    }

    /// An order of 1280 fen that is open.
    pub(crate) async fn open(&self, out_order_no: &str) -> Value {
        self.post("/v1/apps/coffee/orders", &order(out_order_no)).await.expect(201)
    }

    /// An order of 1280 fen that is paid.
    pub(crate) async fn paid(&self, out_order_no: &str) {
        self.open(out_order_no).await;
        let came = self.callback_to("/callbacks/coffee", payment(out_order_no, 1280, TOKEN)).await;
        assert_eq!(came.expect(200), json!({ "err_no": 0, "err_tips": "success" }));
    }
}

pub(crate) fn order(out_order_no: &str) -> Value {
    json!({ "out_order_no": out_order_no, "amount_fen": 1280, "subject": "Latte", "body": "Latte, large" })
}

pub(crate) fn msg(out_order_no: &str, fen: i64) -> String {
    json!({
        "appid": "tt0000000000000001", "cp_orderno": out_order_no, "total_amount": fen, "status": "SUCCESS", "way": "2",
        "paid_at": BEGIN.seconds(), "order_id": format!("N{out_order_no}"),
    })
    .to_string()
}

/// A payment callback, signed with `token`.
pub(crate) fn payment(out_order_no: &str, fen: i64, token: &str) -> Vec<u8> {
    callback::body(
        &Token::new(token).expect("the test gives good values"),
        "payment",
        "1767574800",
        "1234",
        &msg(out_order_no, fen),
    )
}

pub(crate) fn hook_secret() -> Secret {
    Secret::new(vec![7; 32]).expect("the test gives good values")
}

/// The secret that takes the place of `hook_secret`.
pub(crate) fn next_hook_secret() -> Secret {
    Secret::new(vec![8; 32]).expect("the test gives good values")
}

/// The configuration of the world, with more text at its end.
pub(crate) fn config(database: &str, more: &str) -> Config {
    config_with_hooks(database, more, r#"{ env = "HOOK" }"#)
}

/// The same with these secrets of the webhooks: `HOOK`, `NEXT_HOOK` or both.
pub(crate) fn config_with_hooks(database: &str, more: &str, hooks: &str) -> Config {
    let mut text = frame(database);
    for (name, number, token) in [("coffee", 1, "TOKEN"), ("tea", 2, "TEA_TOKEN")] {
        text.push_str(&format!(
            "[[apps]]\nname = \"{name}\"\naliases = [\"old-{name}\"]\napp_id = \"tt000000000000000{number}\"\n\
             webhook = {{ url = \"https://shop.test/{name}\", secrets = [{hooks}] }}\n\
             [apps.ecpay]\nplatform = \"https://platform.test\"\nsalt = {{ env = \"SALT\" }}\n\
             callback_tokens = [{{ env = \"{token}\" }}]\n"
        ));
    }
    text.push_str(more);
    let [hook, next] = [7, 8].map(|byte| format!("whsec_{}", data_encoding::BASE64.encode(&[byte; 32])));
    let variables =
        [("SALT", SALT), ("TOKEN", TOKEN), ("TEA_TOKEN", TEA_TOKEN), ("HOOK", &hook), ("NEXT_HOOK", &next)];
    let variables: BTreeMap<_, _> = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    Config::parse_with(&text, variables).expect("the test gives good values")
}

/// What every configuration begins with: addresses, and the keys of [`key`].
pub(crate) fn frame(database: &str) -> String {
    let mut text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"https://pay.test\"\ndatabase = \"sqlite://{database}\"\n"
    );
    for role in ["viewer", "merchant", "operator", "admin"] {
        let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(key(role)));
        let apps = if role == "admin" { "" } else { "apps = [\"coffee\"]" };
        text.push_str(&format!(
            "[[api_keys]]\nname = \"{role}\"\nrole = \"{role}\"\nsha256 = \"{sha256}\"\n{apps}\n"
        ));
    }
    text
}
