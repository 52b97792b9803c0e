//! Orders of guaranteed payment with everything they can have: all of it comes back.

use douyin_pay_ledger::{
    Fact, OpenPush, OperationKind, OperationState, PushItem, ReturnSeen, SettleableSeen, SettlementSeen,
    Share, Source, What,
};
use douyin_pay_server::journal::{Key, Submission};
use douyin_pay_server::store::LoadKey;

use crate::desk::{Books, Desk, wait};
use crate::facts::{app, at, fen, number, open, out_no, paid, receiver, settle, take_back};

fn told(ms: i64, what: What) -> Submission {
    let fact = Fact { at: at(ms), source: Source::Query, what };
    Submission { key: Key::Order(app(), number("O1")), fact, callback: None }
}

/// The order of `open`, settled by itself after a week and pushed.
fn planned() -> Submission {
    let mut ask = open("O1", 1, 1280);
    if let What::Open(open) = &mut ask.fact.what {
        open.open_id = Some("_000abc".into());
        open.settle_after_days = Some(7);
        let latte = PushItem {
            item_code: "sku1".into(),
            img: "https://shop.test/a.png".into(),
            title: "Latte".into(),
            sub_title: None,
            amount: 1,
            price: fen(1280),
        };
        open.order_push = Some(OpenPush { detail_url: "pages/order".into(), items: vec![latte] });
    }
    ask
}

pub(crate) fn an_order_with_everything_comes_back_to_the_last_field<B: Books>(mut desk: Desk<B>) {
    let succeeded = OperationState::Succeeded;
    let settled =
        SettlementSeen { settle_amount: Some(fen(1280)), ..SettlementSeen::new(out_no("S1"), succeeded) };
    let back = ReturnSeen { settlement: Some(out_no("S1")), ..ReturnSeen::new(out_no("T1"), succeeded) };
    // The platform's own return: whose share it was is told later, and is stored then.
    let own = ReturnSeen::new(out_no("T2"), OperationState::Accepted);
    let whose = ReturnSeen {
        settlement: Some(out_no("S1")),
        merchant_uid: Some(receiver()),
        amount: Some(fen(10)),
        ..ReturnSeen::new(out_no("T2"), succeeded)
    };
    let left = SettleableSeen { paid: Some(fen(1280)), ..SettleableSeen::new(fen(0)) };
    desk.all(vec![planned(), paid("O1", 1280, 1)]);
    assert!(desk.order("O1").settle_due_at().is_some(), "a week from now");
    desk.all(vec![settle("O1", "S1", 60), told(9_000_000, What::SettlementSeen(settled))]);
    desk.all(vec![take_back("O1", "T1", "S1", 40), told(9_910_000, What::ReturnSeen(back))]);
    desk.all(vec![told(9_920_000, What::ReturnSeen(own)), told(9_930_000, What::ReturnSeen(whose))]);
    desk.all(vec![told(9_940_000, What::SettleableSeen(left))]);
    let order = desk.order("O1");
    assert!(order.plan.as_ref().is_some_and(|plan| plan.push) && order.platform_settleable.is_some());
    assert_eq!(order.returnable(&out_no("S1"), &receiver()), fen(10));
    let own = order.operation(OperationKind::Return, &out_no("T2")).expect("stored");
    assert_eq!(own.receiver(), Some(&Share { merchant_uid: receiver(), amount: fen(10) }));
    assert_eq!(desk.verify(), 1);
    let desk = desk.crash();
    let key = LoadKey::Operation(app(), OperationKind::Return, out_no("T1"));
    let found = wait(desk.reads.orders_of(vec![key])).expect("readable").remove(0);
    assert_eq!(found, Some(order), "read back to the last field");
    assert_eq!(desk.verify(), 1);
}
