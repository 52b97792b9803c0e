//! Events: signed, in order, repeated until taken, given up with an exception.

use douyin_pay_env::Clock;
use douyin_pay_server::webhook::verify_webhook;
use serde_json::{Value, json};

use crate::world::{World, config_with_hooks, hook_secret, key, next_hook_secret};

fn types(world: &World) -> Vec<String> {
    let deliveries = world.others.deliveries();
    deliveries
        .iter()
        .map(|(_, body)| {
            serde_json::from_slice::<Value>(body).expect("an event")["type"]
                .as_str()
                .expect("an event")
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn an_event_is_delivered_with_a_signature_that_fits() {
    let world = World::working();
    world.paid("O1").await;
    world.pass(1).await;
    let deliveries = world.others.deliveries();
    assert_eq!(deliveries.len(), 1);
    let (headers, body) = &deliveries[0];
    assert_eq!(verify_webhook(&hook_secret(), headers, body, world.clock.now()), Ok(()));
    let event: Value = serde_json::from_slice(body).unwrap();
    assert_eq!((&event["type"], &event["data"]["app"]), (&json!("order.paid"), &json!("coffee")));
    assert_eq!(
        headers["webhook-id"],
        format!("{}.1", event["data"]["id"].as_str().unwrap().split('.').next().unwrap())
    );
}

#[tokio::test]
async fn secrets_are_changed_without_a_gap() {
    let world = World::working();
    let reload = |hooks: &str| world.server.reload(&config_with_hooks("/unused", "", hooks)).unwrap();
    // Which of the old and the new secret the shop could verify with, in each step of the change.
    let mut steps = vec![];
    for (number, hooks) in [
        ("O1", r#"{ env = "HOOK" }"#),
        ("O2", r#"{ env = "HOOK" }, { env = "NEXT_HOOK" }"#),
        ("O3", r#"{ env = "NEXT_HOOK" }"#),
    ] {
        reload(hooks);
        world.paid(number).await;
        world.pass(1).await;
        let (headers, body) = world.others.deliveries().pop().unwrap();
        steps.push(
            [hook_secret(), next_hook_secret()]
                .map(|secret| verify_webhook(&secret, &headers, &body, world.clock.now()).is_ok()),
        );
    }
    assert_eq!(steps, [[true, false], [true, true], [false, true]]);
}

#[tokio::test]
async fn a_failing_event_holds_back_only_its_own_order() {
    let world = World::working();
    for status in [500, 302, 500] {
        world.others.shop_answers(status);
    }
    world.paid("O1").await;
    world.pass(1).await;
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 1, "reason": "x" });
    world.others.next("create_refund", crate::platform::refused(2010, "no"));
    world.post("/v1/apps/coffee/orders/O1/refunds", &refund).await.problem(422, "platform_refused");
    world.pass(700).await;
    assert_eq!(types(&world), ["order.paid", "order.paid", "order.paid", "order.paid", "refund.failed"]);
    let events = world.get("/v1/events").await.expect(200);
    assert_eq!(events["events"][0]["state"], "delivered");
}

#[tokio::test]
async fn an_event_that_is_never_taken_is_given_up_after_days_and_can_be_sent_again() {
    let world = World::working();
    for _ in 0..16 {
        world.others.shop_answers(500);
    }
    world.paid("O1").await;
    for _ in 0..20 {
        world.jump(13 * 3600).await;
    }
    assert_eq!(types(&world).len(), 16);
    let open = world.get("/v1/exceptions").await.expect(200);
    let dead = open["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "event_dead")
        .expect("an exception");
    let events = world.get("/v1/events").await.expect(200);
    let id = events["events"][0]["id"].as_str().unwrap();
    assert_eq!(events["events"][0]["state"], "dead");
    let path = format!("/v1/events/{id}/resend");
    world.send(world.request("POST", &path, Some(&key("merchant")), "")).await.problem(403, "role_too_low");
    world.post(&path, &json!({})).await.expect(202);
    world.pass(2).await;
    assert_eq!(types(&world).len(), 17);
    world.post("/v1/events/ord_0.1/resend", &json!({})).await.problem(404, "unknown_event");
    let path = format!("/v1/exceptions/{}/resolve", dead["id"]);
    world.post(&path, &json!({ "note": "  " })).await.problem(400, "bad_request");
    let merchant = world.request("POST", &path, Some(&key("merchant")), r#"{"note":"x"}"#);
    world.send(merchant).await.problem(403, "role_too_low");
    world.post(&path, &json!({ "note": "the shop was down" })).await.expect(200);
    world.post(&path, &json!({ "note": "again" })).await.problem(404, "unknown_exception");
}

#[tokio::test]
async fn the_feed_is_read_on_and_shows_only_the_keys_apps() {
    let world = World::working();
    world.paid("O1").await;
    world.paid("O2").await;
    world.pass(1).await;
    let first = world.get("/v1/events?limit=1").await.expect(200);
    assert_eq!(first["events"].as_array().unwrap().len(), 1);
    let rest = world.get(&format!("/v1/events?after={}", first["next_after"])).await.expect(200);
    assert_eq!(rest["events"].as_array().unwrap().len(), 1);
    assert_eq!(rest["events"][0]["body"]["type"], "order.paid");
    let tea = json!({ "out_order_no": "T1", "amount_fen": 1, "subject": "Tea", "body": "Tea" });
    world.post("/v1/apps/tea/orders", &tea).await.expect(201);
    let viewer = world.send(world.request("GET", "/v1/events", Some(&key("viewer")), "")).await.expect(200);
    assert_eq!(viewer["events"].as_array().unwrap().len(), 2);
}
