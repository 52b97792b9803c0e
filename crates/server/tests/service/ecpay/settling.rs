//! Settling by itself and by the platform, and what is left to settle.

use douyin_pay_mock::{
    CallFault, CallbackFault, Faults, NextCall, NextCallback, NextOperation, OperationFault,
};
use serde_json::{Value, json};

use super::world::{DAY, ORDERS, RECEIVER, SETTLEMENTS, mock, paid, plain, settled, with};
use crate::mocked::{Mocked, console};

const AFTER_8_DAYS: &str = "settle = { mode = \"after_days\", days = 8 }";

fn settlements(order: &Value) -> Vec<(&str, &str)> {
    let all = order["settlements"].as_array().expect("a list").iter();
    let word = |one: &'_ Value, name: &str| -> String { one[name].as_str().expect("a word").to_owned() };
    let told: Vec<_> = all.map(|one| (word(one, "out_settle_no"), word(one, "state"))).collect();
    told.into_iter().map(|(number, state)| (&*number.leak(), &*state.leak())).collect()
}

async fn exceptions(it: &Mocked, kind: &str) -> usize {
    let open = it.world.get("/v1/exceptions").await.expect(200);
    let open = open["exceptions"].as_array().expect("a list");
    open.iter().filter(|one| one["kind"] == kind).count()
}

/// The mock with an app that the platform settles for.
fn automatic() -> Mocked {
    with("", "", mock(|config| config.apps[0].automatic_settlement = true))
}

