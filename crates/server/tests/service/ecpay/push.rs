//! Order push: told by itself, told by hand, and switched off.

use douyin_pay_mock::{CallFault, Faults, NextCall};
use serde_json::{Value, json};

use super::world::{DAY, ORDERS, pay, with};
use crate::mocked::{Mocked, Setting, console};

const PUSH: &str = "app_secret = { env = \"SECRET\" }\norder_push = true\n";
const WITH_DEFAULTS: &str = "app_secret = { env = \"SECRET\" }\norder_push = true\n\
    push_defaults = { detail_url = \"pages/order?no={out_order_no}\", image = \"https://shop.test/a.png\" }\n";

fn order(push: Option<Value>) -> Value {
    let mut ask = crate::world::order("O1");
    ask["open_id"] = json!("_000abc");
    if let Some(push) = push {
        ask["order_push"] = push;
    }
    ask
}

fn shown() -> Value {
    json!({
        "detail_url": "pages/order?id=1",
        "items": [{ "item_code": "sku1", "img": "https://shop.test/a.png", "title": "Latte", "sub_title": "large", "amount": 1, "price_fen": 1280 }],
    })
}

fn good() -> Value {
    shown()["items"][0].clone()
}

fn bad(field: &str, value: &str) -> Value {
    let mut item = good();
    item[field] = json!(value);
    item
}

async fn opened(it: &Mocked, ask: &Value) -> Value {
    it.world.post(ORDERS, ask).await.expect(201)
}

/// The states that the platform was told, by its numbers.
fn told(it: &Mocked) -> Vec<i64> {
    it.mock.books().pushes.iter().map(|push| push.order_status).collect()
}

async fn redeem(it: &Mocked, number: &str) -> crate::world::Came {
    let ask = json!({ "out_fulfil_no": number, "to_status": "redeemed" });
    it.world.post(&format!("{ORDERS}/O1/fulfilments"), &ask).await
}

