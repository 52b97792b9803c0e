//! Refunds that the merchant starts: items, whole orders, every code.

use douyin_pay_mock::{Faults, NextOperation, OperationFault, PayAsk, Way};
use serde_json::{Value, json};

use super::shop::{SERVICE, Shop, data, refund, refund_all, service, settle};
use crate::world::{DAY, START};

#[tokio::test]
async fn a_refund_is_accepted_then_done_then_told() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 1280)).await;
    let item = shop.items(&order_id).remove(0);
    let mut body = refund(&order_id, "R1", &[(&item, 280)]);
    (body["cp_extra"], body["notify_url"]) = (json!("extra"), json!("https://shop.example.com/own"));
    let accepted = shop.call("refund_create", body).await;
    assert_eq!((&accepted["err_no"], &accepted["err_msg"]), (&json!(0), &json!("success")));
    assert_eq!(accepted["data"]["refund_audit_deadline"], START + 3 * 86_400_000);
    let info = shop.refund_of("R1").await;
    assert_eq!((&info["refund_status"], &info["refund_source"]), (&json!("PROCESSING"), &json!(2)));
    assert_eq!(info["refund_id"], accepted["data"]["refund_id"]);
    assert_eq!(info["merchant_audit_detail"]["need_refund_audit"], 2);
    assert_eq!(info["item_order_detail"], json!([{ "item_order_id": item, "refund_amount": 280 }]));
    assert!(info.get("refund_at").is_none());
    shop.seconds(20).await;
    let info = shop.refund_of("R1").await;
    assert_eq!(info["refund_status"], "SUCCESS");
    assert!(info["refund_at"].as_i64().unwrap() > START);
    let told = shop.told("refund").remove(0);
    assert_eq!((&told["status"], &told["refund_total_amount"]), (&json!("SUCCESS"), &json!(280)));
    assert_eq!((&told["cp_extra"], &told["refund_type"]), (&json!("extra"), &json!(2)));
    assert_eq!(told["refund_item_detail"]["item_order_quantity"], 1);
    assert_eq!(told["is_all_settled"], false);
    let own =
        shop.world.merchant.heard().into_iter().find(|heard| heard.envelope()["type"] == "refund").unwrap();
    assert_eq!(own.url, "https://shop.example.com/own");
    assert_eq!(shop.order(&order_id).await["pay_status"], "SUCCESS", "refunds do not change it");
    assert_eq!(shop.world.mock.books().totals.refunded_fen, 280);
}

#[tokio::test]
async fn each_wrong_request_has_its_code() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SERVICE, 100, 2)).await;
    let items = shop.items(&order_id);
    let (one, two) = (items[0].as_str(), items[1].as_str());
    let unpaid = shop.placed(&service("O2", 5)).await;
    type Change = fn(&mut Value);
    let none: Change = |_| {};
    let table: Vec<(Value, Change, i64, &str)> = vec![
        (refund("motb1", "R", &[(one, 1)]), none, 20_000, "no order"),
        (refund(&unpaid, "R", &[(one, 1)]), none, 22_000, "not paid"),
        (refund(&order_id, "R", &[("motb9", 1)]), none, 10_000, "no item of the order"),
        (refund(&order_id, "R", &[(&order_id, 1)]), none, 10_000, "no item of the order"),
        (refund(&order_id, "R", &[(one, 1), (one, 1)]), none, 10_000, "twice"),
        (refund(&order_id, "R", &[(one, 1)]), |b| b["refund_total_amount"] = json!(2), 10_000, "not the sum"),
        (refund(&order_id, "R", &[(one, 101)]), none, 22_008, "101 asked, 100 left"),
        (refund(&order_id, "R", &[]), |b| b["refund_total_amount"] = json!(5), 10_000, "is missing"),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["refund_reason"] = json!(["text"]),
            10_000,
            "`code` and `text`",
        ),
        (refund(&order_id, "R", &[(two, 1)]), |b| b["refund_reason"] = json!([]), 10_000, "0 entries"),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["refund_reason"][0]["code"] = json!(1),
            10_000,
            "101, 102",
        ),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["refund_reason"][0]["text"] = json!("咖".repeat(50)),
            10_000,
            "50 characters or more",
        ),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["order_entry_schema"] = Value::Null,
            10_000,
            "order_entry_schema",
        ),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["cp_extra"] = json!("a".repeat(2_049)),
            10_000,
            "2049 bytes",
        ),
        (
            refund(&order_id, "R", &[(two, 1)]),
            |b| b["out_refund_no"] = json!("a".repeat(65)),
            10_000,
            "65 bytes",
        ),
        (refund(&order_id, "R", &[(two, 1)]), |b| b["notify_url"] = json!("http://a.com"), 10_000, "https"),
        (refund(&order_id, "R", &[(two, 1)]), |b| b["currency"] = json!("DIAMOND"), 10_000, "DIAMOND"),
        (refund(&order_id, "R", &[(two, 1)]), |b| b["refund_all"] = json!(true), 10_000, "must be absent"),
        (refund_all(&order_id, "R", 199), none, 10_000, "200 were paid"),
    ];
    for (mut body, change, code, expected) in table {
        change(&mut body);
        let answer = shop.call("refund_create", body).await;
        assert_eq!(answer["err_no"], code, "{expected}: {answer} {}", shop.world.last_problem());
        assert!(answer.get("data").is_none());
        assert!(shop.world.last_problem().contains(expected), "{expected}: {}", shop.world.last_problem());
    }
    let hundred: Vec<(&str, i64)> = (0..100).map(|_| (one, 1)).collect();
    assert_eq!(shop.call("refund_create", refund(&order_id, "R", &hundred)).await["err_no"], 22_007);
    assert!(shop.world.mock.books().refunds.is_empty());
}

