//! Opening orders: idempotent, remembered before the platform hears of it, honest about what is unknown.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::platform::{Script, refused};
use crate::world::{TOKEN, World, key, order, payment};

const ORDERS: &str = "/v1/apps/coffee/orders";

#[tokio::test]
async fn an_order_is_opened_once_and_answered_again() {
    let world = World::new();
    let ask = json!({
        "out_order_no": "O1", "amount_fen": 1280, "subject": "拿铁", "body": "大杯", "valid_seconds": 600,
        "cp_extra": "x", "open_id": "user1", "metadata": { "table": 7 },
    });
    let first = world.post(ORDERS, &ask).await.expect(201);
    assert_eq!(
        first["pay"],
        json!({ "kind": "tt.pay", "order_id": "NO1", "order_token": "TO1", "service": 5 })
    );
    assert_eq!((&first["state"], &first["metadata"]), (&json!("waiting"), &json!({ "table": 7 })));
    let again = world.post(ORDERS, &ask).await.expect(200);
    assert_eq!(again["pay"], first["pay"]);
    let calls = world.others.calls("create_order");
    assert_eq!(calls.len(), 1, "the platform is asked once");
    assert_eq!(calls[0]["notify_url"], "https://pay.test/callbacks/coffee");
    assert_eq!((&calls[0]["total_amount"], &calls[0]["valid_time"]), (&json!(1280), &json!(600)));
    assert_eq!(world.order("O1").await["pay"], first["pay"]);
}

#[tokio::test]
async fn the_same_number_with_other_fields_is_refused_and_they_are_named() {
    let world = World::new();
    world.open("O1").await;
    let mut other = order("O1");
    other["amount_fen"] = json!(1);
    let came = world.post(ORDERS, &other).await;
    assert_eq!(came.body["fields"], json!(["amount_fen"]));
    assert!(came.problem(409, "other_fields").contains("amount_fen"));
}

#[tokio::test]
async fn bad_requests_name_the_field_and_reach_nobody() {
    let world = World::new();
    let long = "x".repeat(129);
    for (field, value, sentence) in [
        ("out_order_no", json!("订单"), "only 0-9 A-Z a-z"),
        ("out_order_no", json!("x".repeat(65)), "65 characters"),
        ("amount_fen", json!(0), "outside the platform's range"),
        ("amount_fen", json!(12.5), "not a whole number of fen"),
        ("amount_fen", json!("1280"), "a text, expected a whole number"),
        ("amount_fen", json!(10_000_000_001_i64), "outside the platform's range"),
        ("subject", json!(" x"), "white space"),
        ("body", json!(long), "at most 42"),
        ("valid_seconds", json!(299), "outside 300–172800"),
        ("valid_seconds", json!(-1), "not a whole number"),
        ("cp_extra", json!("x".repeat(2049)), "2048"),
        ("open_id", json!(7), "1–128 bytes"),
        ("metadata", json!([1]), "not a JSON object"),
        ("metadata", json!({ "x": "y".repeat(2048) }), "at most 2048"),
    ] {
        let mut ask = order("O1");
        ask[field] = value;
        let detail = world.post(ORDERS, &ask).await.problem(400, "bad_request");
        assert!(detail.contains(&format!("`{field}`")) && detail.contains(sentence), "{field}: {detail}");
    }
    let mut unknown = order("O1");
    unknown["amont_fen"] = json!(1);
    assert!(
        world
            .post(ORDERS, &unknown)
            .await
            .problem(400, "unknown_field")
            .contains("did you mean `amount_fen`")
    );
    assert!(world.others.calls("create_order").is_empty());
    world.get("/v1/apps/coffee/orders/O1").await.problem(404, "unknown_number");
}

#[tokio::test]
async fn a_lost_answer_is_repeated_with_the_same_number_until_it_is_known() {
    let world = World::working();
    for _ in 0..3 {
        world.others.next("create_order", Script::Lost);
    }
    let came = world.post(ORDERS, &order("O1")).await;
    // The client repeated twice and nobody knows; the schedule repeats within the merchant's eight seconds.
    assert!(matches!(came.status, 201 | 202), "{}", came.body);
    world.pass(30).await;
    assert_eq!(world.order("O1").await["pay"]["order_token"], "TO1");
    let calls = world.others.calls("create_order");
    assert!(calls.len() >= 4);
    assert!(calls.iter().all(|call| *call == calls[0]), "every repeat is the very same request");
}

#[tokio::test]
async fn an_outcome_that_stays_open_is_202_and_later_known() {
    let world = World::working();
    let gate = Arc::new(Notify::new());
    world.others.next("create_order", Script::Held(Arc::clone(&gate)));
    let came = world.post(ORDERS, &order("O1")).await;
    assert_eq!(came.headers["retry-after"], "2");
    assert_eq!(came.expect(202)["state"], "opening");
    assert_eq!(world.post(ORDERS, &order("O1")).await.expect(202)["state"], "opening");
    gate.notify_one();
    world.pass(1).await;
    assert_eq!(world.post(ORDERS, &order("O1")).await.expect(200)["pay"]["order_token"], "TO1");
}

