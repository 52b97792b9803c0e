//! Refunds that the user or the customer service starts: numbers, consent, deadlines.

use std::time::Duration;

use douyin_pay_mock::{CallbackFault, Faults, NextCallback};
use serde_json::{Value, json};

use super::shop::{PARKING, SERVICE, SIM, Shop, TOP_UP, data, refund, service};
use crate::world::{DAY, START};

async fn audit(shop: &Shop, refund_id: &Value, status: i64, message: Option<&str>) -> Value {
    let body = json!({ "refund_id": refund_id, "refund_audit_status": status, "deny_message": message });
    shop.call("refund_audit_callback", body).await
}

fn status(info: &Value) -> (&str, &str) {
    (info["refund_status"].as_str().unwrap(), info["merchant_audit_detail"]["audit_status"].as_str().unwrap())
}

async fn info(shop: &Shop, refund_id: &Value) -> Value {
    shop.call("refund_query", json!({ "refund_id": refund_id })).await["data"]["refund_list"][0].clone()
}

#[tokio::test]
async fn the_merchant_is_asked_gives_its_number_and_agrees() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SERVICE, 100, 2)).await;
    let items = shop.items(&order_id);
    let ask =
        json!({ "orderId": order_id, "items": [{ "itemOrderId": items[1] }], "reason": "太苦", "source": 1 });
    let (status_code, applied) = shop.apply(ask).await;
    assert_eq!((status_code, &applied["needRefundAudit"]), (200, &json!(1)), "{applied}");
    let id = &applied["refundId"];
    let before = info(&shop, id).await;
    assert_eq!(status(&before), ("PROCESSING", "INIT"));
    assert_eq!((&before["out_refund_no"], &before["refund_source"]), (&json!(""), &json!(1)));
    assert_eq!(audit(&shop, id, 1, None).await["err_no"], 22_006, "not answered yet");
    shop.seconds(1).await;
    let told = shop.told("pre_create_refund").remove(0);
    assert_eq!((&told["open_id"], &told["refund_id"]), (&json!("open-1"), id));
    assert_eq!((&told["refund_reason"], &told["out_order_no"]), (&json!(["太苦"]), &json!("O1")));
    assert_eq!((&told["need_refund_audit"], &told["refund_total_amount"]), (&json!(1), &json!(100)));
    assert_eq!(told["refund_audit_deadline"], START + 3 * 86_400_000);
    assert_eq!(told["refund_item_detail"]["item_order_detail"][0]["item_order_id"], json!(items[1]));
    let waiting = info(&shop, id).await;
    assert_eq!(status(&waiting), ("PROCESSING", "TOAUDIT"));
    assert_eq!(waiting["out_refund_no"], format!("RF-{}", id.as_str().unwrap()));
    let taken = refund(&order_id, waiting["out_refund_no"].as_str().unwrap(), &[(&items[0], 1)]);
    assert_eq!(shop.call("refund_create", taken).await["err_no"], 22_004, "its number is used");
    let competing = refund(&order_id, "R1", &[(&items[1], 1)]);
    assert_eq!(shop.call("refund_create", competing).await["err_no"], 22_001, "its money is reserved");
    assert_eq!(audit(&shop, id, 1, None).await["err_no"], 0);
    assert_eq!(audit(&shop, id, 1, None).await["err_no"], 0, "the same decision again");
    assert_eq!(audit(&shop, id, 2, Some("no")).await["err_no"], 22_006, "not the other one");
    shop.seconds(20).await;
    assert_eq!(status(&info(&shop, id).await), ("SUCCESS", "AGREE"));
    let told = shop.told("refund").remove(0);
    assert_eq!((&told["refund_type"], &told["status"]), (&json!(1), &json!("SUCCESS")));
}

#[tokio::test]
async fn the_merchant_may_refuse() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    let (_, applied) = shop.apply(json!({ "order_id": order_id, "amount": 60, "source": 4 })).await;
    let id = &applied["refundId"];
    shop.seconds(1).await;
    assert_eq!(audit(&shop, id, 2, None).await["err_no"], 10_000, "a refusal needs its reason");
    assert_eq!(audit(&shop, id, 3, None).await["err_no"], 10_000);
    assert_eq!(audit(&shop, &json!("motb1"), 1, None).await["err_no"], 10_000);
    assert_eq!(audit(&shop, id, 2, Some("已使用")).await["err_no"], 0);
    let refused = info(&shop, id).await;
    assert_eq!(status(&refused), ("FAIL", "DENY"));
    assert_eq!(refused["merchant_audit_detail"]["deny_message"], "已使用");
    assert_eq!((&refused["message"], &refused["refund_source"]), (&json!("已使用"), &json!(4)));
    assert_eq!(audit(&shop, id, 2, Some("已使用")).await["err_no"], 0);
    assert_eq!(audit(&shop, id, 1, None).await["err_no"], 22_006);
    shop.seconds(1).await;
    assert_eq!(shop.told("refund")[0]["status"], "FAIL");
    let (_, again) = shop.apply(json!({ "order_id": order_id })).await;
    assert_eq!(again["refundTotalAmount"], 100, "its money is free again");
}

