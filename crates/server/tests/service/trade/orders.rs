//! Orders: signed, signed again, placed, paid, found, never placed.

use douyin_pay_mock::{CallbackFault, Faults, PayAsk, PayOutcome};
use serde_json::json;

use crate::mocked::{Mocked, Setting, console, order};

const ORDERS: &str = "/v1/apps/coffee/orders";

#[tokio::test]
async fn an_order_is_signed_placed_paid_and_told_to_the_shop() {
    let it = Mocked::trade();
    let made = it.world.post(ORDERS, &order("O1")).await.expect(201);
    let told = (&made["system"], &made["state"], &made["pay"]["kind"]);
    assert_eq!(told, (&json!("trade"), &json!("waiting"), &json!("tt.requestOrder")), "{made}");
    assert!(made.get("platform_order_id").is_none(), "nobody was asked yet: {made}");
    assert!(it.mock.calls().calls.is_empty(), "{:?}", it.mock.calls().calls);
    let order_id = it.place(&made["pay"]);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let paid = it.world.order("O1").await;
    assert_eq!(
        (&paid["state"], &paid["paid_fen"], &paid["way"]),
        (&json!("paid"), &json!(1280), &json!("wechat"))
    );
    assert_eq!(paid["platform_order_id"], json!(order_id));
    assert!(paid.get("pay").is_none(), "{paid}");
    assert_eq!(it.events(), ["order.paid"]);
    it.mock.verify().expect("the mock's books are sound");
}

