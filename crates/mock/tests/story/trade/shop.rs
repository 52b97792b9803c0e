//! A merchant's server and a phone, written by hand.

use std::sync::Mutex;

use axum::body::Body;
use douyin_pay_env::Clock;
use douyin_pay_mock::{ConsoleChange, MockConfig, PayAsk, keys};
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::trade::{ApplicationKey, KeyVersion, Nonce, REQUEST_ORDER_URI, authorize};
use http::Request;
use serde_json::{Value, json};

use crate::world::{World, config};

pub(super) const APP: &str = "tt0000000000000001";
/// Virtual service: no fulfilment sync, refunds by agreement.
pub(super) const SERVICE: (u16, &str) = (301, "tag_group_7272625659888058380");
/// Parking: no fulfilment sync, refunds at will.
pub(super) const PARKING: (u16, &str) = (703, "tag_group_7443548955339669558");
/// Virtual top-up: not refundable.
pub(super) const TOP_UP: (u16, &str) = (103, "tag_group_7272625659887992844");
/// SIM card: three stages.
pub(super) const SIM: (u16, &str) = (101, "tag_group_7272625659887943692");

/// Membership: a description is required, its shape is not published.
pub(super) const MEMBERSHIP: (u16, &str) = (402, "tag_group_7272625659888041996");

pub(super) struct Shop {
    pub(super) world: World,
    key: ApplicationKey,
    token: Mutex<Option<String>>,
    signed: Mutex<u64>,
}

impl Shop {
    pub(super) fn new() -> Self {
        Self::with(config())
    }

    pub(super) fn with(config: MockConfig) -> Self {
        Self::of(World::with(config))
    }

    pub(super) fn of(world: World) -> Self {
        let key = ApplicationKey::parse(keys::APPLICATION_KEY_PEM).unwrap();
        Self { world, key, token: Mutex::new(None), signed: Mutex::new(0) }
    }

    /// A change at the console.
    pub(super) fn console(&self, change: impl FnOnce(&mut ConsoleChange)) {
        let mut wanted = ConsoleChange { app_id: APP.to_owned(), ..ConsoleChange::default() };
        change(&mut wanted);
        self.world.mock.change_console(&wanted).unwrap();
    }

