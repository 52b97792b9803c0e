//! Bills of one seller among several, of quiet days, of odd payments and settlements.

use douyin_pay_protocol::MerchantUid;
use douyin_pay_protocol::ecpay::bill::BillKind;
use douyin_pay_server::reconcile::{self, Ask, Progress, Source};
use douyin_pay_server::store::{BillRun, RunState};
use serde_json::json;

use super::{DAY, differences, engine, next_day, paid_to, pairs, run, told_paid};
use crate::platform::Script;
use crate::world::{BEGIN, World};

/// A bill of one seller.
fn bill_of(seller: &str, rows: &[(&str, i64)]) -> String {
    let mut bill = "支付时间,商户号,订单号,订单金额,支付状态\n".to_owned();
    for (no, fen) in rows {
        bill.push_str(&format!("2026-01-05 09:00:00,{seller},{no},{fen},支付成功\n"));
    }
    bill
}

fn ask(kind: BillKind) -> Ask {
    Ask { queries_max: 0, ..Ask::new("coffee", DAY.parse().expect("a day"), vec![kind]) }
}

fn of_payments(merchants: &[&str]) -> Ask {
    let uid = |uid: &&str| MerchantUid::new(*uid).expect("a uid");
    Ask { merchants: merchants.iter().map(uid).collect(), ..ask(BillKind::Payment) }
}

async fn open_of(world: &World, run: &BillRun) -> Vec<(String, String)> {
    differences(world, &json!({ "id": run.id }), "open").await
}

#[tokio::test]
async fn a_bill_of_one_seller_accuses_no_other() {
    let world = World::new();
    for (no, seller) in [("A1", "uidA"), ("A2", "uidA"), ("B1", "uidB"), ("B2", "uidB")] {
        paid_to(&world, no, seller, Some(BEGIN)).await;
    }
    next_day(&world).await;
    let of_b = engine(&world, &ask(BillKind::Payment), bill_of("uidB", &[("B1", 1000)])).await;
    let found_of_b = [("amount", "B1"), ("ours_only", "B2")];
    assert_eq!(open_of(&world, &of_b).await, pairs(&found_of_b));
    let of_a = engine(&world, &ask(BillKind::Payment), bill_of("uidA", &[("A1", 1280)])).await;
    assert_eq!((of_a.state, of_a.differences), (RunState::Done, 1));
    let both = [found_of_b[0], found_of_b[1], ("ours_only", "A2")];
    assert_eq!(open_of(&world, &of_a).await, pairs(&both), "what another's bill showed stays");
    // A bill without a row tells nothing of whose it is, unless that was said.
    let nobodys = engine(&world, &ask(BillKind::Payment), bill_of("", &[])).await;
    assert_eq!((nobodys.differences, open_of(&world, &nobodys).await), (0, pairs(&both)));
    assert!(nobodys.problem.expect("a remark").contains("merchant"));
    let none_of_a = engine(&world, &of_payments(&["uidA"]), bill_of("", &[])).await;
    assert_eq!(none_of_a.differences, 2);
    // The mended bills of both, in one file: everything is resolved.
    let mut all = bill_of("uidA", &[("A1", 1280), ("A2", 1280)]);
    all.push_str(bill_of("uidB", &[("B1", 1280), ("B2", 1280)]).split_once('\n').expect("a header").1);
    let all = engine(&world, &ask(BillKind::Payment), all).await;
    assert_eq!((all.differences, open_of(&world, &all).await), (0, Vec::new()));
}

#[tokio::test]
async fn a_neighbouring_bill_of_another_seller_proves_nothing() {
    let world = World::new();
    let midnight = BEGIN.plus_ms(15 * 3_600_000);
    paid_to(&world, "A1", "uidA", Some(midnight.plus_ms(-60_000))).await;
    paid_to(&world, "B1", "uidB", Some(BEGIN)).await;
    world.jump(3 * 86_400).await;
    let on = |day: &str, uid: &str| Ask { day: day.parse().expect("a day"), ..of_payments(&[uid]) };
    let next_of_b = engine(&world, &on("2026-01-06", "uidB"), bill_of("", &[])).await;
    let of_a = engine(&world, &on(DAY, "uidA"), bill_of("", &[])).await;
    assert_eq!((next_of_b.differences, of_a.differences), (0, 0), "A1 may stand in A's next bill");
    let next_of_a = engine(&world, &on("2026-01-06", "uidA"), bill_of("", &[])).await;
    assert_eq!(next_of_a.differences, 1);
}

