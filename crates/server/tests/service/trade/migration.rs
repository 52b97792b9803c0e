//! An app moves from one system to the other, with orders open on both sides.

use douyin_pay_mock::PayAsk;
use serde_json::{Value, json};

use crate::mocked::{Mocked, Setting, console, order};

const ORDERS: &str = "/v1/apps/coffee/orders";

fn numbers(page: &Value) -> Vec<&str> {
    let orders = page["orders"].as_array().expect("a list").iter();
    orders.map(|order| order["out_order_no"].as_str().expect("a number")).collect()
}

#[tokio::test]
async fn each_order_ends_in_the_system_in_which_it_began() {
    let it = Mocked::new(Setting::ECPAY, console());
    let waiting = it.world.open("OLD1").await;
    it.world.pass(1).await;
    let paid = it.world.open("OLD2").await;
    it.mock.pay(&PayAsk::new(paid["pay"]["order_id"].as_str().expect("a number"))).expect("it can be paid");
    it.world.pass(3).await;
    it.reload(Setting::TRADE);
    // The same request still means the order that it made.
    let again = it.world.post(ORDERS, &crate::world::order("OLD1")).await.expect(200);
    assert_eq!((&again["system"], &again["pay"]), (&json!("ecpay"), &waiting["pay"]), "{again}");
    it.paid("NEW1").await;
    it.mock
        .pay(&PayAsk::new(waiting["pay"]["order_id"].as_str().expect("a number")))
        .expect("it can be paid");
    it.world.pass(3).await;
    for (number, refund) in [("OLD1", "R1"), ("OLD2", "R2"), ("NEW1", "R3")] {
        let ask = json!({ "out_refund_no": refund, "amount_fen": 280, "reason": "x" });
        it.world.post(&format!("{ORDERS}/{number}/refunds"), &ask).await.expect(201);
    }
    it.world.pass(40).await;
    for (number, system) in [("OLD1", "ecpay"), ("OLD2", "ecpay"), ("NEW1", "trade")] {
        let order = it.world.order(number).await;
        let told = (&order["system"], &order["state"], &order["refunded_fen"]);
        assert_eq!(told, (&json!(system), &json!("paid"), &json!(280)), "{order}");
        assert_eq!(it.book(number).refunded_fen.get(), 280);
    }
    let all = it.world.get(ORDERS).await.expect(200);
    assert_eq!(numbers(&all), ["NEW1", "OLD2", "OLD1"], "one list");
    let trade = it.world.get(&format!("{ORDERS}?system=trade")).await.expect(200);
    assert_eq!(numbers(&trade), ["NEW1"]);
    let ecpay = it.world.get(&format!("{ORDERS}?system=ecpay")).await.expect(200);
    assert_eq!(numbers(&ecpay), ["OLD2", "OLD1"]);
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn settlements_go_on_on_both_sides() {
    let it = Mocked::new(Setting::ECPAY, console());
    let old = it.world.open("OLD1").await;
    it.mock.pay(&PayAsk::new(old["pay"]["order_id"].as_str().expect("a number"))).expect("it can be paid");
    it.world.pass(3).await;
    it.reload(Setting::TRADE);
    it.paid("NEW1").await;
    it.world.jump(8 * 86_400).await;
    for (number, settlement) in [("OLD1", "S1"), ("NEW1", "S2")] {
        let ask = json!({ "out_settle_no": settlement, "description": "x" });
        it.world.post(&format!("{ORDERS}/{number}/settlements"), &ask).await.expect(201);
    }
    it.world.pass(60).await;
    for number in ["OLD1", "NEW1"] {
        let order = it.world.order(number).await;
        assert_eq!(order["settled_fen"], 1280, "{order}");
    }
}

#[tokio::test]
async fn an_old_order_whose_section_was_removed_waits_and_a_human_is_told() {
    let it = Mocked::new(Setting::ECPAY, console());
    it.world.open("OLD1").await;
    it.reload(Setting { sections: &["trade"], ..Setting::TRADE });
    it.world.pass(30).await;
    assert_eq!(it.world.order("OLD1").await["state"], "waiting");
    let open = it.world.get("/v1/exceptions").await.expect(200);
    let detail = open["exceptions"][0]["detail"].as_str().expect("a sentence");
    assert!(detail.contains("`[apps.ecpay]` is not configured"), "{open}");
    it.reload(Setting::TRADE);
    it.world.pass(60).await;
    it.world.post(ORDERS, &order("NEW1")).await.expect(201);
}

#[tokio::test]
async fn an_app_that_came_late_has_one_system_only() {
    let it = Mocked::new(Setting { sections: &["trade"], ..Setting::TRADE }, console());
    it.paid("O1").await;
    let detail = it.world.get(&format!("{ORDERS}?system=cash")).await.problem(400, "bad_request");
    assert!(detail.contains("ecpay or trade"), "{detail}");
}

#[tokio::test]
async fn nothing_is_taken_over_that_could_not_be_asked_about() {
    let it = Mocked::new(Setting { sections: &["trade"], ..Setting::TRADE }, console());
    let old = json!({ "out_order_no": "OLD1", "amount_fen": 1, "created_at": "2026-01-05T08:00:00+08:00", "system": "ecpay" });
    let came = it.world.post(&format!("{ORDERS}/import"), &json!({ "orders": [old] })).await;
    let detail = came.problem(422, "other_system");
    assert!(detail.contains("`[apps.ecpay]`"), "{detail}");
    it.world.get(&format!("{ORDERS}/OLD1")).await.problem(404, "unknown_number");
}
