//! What an order may say besides: store, delivery fees, message, text of the refusal.

use douyin_pay_mock::{MockConfig, PayAsk, Switches};
use douyin_pay_protocol::MerchantUid;
use serde_json::json;

use crate::world::{World, app, config, order};

const STORE: &str = "70000000000000000030";

#[tokio::test]
async fn a_store_receives_when_it_is_whitelisted_and_is_ignored_otherwise() {
    let mut own = app();
    own.store_uids = vec![MerchantUid::new(STORE).expect("a uid")];
    let seller = own.seller_uid.as_str().to_owned();
    let world = World::with(MockConfig { apps: vec![own], ..config() });
    for (number, asked, received) in [("O1", STORE, STORE), ("O2", "70000000000000000040", seller.as_str())] {
        let mut body = order(number, 1280);
        body["store_uid"] = json!(asked);
        let opened = world.call("create_order", body).await;
        let id = opened["data"]["order_id"].as_str().expect("opened, whoever was named").to_owned();
        world.mock.pay(&PayAsk::new(&id)).expect("paid");
        let queried = world.call("query_order", json!({ "out_order_no": number })).await;
        assert_eq!(queried["payment_info"]["seller_uid"], received, "{queried}");
    }
    world.mock.verify().expect("nothing is lost");
}

#[tokio::test]
async fn delivery_fees_come_as_text_or_object_and_messages_can_be_suppressed() {
    let world = World::new();
    let fees = json!({ "original_delivery_fee": 500, "actual_delivery_fee": 300 });
    for (number, fees) in [("O1", json!(fees.to_string())), ("O2", fees.clone())] {
        let mut body = order(number, 1280);
        body["expand_order_info"] = fees;
        body["disable_msg"] = json!(1);
        body["msg_page"] = json!("pages/order/detail?id=1");
        assert_eq!(world.call("create_order", body).await["err_no"], 0, "{}", world.last_problem());
    }
    let wrong = [
        ("disable_msg", json!(2)),
        ("expand_order_info", json!(7)),
        ("expand_order_info", json!("{")),
        ("expand_order_info", json!("{}")),
        ("expand_order_info", json!({ "original_delivery_fee": 500 })),
        ("expand_order_info", json!({ "original_delivery_fee": "500", "actual_delivery_fee": 300 })),
        ("expand_order_info", json!({ "original_delivery_fee": 500, "actual_delivery_fee": -1 })),
    ];
    for (name, wrong) in wrong {
        let mut body = order("O3", 1280);
        body[name] = wrong;
        assert_eq!(world.call("create_order", body).await["err_no"], 2010, "{name}");
        assert!(world.last_problem().contains(name), "{}", world.last_problem());
    }
}

#[tokio::test]
async fn a_wrong_signature_is_told_in_the_words_of_2026_or_of_2023() {
    for (old_signature_text, words) in
        [(false, "签名校验异常,请使用正确的签名"), (true, "签名校验异常,请使用正确的签名和 json 传参")]
    {
        let switches = Switches { old_signature_text, ..Switches::default() };
        let world = World::with(MockConfig { switches, ..config() });
        let body = json!({ "app_id": "tt0000000000000001", "out_order_no": "O1", "sign": "0".repeat(32) });
        let (_, refused) = world.raw("query_order", body.to_string()).await;
        let refused: serde_json::Value = serde_json::from_str(&refused).expect("JSON");
        assert_eq!((&refused["err_no"], &refused["err_tips"]), (&json!(2008), &json!(words)));
    }
}

#[tokio::test]
async fn returns_are_asked_about_fifty_times_a_second() {
    let world = World::new();
    let mut busy = 0;
    for _ in 0..60 {
        let answer = world.call("query_return", json!({ "out_return_no": "T1" })).await;
        busy += i32::from(answer["err_no"] == 1001);
    }
    assert_eq!(busy, 10);
}
