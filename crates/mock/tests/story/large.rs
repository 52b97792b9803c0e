//! Large requests and bills take no long time, and the log stays small.

use std::time::Duration;

use douyin_pay_env::Env;
use douyin_pay_mock::Mock;
use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader};
use serde_json::{Value, json};

use crate::world::{DAY, World, config, order, surroundings};

/// Far more than is needed; before the search was bounded the fourth of the requests took minutes.
const SOON_MS: i64 = 30_000;

fn now() -> UnixMs {
    Env::real().clock.now()
}

#[tokio::test]
async fn a_wrong_signature_is_explained_soon_whatever_the_size_of_the_request() {
    let world = World::new();
    let mut small = order("O1", 1280);
    small["app_id"] = json!("tt0000000000000001");
    small["sign"] = json!("0123456789abcdef0123456789abcdef");
    let with = |count: usize, value: &dyn Fn(usize) -> Value| {
        let mut body = small.clone();
        (0..count).for_each(|n| body[format!("f{n}")] = value(n));
        body
    };
    let bodies = [
        with(1, &|_| json!("x".repeat(60_000))),
        with(600, &|n| json!({ "b": 1.0, "a": [n, "x", true, null, "\"q\""] })),
        with(1_000, &|_| json!(" 1 ")),
        with(4_000, &|_| json!(" 1 ")),
        with(1, &|_| json!("x".repeat(1_900_000))),
    ];
    let start = now();
    for body in bodies {
        let (_, answer) = world.raw("create_order", body.to_string()).await;
        assert!(answer.contains("2008"), "{answer}");
        assert!(world.last_problem().contains("no well-known mistake"), "{}", world.last_problem());
    }
    assert!(now().since(start) < SOON_MS, "{} ms", now().since(start));
}

#[tokio::test]
async fn the_log_of_calls_keeps_only_the_beginning_of_what_is_long() {
    let world = World::new();
    let mut body = order("O1", 1280);
    body["app_id"] = json!("t".repeat(1_000_000));
    world.raw("create_order", body.to_string()).await;
    let (_, calls) = world.control("GET", "/mock/calls", "").await;
    let text = calls.to_string();
    assert!(text.contains("does not know app") && text.len() < 20_000, "{} bytes", text.len());
}

/// A state file with `count` orders paid in its first second.
async fn many_orders(path: &std::path::Path, count: i64) {
    let (env, clock, merchant) = surroundings();
    let mock = Mock::with_state_file(env, clock.clone(), config(), path).unwrap();
    let world = World { mock, clock, merchant };
    world.paid("O1", 100).await;
    world.advance(DAY + Duration::from_secs(10 * 3_600)).await;
    world.mock.stop().unwrap();
    let mut state: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let one = state["orders"].take()[0].take();
    let (number, id) = (one["out_order_no"].to_string(), one["order_id"].to_string());
    let one = one.to_string();
    let copy = |n: i64| {
        let order = one.replace(&id, &format!("\"N{}\"", 7_000_000_000_000_000_000 + n));
        order.replace(&number, &format!("\"O{n}\""))
    };
    let orders = (1..=count).map(copy).collect::<Vec<_>>().join(",");
    state["timers"] = json!([]);
    state["accounts"]["paid"] = json!(100 * count);
    state["accounts"]["held"] = json!(100 * count);
    for (_, holder) in state["accounts"]["holders"].as_object_mut().unwrap() {
        holder["in_transit"] = json!(100 * count);
    }
    let text = state.to_string().replacen("\"orders\":null", &format!("\"orders\":[{orders}]"), 1);
    std::fs::write(path, text).unwrap();
}

#[tokio::test]
async fn a_bill_of_many_rows_is_one_answer() {
    const ROWS: i64 = 20_000;
    let folder = std::env::temp_dir().join(format!("douyin-pay-mock-large-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("state.json");
    many_orders(&path, ROWS).await;
    let (env, clock, merchant) = surroundings();
    let mock = Mock::with_state_file(env, clock.clone(), config(), &path).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let world = World { mock, clock, merchant };
    world.advance(DAY + Duration::from_secs(10 * 3_600)).await;
    let start = now();
    let query =
        "app_id=tt0000000000000001&merchant_id=70775300146143419322&bill_date=20240101&bill_type=payment";
    let bill = world.fetch("bills", query).await;
    assert!(now().since(start) < SOON_MS, "{} ms", now().since(start));
    let mut reader = BillReader::new(BillKind::Payment);
    reader.feed(bill.as_bytes());
    reader.finish();
    let mut rows = 0;
    while let Some(row) = reader.next_row() {
        row.unwrap();
        rows += 1;
    }
    assert_eq!((rows, bill.len() > 2_000_000), (ROWS, true), "{} bytes", bill.len());
}
