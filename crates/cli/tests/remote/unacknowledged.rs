//! Fifteen lost acknowledgements: sixteen deliveries, one fact, one event.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::world::World;

/// Seconds from the first delivery of a callback to each of its deliveries.
const SCHEDULE_S: [i64; 16] =
    [0, 15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040, 86_640];
/// Past the third delivery and before the fourth.
const THREE_DELIVERIES_S: u64 = 45;
/// Past the last delivery: 24 h 04 min and a little.
const ALL_DELIVERIES_S: u64 = 86_700;
/// A day of the platform's time takes less than this.
const JUMP_WITHIN: Duration = Duration::from_secs(1);

/// An order that is paid while the platform is about to lose so many acknowledgements.
fn paid_under_loss(world: &World, number: &str, times: u32) {
    let lost = json!([{ "kind": "payment", "fault": "acknowledgement_lost", "times": times }]);
    world.control("PUT", "/mock/faults", &json!({ "next_callbacks": lost }));
    let words = ["order", "create", number, "--amount", "12.80", "--subject", "latte", "--wait"];
    let order = world.told(&words);
    world.control("POST", "/mock/pay", &json!({ "order_id": order["pay"]["order_id"] }));
}

fn jump(world: &World, seconds: u64) {
    let begun = Instant::now();
    world.advance(seconds);
    let took = begun.elapsed();
    assert!(took < JUMP_WITHIN, "{seconds} s of the platform's time took {took:?}");
}

/// The platform sent sixteen at the documented times, the last of them was acknowledged, and it counted once here.
fn assert_heard_once(world: &World, number: &str) {
    let callbacks = world.control("GET", "/mock/callbacks", &Value::Null);
    let deliveries: Vec<&Value> = callbacks["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["number"] == number)
        .collect();
    let sent = |delivery: &Value| delivery["sent_at"].as_i64().expect("a time");
    let offsets: Vec<i64> = deliveries.iter().map(|one| (sent(one) - sent(deliveries[0])) / 1_000).collect();
    assert_eq!(offsets, SCHEDULE_S, "{callbacks}");
    let (last, lost) = deliveries.split_last().expect("sixteen");
    assert!(lost.iter().all(|one| one["fault"] == "acknowledgement_lost" && one["acknowledged"] == false));
    assert_eq!((&last["fault"], &last["acknowledged"]), (&Value::Null, &json!(true)), "{last}");
    assert!(deliveries.iter().all(|one| one["status"] == 200), "each was answered: {callbacks}");

    let order = world.told(&["order", "get", number]);
    assert_eq!((&order["state"], &order["paid_fen"]), (&json!("paid"), &json!(1280)), "{order}");
    let timeline = world.told(&["order", "timeline", number]);
    let entries = timeline["entries"].as_array().expect("a list");
    let payments = entries.iter().filter(|one| one["entry"] == "fact" && one["source"] == "callback").count();
    let events = entries.iter().filter(|one| one["type"] == "order.paid").count();
    assert_eq!((payments, events), (1, 1), "{timeline}");
    let arrived: u64 = entries
        .iter()
        .filter(|one| one["entry"] == "callback")
        .map(|one| 1 + one["repeats"].as_u64().expect("a count"))
        .sum();
    assert_eq!(arrived, 16, "all are accounted for: {timeline}");
}

#[test]
fn sixteen_deliveries_are_one_fact_and_one_event() {
    let world = World::start();
    paid_under_loss(&world, "L1", 15);
    jump(&world, ALL_DELIVERIES_S);
    assert_heard_once(&world, "L1");
}

#[test]
fn also_when_the_service_dies_between_the_third_and_the_fourth() {
    let mut world = World::start();
    paid_under_loss(&world, "L2", 15);
    jump(&world, THREE_DELIVERIES_S);
    world.kill_service();
    world.start_service();
    jump(&world, ALL_DELIVERIES_S);
    assert_heard_once(&world, "L2");
}
