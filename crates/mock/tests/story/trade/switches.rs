//! Switches and faults of the server calls.

use std::collections::BTreeMap;

use douyin_pay_mock::{CallFault, Faults, MockApp, NextCall, System};
use serde_json::{Value, json};

use super::shop::{APP, Shop, refund_all, secret, service};
use crate::world::{config, order};

#[tokio::test]
async fn paths_with_and_without_a_slash_are_the_same() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 5)).await;
    for path in ["/api/trade_basic/v1/developer/order_query", "/api/trade_basic/v1/developer/order_query/"] {
        assert_eq!(shop.call_path(path, json!({ "order_id": order_id })).await["err_no"], 0);
    }
    assert_eq!(shop.token_call("client_token", secret("mock_app_secret")).await.0, 200);
}

#[tokio::test]
async fn refusals_may_come_with_status_400() {
    let mut config = config();
    config.switches.http_400_for_errors = true;
    let shop = Shop::with(config);
    let token = shop.fetch_token().await;
    let path = "/api/trade_basic/v1/developer/order_query/";
    let (status, answer) = shop.call_with(&token, path, &json!({ "order_id": "motb1" })).await;
    assert_eq!((status, &answer["err_no"]), (400, &json!(20_000)));
    let order_id = shop.paid(&service("O1", 5)).await;
    assert_eq!(shop.call_with(&token, path, &json!({ "order_id": order_id })).await.0, 200);
    assert_eq!(shop.token_call("client_token", secret("wrong")).await.0, 200, "token calls never do");
}

#[tokio::test]
async fn integers_may_come_as_texts_and_may_be_sent_so() {
    let mut config = config();
    config.switches.numbers_as_strings = true;
    let shop = Shop::with(config);
    let order_id = shop.paid(&service("O1", 5)).await;
    let order = shop.call("order_query", json!({ "order_id": order_id })).await;
    assert_eq!((&order["err_no"], &order["data"]["total_amount"]), (&json!(0), &json!("5")));
    assert_eq!(order["data"]["item_order_list"][0]["item_order_amount"], "5");
    let mut refund = refund_all(&order_id, "R1", 5);
    refund["refund_total_amount"] = json!("5");
    assert_eq!(shop.call("refund_create", refund).await["err_no"], 0);
    let push = json!({ "order_id": order_id, "item_order_id_list": ["x"], "to_status": "fulfilling" });
    assert_eq!(shop.call("fulfill_push_status", push).await["err_no"], "10000");
    shop.seconds(3).await;
    assert_eq!(shop.told("payment")[0]["total_amount"], "5");
}

#[tokio::test]
async fn faults_speak_this_systems_language() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 5)).await;
    let token = shop.fetch_token().await;
    let under = async |fault: CallFault, number: &str| {
        let next = vec![NextCall::new("refund_create", fault, 1)];
        shop.world.mock.set_faults(Faults { next, ..Faults::default() });
        let path = "/api/trade_basic/v1/developer/refund_create/";
        let answer = shop.call_with(&token, path, &refund_all(&order_id, number, 5)).await;
        (answer, shop.world.mock.books().refunds.len())
    };
    assert_eq!(under(CallFault::Throttle, "R1").await.0.1["err_no"], 12_001);
    let ((status, answer), acted) = under(CallFault::InternalBefore, "R1").await;
    assert_eq!((status, &answer["err_no"], acted), (200, &json!(13_000), 0));
    let ((_, answer), acted) = under(CallFault::InternalAfter, "R1").await;
    assert_eq!((&answer["err_no"], acted), (&json!(13_000), 1));
    let (_, answer) = shop
        .call_with(&token, "/api/trade_basic/v1/developer/refund_create/", &refund_all(&order_id, "R1", 5))
        .await;
    assert_eq!(answer["err_no"], 22_004, "the effect was there");
    let next = vec![NextCall::new("client_token", CallFault::Throttle, 1)];
    shop.world.mock.set_faults(Faults { next, ..Faults::default() });
    let (_, answer) = shop.token_call("client_token", secret("mock_app_secret")).await;
    assert_eq!(answer["data"]["error_code"], 10_020);
    let (status, answer) = shop
        .world
        .control("PUT", "/mock/faults", r#"{"next":[{"endpoint":"order_query","fault":"hang"}]}"#)
        .await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn a_limiter_is_there_for_those_who_want_one() {
    let mut config = config();
    config.limits = BTreeMap::from([("order_query".to_owned(), 2)]);
    let shop = Shop::with(config);
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes
            .push(shop.call("order_query", json!({ "order_id": "motb1" })).await["err_no"].as_i64().unwrap());
    }
    assert_eq!(codes, [20_000, 20_000, 12_001, 12_001]);
    let watch = shop.world.mock.calls().limits;
    let row = watch.iter().find(|row| row.endpoint == "order_query" && row.app_id == APP).unwrap();
    assert_eq!((row.calls, row.throttled, row.promised_per_second), (4, 2, None));
}

#[tokio::test]
async fn bodies_that_are_no_objects_are_explained() {
    let shop = Shop::new();
    let token = shop.fetch_token().await;
    let path = "/api/trade_basic/v1/developer/order_query/";
    let (_, answer) = shop.call_with(&token, path, &json!([1])).await;
    assert_eq!(answer["err_no"], 10_000);
    assert!(shop.world.last_problem().contains("no object"));
    let (status, hint) = shop.world.control("POST", "/api/trade_basic/v2/order_query", "").await;
    assert!(
        status == 404 && hint.as_str().unwrap().contains("/api/trade_basic/v1/developer/order_query/"),
        "{hint}"
    );
}

#[tokio::test]
async fn both_systems_live_in_one_mock_with_one_list() {
    let shop = Shop::new();
    shop.world.paid("O1", 700).await;
    shop.paid(&service("O1", 500)).await;
    let books = shop.world.mock.books();
    let list: Vec<_> = books.orders.iter().map(|order| (order.system, order.amount_fen.get())).collect();
    assert_eq!(list, [(System::Ecpay, 700), (System::Trade, 500)]);
    assert_eq!(books.totals.in_transit_fen, 1_200);
    let (_, only) = shop.world.control("GET", "/mock/books?out_order_no=O1", "").await;
    let systems: Vec<&Value> =
        only["orders"].as_array().unwrap().iter().map(|order| &order["system"]).collect();
    assert_eq!(systems, ["ecpay", "trade"]);
    let elsewhere = shop.call("order_query", json!({ "out_order_no": "O1" })).await;
    assert_eq!(elsewhere["data"]["total_amount"], 500);
    assert_eq!(shop.world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn an_app_without_the_system_cannot_use_it() {
    let app = MockApp::default();
    let bare = MockApp::new(app.app_id, app.salt, app.token).with_notify_url("https://shop.example.com");
    let shop = Shop::with(douyin_pay_mock::MockConfig { apps: vec![bare], ..config() });
    let (_, answer) = shop.token_call("client_token", secret("mock_app_secret")).await;
    assert_eq!(answer["data"]["error_code"], 10_003);
    assert_eq!(shop.place(&service("O1", 5)).await["errNo"], 10_000);
    assert_eq!(shop.world.call("create_order", order("O1", 5)).await["err_no"], 0);
    let (_, apps) = shop.world.control("GET", "/mock/apps", "").await;
    assert_eq!(apps[0]["trade"], Value::Null);
    let wrong = json!({ "app_id": APP, "capability": true }).to_string();
    assert_eq!(shop.world.control("POST", "/mock/apps/trade", &wrong).await.0, 400);
}
