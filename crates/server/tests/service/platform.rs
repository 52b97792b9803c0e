//! The other sides: a platform that answers as scripted, a shop, and routers on wires.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Net, NetError};
use douyin_pay_mock::Vanish;
use http::{HeaderMap, Request, Response};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt;

/// What happens to one call.
#[derive(Clone)]
pub(crate) enum Script {
    /// Answered with this JSON.
    Reply(Value),
    /// Answered with this status and no JSON.
    Status(u16),
    /// Carried out, and the answer lost.
    Lost,
    /// Never arrived.
    NotSent,
    /// Answered as usual once the gate opens.
    Held(Arc<Notify>),
}

/// An answer that refuses.
pub(crate) fn refused(code: i64, words: &str) -> Script {
    Script::Reply(json!({ "err_no": code, "err_tips": words, "data": null }))
}

#[derive(Default)]
struct State {
    scripts: BTreeMap<String, VecDeque<Script>>,
    /// Endpoint and body of every call that arrived.
    calls: Vec<(String, Value)>,
    in_flight: usize,
    most_in_flight: usize,
    /// What `query_order` says of a number.
    paid: Vec<String>,
    /// Hosts that are served in this process.
    hosts: BTreeMap<&'static str, Router>,
    deliveries: Vec<(HeaderMap, Bytes)>,
    shop: VecDeque<u16>,
}

/// Both sides; clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Others(Arc<Mutex<State>>);

