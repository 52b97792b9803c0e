//! `platform bills`, `bill` and `fund-bills` of guaranteed payment.

use crate::shop::{MERCHANT, PAYMENTS, Shop, json, text, whole};

const PAYMENTS_OF: &[&str] = &["bills", "--merchant", MERCHANT, "--date", "2024-01-01", "--type", "payment"];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

#[test]
fn a_days_payments_are_counted_and_saved() {
    let shop = Shop::open(whole(PAYMENTS));
    let out = shop.path("bill.csv");
    let out = out.to_str().expect("text");
    let output = shop.run(&with(PAYMENTS_OF, &["--out", out, "--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!(
        (&told["rows"], &told["encoding"], &told["amounts_in"]),
        (&2.into(), &"UTF-8".into(), &"fen".into())
    );
    assert_eq!(told["sums"][0]["status"], "success");
    assert_eq!((&told["sums"][0]["rows"], &told["sums"][0]["amount"]), (&2.into(), &1300.into()));
    assert_eq!((&told["file"], &told["log_id"]), (&out.into(), &"log1".into()));
    assert_eq!(std::fs::read_to_string(out).expect("saved"), PAYMENTS);
    let asked = &shop.seen()[0];
    assert!(
        asked.starts_with(&format!(
            "GET /api/apps/bills?app_id=tt0000000000000001&merchant_id={MERCHANT}&bill_date=20240101&bill_type=payment&sign="
        )),
        "{asked}"
    );
}

#[test]
fn amounts_are_in_the_unit_that_is_told() {
    let told =
        json(&Shop::open(whole(PAYMENTS)).run(&with(PAYMENTS_OF, &["--unit", "yuan", "--json"])).stdout);
    assert_eq!((&told["amounts_in"], &told["sums"][0]["amount"]), (&"yuan".into(), &130_000.into()));
    // With and without a decimal point: only somebody who knows can tell.
    let mixed = Shop::open(whole(PAYMENTS.replace("1280", "12.80")));
    let refused = mixed.run(PAYMENTS_OF);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("--unit yuan"), "{}", text(&refused.stderr));
    let told = json(&mixed.run(&with(PAYMENTS_OF, &["--unit", "yuan", "--json"])).stdout);
    assert_eq!(told["sums"][0]["amount"], 3280);
}

#[test]
fn people_read_yuan_in_their_language() {
    let shop = Shop::open(whole(PAYMENTS));
    let chinese = shop.run_in("zh_CN.UTF-8", PAYMENTS_OF);
    let told = text(&chinese.stdout);
    assert!(told.contains("订单金额") && told.contains("¥13.00") && told.contains("2024-01-01"), "{told}");
    let english = text(&shop.run(PAYMENTS_OF).stdout);
    assert!(english.contains("orders") && english.contains("¥13.00"), "{english}");
}

#[test]
fn the_old_form_and_movements() {
    let shop = Shop::open(whole(PAYMENTS));
    let old = [
        "bill",
        "--seller",
        MERCHANT,
        "--from",
        "2024-01-01",
        "--to",
        "2024-01-02",
        "--type",
        "payment",
        "--json",
    ];
    assert_eq!(json(&shop.run(&old).stdout)["rows"], 2);
    let asked = shop.seen().pop().expect("asked");
    assert!(
        asked.contains("GET /api/apps/bill?") && asked.contains("&start_date=20240101&end_date=20240102&"),
        "{asked}"
    );

    let shop = Shop::open(whole("记账时间,金额,余额\n2024-01-01 08:00:00,1.00,9.00\n"));
    let fund = shop.run(&["fund-bills", "--merchant", MERCHANT, "--date", "20240101", "--json"]);
    let told = json(&fund.stdout);
    assert_eq!((&told["rows"], &told["sums"][0]["op_amount"]), (&1.into(), &100.into()), "{told}");
    assert!(shop.seen()[0].contains("&account_type=ALL&payment_type=ALL&trade_type=ALL&sign="));
}

#[test]
fn a_day_without_rows_is_no_failure() {
    let output = Shop::open(whole("")).run(&with(PAYMENTS_OF, &["--json"]));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(json(&output.stdout)["rows"], 0);
}

#[test]
fn refusals_and_what_is_no_bill() {
    for (answer, exit, code) in [
        (r#"{"err_no":2008,"err_tips":"签名校验异常"}"#, 1, "config"),
        ("invalid sign", 1, "config"),
        (r#"{"error_no":1,"error_msg":"end_date is before start_date"}"#, 1, "refused"),
        ("<html>", 3, "no_answer"),
        ("订单号,订单金额,支付状态\nA1,1.00,支付成功\nA2,2,支付成功\n", 1, "unreadable"),
        ("订单号,订单金额,支付状态\nA1,x,支付成功\nA2,2,支付成功\n", 1, "unreadable_rows"),
    ] {
        let output = Shop::open(whole(answer)).run(&with(PAYMENTS_OF, &["--json"]));
        let error = &json(&output.stderr)["error"];
        assert_eq!((output.status.code(), &error["code"]), (Some(exit), &code.into()), "{answer}: {error}");
    }
}

#[test]
fn what_is_wrong_with_a_bill_is_told_in_chinese_too() {
    for (bill, expected) in [
        ("hello", "这不是对账单"),
        (&*" ".repeat(300 << 10), "前 256 KiB"),
        ("序号,退款状态,订单号,退款单号,退款金额\n", "不是 `payment`"),
        ("订单号,订单金额,支付状态\nO1,twelve,支付成功\n", "第 2 行 `订单金额`"),
        ("订单号,订单金额,支付状态\nO1,12,支付成功\nO2,1.20,支付成功\n", "第 3 行 `订单金额`"),
    ] {
        let output = Shop::open(whole(bill)).run_in("zh_CN.UTF-8", PAYMENTS_OF);
        let told = text(&output.stderr);
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_bill_that_breaks_off_leaves_no_file() {
    let mut answer = whole(PAYMENTS);
    answer.truncate(answer.len() - 20);
    let shop = Shop::open(answer);
    let out = shop.path("bill.csv");
    let output = shop.run(&with(PAYMENTS_OF, &["--out", out.to_str().expect("text"), "--json"]));
    let error = &json(&output.stderr)["error"];
    assert_eq!((output.status.code(), &error["code"]), (Some(3), &"incomplete".into()), "{error}");
    assert!(output.stdout.is_empty() && !out.exists() && !shop.path("bill.csv.part").exists());
}

#[test]
fn what_cannot_be_asked_is_usage() {
    let shop = Shop::open(whole(PAYMENTS));
    for words in [
        &["bills", "--merchant", MERCHANT, "--date", "2024-02-30", "--type", "payment"][..],
        &["bills", "--merchant", MERCHANT, "--date", "2024-01", "--type", "payment"],
        &["bills", "--merchant", MERCHANT, "--date", "2024-01-01", "--type", "payments"],
        &["bill", "--seller", MERCHANT, "--from", "2024-01-02", "--to", "2024-01-01", "--type", "payment"],
        &["fund-bills", "--merchant", MERCHANT, "--date", "2024-01-01", "--trade-type", "a&b"],
    ] {
        let output = shop.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", text(&output.stderr));
    }
    assert!(shop.seen().is_empty());
}
