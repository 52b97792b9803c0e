//! Settlements: whole orders, single items, shares, fees, and the platform's own.

use douyin_pay_mock::{Faults, NextOperation, OperationFault, OperationStatus};
use serde_json::{Value, json};

use super::shop::{APP, SERVICE, SIM, Shop, data, refund, service, settle};
use crate::world::{DAY, START, share};

async fn settled(shop: &Shop, body: Value) -> Value {
    shop.call("settle_create", body).await
}

async fn query(shop: &Shop, mut body: Value) -> Value {
    body["app_id"] = json!(APP);
    shop.call("settle_query", body).await["data"].clone()
}

#[tokio::test]
async fn a_whole_order_is_settled_with_a_share() {
    let shop = Shop::new();
    let order_id = shop.paid(&service("O1", 19_800)).await;
    let accepted = settled(&shop, settle("O1", "S1", &json!([share("601", 5_000)]))).await;
    assert_eq!(accepted["err_no"], 0, "{accepted}");
    let id = accepted["data"]["settle_id"].clone();
    assert!(id.as_str().unwrap().starts_with("ots") && accepted["data"]["wallet_settle_id"].is_string());
    let now = query(&shop, json!({ "app_id": APP, "settle_id": id })).await;
    assert_eq!((now.as_array().unwrap().len(), &now[0]["settle_status"]), (1, &json!("INIT")));
    shop.seconds(2).await;
    let now = query(&shop, json!({ "out_settle_no": "S1" })).await;
    assert_eq!(now[0]["settle_status"], "PROCESSING");
    assert!(now[0].get("settle_at").is_none());
    shop.seconds(20).await;
    let done = query(&shop, json!({ "order_id": order_id })).await[0].clone();
    assert_eq!((&done["settle_status"], &done["settle_amount"]), (&json!("SUCCESS"), &json!(19_800)));
    assert_eq!((&done["rake"], &done["commission"]), (&json!(119), &json!(0)), "0.6 %, half up");
    assert_eq!((&done["cp_extra"], &done["item_order_id"]), (&json!("x"), &json!("")));
    let detail = done["settle_detail"].as_str().unwrap();
    assert!(detail.contains("商户号601-分成金额(分)5000") && detail.contains("(分)14681"), "{detail}");
    let told = shop.told("settle").remove(0);
    assert_eq!((&told["settle_id"], &told["is_auto_settle"]), (&id, &json!(false)));
    assert_eq!((&told["status"], &told["settle_amount"]), (&json!("SUCCESS"), &json!(19_800)));
    let books = shop.world.mock.books();
    assert_eq!((books.totals.rake_fen, books.totals.in_transit_fen), (119, 0));
    assert_eq!(books.totals.withdrawable_fen, 19_681);
    assert_eq!(shop.world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SIM, 100, 2)).await;
    let items = shop.items(&order_id);
    let other = shop.paid(&data("O2", SERVICE, 100, 2)).await;
    let others = shop.items(&other);
    shop.placed(&service("O3", 5)).await;
    let of_item = |order: &str, number: &str, item: &str| {
        let mut body = settle(order, number, &json!([]));
        body["item_order_id"] = json!(item);
        body
    };
    let with = |name: &str, value: Value| {
        let mut body = settle("O2", "S", &json!([]));
        body[name] = value;
        body
    };
    let table = [
        (settle("O9", "S", &json!([])), 23_101),
        (settle("O3", "S", &json!([])), 23_102),
        (settle("O1", "S", &json!([])), 23_107),
        (of_item("O1", "S", &items[0]), 23_107),
        (of_item("O2", "S", "motb1"), 23_024),
        (of_item("O2", "S", &items[0]), 23_025),
        (with("settle_params", json!([{ "merchant_uid": "601", "amount": 1 }])), 10_000),
        (with("settle_params", json!("[{\"merchant_uid\":\"601\",\"amount\":0}]")), 10_000),
        (with("settle_params", json!("[{\"merchant_uid\":\"601\",\"amount\":200}]")), 10_000),
        (with("settle_params", json!("[{\"merchant_uid\":\"70775300146143419322\",\"amount\":1}]")), 10_000),
        (with("settle_params", json!("a".repeat(513))), 10_000),
        (with("app_id", json!("ttother")), 10_000),
        (with("settle_desc", json!("")), 10_000),
        (with("ext", json!("a".repeat(2_049))), 10_000),
    ];
    for (body, code) in table {
        let answer = settled(&shop, body.clone()).await;
        assert_eq!(answer["err_no"], code, "{body}: {answer} {}", shop.world.last_problem());
    }
    assert_eq!(settled(&shop, of_item("O2", "S1", &others[0])).await["err_no"], 0);
    assert_eq!(
        settled(&shop, of_item("O2", "S1", &others[1])).await["err_no"],
        23_111,
        "a repeat is an error"
    );
    assert_eq!(settled(&shop, of_item("O2", "S2", &others[0])).await["err_no"], 23_112);
    assert_eq!(settled(&shop, settle("O2", "S2", &json!([]))).await["err_no"], 23_118);
    assert_eq!(settled(&shop, of_item("O2", "S2", &others[1])).await["err_no"], 0);
    shop.paid(&data("O4", SERVICE, 100, 2)).await;
    assert_eq!(settled(&shop, settle("O4", "S4", &json!([]))).await["err_no"], 0);
    let item = shop.world.mock.books().orders.into_iter().find(|o| o.out_order_no == "O4").unwrap();
    let late = of_item("O4", "S5", &item.items[0].item_order_id);
    assert_eq!(settled(&shop, late).await["err_no"], 23_113);
    assert_eq!(settled(&shop, settle("O4", "S5", &json!([]))).await["err_no"], 23_112);
}

