//! A merchant's back end in miniature: hears events, checks them, keeps each once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use douyin_pay_env::Clock;
use douyin_pay_protocol::Secret;
use douyin_pay_server::webhook::{self, WebhookError};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

/// The path of the shop's webhook.
pub const HOOK_PATH: &str = "/hooks/douyin";

/// Told of each event that is being delivered.
pub type Watcher = Arc<dyn Fn(&Value) + Send + Sync>;

/// What the merchant has heard so far; cloning gives another pair of the same ears.
#[derive(Clone)]
pub struct Shop(Arc<Inner>);

struct Inner {
    secret: Secret,
    clock: Arc<dyn Clock>,
    heard: Mutex<Heard>,
    on_delivery: Mutex<Option<Watcher>>,
}

#[derive(Default)]
struct Heard {
    /// Bodies by event id: a repeated delivery changes nothing.
    events: BTreeMap<String, Value>,
    /// The highest event number seen per order, to notice one that overtakes another.
    highest: BTreeMap<String, u64>,
    deliveries: u64,
    complaints: Vec<String>,
}

impl Shop {
    /// A shop that shares `secret` (`whsec_…`, decoded) with the service.
    pub fn new(secret: Secret, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner { secret, clock, heard: Mutex::default(), on_delivery: Mutex::default() };
        Self(Arc::new(inner))
    }

    /// The shop's HTTP side.
    pub fn router(&self) -> Router {
        Router::new().route(HOOK_PATH, post(hear)).with_state(self.clone())
    }

    /// Calls `watcher` with the event before each delivery is answered.
    pub fn watch(&self, watcher: Option<Watcher>) {
        *self.0.on_delivery.lock().expect("no panic while locked") = watcher;
    }

    /// The event of this type about this order, if it was heard.
    pub fn event(&self, kind: &str, out_order_no: &str) -> Option<Value> {
        self.event_where(kind, out_order_no, |_| true)
    }

    /// The event of this type about this order for which `wanted` holds, if it was heard.
    pub fn event_where(
        &self,
        kind: &str,
        out_order_no: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let heard = self.0.heard.lock().expect("no panic while locked");
        let fits = |event: &&Value| {
            event["type"] == kind && event["data"]["out_order_no"] == out_order_no && wanted(event)
        };
        heard.events.values().find(fits).cloned()
    }

    /// How many deliveries arrived, repeated ones included.
    pub fn deliveries(&self) -> u64 {
        self.0.heard.lock().expect("no panic while locked").deliveries
    }

    /// How many different events were heard.
    pub fn events(&self) -> usize {
        self.0.heard.lock().expect("no panic while locked").events.len()
    }

    /// What was wrong with deliveries: bad signatures, events out of order, one id with two bodies.
    pub fn complaints(&self) -> Vec<String> {
        self.0.heard.lock().expect("no panic while locked").complaints.clone()
    }

    fn take_in(&self, headers: &HeaderMap, body: &[u8]) -> StatusCode {
        let mut heard = self.0.heard.lock().expect("no panic while locked");
        heard.deliveries += 1;
        let verified = webhook::verify_webhook(&self.0.secret, headers, body, self.0.clock.now());
        if verified == Err(WebhookError::Timestamp) {
            // The shared clock was moved while the delivery was on its way: it comes again.
            return StatusCode::UNAUTHORIZED;
        }
        if let Err(cause) = verified {
            heard.complaints.push(format!("a delivery with a bad signature: {cause}"));
            return StatusCode::UNAUTHORIZED;
        }
        let event: Value = serde_json::from_slice(body).unwrap_or_default();
        let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        heard.note(id, event);
        StatusCode::NO_CONTENT
    }
}

impl Heard {
    fn note(&mut self, id: String, event: Value) {
        let order = event["data"]["order"]["id"].as_str().unwrap_or_default().to_owned();
        let number = event["data"]["n"].as_u64().unwrap_or_default();
        if let Some(known) = self.events.get(&id) {
            if *known != event {
                self.complaints.push(format!("event {id} came with two different bodies"));
            }
            return;
        }
        let highest = self.highest.entry(order).or_default();
        if number != *highest + 1 {
            self.complaints.push(format!("event {id} came after number {highest} of its order"));
        }
        *highest = number;
        self.events.insert(id, event);
    }
}

async fn hear(State(shop): State<Shop>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let watcher = shop.0.on_delivery.lock().expect("no panic while locked").clone();
    if let Some(watcher) = watcher {
        let event: Value = serde_json::from_slice(&body).unwrap_or_default();
        watcher(&event);
    }
    shop.take_in(&headers, &body)
}
