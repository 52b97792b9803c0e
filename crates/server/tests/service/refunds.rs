//! Refunds and settlements: refused with sums before the platform is asked, asked once, told honestly.

use serde_json::{Value, json};

use crate::platform::refused;
use crate::world::World;

fn refund(number: &str, fen: i64) -> Value {
    json!({ "out_refund_no": number, "amount_fen": fen, "reason": "少了一份糖" })
}

fn settlement(number: &str) -> Value {
    json!({ "out_settle_no": number, "description": "结算", "shares": [{ "merchant_uid": "69645835031835936200", "amount_fen": 60 }] })
}

const REFUNDS: &str = "/v1/apps/coffee/orders/O1/refunds";
const SETTLEMENTS: &str = "/v1/apps/coffee/orders/O1/settlements";

#[tokio::test]
async fn a_refund_is_asked_for_once() {
    let world = World::new();
    world.paid("O1").await;
    let first = world.post(REFUNDS, &refund("R1", 100)).await.expect(201);
    assert_eq!(
        (&first["state"], &first["refund_no"], &first["out_order_no"]),
        (&json!("accepted"), &json!("N900"), &json!("O1"))
    );
    let again = world.post(REFUNDS, &refund("R1", 100)).await.expect(200);
    assert_eq!(again["state"], "accepted");
    assert_eq!(world.others.calls("create_refund").len(), 1);
    world.post(REFUNDS, &refund("R1", 101)).await.problem(409, "other_fields");
    assert_eq!(world.get("/v1/apps/coffee/refunds/R1").await.expect(200)["amount_fen"], 100);
    world.get("/v1/apps/coffee/refunds/R2").await.problem(404, "unknown_number");
}

#[tokio::test]
async fn more_than_is_left_is_refused_before_the_platform_is_asked() {
    let world = World::new();
    world.paid("O1").await;
    world.post(REFUNDS, &refund("R1", 1000)).await.expect(201);
    let came = world.post(REFUNDS, &refund("R2", 281)).await;
    assert_eq!((&came.body["left_fen"], &came.body["refunding_fen"]), (&json!(280), &json!(1000)));
    let detail = came.problem(422, "too_much");
    assert!(detail.contains("¥2.81 asked") && detail.contains("¥2.80 left"), "{detail}");
    assert_eq!(world.others.calls("create_refund").len(), 1);
    let mut shares = settlement("S1");
    shares["shares"][0]["amount_fen"] = json!(281);
    world.post(SETTLEMENTS, &shares).await.problem(422, "too_much");
    assert!(world.others.calls("settle").is_empty());
}

#[tokio::test]
async fn what_cannot_be_refunded_says_why() {
    let world = World::new();
    world.open("O1").await;
    world.post(REFUNDS, &refund("R1", 1)).await.problem(422, "not_paid");
    world.post("/v1/apps/coffee/orders/O9/refunds", &refund("R1", 1)).await.problem(404, "unknown_number");
    world.post("/v1/apps/nobody/orders/O1/refunds", &refund("R1", 1)).await.problem(404, "unknown_app");
    let detail = world.post(REFUNDS, &refund("dy-1", 1)).await.problem(400, "bad_request");
    assert!(detail.contains("`out_refund_no`"), "{detail}");
    world.post(REFUNDS, &refund("R1", 0)).await.problem(400, "bad_request");
    world
        .post("/v1/apps/coffee/orders/O 1/refunds".replace(' ', "%20").as_str(), &refund("R1", 1))
        .await
        .problem(400, "bad_request");
}

#[tokio::test]
async fn a_number_of_another_order_is_in_use() {
    let world = World::new();
    world.paid("O1").await;
    world.paid("O2").await;
    world.post(REFUNDS, &refund("R1", 100)).await.expect(201);
    world.post("/v1/apps/coffee/orders/O2/refunds", &refund("R1", 100)).await.problem(409, "number_in_use");
}

#[tokio::test]
async fn a_refused_refund_frees_its_sum() {
    let world = World::new();
    world.paid("O1").await;
    world.others.next("create_refund", refused(2010, "退款金额超过可退金额"));
    world.post(REFUNDS, &refund("R1", 1280)).await.problem(422, "platform_refused");
    world.post(REFUNDS, &refund("R1", 1280)).await.problem(422, "platform_refused");
    world.post(REFUNDS, &refund("R2", 1280)).await.expect(201);
}

#[tokio::test]
async fn settlements_go_one_at_a_time() {
    let world = World::new();
    world.paid("O1").await;
    let first = world.post(SETTLEMENTS, &settlement("S1")).await.expect(201);
    assert_eq!((&first["state"], &first["finish"]), (&json!("accepted"), &json!(true)));
    let sent = &world.others.calls("settle")[0];
    assert_eq!(sent["settle_params"], r#"[{"merchant_uid":"69645835031835936200","amount":60}]"#);
    assert_eq!(world.post(SETTLEMENTS, &settlement("S1")).await.expect(200)["out_settle_no"], "S1");
    world.post(SETTLEMENTS, &settlement("S2")).await.problem(409, "in_flight");
    assert_eq!(world.get("/v1/apps/coffee/settlements/S1").await.expect(200)["state"], "accepted");
}

#[tokio::test]
async fn bad_shares_are_named() {
    let world = World::new();
    world.paid("O1").await;
    let share = |uid: &str, fen: i64| json!({ "merchant_uid": uid, "amount_fen": fen });
    for (shares, sentence) in [
        (json!([share("1", 1), share("1", 2)]), "named twice"),
        (json!([share("1", 1), share("2", 1), share("3", 1), share("4", 1), share("5", 1)]), "at most 4"),
        (json!([share("1", 0)]), "`shares[0].amount_fen`"),
        (json!([share("1", 1), { "merchant_uid": "2" }]), "`shares[1].amount_fen` is missing"),
        (json!([7]), "`shares[0]`: a number, expected an object"),
        (json!("all"), "`shares`: a text, expected a list"),
    ] {
        let mut ask = settlement("S1");
        ask["shares"] = shares;
        let detail = world.post(SETTLEMENTS, &ask).await.problem(400, "bad_request");
        assert!(detail.contains(sentence), "{detail}");
    }
    let mut unknown = settlement("S1");
    unknown["shares"][0]["amount"] = json!(1);
    assert!(
        world.post(SETTLEMENTS, &unknown).await.problem(400, "unknown_field").contains("`shares[0].amount`")
    );
    assert!(world.others.calls("settle").is_empty());
}
