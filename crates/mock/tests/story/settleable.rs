//! What can still be settled, commissions, automatic settlements, old orders.

use std::time::Duration;

use douyin_pay_mock::{
    CommissionAsk, Faults, MockApp, NextOperation, OperationFault, OperationStatus, PayAsk,
};
use douyin_pay_protocol::Fen;
use serde_json::{Value, json};

use crate::world::{DAY, World, app, config, settle, share, without_period};

const MINUTE: Duration = Duration::from_secs(60);
const SELLER: &str = "70775300146143419322";

async fn unsettled(world: &World, number: &str) -> Value {
    world.call("unsettle_amount", json!({ "out_order_no": number })).await["data"].clone()
}

async fn automatic(world: &World, number: &str) -> Vec<Value> {
    let answer = world.call("query_platform_order", json!({ "out_order_no": number, "query_type": 1 })).await;
    assert_eq!(answer["platform_order"]["out_order_no"], number, "{answer}");
    answer["platform_order"]["settle_info_list"].as_array().unwrap().clone()
}

fn promote(world: &World, order_id: &str, fen: i64) -> Result<(), String> {
    let ask = CommissionAsk::new(order_id, Fen::new(fen).unwrap());
    world.mock.give_commission(&ask).map_err(|cause| cause.to_string())
}

