//! What the service makes of the platform's codes, seen from the command line.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};

use crate::program::err;
use crate::shop::Shop;
use crate::stub::{Seen, Stub};

/// A platform that knows one paid order, and answers each call that writes with one code.
fn platform(code: &Arc<AtomicI64>) -> Stub {
    let code = Arc::clone(code);
    Stub::start(move |request: &Seen| {
        let name = request.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let item = |n: u8| json!({ "item_order_id": format!("motbitem{n}"), "sku_id": "sku", "item_order_amount": 640 });
        let data = match name {
            "client_token" | "stable_client_token" => {
                let token = json!({ "access_token": "clt.of_the_stub", "expires_in": 7200, "error_code": 0 });
                return json!({ "data": token, "message": "success" }).to_string();
            }
            "order_query" => json!({
                "app_id": "tt0000000000000001", "order_id": "motb1", "out_order_no": "O1", "pay_status": "SUCCESS",
                "total_amount": 1280, "discount_amount": 0, "trade_time": 1_767_225_600_000_i64,
                "pay_time": 1_767_225_609_000_i64, "pay_channel": 10, "item_order_list": [item(1), item(2)],
            }),
            "refund_query" => json!({ "refund_list": [] }),
            "settle_query" => json!([]),
            _ => {
                let code = code.load(Ordering::Relaxed);
                let data = json!({
                    "refund_id": format!("motbR{}", request.body.len()), "refund_audit_deadline": 1_767_484_800_000_i64,
                    "settle_id": "ots1", "wallet_settle_id": "w1",
                });
                return json!({ "err_no": code, "err_msg": "no", "log_id": "L1", "data": data }).to_string();
            }
        };
        json!({ "err_no": 0, "err_msg": "success", "log_id": "L1", "data": data }).to_string()
    })
}

/// A paid order in the books of a service that speaks to such a platform.
pub(crate) fn paid(code: &Arc<AtomicI64>, more: &str) -> (Shop, Stub) {
    let (mut shop, stub) = (Shop::open(), platform(code));
    let text = shop.configuration().replace(
        &format!("[apps.trade]\nplatform = \"{}\"", shop.mock),
        &format!("[apps.trade]\n{more}platform = \"{}\"", stub.url),
    );
    shop.serve_with(&text);
    let trade = r#"{"sku":{"image":"https://example.com/a.png","type":301,"tag_group_id":"tag_group_7272625659888058380","quantity":2}}"#;
    shop.asked(&["order", "create", "O1", "--amount", "12.80", "--subject", "tea", "--trade", trade]);
    shop.trigger(&["payment", "--order", "O1", "--amount", "12.80"]);
    assert_eq!(shop.asked(&["order", "get", "O1"])["state"], "paid");
    (shop, stub)
}

/// The stable word of a failure.
fn word(output: &std::process::Output) -> String {
    let told: Value =
        serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("no JSON: {}", err(output)));
    told["error"]["code"].as_str().expect("a word").to_owned()
}

#[test]
fn refusals_of_the_platform_end_with_their_code() {
    let code = Arc::new(AtomicI64::new(0));
    let (shop, _stub) = paid(&code, "");
    for number in [10_000, 22_000, 22_001, 22_002, 22_007, 22_008] {
        code.store(number, Ordering::Relaxed);
        let refund = format!("R{number}");
        let ask = [
            "refund",
            "create",
            &refund,
            "--order",
            "O1",
            "--amount",
            "1",
            "--reason",
            "x",
            "--item",
            "motbitem1=1",
        ];
        let output = shop.run(&ask);
        assert_eq!(output.status.code(), Some(1), "{number}: {}", err(&output));
        assert!(err(&output).contains(&number.to_string()), "{number}: {}", err(&output));
        let told = shop.asked(&["refund", "get", &refund]);
        assert_eq!((&told["state"], &told["failure"]["code"]), (&json!("failed"), &json!(number)), "{told}");
    }
    for number in [23_102, 23_107, 23_112, 23_113, 23_118] {
        code.store(number, Ordering::Relaxed);
        let settlement = format!("S{number}");
        let output = shop.run(&["settlement", "create", &settlement, "--order", "O1"]);
        assert_eq!(output.status.code(), Some(1), "{number}: {}", err(&output));
        let told = shop.asked(&["settlement", "get", &settlement]);
        assert_eq!((&told["state"], &told["failure"]["code"]), (&json!("failed"), &json!(number)), "{told}");
    }
}

#[test]
fn codes_that_decide_nothing_leave_the_number_open() {
    let code = Arc::new(AtomicI64::new(0));
    let (shop, _stub) = paid(&code, "");
    for number in [12_001, 13_000, 23_000] {
        code.store(number, Ordering::Relaxed);
        let refund = format!("R{number}");
        let ask = [
            "refund",
            "create",
            &refund,
            "--order",
            "O1",
            "--amount",
            "1",
            "--reason",
            "x",
            "--item",
            "motbitem1=1",
        ];
        let output = shop.run(&[&ask[..], &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{number}: {}", err(&output));
        assert_eq!(shop.asked(&["refund", "get", &refund])["state"], "requested", "{number}");
    }
    code.store(23_101, Ordering::Relaxed);
    let output = shop.run(&["settlement", "create", "S1", "--order", "O1", "--item-order-id", "motbitem1"]);
    assert_eq!(output.status.code(), Some(0), "not found never means failed: {}", err(&output));
    assert_eq!(shop.asked(&["settlement", "get", "S1"])["state"], "requested");
    // A matter of configuration: this app is on automatic settlement.
    code.store(23_117, Ordering::Relaxed);
    let output =
        shop.run(&["settlement", "create", "S2", "--order", "O1", "--item-order-id", "motbitem2", "--json"]);
    assert_eq!(word(&output), "platform_refuses_configuration", "{}", err(&output));
    code.store(28_001_018, Ordering::Relaxed);
    let ask = [
        "refund",
        "create",
        "R1",
        "--order",
        "O1",
        "--amount",
        "1",
        "--reason",
        "x",
        "--item",
        "motbitem1=1",
        "--json",
    ];
    let output = shop.run(&ask);
    assert_eq!(word(&output), "platform_refuses_configuration", "{}", err(&output));
    assert_eq!(shop.asked(&["refund", "get", "R1"])["state"], "requested");
    // The refund may not be ready for a decision yet: it is told again.
    code.store(22_006, Ordering::Relaxed);
    shop.trigger(&["pre_create_refund", "--order", "O1", "--number", "motb9", "--amount", "1"]);
    let output = shop.run(&["refund", "audit", "dy-motb9", "--agree"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("the platform has not answered yet"), "{}", err(&output));
}