#[tokio::test]
async fn items_are_settled_one_by_one_without_what_was_refunded() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SERVICE, 1_000, 2)).await;
    let items = shop.items(&order_id);
    shop.call("refund_create", refund(&order_id, "R1", &[(&items[0], 400)])).await;
    for (number, item) in [("S1", &items[0]), ("S2", &items[1])] {
        let mut body = settle("O1", number, &json!([]));
        body["item_order_id"] = json!(item);
        assert_eq!(settled(&shop, body).await["err_no"], 0);
    }
    shop.seconds(20).await;
    let all = query(&shop, json!({ "out_order_no": "O1" })).await;
    let amounts: Vec<_> =
        all.as_array().unwrap().iter().map(|one| (&one["item_order_id"], &one["settle_amount"])).collect();
    assert_eq!(amounts, [(&json!(items[0]), &json!(600)), (&json!(items[1]), &json!(1_000))]);
    let told = shop.told("settle");
    assert!(items.iter().all(|item| told.iter().any(|one| one["item_order_id"] == json!(item))));
    let mut partly = refund(&order_id, "R2", &[(&items[1], 500)]);
    partly["refund_total_amount"] = json!(500);
    assert_eq!(shop.call("refund_create", partly).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(shop.world.mock.books().orders[0].refunded_in_transit_fen.get(), 400);
    assert_eq!(shop.world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn delivered_or_refunded_items_may_be_settled() {
    let shop = Shop::new();
    let order_id = shop.paid(&data("O1", SIM, 100, 2)).await;
    let items = shop.items(&order_id);
    shop.call("refund_create", refund(&order_id, "R1", &[(&items[0], 100)])).await;
    shop.seconds(20).await;
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 23_107);
    shop.world
        .control("POST", "/mock/confirm_fulfillment", &json!({ "order_id": order_id }).to_string())
        .await;
    let accepted = settled(&shop, settle("O1", "S1", &json!([]))).await;
    assert_eq!(accepted["err_no"], 0, "{}", shop.world.last_problem());
    shop.seconds(20).await;
    assert_eq!(query(&shop, json!({ "out_settle_no": "S1" })).await[0]["settle_amount"], 100);
}

#[tokio::test]
async fn the_period_counts_from_the_delivery() {
    let shop = Shop::new();
    shop.console(|change| change.settle_days = Some(3));
    let order_id = shop.paid(&data("O1", SIM, 100, 1)).await;
    shop.world.advance(DAY * 5).await;
    shop.world
        .control("POST", "/mock/confirm_fulfillment", &json!({ "order_id": order_id }).to_string())
        .await;
    shop.world.advance(DAY * 3 - std::time::Duration::from_secs(1)).await;
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 23_113);
    shop.seconds(1).await;
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 0);
}

#[tokio::test]
async fn a_failed_settlement_can_be_tried_again_with_a_new_number() {
    let shop = Shop::new();
    shop.paid(&service("O1", 100)).await;
    let next = vec![NextOperation::new(OperationFault::SettlementFails, 1)];
    shop.world.mock.set_faults(Faults { next_operations: next, ..Faults::default() });
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(query(&shop, json!({ "out_settle_no": "S1" })).await[0]["settle_status"], "FAIL");
    assert_eq!(shop.told("settle")[0]["status"], "FAIL");
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 23_111);
    assert_eq!(settled(&shop, settle("O1", "S2", &json!([]))).await["err_no"], 0);
    shop.seconds(20).await;
    assert_eq!(shop.world.mock.books().totals.withdrawable_fen, 99);
}