#[tokio::test]
async fn a_reason_has_a_text_that_may_be_empty() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 5)).await;
    let mut body = refund_all(&order_id, "R1", 5);
    body["refund_reason"] = json!([{ "code": 101 }]);
    assert_eq!(shop.call("refund_create", body.clone()).await["err_no"], 10_000);
    assert!(shop.world.last_problem().contains("`refund_reason[0].text` is missing"));
    body["refund_reason"] = json!([{ "code": 999, "text": "" }]);
    assert_eq!(shop.call("refund_create", body).await["err_no"], 0);
}

#[tokio::test]
async fn what_is_refunded_is_refunded_once() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SERVICE, 100, 2)).await;
    let items = shop.items(&order_id);
    let (one, two) = (items[0].as_str(), items[1].as_str());
    let err_no = async |body: Value| shop.call("refund_create", body).await["err_no"].as_i64().unwrap();
    assert_eq!(err_no(refund(&order_id, "R1", &[(one, 100)])).await, 0);
    assert_eq!(err_no(refund(&order_id, "R1", &[(one, 100)])).await, 22_004, "a repeat is an error, too");
    assert_eq!(err_no(refund(&order_id, "R2", &[(one, 1)])).await, 22_001, "the item is being refunded");
    assert_eq!(err_no(refund_all(&order_id, "R2", 200)).await, 10_000);
    assert_eq!(err_no(refund(&order_id, "R2", &[(two, 100)])).await, 0);
    assert_eq!(err_no(refund(&order_id, "R3", &[(two, 1)])).await, 22_002, "everything is on its way");
    shop.seconds(20).await;
    assert_eq!(err_no(refund(&order_id, "R3", &[(two, 1)])).await, 22_013, "everything is back");
    let list = shop.call("refund_query", json!({ "order_id": order_id })).await;
    assert_eq!(list["data"]["refund_list"].as_array().unwrap().len(), 2);
    assert_eq!(shop.world.mock.books().totals.refunded_fen, 200);
}

#[tokio::test]
async fn a_single_item_answers_to_the_orders_number() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    assert_eq!(shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 40)])).await["err_no"], 0);
    assert_eq!(shop.call("refund_create", refund(&order_id, "R2", &[(&order_id, 60)])).await["err_no"], 0);
    assert_eq!(
        shop.call("refund_create", refund(&order_id, "R3", &[(&order_id, 1)])).await["err_no"],
        22_001
    );
}

#[tokio::test]
async fn a_discount_is_not_refunded() {
    let shop = Shop::new();
    shop.console(|change| change.discount_fen = Some(30));
    let order_id = shop.paid(&service("O1", 100)).await;
    assert_eq!(shop.call("refund_create", refund_all(&order_id, "R1", 100)).await["err_no"], 10_000);
    let answer = shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 71)])).await;
    assert_eq!(answer["err_no"], 22_008);
    assert_eq!(shop.call("refund_create", refund_all(&order_id, "R1", 70)).await["err_no"], 0);
}

