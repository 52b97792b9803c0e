//! Bills against the books: what differs is found, asked about, shown, and resolved.

mod sellers;

use std::sync::{Arc, Mutex};

use douyin_pay_env::UnixMs;
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_protocol::ecpay::callback;
use douyin_pay_server::reconcile::{self, Ask, Batch, Progress, Rows, RunError, Source, rows_of};
use douyin_pay_server::store::{BillRun, RunState};
use serde_json::{Value, json};

use crate::platform::Script;
use crate::world::{BEGIN, Came, TOKEN, World, key};

const DAY: &str = "2026-01-05";

/// A payment bill with a line for each number and amount.
fn payments(rows: &[(&str, i64)]) -> String {
    let mut bill = "\u{feff}序号,支付时间,商户号,订单号,平台订单号,订单金额,支付方式,支付状态\r\n".to_owned();
    for (at, (no, fen)) in rows.iter().enumerate() {
        bill.push_str(&format!(
            "{at},2026-01-05 09:00:00,`70775300146143419322,`{no},`N{no},{fen},2,支付成功\r\n"
        ));
    }
    bill
}

fn refunds(rows: &[(&str, &str, i64)]) -> String {
    let mut bill = "序号,退款时间,订单号,订单金额,退款单号,平台退款单号,退款状态,退款金额\n".to_owned();
    for (at, (order, no, fen)) in rows.iter().enumerate() {
        bill.push_str(&format!("{at},2026-01-05 10:00:00,{order},1280,{no},N900,退款成功,{fen}\n"));
    }
    bill
}

/// One day later: the day is over.
async fn next_day(world: &World) {
    world.jump(86_400).await;
}

async fn start(world: &World, kind: &str, bill: String) -> Came {
    let path = format!("/v1/apps/coffee/bill_runs/file?date={DAY}&kind={kind}");
    world.send(world.request("POST", &path, Some(&key("operator")), bill)).await
}

/// Runs a bill to its end.
async fn run(world: &World, kind: &str, bill: String) -> Value {
    let began = start(world, kind, bill).await.expect(202);
    ended(world, &began).await
}

async fn ended(world: &World, began: &Value) -> Value {
    let path = format!("/v1/apps/coffee/bill_runs/{}", began["id"]);
    for _ in 0..200 {
        let now = world.get(&path).await.expect(200);
        if !matches!(now["state"].as_str(), Some("matching" | "asking")) {
            return now;
        }
        world.flow(1).await;
    }
    panic!("the run never ends");
}

/// Type and number of what differs on the day of a run.
async fn differences(world: &World, run: &Value, state: &str) -> Vec<(String, String)> {
    let path = format!("/v1/apps/coffee/bill_runs/{}/differences?state={state}", run["id"]);
    let page = world.get(&path).await.expect(200);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let rows = page["differences"].as_array().expect("a list");
    rows.iter().map(|one| (text(&one["type"]), text(&one["number"]))).collect()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(differs, number)| ((*differs).to_owned(), (*number).to_owned())).collect()
}

async fn open_exceptions(world: &World) -> usize {
    let page = world.get("/v1/exceptions").await.expect(200);
    let rows = page["exceptions"].as_array().expect("a list");
    rows.iter().filter(|row| row["kind"] == "bill_differs").count()
}

