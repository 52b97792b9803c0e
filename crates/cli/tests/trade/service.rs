//! Orders of the general trade system through a running service, from the command line.

use serde_json::{Value, json};

use crate::program::{err, out};
use crate::shop::Shop;

const TRADE: &str = r#"{
    "sku": { "id": "sim", "title": "SIM card", "image": "https://example.com/a.png", "type": 101,
             "tag_group_id": "tag_group_7272625659887943692", "quantity": 2, "price_fen": 640,
             "attr": {"package_cost":{"amount":100,"time_len":1,"unit":"month"},"call_duration":1,"traffic_bundle":1,"telecom_operator_type":"official"},
             "entry": { "path": "pages/goods" } },
    "entry": { "path": "pages/order", "params": {"no":"O1"} },
    "pay_expire_seconds": 900, "limit_pay_ways": [2]
}"#;

fn create<'a>(number: &'a str, trade: &'a str) -> [&'a str; 9] {
    ["order", "create", number, "--amount", "12.80", "--subject", "SIM card", "--trade", trade]
}

/// The data that the mini-program hands on.
fn data(order: &Value) -> Value {
    assert_eq!(order["pay"]["kind"], "tt.requestOrder", "{order}");
    serde_json::from_str(order["pay"]["data"].as_str().expect("a text")).expect("JSON")
}

/// The mini-program places the order and the user pays it.
fn place(shop: &Shop, order: &Value) -> String {
    let pay = &order["pay"];
    let ask =
        json!({ "data": pay["data"], "byteAuthorization": pay["byteAuthorization"], "open_id": "someone" });
    let placed = shop.control("POST", "/mock/client/request_order", &ask);
    assert_eq!(placed["errNo"], 0, "{placed}");
    placed["orderId"].as_str().expect("a number").to_owned()
}

#[test]
fn a_whole_order_in_the_general_trade_system() {
    let mut shop = Shop::open();
    shop.serve();
    let order = shop.asked(&create("O1", TRADE));
    let handed = data(&order);
    for name in [
        "skuList",
        "outOrderNo",
        "totalAmount",
        "payExpireSeconds",
        "payNotifyUrl",
        "orderEntrySchema",
        "limitPayWayList",
    ] {
        assert!(!handed[name].is_null(), "{name} is missing: {handed}");
    }
    let sku = &handed["skuList"][0];
    for name in
        ["skuId", "price", "quantity", "title", "imageList", "type", "tagGroupId", "entrySchema", "skuAttr"]
    {
        assert!(!sku[name].is_null(), "{name} is missing: {handed}");
    }
    assert_eq!((&handed["totalAmount"], &handed["payExpireSeconds"]), (&json!(1280), &json!(900)));
    assert_eq!(handed["orderEntrySchema"]["path"], "pages/order");
    let again = shop.asked(&create("O1", TRADE));
    assert_eq!(again["pay"]["data"], order["pay"]["data"], "the same bytes are signed again");
    let text = shop.run(&create("O1", TRADE));
    assert!(
        out(&text).contains("tt.requestOrder") && !out(&text).contains("SHA256-RSA2048"),
        "{}",
        out(&text)
    );

    let order_id = place(&shop, &order);
    let reported = shop.asked(&["order", "platform-order", "O1", "--order-id", &order_id]);
    assert_eq!(reported["platform_order_id"], json!(order_id), "{reported}");
    shop.control("POST", "/mock/pay", &json!({ "order_id": order_id }));
    shop.until("the payment is known", || shop.asked(&["order", "get", "O1"])["state"] == "paid");
    let paid = shop.asked(&["order", "query", "O1"]);
    let items: Vec<&str> = paid["items"]
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|item| item["item_order_id"].as_str())
        .collect();
    assert_eq!(items.len(), 2, "{paid}");
    let text = out(&shop.run(&["order", "get", "O1"]));
    assert!(text.contains(items[0]) && text.contains("¥6.40"), "{text}");

    let item = format!("{}=1.00", items[0]);
    let refund = [
        "refund", "create", "R1", "--order", "O1", "--amount", "1.00", "--reason", "cold", "--code", "101",
        "--item", &item,
    ];
    shop.asked(&refund);
    shop.until("the refund ends", || shop.asked(&["refund", "get", "R1"])["state"] == "succeeded");
    let done = shop.asked(&["refund", "get", "R1"]);
    assert_eq!(done["items"], json!([{ "item_order_id": items[0], "amount_fen": 100 }]), "{done}");
    assert!(done["refund_no"].is_string(), "{done}");

    let fulfil = ["order", "fulfil", "O1", "--number", "F1", "--to", "fulfill_done"];
    let step = shop.asked(&[&fulfil[..], &["--item", items[0], "--item", items[1]]].concat());
    assert_eq!(
        (&step["out_fulfil_no"], &step["to_status"]),
        (&json!("F1"), &json!("fulfill_done")),
        "{step}"
    );
    let text = out(&shop.run(&[&fulfil[..], &["--item", items[0], "--item", items[1]]].concat()));
    assert!(text.contains("F1") && text.contains("fulfill_done"), "{text}");

    let settle = ["settlement", "create", "S1", "--order", "O1", "--item-order-id", items[1]];
    let settled = shop.asked(&settle);
    assert_eq!(settled["item_order_id"], json!(items[1]), "{settled}");
    shop.until("the settlement ends", || shop.asked(&["settlement", "get", "S1"])["state"] == "succeeded");
    assert!(shop.asked(&["settlement", "get", "S1"])["settle_no"].is_string());
}

