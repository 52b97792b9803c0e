//! What is due is asked about: a lost callback costs time, not money.

use serde_json::json;

use crate::platform::Script;
use crate::world::{World, key};

#[tokio::test]
async fn a_lost_payment_callback_is_found_by_asking() {
    let world = World::working();
    world.open("O1").await;
    world.others.pay("O1");
    world.pass(20).await;
    assert_eq!(world.order("O1").await["state"], "paid");
    assert_eq!(world.others.calls("query_order").len(), 1, "a paid order is not asked about again");
}

#[tokio::test]
async fn many_due_at_once_are_asked_about_together() {
    let world = World::working();
    for n in 0..40 {
        world.open(&format!("O{n}")).await;
        world.others.pay(&format!("O{n}"));
    }
    let gate = std::sync::Arc::new(tokio::sync::Notify::new());
    for _ in 0..8 {
        world.others.next("query_order", Script::Held(gate.clone()));
    }
    world.flow(25).await;
    assert!(world.others.most_in_flight() >= 8, "{}", world.others.most_in_flight());
    gate.notify_waiters();
    world.flow(5).await;
    for n in 0..40 {
        assert_eq!(world.order(&format!("O{n}")).await["state"], "paid", "O{n}");
    }
}

#[tokio::test]
async fn a_person_may_ask_at_once() {
    let world = World::new();
    world.open("O1").await;
    let path = "/v1/apps/coffee/orders/O1?query=now";
    assert_eq!(world.get(path).await.expect(200)["state"], "waiting");
    world.others.pay("O1");
    assert_eq!(world.get(path).await.expect(200)["state"], "paid");
    world.send(world.request("GET", path, Some(&key("merchant")), "")).await.problem(403, "role_too_low");
    world.get("/v1/apps/coffee/orders/O1?query=later").await.problem(400, "bad_request");
    for _ in 0..3 {
        world.others.next("query_order", Script::Status(502));
    }
    world.get(path).await.problem(502, "platform_silent");
}

#[tokio::test]
async fn an_unknown_settlement_is_repeated_with_its_number_and_never_fails() {
    let world = World::working();
    world.paid("O1").await;
    for _ in 0..3 {
        world.others.next("settle", Script::Status(502));
    }
    let ask = json!({ "out_settle_no": "S1", "description": "x" });
    world.post("/v1/apps/coffee/orders/O1/settlements", &ask).await;
    world.pass(60).await;
    assert_eq!(world.get("/v1/apps/coffee/settlements/S1").await.expect(200)["state"], "accepted");
    let calls = world.others.calls("settle");
    assert!(calls.len() >= 4 && calls.iter().all(|call| call["out_settle_no"] == "S1"), "{calls:?}");
}

#[tokio::test]
async fn a_refused_connection_is_not_an_unknown_outcome() {
    let world = World::working();
    for _ in 0..3 {
        world.others.next("create_order", Script::NotSent);
    }
    let came = world.post("/v1/apps/coffee/orders", &crate::world::order("O1")).await;
    assert!(matches!(came.status, 201 | 202), "{}", came.body);
    world.pass(20).await;
    assert_eq!(world.order("O1").await["state"], "waiting");
}