#[tokio::test]
async fn a_quiet_day_is_done() {
    let world = World::new();
    next_day(&world).await;
    let fetched = async |world: &World| {
        let progress = Progress::default();
        let ask = Ask::new("coffee", DAY.parse().expect("a day"), reconcile::KINDS.to_vec());
        let run = reconcile::run(&world.server, &ask, Source::Platform, &progress);
        world.drive(run).await.expect("it begins")
    };
    let done = fetched(&world).await;
    assert_eq!((done.state, done.differences, done.figures.len()), (RunState::Done, 0, 5), "{done:?}");
    assert!(done.problem.expect("a remark").contains("nobody received anything"));
    assert!(done.figures.iter().all(|figures| figures.rows == 0));
    // Something was paid, and nobody told to whom: it is not known whose bill to fetch.
    let world = World::new();
    world.paid("O1").await;
    next_day(&world).await;
    let failed = fetched(&world).await;
    assert_eq!(failed.state, RunState::Failed);
    assert!(failed.problem.expect("a sentence").contains("merchant_uids"));
}

#[tokio::test]
async fn what_was_paid_at_an_odd_time_is_in_its_day_and_month() {
    let world = World::new();
    // Five days after it was opened; and one of which the platform does not say when.
    world.open("LATE").await;
    world.jump(5 * 86_400).await;
    told_paid(&world, "LATE", "uidA", Some(BEGIN.plus_ms(5 * 86_400_000))).await;
    paid_to(&world, "UNTOLD", "uidA", None).await;
    next_day(&world).await;
    let ask = Ask { day: "2026-01-10".parse().expect("a day"), ..of_payments(&["uidA"]) };
    let done = engine(&world, &ask, bill_of("uidA", &[])).await;
    assert_eq!(open_of(&world, &done).await, pairs(&[("ours_only", "LATE"), ("ours_only", "UNTOLD")]));
    let month = world.get("/v1/apps/coffee/months/2026-01").await.expect(200);
    assert_eq!(month["merchants"][0]["gross_fen"], 2560, "{month}");
}

#[tokio::test]
async fn a_settlement_of_the_platforms_own_is_adopted_as_such() {
    let world = World::new();
    paid_to(&world, "O1", "uidA", Some(BEGIN)).await;
    next_day(&world).await;
    let list = json!({ "err_no": 0, "err_tips": "", "platform_order": { "out_order_no": "O1", "settle_info_list": [{
        "settle_no": "N77", "settle_status": "SUCCESS", "settled_at": "2026-01-05 10:00:00",
        "service_charge": 8, "cps": 0, "settle_param_list": [{ "merchant_uid": "uidA", "amount": 1272 }],
    }] } });
    world.others.next("query_platform_order", Script::Reply(list));
    let bill = "结算时间,订单号,结算单号,结算状态,结算金额\n2026-01-05 10:00:00,O1,N77,结算成功,1280\n";
    let done = run(&world, "settle", bill.to_owned()).await;
    assert_eq!(
        (&done["state"], &done["queries"], &done["queries_done"]),
        (&json!("done"), &json!(1), &json!(1)),
        "{done}"
    );
    assert!(differences(&world, &done, "open").await.is_empty(), "{done}");
    for (endpoint, calls) in [("query_platform_order", 1), ("query_order", 0), ("query_settle", 0)] {
        assert_eq!(world.others.calls(endpoint).len(), calls, "{endpoint}");
    }
    let order = world.order("O1").await;
    let settlement = &order["settlements"][0];
    assert_eq!(
        (&settlement["origin"], &settlement["state"]),
        (&json!("platform"), &json!("succeeded")),
        "{order}"
    );
}

#[tokio::test]
async fn every_call_counts() {
    let world = World::new();
    for no in ["O1", "O2"] {
        paid_to(&world, no, "uidA", Some(BEGIN)).await;
    }
    next_day(&world).await;
    let bill = "订单号,结算单号,结算状态,结算金额\nO1,S1,结算成功,1280\nO2,S2,结算成功,1280\n";
    let ask = Ask { queries_max: 3, ..ask(BillKind::Settle) };
    let list = json!({ "err_no": 0, "err_tips": "", "platform_order": { "settle_info_list": [] } });
    for _ in 0..2 {
        world.others.next("query_platform_order", Script::Reply(list.clone()));
    }
    let done = engine(&world, &ask, bill.to_owned()).await;
    let calls = world.others.calls("query_platform_order").len() + world.others.calls("query_settle").len();
    assert_eq!((done.state, done.asked, done.to_ask, calls), (RunState::Done, 3, 3, 3));
}
