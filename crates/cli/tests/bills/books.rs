//! `reconcile bill` and `month` over books that nobody else has open.

use serde_json::json;

use crate::shop::{MERCHANT, PAYMENTS, Shop, json, text, whole};

const DAY: &[&str] = &["bill", "--date", "2024-01-01", "--kind", "payment"];

fn with<'a>(words: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [words, more].concat()
}

#[test]
fn what_only_the_bill_has_is_told_and_saved() {
    let shop = Shop::open(whole(PAYMENTS));
    let table = shop.path("differences.csv");
    let table = table.to_str().expect("text");
    let output = shop.reconcile(&with(DAY, &["--merchant", MERCHANT, "--csv", table, "--json"]));
    assert_eq!(output.status.code(), Some(1), "{}{}", text(&output.stdout), text(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!((&told["state"], &told["rows"], &told["differences"]), (&json!("done"), &json!(2), &json!(2)));
    let open = told["open"].as_array().expect("a list");
    assert!(open.iter().all(|one| one["type"] == "theirs_only" && one["kind"] == "payment"), "{told}");
    assert_eq!(json(&output.stderr)["error"]["code"], "differences");
    let saved = std::fs::read_to_string(table).expect("saved");
    assert!(saved.contains("O1") && saved.contains("12.80") && saved.lines().count() == 3, "{saved}");

    let again = shop.reconcile(&with(DAY, &["--merchant", MERCHANT]));
    assert_eq!(again.status.code(), Some(1));
    let told = text(&again.stdout);
    assert!(told.contains("O1  only in the bill") && told.contains("¥12.80"), "{told}");
}

#[test]
fn a_downloaded_bill_needs_no_platform() {
    let shop = Shop::open(Vec::new());
    let bill = shop.path("bill.csv");
    std::fs::write(&bill, PAYMENTS).expect("written");
    let file = format!("payment={}", bill.display());
    let output = shop.reconcile(&["bill", "--date", "2024-01-01", "--file", &file, "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!((&told["source"], &told["differences"]), (&json!("file"), &json!(2)));

    std::fs::write(&bill, PAYMENTS.lines().next().expect("a header")).expect("written");
    let output = shop.reconcile(&["bill", "--date", "2024-01-02", "--file", &file]);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("nothing differs"));
    assert!(shop.seen().is_empty());
}

#[test]
fn the_bills_of_several_sellers_are_one() {
    let shop = Shop::open(Vec::new());
    let mut words: Vec<String> = ["bill", "--date", "2024-01-01", "--json"].map(str::to_owned).into();
    for name in ["a.csv", "b.csv"] {
        std::fs::write(shop.path(name), PAYMENTS.replace(",O", &format!(",{name}O"))).expect("written");
        words.extend(["--file".to_owned(), format!("payment={}", shop.path(name).display())]);
    }
    let output = shop.reconcile(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let told = json(&output.stdout);
    assert_eq!(
        (&told["kinds"], &told["rows"], &told["differences"]),
        (&json!(["payment"]), &json!(4), &json!(4))
    );
}

#[test]
fn whole_amounts_are_what_they_are_said_to_be() {
    let shop = Shop::open(whole(PAYMENTS));
    let bill = shop.path("bill.csv");
    std::fs::write(&bill, PAYMENTS).expect("written");
    let file = format!("payment={}", bill.display());
    for from in [["--merchant", MERCHANT], ["--file", &file]] {
        for (unit, amount) in [("yuan", 130_000), ("fen", 1300)] {
            let told = json(&shop.reconcile(&[DAY, &from, &["--unit", unit, "--json"]].concat()).stdout);
            assert_eq!(told["bills"][0]["amount_fen"], amount, "{from:?} {unit}: {told}");
        }
    }
}

#[test]
fn a_bill_that_cannot_be_had_or_read_is_not_agreement() {
    let mut broken = whole(PAYMENTS);
    broken.truncate(broken.len() - 20);
    for answer in [broken, whole("invalid sign"), whole("序号,退款状态,订单号\n")] {
        let output = Shop::open(answer).reconcile(&with(DAY, &["--merchant", MERCHANT, "--json"]));
        assert_eq!(output.status.code(), Some(3), "{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(json(&output.stdout)["state"], "failed");
        assert_eq!(json(&output.stderr)["error"]["code"], "not_finished");
    }
}

#[test]
fn a_wrong_file_is_input_and_says_nothing_of_differences() {
    let shop = Shop::open(Vec::new());
    let bill = shop.path("bill.csv");
    let file = format!("payment={}", bill.display());
    for wrong in ["\u{1}\u{2}\u{3}", "序号,退款状态,订单号\n", r#"{"err_no":2008,"err_tips":"验签失败"}"#]
    {
        std::fs::write(&bill, wrong).expect("written");
        let output = shop.reconcile(&["bill", "--date", "2024-01-02", "--file", &file]);
        let (told, why) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{told}{why}");
        assert!(!told.contains("differs") && !told.contains("found"), "{told}");
        assert!(!why.contains("the platform answered"), "{why}");
    }
}

#[test]
fn what_cannot_be_reconciled_is_usage() {
    let shop = Shop::open(Vec::new());
    let bill = shop.path("bill.csv");
    std::fs::write(&bill, PAYMENTS).expect("written");
    let file = format!("payment={}", bill.display());
    for words in [
        &["bill", "--date", "2024-13-01"][..],
        &["bill", "--date", "2999-01-01", "--merchant", MERCHANT],
        &["bill", "--date", "2024-01-01", "--kind", "rebate"],
        &["bill", "--date", "2024-01-01", "--kind", "payment,payment"],
        &["bill", "--date", "2024-01-01", "--queries", "1001"],
        &["bill", "--date", "2024-01-01", "--file", "bill.csv"],
        &["bill", "--date", "2024-01-01", "--file", "payment=/no/such/file"],
        &["bill", "--date", "2024-01-01", "--merchant", MERCHANT, "--csv", "/no/such/folder/x.csv"],
        &["bill"],
        &["bill", "--date", "2024-01-01", "--unit", "dollar"],
        &["bill", "--resume", "1", "--unit", "yuan"],
        &["bill", "--date", "2024-01-01", "--file", &file, "--kind", "payment,refund"],
        &["bill", "--date", "2024-01-01", "--file", &file, "--kind", "refund"],
        &["month", "--month", "2024-1"],
    ] {
        let output = shop.reconcile(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", text(&output.stderr));
    }
    let unknown = shop.reconcile(&["bill", "--resume", "7", "--json"]);
    assert_eq!(
        (unknown.status.code(), &json(&unknown.stderr)["error"]["code"]),
        (Some(1), &json!("unknown_run"))
    );
}

#[test]
fn a_month_without_payments() {
    let shop = Shop::open(Vec::new());
    let table = shop.path("month.csv");
    let month = ["month", "--month", "2024-01", "--csv", table.to_str().expect("text"), "--json"];
    let none = shop.reconcile(&month);
    assert_eq!((none.status.code(), &json(&none.stderr)["error"]["code"]), (Some(2), &json!("no_books")));
    assert!(!shop.path("books.db").exists() && !table.exists(), "nothing was made");

    let bill = shop.path("bill.csv");
    std::fs::write(&bill, PAYMENTS.lines().next().expect("a header")).expect("written");
    shop.reconcile(&["bill", "--date", "2024-01-02", "--file", &format!("payment={}", bill.display())]);
    let output = shop.reconcile(&month);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(json(&output.stdout), json!({ "month": "2024-01", "merchants": [] }));
    assert!(std::fs::read_to_string(&table).expect("saved").starts_with('\u{feff}'));
}
