//! Orders given up, paid late, or opened elsewhere: asked about, refunded once, never opened twice.

use serde_json::{Value, json};

use crate::world::{TOKEN, World, order, payment};

const ORDERS: &str = "/v1/apps/coffee/orders";

async fn abandon(world: &World, number: &str) -> crate::world::Came {
    world.post(&format!("{ORDERS}/{number}/abandon"), &json!({})).await
}

fn imported(number: &str, created_at: &str) -> Value {
    json!({ "out_order_no": number, "amount_fen": 1280, "created_at": created_at })
}

async fn import(world: &World, orders: &[Value]) -> Vec<String> {
    let told = world.post(&format!("{ORDERS}/import"), &json!({ "orders": orders })).await.expect(200);
    let results = told["results"].as_array().expect("a list").iter();
    results.map(|one| one["result"].as_str().expect("a word").to_owned()).collect()
}

#[tokio::test]
async fn what_is_paid_after_it_was_given_up_goes_back_once() {
    let world = World::working();
    world.open("O1").await;
    assert_eq!(abandon(&world, "O1").await.expect(200)["abandoned"], true);
    assert_eq!(abandon(&world, "O1").await.expect(200)["abandoned"], true);
    for _ in 0..2 {
        world.callback_to("/callbacks/coffee", payment("O1", 1280, TOKEN)).await.expect(200);
    }
    world.pass(10).await;
    let calls = world.others.calls("create_refund");
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(calls[0]["refund_amount"], 1280);
    let order = world.order("O1").await;
    let refund = &order["refunds"][0];
    assert!(refund["out_refund_no"].as_str().is_some_and(|no| no.starts_with("auto-ord_")), "{order}");
    assert_eq!((&refund["state"], &order["refundable_fen"]), (&json!("accepted"), &json!(0)), "{order}");
    let refused = json!({ "out_refund_no": "auto-1", "amount_fen": 1, "reason": "x" });
    world.post(&format!("{ORDERS}/O1/refunds"), &refused).await.problem(400, "bad_request");
}

#[tokio::test]
async fn what_is_paid_already_is_not_given_up() {
    let world = World::new();
    world.paid("O1").await;
    let detail = abandon(&world, "O1").await.problem(409, "already_paid");
    assert!(detail.contains("refund it"), "{detail}");
    abandon(&world, "O2").await.problem(404, "unknown_number");
    assert!(world.others.calls("create_refund").is_empty());
}

#[tokio::test]
async fn imported_orders_are_asked_about_and_never_opened() {
    let world = World::working();
    world.others.pay("OLD1");
    let old = imported("OLD1", "2020-01-05T15:40:00+08:00");
    assert_eq!(
        import(&world, &[old.clone(), imported("OLD2", "2020-01-05T15:40:00+08:00")]).await,
        ["imported"; 2]
    );
    assert_eq!(import(&world, std::slice::from_ref(&old)).await, ["known"]);
    world.pass(10).await;
    assert!(world.others.calls("create_order").is_empty());
    let order = world.order("OLD1").await;
    assert_eq!((&order["state"], &order["imported"]), (&json!("paid"), &json!(true)), "{order}");
    assert_eq!(order["created_at"], "2020-01-05T15:40:00+08:00");
    let mut other = old;
    other["amount_fen"] = json!(1);
    assert_eq!(import(&world, &[other]).await, ["refused"]);
}

#[tokio::test]
async fn a_callback_that_came_before_the_import_is_told_again() {
    let world = World::working();
    let early = world.callback_to("/callbacks/coffee", payment("OLD1", 1280, TOKEN)).await;
    assert_ne!(early.body["err_no"], 0);
    assert_eq!(import(&world, &[imported("OLD1", "2020-01-05T15:40:00+08:00")]).await, ["imported"]);
    world.settle().await;
    assert_eq!(world.order("OLD1").await["state"], "paid");
}

#[tokio::test]
async fn an_import_with_a_bad_field_takes_nothing_over() {
    let world = World::new();
    for (field, value, part) in [
        ("amount_fen", json!(12.8), "orders[1].amount_fen"),
        ("created_at", json!("yesterday"), "orders[1].created_at"),
        ("created_at", json!("2999-01-01T00:00:00+08:00"), "future"),
        ("created_a", json!(1), "did you mean `created_at`"),
    ] {
        let mut bad = imported("OLD2", "2020-01-05T15:40:00+08:00");
        bad[field] = value;
        let body = json!({ "orders": [imported("OLD1", "2020-01-05T15:40:00+08:00"), bad] });
        let came = world.post(&format!("{ORDERS}/import"), &body).await;
        let detail = came.body["detail"].as_str().unwrap_or_default().to_owned();
        assert!(came.status == 400 && detail.contains(part), "{detail}");
    }
    let none = world.post(&format!("{ORDERS}/import"), &json!({ "orders": [] })).await;
    none.problem(400, "bad_request");
    world.get(&format!("{ORDERS}/OLD1")).await.problem(404, "unknown_number");
}

#[tokio::test]
async fn the_payer_and_the_merchants_own_words_come_back() {
    let world = World::new();
    let mut ask = order("O1");
    (ask["open_id"], ask["metadata"]) = (json!("_000abc"), json!({ "table": 7, "note": "窗边" }));
    world.post(ORDERS, &ask).await.expect(201);
    let seen = world.order("O1").await;
    assert_eq!((&seen["open_id"], &seen["metadata"]), (&ask["open_id"], &ask["metadata"]), "{seen}");
    let mut other = ask.clone();
    other["metadata"]["table"] = json!(8);
    world.post(ORDERS, &other).await.problem(409, "other_fields");
    let mut long = order("O2");
    long["metadata"] = json!({ "note": "x".repeat(2_048) });
    let detail = world.post(ORDERS, &long).await.problem(400, "bad_request");
    assert!(detail.contains("`metadata`") && detail.contains("2048"), "{detail}");
}