#[tokio::test]
async fn the_same_request_signs_the_same_data_anew() {
    let it = Mocked::trade();
    let first = it.world.post(ORDERS, &order("O1")).await.expect(201);
    let at_once = it.world.post(ORDERS, &order("O1")).await.expect(200);
    assert_ne!(first["pay"]["byteAuthorization"], at_once["pay"]["byteAuthorization"]);
    assert_eq!(first["expires_at"], at_once["expires_at"], "noted once a minute");
    it.world.pass(60).await;
    let again = it.world.post(ORDERS, &order("O1")).await.expect(200);
    assert_eq!(first["pay"]["data"], again["pay"]["data"]);
    assert_ne!(first["pay"]["byteAuthorization"], again["pay"]["byteAuthorization"]);
    assert!(first["expires_at"].as_str() < again["expires_at"].as_str(), "it can be placed for another hour");
    let other = json!({ "out_order_no": "O1", "amount_fen": 1281, "subject": "Latte" });
    it.world.post(ORDERS, &other).await.problem(409, "other_fields");
    // Both signatures mean the same order.
    assert_eq!(it.place(&first["pay"]), it.place(&again["pay"]));
    it.mock.pay(&PayAsk::new(it.book("O1").order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let paid = it.world.post(ORDERS, &order("O1")).await.expect(200);
    assert!(paid.get("pay").is_none(), "nobody should place it any more: {paid}");
    let timeline = it.world.get("/v1/apps/coffee/orders/O1/timeline").await.expect(200);
    let facts =
        timeline["entries"].as_array().expect("a list").iter().filter(|entry| entry["entry"] == "fact");
    let whats: Vec<_> = facts.map(|fact| fact["what"].to_string()).collect();
    assert!(whats.iter().any(|what| what.contains("signed_again")), "{whats:?}");
}

#[tokio::test]
async fn the_same_request_is_answered_when_the_configuration_has_lost_its_defaults() {
    let it = Mocked::trade();
    let first = it.signed("O1").await;
    let mut config = Setting::TRADE.config("/unused");
    let trade = config.apps[0].trade.as_mut().expect("a section");
    (trade.sku_defaults.image, trade.sku_defaults.tag_group_id) = (None, None);
    it.world.server.reload(&config).expect("a configuration that can be used");
    let again = it.world.post(ORDERS, &order("O1")).await.expect(200);
    assert_eq!(again["pay"]["data"], first["data"]);
    it.world.post(ORDERS, &order("O2")).await.problem(400, "bad_request");
    let other = json!({ "out_order_no": "O1", "amount_fen": 1281, "subject": "Latte" });
    assert_eq!(it.world.post(ORDERS, &other).await.status, 400);
}

#[tokio::test]
async fn an_order_that_was_given_up_is_not_signed_again() {
    let it = Mocked::trade();
    it.signed("O1").await;
    it.world.post(&format!("{ORDERS}/O1/abandon"), &json!({})).await.expect(200);
    let again = it.world.post(ORDERS, &order("O1")).await.expect(200);
    assert!(again.get("pay").is_none(), "the money would only come and go: {again}");
}

#[tokio::test]
async fn what_is_sold_comes_from_the_request_or_the_configuration() {
    let it = Mocked::trade();
    let ask = json!({
        "out_order_no": "O1", "amount_fen": 900, "subject": "Latte", "body": "three of them",
        "trade": {
            "sku": { "id": "sku-1", "title": "Three lattes", "type": 401, "quantity": 3, "price_fen": 300,
                     "tag_group_id": "tag_group_7272625659888041996", "image": "https://shop.test/b.png",
                     "entry": { "path": "pages/goods", "params": { "id": 7 } } },
            "entry": { "path": "pages/mine", "params": { "no": "O1" } },
            "pay_expire_seconds": 600, "limit_pay_ways": [2],
        },
    });
    let made = it.world.post(ORDERS, &ask).await.expect(201);
    let data: serde_json::Value =
        serde_json::from_str(made["pay"]["data"].as_str().expect("a text")).expect("JSON");
    let sku = &data["skuList"][0];
    assert_eq!((&sku["skuId"], &sku["price"], &sku["quantity"]), (&json!("sku-1"), &json!(300), &json!(3)));
    assert_eq!((&sku["type"], &data["totalAmount"]), (&json!(401), &json!(900)));
    assert_eq!(sku["entrySchema"], json!({ "path": "pages/goods", "params": "{\"id\":7}" }));
    assert_eq!(data["orderEntrySchema"], json!({ "path": "pages/mine", "params": "{\"no\":\"O1\"}" }));
    assert_eq!((&data["payExpireSeconds"], &data["limitPayWayList"]), (&json!(600), &json!([2])));
    assert_eq!(data["payNotifyUrl"], json!("https://pay.test/callbacks/coffee"));
    let plain = it.signed("O2").await;
    let data: serde_json::Value =
        serde_json::from_str(plain["data"].as_str().expect("a text")).expect("JSON");
    let sku = &data["skuList"][0];
    assert_eq!((&sku["skuId"], &sku["title"], &sku["type"]), (&json!("O2"), &json!("Latte"), &json!(301)));
    assert_eq!(data["payExpireSeconds"], 900);
    assert_eq!(data["orderEntrySchema"]["params"], json!("{\"out_order_no\":\"O2\"}"));
    it.place(&made["pay"]);
    it.place(&plain);
}

#[tokio::test]
async fn what_is_wrong_or_of_the_other_system_is_named() {
    let it = Mocked::trade();
    let cases = [
        (json!({ "valid_seconds": 900 }), 422, "other_system", "write `trade.pay_expire_seconds` instead"),
        (json!({ "cp_extra": "x" }), 422, "other_system", "use `metadata`"),
        (json!({ "trade": { "sku": { "quantity": 3 } } }), 400, "bad_request", "are not 3 equal pieces"),
        (json!({ "trade": { "sku": { "quantity": 0 } } }), 400, "bad_request", "`trade.sku.quantity`: 0"),
        (
            json!({ "trade": { "sku": { "type": 7 } } }),
            400,
            "bad_request",
            "`trade.sku.type`: 7 is no product type",
        ),
        (json!({ "trade": { "sku": { "price_fen": 1 } } }), 400, "bad_request", "`trade`: "),
        (json!({ "trade": { "sku": { "titel": "x" } } }), 400, "unknown_field", "did you mean `title`?"),
        (
            json!({ "trade": { "entry": { "path": "/x" } } }),
            400,
            "bad_request",
            "`trade.entry.path`: begins with `/`",
        ),
        (
            json!({ "trade": { "entry": { "path": "x", "params": 1 } } }),
            400,
            "bad_request",
            "expected an object",
        ),
        (
            json!({ "trade": { "pay_expire_seconds": 0 } }),
            400,
            "bad_request",
            "`trade.pay_expire_seconds`: 0",
        ),
        (json!({ "trade": { "sku": { "type": 402 } } }), 400, "bad_request", "`trade`: "),
    ];
    for (more, status, code, sentence) in cases {
        let mut ask = order("O1");
        for (name, value) in more.as_object().expect("an object") {
            ask[name] = value.clone();
        }
        let detail = it.world.post(ORDERS, &ask).await.problem(status, code);
        assert!(detail.contains(sentence), "{more}: {detail}");
    }
    let ecpay = Mocked::new(Setting::ECPAY, console());
    let mut ask = crate::world::order("O1");
    ask["trade"] = json!({});
    let detail = ecpay.world.post(ORDERS, &ask).await.problem(422, "other_system");
    assert!(detail.contains("`new_orders`"), "{detail}");
}

#[tokio::test]
async fn a_lost_payment_callback_is_found_by_asking() {
    let it = Mocked::trade();
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Lost, 1000)].into(), ..Faults::default() });
    let order_id = it.place(&it.signed("O1").await);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(20).await;
    let paid = it.world.order("O1").await;
    assert_eq!(paid["state"], "paid", "{paid}");
    assert_eq!(paid["items"].as_array().expect("the query told the items").len(), 1);
}

