//! Refunds: by the merchant, by item, and started on the platform's side.

use douyin_pay::{Platform, TradeClient};
use douyin_pay_mock::{CallFault, CallbackFault, Faults, NextCall};
use douyin_pay_protocol::trade::{RefundCreate, RefundReason, RefundReasonCode, RefundText, Schema};
use douyin_pay_protocol::{AppId, AppSecret, Fen, OutRefundNo, PlatformNo};
use serde_json::{Value, json};

use crate::mocked::{CONSULTING, Mocked, Setting, console, order};

const ORDERS: &str = "/v1/apps/coffee/orders";
const REFUNDS: &str = "/v1/apps/coffee/refunds";

/// A paid order whose goods are given back at will; the platform's number.
async fn unbegun(it: &Mocked, number: &str) -> String {
    let mut ask = order(number);
    ask["trade"] = json!({ "sku": { "type": CONSULTING.0, "tag_group_id": CONSULTING.1 } });
    let pay = it.world.post(ORDERS, &ask).await.expect(201)["pay"].clone();
    let order_id = it.place(&pay);
    it.mock.pay(&douyin_pay_mock::PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    order_id
}

/// The same after the delivery has begun: now by agreement.
async fn begun(it: &Mocked, number: &str) -> String {
    let order_id = unbegun(it, number).await;
    let step = json!({ "out_fulfil_no": format!("F{number}"), "to_status": "fulfilling" });
    it.world.post(&format!("{ORDERS}/{number}/fulfilments"), &step).await.expect(201);
    order_id
}

/// The payer asks for all of it; the refund as it is here.
async fn applied(it: &Mocked, number: &str, order_id: &str) -> Value {
    it.say("/mock/apply_refund", &json!({ "order_id": order_id, "reason": "too bitter", "source": 1 })).await;
    it.world.pass(3).await;
    it.world.order(number).await["refunds"][0].clone()
}

fn number_of(refund: &Value) -> String {
    refund["out_refund_no"].as_str().expect("a number").to_owned()
}

#[tokio::test]
async fn a_part_goes_back_and_then_the_rest() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let ask =
        json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "too hot", "trade": { "code": 103 } });
    let path = format!("{ORDERS}/O1/refunds");
    let refund = it.world.post(&path, &ask).await.expect(201);
    assert_eq!((&refund["state"], &refund["reason_code"]), (&json!("accepted"), &json!(103)), "{refund}");
    assert_eq!(refund["items"][0]["amount_fen"], 280);
    it.world.post(&path, &ask).await.expect(200);
    it.world.pass(30).await;
    assert_eq!(it.world.order("O1").await["refunded_fen"], 280);
    let too_much = json!({ "out_refund_no": "R2", "amount_fen": 1001, "reason": "x" });
    it.world.post(&path, &too_much).await.problem(422, "too_much");
    let rest = json!({ "out_refund_no": "R3", "amount_fen": 1000, "reason": "x" });
    it.world.post(&path, &rest).await.expect(201);
    it.world.pass(30).await;
    let order = it.world.order("O1").await;
    assert_eq!((&order["refunded_fen"], &order["refundable_fen"]), (&json!(1280), &json!(0)), "{order}");
    assert_eq!(it.book("O1").refunded_fen.get(), 1280);
    assert_eq!(it.events(), ["order.paid", "refund.succeeded", "refund.succeeded"]);
}

