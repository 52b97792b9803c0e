//! Every field that `platform` tells of a reply, or sends.

use serde_json::{Value, json};

use crate::shop::Shop;
use crate::stub::{Seen, Stub};

/// Answers each call with everything that the documents name.
fn answer(request: &Seen) -> String {
    let name = request.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let item = json!([{ "item_order_id": "motb2", "refund_amount": 1 }]);
    let data = match (name, request.path.contains("/fund/")) {
        ("client_token", _) => {
            let token = json!({ "access_token": "clt.of_the_stub", "expires_in": 7200, "error_code": 0 });
            return json!({ "data": token, "message": "success" }).to_string();
        }
        ("order_query", _) => json!({
            "app_id": "tt1", "order_id": "motb1", "out_order_no": "O1", "pay_status": "TIMEOUT", "total_amount": 100,
            "discount_amount": 5, "trade_time": 1, "item_order_list": [],
        }),
        ("refund_query", _) => json!({ "refund_list": [{
            "refund_id": "motb9", "order_id": "motb1", "out_refund_no": "R1", "refund_status": "FAIL", "refund_total_amount": 1,
            "create_at": 1, "refund_at": 2, "message": "no money", "refund_source": 3, "item_order_detail": item, "currency": "CNY",
            "merchant_audit_detail": {
                "need_refund_audit": 1, "refund_audit_deadline": 3, "audit_status": "DENY", "deny_message": "shipped",
            },
        }] }),
        ("query_cps", _) => {
            json!({ "order_id": "motb1", "out_order_no": "O1", "total_commission_amount": 7, "cps_item_list": [{
            "item_order_id": "motb2", "sell_amount": 70, "commission_amount": 7, "commission_rate": 1000, "source_type": 1,
            "status": 2, "commission_user_douyinid": "d", "commission_user_nickname": "n", "task_id": "t", "item_id": 7,
        }] })
        }
        ("tag_query", _) => json!({ "tag_detail_list": [{
            "tag_group_id": "tag_group_1",
            "tag_list": [{ "tag_id": "1", "tag_name": "n", "tag_descs": ["d"], "tag_type": 1, "biz_line": 2001, "goods_type": 101 }],
            "rule_list": [{
                "rule_id": "1", "rule_type": 1,
                "refund_rule": { "biz_status": "FULFILLING", "merchant_audit_type": 1, "refund_type": 2 },
            }],
        }] }),
        ("query_merchant_balance", _) => json!({
            "account_info": { "online_balance": 1, "withdrawable_balacne": 2, "freeze_balance": 3 }, "merchant_entity": 1,
            "settle_info": { "settle_type": 1, "settle_account": "a", "bankcard_no": "c", "bank_name": "b" },
        }),
        ("merchant_withdraw", _) => json!({ "order_id": "W9", "merchant_entity": 1 }),
        ("query_withdraw_order", _) => json!({ "status": "REEXCHANGE", "statusMsg": "came back" }),
        ("bills", false) => json!({ "bill_list": ["https://example.com/1"] }),
        ("bills", true) => json!({ "fund_bill_list": ["https://example.com/2"] }),
        _ => Value::Null,
    };
    json!({ "err_no": 0, "err_msg": "success", "log_id": "L1", "data": data }).to_string()
}

#[track_caller]
fn has(value: &Value, names: &str) {
    for name in names.split_whitespace() {
        assert!(!value[name].is_null(), "{name} is missing: {value}");
    }
}

fn open() -> (Shop, Stub) {
    let (shop, stub) = (Shop::open(), Stub::start(answer));
    shop.write("douyin-pay.toml", &shop.configuration().replace(&shop.mock, &stub.url));
    (shop, stub)
}