#[tokio::test]
async fn the_settleable_amount_is_what_a_final_settlement_brings() {
    let world = without_period();
    assert_eq!(world.call("unsettle_amount", json!({ "out_order_no": "O1" })).await["err_no"], 2000);
    world.open("O1", 1_280).await;
    assert_eq!(
        world.call("unsettle_amount", json!({ "out_order_no": "O1" })).await["err_tips"],
        "订单未支付"
    );
    let order_id = world.mock.books().orders[0].order_id.clone();
    world.mock.pay(&PayAsk::new(&order_id)).unwrap();
    let whole = json!({
        "out_order_no": "O1", "unsettle_amount": 1_272,
        "detail": {
            "pay_info": { "out_order_no": "O1", "amount": 1_280 }, "refund_info": [],
            "payment_rake": 8, "life_rake": 0, "commission": 0,
        },
    });
    assert_eq!(unsettled(&world, "O1").await, whole);
    world.refund("O1", "R1", 100).await;
    let now = unsettled(&world, "O1").await;
    assert_eq!(now["detail"]["refund_info"], json!([{ "out_refund_no": "R1", "amount": 100 }]));
    assert_eq!((&now["unsettle_amount"], &now["detail"]["payment_rake"]), (&json!(1_173), &json!(7)));
    promote(&world, &order_id, 73).unwrap();
    assert_eq!(unsettled(&world, "O1").await["unsettle_amount"], 1_100);
    world.advance(MINUTE).await;
    let mut part = settle("O1", "S1", json!([share("601", 100)]));
    part["finish"] = json!("false");
    assert_eq!(world.call("settle", part).await["err_no"], 0);
    assert_eq!(unsettled(&world, "O1").await["unsettle_amount"], 1_000, "what is under way counts");
    world.advance(MINUTE).await;
    assert_eq!(unsettled(&world, "O1").await["unsettle_amount"], 1_000);
    world.settle("O1", "S2", json!([])).await;
    assert_eq!(unsettled(&world, "O1").await["unsettle_amount"], 0);
    world.advance(MINUTE).await;
    let done = world.call("query_settle", json!({ "out_settle_no": "S2" })).await["settle_info"].clone();
    assert_eq!(
        (&done["settle_amount"], &done["rake"], &done["commission"]),
        (&json!(1_000), &json!(7), &json!(73))
    );
    let now = unsettled(&world, "O1").await;
    assert_eq!((&now["unsettle_amount"], &now["detail"]["commission"]), (&json!(0), &json!(73)));
    assert_eq!(world.mock.books().totals.commission_fen, 73);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn a_promoter_is_shown_and_paid() {
    let world = without_period();
    let order_id = world.open("O1", 1_000).await;
    let query = async || world.call("query_order", json!({ "out_order_no": "O1" })).await;
    assert!(query().await.get("cps_info").is_none());
    let body = json!({ "order_id": order_id, "commission_fen": 299, "douyin_id": "d1", "nickname": "达人" });
    let (status, _) = world.control("POST", "/mock/commission", &body.to_string()).await;
    assert_eq!(status, 200);
    world.mock.pay(&PayAsk::new(&order_id)).unwrap();
    let shown = json!({ "share_amount": "299", "douyin_id": "d1", "nickname": "达人" });
    assert_eq!(query().await["cps_info"], shown);
    world.advance(MINUTE).await;
    let told = world.merchant.heard().remove(0).msg();
    let extra: Value = serde_json::from_str(told["extra"].as_str().unwrap()).unwrap();
    assert_eq!(extra["share_amount"], "299");
    assert_eq!(world.settle("O1", "S1", json!([share("601", 300)])).await["err_no"], 0);
    assert!(promote(&world, &order_id, 1).unwrap_err().contains("too late"));
    world.advance(MINUTE).await;
    let told = world.merchant.heard().pop().unwrap().msg();
    assert_eq!(
        (&told["rake"], &told["commission"], &told["settle_amount"]),
        (&json!(6), &json!(299), &json!(695))
    );
    assert_eq!((world.holds(SELLER, 1).1, world.holds("601", 1).1), (395, 300));
    let book = world.mock.books().orders.remove(0);
    assert_eq!((book.rake_fen.get(), book.commission_fen.get()), (6, 299));
    assert!(promote(&world, "N1", 1).unwrap_err().contains("`N1`"));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn commission_comes_before_the_shares_and_never_exceeds_the_rest() {
    let world = without_period();
    let order_id = world.paid("O1", 1_000).await;
    assert!(promote(&world, &order_id, 1_001).unwrap_err().contains("more than the order's"));
    promote(&world, &order_id, 700).unwrap();
    assert_eq!(world.settle("O1", "S1", json!([share("601", 295)])).await["err_no"], 2014);
    assert!(world.last_problem().contains("294 fen are left"), "{}", world.last_problem());
    world.refund("O1", "R1", 900).await;
    world.advance(MINUTE).await;
    world.settle("O1", "S1", json!([])).await;
    world.advance(MINUTE).await;
    let totals = world.mock.books().totals;
    assert_eq!((totals.rake_fen, totals.commission_fen, totals.withdrawable_fen), (1, 99, 0));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn automatic_settlements_can_be_looked_up() {
    let world = World::with({
        let mut config = config();
        config.apps[0] = MockApp { automatic_settlement: true, ..app() };
        config
    });
    let order_id = world.paid("O1", 1_280).await;
    promote(&world, &order_id, 80).unwrap();
    assert!(automatic(&world, "O1").await.is_empty());
    let next_operations = vec![NextOperation::new(OperationFault::SettlementFails, 1)];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.advance(DAY * 7 + MINUTE).await;
    assert_eq!(automatic(&world, "O1").await[0]["settle_status"], "FAIL");
    world.advance(DAY).await;
    let found = automatic(&world, "O1").await;
    assert_eq!(found.len(), 2, "tried again a day later");
    let done = found.iter().find(|one| one["settle_status"] == "SUCCESS").unwrap();
    assert!(done["out_settle_no"].as_str().unwrap().starts_with("auto"));
    assert_eq!(done["settle_param_list"], json!([{ "merchant_uid": SELLER, "amount": 1_192 }]));
    assert_eq!(
        (&done["cps"], &done["service_charge"], &done["settle_way"]),
        (&json!(80), &json!(8), &json!("1"))
    );
    assert!(done["created_at"].as_str().unwrap() < done["settled_at"].as_str().unwrap(), "{done}");
    assert!(done["settled_at"].as_str().unwrap().starts_with("2024-01-09 00:00:"), "{done}");
    let wrong = json!({ "out_order_no": "O1", "query_type": 2 });
    assert_eq!(world.call("query_platform_order", wrong).await["err_no"], 2010);
    assert_eq!(world.call("query_platform_order", json!({ "out_order_no": "O9" })).await["err_no"], 2000);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn after_150_days_nothing_stays_in_transit() {
    let world = without_period();
    world.paid("O1", 1_000).await;
    let next_operations = vec![NextOperation::new(OperationFault::RefundFails, 1)];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.refund("O1", "R1", 400).await;
    world.settle("O1", "S1", json!([])).await;
    world.advance(MINUTE).await;
    let books = world.mock.books();
    assert_eq!(books.refunds[0].status, OperationStatus::Fail);
    assert_eq!(world.holds(SELLER, 1), (400, 596, 0), "the refund failed behind the last settlement");
    assert_eq!(world.settle("O1", "S2", json!([])).await["err_no"], 2014);
    assert!(automatic(&world, "O1").await.is_empty());
    world.advance(DAY * 150).await;
    assert_eq!(world.holds(SELLER, 1), (0, 994, 0));
    assert_eq!(automatic(&world, "O1").await[0]["service_charge"], 2);
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test]
async fn an_automatic_settlement_waits_for_a_refund_under_way() {
    let world = World::new();
    world.paid("O1", 1_000).await;
    world.advance(DAY * 150 - Duration::from_secs(5)).await;
    world.refund("O1", "R1", 100).await;
    world.advance(Duration::from_secs(60)).await;
    assert!(automatic(&world, "O1").await.is_empty());
    world.advance(Duration::from_secs(3_700)).await;
    assert_eq!(automatic(&world, "O1").await[0]["settle_param_list"][0]["amount"], 895);
}

#[tokio::test]
async fn orders_before_june_2022_are_settled_once() {
    // 2022-05-31 23:59:00 in Beijing.
    let mut config = config();
    config.apps[0].settle_period_days = 0;
    let world = World::beginning(1_654_012_740_000, config);
    world.paid("O1", 1_000).await;
    let part = |order: &str, number: &str| {
        let mut body = settle(order, number, json!([share("601", 100)]));
        body["finish"] = json!("false");
        body
    };
    let next_operations = vec![NextOperation::new(OperationFault::SettlementFails, 1)];
    world.mock.set_faults(Faults { next_operations, ..Faults::default() });
    world.call("settle", part("O1", "S0")).await;
    world.advance(MINUTE).await;
    assert_eq!(world.call("settle", part("O1", "S1")).await["err_no"], 0, "a failed one does not count");
    world.paid("O2", 1_000).await;
    world.advance(MINUTE).await;
    assert_eq!(world.call("settle", part("O1", "S2")).await["err_no"], 2014);
    assert_eq!(world.holds(SELLER, 1).1, 894, "the only settlement is final, whatever it says");
    for number in ["S3", "S4"] {
        assert_eq!(world.call("settle", part("O2", number)).await["err_no"], 0, "opened in June");
        world.advance(MINUTE).await;
    }
}
