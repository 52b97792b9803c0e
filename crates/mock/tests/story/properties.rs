//! Random merchants, users, banks and faults never break the books.

use std::collections::BTreeMap;
use std::time::Duration;

use douyin_pay_mock::{
    BankAsk, BankOutcome, Books, CallFault, CallbackFault, CommissionAsk, Faults, OperationFault,
    OperationStatus, PayAsk, PayOutcome, Way, WithdrawalStatus,
};
use douyin_pay_protocol::Fen;
use proptest::prelude::*;
use serde_json::json;

use crate::world::{DAY, World, config, order, refund, settle, share};

const SELLER: &str = "70775300146143419322";
const RECEIVERS: [&str; 2] = ["601", "602"];
const CHANNELS: [&str; 4] = ["wx", "alipay", "hz", "yzt"];
const WITHDRAW: &str = "/api/apps/ecpay/saas/merchant_withdraw";

#[derive(Debug, Clone)]
enum Op {
    Open(u8, i64),
    Buy(u8, i64, Way),
    Pay(u8, PayOutcome, Way),
    Refund(u8, u8, i64),
    Settle(u8, u8, i64, bool),
    Return(u8, u8, u8, i64),
    Withdraw(u8, u8, u8, i64),
    Bank(u8, BankOutcome),
    Commission(u8, i64),
    Query(u8),
    Seconds(u64),
    Days(u32),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let outcome = prop_oneof![
        8 => Just(PayOutcome::Success),
        1 => Just(PayOutcome::Fail),
        1 => Just(PayOutcome::Cancel),
        1 => Just(PayOutcome::Timeout),
    ];
    let bank =
        prop_oneof![Just(BankOutcome::Success), Just(BankOutcome::Fail), Just(BankOutcome::Reexchange)];
    let way = prop_oneof![Just(Way::WeChat), Just(Way::Alipay), Just(Way::DouyinPay)];
    let amount = prop_oneof![1 => 1_i64..200, 5 => 200_i64..20_000, 1 => Just(10_000_000_000)];
    let (no, small) = (0..8_u8, 1_i64..250);
    let op = prop_oneof![
        1 => (no.clone(), amount.clone()).prop_map(|(no, fen)| Op::Open(no, fen)),
        6 => (no.clone(), amount.clone(), way.clone()).prop_map(|(no, fen, way)| Op::Buy(no, fen, way)),
        2 => (no.clone(), outcome, way).prop_map(|(no, outcome, way)| Op::Pay(no, outcome, way)),
        4 => (no.clone(), 0..9_u8, amount.clone()).prop_map(|(no, refund, fen)| Op::Refund(no, refund, fen)),
        8 => (no.clone(), 0..60_u8, small.clone(), any::<bool>()).prop_map(|(no, one, fen, last)| Op::Settle(no, one, fen, last)),
        8 => (0..60_u8, 0..20_u8, 0..2_u8, small.clone()).prop_map(|(no, one, who, fen)| Op::Return(no, one, who, fen)),
        6 => (0..20_u8, 0..3_u8, 0..4_u8, small).prop_map(|(no, who, channel, fen)| Op::Withdraw(no, who, channel, fen)),
        1 => (0..20_u8, bank).prop_map(|(no, outcome)| Op::Bank(no, outcome)),
        1 => (no.clone(), 0_i64..400).prop_map(|(no, fen)| Op::Commission(no, fen)),
        1 => no.prop_map(Op::Query),
        4 => (1..40_u64).prop_map(Op::Seconds),
        3 => prop_oneof![3 => 1..4_u32, 1 => 1..90_u32].prop_map(Op::Days),
    ];
    proptest::collection::vec(op, 1..120)
}

fn order_id(world: &World, no: u8) -> Option<String> {
    let number = format!("O{no}");
    let found = world.mock.books().orders.into_iter().find(|order| order.out_order_no == number);
    found.map(|order| order.order_id)
}

