//! Returns, what is left to settle, and the fields that only guaranteed payment has.

use serde_json::json;

use crate::world::{World, code, err, out};

const RECEIVER: &str = "69645835031835936200";

#[test]
fn a_share_comes_back_through_the_service() {
    let world = World::start();
    world.paid_order("O1");
    let left = world.told(&["order", "settleable", "O1"]);
    assert_eq!((&left["settleable_fen"], &left["basis"]), (&json!(1280), &json!("estimate")), "{left}");
    let asked = world.told(&["order", "settleable", "O1", "--query"]);
    assert_eq!((&asked["basis"], asked["as_of"].is_string()), (&json!("platform"), true), "{asked}");
    let text = out(&world.run(&["order", "settleable", "O1", "--query"]));
    assert!(text.contains("according to") && text.contains("the platform") && text.contains("fee"), "{text}");

    let share = format!("{RECEIVER}=0.60");
    world.told(&["settlement", "create", "S1", "--order", "O1", "--share", &share, "--no-finish"]);
    world.until("the settlement ends", || world.told(&["settlement", "get", "S1"])["state"] == "succeeded");
    let back = ["return", "create", "T1", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.30"];
    let made = world.told(&back);
    assert_eq!((&made["out_return_no"], &made["amount_fen"]), (&json!("T1"), &json!(30)), "{made}");
    world
        .until("the return ends", || world.told(&["return", "get", "T1", "--query"])["state"] == "succeeded");
    let again = world.told(&[back.as_slice(), &["--wait"]].concat());
    assert_eq!((&again["state"], &again["out_settle_no"]), (&json!("succeeded"), &json!("S1")), "{again}");
    let order = out(&world.run(&["order", "get", "O1"]));
    assert!(order.contains("T1") && order.contains("¥0.30") && order.contains(RECEIVER), "{order}");
    let mut zh = world.command(&["return", "get", "T1"]);
    let zh = zh.env("LC_ALL", "zh_CN.UTF-8").output().expect("the binary starts");
    assert!(out(&zh).contains("退分账") && out(&zh).contains("成功"), "{}", out(&zh));

    for (words, exit, word) in [
        (
            &["return", "create", "T2", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.31"][..],
            1,
            None,
        ),
        (
            &["return", "create", "T1", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.29"],
            1,
            Some("other_fields"),
        ),
        (&["return", "get", "NOPE"], 1, Some("unknown_number")),
        (
            &["return", "create", "T3", "--settlement", "S1", "--merchant", "a b", "--amount", "0.10"],
            2,
            Some("usage"),
        ),
        (
            &["return", "create", "T3", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.001"],
            2,
            Some("usage"),
        ),
    ] {
        let output = world.run(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(exit), "{words:?}: {}", err(&output));
        assert!(word.is_none_or(|word| code(&output) == word), "{words:?}: {}", err(&output));
    }
}

#[test]
fn what_only_guaranteed_payment_has_is_part_of_the_request() {
    let world = World::start();
    let more = r#"{"disable_msg":true,"limit_pay_way":"LIMIT_WX","msg_page":"pages/order","expand_order_info":{"original_delivery_fee_fen":500,"actual_delivery_fee_fen":300}}"#;
    let create = ["order", "create", "O1", "--amount", "12.80", "--subject", "latte", "--cp-extra", "mine"];
    let order = world.told(&[create.as_slice(), &["--ecpay", more, "--wait"]].concat());
    assert_eq!(order["cp_extra"], "mine", "{order}");
    let without = world.run(&[create.as_slice(), &["--json"]].concat());
    assert_eq!(
        (without.status.code(), code(&without).as_str()),
        (Some(1), "other_fields"),
        "{}",
        err(&without)
    );
    let wrong = world.run(&[create.as_slice(), &["--ecpay", "[]", "--json"]].concat());
    assert!(wrong.status.code() == Some(2) && err(&wrong).contains("LIMIT_WX"), "{}", err(&wrong));

    world.paid_order("O2");
    let refund =
        ["refund", "create", "R1", "--order", "O2", "--amount", "1", "--reason", "cold", "--all-settle"];
    world.told(&refund);
    let without = world.run(&[&refund[..refund.len() - 1], &["--json"]].concat());
    assert_eq!(
        (without.status.code(), code(&without).as_str()),
        (Some(1), "other_fields"),
        "{}",
        err(&without)
    );
}
