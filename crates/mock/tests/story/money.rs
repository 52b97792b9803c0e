//! Refunds and settlements: sums, sources, periods, shares, fees.

use std::time::Duration;

use douyin_pay_mock::{Faults, MockApp, NextOperation, OperationFault, OperationStatus, PayAsk, Way};
use serde_json::{Value, json};

use crate::world::{DAY, World, app, config, settle, share};

const MINUTE: Duration = Duration::from_secs(60);

fn no_shares() -> Value {
    json!([])
}

async fn query(world: &World, endpoint: &str, field: &str, number: &str) -> Value {
    world.call(endpoint, json!({ field: number })).await
}

async fn settled(world: &World, number: &str) -> Value {
    query(world, "query_settle", "out_settle_no", number).await["settle_info"].clone()
}

async fn refunded(world: &World, number: &str) -> Value {
    query(world, "query_refund", "out_refund_no", number).await["refundInfo"].clone()
}

#[tokio::test]
async fn refunds_never_exceed_the_payment() {
    let world = World::new();
    assert_eq!(world.refund("O1", "R0", 1).await["err_no"], 2000);
    world.open("O1", 1280).await;
    assert_eq!(world.refund("O1", "R0", 1).await["err_tips"], "订单未支付");
    world.mock.pay(&PayAsk::new(world.mock.books().orders[0].order_id.clone())).unwrap();
    assert_eq!(world.refund("O1", "R1", 1281).await["err_tips"], "退款金额超过可退金额");
    assert_eq!(world.refund("O1", "R1", 1000).await["err_no"], 0);
    assert_eq!(world.refund("O1", "R2", 281).await["err_no"], 2010, "processing refunds count");
    assert_eq!(refunded(&world, "R1").await["refund_status"], "PROCESSING");
    world.advance(Duration::from_secs(15)).await;
    let done = refunded(&world, "R1").await;
    assert_eq!((&done["refund_status"], &done["refund_amount"]), (&json!("SUCCESS"), &json!(1000)));
    assert_eq!(done["is_all_settled"], false);
    assert_eq!(world.refund("O1", "R2", 280).await["err_no"], 0);
    world.advance(MINUTE).await;
    let books = world.mock.books();
    assert_eq!((books.totals.refunded_fen, books.totals.in_transit_fen), (1280, 0));
    assert_eq!(query(&world, "query_refund", "out_refund_no", "R9").await["err_no"], 3101);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn a_failed_number_is_used_up_and_its_money_free_again() {
    let world = World::new();
    world.paid("O1", 1280).await;
    let next_operations = vec![
        NextOperation::new(OperationFault::RefundFails, 1),
        NextOperation::new(OperationFault::SettlementFails, 1),
    ];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.refund("O1", "R1", 1280).await;
    world.advance(MINUTE).await;
    assert_eq!(refunded(&world, "R1").await["refund_status"], "FAIL");
    assert_eq!(world.refund("O1", "R1", 1280).await["err_tips"], "该单号已失败,请更换单号重试");
    world.advance(DAY * 7).await;
    world.settle("O1", "S1", no_shares()).await;
    world.advance(MINUTE).await;
    assert_eq!(settled(&world, "S1").await["settle_status"], "FAIL");
    assert_eq!(world.settle("O1", "S1", no_shares()).await["err_no"], 2010);
    assert_eq!(world.settle("O1", "S2", no_shares()).await["err_no"], 0);
    world.advance(MINUTE).await;
    assert_eq!(world.mock.books().totals.withdrawable_fen, 1272);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn limits_on_refunds_by_age_and_count() {
    let world = World::new();
    world.paid("O1", 1280).await;
    for n in 0..50 {
        assert_eq!(world.refund("O1", &format!("R{n}"), 1).await["err_no"], 0);
        world.advance(Duration::from_millis(100)).await;
    }
    assert_eq!(world.refund("O1", "R50", 1).await["err_tips"], "订单不可退款");
    let other = world.open("O2", 1280).await;
    world.mock.pay(&PayAsk { way: Way::Alipay, ..PayAsk::new(other) }).unwrap();
    world.advance(DAY * 365).await;
    assert_eq!(world.refund("O2", "R60", 1).await["err_no"], 0);
    world.advance(DAY).await;
    assert_eq!(world.refund("O2", "R61", 1).await["err_tips"], "订单不可退款");
}

#[tokio::test]
async fn settling_waits_for_its_period_and_pays_everyone() {
    let world = World::new();
    world.paid("O1", 1280).await;
    assert_eq!(world.settle("O9", "S1", no_shares()).await["err_no"], 2000);
    world.advance(DAY * 7 - Duration::from_millis(1)).await;
    assert_eq!(world.settle("O1", "S1", no_shares()).await["err_tips"], "未到结算周期");
    assert!(world.last_problem().contains("2024-01-08 00:00:00"), "{}", world.last_problem());
    world.advance(Duration::from_millis(1)).await;
    let accepted = world.settle("O1", "S1", json!([share("69645835031835936200", 60)])).await;
    assert_eq!(accepted["err_no"], 0);
    assert_eq!(world.settle("O1", "S2", no_shares()).await["err_tips"], "存在处理中的结算单");
    assert_eq!(settled(&world, "S1").await["settle_status"], "PROCESSING");
    world.advance(Duration::from_secs(10)).await;
    let done = settled(&world, "S1").await;
    assert_eq!(
        (&done["settle_status"], &done["settle_amount"], &done["rake"]),
        (&json!("SUCCESS"), &json!(1272), &json!(8))
    );
    assert_eq!(done["settle_no"], accepted["settle_no"]);
    assert_eq!(world.settle("O1", "S2", no_shares()).await["err_no"], 2014);
    let books = world.mock.books();
    let held = |uid: &str| {
        books.balances.iter().find(|balance| balance.merchant_uid == uid).unwrap().withdrawable_fen
    };
    assert_eq!((held("69645835031835936200"), held("70775300146143419322")), (60, 1212));
    assert_eq!((books.totals.rake_fen, books.totals.in_transit_fen), (8, 0));
    assert_eq!(query(&world, "query_settle", "out_settle_no", "S9").await["err_tips"], "结算记录不存在");
}

#[tokio::test]
async fn receivers_and_shares_are_checked() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    config.receivers = Some(["601", "602", "603", "604", "605"].map(|uid| uid.parse_uid()).into());
    let world = World::with(config);
    world.paid("O1", 1000).await;
    let five: Vec<Value> = ["601", "602", "603", "604", "605"].map(|uid| share(uid, 1)).into();
    let table = [
        (json!(five), 2010, "5 receivers"),
        (json!([share("70775300146143419322", 1)]), 2010, "is the seller"),
        (json!([share("699", 1)]), 2010, "onboarded"),
        (json!([share("601", 0)]), 2010, "0 fen"),
        (json!([share("601", 301)]), 2014, "300 fen"),
        (json!([share("601", 1001)]), 2014, "after the fee"),
        (json!({ "merchant_uid": "601" }), 2010, "JSON text"),
    ];
    for (shares, err_no, problem) in table {
        assert_eq!(world.settle("O1", "S1", shares).await["err_no"], err_no, "{problem}");
        assert!(world.last_problem().contains(problem), "{problem}: {}", world.last_problem());
    }
    let mut as_array = settle("O1", "S1", no_shares());
    as_array["settle_params"] = json!([share("601", 1)]);
    assert_eq!(world.call("settle", as_array).await["err_no"], 2010);
    let mut as_boolean = settle("O1", "S1", no_shares());
    as_boolean["finish"] = json!(true);
    assert_eq!(world.call("settle", as_boolean).await["err_no"], 2010);
    for nobody in ["null", "", "[]"] {
        let mut body = settle("O1", "S1", no_shares());
        body["settle_params"] = json!(nobody);
        assert_eq!(world.call("settle", body).await["err_no"], 0, "{nobody:?}");
    }
    assert_eq!(world.mock.books().settlements.len(), 1);
}

trait Uid {
    fn parse_uid(self) -> douyin_pay_protocol::MerchantUid;
}

impl Uid for &str {
    fn parse_uid(self) -> douyin_pay_protocol::MerchantUid {
        douyin_pay_protocol::MerchantUid::new(self).expect("a valid number")
    }
}

#[tokio::test]
async fn several_settlements_end_with_a_final_one() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    let world = World::with(config);
    world.paid("O1", 10_000).await;
    let part = |number: &str, fen: i64| {
        let mut body = settle("O1", number, json!([share("601", fen)]));
        body["finish"] = json!("false");
        body
    };
    let mut empty = settle("O1", "S0", no_shares());
    empty["finish"] = json!("false");
    assert_eq!(world.call("settle", empty).await["err_no"], 2010);
    assert_eq!(world.call("settle", part("S1", 1_000)).await["err_no"], 0);
    world.advance(MINUTE).await;
    assert_eq!(settled(&world, "S1").await["settle_amount"], 1_000);
    assert_eq!(world.call("settle", part("S2", 2_001)).await["err_no"], 2014, "30 % over all settlements");
    assert_eq!(world.call("settle", part("S2", 2_000)).await["err_no"], 0);
    world.advance(MINUTE).await;
    assert_eq!(world.settle("O1", "S3", no_shares()).await["err_no"], 0);
    world.advance(MINUTE).await;
    let last = settled(&world, "S3").await;
    assert_eq!((&last["rake"], &last["settle_amount"]), (&json!(60), &json!(6_940)));
    assert_eq!(world.call("settle", part("S4", 1)).await["err_no"], 2014);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn the_fee_is_rounded_half_up_on_what_is_settled() {
    for (paid, rake) in
        [(1, 0), (83, 0), (84, 1), (1280, 8), (250, 2), (249, 1), (10_000_000_000, 60_000_000)]
    {
        let mut config = config();
        config.apps[0].settle_period_days = 0;
        let world = World::with(config);
        world.paid("O1", paid).await;
        world.settle("O1", "S1", no_shares()).await;
        world.advance(MINUTE).await;
        assert_eq!(settled(&world, "S1").await["rake"], rake, "{paid}");
    }
}

#[tokio::test]
async fn a_refund_after_settlement_comes_from_the_sellers_balance() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    let world = World::with(config);
    world.paid("O1", 1280).await;
    world.settle("O1", "S1", no_shares()).await;
    world.advance(MINUTE).await;
    assert_eq!(world.refund("O1", "R1", 280).await["err_no"], 0);
    world.advance(MINUTE).await;
    assert_eq!(refunded(&world, "R1").await["is_all_settled"], true);
    assert_eq!(world.refund("O1", "R2", 1000).await["err_no"], 0, "accepted, although 992 fen are left");
    world.advance(MINUTE).await;
    let poor = refunded(&world, "R2").await;
    assert_eq!((&poor["refund_status"], &poor["msg"]), (&json!("FAIL"), &json!("可提现余额不足")));
    let books = world.mock.books();
    assert_eq!((books.totals.rake_fen, books.totals.withdrawable_fen), (8, 992), "the fee is not returned");
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn in_2021_a_refund_after_settlement_had_to_say_so() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    config.switches.strict_2021 = true;
    let world = World::with(config);
    world.paid("O1", 1280).await;
    world.settle("O1", "S1", no_shares()).await;
    world.advance(MINUTE).await;
    assert_eq!(world.refund("O1", "R1", 1).await["err_no"], 2010);
    let mut body = crate::world::refund("O1", "R1", 1);
    body["all_settle"] = json!(1);
    assert_eq!(world.call("create_refund", body).await["err_no"], 0);
}

#[tokio::test]
async fn the_platform_settles_by_itself() {
    let world = World::new();
    world.paid("O1", 1280).await;
    world.advance(DAY * 151).await;
    let books = world.mock.books();
    assert!(books.settlements[0].automatic && books.settlements[0].status == OperationStatus::Success);
    assert_eq!(books.totals.withdrawable_fen, 1272);
    let told = world.merchant.heard().pop().unwrap().msg();
    assert_eq!(told["is_auto_settle"], true);
    assert!(told["cp_settle_no"].as_str().unwrap().starts_with("auto"));

    world.mock.put_app(MockApp { automatic_settlement: true, ..app() });
    world.paid("O2", 1280).await;
    world.advance(DAY * 6).await;
    assert_eq!(world.settle("O2", "S1", no_shares()).await["err_tips"], "已开启自动结算");
    world.advance(DAY * 2).await;
    assert_eq!(world.mock.books().totals.withdrawable_fen, 2544);
}
