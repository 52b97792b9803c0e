//! The process dies between a return and the platform's answer: the number decides.

use std::future::Future;
use std::sync::Arc;

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::world::{RECEIVER, RETURNS};
use crate::platform::Script;
use crate::world::{TOKEN, World, key};

/// Runs `work` in a process of its own, which dies with all its tasks when the work is done.
fn in_a_process<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(work)
}

/// A paid order whose settlement S1 gave 60 fen to the receiver.
async fn shared() -> World {
    let world = World::new();
    world.paid("O1").await;
    let ask = json!({ "out_settle_no": "S1", "description": "x", "shares": [{ "merchant_uid": RECEIVER, "amount_fen": 60 }] });
    world.post("/v1/apps/coffee/orders/O1/settlements", &ask).await.expect(201);
    let done = json!({
        "appid": "tt0000000000000001", "cp_settle_no": "S1", "status": "SUCCESS", "settle_amount": 1272, "rake": 8,
        "commission": 0, "settled_at": 1_767_574_801, "settle_no": "N901", "order_id": "NO1",
    });
    let token = Token::new(TOKEN).expect("a token");
    let body = callback::body(&token, "settle", "1767574801", "77", &done.to_string());
    world.callback_to("/callbacks/coffee", body).await.expect(200);
    world
}

fn back() -> Value {
    json!({ "out_return_no": "T1", "merchant_uid": RECEIVER, "amount_fen": 40, "description": "x" })
}

fn request(world: &World) -> http::Request<axum::body::Body> {
    let path = "/v1/apps/coffee/settlements/S1/returns";
    world.request("POST", path, Some(&key("merchant")), back().to_string())
}

async fn ends_once(world: &World, calls: usize) {
    world.pass(120).await;
    let told = world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!((&told["state"], &told["return_no"]), (&json!("succeeded"), &json!("N902")), "{told}");
    let sent = world.others.calls("create_return");
    assert_eq!(sent.len(), calls, "{sent:?}");
    assert!(sent.iter().all(|call| call["out_return_no"] == "T1" && call["return_amount"] == 40), "{sent:?}");
    let again = world.post("/v1/apps/coffee/settlements/S1/returns", &back()).await.expect(200);
    assert_eq!(again["state"], "succeeded");
    assert_eq!(world.others.calls("create_return").len(), calls, "the merchant's repeat sends nothing");
}

#[test]
fn killed_before_the_platform_hears_of_it() {
    let world = in_a_process(async {
        let world = shared().await;
        let request = request(&world);
        world.commit_and_stop(request).await;
        world
    });
    assert!(world.others.calls("create_return").is_empty());
    let world = in_a_process(async move {
        let world = world.after_a_crash();
        ends_once(&world, 1).await;
        world
    });
    drop(world);
}

#[test]
fn killed_while_the_answer_is_on_its_way() {
    let world = in_a_process(async {
        let world = shared().await;
        world.others.next("create_return", Script::Held(Arc::new(Notify::new())));
        // 202 after the service has waited for the platform in vain.
        let came = world.send(request(&world)).await;
        assert_eq!(came.status, 202, "{}", came.body);
        world
    });
    assert_eq!(world.others.calls("create_return").len(), 1);
    in_a_process(async move {
        let world = world.after_a_crash();
        // The platform acted, and the query says so; or the call is repeated with the number. Never a new one.
        world.pass(120).await;
        let calls = world.others.calls("create_return").len();
        assert!((1..=2).contains(&calls), "{calls}");
        ends_once(&world, calls).await;
    });
}