#[tokio::test]
async fn silence_is_consent_after_72_hours() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    let (_, applied) = shop.apply(json!({ "order_id": order_id })).await;
    let id = &applied["refundId"];
    shop.world.advance(DAY * 3 - Duration::from_secs(1)).await;
    assert_eq!(status(&info(&shop, id).await), ("PROCESSING", "TOAUDIT"));
    shop.seconds(1).await;
    assert_eq!(status(&info(&shop, id).await), ("PROCESSING", "OVERTIME"));
    assert_eq!(audit(&shop, id, 2, Some("late")).await["err_no"], 22_006);
    shop.seconds(20).await;
    assert_eq!(status(&info(&shop, id).await), ("SUCCESS", "OVERTIME"));
}

#[tokio::test]
async fn an_unanswered_application_is_repeated_every_ten_minutes_and_then_passes() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    shop.seconds(5).await;
    shop.world.merchant.always(500, "down");
    let (_, applied) = shop.apply(json!({ "order_id": order_id })).await;
    shop.world.advance(DAY * 3 + Duration::from_secs(60)).await;
    let heard = shop.world.merchant.heard();
    let asked: Vec<i64> =
        heard.iter().filter(|h| h.envelope()["type"] == "pre_create_refund").map(|h| h.at).collect();
    assert_eq!(asked.len(), 432);
    assert!(asked.windows(2).all(|pair| pair[1] - pair[0] == 600_000));
    let passed = info(&shop, &applied["refundId"]).await;
    assert_eq!(status(&passed), ("SUCCESS", "OVERTIME"));
    assert!(passed["out_refund_no"].as_str().unwrap().starts_with("auto"), "{passed}");
    let by_number = shop.refund_of(passed["out_refund_no"].as_str().unwrap()).await;
    assert_eq!(by_number["refund_id"], applied["refundId"]);
}