#[tokio::test]
async fn payments_and_refunds_are_told_by_themselves_and_the_rest_by_hand() {
    let it = with("", PUSH, console());
    pay(&it, &opened(&it, &order(Some(shown()))).await).await;
    it.world.pass(5).await;
    assert_eq!(told(&it), [1], "paid");
    let made = redeem(&it, "F1").await.expect(201);
    assert_eq!((&made["to_status"], &made["state"]), (&json!("redeemed"), &json!("succeeded")), "{made}");
    assert_eq!(redeem(&it, "F1").await.expect(200)["out_fulfil_no"], "F1");
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &refund).await.expect(201);
    it.world.pass(60).await;
    assert_eq!(told(&it), [1, 4, 5, 6], "paid, redeemed, refunding, refunded");
    let pushes = it.mock.books().pushes;
    assert!(pushes.iter().all(|push| !push.ignored && push.open_id == "_000abc"), "{pushes:?}");
    assert_eq!(it.world.order("O1").await["fulfilments"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn the_configuration_says_what_a_request_does_not() {
    let it = with("", WITH_DEFAULTS, console());
    pay(&it, &opened(&it, &order(None)).await).await;
    it.world.pass(5).await;
    assert_eq!(told(&it), [1]);
    let mut nobody = crate::world::order("O2");
    nobody["subject"] = json!("Tea");
    let opened = it.world.post(ORDERS, &nobody).await.expect(201);
    pay(&it, &opened).await;
    it.world.pass(5).await;
    assert_eq!(told(&it), [1], "without the payer's id nothing is pushed");
}

#[tokio::test]
async fn what_cannot_be_pushed_says_why() {
    let off = with("", "", console());
    off.world.post(ORDERS, &order(Some(shown()))).await.problem(422, "push_off");
    let it = with("", PUSH, console());
    let mut nobody = order(Some(shown()));
    nobody["open_id"] = Value::Null;
    it.world.post(ORDERS, &nobody).await.problem(422, "no_open_id");
    for (field, value, sentence) in [
        ("items", json!([]), "`order_push.items`: is empty"),
        ("detail_url", json!("x".repeat(1025)), "`order_push.detail_url`: 1025 bytes"),
        ("items", json!([good(), bad("title", &"x".repeat(257))]), "`order_push.items[1].title`: 257 bytes"),
        (
            "items",
            json!([bad("img", "http://shop.test/a.png")]),
            "`order_push.items[0].img`: is not an https",
        ),
        ("items", json!(vec![bad("title", &"x".repeat(250)); 8]), "`order_push`: "),
        (
            "items",
            json!([{ "item_code": "1", "img": "i", "title": "t", "amount": 0, "price_fen": 1 }]),
            "`order_push.items[0].amount`",
        ),
        ("pages", json!("x"), "unknown field `order_push.pages`"),
    ] {
        let mut push = shown();
        push[field] = value;
        let came = it.world.post(ORDERS, &order(Some(push))).await;
        let detail = came.body["detail"].as_str().unwrap_or_default();
        assert!(came.status == 400 && detail.contains(sentence), "{}", came.body);
    }
    pay(&it, &opened(&it, &crate::world::order("O1")).await).await;
    redeem(&it, "F1").await.problem(422, "no_push");
}

/// The platform does not take order pushes so often.
fn silence(it: &Mocked, times: u32) {
    let next = vec![NextCall::new("order_push", CallFault::GatewayBefore, times)];
    it.mock.set_faults(Faults { next, ..Faults::default() });
}

#[tokio::test]
async fn what_a_newer_push_overtook_is_not_sent_any_more() {
    let it = with("", PUSH, console());
    pay(&it, &opened(&it, &order(Some(shown()))).await).await;
    it.world.pass(5).await;
    silence(&it, 12);
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &refund).await.expect(201);
    it.world.pass(900).await;
    assert_eq!(told(&it), [1, 6], "paid, refunded; refunding was overtaken");
    let order = it.world.order("O1").await;
    let states: Vec<_> =
        order["fulfilments"].as_array().into_iter().flatten().map(|push| &push["state"]).collect();
    assert_eq!(states, ["succeeded", "succeeded", "succeeded"], "{order}");
    redeem(&it, "F1").await.problem(422, "all_refunded");
}

#[tokio::test]
async fn the_merchant_learns_that_his_push_was_overtaken() {
    let it = with("", PUSH, console());
    pay(&it, &opened(&it, &order(Some(shown()))).await).await;
    it.world.pass(5).await;
    silence(&it, 12);
    redeem(&it, "F1").await.expect(202);
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &refund).await.expect(201);
    it.world.pass(900).await;
    let order = it.world.order("O1").await;
    let mine =
        order["fulfilments"].as_array().into_iter().flatten().find(|push| push["to_status"] == "redeemed");
    assert_eq!(mine.map(|push| &push["state"]), Some(&json!("failed")), "{order}");
    assert!(!told(&it).contains(&4), "{:?}", told(&it));
    assert!(it.mock.books().pushes.iter().all(|push| !push.ignored));
}

#[tokio::test]
async fn a_state_that_is_no_word_is_refused_with_the_word_that_is_meant() {
    let it = with("", PUSH, console());
    opened(&it, &order(Some(shown()))).await;
    let ask = json!({ "out_fulfil_no": "F1", "to_status": 4 });
    let came = it.world.post(&format!("{ORDERS}/O1/fulfilments"), &ask).await;
    let detail = came.body["detail"].as_str().unwrap_or_default();
    assert!(
        came.status == 400 && detail.contains("`redeemed`") && !detail.contains("fulfilling"),
        "{detail}"
    );
}

#[tokio::test]
async fn what_is_pending_when_it_is_switched_off_ends_quietly() {
    let it = with("", PUSH, console());
    let made = opened(&it, &order(Some(shown()))).await;
    it.reload(Setting { sections: &["ecpay"], ..Setting::ECPAY });
    pay(&it, &made).await;
    it.world.jump(2 * DAY).await;
    assert_eq!(told(&it), [] as [i64; 0]);
    let steps = it.world.order("O1").await["fulfilments"].clone();
    assert_eq!((&steps[0]["to_status"], &steps[0]["state"]), (&json!("paid"), &json!("failed")), "{steps}");
    assert!(!it.events().contains(&"fulfilment.failed".to_owned()), "{:?}", it.events());
    let open = it.world.get("/v1/exceptions").await.expect(200);
    assert_eq!(open["exceptions"], json!([]), "{open}");
}

#[tokio::test]
async fn a_revoked_token_is_renewed_and_nothing_is_lost() {
    let it = with("", PUSH, console());
    pay(&it, &opened(&it, &order(Some(shown()))).await).await;
    it.world.pass(5).await;
    it.mock.revoke_tokens();
    redeem(&it, "F1").await.expect(201);
    assert_eq!(told(&it), [1, 4]);
}