#[tokio::test]
async fn a_failed_refund_gives_its_money_free_and_keeps_its_number() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    let next = vec![NextOperation::new(OperationFault::RefundFails, 1)];
    shop.world.mock.set_faults(Faults { next_operations: next, ..Faults::default() });
    assert_eq!(shop.call("refund_create", refund_all(&order_id, "R1", 100)).await["err_no"], 0);
    shop.seconds(20).await;
    let info = shop.refund_of("R1").await;
    assert_eq!((&info["refund_status"], info["message"].is_string()), (&json!("FAIL"), true));
    assert_eq!(shop.told("refund")[0]["status"], "FAIL");
    assert_eq!(shop.call("refund_create", refund_all(&order_id, "R1", 100)).await["err_no"], 22_004);
    assert_eq!(shop.call("refund_create", refund_all(&order_id, "R2", 100)).await["err_no"], 0);
}

#[tokio::test]
async fn channels_limit_the_count_and_years_the_age() {
    let shop = Shop::new();
    let wechat = shop.paid(&service("O1", 1_000)).await;
    let alipay = shop.placed(&service("O2", 1_000)).await;
    shop.world.mock.pay(&PayAsk { way: Way::Alipay, ..PayAsk::new(&alipay) }).unwrap();
    for (order_id, most) in [(&wechat, 50), (&alipay, 300)] {
        for n in 0..most {
            let body = refund(order_id, &format!("{order_id}-{n}"), &[(order_id, 1)]);
            assert_eq!(shop.call("refund_create", body).await["err_no"], 0, "{n}");
        }
        let one_more = shop.call("refund_create", refund(order_id, "more", &[(order_id, 1)])).await;
        assert_eq!(one_more["err_no"], 22_000);
    }
    let list = shop.call("refund_query", json!({ "order_id": alipay })).await;
    assert_eq!(list["data"]["refund_list"].as_array().unwrap().len(), 50, "one answer lists at most 50");
    let old = shop.paid(&service("O3", 10)).await;
    shop.world.advance(DAY * 365).await;
    assert_eq!(shop.call("refund_create", refund(&old, "R1", &[(&old, 1)])).await["err_no"], 0);
    shop.seconds(1).await;
    assert_eq!(shop.call("refund_create", refund(&old, "R2", &[(&old, 1)])).await["err_no"], 22_000);
}

#[tokio::test]
async fn after_settlement_the_seller_pays() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 1_000)).await;
    assert_eq!(shop.call("settle_create", settle("O1", "S1", &json!([]))).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 900)])).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(shop.told("refund")[0]["is_all_settled"], true);
    let books = shop.world.mock.books();
    assert_eq!((books.totals.withdrawable_fen, books.totals.rake_fen), (94, 6));
    assert_eq!((books.orders[0].refunded_fen.get(), books.orders[0].refunded_in_transit_fen.get()), (900, 0));
    assert_eq!(shop.call("refund_create", refund(&order_id, "R2", &[(&order_id, 100)])).await["err_no"], 0);
    shop.seconds(20).await;
    let poor = shop.refund_of("R2").await;
    assert_eq!((&poor["refund_status"], &poor["message"]), (&json!("FAIL"), &json!("可提现余额不足")));
    assert_eq!(shop.world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn refund_queries_have_a_precedence_and_empty_answers() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 100)).await;
    for (number, fen) in [("R1", 10), ("R2", 20)] {
        shop.call("refund_create", refund(&order_id, number, &[(&order_id, fen)])).await;
    }
    let first = shop.refund_of("R1").await;
    let amounts = async |body: Value| -> Vec<i64> {
        let answer = shop.call("refund_query", body).await;
        let list = answer["data"]["refund_list"].as_array().unwrap().clone();
        list.iter().map(|info| info["refund_total_amount"].as_i64().unwrap()).collect()
    };
    let (id, no, order) = (json!(first["refund_id"]), json!("R2"), json!(order_id));
    assert_eq!(amounts(json!({ "refund_id": id, "out_refund_no": no, "order_id": order })).await, [10]);
    assert_eq!(amounts(json!({ "out_refund_no": no, "order_id": order })).await, [20]);
    assert_eq!(amounts(json!({ "order_id": order })).await, [10, 20]);
    assert!(amounts(json!({ "out_refund_no": "R3" })).await.is_empty());
    assert!(amounts(json!({ "refund_id": "motb1" })).await.is_empty());
    assert_eq!(shop.call("refund_query", json!({})).await["err_no"], 10_000);
}
