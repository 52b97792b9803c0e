//! Settlements and fulfilments: as a whole, by item, by the platform itself.

use douyin_pay_mock::ConsoleChange;
use serde_json::json;

use crate::mocked::{CONSULTING, Mocked, order};

const ORDERS: &str = "/v1/apps/coffee/orders";

#[tokio::test]
async fn an_order_is_settled_as_a_whole_with_a_share() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let path = format!("{ORDERS}/O1/settlements");
    let unfinished = json!({ "out_settle_no": "S1", "description": "x", "finish": false });
    it.world.post(&path, &unfinished).await.problem(422, "other_system");
    let ask = json!({
        "out_settle_no": "S1", "description": "January", "shares": [{ "merchant_uid": "70000000000000000009", "amount_fen": 100 }],
    });
    let made = it.world.post(&path, &ask).await.expect(201);
    assert_eq!((&made["state"], &made["finish"]), (&json!("accepted"), &json!(true)), "{made}");
    it.world.pass(30).await;
    let settled = it.world.get("/v1/apps/coffee/settlements/S1").await.expect(200);
    assert_eq!(
        (&settled["state"], &settled["settle_amount_fen"]),
        (&json!("succeeded"), &json!(1280)),
        "{settled}"
    );
    assert_eq!(it.book("O1").settled_fen.get(), 1280);
    let again = json!({ "out_settle_no": "S2", "description": "x" });
    it.world.post(&path, &again).await.problem(422, "already_settled");
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn items_are_settled_one_by_one() {
    let it = Mocked::trade();
    let mut ask = order("O1");
    ask["trade"] = json!({ "sku": { "quantity": 2 } });
    let order_id = it.place(&it.world.post(ORDERS, &ask).await.expect(201)["pay"]);
    it.mock.pay(&douyin_pay_mock::PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let items = it.world.get(&format!("{ORDERS}/O1?query=now")).await.expect(200)["items"].clone();
    let path = format!("{ORDERS}/O1/settlements");
    for (number, at) in [("S1", 0), ("S2", 1)] {
        let item = &items[at]["item_order_id"];
        let ask = json!({ "out_settle_no": number, "description": "x", "item_order_id": item });
        let made = it.world.post(&path, &ask).await.expect(201);
        assert_eq!(&made["item_order_id"], item, "{made}");
        it.world.pass(30).await;
    }
    let order = it.world.order("O1").await;
    assert_eq!(order["settled_fen"], 1280, "{order}");
    let whole = json!({ "out_settle_no": "S3", "description": "x" });
    let came = it.world.post(&path, &whole).await;
    assert!(matches!(came.status, 409 | 422), "{}", came.body);
}

#[tokio::test]
async fn the_platform_settles_by_itself() {
    let it = Mocked::trade();
    let console = ConsoleChange {
        app_id: "tt0000000000000001".to_owned(),
        auto_settle: Some(true),
        settle_days: Some(1),
        ..ConsoleChange::default()
    };
    it.mock.change_console(&console).expect("a console");
    it.paid("O1").await;
    it.world.jump(86_400).await;
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    let settlement = &order["settlements"][0];
    assert_eq!(
        (&settlement["automatic"], &settlement["state"]),
        (&json!(true), &json!("succeeded")),
        "{order}"
    );
    assert_eq!(order["settled_fen"], 1280);
    assert!(it.events().contains(&"settlement.automatic".to_owned()), "{:?}", it.events());
}

#[tokio::test]
async fn the_platform_is_told_how_far_the_goods_are() {
    let it = Mocked::trade();
    let mut ask = order("O1");
    ask["trade"] = json!({ "sku": { "type": CONSULTING.0, "tag_group_id": CONSULTING.1 } });
    let order_id = it.place(&it.world.post(ORDERS, &ask).await.expect(201)["pay"]);
    let path = format!("{ORDERS}/O1/fulfilments");
    let step = |number: &str, status: &str| json!({ "out_fulfil_no": number, "to_status": status });
    it.world.post(&path, &step("F1", "fulfilling")).await.problem(422, "not_paid");
    it.mock.pay(&douyin_pay_mock::PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let made = it.world.post(&path, &step("F1", "fulfilling")).await.expect(201);
    assert_eq!((&made["state"], &made["to_status"]), (&json!("succeeded"), &json!("fulfilling")), "{made}");
    assert_eq!(made["items"].as_array().expect("all items").len(), 1);
    it.world.post(&path, &step("F1", "fulfilling")).await.expect(200);
    it.world.post(&path, &step("F1", "fulfill_done")).await.problem(409, "other_fields");
    it.world.post(&path, &step("F2", "fulfill_done")).await.expect(201);
    it.world.post(&path, &step("F3", "fulfilling")).await.problem(422, "not_forward");
    it.world.post(&path, &step("F4", "half way")).await.problem(400, "bad_request");
    let got = it.world.get("/v1/apps/coffee/fulfilments/F2").await.expect(200);
    assert_eq!((&got["out_order_no"], &got["state"]), (&json!("O1"), &json!("succeeded")), "{got}");
    it.world.get("/v1/apps/coffee/fulfilments/F9").await.problem(404, "unknown_number");
    let order = it.world.order("O1").await;
    assert_eq!(order["fulfilments"].as_array().expect("a list").len(), 2, "{order}");
    assert_eq!(it.events(), ["order.paid", "fulfilment.succeeded", "fulfilment.succeeded"]);
}
