//! Random merchants, users and faults never break the trade books.

use douyin_pay_mock::{CallbackFault, Faults, MockConfig, OperationFault, PayAsk, PayOutcome, Way};
use proptest::prelude::*;
use serde_json::json;

use super::shop::{PARKING, SERVICE, SIM, Shop, data, refund, refund_all, settle};
use crate::world::{DAY, config, share};

#[derive(Debug, Clone)]
enum Op {
    Place(u8, u8, i64, i64),
    Pay(u8, PayOutcome, Way, i64),
    Refund(u8, u8, u8, i64),
    RefundAll(u8, u8),
    Apply(u8, Option<i64>, bool),
    Audit(u8, bool),
    Settle(u8, u8, Option<u8>, i64),
    Fulfil(u8, u8),
    Seconds(u64),
    Days(u32),
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let outcome = prop_oneof![
        9 => Just(PayOutcome::Success),
        1 => Just(PayOutcome::Cancel),
        1 => Just(PayOutcome::Timeout),
        1 => Just(PayOutcome::Ignore),
    ];
    let way = prop_oneof![Just(Way::WeChat), Just(Way::Alipay), Just(Way::DouyinPay)];
    let order = 0..4_u8;
    let op = prop_oneof![
        3 => (order.clone(), 0..3_u8, 1_i64..500, 1..5_i64).prop_map(|(no, kind, fen, n)| Op::Place(no, kind, fen, n)),
        4 => (order.clone(), outcome, way, 0_i64..300).prop_map(|(no, o, w, d)| Op::Pay(no, o, w, d)),
        4 => (order.clone(), 0..9_u8, 0..5_u8, 1_i64..500).prop_map(|(no, r, i, fen)| Op::Refund(no, r, i, fen)),
        1 => (order.clone(), 0..9_u8).prop_map(|(no, refund)| Op::RefundAll(no, refund)),
        2 => (order.clone(), proptest::option::of(1_i64..500), any::<bool>()).prop_map(|(no, a, u)| Op::Apply(no, a, u)),
        2 => (0..9_u8, any::<bool>()).prop_map(|(no, agree)| Op::Audit(no, agree)),
        3 => (order.clone(), 0..9_u8, proptest::option::of(0..5_u8), 0_i64..300)
            .prop_map(|(no, s, i, fen)| Op::Settle(no, s, i, fen)),
        2 => (order, 0..5_u8).prop_map(|(no, item)| Op::Fulfil(no, item)),
        3 => (1..40_u64).prop_map(Op::Seconds),
        1 => (1..5_u32).prop_map(Op::Days),
    ];
    proptest::collection::vec(op, 1..50)
}

fn find(shop: &Shop, no: u8) -> Option<(String, Vec<String>, i64)> {
    let number = format!("O{no}");
    let order = shop.world.mock.books().orders.into_iter().find(|order| order.out_order_no == number)?;
    let items = order.items.iter().map(|item| item.item_order_id.clone()).collect();
    Some((order.order_id, items, order.amount_fen.get() - order.discount_fen.get()))
}

