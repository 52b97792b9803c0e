//! A mock on the test's own clock, and a merchant that keeps records.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Clock, Env, Mono, Net, NetError, OffsetClock, Sent};
use douyin_pay_mock::{Mock, MockApp, MockConfig, MockTrade, PayAsk, Vanish};
use douyin_pay_protocol::ecpay::json::{sign, sign_query};
use douyin_pay_protocol::{Salt, UnixMs};
use http::{Request, Response};
use serde_json::{Value, json};
use tower::ServiceExt;

/// 2024-01-01 00:00:00 in Beijing.
pub(crate) const START: i64 = 1_704_038_400_000;
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// A clock that stands still; the offset clock above it does all the moving.
struct Frozen(i64);

impl Clock for Frozen {
    fn now(&self) -> UnixMs {
        UnixMs::new(self.0)
    }

    fn mono(&self) -> Mono {
        Env::real().clock.mono()
    }

    fn sleep_until(&self, _at: Mono) -> BoxFuture<()> {
        Box::pin(std::future::pending())
    }
}

/// Hears callbacks and answers as scripted, then with success.
#[derive(Default)]
pub(crate) struct Merchant {
    pub(crate) heard: Mutex<Vec<Heard>>,
    pub(crate) answers: Mutex<VecDeque<Result<(u16, String), String>>>,
    pub(crate) always: Mutex<Option<(u16, String)>>,
    clock: Mutex<Option<OffsetClock>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) at: i64,
    pub(crate) url: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Heard {
    pub(crate) fn envelope(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn msg(&self) -> Value {
        serde_json::from_str(self.envelope()["msg"].as_str().unwrap()).unwrap()
    }
}

impl Merchant {
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn always(&self, status: u16, body: &str) {
        *self.always.lock().unwrap() = Some((status, body.to_owned()));
    }

    fn answer(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        let at = self.clock.lock().unwrap().as_ref().unwrap().now().get();
        let headers = request.headers().clone();
        let heard = Heard { at, url: request.uri().to_string(), headers, body: request.body().clone() };
        let usual = || Ok((200, usual_answer(&heard)));
        let scripted = self.answers.lock().unwrap().pop_front();
        let always = self.always.lock().unwrap().clone().map(Ok);
        let answer = scripted.or(always).unwrap_or_else(usual);
        self.heard.lock().unwrap().push(heard);
        match answer {
            Ok((status, body)) => Ok(Response::builder().status(status).body(Bytes::from(body)).unwrap()),
            Err(problem) => Err(NetError { sent: Sent::Maybe, problem }),
        }
    }
}

/// What a merchant in good order says; a refund applied for gets a number of its own.
fn usual_answer(heard: &Heard) -> String {
    if let Some((_, echo)) = heard.url.split_once("echostr=") {
        return echo.to_owned();
    }
    let mut answer = json!({ "err_no": 0, "err_tips": "success" });
    if heard.envelope()["type"] == "pre_create_refund" {
        let number = format!("RF-{}", heard.msg()["refund_id"].as_str().unwrap());
        answer["data"] = json!({ "out_refund_no": number, "order_entry_schema": { "path": "pages/refund" } });
    }
    answer.to_string()
}

struct Wire(Arc<Merchant>);

impl Net for Wire {
    fn send(
        &self,
        request: Request<Bytes>,
        _deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let answer = self.0.answer(&request);
        Box::pin(async move { answer })
    }
}

pub(crate) struct World {
    pub(crate) mock: Mock,
    pub(crate) clock: OffsetClock,
    pub(crate) merchant: Arc<Merchant>,
}

pub(crate) fn app() -> MockApp {
    MockApp::default()
        .with_notify_url("https://shop.example.com/console")
        .with_trade(MockTrade::default().with_callbacks("https://shop.example.com/trade"))
}

/// Orders can be settled as soon as they are paid.
pub(crate) fn without_period() -> World {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    World::with(config)
}

pub(crate) fn config() -> MockConfig {
    MockConfig { apps: vec![app()], ..MockConfig::default() }
}

impl World {
    /// A world that begins at another time, in Unix ms.
    pub(crate) fn beginning(start: i64, config: MockConfig) -> Self {
        let (env, clock, merchant) = surroundings_from(start);
        Self { mock: Mock::with_clock(env, clock.clone(), config), clock, merchant }
    }

    pub(crate) fn new() -> Self {
        Self::with(config())
    }

    pub(crate) fn with(config: MockConfig) -> Self {
        let (env, clock, merchant) = surroundings();
        Self { mock: Mock::with_clock(env, clock.clone(), config), clock, merchant }
    }

    pub(crate) async fn advance(&self, by: Duration) {
        self.mock.advance(by).await.unwrap();
    }

    /// A call with the app id and the right signature added.
    pub(crate) async fn call(&self, endpoint: &str, body: Value) -> Value {
        let (_, answer) = self.raw(endpoint, signed(body, "mock_salt").to_string()).await;
        serde_json::from_str(&answer).unwrap_or_else(|_| json!({ "text": answer }))
    }

    /// A signed call at any path.
    pub(crate) async fn call_path(&self, path: &str, body: Value) -> Value {
        let request = Request::post(path).body(Body::from(signed(body, "mock_salt").to_string())).unwrap();
        self.exchange(request).await.1
    }

    /// A call below `/api/apps/`, signed with `salt`; nothing but what `body` has is added.
    pub(crate) async fn apps(&self, path: &str, mut body: Value, salt: &str) -> Value {
        let right = sign(body.to_string().as_bytes(), &Salt::new(salt).unwrap()).unwrap();
        body["sign"] = json!(right.to_string());
        self.unsigned(path, body).await
    }

    /// A call below `/api/apps/` with `body` as it is.
    pub(crate) async fn unsigned(&self, path: &str, body: Value) -> Value {
        let request = Request::post(format!("/api/apps/{path}")).header("host", "mock.test");
        self.exchange(request.body(Body::from(body.to_string())).unwrap()).await.1
    }

    /// A signed GET below `/api/apps/`, and its answer's text.
    pub(crate) async fn fetch(&self, path: &str, query: &str) -> String {
        let right = sign_query(query, &Salt::new("mock_salt").unwrap()).unwrap();
        let request = Request::get(format!("/api/apps/{path}?{query}&sign={right}"));
        text(self.mock.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()).await.1
    }

    /// Any bytes; `None` when the connection is to be closed without an answer.
    pub(crate) async fn send(&self, endpoint: &str, body: String) -> Option<Response<Body>> {
        let path = format!("/api/apps/ecpay/v1/{endpoint}");
        let request = Request::post(path).body(Body::from(body)).unwrap();
        let response = self.mock.router().oneshot(request).await.unwrap();
        response.extensions().get::<Vanish>().is_none().then_some(response)
    }

    pub(crate) async fn raw(&self, endpoint: &str, body: String) -> (u16, String) {
        match self.send(endpoint, body).await {
            Some(response) => text(response).await,
            None => (0, "vanished".to_owned()),
        }
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path).body(Body::from(body.to_owned())).unwrap();
        self.exchange(request).await
    }

    /// Any request; the answer's body as JSON, or as a text when it is none.
    pub(crate) async fn exchange(&self, request: Request<Body>) -> (u16, Value) {
        let (status, text) = text(self.mock.router().oneshot(request).await.unwrap()).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(crate) async fn open(&self, number: &str, fen: i64) -> String {
        let answer = self.call("create_order", order(number, fen)).await;
        assert_eq!(answer["err_no"], 0, "{answer}");
        answer["data"]["order_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn paid(&self, number: &str, fen: i64) -> String {
        let order_id = self.open(number, fen).await;
        self.mock.pay(&PayAsk::new(&order_id)).unwrap();
        order_id
    }

    pub(crate) async fn refund(&self, order: &str, number: &str, fen: i64) -> Value {
        self.call("create_refund", refund(order, number, fen)).await
    }

    pub(crate) async fn settle(&self, order: &str, number: &str, shares: Value) -> Value {
        self.call("settle", settle(order, number, shares)).await
    }

    /// Paid and settled at once, with one receiver; the app's period must be 0.
    pub(crate) async fn settled(&self, order: &str, fen: i64, settlement: &str, receiver: &str, part: i64) {
        self.paid(order, fen).await;
        let answer = self.settle(order, settlement, json!([share(receiver, part)])).await;
        assert_eq!(answer["err_no"], 0, "{answer}");
        self.advance(Duration::from_secs(60)).await;
    }

    /// What one merchant holds in one channel: in transit, withdrawable, frozen.
    pub(crate) fn holds(&self, uid: &str, way: i64) -> (i64, i64, i64) {
        let books = self.mock.books();
        let found = books.balances.iter().find(|one| one.merchant_uid == uid && one.way == way);
        found.map_or((0, 0, 0), |one| (one.in_transit_fen, one.withdrawable_fen, one.frozen_fen))
    }

    /// What was wrong with the last call, in the mock's words.
    pub(crate) fn last_problem(&self) -> String {
        self.mock.calls().calls.last().and_then(|call| call.problem.clone()).unwrap_or_default()
    }
}

pub(crate) fn surroundings() -> (Env, OffsetClock, Arc<Merchant>) {
    surroundings_from(START)
}

fn surroundings_from(start: i64) -> (Env, OffsetClock, Arc<Merchant>) {
    let clock = OffsetClock::new(Arc::new(Frozen(start)));
    let merchant = Arc::new(Merchant::default());
    *merchant.clock.lock().unwrap() = Some(clock.clone());
    let env = Env { net: Arc::new(Wire(merchant.clone())), ..Env::real() };
    (env, clock, merchant)
}

pub(crate) async fn text(response: Response<Body>) -> (u16, String) {
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

pub(crate) fn signed(mut body: Value, salt: &str) -> Value {
    let map = body.as_object_mut().unwrap();
    map.entry("app_id").or_insert_with(|| json!("tt0000000000000001"));
    let signature = sign(serde_json::to_vec(&map).unwrap().as_slice(), &Salt::new(salt).unwrap()).unwrap();
    map.insert("sign".to_owned(), json!(signature.to_string()));
    body
}

pub(crate) fn order(number: &str, fen: i64) -> Value {
    json!({ "out_order_no": number, "total_amount": fen, "subject": "Latte", "body": "Latte large", "valid_time": 900 })
}

pub(crate) fn refund(order: &str, number: &str, fen: i64) -> Value {
    json!({ "out_order_no": order, "out_refund_no": number, "refund_amount": fen, "reason": "cold" })
}

pub(crate) fn settle(order: &str, number: &str, shares: Value) -> Value {
    json!({ "out_order_no": order, "out_settle_no": number, "settle_desc": "settle", "settle_params": shares.to_string() })
}

pub(crate) fn share(uid: &str, fen: i64) -> Value {
    json!({ "merchant_uid": uid, "amount": fen })
}
