//! What guaranteed payment takes besides: sent as given, and again with a repeat.

use serde_json::json;

use crate::mocked::Mocked;
use crate::platform::Script;
use crate::world::{World, order};

#[tokio::test]
async fn what_an_order_says_besides_is_sent_and_sent_again() {
    let world = World::working();
    let mut ask = order("O1");
    ask["ecpay"] = json!({
        "store_uid": "70000000000000000077", "limit_pay_way": "LIMIT_WX,LIMIT_ALI", "disable_msg": true,
        "msg_page": "pages/order?id=1",
        "expand_order_info": { "original_delivery_fee_fen": 500, "actual_delivery_fee_fen": 0 },
    });
    for _ in 0..3 {
        world.others.next("create_order", Script::Status(502));
    }
    world.post("/v1/apps/coffee/orders", &ask).await;
    world.pass(30).await;
    assert_eq!(world.order("O1").await["state"], "waiting");
    let calls = world.others.calls("create_order");
    assert!(calls.len() >= 4, "{calls:?}");
    for sent in &calls {
        assert_eq!(sent["store_uid"], "70000000000000000077", "{sent}");
        assert_eq!((&sent["limit_pay_way"], &sent["disable_msg"]), (&json!("LIMIT_WX,LIMIT_ALI"), &json!(1)));
        assert_eq!(sent["msg_page"], "pages/order?id=1");
        assert_eq!(
            sent["expand_order_info"], r#"{"original_delivery_fee":500,"actual_delivery_fee":0}"#,
            "a text, as the platform's examples have it"
        );
    }
    ask["ecpay"]["disable_msg"] = json!(false);
    ask["subject"] = json!("Tea");
    let came = world.post("/v1/apps/coffee/orders", &ask).await;
    assert_eq!(came.body["fields"], json!(["subject", "ecpay"]), "{}", came.body);
    came.problem(409, "other_fields");
}

#[tokio::test]
async fn mistakes_are_named_and_nothing_is_sent() {
    let world = World::new();
    for (ecpay, sentence) in [
        (json!({ "store": "1" }), "unknown field `ecpay.store`"),
        (json!({ "limit_pay_way": "x".repeat(65) }), "`ecpay.limit_pay_way`"),
        (json!({ "expand_order_info": "{}" }), "`ecpay.expand_order_info`: a text, expected an object"),
        (
            json!({ "expand_order_info": { "original_delivery_fee_fen": 1 } }),
            "`ecpay.expand_order_info.actual_delivery_fee_fen` is missing",
        ),
        (json!(7), "`ecpay`: a number, expected an object"),
    ] {
        let mut ask = order("O1");
        ask["ecpay"] = ecpay;
        let came = world.post("/v1/apps/coffee/orders", &ask).await;
        let detail = came.body["detail"].as_str().unwrap_or_default().to_owned();
        assert!(came.status == 400 && detail.contains(sentence), "{detail}");
    }
    assert!(world.others.calls("create_order").is_empty());
}

#[tokio::test]
async fn a_settlement_that_moves_nothing_is_refused_before_it_is_sent() {
    let world = World::new();
    world.paid("O1").await;
    let mut ask = json!({ "out_settle_no": "S1", "description": "x", "finish": false });
    for shares in [None, Some(json!([]))] {
        if let Some(shares) = shares {
            ask["shares"] = shares;
        }
        let came = world.post("/v1/apps/coffee/orders/O1/settlements", &ask).await;
        let detail = came.body["detail"].as_str().unwrap_or_default();
        assert!(came.status == 400 && detail.contains("`shares`"), "{}", came.body);
        assert_eq!(came.body["field"], "finish");
    }
    assert!(world.others.calls("settle").is_empty());
}

#[tokio::test]
async fn what_a_refund_says_besides_is_sent() {
    let world = World::new();
    world.paid("O1").await;
    let ask = json!({
        "out_refund_no": "R1", "amount_fen": 100, "reason": "x",
        "ecpay": { "all_settle": true, "disable_msg": true, "msg_page": "pages/refund" },
    });
    world.post("/v1/apps/coffee/orders/O1/refunds", &ask).await.expect(201);
    let sent = &world.others.calls("create_refund")[0];
    assert_eq!((&sent["all_settle"], &sent["disable_msg"]), (&json!(1), &json!(1)), "{sent}");
    assert_eq!(sent["msg_page"], "pages/refund");
}

#[tokio::test]
async fn an_order_of_the_other_system_takes_none_of_it() {
    let it = Mocked::trade();
    for field in ["ecpay", "order_push"] {
        let mut ask = crate::mocked::order("O1");
        ask[field] = json!({});
        it.world.post("/v1/apps/coffee/orders", &ask).await.problem(422, "other_system");
    }
    it.paid("O1").await;
    let ask =
        json!({ "out_refund_no": "R1", "amount_fen": 100, "reason": "x", "ecpay": { "all_settle": true } });
    it.world.post("/v1/apps/coffee/orders/O1/refunds", &ask).await.problem(422, "other_system");
    it.world.get("/v1/apps/coffee/orders/O1/settleable?query=now").await.problem(422, "other_system");
    assert_eq!(it.world.get("/v1/apps/coffee/orders/O1/settleable").await.expect(200)["basis"], "estimate");
}