#[tokio::test]
async fn of_several_items_each_part_is_named() {
    let it = Mocked::trade();
    let mut ask = order("O1");
    ask["trade"] = json!({ "sku": { "quantity": 2 } });
    let order_id = it.place(&it.world.post(ORDERS, &ask).await.expect(201)["pay"]);
    it.mock.pay(&douyin_pay_mock::PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let path = format!("{ORDERS}/O1/refunds");
    let vague = json!({ "out_refund_no": "R1", "amount_fen": 100, "reason": "x" });
    let detail = it.world.post(&path, &vague).await.problem(422, "items_needed");
    assert!(detail.contains("2 are known"), "the platform was asked for them: {detail}");
    let items = it.world.order("O1").await["items"].clone();
    let [first, second] = [0, 1].map(|at: usize| items[at]["item_order_id"].clone());
    let named = |parts: Value, amount: i64| json!({ "out_refund_no": "R1", "amount_fen": amount, "reason": "x", "trade": { "items": parts } });
    for (parts, amount, code) in [
        (json!([{ "item_order_id": first, "amount_fen": 100 }]), 101, "items_sum"),
        (json!([{ "item_order_id": first, "amount_fen": 641 }]), 641, "item_too_much"),
        (json!([{ "item_order_id": "motb1", "amount_fen": 1 }]), 1, "unknown_item"),
        (
            json!([{ "item_order_id": first, "amount_fen": 1 }, { "item_order_id": first, "amount_fen": 1 }]),
            2,
            "item_twice",
        ),
    ] {
        it.world.post(&path, &named(parts, amount)).await.problem(422, code);
    }
    let parts =
        json!([{ "item_order_id": first, "amount_fen": 100 }, { "item_order_id": second, "amount_fen": 50 }]);
    it.world.post(&path, &named(parts, 150)).await.expect(201);
    it.world.pass(30).await;
    let items = it.world.order("O1").await["items"].clone();
    let left = (&items[0]["refundable_fen"], &items[1]["refundable_fen"]);
    assert_eq!(left, (&json!(540), &json!(590)), "{items}");
    for (wrong, sentence) in [
        (json!({ "items": [{ "item_order_id": "", "amount_fen": 1 }] }), "`trade.items[0].item_order_id`"),
        (json!({ "items": [{ "item_order_id": "m", "amount_fen": 0 }] }), "`trade.items[0].amount_fen`"),
        (json!({ "cod": 101 }), "did you mean `code`?"),
    ] {
        let ask = json!({ "out_refund_no": "R9", "amount_fen": 1, "reason": "x", "trade": wrong });
        let came = it.world.post(&path, &ask).await;
        assert_eq!(came.status, 400, "{}", came.body);
        assert!(
            came.body["detail"].as_str().is_some_and(|detail| detail.contains(sentence)),
            "{}",
            came.body
        );
    }
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_before_anything_is_repeated() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let lost = |fault| NextCall { fault, endpoint: Some("refund_create".to_owned()), times: 1 };
    it.mock.set_faults(Faults { next: vec![lost(CallFault::LoseResponse)], ..Faults::default() });
    let path = format!("{ORDERS}/O1/refunds");
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "x" });
    let came = it.world.post(&path, &ask).await;
    assert!(matches!(came.status, 201 | 202), "{}", came.body);
    it.world.pass(90).await;
    assert_eq!(it.world.order("O1").await["refunded_fen"], 280);
    assert_eq!(it.mock.books().refunds.len(), 1, "asked for once, and found by asking");
    it.mock.set_faults(Faults { next: vec![lost(CallFault::LoseRequest)], ..Faults::default() });
    let ask = json!({ "out_refund_no": "R2", "amount_fen": 100, "reason": "x" });
    it.world.post(&path, &ask).await.expect(202);
    it.world.pass(180).await;
    assert_eq!(it.world.order("O1").await["refunded_fen"], 380, "not found, and asked for again");
}

#[tokio::test]
async fn a_refund_that_the_payer_starts_is_given_a_number_and_agreed_to() {
    let it = Mocked::trade();
    let order_id = begun(&it, "O1").await;
    let refund = applied(&it, "O1", &order_id).await;
    let number = number_of(&refund);
    assert!(number.starts_with("dy-"), "{refund}");
    assert_eq!((&refund["origin"], &refund["state"]), (&json!("user"), &json!("auditing")), "{refund}");
    assert_eq!(refund["audit"]["needed"], true);
    assert!(refund["audit"]["deadline_at"].is_string(), "{refund}");
    assert_eq!(it.events(), ["order.paid", "fulfilment.succeeded", "refund.requested"]);
    let path = format!("{REFUNDS}/{number}/audit");
    let agreed = it.world.post(&path, &json!({ "agree": true })).await.expect(200);
    assert_eq!(agreed["audit"]["decision"]["state"], "accepted", "{agreed}");
    it.world.post(&path, &json!({ "agree": true })).await.expect(200);
    it.world.post(&path, &json!({ "agree": false, "deny_message": "x" })).await.problem(409, "decided");
    it.world.pass(30).await;
    let order = it.world.order("O1").await;
    assert_eq!(
        (&order["refunded_fen"], &order["refunds"][0]["state"]),
        (&json!(1280), &json!("succeeded")),
        "{order}"
    );
    assert_eq!(it.mock.books().refunds[0].out_refund_no, number, "the platform took our number");
}

