//! `platform …`: each call through the SDK to a mock, and how it ends.

use serde_json::{Value, json};

use crate::program::{err, out, run, run_in};
use crate::shop::Shop;

/// The stable word of a failure.
fn code(output: &std::process::Output) -> String {
    let told: Value =
        serde_json::from_slice(&output.stderr).unwrap_or_else(|_| panic!("no JSON: {}", err(output)));
    assert_eq!(told["error"]["exit"], json!(output.status.code()), "{told}");
    told["error"]["code"].as_str().expect("a code").to_owned()
}

#[test]
fn an_order_is_asked_about_by_either_number() {
    let shop = Shop::open();
    let (order_id, items) = shop.place("O1");
    let open = shop.told(&["order", "--number", "O1"]);
    assert_eq!((&open["pay_status"], &open["pay_time"]), (&json!("PROCESS"), &Value::Null));
    shop.control("POST", "/mock/pay", &json!({ "order_id": order_id, "way": 10 }));
    let paid = shop.told(&["order", "--order-id", &order_id]);
    assert_eq!(paid["pay_status"], "SUCCESS", "{paid}");
    assert_eq!((&paid["total_amount"], &paid["paid_amount"]), (&json!(1280), &json!(1280)), "fen: {paid}");
    assert_eq!((&paid["app_id"], &paid["out_order_no"]), (&json!("tt0000000000000001"), &json!("O1")));
    assert_eq!(paid["pay_channel"], 10);
    for field in ["channel_pay_id", "merchant_uid", "log_id"] {
        assert!(paid[field].is_string(), "{field}: {paid}");
    }
    assert!(paid["trade_time"].is_i64() && paid["pay_time"].is_i64(), "{paid}");
    let list = paid["item_order_list"].as_array().expect("a list");
    assert_eq!(list.len(), items.len(), "{paid}");
    assert_eq!((&list[0]["item_order_id"], &list[0]["sku_id"]), (&json!(items[0]), &json!("latte")));
    assert_eq!(list[0]["item_order_amount"], 640);

    let text = out(&shop.platform(&["order", "--number", "O1"]));
    for part in ["O1", &order_id, "SUCCESS", "¥12.80", "¥6.40", "+08:00", "log id"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn what_the_platform_does_not_know_ends_with_1_in_both_systems() {
    let shop = Shop::open();
    for words in [
        &["order", "--number", "NOPE"][..],
        &["order", "--number", "NOPE", "--system", "ecpay"],
        &["refund", "--number", "NOPE"],
        &["refund", "--number", "NOPE", "--system", "ecpay"],
        &["settlement", "--number", "NOPE"],
        &["settlement", "--order", "NOPE"],
    ] {
        let output = shop.platform(&[words, &["--json"]].concat());
        assert_eq!(
            (output.status.code(), code(&output).as_str()),
            (Some(1), "not_found"),
            "{words:?}: {}",
            err(&output)
        );
        let text = shop.platform(words);
        assert!(err(&text).contains("not found never means failed"), "{words:?}: {}", err(&text));
    }
    let words = shop.words(&["platform", "order", "--number", "NOPE"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let zh = err(&run_in("zh_CN.UTF-8", &words, b""));
    assert!(zh.contains("20000") && zh.contains("“查不到”不等于失败"), "{zh}");
}

#[test]
fn guaranteed_payment_is_asked_by_our_own_numbers() {
    let shop = Shop::open();
    let output = shop.platform(&["order", "--order-id", "N1", "--system", "ecpay"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("your own number"), "{}", err(&output));
    let without = shop.configuration();
    let without =
        without.split("[apps.trade]").next().expect("the beginning").replace("\"trade\"", "\"ecpay\"");
    shop.write("douyin-pay.toml", &without);
    let output = shop.platform(&["tags"]);
    assert!(output.status.code() == Some(2) && err(&output).contains("[apps.trade]"), "{}", err(&output));
}

#[test]
fn a_payers_refund_is_decided_and_looked_at() {
    let shop = Shop::open();
    let (order_id, items) = shop.paid("O1");
    let fulfil =
        ["fulfil", "--order-id", &order_id, "--item", &items[0], "--item", &items[1], "--to", "fulfilling"];
    let unasked = shop.platform(&[&fulfil[..], &["--json"]].concat());
    assert_eq!((unasked.status.code(), code(&unasked).as_str()), (Some(2), "not_confirmed"));
    let pushed = shop.told(&[&fulfil[..], &["--yes"]].concat());
    assert_eq!((&pushed["order_id"], &pushed["to_status"]), (&json!(order_id), &json!("fulfilling")));

    let ask = json!({ "order_id": order_id, "items": [{ "item_order_id": items[0] }], "reason": "cold", "source": 1 });
    let applied = shop.control("POST", "/mock/apply_refund", &ask);
    let list = shop.told(&["refund", "--order-id", &order_id]);
    let refund = &list["refund_list"][0];
    let refund_id = refund["refund_id"].as_str().unwrap_or_else(|| panic!("{list} {applied}")).to_owned();
    assert_eq!(
        (&refund["refund_status"], &refund["refund_source"]),
        (&json!("PROCESSING"), &json!(1)),
        "{list}"
    );
    assert_eq!(refund["refund_total_amount"], 640, "{list}");
    assert_eq!(refund["item_order_detail"][0]["item_order_id"], json!(items[0]), "{list}");
    assert_eq!(refund["merchant_audit_detail"][0]["need_refund_audit"], true, "{list}");
    // Nobody answers the extension point here: after 72 hours the platform goes on by itself.
    shop.advance(73 * 3600);
    let list = shop.told(&["refund", "--refund-id", &refund_id]);
    let audit = &list["refund_list"][0]["merchant_audit_detail"][0];
    assert!(audit["audit_status"].is_string(), "{list}");
    let agree = shop.platform(&["audit", "--refund-id", &refund_id, "--agree", "--yes", "--json"]);
    if agree.status.code() == Some(1) {
        assert_eq!(code(&agree), "refused");
        assert!(err(&agree).contains("22006"), "{}", err(&agree));
    }
    let text = out(&shop.platform(&["refund", "--refund-id", &refund_id]));
    for part in [&refund_id, "¥6.40", "audit"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    let unknown = shop.platform(&["audit", "--refund-id", "motb1", "--deny", "shipped", "--yes"]);
    assert_eq!(unknown.status.code(), Some(1), "{}", err(&unknown));
    assert!(err(&unknown).contains("10000"), "{}", err(&unknown));
}

#[test]
fn tags_say_what_a_payer_may_ask_for() {
    let shop = Shop::open();
    let told = shop.told(&["tags", "--type", "101"]);
    let group = &told["tag_detail_list"][0];
    assert!(group["tag_group_id"].as_str().is_some_and(|id| id.starts_with("tag_group_")), "{told}");
    assert!(group["tag_list"][0]["tag_name"].is_string(), "{told}");
    let rule = &group["rule_list"][0];
    assert!(rule["biz_status"].is_string() && rule["refund_type"].is_i64(), "{told}");
    assert!(rule["merchant_audit"].is_boolean(), "{told}");
    let text = out(&shop.platform(&["tags"]));
    assert!(text.contains("tag_group_") && text.contains("FULFILL_WAIT"), "{text}");
    let wrong = shop.platform(&["tags", "--type", "7"]);
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("--type"), "{}", err(&wrong));
}

#[test]
fn an_order_in_diamonds_says_so() {
    let shop = Shop::open();
    let mut data = Shop::data("D1");
    data["currency"] = json!("DIAMOND");
    data["totalAmount"] = json!(640);
    data["skuList"][0]["quantity"] = json!(1);
    let (order_id, _) = shop.place_data(&data);
    shop.control("POST", "/mock/pay", &json!({ "order_id": order_id, "way": 20 }));
    let told = shop.told(&["order", "--number", "D1"]);
    assert_eq!((&told["currency"], &told["pay_channel"]), (&json!("DIAMOND"), &json!(20)), "{told}");
    assert_eq!(told["total_amount"], 640, "{told}");
    assert!(told.get("total_currency_amount").is_some(), "{told}");
    assert!(told["item_order_list"][0].get("item_order_currency_amount").is_some(), "{told}");
    let text = out(&shop.platform(&["order", "--number", "D1"]));
    assert!(
        text.contains("DIAMOND") && text.contains("640") && !text.contains('¥'),
        "diamonds are no yuan: {text}"
    );
}

#[test]
fn a_refund_of_ours_is_told_to_its_end() {
    let shop = Shop::open();
    let (order_id, items) = shop.paid("O1");
    let ask = json!({
        "order_id": order_id, "out_refund_no": "R1", "cp_extra": "", "order_entry_schema": { "path": "pages/refund" },
        "refund_total_amount": 100, "refund_reason": [{ "code": 101, "text": "cold" }],
        "item_order_detail": [{ "item_order_id": items[0], "refund_amount": 100 }],
    });
    let made = shop.call("refund_create", &ask);
    shop.advance(60);
    for words in [
        &["refund", "--number", "R1"][..],
        &["refund", "--refund-id", made["refund_id"].as_str().expect("a number")],
        &["refund", "--order-id", &order_id],
    ] {
        let told = shop.told(words);
        let refund = &told["refund_list"][0];
        assert_eq!(
            (&refund["refund_id"], &refund["out_refund_no"]),
            (&made["refund_id"], &json!("R1")),
            "{told}"
        );
        assert_eq!(
            (&refund["refund_status"], &refund["refund_source"]),
            (&json!("SUCCESS"), &json!(2)),
            "{told}"
        );
        assert!(refund["create_at"].is_i64() && refund["refund_at"].is_i64(), "{told}");
        let item = &refund["item_order_detail"][0];
        assert_eq!(
            (&item["item_order_id"], &item["refund_amount"]),
            (&json!(items[0]), &json!(100)),
            "{told}"
        );
    }
    let text = out(&shop.platform(&["refund", "--number", "R1"]));
    for part in ["R1", "SUCCESS", "¥1.00", "+08:00", &items[0]] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn commission_and_settlements_are_told_in_fen() {
    let shop = Shop::open();
    let (order_id, items) = shop.paid("O1");
    let cps = shop.told(&["cps", "--number", "O1"]);
    assert_eq!((&cps["order_id"], &cps["out_order_no"]), (&json!(order_id), &json!("O1")), "{cps}");
    assert!(cps["total_commission_amount"].is_i64() && cps["cps_item_list"].is_array(), "{cps}");
    let none = shop.platform(&["settlement", "--order-id", &order_id, "--json"]);
    assert_eq!((none.status.code(), code(&none).as_str()), (Some(1), "not_found"));

    let item_list: Vec<&str> = items.iter().map(String::as_str).collect();
    let push = json!({ "order_id": order_id, "item_order_id_list": item_list, "to_status": "fulfill_done" });
    shop.call("fulfill_push_status", &push);
    let ask = json!({
        "app_id": "tt0000000000000001", "out_order_no": "O1", "out_settle_no": "S1", "settle_desc": "done", "ext": "mine",
    });
    let made = shop.call("settle_create", &ask);
    shop.advance(120);
    let id = made["settle_id"].as_str().expect("a number");
    for words in [
        &["settlement", "--number", "S1"][..],
        &["settlement", "--settle-id", id],
        &["settlement", "--order-id", &order_id],
        &["settlement", "--order", "O1"],
    ] {
        let told = shop.told(words);
        let one = &told["settlements"][0];
        assert_eq!((&one["settle_id"], &one["out_settle_no"]), (&made["settle_id"], &json!("S1")), "{told}");
        assert_eq!(
            (&one["settle_status"], &one["settle_amount"]),
            (&json!("SUCCESS"), &json!(1280)),
            "{told}"
        );
        assert_eq!((&one["order_id"], &one["out_order_no"]), (&json!(order_id), &json!("O1")), "{told}");
        assert_eq!(
            (&one["rake"], &one["commission"], &one["cp_extra"]),
            (&json!(8), &json!(0), &json!("mine")),
            "{told}"
        );
        for field in ["wallet_settle_id", "settle_detail"] {
            assert!(one[field].is_string(), "{field}: {told}");
        }
        assert!(one["settle_at"].is_i64(), "{told}");
        assert!(one.get("platform_ticket").is_some() && one.get("item_order_id").is_some(), "{told}");
    }
    let text = out(&shop.platform(&["settlement", "--number", "S1"]));
    for part in ["S1", "SUCCESS", "¥12.80", "¥0.08"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn a_withdrawal_is_confirmed_taken_on_and_asked_about() {
    let shop = Shop::open();
    shop.paid("O1");
    let merchant = ["--merchant", douyin_pay_mock::DEFAULT_SELLER_UID];
    let balance = shop.told(&[&["balance"][..], &merchant].concat());
    assert!(balance["withdrawable_balance"].is_i64() && balance["online_balance"].is_i64(), "{balance}");
    let text = out(&shop.platform(&[&["balance"][..], &merchant].concat()));
    assert!(text.contains('¥') && text.contains("to withdraw"), "{text}");

    let withdraw = [&["withdraw", "--number", "W1", "--amount", "0.01"][..], &merchant].concat();
    let unasked = shop.platform(&withdraw);
    assert_eq!(unasked.status.code(), Some(2), "{}", err(&unasked));
    assert!(err(&unasked).contains("¥0.01") && err(&unasked).contains("--yes"), "{}", err(&unasked));
    let done = shop.platform(&[&withdraw[..], &["--yes", "--json"]].concat());
    let asked = shop.platform(&[&["withdrawal", "--number", "W1", "--json"][..], &merchant].concat());
    // Nothing is settled yet: whether the platform takes it on is its own affair, but both must agree.
    assert_eq!(done.status.code(), asked.status.code(), "{} {}", err(&done), err(&asked));
    let wrong =
        shop.platform(&["withdraw", "--number", "W1", "--amount", "0.001", "--merchant", "1", "--yes"]);
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("two decimals"), "{}", err(&wrong));
}

#[test]
fn statements_are_addresses_to_download() {
    let shop = Shop::open();
    let merchant = douyin_pay_mock::DEFAULT_SELLER_UID;
    let bills = shop.told(&["bills", "--merchant", merchant, "--date", "20260101", "--type", "payment"]);
    assert!(bills["bill_list"].is_array(), "{bills}");
    let funds = shop.told(&[
        "fund-bills",
        "--merchant",
        merchant,
        "--date",
        "20260101",
        "--account-type",
        "1",
        "--payment-type",
        "1",
        "--trade-type",
        "1",
    ]);
    assert!(funds["fund_bill_list"].is_array(), "{funds}");
}

#[test]
fn a_token_is_had_and_never_shown() {
    let shop = Shop::open();
    for more in [&[][..], &["--stable-token"]] {
        let output = shop.platform(&[&["token", "--json"][..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(told["accepted"] == true && told["expires_at"].is_i64(), "{told}");
        assert!(!out(&output).contains("clt."), "the token is shown: {}", out(&output));
    }
    shop.write("secret", "another_secret");
    let refused = shop.platform(&["token", "--json"]);
    assert_eq!((refused.status.code(), code(&refused).as_str()), (Some(1), "config"), "{}", err(&refused));
    assert!(
        err(&refused).contains("10013") && !err(&refused).contains("another_secret"),
        "{}",
        err(&refused)
    );
}

#[test]
fn the_outcome_decides_the_exit_code() {
    let shop = Shop::open();
    let (order_id, items) = shop.paid("O1");
    let fulfil =
        ["fulfil", "--order-id", &order_id, "--item", &items[0], "--to", "fulfilling", "--yes", "--json"];
    let next = json!([{ "endpoint": "fulfill_push_status", "fault": "lose_response" }]);
    shop.control("PUT", "/mock/faults", &json!({ "next": next }));
    let lost = shop.platform(&fulfil);
    assert_eq!((lost.status.code(), code(&lost).as_str()), (Some(3), "outcome_unknown"), "{}", err(&lost));
    assert!(
        err(&lost).contains("platform order --order-id") && err(&lost).contains(" --app coffee"),
        "the query is named: {}",
        err(&lost)
    );
    // Nobody listens: nothing was sent.
    shop.write("douyin-pay.toml", &shop.configuration().replace(&shop.mock, "http://127.0.0.1:1"));
    let output = shop.platform(&fulfil);
    assert_eq!((output.status.code(), code(&output).as_str()), (Some(3), "not_sent"), "{}", err(&output));
    assert!(err(&output).contains("has done nothing"), "{}", err(&output));
    let config = shop.file("douyin-pay.toml");
    let unknown = run(&["platform", "tags", "--config", &config, "--app", "tea"], b"");
    assert!(
        unknown.status.code() == Some(2) && err(&unknown).contains("there are coffee"),
        "{}",
        err(&unknown)
    );
}