#[tokio::test]
async fn each_kind_of_difference_is_found_once_and_resolved_by_itself() {
    let world = World::new();
    for no in ["O1", "O2", "O3"] {
        world.paid(no).await;
    }
    world.open("O4").await;
    next_day(&world).await;
    let bill = payments(&[("O1", 1280), ("O2", 1000), ("O4", 1280), ("X9", 700)]);
    let done = run(&world, "payment", bill.clone()).await;
    assert_eq!(done["state"], "done", "{done}");
    assert_eq!(
        (&done["rows"], &done["bills"][0]["matched"], &done["differences"]),
        (&json!(4), &json!(3), &json!(4))
    );
    assert_eq!(done["bills"][0]["amount_fen"], 1280 + 1000 + 1280 + 700);
    // All but X9 are asked about; the platform has not heard of a payment of O4 either.
    assert_eq!((&done["queries"], &done["queries_done"]), (&json!(3), &json!(3)));
    let all = pairs(&[("amount", "O2"), ("state", "O4"), ("theirs_only", "X9"), ("ours_only", "O3")]);
    assert_eq!(differences(&world, &done, "open").await, all);
    assert_eq!(open_exceptions(&world).await, 4);
    // The same again is the same, and O4 is paid in truth: asking brings it.
    world.others.pay("O4");
    let again = run(&world, "payment", bill).await;
    assert_eq!(again["queries_done"], 3);
    assert_eq!(open_exceptions(&world).await, 3);
    assert_eq!(world.order("O4").await["state"], "paid");
    assert_eq!(differences(&world, &again, "all").await, all);
    // The platform corrects its bill.
    let bill = payments(&[("O1", 1280), ("O2", 1280), ("O3", 1280), ("O4", 1280)]);
    let last = run(&world, "payment", bill).await;
    assert_eq!((&last["differences"], &last["queries"]), (&json!(0), &json!(0)));
    assert!(differences(&world, &last, "open").await.is_empty());
    assert_eq!(open_exceptions(&world).await, 0);
    let runs = world.get("/v1/apps/coffee/bill_runs?limit=2").await.expect(200);
    assert_eq!((&runs["bill_runs"][0]["id"], &runs["next"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_refund_that_only_the_platform_knows_is_adopted() {
    let world = World::new();
    world.paid("O1").await;
    next_day(&world).await;
    let info = json!({ "err_no": 0, "err_tips": "", "refundInfo": {
        "refund_no": "N900", "refund_amount": 300, "refund_status": "SUCCESS", "refunded_at": BEGIN.seconds() + 3600,
        "is_all_settled": false, "cp_extra": "", "msg": "",
    } });
    world.others.next("query_refund", Script::Reply(info));
    let done = run(&world, "refund", refunds(&[("O1", "R9", 300), ("X1", "R8", 100)])).await;
    assert_eq!((&done["state"], &done["queries_done"]), (&json!("done"), &json!(1)), "{done}");
    assert_eq!(differences(&world, &done, "open").await, pairs(&[("theirs_only", "R8")]));
    let refund = world.get("/v1/apps/coffee/refunds/R9").await.expect(200);
    assert_eq!(
        (&refund["state"], &refund["origin"], &refund["amount_fen"]),
        (&json!("succeeded"), &json!("platform"), &json!(300))
    );
    // Nobody knows X1: the exception says what to do.
    let page = world.get("/v1/exceptions").await.expect(200);
    let detail = page["exceptions"][0]["detail"].as_str().expect("a sentence");
    assert!(detail.contains("`R8`") && detail.contains("orders/import"), "{detail}");
}

#[tokio::test]
async fn queries_are_limited_and_gone_on_with() {
    let world = World::new();
    let numbers: Vec<String> = (0..5).map(|n| format!("O{n}")).collect();
    for no in &numbers {
        world.open(no).await;
        world.others.pay(no);
    }
    next_day(&world).await;
    let rows: Vec<(&str, i64)> = numbers.iter().map(|no| (no.as_str(), 1280)).collect();
    let mut ask = Ask::new("coffee", DAY.parse().expect("a day"), vec![BillKind::Payment]);
    ask.queries_max = 2;
    let first = engine(&world, &ask, payments(&rows)).await;
    assert_eq!((first.state, first.differences, first.to_ask, first.asked), (RunState::Done, 5, 2, 2));
    assert_eq!(world.others.calls("query_order").len(), 2);
    let path = format!("/v1/apps/coffee/bill_runs/{}/resume", first.id);
    for wrong in ["queries_max=1001", "queries_max=-1", "queries=1"] {
        world.post(&format!("{path}?{wrong}"), &json!({})).await.problem(400, "bad_request");
    }
    let resumed = world.post(&format!("{path}?queries_max=1"), &json!({})).await.expect(202);
    let resumed = ended(&world, &resumed).await;
    assert_eq!((&resumed["queries"], &resumed["queries_done"]), (&json!(3), &json!(3)));
    let resumed = world.post(&path, &json!({})).await.expect(202);
    let resumed = ended(&world, &resumed).await;
    assert_eq!(
        (&resumed["state"], &resumed["queries"], &resumed["queries_done"]),
        (&json!("done"), &json!(5), &json!(5))
    );
    assert!(differences(&world, &resumed, "open").await.is_empty());
    world.post("/v1/apps/coffee/bill_runs/99/resume", &json!({})).await.problem(404, "unknown_run");
}

#[tokio::test]
async fn an_uploaded_bill_is_asked_about_and_read_as_wished() {
    let world = World::new();
    for no in ["O1", "O2"] {
        world.open(no).await;
    }
    next_day(&world).await;
    let upload = async |parameter: &str, bill: String| {
        let path = format!("/v1/apps/coffee/bill_runs/file?date={DAY}&kind=payment&{parameter}");
        world.send(world.request("POST", &path, Some(&key("operator")), bill)).await
    };
    // Whole amounts, and they are yuan.
    let bill = payments(&[("O1", 12), ("O2", 7)]);
    let began = upload("queries_max=1&unit=yuan", bill.clone()).await.expect(202);
    let done = ended(&world, &began).await;
    assert_eq!(
        (&done["state"], &done["queries"], &done["queries_done"]),
        (&json!("done"), &json!(1), &json!(1))
    );
    assert_eq!(done["bills"][0]["amount_fen"], 1900);
    let began = upload("queries_max=0&unit=fen", bill.clone()).await.expect(202);
    let done = ended(&world, &began).await;
    assert_eq!((&done["queries"], &done["bills"][0]["amount_fen"]), (&json!(0), &json!(19)));
    for wrong in ["queries_max=1001", "queries_max=some", "unit=dollar"] {
        upload(wrong, bill.clone()).await.problem(400, "bad_request");
    }
}

#[tokio::test]
async fn the_bills_of_several_merchants_are_one() {
    let world = World::new();
    world.paid("O1").await;
    world.paid("O2").await;
    next_day(&world).await;
    let files = [("O1", 1280), ("O2", 1280)].map(|row| {
        let kind = BillKind::Payment;
        (kind, boxed(kind, payments(&[row])))
    });
    let ask = Ask::new("coffee", DAY.parse().expect("a day"), vec![BillKind::Payment]);
    let progress = Progress::default();
    let source = Source::Files(files.into());
    let run = world.drive(reconcile::run(&world.server, &ask, source, &progress)).await.expect("it begins");
    assert_eq!((run.state, run.differences, run.figures.len()), (RunState::Done, 0, 1));
    assert_eq!((run.figures[0].rows, run.figures[0].matched), (2, 2));
}

#[tokio::test]
async fn a_run_makes_a_thousand_queries_at_most() {
    let world = World::new();
    let count = usize::try_from(reconcile::QUERIES_MAX).expect("a thousand") + 3;
    let orders: Vec<Value> = (0..count)
        .map(|n| json!({ "out_order_no": format!("O{n}"), "amount_fen": 1280, "created_at": "2026-01-05T08:00:00+08:00" }))
        .collect();
    for some in orders.chunks(100) {
        world.post("/v1/apps/coffee/orders/import", &json!({ "orders": some })).await.expect(200);
    }
    next_day(&world).await;
    let numbers: Vec<String> = (0..count).map(|n| format!("O{n}")).collect();
    let rows: Vec<(&str, i64)> = numbers.iter().map(|no| (no.as_str(), 1280)).collect();
    let ask = Ask {
        queries_max: u32::MAX,
        ..Ask::new("coffee", DAY.parse().expect("a day"), vec![BillKind::Payment])
    };
    let done = engine(&world, &ask, payments(&rows)).await;
    assert_eq!((done.state, done.differences, done.asked), (RunState::Done, 1003, 1000));
    assert_eq!(world.others.calls("query_order").len(), 1000);
}

/// Runs a bill without HTTP.
async fn engine(world: &World, ask: &Ask, bill: String) -> BillRun {
    let files = ask.kinds.iter().map(|kind| (*kind, boxed(*kind, bill.clone()))).collect();
    let progress = Progress::default();
    let run = world.drive(reconcile::run(&world.server, ask, Source::Files(files), &progress)).await;
    let run = run.expect("it begins");
    assert_eq!(progress.look().expect("it was seen").run, run);
    run
}

fn boxed(kind: BillKind, bill: String) -> Box<dyn Rows> {
    Box::new(rows_of(kind, std::io::Cursor::new(bill), None))
}

/// A bill whose second batch never comes.
struct Stuck(Option<Box<dyn Rows>>, Arc<Mutex<bool>>);

impl Rows for Stuck {
    fn next_rows(&mut self, limit: usize) -> Batch<'_> {
        match self.0.take() {
            Some(mut rows) => Box::pin(async move { rows.next_rows(limit).await }),
            None => {
                *self.1.lock().expect("no panic while locked") = true;
                Box::pin(std::future::pending())
            }
        }
    }
}

#[tokio::test]
async fn a_killed_run_is_begun_again_and_two_at_once_are_not() {
    let world = World::new();
    world.paid("O1").await;
    next_day(&world).await;
    let ask = Ask::new("coffee", DAY.parse().expect("a day"), vec![BillKind::Payment]);
    let (progress, stuck) = (Progress::default(), Arc::new(Mutex::new(false)));
    let bill = payments(&[("O1", 1000)]);
    let rows = Box::new(Stuck(Some(boxed(BillKind::Payment, bill.clone())), Arc::clone(&stuck)));
    let source = Source::Files(vec![(BillKind::Payment, rows)]);
    let mut work = Box::pin(reconcile::run(&world.server, &ask, source, &progress));
    while !*stuck.lock().expect("no panic while locked") {
        assert!(futures_util::poll!(work.as_mut()).is_pending());
        world.settle().await;
    }
    start(&world, "payment", bill.clone()).await.problem(409, "run_under_way");
    let path = "/v1/apps/coffee/bill_runs/1";
    assert_eq!(world.get(path).await.expect(200)["state"], "matching");
    drop(work);
    let left = world.get(path).await.expect(200);
    assert_eq!(left["state"], "stopped");
    world.post(&format!("{path}/resume"), &json!({})).await.problem(409, "not_matched");
    let done = run(&world, "payment", bill).await;
    assert_eq!((&done["id"], &done["state"]), (&json!(2), &json!("done")));
    assert_eq!(differences(&world, &done, "open").await, pairs(&[("amount", "O1")]));
}

#[tokio::test]
async fn a_stop_ends_a_run_and_a_silent_platform_too() {
    let world = World::new();
    for n in 0..20 {
        world.open(&format!("O{n}")).await;
    }
    next_day(&world).await;
    let numbers: Vec<String> = (0..20).map(|n| format!("O{n}")).collect();
    let rows: Vec<(&str, i64)> = numbers.iter().map(|no| (no.as_str(), 1280)).collect();
    for _ in 0..100 {
        world.others.next("query_order", Script::Status(502));
    }
    let ask = Ask::new("coffee", DAY.parse().expect("a day"), vec![BillKind::Payment]);
    let silent = engine(&world, &ask, payments(&rows)).await;
    assert_eq!((silent.state, silent.asked), (RunState::Failed, 16));
    assert!(silent.problem.expect("a sentence").contains("resume"));
    world.server.stop();
    let stopped = engine(&world, &ask, payments(&rows)).await;
    assert_eq!(stopped.state, RunState::Stopped);
}

/// A payment at a moment of the platform's clock.
async fn paid_at(world: &World, no: &str, at: UnixMs) {
    paid_to(world, no, "70775300146143419322", Some(at)).await;
}

/// A payment to a seller; the platform may not tell when.
async fn paid_to(world: &World, no: &str, seller: &str, at: Option<UnixMs>) {
    world.open(no).await;
    told_paid(world, no, seller, at).await;
}

/// The platform's word that an order is paid.
async fn told_paid(world: &World, no: &str, seller: &str, at: Option<UnixMs>) {
    let mut msg = json!({
        "appid": "tt0000000000000001", "cp_orderno": no, "total_amount": 1280, "status": "SUCCESS", "way": "2",
        "order_id": format!("N{no}"), "seller_uid": seller,
    });
    if let Some(at) = at {
        msg["paid_at"] = json!(at.seconds());
    }
    let token = Token::new(TOKEN).expect("a token");
    let body = callback::body(&token, "payment", "1767574800", "1234", &msg.to_string());
    world.callback_to("/callbacks/coffee", body).await.expect(200);
}

#[tokio::test]
async fn nobody_is_accused_at_midnight_until_both_days_were_read() {
    let world = World::new();
    let midnight = BEGIN.plus_ms(15 * 3_600_000);
    paid_at(&world, "LATE", midnight.plus_ms(-60_000)).await;
    paid_at(&world, "EARLY", midnight.plus_ms(60_000)).await;
    paid_at(&world, "LOST", midnight.plus_ms(-30_000)).await;
    world.jump(2 * 86_400).await;
    let reconcile = async |day: &str, rows: &[(&str, i64)]| {
        let ask = Ask::new("coffee", day.parse().expect("a day"), vec![BillKind::Payment]);
        engine(&world, &ask, payments(rows)).await
    };
    // The platform's clock puts EARLY into the first day's bill and LATE into the second's.
    assert_eq!(reconcile(DAY, &[("EARLY", 1280)]).await.differences, 0);
    let second = reconcile("2026-01-06", &[("LATE", 1280)]).await;
    assert_eq!(second.differences, 1);
    let page = world.get(&format!("/v1/apps/coffee/bill_runs/{}/differences", second.id)).await.expect(200);
    assert_eq!(
        (&page["differences"][0]["number"], &page["differences"][0]["type"]),
        (&json!("LOST"), &json!("ours_only"))
    );
    // It was in the first day's bill after all.
    assert_eq!(reconcile(DAY, &[("EARLY", 1280), ("LOST", 1280)]).await.differences, 0);
    assert_eq!(open_exceptions(&world).await, 0);
}

#[tokio::test]
async fn an_unreadable_row_accuses_nobody() {
    let world = World::new();
    world.paid("O1").await;
    next_day(&world).await;
    let mut bill = payments(&[("X1", 5)]);
    bill.push_str("9,2026-01-05 09:00:00,`70775300146143419322,`O1,`NO1,twelve,2,支付成功\r\n");
    let failed = run(&world, "payment", bill).await;
    assert_eq!(failed["state"], "failed");
    let problem = failed["problem"].as_str().expect("a sentence");
    assert!(problem.contains("1 rows cannot be read") && problem.contains("line 3"), "{problem}");
    assert_eq!(differences(&world, &failed, "open").await, pairs(&[("theirs_only", "X1")]));
    let refused =
        run(&world, "payment", r#"{"err_no":1,"err_tips":"end_date is before start_date"}"#.to_owned()).await;
    assert_eq!(refused["state"], "failed");
    assert!(refused["problem"].as_str().expect("a sentence").contains("end_date"), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_begun_is_refused() {
    let world = World::new();
    let path = "/v1/apps/coffee/bill_runs";
    let today = json!({ "date": DAY });
    world.post(path, &today).await.problem(422, "day_not_over");
    let merchant = world.request("POST", path, Some(&key("merchant")), today.to_string());
    world.send(merchant).await.problem(403, "role_too_low");
    for body in [
        json!({ "date": "2026-1-5" }),
        json!({ "date": "2026-01-04", "kinds": [] }),
        json!({ "date": "2026-01-04", "kinds": ["payment", "payment"] }),
        json!({ "date": "2026-01-04", "kinds": ["rebate"] }),
        json!({ "date": "2026-01-04", "queries_max": 1001 }),
    ] {
        world.post(path, &body).await.problem(400, "bad_request");
    }
    for query in ["date=2026-01-04", "kind=payment", "date=2026-01-04&kind=fund", "date=x&kind=payment"] {
        let request = world.request("POST", &format!("{path}/file?{query}"), Some(&key("operator")), "");
        world.send(request).await.problem(400, "bad_request");
    }
    let unknown = Ask::new("nobody", "2026-01-04".parse().expect("a day"), vec![BillKind::Payment]);
    let refused =
        world.drive(reconcile::run(&world.server, &unknown, Source::Platform, &Progress::default())).await;
    assert!(matches!(refused, Err(RunError::NoApp(_))));
    world.get(&format!("{path}/7")).await.problem(404, "unknown_run");
    world.get("/v1/apps/coffee/months/2026-13").await.problem(400, "bad_request");
}

#[tokio::test]
async fn tables_open_in_a_spreadsheet() {
    let world = World::new();
    paid_at(&world, "O1", BEGIN).await;
    paid_at(&world, "O2", BEGIN.plus_ms(1000)).await;
    next_day(&world).await;
    let done = run(&world, "payment", payments(&[("O1", 1000), ("O2", 1280)])).await;
    let path = format!("/v1/apps/coffee/bill_runs/{}/differences.csv", done["id"]);
    let came = world.get(&path).await;
    assert_eq!(came.headers["content-type"], "text/csv; charset=utf-8");
    let table = came.expect(200);
    let lines: Vec<&str> = table.as_str().expect("a table").lines().collect();
    assert!(lines[0].starts_with('\u{feff}') && lines.len() == 2, "{lines:?}");
    assert!(
        lines[1].starts_with("2026-01-05,payment,amount,O1,O1,paid,success,12.80,1280,10.00,1000,"),
        "{}",
        lines[1]
    );
    let month = world.get("/v1/apps/coffee/months/2026-01").await.expect(200);
    let merchant = &month["merchants"][0];
    assert_eq!(merchant["merchant_uid"], "70775300146143419322");
    assert_eq!(
        (&merchant["payments"], &merchant["gross_fen"], &merchant["net_fen"]),
        (&json!(2), &json!(2560), &json!(2560))
    );
    let table = world.get("/v1/apps/coffee/months/2026-01.csv").await.expect(200);
    assert!(
        table.as_str().expect("a table").contains("2026-01,\"\t70775300146143419322\",2,25.60,2560,"),
        "{table}"
    );
    assert_eq!(world.get("/v1/apps/coffee/months/2026-02").await.expect(200)["merchants"], json!([]));
}