#[tokio::test]
async fn a_refund_is_denied_with_a_reason() {
    let it = Mocked::trade();
    let order_id = begun(&it, "O1").await;
    let number = number_of(&applied(&it, "O1", &order_id).await);
    let path = format!("{REFUNDS}/{number}/audit");
    for (ask, sentence) in [
        (json!({ "agree": false }), "`deny_message` is missing"),
        (json!({ "agree": true, "deny_message": "x" }), "has no meaning"),
        (json!({ "agree": false, "deny_message": " " }), "a text of 1–512 bytes"),
        (json!({ "agree": "yes" }), "expected true or false"),
    ] {
        let detail = it.world.post(&path, &ask).await.problem(400, "bad_request");
        assert!(detail.contains(sentence), "{ask}: {detail}");
    }
    let ask = json!({ "agree": false, "deny_message": "it was drunk" });
    let denied = it.world.post(&path, &ask).await.expect(200);
    assert_eq!(denied["audit"]["decision"]["agree"], false, "{denied}");
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    assert_eq!(
        (&order["refunds"][0]["state"], &order["refunded_fen"]),
        (&json!("failed"), &json!(0)),
        "{order}"
    );
    assert_eq!(it.events().last().expect("events"), "refund.failed");
    it.world.post(&path, &json!({ "agree": true })).await.problem(409, "decided");
    it.world
        .post(&format!("{REFUNDS}/R9/audit"), &json!({ "agree": true }))
        .await
        .problem(404, "unknown_number");
}

#[tokio::test]
async fn silence_until_the_deadline_is_consent() {
    let it = Mocked::trade();
    let order_id = begun(&it, "O1").await;
    let number = number_of(&applied(&it, "O1", &order_id).await);
    for _ in 0..73 {
        it.world.jump(3600).await;
    }
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    assert_eq!(
        (&order["refunds"][0]["state"], &order["refunded_fen"]),
        (&json!("succeeded"), &json!(1280)),
        "{order}"
    );
    let late = it.world.post(&format!("{REFUNDS}/{number}/audit"), &json!({ "agree": true })).await;
    assert!(matches!(late.body["code"].as_str(), Some("deadline_passed" | "not_auditing")), "{}", late.body);
}

#[tokio::test]
async fn a_decision_whose_answer_is_lost_is_told_again() {
    let it = Mocked::trade();
    let order_id = begun(&it, "O1").await;
    let number = number_of(&applied(&it, "O1", &order_id).await);
    let fault = NextCall {
        fault: CallFault::LoseRequest,
        endpoint: Some("refund_audit_callback".to_owned()),
        times: 4,
    };
    it.mock.set_faults(Faults { next: vec![fault], ..Faults::default() });
    it.world.post(&format!("{REFUNDS}/{number}/audit"), &json!({ "agree": true })).await.expect(202);
    it.world.pass(300).await;
    let order = it.world.order("O1").await;
    assert_eq!(order["refunded_fen"], 1280, "{order}");
}

#[tokio::test]
async fn the_customer_service_may_start_one_as_well() {
    let it = Mocked::trade();
    let order_id = unbegun(&it, "O1").await;
    it.say("/mock/apply_refund", &json!({ "order_id": order_id, "amount": 80, "reason": "x", "source": 4 }))
        .await;
    it.world.pass(40).await;
    let order = it.world.order("O1").await;
    let refund = &order["refunds"][0];
    assert_eq!(
        (&refund["origin"], &refund["state"]),
        (&json!("customer_service"), &json!("succeeded")),
        "{order}"
    );
    assert_eq!(order["refunded_fen"], 80);
}

#[tokio::test]
async fn what_the_platform_never_told_is_found_by_asking_about_the_order() {
    let it = Mocked::trade();
    let order_id = unbegun(&it, "O1").await;
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Lost, 1000)].into(), ..Faults::default() });
    it.say("/mock/apply_refund", &json!({ "order_id": order_id, "amount": 80, "reason": "x", "source": 1 }))
        .await;
    it.world.pass(5).await;
    assert_eq!(it.world.order("O1").await["refunds"], json!([]));
    let order = it.world.get(&format!("{ORDERS}/O1?query=now")).await.expect(200);
    let number = number_of(&order["refunds"][0]);
    assert!(number.starts_with("dy-"), "{order}");
    it.mock.set_faults(Faults::default());
    // The platform asks again after ten minutes, and is given the same number.
    it.world.jump(700).await;
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    assert_eq!(order["refunds"].as_array().expect("a list").len(), 1, "{order}");
    assert_eq!(
        (&order["refunds"][0]["state"], &order["refunded_fen"]),
        (&json!("succeeded"), &json!(80)),
        "{order}"
    );
}