#[tokio::test]
async fn a_refusal_is_told_with_the_platforms_code() {
    let world = World::new();
    world.others.next("create_order", refused(2010, "参数错误"));
    let came = world.post(ORDERS, &order("O1")).await;
    assert_eq!(came.body["platform_code"], 2010);
    came.problem(422, "platform_refused");
    world.post(ORDERS, &order("O1")).await.problem(422, "platform_refused");
    assert_eq!(world.order("O1").await["state"], "refused");
}

#[tokio::test]
async fn a_wrong_configuration_is_told_and_mends_itself() {
    let world = World::working();
    world.others.next("create_order", refused(2008, "签名校验异常"));
    world.post(ORDERS, &order("O1")).await.problem(502, "platform_refuses_configuration");
    let open = world.get("/v1/exceptions").await.expect(200);
    assert_eq!(open["exceptions"][0]["kind"], "config");
    world.pass(30).await;
    assert_eq!(world.order("O1").await["state"], "waiting");
}

#[tokio::test]
async fn whoever_hangs_up_still_gets_the_order_opened() {
    let world = World::new();
    let gate = Arc::new(Notify::new());
    world.others.next("create_order", Script::Held(Arc::clone(&gate)));
    let request = world.request("POST", ORDERS, Some(&key("merchant")), order("O1").to_string());
    let mut asking = Box::pin(world.server.router().oneshot(request));
    while world.others.calls("create_order").is_empty() {
        assert!(futures_util::poll!(asking.as_mut()).is_pending());
        world.settle().await;
    }
    drop(asking);
    gate.notify_one();
    world.settle().await;
    assert_eq!(world.order("O1").await["state"], "waiting");
}

#[tokio::test]
async fn orders_are_listed_by_state_day_and_page() {
    let world = World::new();
    for number in ["O1", "O2", "O3"] {
        world.open(number).await;
        world.clock.advance(Duration::from_secs(1));
    }
    world.callback_to("/callbacks/coffee", payment("O2", 1280, TOKEN)).await.expect(200);
    let numbers = |page: &Value| -> Vec<String> {
        let orders = page["orders"].as_array().unwrap().iter();
        orders.map(|order| order["out_order_no"].as_str().unwrap().to_owned()).collect()
    };
    let first = world.get("/v1/apps/coffee/orders?limit=2").await.expect(200);
    assert_eq!(numbers(&first), ["O3", "O2"]);
    let next = format!("/v1/apps/coffee/orders?limit=2&after={}", first["next"].as_str().unwrap());
    let second = world.get(&next).await.expect(200);
    assert_eq!((numbers(&second), second.get("next")), (vec!["O1".to_owned()], None));
    let paid = world.get("/v1/apps/coffee/orders?state=paid").await.expect(200);
    assert_eq!(numbers(&paid), ["O2"]);
    for (query, count) in [
        ("from=2026-01-05&to=2026-01-05", 3),
        ("system=ecpay", 3),
        ("system=trade", 0),
        ("from=2026-01-06", 0),
        ("to=2026-01-04", 0),
        ("from=2026-01-05T09:00:00%2B08:00", 3),
        ("from=2026-01-05T09:00:00+08:00&to=2026-01-05T09:00:00Z", 3),
    ] {
        let page = world.get(&format!("/v1/apps/coffee/orders?{query}")).await.expect(200);
        assert_eq!(numbers(&page).len(), count, "{query}");
    }
    for (query, sentence) in [
        ("state=payed", "`state`: `payed`"),
        ("from=yesterday", "`from`: `yesterday`"),
        ("limit=0", "between 1 and 200"),
        ("after=x", "`after`: `x`"),
        ("stat=paid", "did you mean `state`?"),
        ("limit=1&limit=2", "`limit` is given twice"),
    ] {
        let detail = world.get(&format!("/v1/apps/coffee/orders?{query}")).await.problem(400, "bad_request");
        assert!(detail.contains(sentence), "{query}: {detail}");
    }
}

#[tokio::test]
async fn the_timeline_tells_everything_but_the_token() {
    let world = World::new();
    world.paid("O1").await;
    let timeline = world.get("/v1/apps/coffee/orders/O1/timeline").await.expect(200);
    let entries: Vec<&str> = timeline["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["entry"].as_str().unwrap())
        .collect();
    for kind in ["fact", "call", "callback", "event"] {
        assert!(entries.contains(&kind), "{kind}: {timeline}");
    }
    assert!(!timeline.to_string().contains("TO1"), "{timeline}");
}