#[test]
fn a_refund_that_the_payer_started_is_decided() {
    let mut shop = Shop::open();
    shop.serve();
    for (number, words, state) in
        [("O1", &["--agree"][..], "succeeded"), ("O2", &["--deny", "already shipped"], "failed")]
    {
        let order = shop.asked(&create(number, TRADE));
        let order_id = place(&shop, &order);
        shop.control("POST", "/mock/pay", &json!({ "order_id": order_id }));
        shop.until("the payment is known", || shop.asked(&["order", "get", number])["state"] == "paid");
        let items = shop.asked(&["order", "query", number])["items"].clone();
        let item = items[0]["item_order_id"].clone();
        shop.call(
            "fulfill_push_status",
            &json!({ "order_id": order_id, "item_order_id_list": [item], "to_status": "fulfilling" }),
        );
        let ask = json!({ "order_id": order_id, "items": [{ "item_order_id": item }], "reason": "cold", "source": 1 });
        shop.control("POST", "/mock/apply_refund", &ask);
        let refund = || shop.asked(&["order", "get", number])["refunds"][0].clone();
        shop.until("the refund waits for a decision", || refund()["state"] == "auditing");
        let refund_no = refund()["out_refund_no"].as_str().expect("a number").to_owned();
        let text = out(&shop.run(&["refund", "get", &refund_no]));
        assert!(text.contains("audit") && text.contains("decide until") && text.contains("+08:00"), "{text}");
        let decided = shop.asked(&[&["refund", "audit", &refund_no][..], words].concat());
        assert_eq!(decided["out_refund_no"], json!(refund_no), "{decided}");
        shop.until("the refund ends", || refund()["state"] == state);
    }
}

#[test]
fn what_the_service_refuses_has_its_code() {
    let mut shop = Shop::open();
    shop.serve();
    shop.asked(&create("O1", TRADE));
    for (words, exit, part) in [
        (
            &["order", "create", "O2", "--amount", "1", "--subject", "x", "--trade", "[1]"][..],
            2,
            "not a JSON object",
        ),
        (
            &["order", "create", "O2", "--amount", "1", "--subject", "x", "--trade", r#"{"skus":1}"#],
            2,
            "trade",
        ),
        (&["order", "fulfil", "O1", "--number", "F1", "--to", "fulfilling"], 1, "paid"),
        (&["order", "fulfil", "O1", "--number", "F 1", "--to", "fulfilling"], 2, "--number"),
        (&["order", "fulfil", "O1", "--number", "F1", "--to", "fulfilling", "--item", "a b"], 2, "--item"),
        (&["refund", "audit", "NOPE", "--agree"], 1, "check the number"),
        (&["refund", "audit", "R1"], 2, "--agree"),
        (&["refund", "audit", "R1", "--agree", "--deny", "x"], 2, "--deny"),
        (
            &["refund", "create", "R1", "--order", "O1", "--amount", "1", "--reason", "x", "--item", "x"],
            2,
            "ITEM_ORDER_ID=YUAN",
        ),
        (&["settlement", "create", "S1", "--order", "O1", "--item-order-id", "a b"], 2, "--item-order-id"),
    ] {
        let output = shop.run(words);
        assert_eq!(output.status.code(), Some(exit), "{words:?}: {}{}", out(&output), err(&output));
        assert!(err(&output).contains(part), "{words:?}: {}", err(&output));
    }
}
