//! Keys change while the service runs: the platform's, the application's.

use douyin_pay_mock::keys::{SECOND_APPLICATION_PUBLIC_KEY_PEM, SECOND_PLATFORM_KEY_PEM};
use douyin_pay_mock::{ConsoleChange, PayAsk};
use serde_json::json;

use crate::mocked::{Mocked, Setting};

fn console() -> ConsoleChange {
    ConsoleChange { app_id: "tt0000000000000001".to_owned(), ..ConsoleChange::default() }
}

#[tokio::test]
async fn the_platforms_key_is_changed_without_losing_a_callback() {
    let it = Mocked::trade();
    let order_id = it.place(&it.signed("O1").await);
    // First the service learns the coming key, then the platform takes it.
    it.reload(Setting {
        platform_keys: "{ env = \"PLATFORM\" }, { env = \"NEXT_PLATFORM\" }",
        ..Setting::TRADE
    });
    let change = ConsoleChange { rotate_platform_key: Some(SECOND_PLATFORM_KEY_PEM.to_owned()), ..console() };
    it.mock.change_console(&change).expect("a key");
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    assert_eq!(it.world.order("O1").await["state"], "paid");
    it.reload(Setting { platform_keys: "{ env = \"NEXT_PLATFORM\" }", ..Setting::TRADE });
    it.paid("O2").await;
}

#[tokio::test]
async fn a_key_that_the_service_does_not_know_costs_time_and_no_money() {
    let it = Mocked::trade();
    let change = ConsoleChange { rotate_platform_key: Some(SECOND_PLATFORM_KEY_PEM.to_owned()), ..console() };
    it.mock.change_console(&change).expect("a key");
    let order_id = it.place(&it.signed("O1").await);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(5).await;
    assert_eq!(it.world.order("O1").await["state"], "waiting", "the callback is not believed");
    it.world.pass(20).await;
    assert_eq!(it.world.order("O1").await["state"], "paid", "found by asking");
    it.reload(Setting { platform_keys: "{ env = \"NEXT_PLATFORM\" }", ..Setting::TRADE });
    it.world.pass(60).await;
    let callbacks = it.mock.callbacks();
    assert!(callbacks.waiting.is_empty(), "the repeated callback is taken: {:?}", callbacks.deliveries);
}

#[tokio::test]
async fn the_applications_key_is_changed_with_its_version() {
    let it = Mocked::trade();
    let before = it.signed("O1").await;
    let change = ConsoleChange {
        upload_application_public_key: Some(SECOND_APPLICATION_PUBLIC_KEY_PEM.to_owned()),
        ..console()
    };
    it.mock.change_console(&change).expect("a key");
    it.reload(Setting { key: "NEXT_KEY", key_version: "2", ..Setting::TRADE });
    let after = it.signed("O2").await;
    assert!(
        after["byteAuthorization"].as_str().is_some_and(|text| text.contains("key_version=2")),
        "{after}"
    );
    it.place(&before);
    it.place(&after);
    // What was signed with the old key is signed anew with the current one.
    let again = it.world.post("/v1/apps/coffee/orders", &crate::mocked::order("O1")).await.expect(200);
    assert_eq!(again["pay"]["data"], before["data"]);
    assert!(again["pay"]["byteAuthorization"].as_str().is_some_and(|text| text.contains("key_version=2")));
    it.place(&again["pay"]);
}

#[tokio::test]
async fn a_wrong_secret_is_an_exception_and_mends_itself() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let off = ConsoleChange { capability: Some(false), ..console() };
    it.mock.change_console(&off).expect("a console");
    let path = "/v1/apps/coffee/orders/O1/refunds";
    let part = json!({ "out_refund_no": "R1", "amount_fen": 1, "reason": "x" });
    let detail = it.world.post(path, &part).await.problem(502, "platform_silent");
    assert!(detail.contains("items"), "{detail}");
    let all = json!({ "out_refund_no": "R2", "amount_fen": 1280, "reason": "x" });
    it.world.post(path, &all).await.problem(502, "platform_refuses_configuration");
    it.world.pass(30).await;
    let open = it.world.get("/v1/exceptions").await.expect(200);
    let kinds: Vec<_> =
        open["exceptions"].as_array().expect("a list").iter().map(|one| one["kind"].clone()).collect();
    assert!(kinds.contains(&json!("config")), "{open}");
    let on = ConsoleChange { capability: Some(true), ..console() };
    it.mock.change_console(&on).expect("a console");
    it.world.pass(300).await;
    let order = it.world.order("O1").await;
    assert_eq!(order["refunded_fen"], 1280, "{order}");
}