#[tokio::test]
async fn an_order_that_nobody_places_is_closed_after_everything_is_over() {
    let it = Mocked::trade();
    let signed = it.world.post(ORDERS, &order("O1")).await.expect(201);
    assert!(signed["expires_at"].as_str() > signed["created_at"].as_str());
    it.world.jump(3600 + 900).await;
    assert_eq!(it.world.order("O1").await["state"], "waiting", "it may have been placed in the last second");
    it.world.jump(700).await;
    it.world.pass(5).await;
    let closed = it.world.order("O1").await;
    assert_eq!(closed["state"], "closed", "{closed}");
    assert_eq!(it.events(), ["order.closed"]);
}

#[tokio::test]
async fn a_payer_who_gives_up_closes_the_order() {
    let it = Mocked::trade();
    let order_id = it.place(&it.signed("O1").await);
    let ask = PayAsk { outcome: PayOutcome::Cancel, ..PayAsk::new(&order_id) };
    it.mock.pay(&ask).expect("it can be given up");
    it.world.pass(3).await;
    let closed = it.world.order("O1").await;
    assert_eq!(closed["state"], "closed", "{closed}");
    assert_eq!(it.events(), ["order.closed"]);
}

#[tokio::test]
async fn the_number_of_the_front_end_is_checked_with_the_platform() {
    let it = Mocked::trade();
    let order_id = it.place(&it.signed("O1").await);
    let other = it.place(&it.signed("O2").await);
    let path = "/v1/apps/coffee/orders/O1/platform_order";
    let put = |number: &str| {
        let body = json!({ "platform_order_id": number }).to_string();
        it.world.send(it.world.request("PUT", path, Some(&crate::world::key("merchant")), body))
    };
    put(&other).await.problem(409, "other_platform_order");
    put("motb999").await.problem(409, "other_platform_order");
    assert!(it.world.order("O1").await.get("platform_order_id").is_none());
    assert_eq!(put(&order_id).await.expect(200)["platform_order_id"], json!(order_id));
    assert_eq!(put(&order_id).await.expect(200)["platform_order_id"], json!(order_id), "again is the same");
    put(&other).await.problem(409, "other_platform_order");
    let missing = "/v1/apps/coffee/orders/O9/platform_order";
    let body = json!({ "platform_order_id": other }).to_string();
    it.world
        .send(it.world.request("PUT", missing, Some(&crate::world::key("merchant")), body))
        .await
        .problem(404, "unknown_number");
}

#[tokio::test]
async fn a_discount_of_the_platform_is_told_apart_from_the_total() {
    let mut config = console();
    if let Some(trade) = &mut config.apps[0].trade {
        trade.discount_fen = 80;
    }
    let it = Mocked::new(Setting::TRADE, config);
    it.paid("O1").await;
    let order = it.world.order("O1").await;
    let sums = (&order["total_fen"], &order["discount_fen"], &order["paid_fen"], &order["refundable_fen"]);
    assert_eq!(sums, (&json!(1280), &json!(80), &json!(1200), &json!(1200)), "{order}");
}

#[tokio::test]
async fn a_late_callback_of_an_abandoned_order_sends_the_money_back() {
    let it = Mocked::trade();
    let order_id = it.place(&it.signed("O1").await);
    it.world.post(&format!("{ORDERS}/O1/abandon"), &json!({})).await.expect(200);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(60).await;
    let order = it.world.order("O1").await;
    assert_eq!((&order["state"], &order["refunded_fen"]), (&json!("paid"), &json!(1280)), "{order}");
    assert_eq!(it.book("O1").refunded_fen.get(), 1280);
}

#[tokio::test]
async fn orders_placed_elsewhere_are_taken_over() {
    let it = Mocked::trade();
    // Signed by an earlier program with the same key, and unknown here: the reply is thrown away with its books.
    let elsewhere = Mocked::trade();
    let pay = elsewhere.signed("OLD1").await;
    let order_id = it.place(&pay);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    let old = json!({ "out_order_no": "OLD1", "amount_fen": 1280, "created_at": "2026-01-05T08:00:00+08:00", "system": "trade" });
    let told = it.world.post(&format!("{ORDERS}/import"), &json!({ "orders": [old] })).await.expect(200);
    assert_eq!(told["results"][0]["result"], "imported", "{told}");
    it.world.pass(20).await;
    let order = it.world.order("OLD1").await;
    assert_eq!((&order["system"], &order["state"]), (&json!("trade"), &json!("paid")), "{order}");
    let refund = json!({ "out_refund_no": "R1", "amount_fen": 280, "reason": "x" });
    it.world.post(&format!("{ORDERS}/OLD1/refunds"), &refund).await.expect(201);
    let wrong = json!({ "out_order_no": "OLD2", "amount_fen": 1, "created_at": "2026-01-05T08:00:00+08:00", "system": "cash" });
    it.world
        .post(&format!("{ORDERS}/import"), &json!({ "orders": [wrong] }))
        .await
        .problem(400, "bad_request");
}
