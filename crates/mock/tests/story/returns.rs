//! Shares taken back: who, how much, how often, how long, and what failing does.

use std::time::Duration;

use douyin_pay_mock::{Faults, NextOperation, OperationFault, OperationStatus, PayAsk, Switches, Way};
use serde_json::{Value, json};

use crate::world::{DAY, World, config, settle, share, without_period};

const MINUTE: Duration = Duration::from_secs(60);
const SELLER: &str = "70775300146143419322";

fn give_back(number: &str, settlement: &str, receiver: &str, fen: i64) -> Value {
    json!({
        "out_return_no": number, "out_settle_no": settlement, "merchant_uid": receiver,
        "return_amount": fen, "return_desc": "分账回退", "cp_extra": "e",
    })
}

async fn returned(world: &World, number: &str) -> Value {
    world.call("query_return", json!({ "out_return_no": number })).await["return_info"].clone()
}

#[tokio::test]
async fn a_share_goes_back_to_the_seller() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    let accepted = world.call("create_return", give_back("T1", "S1", "601", 100)).await;
    assert_eq!((&accepted["err_no"], &accepted["err_tips"]), (&json!(0), &json!("success")));
    let info = &accepted["return_info"];
    assert_eq!((&info["return_status"], &info["finish_time"]), (&json!("PROCESSING"), &json!(0)));
    assert_eq!(world.holds("601", 1), (0, 300, 0), "nothing moves before it is done");
    world.advance(MINUTE).await;
    let done = returned(&world, "T1").await;
    let expected = json!({
        "app_id": "tt0000000000000001", "thirdparty_id": "", "settle_no": info["settle_no"], "out_settle_no": "S1",
        "out_return_no": "T1", "return_no": info["return_no"], "merchant_uid": "601", "return_amount": 100,
        "return_status": "SUCCESS", "fail_reason": "", "finish_time": done["finish_time"], "cp_extra": "e",
    });
    assert_eq!(done, expected);
    assert!(done["finish_time"].as_i64().unwrap() > 1_704_038_400);
    assert_eq!((world.holds("601", 1), world.holds(SELLER, 1)), ((0, 200, 0), (0, 794, 0)));
    let by_theirs = world.call("query_return", json!({ "return_no": info["return_no"] })).await;
    assert_eq!(by_theirs["return_info"], done);
    let book = world.mock.books().returns.remove(0);
    assert_eq!((&*book.out_order_no, &*book.out_return_no, book.amount_fen.get()), ("O1", "T1", 100));
    assert_eq!(book.status, OperationStatus::Success);
    let kinds: Vec<Value> = world.merchant.heard().iter().map(|one| one.envelope()["type"].clone()).collect();
    assert!(!kinds.contains(&json!("return")), "there is no such callback");
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn never_more_than_the_receiver_got_in_that_settlement() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    world.settled("O2", 1_000, "S2", "601", 300).await;
    let ask = async |number: &str, fen: i64| {
        world.call("create_return", give_back(number, "S1", "601", fen)).await["err_tips"].clone()
    };
    assert_eq!(ask("T1", 301).await, "回退金额超限", "another settlement's share does not count");
    assert_eq!(ask("T1", 200).await, "success");
    assert_eq!(ask("T2", 101).await, "回退金额超限", "what is under way counts");
    assert!(world.last_problem().contains("100 of the share of 300 fen"), "{}", world.last_problem());
    world.advance(MINUTE).await;
    assert_eq!(ask("T2", 101).await, "回退金额超限", "what is done counts");
    assert_eq!(ask("T2", 100).await, "success");
    world.advance(MINUTE).await;
    assert_eq!(world.holds("601", 1).1, 300);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn a_repeated_number_changes_nothing() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    let first = world.call("create_return", give_back("T1", "S1", "601", 100)).await;
    assert_eq!(world.call("create_return", give_back("T1", "S1", "601", 100)).await, first);
    let other = world.call("create_return", give_back("T1", "S1", "601", 7)).await;
    assert_eq!(other, first, "other parameters are ignored");
    assert!(world.mock.books().warnings[0].contains("`T1`"));
    world.advance(MINUTE).await;
    assert_eq!(world.holds("601", 1).1, 200);
    let again = world.call("create_return", give_back("T1", "S1", "601", 100)).await;
    assert_eq!(again["return_info"], returned(&world, "T1").await);
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    world.settled("O2", 1_000, "S2", "602", 300).await;
    let theirs = world.mock.books().settlements[0].settle_no.clone();
    let both = |settle_no: &str| {
        let mut body = give_back("T1", "S2", "602", 1);
        body["settle_no"] = json!(settle_no);
        body
    };
    let neither =
        json!({ "out_return_no": "T1", "merchant_uid": "601", "return_amount": 1, "return_desc": "x" });
    let mut too_long = give_back("T1", "S1", "601", 1);
    too_long["return_desc"] = json!("长".repeat(101));
    let table = [
        (give_back(&"T".repeat(65), "S1", "601", 1), 2102, "65 bytes"),
        (give_back("T 1", "S1", "601", 1), 2010, "' '"),
        (give_back("", "S1", "601", 1), 2010, "`out_return_no` is missing"),
        (give_back("T1", "S9", "601", 1), 2010, "no settlement `S9`"),
        (give_back("T1", "S1", "602", 1), 2010, "`602` got no share"),
        (give_back("T1", "S1", SELLER, 1), 2010, "got no share"),
        (give_back("T1", "S1", "601", 0), 2010, "0 fen"),
        (give_back("T1", "S1", "601", 10_000_000_001), 2010, "10000000000 are allowed"),
        (both(&theirs), 2010, "name different settlements"),
        (neither, 2010, "both missing"),
        (too_long, 2010, "101 characters"),
    ];
    for (body, err_no, problem) in table {
        assert_eq!(world.call("create_return", body).await["err_no"], err_no, "{problem}");
        assert!(world.last_problem().contains(problem), "{problem}: {}", world.last_problem());
    }
    let mut by_theirs = give_back("T1", "", "601", 1);
    by_theirs["settle_no"] = json!(theirs);
    assert_eq!(world.call("create_return", by_theirs).await["err_no"], 0);
    let query = async |body: Value| world.call("query_return", body).await["err_no"].clone();
    assert_eq!(query(json!({ "out_return_no": "T9" })).await, 4408);
    assert_eq!(query(json!({ "return_no": "N9" })).await, 4408);
    assert_eq!(query(json!({ "out_return_no": "T".repeat(65) })).await, 2102);
    assert_eq!(query(json!({ "out_return_no": "T1", "return_no": "N9" })).await, 2010);
    assert_eq!(query(json!({})).await, 2010);
    let stranger = json!({ "out_return_no": "T1", "app_id": "tt9" });
    let refused = world.call("query_return", stranger).await;
    assert_eq!((&refused["err_no"], &refused["err_tips"]), (&json!(2020), &json!("非法 app_id")));
}