async fn act(world: &World, op: &Op) -> Option<()> {
    match op {
        Op::Open(no, fen) => {
            world.call("create_order", order(&format!("O{no}"), *fen)).await;
        }
        Op::Buy(no, fen, way) => {
            world.call("create_order", order(&format!("O{no}"), *fen)).await;
            let _paid_or_over = world.mock.pay(&PayAsk { way: *way, ..PayAsk::new(order_id(world, *no)?) });
        }
        Op::Pay(no, outcome, way) => {
            let ask = PayAsk { outcome: *outcome, way: *way, ..PayAsk::new(order_id(world, *no)?) };
            // A second visit is refused, which is as good as the first for the books.
            let _paid_or_over = world.mock.pay(&ask);
        }
        Op::Refund(no, one, fen) => {
            world.call("create_refund", refund(&format!("O{no}"), &format!("R{one}"), *fen)).await;
        }
        Op::Settle(no, one, fen, last) => {
            let shares = match fen % 3 {
                0 => json!([]),
                1 => json!([share(RECEIVERS[0], *fen)]),
                _ => json!([share(RECEIVERS[0], *fen), share(RECEIVERS[1], *fen + 1)]),
            };
            let mut body = settle(&format!("O{no}"), &format!("S{one}"), shares);
            body["finish"] = json!(last.to_string());
            world.call("settle", body).await;
        }
        Op::Return(no, one, who, fen) => {
            let settlements = world.mock.books().settlements;
            let settlement = settlements.get(usize::from(*one).checked_rem(settlements.len())?)?;
            let body = json!({
                "out_return_no": format!("T{no}"), "out_settle_no": settlement.out_settle_no, "return_desc": "x",
                "merchant_uid": RECEIVERS[usize::from(*who)], "return_amount": fen,
            });
            world.call("create_return", body).await;
        }
        Op::Withdraw(no, who, channel, fen) => {
            let uid = [SELLER, RECEIVERS[0], RECEIVERS[1]][usize::from(*who)];
            // Most sums do not fit what is there: take a part of it, which always does.
            let there: i64 = world
                .mock
                .books()
                .balances
                .iter()
                .filter(|one| one.merchant_uid == uid)
                .map(|one| one.withdrawable_fen)
                .sum();
            let fen = if *fen > 200 { *fen } else { (there * *fen / 200).clamp(1, 2_147_483_647) };
            let body = json!({
                "merchant_uid": uid, "channel_type": CHANNELS[usize::from(*channel)], "withdraw_amount": fen,
                "out_order_id": format!("W{no}"),
            });
            world.call_path(WITHDRAW, body).await;
        }
        Op::Bank(no, outcome) => {
            // The bank cannot do everything at every time, which is as good for the books.
            let _done_or_not =
                world.mock.act_as_bank(&BankAsk::new("tt0000000000000001", format!("W{no}"), *outcome));
        }
        Op::Commission(no, fen) => {
            let ask = CommissionAsk::new(order_id(world, *no)?, Fen::new(*fen).ok()?);
            let _given_or_late = world.mock.give_commission(&ask);
        }
        Op::Query(no) => {
            for call in ["query_order", "query_platform_order"] {
                world.call(call, json!({ "out_order_no": format!("O{no}") })).await;
            }
        }
        Op::Seconds(seconds) => world.advance(Duration::from_secs(*seconds)).await,
        Op::Days(days) => world.advance(DAY * *days).await,
    }
    Some(())
}

fn faults() -> Faults {
    Faults {
        calls: [(CallFault::LoseResponse, 50), (CallFault::InternalAfter, 50), (CallFault::Throttle, 30)]
            .into(),
        callbacks: [(CallbackFault::Doubled, 100), (CallbackFault::Lost, 100), (CallbackFault::Late, 50)]
            .into(),
        operations: [
            (OperationFault::RefundFails, 100),
            (OperationFault::SettlementFails, 100),
            (OperationFault::ReturnFails, 100),
            (OperationFault::WithdrawFails, 150),
            (OperationFault::WithdrawReexchanged, 150),
        ]
        .into(),
        ..Faults::default()
    }
}

