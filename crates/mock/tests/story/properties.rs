//! Random merchants, users and faults never break the books.

use std::time::Duration;

use douyin_pay_mock::{CallFault, CallbackFault, Faults, OperationFault, PayAsk, PayOutcome, Way};
use proptest::prelude::*;
use serde_json::json;

use crate::world::{DAY, World, config, order, refund, settle, share};

#[derive(Debug, Clone)]
enum Op {
    Open(u8, i64),
    Pay(u8, PayOutcome, Way),
    Refund(u8, u8, i64),
    Settle(u8, u8, i64, bool),
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
    let way = prop_oneof![Just(Way::WeChat), Just(Way::Alipay), Just(Way::DouyinPay)];
    let amount = prop_oneof![1_i64..200, 1_i64..20_000, Just(10_000_000_000)];
    let op = prop_oneof![
        3 => (0..4_u8, amount.clone()).prop_map(|(no, fen)| Op::Open(no, fen)),
        3 => (0..4_u8, outcome, way).prop_map(|(no, outcome, way)| Op::Pay(no, outcome, way)),
        4 => (0..4_u8, 0..9_u8, amount.clone()).prop_map(|(no, refund, fen)| Op::Refund(no, refund, fen)),
        4 => (0..4_u8, 0..9_u8, amount, any::<bool>()).prop_map(|(no, one, fen, last)| Op::Settle(no, one, fen, last)),
        1 => (0..4_u8).prop_map(Op::Query),
        3 => (1..40_u64).prop_map(Op::Seconds),
        1 => (1..90_u32).prop_map(Op::Days),
    ];
    proptest::collection::vec(op, 1..60)
}

async fn act(world: &World, op: &Op) {
    match op {
        Op::Open(no, fen) => {
            world.call("create_order", order(&format!("O{no}"), *fen)).await;
        }
        Op::Pay(no, outcome, way) => {
            let number = format!("O{no}");
            let found = world.mock.books().orders.into_iter().find(|order| order.out_order_no == number);
            if let Some(order) = found {
                let ask = PayAsk { outcome: *outcome, way: *way, ..PayAsk::new(order.order_id) };
                // A second visit is refused, which is as good as the first for the books.
                let _paid_or_over = world.mock.pay(&ask);
            }
        }
        Op::Refund(no, one, fen) => {
            world.call("create_refund", refund(&format!("O{no}"), &format!("R{one}"), *fen)).await;
        }
        Op::Settle(no, one, fen, last) => {
            let shares = if *fen % 3 == 0 { json!([]) } else { json!([share("601", *fen)]) };
            let mut body = settle(&format!("O{no}"), &format!("S{one}"), shares);
            body["finish"] = json!(last.to_string());
            world.call("settle", body).await;
        }
        Op::Query(no) => {
            world.call("query_order", json!({ "out_order_no": format!("O{no}") })).await;
        }
        Op::Seconds(seconds) => world.advance(Duration::from_secs(*seconds)).await,
        Op::Days(days) => world.advance(DAY * *days).await,
    }
}

fn faults() -> Faults {
    Faults {
        calls: [(CallFault::LoseResponse, 50), (CallFault::InternalAfter, 50), (CallFault::Throttle, 30)]
            .into(),
        callbacks: [(CallbackFault::Doubled, 100), (CallbackFault::Lost, 100), (CallbackFault::Late, 50)]
            .into(),
        operations: [(OperationFault::RefundFails, 100), (OperationFault::SettlementFails, 100)].into(),
        ..Faults::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_books_always_balance(ops in ops(), faulty in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut config = config();
            config.apps[0].settle_period_days = 1;
            let world = World::with(config);
            if faulty {
                world.mock.set_faults(faults());
            }
            for op in &ops {
                act(&world, op).await;
                prop_assert_eq!(world.mock.verify(), Ok(()), "after {:?}", op);
            }
            world.mock.set_faults(Faults::default());
            world.advance(DAY * 200).await;
            prop_assert_eq!(world.mock.verify(), Ok(()));
            let books = world.mock.books();
            let t = books.totals;
            prop_assert_eq!(t.paid_fen, t.refunded_fen + t.rake_fen + t.commission_fen + t.in_transit_fen + t.withdrawable_fen + t.frozen_fen + t.withdrawn_fen);
            let paid: i64 = books.orders.iter().filter(|o| o.paid_at.is_some()).map(|o| o.amount_fen.get()).sum();
            prop_assert_eq!(paid, t.paid_fen);
            prop_assert!(world.mock.callbacks().waiting.is_empty(), "every callback is heard in the end");
            Ok(())
        })?;
    }
}