#[tokio::test]
async fn only_a_settlement_that_succeeded_is_taken_back() {
    let world = without_period();
    world.paid("O1", 1_000).await;
    world.settle("O1", "S1", json!([share("601", 300)])).await;
    let refused = world.call("create_return", give_back("T1", "S1", "601", 1)).await;
    assert_eq!(refused["err_tips"], "结算未完成,不可回退");
    world.advance(MINUTE).await;
    assert_eq!(world.call("create_return", give_back("T1", "S1", "601", 1)).await["err_no"], 0);
}

#[tokio::test]
async fn twenty_returns_and_half_a_year_through_wechat() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    for n in 0..20 {
        let number = format!("T{n}");
        assert_eq!(world.call("create_return", give_back(&number, "S1", "601", 1)).await["err_no"], 0);
    }
    let refused = world.call("create_return", give_back("T20", "S1", "601", 1)).await;
    assert_eq!(refused["err_tips"], "回退次数超限");
    world.settled("O2", 1_000, "S2", "601", 300).await;
    world.advance(DAY * 180 - MINUTE).await;
    assert_eq!(world.call("create_return", give_back("T30", "S2", "601", 1)).await["err_no"], 0);
    world.advance(MINUTE * 2).await;
    let late = world.call("create_return", give_back("T31", "S2", "601", 1)).await;
    assert_eq!(late["err_tips"], "超过可回退期限");
}

#[tokio::test]
async fn a_year_and_no_count_through_alipay() {
    let world = without_period();
    let order_id = world.open("O1", 1_000).await;
    world.mock.pay(&PayAsk { way: Way::Alipay, ..PayAsk::new(order_id) }).unwrap();
    assert_eq!(world.call("settle", settle("O1", "S1", json!([share("601", 300)]))).await["err_no"], 0);
    world.advance(MINUTE).await;
    for n in 0..21 {
        let number = format!("T{n}");
        assert_eq!(world.call("create_return", give_back(&number, "S1", "601", 1)).await["err_no"], 0);
    }
    world.advance(DAY * 365 - MINUTE).await;
    assert_eq!(world.call("create_return", give_back("T30", "S1", "601", 1)).await["err_no"], 0);
    world.advance(MINUTE * 2).await;
    assert_eq!(world.call("create_return", give_back("T31", "S1", "601", 1)).await["err_no"], 2010);
    assert_eq!(world.holds("601", 2).1, 278);
}

#[tokio::test]
async fn a_return_fails_for_its_own_reasons_or_for_want_of_money() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    let next_operations = vec![NextOperation::new(OperationFault::ReturnFails, 1)];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.call("create_return", give_back("T1", "S1", "601", 300)).await;
    world.advance(MINUTE).await;
    let failed = returned(&world, "T1").await;
    assert_eq!((&failed["return_status"], &failed["fail_reason"]), (&json!("FAIL"), &json!("渠道回退失败")));
    let used_up = world.call("create_return", give_back("T1", "S1", "601", 300)).await;
    assert_eq!(used_up["err_tips"], "该单号已失败,请更换单号重试");

    let withdraw =
        json!({ "merchant_uid": "601", "channel_type": "wx", "withdraw_amount": 1, "out_order_id": "W1" });
    assert_eq!(world.call_path("/api/apps/ecpay/saas/merchant_withdraw", withdraw).await["err_no"], 0);
    let accepted = world.call("create_return", give_back("T2", "S1", "601", 300)).await;
    assert_eq!(accepted["err_no"], 0, "accepted, although 299 fen are left");
    world.advance(MINUTE).await;
    let poor = returned(&world, "T2").await;
    assert_eq!(
        (&poor["return_status"], &poor["fail_reason"]),
        (&json!("FAIL"), &json!("分账方可提现余额不足"))
    );
    assert_eq!(world.call("create_return", give_back("T3", "S1", "601", 299)).await["err_no"], 0);
    world.advance(MINUTE).await;
    assert_eq!(world.holds("601", 1), (0, 0, 0));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn a_switch_tells_of_returns_by_callback() {
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    config.switches = Switches { return_callback: true, ..Switches::default() };
    let world = World::with(config);
    world.settled("O1", 1_000, "S1", "601", 300).await;
    world.call("create_return", give_back("T1", "S1", "601", 300)).await;
    world.advance(MINUTE).await;
    let told = world.merchant.heard().pop().unwrap();
    assert_eq!(told.envelope()["type"], "return");
    assert_eq!(told.msg(), returned(&world, "T1").await);
}
