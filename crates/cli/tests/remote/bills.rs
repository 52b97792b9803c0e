//! `reconcile`: the pretended platform's bills against the books of a running service.

use serde_json::{Value, json};

use crate::world::{World, code, err, out};

/// A day and the hours until its bill is there.
const UNTIL_THE_BILL_S: u64 = 36 * 3_600;

/// The platform's day.
fn today(world: &World) -> String {
    let order = world.told(&["order", "get", "B1"]);
    order["paid_at"].as_str().expect("a time")[..10].to_owned()
}

#[test]
fn a_day_that_agrees_and_one_that_does_not() {
    let mut world = World::start();
    world.paid_order("B1");
    let day = today(&world);
    let early = world.run(&["reconcile", "bill", "--date", &day, "--json"]);
    assert_eq!((early.status.code(), code(&early).as_str()), (Some(2), "day_not_over"), "{}", err(&early));
    world.advance(UNTIL_THE_BILL_S);

    let config = world.config();
    // The books are the service's, so the command asks it.
    let words = ["reconcile", "bill", "--date", &day, "--config", &config];
    let mut agreed = early;
    world.until("the service has followed the platform's clock", || {
        agreed = world.run(&[&words[..], &["--json"]].concat());
        agreed.status.code() != Some(2)
    });
    assert_eq!(agreed.status.code(), Some(0), "{}{}", out(&agreed), err(&agreed));
    let run: Value = serde_json::from_slice(&agreed.stdout).expect("JSON");
    assert_eq!(
        (&run["state"], &run["source"], &run["open"]),
        (&json!("done"), &json!("platform"), &json!([]))
    );
    let payments = &run["bills"][0];
    assert_eq!((&payments["kind"], &payments["matched"]), (&json!("payment"), &json!(1)), "{run}");

    // A bill with a row that nobody here knows.
    let bill = world.file("bill.csv");
    let text = format!(
        "支付时间,商户号,订单号,平台订单号,订单金额,支付状态\n{day} 08:00:00,70775300146143419322,XX1,N9,500,支付成功\n"
    );
    std::fs::write(&bill, text).expect("written");
    let (file, table) = (format!("payment={}", bill.display()), world.file("differences.csv"));
    let table = table.to_str().expect("UTF-8");
    let differs = world.run(&["reconcile", "bill", "--date", &day, "--file", &file, "--csv", table]);
    assert_eq!(differs.status.code(), Some(1), "{}{}", out(&differs), err(&differs));
    let told = out(&differs);
    assert!(told.contains("XX1  only in the bill") && told.contains("B1  only in the books"), "{told}");
    let saved = std::fs::read_to_string(table).expect("saved");
    assert!(saved.contains("XX1") && saved.contains("5.00"), "{saved}");
    assert!(err(&differs).contains("exception"), "{}", err(&differs));

    // Nothing is dropped on the way to the service.
    let asked =
        ["reconcile", "bill", "--date", &day, "--file", &file, "--queries", "0", "--unit", "yuan", "--json"];
    let there = world.run(&asked);
    let there: Value = serde_json::from_slice(&there.stdout).expect("JSON");
    assert_eq!((&there["queries"], &there["bills"][0]["amount_fen"]), (&json!(0), &json!(50_000)), "{there}");
    let refused =
        world.run(&["reconcile", "bill", "--date", &day, "--file", &file, "--kind", "payment,refund"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("--kind refund"), "{}", err(&refused));
    let resumed =
        world.run(&["reconcile", "bill", "--resume", &there["id"].to_string(), "--queries", "1", "--json"]);
    let resumed: Value = serde_json::from_slice(&resumed.stdout).expect("JSON");
    assert_eq!(resumed["queries_done"], 1, "{resumed}");

    let month = world.told(&["reconcile", "month", "--month", &day[..7]]);
    assert_eq!(month["merchants"][0]["gross_fen"], 1280, "{month}");
    let table = world.file("month.csv");
    let words = ["reconcile", "month", "--month", &day[..7], "--csv", table.to_str().expect("UTF-8")];
    let month = world.run(&words);
    assert!(month.status.success() && out(&month).contains("¥12.80"), "{}{}", out(&month), err(&month));
    assert!(std::fs::read_to_string(table).expect("saved").contains("12.80"));

    // The same without the service: the day is over by the followed clock only, and programs see the same.
    world.kill_service();
    let tomorrow = "2999-01-01";
    let early =
        world.run(&["reconcile", "bill", "--date", tomorrow, "--file", &file, "--config", &config, "--json"]);
    assert_eq!((early.status.code(), code(&early).as_str()), (Some(2), "day_not_over"), "{}", err(&early));
    let here = world.run(&[&asked[..], &["--config", &config]].concat());
    let here: Value = serde_json::from_slice(&here.stdout).expect("JSON");
    assert_eq!(here["state"], "done", "{here}");
    assert_eq!(names(&here), names(&there));
    assert_eq!(here["bills"], there["bills"]);
}

/// Every member, with those inside of it.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| {
                std::iter::once(name.clone())
                    .chain(names(value).into_iter().map(move |inner| format!("{name}.{inner}")))
            })
            .collect(),
        Value::Array(items) => items.first().map(names).unwrap_or_default(),
        _ => Vec::new(),
    }
}