/// The sums as a stranger adds them up from what the books show.
fn adds_up(books: &Books) -> Result<(), TestCaseError> {
    let t = &books.totals;
    let out = t.refunded_fen + t.rake_fen + t.commission_fen + t.withdrawn_fen;
    prop_assert_eq!(t.paid_fen, out + t.in_transit_fen + t.withdrawable_fen + t.frozen_fen);
    let paid: i64 = books.orders.iter().filter(|o| o.paid_at.is_some()).map(|o| o.amount_fen.get()).sum();
    prop_assert_eq!(paid, t.paid_fen);
    for one in &books.balances {
        prop_assert!(
            one.in_transit_fen >= 0 && one.withdrawable_fen >= 0 && one.frozen_fen >= 0,
            "{:?}",
            one
        );
    }
    let frozen = books.withdrawals.iter().filter(|one| one.status == WithdrawalStatus::Processing);
    prop_assert_eq!(frozen.map(|one| one.amount_fen.get()).sum::<i64>(), t.frozen_fen);
    let arrived = books.withdrawals.iter().filter(|one| one.status == WithdrawalStatus::Success);
    prop_assert_eq!(arrived.map(|one| one.amount_fen.get()).sum::<i64>(), t.withdrawn_fen);

    let mut given: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for one in books.returns.iter().filter(|one| one.status != OperationStatus::Fail) {
        *given.entry((&one.out_settle_no, &one.merchant_uid)).or_default() += one.amount_fen.get();
    }
    for ((settlement, receiver), returned) in given {
        let of = books.settlements.iter().find(|one| one.out_settle_no == settlement).unwrap();
        let shares = of.shares.iter().filter(|share| share.merchant_uid == receiver);
        let share: i64 = shares.map(|share| share.amount_fen.get()).sum();
        prop_assert!(returned <= share, "{settlement}: {receiver} gives {returned} of {share} fen back");
    }
    Ok(())
}

/// What the platform says can be settled is what a final settlement without shares then brings.
async fn settleable_is_true(world: &World) -> Result<(), TestCaseError> {
    for one in world.mock.books().orders.iter().filter(|one| one.paid_at.is_some()) {
        let answer = world.call("unsettle_amount", json!({ "out_order_no": one.out_order_no })).await;
        let said = answer["data"]["unsettle_amount"].as_i64().unwrap();
        prop_assert!(said >= 0, "{answer}");
        let number = format!("last-{}", one.out_order_no);
        let accepted = world.settle(&one.out_order_no, &number, json!([])).await;
        if accepted["err_no"] == 0 {
            let found = world.call("query_settle", json!({ "out_settle_no": number })).await;
            prop_assert_eq!(&found["settle_info"]["settle_amount"], &json!(said), "{}", answer);
        }
    }
    Ok(())
}

async fn play(ops: &[Op], faulty: bool, automatic: bool) -> Result<(), TestCaseError> {
    let mut config = config();
    config.apps[0].settle_period_days = 1;
    config.apps[0].automatic_settlement = automatic;
    let world = World::with(config);
    if faulty {
        world.mock.set_faults(faults());
    }
    for op in ops {
        act(&world, op).await;
        prop_assert_eq!(world.mock.verify(), Ok(()), "after {:?}", op);
        adds_up(&world.mock.books())?;
    }
    world.mock.set_faults(Faults::default());
    world.advance(DAY * 2).await;
    settleable_is_true(&world).await?;
    world.advance(DAY * 200).await;
    prop_assert_eq!(world.mock.verify(), Ok(()));
    let books = world.mock.books();
    adds_up(&books)?;
    prop_assert_eq!(books.totals.in_transit_fen, 0, "after 150 days nothing is in transit");
    prop_assert!(books.returns.iter().all(|one| one.finished_at.is_some()), "every return ends");
    prop_assert!(books.withdrawals.iter().all(|one| one.status != WithdrawalStatus::Processing));
    prop_assert!(world.mock.callbacks().waiting.is_empty(), "every callback is heard in the end");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_books_always_balance(ops in ops(), faulty in any::<bool>(), automatic in proptest::bool::weighted(0.1)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(play(&ops, faulty, automatic))?;
    }
}