/// Another program of the same app gives everything of an order back, under its own number.
async fn refund_elsewhere(it: &Mocked, order_id: &str, number: &str) {
    let app_id = AppId::new("tt0000000000000001").expect("an app");
    let client = TradeClient::builder(app_id, AppSecret::new("mock_app_secret").expect("a secret"))
        .platform(Platform::Url("https://mock.test".to_owned()))
        .env(it.world.env.clone())
        .build()
        .expect("a client");
    let text = RefundText::new("elsewhere").expect("a text");
    let ask = RefundCreate::all(
        PlatformNo::new(order_id).expect("a number"),
        OutRefundNo::new(number).expect("a number"),
        Schema::new("pages/order").expect("a page"),
        vec![RefundReason { code: RefundReasonCode::Another, text }],
        Fen::new(1280).expect("an amount"),
    );
    let asked = ask.expect("a refund");
    it.world.drive(client.refund_create(&asked)).await.expect("the platform takes it");
}

/// No callback arrives any more.
fn silence(it: &Mocked) {
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Lost, 1000)].into(), ..Faults::default() });
}

#[tokio::test]
async fn a_number_that_another_program_used_for_another_order_is_not_taken_for_ours() {
    let it = Mocked::trade();
    let elsewhere = it.paid("O1").await;
    it.paid("O2").await;
    silence(&it);
    refund_elsewhere(&it, &elsewhere, "R1").await;
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O2/refunds"), &ask).await;
    it.world.pass(90).await;
    let order = it.world.order("O2").await;
    assert_eq!(it.book("O2").refunded_fen.get(), 0);
    assert_eq!((&order["refunded_fen"], &order["refundable_fen"]), (&json!(0), &json!(1280)), "{order}");
    let refund = &order["refunds"][0];
    assert_eq!(refund["state"], "failed", "{refund}");
    assert!(refund.to_string().contains("ask again with a new number"), "{refund}");
}

#[tokio::test]
async fn a_refused_refund_makes_us_look_for_what_the_platform_did_by_itself() {
    let it = Mocked::trade();
    let order_id = unbegun(&it, "O1").await;
    silence(&it);
    it.say("/mock/apply_refund", &json!({ "order_id": order_id, "amount": 80, "reason": "x", "source": 1 }))
        .await;
    it.world.pass(5).await;
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    let refused = it.world.post(&format!("{ORDERS}/O1/refunds"), &ask).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    it.world.pass(5).await;
    let order = it.world.order("O1").await;
    let numbers: Vec<String> = order["refunds"].as_array().expect("a list").iter().map(number_of).collect();
    assert!(numbers.iter().any(|number| number.starts_with("dy-")), "{order}");
}

#[tokio::test]
async fn a_revoked_token_is_renewed_in_mid_run() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let path = format!("{ORDERS}/O1/refunds");
    it.world.post(&path, &json!({ "out_refund_no": "R1", "amount_fen": 1, "reason": "x" })).await.expect(201);
    it.mock.revoke_tokens();
    it.world.post(&path, &json!({ "out_refund_no": "R2", "amount_fen": 1, "reason": "x" })).await.expect(201);
}

#[tokio::test]
async fn fields_of_the_other_system_are_refused() {
    let it = Mocked::new(Setting::ECPAY, console());
    it.world.open("O1").await;
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 1, "reason": "x", "trade": { "code": 101 } });
    let detail = it.world.post(&format!("{ORDERS}/O1/refunds"), &ask).await.problem(422, "other_system");
    assert!(detail.contains("leave it out"), "{detail}");
    let step = json!({ "out_fulfil_no": "F1", "to_status": "fulfilling" });
    it.world.post(&format!("{ORDERS}/O1/fulfilments"), &step).await.problem(422, "no_push");
    let put = json!({ "platform_order_id": "m1" }).to_string();
    let key = crate::world::key("merchant");
    let request = it.world.request("PUT", &format!("{ORDERS}/O1/platform_order"), Some(&key), put);
    it.world.send(request).await.problem(422, "other_system");
    let settle = json!({ "out_settle_no": "S1", "description": "x", "item_order_id": "m1" });
    it.world.post(&format!("{ORDERS}/O1/settlements"), &settle).await.problem(422, "other_system");
}

#[tokio::test]
async fn a_lost_callback_of_a_refund_is_found_by_asking() {
    let it = Mocked::trade();
    it.paid("O1").await;
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Never, 1000)].into(), ..Faults::default() });
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/O1/refunds"), &ask).await.expect(201);
    it.world.pass(70).await;
    assert_eq!(it.world.order("O1").await["refunded_fen"], 280);
}