#[tokio::test]
async fn the_platform_settles_by_itself_when_it_is_told_to() {
    let shop = Shop::new();
    shop.console(|change| (change.auto_settle, change.settle_days) = (Some(true), Some(7)));
    let order_id = shop.paid(&service("O1", 10_000)).await;
    assert_eq!(settled(&shop, settle("O1", "S1", &json!([]))).await["err_no"], 23_117);
    shop.call("refund_create", refund(&order_id, "R1", &[(&order_id, 1_000)])).await;
    shop.world.advance(DAY * 7 + std::time::Duration::from_secs(30)).await;
    let told = shop.told("settle").remove(0);
    assert_eq!((&told["is_auto_settle"], &told["settle_amount"]), (&json!(true), &json!(9_000)));
    assert_eq!(told["out_settle_no"], told["settle_id"]);
    assert!(told["event_time"].as_i64().unwrap() > START + 7 * 86_400_000);
    let book = shop.world.mock.books().settlements.remove(0);
    assert_eq!((book.automatic, book.status), (true, OperationStatus::Success));
    shop.world.advance(DAY * 30).await;
    assert_eq!(shop.told("settle").len(), 1);
}

#[tokio::test]
async fn an_automatic_settlement_waits_for_the_delivery() {
    let shop = Shop::new();
    shop.console(|change| change.auto_settle = Some(true));
    let order_id = shop.paid(&data("O1", SIM, 100, 2)).await;
    shop.world.advance(DAY * 30).await;
    assert!(shop.told("settle").is_empty());
    shop.world
        .control("POST", "/mock/confirm_fulfillment", &json!({ "order_id": order_id }).to_string())
        .await;
    shop.seconds(30).await;
    assert_eq!(shop.told("settle").len(), 1);
}

#[tokio::test]
async fn settle_queries_have_a_precedence_and_empty_answers() {
    let shop = Shop::new();
    for order in ["O1", "O2"] {
        shop.paid(&service(order, 100)).await;
        settled(&shop, settle(order, &format!("S-{order}"), &json!([]))).await;
    }
    let first = query(&shop, json!({ "out_settle_no": "S-O1" })).await;
    let id = &first[0]["settle_id"];
    assert_eq!(query(&shop, json!({ "settle_id": id, "out_settle_no": "S-O2" })).await, first);
    let order_id = &first[0]["order_id"];
    assert_eq!(query(&shop, json!({ "order_id": order_id, "out_settle_no": "S-O2" })).await, first);
    assert_eq!(query(&shop, json!({ "out_settle_no": "S-O1", "out_order_no": "O2" })).await, first);
    assert_eq!(query(&shop, json!({ "out_order_no": "O9" })).await, json!([]));
    assert_eq!(shop.call("settle_query", json!({ "app_id": APP })).await["err_no"], 10_000);
}

#[tokio::test]
async fn promoters_get_their_part() {
    let shop = Shop::new();
    let plain = shop.paid(&service("O0", 1_000)).await;
    let none = shop.call("query_cps", json!({ "order_id": plain })).await;
    assert_eq!(
        (&none["data"]["total_commission_amount"], &none["data"]["cps_item_list"]),
        (&json!(0), &json!([]))
    );
    shop.console(|change| change.commission_per_10000 = Some(1_000));
    shop.paid(&service("O1", 1_000)).await;
    let cps = shop.call("query_cps", json!({ "out_order_no": "O1" })).await["data"].clone();
    assert_eq!(
        (&cps["total_commission_amount"], &cps["cps_item_list"][0]["commission_rate"]),
        (&json!(100), &json!(1_000))
    );
    settled(&shop, settle("O1", "S1", &json!([share("601", 894)]))).await;
    assert_eq!(settled(&shop, settle("O1", "S2", &json!([share("601", 895)]))).await["err_no"], 23_112);
    shop.seconds(20).await;
    let one = query(&shop, json!({ "out_settle_no": "S1" })).await;
    assert_eq!((&one[0]["rake"], &one[0]["commission"]), (&json!(6), &json!(100)));
    assert_eq!(shop.world.mock.verify(), Ok(()));
}