#[tokio::test]
async fn an_answer_needs_a_fresh_number_and_a_page() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 10)])).await;
    shop.seconds(30).await;
    let answer =
        |data: Value| Ok((200, json!({ "err_no": 0, "err_tips": "success", "data": data }).to_string()));
    let page = json!({ "path": "pages/refund" });
    let table = [
        (Ok((200, r#"{"err_no":0,"err_tips":"success"}"#.to_owned())), "out_refund_no"),
        (answer(json!({ "out_refund_no": "R1", "order_entry_schema": page })), "belongs to another refund"),
        (answer(json!({ "out_refund_no": "R2" })), "order_entry_schema"),
        (answer(json!({ "out_refund_no": "R2", "order_entry_schema": { "path": "/x" } })), "starts with `/`"),
        (answer(json!({ "out_refund_no": "", "order_entry_schema": page })), "out_refund_no"),
    ];
    shop.world.merchant.answers.lock().unwrap().extend(table.iter().map(|(answer, _)| answer.clone()));
    let last = json!({ "out_refund_no": "R2", "order_entry_schema": page, "notify_url": "https://shop.example.com/r2" });
    shop.world.merchant.answers.lock().unwrap().push_back(answer(last));
    let (_, applied) = shop.apply(json!({ "order_id": order_id })).await;
    shop.seconds(3_600).await;
    let deliveries = shop.world.mock.callbacks().deliveries;
    let asked: Vec<_> = deliveries.iter().filter(|one| one.kind == "pre_create_refund").collect();
    assert_eq!(asked.len(), table.len() + 1);
    for (delivery, (_, expected)) in asked.iter().zip(&table) {
        let problem = delivery.problem.as_ref().unwrap();
        assert!(problem.contains(expected), "{expected}: {problem}");
    }
    assert_eq!(info(&shop, &applied["refundId"]).await["out_refund_no"], "R2");
    audit(&shop, &applied["refundId"], 1, None).await;
    shop.seconds(20).await;
    let heard = shop.world.merchant.heard();
    assert_eq!(heard.last().unwrap().url, "https://shop.example.com/r2", "the answer's address wins");
}

#[tokio::test]
async fn a_late_or_doubled_question_changes_nothing() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    shop.seconds(5).await;
    let next_callbacks = vec![NextCallback::new("pre_create_refund", CallbackFault::Doubled, 1)];
    shop.world.mock.set_faults(Faults { next_callbacks, ..Faults::default() });
    let page = json!({ "path": "pages/refund" });
    for number in ["RF1", "RF2"] {
        let data = json!({ "out_refund_no": number, "order_entry_schema": page });
        let answer = json!({ "err_no": 0, "err_tips": "success", "data": data }).to_string();
        shop.world.merchant.answers.lock().unwrap().push_back(Ok((200, answer)));
    }
    let (_, applied) = shop.apply(json!({ "order_id": order_id, "amount": 10 })).await;
    shop.seconds(1).await;
    assert_eq!(info(&shop, &applied["refundId"]).await["out_refund_no"], "RF1");
    let second = shop.world.mock.callbacks().deliveries.pop().unwrap();
    assert!(second.problem.unwrap().contains("has number `RF1` already"));

    let next_callbacks = vec![NextCallback::new("pre_create_refund", CallbackFault::Late, 1)];
    shop.world.mock.set_faults(Faults { next_callbacks, late_ms_max: 300_000_000, ..Faults::default() });
    shop.world.merchant.always(500, "down");
    let (_, applied) = shop.apply(json!({ "order_id": order_id, "amount": 10 })).await;
    shop.world.advance(DAY * 3).await;
    assert!(shop.world.mock.callbacks().waiting.iter().all(|one| one.kind != "pre_create_refund"));
    assert_eq!(status(&info(&shop, &applied["refundId"]).await), ("PROCESSING", "OVERTIME"));
}

#[tokio::test]
async fn the_goods_promises_decide() {
    let shop = Shop::new();
    let parked = shop.paid(&data("O1", PARKING, 100, 1)).await;
    let (_, free) = shop.apply(json!({ "order_id": parked })).await;
    assert_eq!(free["needRefundAudit"], 2);
    shop.seconds(30).await;
    assert_eq!(status(&info(&shop, &free["refundId"]).await), ("SUCCESS", "AGREE"));
    assert_eq!(
        audit(&shop, &free["refundId"], 1, None).await["err_no"],
        22_006,
        "there is nothing to decide"
    );

    let topped_up = shop.paid(&data("O2", TOP_UP, 100, 1)).await;
    let (refused, why) = shop.apply(json!({ "order_id": topped_up, "source": 1 })).await;
    assert_eq!((refused, &why["err_no"]), (409, &json!(22_001)), "{why}");
    assert_eq!(
        shop.apply(json!({ "order_id": topped_up, "source": 4 })).await.0,
        200,
        "customer service may"
    );

    let card = shop.paid(&data("O3", SIM, 100, 3)).await;
    let items = shop.items(&card);
    let push =
        |item: &str, to: &str| json!({ "order_id": card, "item_order_id_list": [item], "to_status": to });
    shop.call("fulfill_push_status", push(&items[1], "fulfilling")).await;
    shop.call("fulfill_push_status", push(&items[2], "fulfill_done")).await;
    let need = async |item: &str| {
        let (code, answer) =
            shop.apply(json!({ "order_id": card, "items": [{ "item_order_id": item, "amount": 1 }] })).await;
        (code, answer["needRefundAudit"].as_i64())
    };
    assert_eq!(need(&items[0]).await, (200, Some(2)), "waiting: at will");
    assert_eq!(need(&items[1]).await, (200, Some(1)), "under way: by agreement");
    assert_eq!(need(&items[2]).await, (409, None), "done: not refundable");
}

#[tokio::test]
async fn impossible_applications_are_refused() {
    let shop = Shop::new();
    let unpaid = shop.placed(&service("O1", 5)).await;
    let order_id = shop.paid(&service("O2", 5)).await;
    let table = [
        (json!({ "order_id": "motb1" }), 20_000),
        (json!({ "order_id": unpaid }), 22_000),
        (json!({ "order_id": order_id, "source": 2 }), 10_000),
        (json!({ "order_id": order_id, "amount": 6 }), 22_008),
        (json!({ "order_id": order_id, "amount": 0 }), 10_000),
        (json!({ "order_id": order_id, "items": [{ "item_order_id": "motb1" }] }), 10_000),
        (json!({ "order_id": order_id, "items": [{ "item_order_id": order_id, "amount": 6 }] }), 22_008),
    ];
    for (body, code) in table {
        let (status, answer) = shop.apply(body).await;
        assert_eq!((status, &answer["err_no"]), (409, &json!(code)), "{answer}");
    }
    assert_eq!(shop.apply(json!({ "order_id": order_id, "extra": 1 })).await.0, 400);
    assert_eq!(shop.apply(json!({ "order_id": order_id })).await.0, 200);
    assert_eq!(shop.apply(json!({ "order_id": order_id })).await.1["err_no"], 22_002);
}
