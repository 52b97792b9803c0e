//! The demo shop: a page that shows what happens behind a payment.
//!
//! ```text
//!  browser ──► demo ──REST──► service ──signed──► mock platform
//!     ▲          │ live          │ events            ▲  ▲
//!     └──────────┘◄──────────────┘                   │  │ cashier, in a frame of the page (`tt.pay`)
//!                └──── what the page plays of `tt` ──┘    (`tt.requestOrder`, `tt.getOrderPayment`)
//! ```

mod act;
mod client;
mod guard;
mod live;
mod menu;
mod page;
mod problem;
mod snapshot;
mod steps;
mod wishes;
mod words;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use bytes::Bytes;
use douyin_pay_env::{Env, Net};
use douyin_pay_mock::Mock;
use douyin_pay_protocol::OutOrderNo;
use http::{HeaderMap, HeaderValue, Request, header};
use serde_json::Value;

use super::wire::{Wire, curl};
use menu::Item;
use problem::Problem;
use wishes::Wishes;

/// The service answers a merchant within eight seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(12);

/// The demo shop's back end: no state of its own but what should go wrong.
#[derive(Clone)]
pub(super) struct Demo {
    /// What nobody should see on the page: looking, not acting.
    pub(super) plain: Env,
    /// A door to the network that the page shows.
    pub(super) tapped: Arc<dyn Net>,
    pub(super) wire: Wire,
    pub(super) service: String,
    pub(super) platform: String,
    pub(super) shop: String,
    pub(super) api_key: String,
    pub(super) mock: Mock,
    pub(super) wishes: Arc<Mutex<Wishes>>,
}

impl Demo {
    pub(super) fn router(&self) -> Router {
        Router::new()
            .route("/", get(page::page))
            .route("/{part}", get(page::part))
            .route("/api/world", get(act::world))
            .route("/api/orders", post(act::buy))
            .route("/api/orders/{number}/live", get(live::live))
            .route("/api/orders/{number}/refunds", post(act::refund))
            .route("/api/orders/{number}/refunds/{refund}/audit", post(act::audit))
            .route("/api/orders/{number}/fulfilments", post(act::fulfil))
            .route("/api/orders/{number}/settlements", post(act::settle))
            .route("/mock/client/{call}", post(client::client))
            .route("/api/clock", post(act::jump))
            .route("/api/faults", post(act::wish))
            .layer(from_fn_with_state(self.clone(), guard::guard))
            .with_state(self.clone())
    }

    /// Asks the service as the shop does, for everybody to see.
    async fn act(&self, item: Item, path: &str, body: &Value) -> Result<Value, Problem> {
        self.ask(&self.tapped, "POST", &self.url(item, path), Bytes::from(body.to_string())).await
    }

    /// Asks the service without leaving a trace on the page.
    async fn look(&self, item: Item, path: &str) -> Result<Value, Problem> {
        self.ask(&self.plain.net, "GET", &self.url(item, path), Bytes::new()).await
    }

    async fn ask(&self, net: &Arc<dyn Net>, method: &str, url: &str, body: Bytes) -> Result<Value, Problem> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in self.headers(!body.is_empty()) {
            request = request.header(name.expect("each name once"), value);
        }
        let request = request.body(body).expect("a loopback URL");
        let answer = net.send(request, ANSWER_WITHIN).await.map_err(|cause| Problem::silent(&cause))?;
        let said = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() { Ok(said) } else { Err(Problem::refused(answer.status(), said)) }
    }

    /// A path below the app that sells this.
    fn url(&self, item: Item, path: &str) -> String {
        format!("{}/v1/apps/{}/{path}", self.service, item.app())
    }

    fn headers(&self, with_body: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_str(&format!("Bearer {}", self.api_key)).expect("a key of visible ASCII");
        headers.insert(header::AUTHORIZATION, key);
        if with_body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers
    }

    /// The command that reads an order.
    fn curl_to_read(&self, number: &OutOrderNo) -> String {
        let url = self.url(Item::of_number(number), &format!("orders/{number}"));
        curl("GET", &url, &self.headers(false), "")
    }
}
