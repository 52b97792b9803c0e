//! `platform …` and `trigger …` in guaranteed payment, beside a running service.

use serde_json::{Value, json};

use crate::world::{World, code, err, out};

const RECEIVER: &str = "69645835031835936200";
const SELLER: [&str; 4] = ["--merchant", douyin_pay_mock::DEFAULT_SELLER_UID, "--channel", "wx"];

impl World {
    /// `platform …` with the service's own configuration.
    fn platform(&self, words: &[&str]) -> std::process::Output {
        self.run(&[&["platform"], words, &["--config", &self.config()]].concat())
    }

    /// The same, which must end well; its JSON.
    fn learnt(&self, words: &[&str]) -> Value {
        let output = self.platform(&[words, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        serde_json::from_slice(&output.stdout).expect("JSON on standard output")
    }

    /// A paid order of ¥12.80 of which the receiver has ¥0.60 and the seller the rest.
    fn settled_order(&self, number: &str, settlement: &str) {
        self.paid_order(number);
        let share = format!("{RECEIVER}=0.60");
        self.told(&["settlement", "create", settlement, "--order", number, "--share", &share]);
        let done = || self.told(&["settlement", "get", settlement])["state"] == "succeeded";
        self.until("the settlement ends", done);
    }
}

fn has(told: &Value, fields: &[&str]) {
    for field in fields {
        assert!(told.get(field).is_some(), "{field} is missing in {told}");
    }
}

#[test]
fn queries_tell_every_documented_field() {
    let world = World::start();
    world.paid_order("O1");
    let order = world.learnt(&["order", "--number", "O1"]);
    assert_eq!((&order["order_status"], &order["total_fee"]), (&json!("SUCCESS"), &json!(1280)), "{order}");
    let fields =
        ["out_order_no", "order_id", "way", "channel_no", "channel_gateway_no", "seller_uid", "item_id"];
    has(&order, &fields);
    has(&order, &["pay_time", "cp_extra", "log_id"]);
    let open = world.learnt(&["unsettled", "--number", "O1"]);
    assert_eq!((&open["out_order_no"], &open["paid_amount"]), (&json!("O1"), &json!(1280)), "{open}");
    has(&open, &["unsettle_amount", "payment_rake", "life_rake", "commission", "refund_info"]);
    let text = out(&world.platform(&["unsettled", "--number", "O1"]));
    assert!(text.contains("to settle") && text.contains('¥'), "{text}");

    world.told(&["refund", "create", "R1", "--order", "O1", "--amount", "1.50", "--reason", "cold"]);
    world.until("the refund ends", || world.told(&["refund", "get", "R1"])["state"] == "succeeded");
    let refund = world.learnt(&["refund", "--number", "R1"]);
    assert_eq!(
        (&refund["refund_status"], &refund["refund_amount"]),
        (&json!("SUCCESS"), &json!(150)),
        "{refund}"
    );
    has(&refund, &["refund_no", "refunded_at", "is_all_settled", "msg", "cp_extra"]);
    let none = world.platform(&["platform-order", "--number", "O1", "--json"]);
    assert_eq!((none.status.code(), code(&none).as_str()), (Some(1), "not_found"), "{}", err(&none));

    world.settled_order("O2", "S2");
    let settled = world.learnt(&["settlement", "--number", "S2"]);
    assert_eq!((&settled["settle_status"], &settled["rake"]), (&json!("SUCCESS"), &json!(8)), "{settled}");
    has(
        &settled,
        &["settle_no", "settle_amount", "settle_detail", "settled_at", "commission", "msg", "cp_extra"],
    );
}

#[test]
fn a_share_is_taken_back_after_a_yes() {
    let world = World::start();
    world.settled_order("O1", "S1");
    let back = ["return", "--number", "T1", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.30"];
    let unasked = world.platform(&[&back[..], &["--json"]].concat());
    assert_eq!((unasked.status.code(), code(&unasked).as_str()), (Some(2), "not_confirmed"));
    assert!(
        err(&unasked).contains("¥0.30") && err(&unasked).contains("douyin-pay return create"),
        "{}",
        err(&unasked)
    );
    let made = world.learnt(&[&back[..], &["--yes"]].concat());
    let fields = ["app_id", "settle_no", "out_settle_no", "out_return_no", "return_no", "return_status"];
    has(&made, &fields);
    assert_eq!((&made["merchant_uid"], &made["return_amount"]), (&json!(RECEIVER), &json!(30)), "{made}");
    world.until("the return ends", || {
        world.learnt(&["return-query", "--number", "T1"])["return_status"] == "SUCCESS"
    });
    let no = made["return_no"].as_str().expect("a number");
    let asked = world.learnt(&["return-query", "--return-no", no]);
    assert_eq!(asked["out_return_no"], "T1", "{asked}");
    has(&asked, &["finish_time", "fail_reason", "cp_extra", "thirdparty_id"]);
    let much = [
        "return",
        "--number",
        "T2",
        "--settlement",
        "S1",
        "--merchant",
        RECEIVER,
        "--amount",
        "0.31",
        "--yes",
    ];
    let refused = world.platform(&[&much[..], &["--json"]].concat());
    assert_eq!((refused.status.code(), code(&refused).as_str()), (Some(1), "refused"), "{}", err(&refused));
    let unknown = world.platform(&["return-query", "--number", "NOPE", "--json"]);
    assert_eq!((unknown.status.code(), code(&unknown).as_str()), (Some(1), "not_found"), "{}", err(&unknown));
}

#[test]
fn what_failed_is_no() {
    let world = World::start();
    world.settled_order("O1", "S1");
    let fates = json!({ "next_operations": [{ "fault": "return_fails" }, { "fault": "withdraw_fails" }] });
    world.control("PUT", "/mock/faults", &fates);
    let back = ["return", "--number", "T1", "--settlement", "S1", "--merchant", RECEIVER, "--amount", "0.30"];
    world.platform(&[&back[..], &["--yes"]].concat());
    let withdraw = ["withdraw", "--number", "W1", "--amount", "1.00", "--yes"];
    world.platform(&[&withdraw[..], &SELLER].concat());
    for _ in 0..8 {
        world.advance(12 * 3600);
    }
    for (query, status) in [
        (&["return-query", "--number", "T1", "--json"][..], "return_status"),
        (&[&["withdrawal", "--number", "W1", "--json"][..], &SELLER].concat(), "status"),
    ] {
        let output = world.platform(query);
        assert_eq!(
            (output.status.code(), code(&output).as_str()),
            (Some(1), "failed"),
            "{query:?} {}",
            err(&output)
        );
        let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(told[status], "FAIL", "{told}");
    }
}

#[test]
fn a_withdrawal_is_confirmed_followed_and_its_balance_told() {
    let world = World::start();
    world.settled_order("O1", "S1");
    let balance = world.learnt(&[&["balance"][..], &SELLER].concat());
    assert_eq!(balance["withdrawable_balance"], 1280 - 8 - 60, "{balance}");
    has(&balance, &["online_balance", "freeze_balance", "settle_type", "settle_account", "bank_name"]);
    has(&balance, &["bankcard_no", "merchant_entity"]);
    let withdraw = ["withdraw", "--number", "W1", "--amount", "1.00", "--cp-extra", "mine"];
    let withdraw = [&withdraw[..], &SELLER].concat();
    let unasked = world.platform(&[&withdraw[..], &["--json"]].concat());
    assert_eq!((unasked.status.code(), code(&unasked).as_str()), (Some(2), "not_confirmed"));
    assert!(err(&unasked).contains("¥1.00"), "{}", err(&unasked));
    let taken = world.learnt(&[&withdraw[..], &["--yes"]].concat());
    assert_eq!((&taken["out_order_id"], &taken["withdraw_amount"]), (&json!("W1"), &json!(100)), "{taken}");
    assert!(taken["order_id"].is_string(), "{taken}");
    let asked = || world.learnt(&[&["withdrawal", "--number", "W1"][..], &SELLER].concat());
    assert_eq!(asked()["status"], "PROCESSING");
    let again = out(&world.platform(&[&withdraw[..], &["--yes"]].concat()));
    assert!(again.contains("the amount given then") && again.contains("platform withdrawal"), "{again}");
    let again = world.learnt(&[&withdraw[..], &["--yes"]].concat());
    assert_eq!(again["order_id"], taken["order_id"], "one number is one withdrawal");
    // What is suggested can be pasted as it is.
    let told =
        world.command(&[&["platform"][..], &withdraw, &["--yes", "--config", &world.config()]].concat());
    let told = out(&{ told }.output().expect("the binary starts"));
    let pasted = told.split('`').nth(1).unwrap_or_else(|| panic!("a command: {told}"));
    let words: Vec<&str> = pasted.split(' ').skip(1).collect();
    let pasted = { world.command(&words) }.env_remove("DOUYIN_PAY_APP").output().expect("the binary starts");
    assert!(pasted.status.success() && out(&pasted).contains("PROCESSING"), "{words:?}: {}", err(&pasted));
    for _ in 0..8 {
        world.advance(12 * 3600);
    }
    assert_eq!(asked()["status"], "SUCCESS");
    let text = world.command(&[&["platform", "balance", "--config", &world.config()][..], &SELLER].concat());
    let text = { text }.env("LC_ALL", "zh_CN.UTF-8").output().expect("the binary starts");
    assert!(out(&text).contains("可提现") && out(&text).contains("¥11.12"), "{}{}", out(&text), err(&text));
    let much = ["withdraw", "--number", "W2", "--amount", "1000", "--yes", "--json"];
    let refused = world.platform(&[&much[..], &SELLER].concat());
    assert_eq!((refused.status.code(), code(&refused).as_str()), (Some(1), "refused"), "{}", err(&refused));
}

#[test]
fn trigger_tells_of_withdrawals_and_of_the_platforms_own_settlements() {
    let world = World::start();
    world.paid_order("O1");
    let config = world.config();
    let to = ["--config", &config, "--app", "coffee"];
    for outcome in ["success", "fail", "reexchange"] {
        let words = ["trigger", "withdraw", "--number", "W1", "--outcome", outcome];
        let told = world.told(&[&words[..], &to].concat());
        assert_eq!(told["accepted"], true, "{told}");
        let msg = told["sent"]["msg"].as_str().expect("a text");
        for field in ["status", "extra", "message", "withdraw_at", "order_id", "out_order_id", "ch_order_id"]
        {
            assert!(msg.contains(&format!("\"{field}\":")), "{field}: {msg}");
        }
        assert!(msg.contains(&outcome.to_uppercase()), "{msg}");
    }
    let words =
        ["trigger", "settle", "--automatic", "--order", "O1", "--number", "auto1", "--amount", "12.72"];
    let told = world.told(&[&words[..], &to].concat());
    assert!(told["sent"]["msg"].as_str().expect("a text").contains("\"is_auto_settle\":true"), "{told}");
    let order = world.told(&["order", "get", "O1"]);
    assert_eq!(order["settlements"][0]["state"], "succeeded", "adopted: {order}");
    for (words, option) in [
        (&["trigger", "withdraw", "--number", "W1", "--amount", "1"][..], "--amount"),
        (&["trigger", "withdraw", "--number", "W1", "--order", "O1"], "--order"),
        (&["trigger", "payment", "--order", "O1", "--automatic"], "--automatic"),
    ] {
        let ignored = world.run(&[words, &to].concat());
        assert_eq!(ignored.status.code(), Some(2), "{words:?}");
        assert!(err(&ignored).contains(option), "{}", err(&ignored));
    }
    world.settled_order("O2", "S2");
    let before = world.told(&["settlement", "get", "S2"]);
    let words = ["trigger", "settle", "--order", "O2", "--number", "S2"];
    let told = world.told(&[&words[..], &to].concat());
    assert_eq!(told["accepted"], true, "{told}");
    let msg: Value = serde_json::from_str(told["sent"]["msg"].as_str().expect("a text")).expect("JSON");
    assert!(before["rake_fen"].as_i64() > Some(0), "{before}");
    for (sent, known) in [("settle_amount", "settle_amount_fen"), ("rake", "rake_fen")] {
        assert_eq!(msg[sent], before[known], "{sent}: the books' own figures are told again");
    }
    assert_eq!(world.told(&["settlement", "get", "S2"]), before);
    let missing = world.run(&[&["trigger", "withdraw"][..], &to].concat());
    assert!(missing.status.code() == Some(2) && err(&missing).contains("--number"), "{}", err(&missing));
}
