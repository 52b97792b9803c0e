//! Shares that come back: asked once, repeated under the same number, never guessed.

use std::time::Duration;

use douyin_pay_mock::{CallFault, Faults, NextCall, NextOperation, OperationFault, OperationStatus};
use serde_json::{Value, json};

use super::world::{DAY, ORDERS, RECEIVER, RETURNS, SETTLEMENTS, mock, paid, plain, settled, with};
use crate::mocked::Mocked;

fn back(number: &str, fen: i64) -> Value {
    json!({ "out_return_no": number, "merchant_uid": RECEIVER, "amount_fen": fen, "description": "分账回退" })
}

/// An order whose settlement S1 gave 60 fen to the receiver.
async fn shared() -> Mocked {
    let it = plain();
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    it
}

fn of_settlement(number: &str) -> String {
    format!("{SETTLEMENTS}/{number}/returns")
}

/// How much came back to the seller, as the mock has it.
fn returned(it: &Mocked) -> i64 {
    let done = it.mock.books().returns.into_iter().filter(|one| one.status == OperationStatus::Success);
    done.map(|one| one.amount_fen.get()).sum()
}

#[tokio::test]
async fn a_share_comes_back_and_both_sides_agree() {
    let it = shared().await;
    let path = of_settlement("S1");
    let made = it.world.post(&path, &back("T1", 40)).await.expect(201);
    assert_eq!((&made["out_settle_no"], &made["merchant_uid"]), (&json!("S1"), &json!(RECEIVER)), "{made}");
    assert_eq!((&made["out_order_no"], &made["amount_fen"]), (&json!("O1"), &json!(40)));
    it.world.pass(60).await;
    let told = it.world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!((&told["state"], &told["origin"]), (&json!("succeeded"), &json!("merchant")), "{told}");
    assert!(told["return_no"].is_string() && told["finished_at"].is_string(), "{told}");
    assert_eq!(it.world.order("O1").await["returns"][0]["out_return_no"], "T1");
    assert_eq!(returned(&it), 40);
    assert!(it.events().contains(&"return.succeeded".to_owned()), "{:?}", it.events());
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn both_numbers_are_named_when_both_are_known() {
    let it = with("", "", mock(|config| config.switches.return_needs_both_numbers = true));
    paid(&it, "O1").await;
    settled(&it, "O1", "S1").await;
    it.world.post(&of_settlement("S1"), &back("T1", 40)).await.expect(201);
    it.world.pass(60).await;
    let told = it.world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!(told["state"], "succeeded", "{told}");
    it.world.get(&format!("{RETURNS}/T1?query=now")).await.expect(200);
    assert_eq!(returned(&it), 40);
}

#[tokio::test]
async fn the_same_again_is_the_same_return_and_other_fields_are_named() {
    let it = shared().await;
    let path = of_settlement("S1");
    it.world.post(&path, &back("T1", 40)).await.expect(201);
    assert_eq!(it.world.post(&path, &back("T1", 40)).await.expect(200)["amount_fen"], 40);
    let mut other = back("T1", 39);
    other["description"] = json!("x");
    let came = it.world.post(&path, &other).await;
    assert_eq!(came.body["fields"], json!(["amount_fen", "description"]), "{}", came.body);
    came.problem(409, "other_fields");
    it.world.pass(60).await;
    assert_eq!(it.mock.books().returns.len(), 1, "asked for once");
    let missing = it.world.get(&format!("{RETURNS}/T9")).await;
    missing.problem(404, "unknown_number");
}

#[tokio::test]
async fn what_cannot_come_back_says_why_before_the_platform_is_asked() {
    let it = shared().await;
    let path = of_settlement("S1");
    it.world.post(&path, &back("T1", 40)).await.expect(201);
    let came = it.world.post(&path, &back("T2", 21)).await;
    let sums = ["asked_fen", "left_fen", "shared_fen", "returned_fen"].map(|name| came.body[name].clone());
    assert_eq!(sums[..3], [json!(21), json!(20), json!(60)], "{}", came.body);
    came.problem(422, "too_much_back");
    let mut stranger = back("T2", 1);
    stranger["merchant_uid"] = json!("70000000000000000009");
    it.world.post(&path, &stranger).await.problem(422, "no_share");
    it.world.post(&of_settlement("S9"), &back("T2", 1)).await.problem(404, "unknown_number");
    it.world.post(&path, &back("T2", 0)).await.problem(400, "bad_request");
    let long = json!({ "out_return_no": "T2", "merchant_uid": RECEIVER, "amount_fen": 1, "description": "长".repeat(101) });
    assert!(it.world.post(&path, &long).await.problem(400, "bad_request").contains("`description`"));
    it.world.pass(60).await;
    assert_eq!(it.mock.books().returns.len(), 1);
    paid(&it, "O2").await;
    it.world.jump(8 * DAY).await;
    let ask = json!({ "out_settle_no": "S2", "description": "x", "shares": [{ "merchant_uid": RECEIVER, "amount_fen": 60 }] });
    it.world.post(&format!("{ORDERS}/O2/settlements"), &ask).await.expect(201);
    it.world.post(&of_settlement("S2"), &back("T2", 1)).await.problem(422, "not_settled");
}

#[tokio::test]
async fn a_lost_answer_is_repeated_with_the_same_number_and_acts_once() {
    let it = shared().await;
    it.mock.set_faults(Faults {
        next: vec![NextCall::new("create_return", CallFault::LoseResponse, 3)],
        ..Faults::default()
    });
    let came = it.world.post(&of_settlement("S1"), &back("T1", 40)).await;
    assert!(matches!(came.status, 201 | 202), "{}", came.body);
    it.world.pass(120).await;
    let told = it.world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!(told["state"], "succeeded", "{told}");
    assert_eq!((it.mock.books().returns.len(), returned(&it)), (1, 40));
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn a_return_that_never_arrived_is_sent_again() {
    let it = shared().await;
    it.mock.set_faults(Faults {
        next: vec![NextCall::new("create_return", CallFault::LoseRequest, 3)],
        ..Faults::default()
    });
    it.world.post(&of_settlement("S1"), &back("T1", 40)).await;
    it.world.pass(120).await;
    assert_eq!(it.world.get(&format!("{RETURNS}/T1")).await.expect(200)["state"], "succeeded");
    assert_eq!((it.mock.books().returns.len(), returned(&it)), (1, 40));
}

#[tokio::test]
async fn a_return_that_fails_frees_its_sum() {
    let it = shared().await;
    it.mock.set_faults(Faults {
        next_operations: vec![NextOperation::new(OperationFault::ReturnFails, 1)],
        ..Faults::default()
    });
    it.world.post(&of_settlement("S1"), &back("T1", 60)).await.expect(201);
    it.world.pass(60).await;
    let told = it.world.get(&format!("{RETURNS}/T1")).await.expect(200);
    assert_eq!(told["state"], "failed", "{told}");
    assert!(told["failure"]["message"].is_string(), "{told}");
    assert!(it.events().contains(&"return.failed".to_owned()), "{:?}", it.events());
    it.world.post(&of_settlement("S1"), &back("T2", 60)).await.expect(201);
    it.world.pass(60).await;
    assert_eq!(returned(&it), 60);
}

#[tokio::test]
async fn a_person_may_ask_about_a_return_at_once() {
    let it = shared().await;
    it.world.post(&of_settlement("S1"), &back("T1", 40)).await;
    it.world.clock.advance(Duration::from_secs(15));
    let told = it.world.get(&format!("{RETURNS}/T1?query=now")).await.expect(200);
    assert_eq!(told["state"], "succeeded", "{told}");
}
