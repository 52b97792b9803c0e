//! What the service sends to the platform, field by field.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use serde_json::{Value, json};

use crate::refusals::paid;
use crate::stub::{Seen, Stub};

/// The last request to a call.
fn last(stub: &Stub, call: &str) -> (Seen, Value) {
    let path = format!("/{call}/");
    let seen = stub.seen().into_iter().rfind(|seen| seen.path.ends_with(&path));
    let seen = seen.unwrap_or_else(|| panic!("{call} was never called"));
    let body = serde_json::from_slice(&seen.body).expect("JSON");
    (seen, body)
}

#[track_caller]
fn has(body: &Value, documented: &str) {
    for name in documented.split_whitespace() {
        assert!(!body[name].is_null(), "{name} is missing: {body}");
    }
}

#[test]
fn every_call_of_the_service_has_the_documented_fields() {
    let (shop, stub) = paid(&Arc::new(AtomicI64::new(0)), "");
    let common =
        ["--order", "O1", "--amount", "1", "--reason", "cold", "--code", "101", "--item", "motbitem1=1"];
    shop.asked(&[&["refund", "create", "R1"][..], &common].concat());
    let (seen, body) = last(&stub, "refund_create");
    assert_eq!(seen.header("access-token"), "clt.of_the_stub");
    has(
        &body,
        "order_id out_refund_no cp_extra order_entry_schema refund_total_amount refund_reason item_order_detail notify_url",
    );
    has(&body["order_entry_schema"], "path params");
    has(&body["refund_reason"][0], "code text");
    has(&body["item_order_detail"][0], "item_order_id refund_amount");
    assert_eq!(body["refund_total_amount"], 100, "{body}");
    let order_id = body["order_id"].clone();
    // This platform finds nothing, and is asked all the same.
    shop.run(&["refund", "get", "R1", "--query"]);
    has(&last(&stub, "refund_query").1, "out_refund_no");

    shop.trigger(&["pre_create_refund", "--order", "O1", "--number", "motb9", "--amount", "1"]);
    shop.asked(&["refund", "audit", "dy-motb9", "--deny", "already shipped"]);
    let body = last(&stub, "refund_audit_callback").1;
    assert_eq!(
        body,
        json!({ "refund_id": "motb9", "refund_audit_status": 2, "deny_message": "already shipped" })
    );

    shop.asked(&["order", "fulfil", "O1", "--number", "F1", "--to", "fulfilling", "--item", "motbitem1"]);
    let body = last(&stub, "fulfill_push_status").1;
    assert_eq!(
        body,
        json!({ "order_id": order_id, "item_order_id_list": ["motbitem1"], "to_status": "fulfilling" })
    );

    let share = ["--share", "69645835031835936200=0.60", "--item-order-id", "motbitem2"];
    shop.asked(&[&["settlement", "create", "S1", "--order", "O1"][..], &share].concat());
    let body = last(&stub, "settle_create").1;
    has(&body, "app_id out_order_no out_settle_no settle_desc settle_params item_order_id notify_url");
    let shares: Value = serde_json::from_str(body["settle_params"].as_str().expect("a text")).expect("JSON");
    assert_eq!(shares, json!([{ "merchant_uid": "69645835031835936200", "amount": 60 }]));
    shop.run(&["settlement", "get", "S1", "--query"]);
    has(&last(&stub, "settle_query").1, "app_id out_settle_no");
    shop.asked(&["order", "query", "O1"]);
    let body = last(&stub, "order_query").1;
    assert!(body["order_id"].is_string() || body["out_order_no"].is_string(), "{body}");
    has(&last(&stub, "client_token").1, "client_key client_secret grant_type");
}

#[test]
fn whatever_trade_says_is_in_the_data_that_is_signed() {
    let (shop, _stub) = paid(&Arc::new(AtomicI64::new(0)), "");
    let trade = json!({
        "sku": {
            "id": "sku-7", "title": "tea", "image": "https://example.com/a.png", "type": 301, "price_fen": 1300,
            "tag_group_id": "tag_group_7272625659888058380", "entry": { "path": "pages/goods" },
        },
        "entry": { "path": "pages/order" }, "pay_expire_seconds": 300, "limit_pay_ways": [1, 2],
        "merchant_uid": "70775300146143419322", "promotion_id": "promotion-1",
    })
    .to_string();
    let order =
        shop.asked(&["order", "create", "O7", "--amount", "12.80", "--subject", "tea", "--trade", &trade]);
    let data: Value = serde_json::from_str(order["pay"]["data"].as_str().expect("a text")).expect("JSON");
    has(
        &data,
        "skuList outOrderNo totalAmount payExpireSeconds payNotifyUrl merchantUid orderEntrySchema limitPayWayList promotionId",
    );
    has(&data["skuList"][0], "skuId price quantity title imageList type tagGroupId entrySchema");
    assert_eq!(
        (&data["merchantUid"], &data["promotionId"]),
        (&json!("70775300146143419322"), &json!("promotion-1"))
    );
    assert_eq!((&data["totalAmount"], &data["skuList"][0]["price"]), (&json!(1280), &json!(1300)), "{data}");
}

#[test]
fn a_stable_token_is_fetched_when_it_is_configured() {
    let (shop, stub) = paid(&Arc::new(AtomicI64::new(0)), "token = \"stable\"\n");
    shop.asked(&["order", "query", "O1"]);
    has(&last(&stub, "stable_client_token").1, "client_key client_secret grant_type");
    assert!(stub.seen().iter().all(|seen| !seen.path.ends_with("/client_token/")), "only the stable one");
}