    pub(super) async fn fetch_token(&self) -> String {
        let (_, answer) = self.token_call("client_token", secret("mock_app_secret")).await;
        answer["data"]["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn token_call(&self, name: &str, body: Value) -> (u16, Value) {
        let request = Request::post(format!("/oauth/{name}/")).body(Body::from(body.to_string())).unwrap();
        self.world.exchange(request).await
    }

    /// A call with a token in any case.
    pub(super) async fn call_with(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::post(path).header("access-token", token).header("host", "mock.test:1");
        self.world.exchange(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A call to `trade_basic`; a token that is not accepted any more is fetched again once.
    pub(super) async fn call(&self, endpoint: &str, body: Value) -> Value {
        self.call_path(&format!("/api/trade_basic/v1/developer/{endpoint}/"), body).await
    }

    pub(super) async fn call_path(&self, path: &str, body: Value) -> Value {
        let known = self.token.lock().unwrap().clone();
        let token = match known {
            Some(token) => token,
            None => self.renew().await,
        };
        let (_, answer) = self.call_with(&token, path, &body).await;
        if [28_001_003, 28_001_008].iter().any(|code| answer["err_no"] == *code) {
            let token = self.renew().await;
            return self.call_with(&token, path, &body).await.1;
        }
        answer
    }

    async fn renew(&self) -> String {
        let token = self.fetch_token().await;
        *self.token.lock().unwrap() = Some(token.clone());
        token
    }

    /// `byteAuthorization` for the data, by the shop's own key.
    pub(super) fn sign(&self, data: &str) -> String {
        self.sign_with(&self.key, "1", REQUEST_ORDER_URI, data)
    }

    pub(super) fn sign_with(&self, key: &ApplicationKey, version: &str, uri: &str, data: &str) -> String {
        let count = {
            let mut signed = self.signed.lock().unwrap();
            *signed += 1;
            *signed
        };
        let nonce = Nonce::of_random(u128::from(count).to_be_bytes());
        let at = self.world.clock.now();
        let (app_id, version) = (AppId::new(APP).unwrap(), KeyVersion::new(version).unwrap());
        authorize(&app_id, key, &version, "POST", uri, data.as_bytes(), at, &nonce).to_string()
    }

    /// `tt.requestOrder` with data in any state.
    pub(super) async fn request(&self, data: &str, authorization: &str) -> Value {
        let body = json!({ "data": data, "byteAuthorization": authorization, "open_id": "open-1" });
        self.world.control("POST", "/mock/client/request_order", &body.to_string()).await.1
    }

    /// Signs and places; the answer as the client hears it.
    pub(super) async fn place(&self, data: &Value) -> Value {
        let data = data.to_string();
        let authorization = self.sign(&data);
        self.request(&data, &authorization).await
    }

    pub(super) async fn placed(&self, data: &Value) -> String {
        let answer = self.place(data).await;
        assert_eq!(answer["errNo"], 0, "{answer} {}", self.world.last_problem());
        answer["orderId"].as_str().unwrap().to_owned()
    }

    pub(super) async fn paid(&self, data: &Value) -> String {
        let order_id = self.placed(data).await;
        self.world.mock.pay(&PayAsk::new(&order_id)).unwrap();
        order_id
    }

    /// The numbers of an order's items.
    pub(super) fn items(&self, order_id: &str) -> Vec<String> {
        let order = self.world.mock.books().orders.into_iter().find(|order| order.order_id == order_id);
        order.unwrap().items.into_iter().map(|item| item.item_order_id).collect()
    }

    pub(super) async fn order(&self, order_id: &str) -> Value {
        self.call("order_query", json!({ "order_id": order_id })).await["data"].clone()
    }

    pub(super) async fn refund_of(&self, number: &str) -> Value {
        let answer = self.call("refund_query", json!({ "out_refund_no": number })).await;
        answer["data"]["refund_list"][0].clone()
    }

    /// The user or the customer service applies at the platform.
    pub(super) async fn apply(&self, body: Value) -> (u16, Value) {
        self.world.control("POST", "/mock/client/apply_refund", &body.to_string()).await
    }

    pub(super) async fn seconds(&self, seconds: u64) {
        self.world.advance(std::time::Duration::from_secs(seconds)).await;
    }

    /// Messages of one kind that the merchant has heard.
    pub(super) fn told(&self, kind: &str) -> Vec<Value> {
        let heard = self.world.merchant.heard();
        heard.iter().filter(|heard| heard.envelope()["type"] == kind).map(crate::world::Heard::msg).collect()
    }
}

pub(super) fn secret(text: &str) -> Value {
    json!({ "client_key": APP, "client_secret": text, "grant_type": "client_credential" })
}

/// Order data of one sku.
pub(super) fn data(number: &str, (kind, group): (u16, &str), price: i64, quantity: i64) -> Value {
    let mut sku = json!({
        "skuId": "sku-1", "price": price, "quantity": quantity, "title": "Latte",
        "imageList": ["https://shop.example.com/a.png"], "type": kind, "tagGroupId": group,
    });
    if kind < 200 || matches!(kind, 402..=406) {
        sku["skuAttr"] = json!("{\"call_duration\":1}");
    }
    json!({
        "skuList": [sku], "outOrderNo": number, "totalAmount": price * quantity,
        "orderEntrySchema": { "path": "pages/order/detail", "params": "{\"id\":1}" },
    })
}

pub(super) fn service(number: &str, fen: i64) -> Value {
    data(number, SERVICE, fen, 1)
}

/// The body of `refund_create` for single items.
pub(super) fn refund(order_id: &str, number: &str, items: &[(&str, i64)]) -> Value {
    let list: Vec<Value> =
        items.iter().map(|(item, fen)| json!({ "item_order_id": item, "refund_amount": fen })).collect();
    json!({
        "order_id": order_id, "out_refund_no": number, "cp_extra": "",
        "order_entry_schema": { "path": "pages/refund/detail" },
        "refund_total_amount": items.iter().map(|(_, fen)| fen).sum::<i64>(),
        "refund_reason": [{ "code": 101, "text": "changed my mind" }],
        "item_order_detail": list,
    })
}

/// The body of `refund_create` for all of an order.
pub(super) fn refund_all(order_id: &str, number: &str, fen: i64) -> Value {
    let mut body = refund(order_id, number, &[]);
    body["refund_all"] = json!(true);
    body["refund_total_amount"] = json!(fen);
    body.as_object_mut().unwrap().remove("item_order_detail");
    body
}

pub(super) fn settle(order: &str, number: &str, shares: &Value) -> Value {
    json!({
        "app_id": APP, "out_order_no": order, "out_settle_no": number, "settle_desc": "settle",
        "settle_params": shares.to_string(), "ext": "x",
    })
}