impl Others {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no panic while locked")
    }

    /// The next call to `endpoint` goes this way; later ones are answered as usual again.
    pub(crate) fn next(&self, endpoint: &str, script: Script) {
        self.state().scripts.entry(endpoint.to_owned()).or_default().push_back(script);
    }

    /// From now on `query_order` says that this number is paid.
    pub(crate) fn pay(&self, out_order_no: &str) {
        self.state().paid.push(out_order_no.to_owned());
    }

    /// The bodies of all calls to `endpoint` that arrived.
    pub(crate) fn calls(&self, endpoint: &str) -> Vec<Value> {
        let state = self.state();
        state.calls.iter().filter(|(name, _)| name == endpoint).map(|(_, body)| body.clone()).collect()
    }

    /// How many calls were under way at the same time, at most.
    pub(crate) fn most_in_flight(&self) -> usize {
        self.state().most_in_flight
    }

    /// From now on `host` is served by `router`.
    pub(crate) fn connect(&self, host: &'static str, router: Router) {
        self.state().hosts.insert(host, router);
    }

    /// The next delivery is answered with this status.
    pub(crate) fn shop_answers(&self, status: u16) {
        self.state().shop.push_back(status);
    }

    /// Everything that was delivered to the shop.
    pub(crate) fn deliveries(&self) -> Vec<(HeaderMap, Bytes)> {
        self.state().deliveries.clone()
    }

    fn usual(&self, endpoint: &str, body: &Value) -> Value {
        let paid = self.state().paid.iter().any(|number| body["out_order_no"] == **number);
        let number = body["out_order_no"].as_str().unwrap_or("x");
        match endpoint {
            "create_order" => json!({
                "err_no": 0, "err_tips": "", "data": { "order_id": format!("N{number}"), "order_token": format!("T{number}") },
            }),
            "query_order" => json!({
                "err_no": 0, "err_tips": "", "out_order_no": number, "order_id": format!("N{number}"),
                "payment_info": {
                    "total_fee": 1280, "order_status": if paid { "SUCCESS" } else { "PROCESSING" },
                    "pay_time": if paid { "2026-01-05 09:00:00" } else { "" }, "way": if paid { 2 } else { 0 },
                },
            }),
            "create_refund" => json!({ "err_no": 0, "err_tips": "", "refund_no": "N900" }),
            "settle" => json!({ "err_no": 0, "err_tips": "", "settle_no": "N901" }),
            "query_refund" => json!({ "err_no": 3101, "err_tips": "退款记录不存在" }),
            "create_return" => {
                json!({ "err_no": 0, "err_tips": "success", "return_info": returned(body, "PROCESSING") })
            }
            "query_return" => {
                let asked = self.calls("create_return");
                match asked.iter().find(|call| call["out_return_no"] == body["out_return_no"]) {
                    Some(call) => {
                        json!({ "err_no": 0, "err_tips": "success", "return_info": returned(call, "SUCCESS") })
                    }
                    None => json!({ "err_no": 4408, "err_tips": "退分账记录不存在" }),
                }
            }
            _ => json!({ "err_no": 2010, "err_tips": "结算记录不存在" }),
        }
    }

    async fn platform(self, endpoint: String, body: Bytes) -> Result<Response<Bytes>, NetError> {
        let body: Value = serde_json::from_slice(&body).expect("the test gives good values");
        let script = self.state().scripts.get_mut(&endpoint).and_then(VecDeque::pop_front);
        if matches!(script, Some(Script::NotSent)) {
            return Err(NetError::not_sent("connection refused"));
        }
        {
            let mut state = self.state();
            state.calls.push((endpoint.clone(), body.clone()));
            state.in_flight += 1;
            state.most_in_flight = state.most_in_flight.max(state.in_flight);
        }
        tokio::task::yield_now().await;
        if let Some(Script::Held(gate)) = &script {
            gate.notified().await;
        }
        self.state().in_flight -= 1;
        match script {
            Some(Script::Lost) => Err(NetError::maybe_sent("connection reset")),
            Some(Script::Status(status)) => Ok(response(status, "<html>ill</html>".into())),
            Some(Script::Reply(reply)) => Ok(response(200, reply.to_string())),
            _ => Ok(response(200, self.usual(&endpoint, &body).to_string())),
        }
    }

    /// Hands a request to the router of its host.
    async fn route(self, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        let router = request.uri().host().and_then(|host| self.state().hosts.get(host).cloned());
        let router = router.ok_or_else(|| NetError::not_sent("connection refused"))?;
        let Ok(response) = router.oneshot(request.map(Body::from)).await;
        if response.extensions().get::<Vanish>().is_some() {
            return Err(NetError::maybe_sent("connection closed without an answer"));
        }
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await;
        let body = body.map_err(|_| NetError::maybe_sent("connection closed inside the answer"))?;
        Ok(Response::from_parts(parts, body))
    }

    fn shop(&self, request: Request<Bytes>) -> Response<Bytes> {
        let mut state = self.state();
        state.deliveries.push((request.headers().clone(), request.body().clone()));
        response(state.shop.pop_front().unwrap_or(204), String::new())
    }
}

/// What is told of a return that was asked for so.
fn returned(ask: &Value, status: &str) -> Value {
    let copied = |name: &str| ask[name].clone();
    json!({
        "app_id": copied("app_id"), "out_settle_no": copied("out_settle_no"), "out_return_no": copied("out_return_no"),
        "return_no": "N902", "merchant_uid": copied("merchant_uid"), "return_amount": copied("return_amount"),
        "return_status": status, "fail_reason": "", "finish_time": if status == "SUCCESS" { 1_767_574_900 } else { 0 },
    })
}

fn response(status: u16, body: String) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::from(body)).expect("the test gives good values")
}

impl Net for Others {
    fn send(
        &self,
        request: Request<Bytes>,
        _deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let others = self.clone();
        Box::pin(async move {
            match request.uri().host() {
                Some("platform.test") => {
                    let endpoint = request
                        .uri()
                        .path()
                        .rsplit('/')
                        .next()
                        .expect("the test gives good values")
                        .to_owned();
                    others.platform(endpoint, request.into_body()).await
                }
                Some("shop.test") => Ok(others.shop(request)),
                Some(host) if others.state().hosts.contains_key(host) => others.route(request).await,
                other => panic!("nobody is called {other:?}"),
            }
        })
    }
}