/// What is told of something that failed.
fn failed(shop: &Shop, words: &[&str]) -> Value {
    let output = shop.platform(&[words, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What the last request said.
fn sent(stub: &Stub) -> Value {
    serde_json::from_slice(&stub.seen().pop().expect("a request").body).expect("JSON")
}

#[test]
fn every_documented_field_of_a_reply_is_told() {
    let (shop, _stub) = open();
    let order = shop.told(&["order", "--number", "O1"]);
    has(
        &order,
        "app_id order_id out_order_no pay_status total_amount discount_amount paid_amount trade_time log_id",
    );
    assert_eq!((&order["pay_status"], &order["paid_amount"]), (&json!("TIMEOUT"), &json!(95)));
    let refund = failed(&shop, &["refund", "--number", "R1"])["refund_list"][0].clone();
    has(
        &refund,
        "refund_id order_id out_refund_no refund_status refund_total_amount create_at refund_at message refund_source \
         merchant_audit_detail item_order_detail currency",
    );
    let audit = &refund["merchant_audit_detail"][0];
    has(audit, "need_refund_audit refund_audit_deadline audit_status deny_message");
    assert_eq!((&refund["refund_status"], &audit["audit_status"]), (&json!("FAIL"), &json!("DENY")));
    let cps = shop.told(&["cps", "--order-id", "motb1"]);
    has(&cps, "order_id out_order_no total_commission_amount cps_item_list");
    has(
        &cps["cps_item_list"][0],
        "item_order_id sell_amount commission_amount commission_rate source_type status commission_user_douyinid \
         commission_user_nickname task_id item_id",
    );
    let group = shop.told(&["tags"])["tag_detail_list"][0].clone();
    has(&group, "tag_group_id tag_list rule_list");
    has(&group["tag_list"][0], "tag_id tag_name tag_descs tag_type biz_line goods_type");
    has(&group["rule_list"][0], "rule_id rule_type biz_status merchant_audit refund_type");
    let balance = shop.told(&["balance", "--merchant", "70775300146143419322"]);
    has(
        &balance,
        "online_balance withdrawable_balance freeze_balance settle_type settle_account bankcard_no bank_name merchant_entity",
    );
    let found = failed(&shop, &["withdrawal", "--number", "W1", "--merchant", "70775300146143419322"]);
    assert_eq!((&found["status"], &found["status_msg"]), (&json!("REEXCHANGE"), &json!("came back")));
}

#[test]
fn every_documented_field_of_a_request_is_sent() {
    let (shop, stub) = open();
    let merchant = ["--merchant", "70775300146143419322"];
    shop.told(&[&["balance", "--entity", "1"][..], &merchant].concat());
    has(&sent(&stub), "merchant_uid channel_type app_id merchant_entity");
    let taken =
        shop.told(&[&["withdraw", "--number", "W1", "--amount", "1.00", "--yes"][..], &merchant].concat());
    has(&taken, "out_order_id order_id withdraw_amount merchant_entity");
    has(&sent(&stub), "merchant_uid channel_type withdraw_amount out_order_id app_id");
    failed(&shop, &[&["withdrawal", "--number", "W1"][..], &merchant].concat());
    has(&sent(&stub), "app_id merchant_uid channel_type out_order_id");
    shop.told(&[&["bills", "--date", "20260101", "--type", "payment"][..], &merchant].concat());
    has(&sent(&stub), "app_id merchant_id bill_date bill_type");
    let funds = [
        "fund-bills",
        "--date",
        "20260101",
        "--account-type",
        "1",
        "--payment-type",
        "2",
        "--trade-type",
        "3",
    ];
    let told = shop.told(&[&funds[..], &merchant].concat());
    assert_eq!(told["fund_bill_list"], json!(["https://example.com/2"]));
    has(&sent(&stub), "app_id merchant_id bill_date account_type payment_type trade_type");
    shop.told(&["audit", "--refund-id", "motb9", "--deny", "shipped", "--yes"]);
    assert_eq!(
        sent(&stub),
        json!({ "refund_id": "motb9", "refund_audit_status": 2, "deny_message": "shipped" })
    );
    shop.told(&["tags", "--type", "101"]);
    assert_eq!(sent(&stub), json!({ "goods_type": 101 }));
    let token = stub.seen().remove(0);
    assert_eq!(token.path, "/oauth/client_token/");
    has(&serde_json::from_slice(&token.body).expect("JSON"), "client_key client_secret grant_type");
}