#[tokio::test]
async fn after_its_days_an_order_is_settled_once_by_itself() {
    let it = with(AFTER_8_DAYS, "", console());
    paid(&it, "O1").await;
    let order = it.world.order("O1").await;
    assert_eq!(order["settle_after_days"], 8, "{order}");
    assert!(order["settle_due_at"].is_string(), "{order}");
    it.world.jump(8 * DAY - 60).await;
    assert_eq!(it.world.order("O1").await["settlements"], json!([]), "too early");
    it.world.pass(180).await;
    let order = it.world.order("O1").await;
    let [(number, "succeeded")] = settlements(&order)[..] else { panic!("{order}") };
    assert_eq!(number, format!("auto-{}", order["id"].as_str().expect("an id")));
    assert_eq!((&order["settled_fen"], &order["settle_due_at"]), (&json!(1280), &Value::Null), "{order}");
    it.world.jump(30 * DAY).await;
    assert_eq!(it.mock.books().settlements.len(), 1, "never a second one");
    let own = json!({ "out_settle_no": "S1", "description": "x" });
    it.world.post(&format!("{ORDERS}/O1/settlements"), &own).await.problem(422, "already_settled");
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn what_the_merchant_settled_is_left_alone() {
    let it = with("settle = { mode = \"after_days\", days = 20 }", "", console());
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    it.world.jump(20 * DAY).await;
    it.world.pass(60).await;
    assert_eq!(settlements(&it.world.order("O1").await), [("S1", "succeeded")]);
    assert_eq!(it.mock.books().settlements.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_never_makes_two_final_settlements() {
    let it = with(AFTER_8_DAYS, "", console());
    paid(&it, "O1").await;
    it.mock.set_faults(Faults {
        next: vec![NextCall::new("settle", CallFault::LoseResponse, 3)],
        next_callbacks: vec![NextCallback::new("settle", CallbackFault::Lost, 99)],
        ..Faults::default()
    });
    it.world.jump(8 * DAY).await;
    it.world.pass(300).await;
    assert_eq!(it.world.order("O1").await["settled_fen"], 1280);
    assert_eq!(it.mock.books().settlements.len(), 1);
}

#[tokio::test]
async fn a_failed_one_is_tried_again_with_a_new_number() {
    let it = with(AFTER_8_DAYS, "", console());
    paid(&it, "O1").await;
    it.mock.set_faults(Faults {
        next_operations: vec![NextOperation::new(OperationFault::SettlementFails, 1)],
        ..Faults::default()
    });
    it.world.jump(8 * DAY).await;
    it.world.pass(120).await;
    let order = it.world.order("O1").await;
    assert_eq!(settlements(&order)[0].1, "failed", "{order}");
    it.world.jump(3_600).await;
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    assert_eq!(settlements(&order)[1].1, "succeeded", "{order}");
    assert!(settlements(&order)[1].0.ends_with("-2"), "{order}");
    assert_eq!(order["settled_fen"], 1280);
}

#[tokio::test]
async fn the_platforms_own_settlement_comes_by_callback_with_its_number() {
    let it = automatic();
    paid(&it, "O1").await;
    it.world.jump(8 * DAY).await;
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    let one = &order["settlements"][0];
    assert_eq!(
        (&one["automatic"], &one["origin"], &one["state"]),
        (&json!(true), &json!("platform"), &json!("succeeded")),
        "{order}"
    );
    assert!(one["out_settle_no"].as_str().is_some_and(|number| number.starts_with("auto")), "{one}");
    assert!(it.events().contains(&"settlement.automatic".to_owned()), "{:?}", it.events());
    // The callback tells the amount after the fee; a look at the platform's books the whole of it.
    it.world.get(&format!("{ORDERS}/O1?query=now")).await.expect(200);
    assert_eq!(it.world.order("O1").await["settled_fen"], 1280);
}

#[tokio::test]
async fn a_settlement_of_the_platform_whose_callbacks_are_lost_is_found_by_asking() {
    let it = automatic();
    paid(&it, "O1").await;
    it.mock.set_faults(Faults {
        next_callbacks: vec![NextCallback::new("settle", CallbackFault::Never, 1)],
        ..Faults::default()
    });
    it.world.jump(8 * DAY).await;
    it.world.pass(60).await;
    assert_eq!(it.world.order("O1").await["settlements"], json!([]), "nobody told");
    // The platform's figure does not fit ours: a person is told.
    let settleable = format!("{ORDERS}/O1/settleable?query=now");
    let told = it.world.get(&settleable).await.expect(200);
    assert_eq!((&told["settleable_fen"], &told["basis"]), (&json!(0), &json!("platform")), "{told}");
    assert_eq!(exceptions(&it, "settleable_differs").await, 1);
    let order = it.world.get(&format!("{ORDERS}/O1?query=now")).await.expect(200);
    assert_eq!(order["platform_settleable"]["amount_fen"], 0, "{order}");
    let order = it.world.order("O1").await;
    assert_eq!(
        (&order["settlements"][0]["automatic"], &order["settled_fen"]),
        (&json!(true), &json!(1280)),
        "{order}"
    );
    it.world.get(&settleable).await.expect(200);
    assert_eq!(exceptions(&it, "settleable_differs").await, 0, "the figures agree again");
}

#[tokio::test]
async fn an_app_that_the_platform_settles_for_is_asked_once_and_the_settlement_found() {
    let it = with(AFTER_8_DAYS, "", mock(|config| config.apps[0].automatic_settlement = true));
    paid(&it, "O1").await;
    it.mock.set_faults(Faults {
        next_callbacks: vec![NextCallback::new("settle", CallbackFault::Never, 1)],
        ..Faults::default()
    });
    it.world.jump(8 * DAY + 60).await;
    it.world.pass(60).await;
    it.world.jump(10 * DAY).await;
    let order = it.world.order("O1").await;
    let found = settlements(&order);
    assert_eq!(found.len(), 2, "{order}");
    assert_eq!(found[0].1, "failed", "{order}");
    assert_eq!((found[1].1, &order["settled_fen"]), ("succeeded", &json!(1280)), "{order}");
    assert_eq!(
        (&order["settlements"][1]["automatic"], &order["settle_due_at"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(exceptions(&it, "not_settled").await, 0);
}

#[tokio::test]
async fn numbers_of_what_the_service_asks_for_by_itself_are_kept_for_it() {
    let it = plain();
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    let asks = [
        (format!("{ORDERS}/O1/settlements"), json!({ "out_settle_no": "auto-1", "description": "x" })),
        (
            format!("{SETTLEMENTS}/S1/returns"),
            json!({ "out_return_no": "auto-1", "merchant_uid": RECEIVER, "amount_fen": 1, "description": "x" }),
        ),
        (format!("{ORDERS}/O1/fulfilments"), json!({ "out_fulfil_no": "auto-1", "to_status": "redeemed" })),
    ];
    for (path, ask) in asks {
        let detail = it.world.post(&path, &ask).await.problem(400, "bad_request");
        assert!(detail.contains("begins with `auto-`"), "{detail}");
    }
}

#[tokio::test]
async fn what_is_left_to_settle_says_who_says_so() {
    let it = plain();
    paid(&it, "O1").await;
    let path = format!("{ORDERS}/O1/settleable");
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &refund).await.expect(201);
    it.world.pass(40).await;
    let own = it.world.get(&path).await.expect(200);
    assert_eq!((&own["settleable_fen"], &own["basis"]), (&json!(1000), &json!("estimate")), "{own}");
    assert_eq!((&own["detail"]["paid_fen"], &own["detail"]["refunded_fen"]), (&json!(1280), &json!(280)));
    let theirs = it.world.get(&format!("{path}?query=now")).await.expect(200);
    assert_eq!((&theirs["settleable_fen"], &theirs["basis"]), (&json!(994), &json!("platform")), "{theirs}");
    assert_eq!(theirs["detail"]["payment_rake_fen"], 6, "{theirs}");
    assert!(theirs["as_of"].is_string());
    assert_eq!(exceptions(&it, "settleable_differs").await, 0, "the fee explains it");
    let viewer = it.world.request("GET", &format!("{path}?query=now"), Some("dpk_viewer"), "");
    it.world.send(viewer).await.problem(403, "role_too_low");
    it.world.get(&format!("{ORDERS}/O9/settleable")).await.problem(404, "unknown_number");
}

#[tokio::test]
async fn a_refund_after_the_settlement_comes_out_of_what_was_settled() {
    let it = with("", "", mock(|config| config.switches.strict_2021 = true));
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    let path = format!("{ORDERS}/O1/refunds");
    let plain = json!({ "out_refund_no": "R1", "amount_fen": 100, "reason": "x" });
    it.world.post(&path, &plain).await.problem(422, "platform_refused");
    let ask =
        json!({ "out_refund_no": "R2", "amount_fen": 100, "reason": "x", "ecpay": { "all_settle": true } });
    it.world.post(&path, &ask).await.expect(201);
    it.world.pass(60).await;
    let told = it.world.get("/v1/apps/coffee/refunds/R2").await.expect(200);
    assert_eq!((&told["state"], &told["source"]), (&json!("succeeded"), &json!("settled")), "{told}");
    let shared = it.world.get(&format!("{SETTLEMENTS}/S1")).await.expect(200);
    assert_eq!(shared["shares"][0]["merchant_uid"], RECEIVER);
    it.mock.verify().expect("the mock's books are sound");
}