async fn act(shop: &Shop, op: &Op) -> Option<()> {
    match op {
        Op::Place(no, kind, fen, quantity) => {
            let kind = [SERVICE, SIM, PARKING][usize::from(*kind)];
            shop.place(&data(&format!("O{no}"), kind, *fen, *quantity)).await;
        }
        Op::Pay(no, outcome, way, discount) => {
            let ask = PayAsk {
                outcome: *outcome,
                way: *way,
                discount_fen: Some(*discount),
                ..PayAsk::new(find(shop, *no)?.0)
            };
            // A second visit is refused, which is as good as the first for the books.
            let _paid_or_over = shop.world.mock.pay(&ask);
        }
        Op::Refund(no, one, item, fen) => {
            let (order_id, items, _) = find(shop, *no)?;
            let item = items.get(usize::from(*item))?;
            shop.call("refund_create", refund(&order_id, &format!("R{one}"), &[(item, *fen)])).await;
        }
        Op::RefundAll(no, one) => {
            let (order_id, _, paid) = find(shop, *no)?;
            shop.call("refund_create", refund_all(&order_id, &format!("R{one}"), paid)).await;
        }
        Op::Apply(no, amount, user) => {
            let source = if *user { 1 } else { 4 };
            let order_id = find(shop, *no)?.0;
            shop.apply(json!({ "order_id": order_id, "amount": amount, "source": source })).await;
        }
        Op::Audit(place, agree) => {
            let refund_id = shop.world.mock.books().refunds.get(usize::from(*place))?.refund_no.clone();
            let status = if *agree { 1 } else { 2 };
            let body = json!({ "refund_id": refund_id, "refund_audit_status": status, "deny_message": "no" });
            shop.call("refund_audit_callback", body).await;
        }
        Op::Settle(no, one, item, fen) => {
            let shares = if *fen == 0 { json!([]) } else { json!([share("601", *fen)]) };
            let mut body = settle(&format!("O{no}"), &format!("S{one}"), &shares);
            if let Some(item) = item {
                body["item_order_id"] = json!(find(shop, *no)?.1.get(usize::from(*item))?);
            }
            shop.call("settle_create", body).await;
        }
        Op::Fulfil(no, item) => {
            let (order_id, items, _) = find(shop, *no)?;
            let list = [items.get(usize::from(*item))?];
            let body =
                json!({ "order_id": order_id, "item_order_id_list": list, "to_status": "fulfill_done" });
            shop.call("fulfill_push_status", body).await;
        }
        Op::Seconds(seconds) => shop.seconds(*seconds).await,
        Op::Days(days) => shop.world.advance(DAY * *days).await,
    }
    Some(())
}

fn faults() -> Faults {
    Faults {
        callbacks: [(CallbackFault::Doubled, 100), (CallbackFault::Lost, 100), (CallbackFault::Late, 50)]
            .into(),
        operations: [(OperationFault::RefundFails, 100), (OperationFault::SettlementFails, 100)].into(),
        ..Faults::default()
    }
}

/// Nothing of an item was refunded or settled beyond what was paid for it.
fn within_limits(shop: &Shop) -> Result<(), TestCaseError> {
    for order in shop.world.mock.books().orders {
        let paid: i64 = order.items.iter().map(|item| item.paid_fen.get()).sum();
        prop_assert!(order.refunded_fen.get() + order.refunding_fen.get() <= paid);
        prop_assert!(order.settled_fen.get() + order.refunded_in_transit_fen.get() <= paid);
        for item in &order.items {
            prop_assert!(item.refunded_fen.get() + item.refunding_fen.get() <= item.paid_fen.get());
            prop_assert!(item.settled_fen <= item.paid_fen && item.paid_fen <= item.amount_fen);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_trade_books_always_balance(ops in ops(), faulty in any::<bool>(), automatic in any::<bool>()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let shop = Shop::with(MockConfig { seed: 3, ..config() });
            shop.console(|change| (change.auto_settle, change.settle_days) = (Some(automatic), Some(1)));
            shop.console(|change| change.commission_per_10000 = Some(250));
            if faulty {
                shop.world.mock.set_faults(faults());
            }
            for op in &ops {
                act(&shop, op).await;
                prop_assert_eq!(shop.world.mock.verify(), Ok(()), "after {:?}", op);
                within_limits(&shop)?;
            }
            shop.world.mock.set_faults(Faults::default());
            shop.world.advance(DAY * 10).await;
            prop_assert_eq!(shop.world.mock.verify(), Ok(()));
            let books = shop.world.mock.books();
            let t = books.totals;
            prop_assert_eq!(
                t.paid_fen,
                t.refunded_fen + t.rake_fen + t.commission_fen + t.in_transit_fen + t.withdrawable_fen + t.frozen_fen + t.withdrawn_fen
            );
            let paid: i64 = books.orders.iter().filter(|o| o.paid_at.is_some()).map(|o| o.amount_fen.get() - o.discount_fen.get()).sum();
            prop_assert_eq!(paid, t.paid_fen);
            prop_assert!(books.refunds.iter().all(|one| one.finished_at.is_some()), "every refund ends");
            prop_assert!(books.settlements.iter().all(|one| one.finished_at.is_some()), "every settlement ends");
            prop_assert!(shop.world.mock.callbacks().waiting.is_empty(), "every callback is heard in the end");
            Ok(())
        })?;
    }
}
