//! Orders: their numbers, their walk, their due times.

use douyin_pay_ledger::{CallOutcome, OperationKind, OrderId, OrderState, Refusal, Target};
use douyin_pay_server::journal::{Key, SubmitError};
use douyin_pay_server::store::LoadKey;
use futures_util::FutureExt;

use crate::desk::{Books, Desk, wait};
use crate::facts::{answered, app, at, open, opened, out_no, paid, platform_no, refund, seen, settle};

pub(crate) fn a_batch_sees_its_own_results<B: Books>(mut desk: Desk<B>) {
    let decided =
        desk.all(vec![open("O1", 1, 1280), opened("O1"), paid("O1", 1280, 1), refund("O1", "R1", 100)]);
    let states: Vec<_> = decided.iter().map(|it| it.order.as_ref().expect("an order").state).collect();
    assert_eq!(
        states,
        [OrderState::Opening, OrderState::Waiting, OrderState::Paid, OrderState::Paid],
        "each answer shows the order as its own fact left it"
    );
    let timeline = desk.timeline("O1");
    assert_eq!((timeline.facts.len(), timeline.callbacks.len(), timeline.events.len()), (4, 1, 1));
    assert_eq!(timeline.facts[2].callback, Some(1));
    assert_eq!(desk.verify(), 1);
}

pub(crate) fn everything_about_an_order_comes_back<B: Books>(mut desk: Desk<B>) {
    let refused = CallOutcome::Refused { code: 2011, message: "余额不足".to_owned() };
    let last = desk.all(vec![
        open("O1", 1, 1280),
        opened("O1"),
        paid("O1", 1280, 1),
        refund("O1", "R1", 100),
        answered("O1", Target::Operation(OperationKind::Refund, out_no("R1")), refused),
        refund("O1", "R2", 50),
        settle("O1", "S1", 300),
        answered("O1", Target::Operation(OperationKind::Settlement, out_no("S1")), CallOutcome::Unknown),
    ]);
    let told = last.last().and_then(|it| it.order.clone()).expect("an order");
    let keys = vec![
        LoadKey::Id(told.id),
        LoadKey::Order(app(), told.out_order_no.clone()),
        LoadKey::Platform(app(), platform_no("O1")),
        LoadKey::Operation(app(), OperationKind::Refund, out_no("R2")),
        LoadKey::Operation(app(), OperationKind::Settlement, out_no("S1")),
        LoadKey::Operation(app(), OperationKind::Settlement, out_no("R1")),
    ];
    let found = wait(desk.reads.orders_of(keys)).expect("readable");
    for order in &found[..5] {
        assert_eq!(order.as_ref(), Some(&*told), "read back to the last field");
    }
    assert_eq!(found[5], None, "numbers belong to a kind");
    assert!(told.operations.iter().any(|one| one.failure.is_some() && one.platform_no.is_none()));
    let mut desk = desk.crash();
    let decided = desk.one(refund("O1", "R2", 50));
    assert_eq!(decided.verdict, Err(Refusal::Duplicate));
    assert_eq!(decided.order.as_deref(), Some(&*told), "the writer reads it back as well");
    desk.verify();
}

pub(crate) fn a_number_means_one_thing<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), open("O2", 2, 500), opened("O1"), opened("O2")]);
    let same = desk.one(open("O1", 3, 1280));
    assert_eq!(same.verdict, Err(Refusal::Duplicate));
    assert_eq!(same.order.expect("the first one").id, desk.order("O1").id);
    assert!(matches!(desk.refused(open("O1", 4, 1281)), Refusal::OtherFields { .. }));
    desk.all(vec![paid("O1", 1280, 1), paid("O2", 500, 2), refund("O1", "R1", 10)]);
    assert_eq!(desk.refused(refund("O2", "R1", 10)), Refusal::NumberInUse);
    let by_id = refund("O2", "R1", 10);
    let by_id = douyin_pay_server::journal::Submission { key: Key::Id(desk.order("O2").id), ..by_id };
    assert_eq!(desk.refused(by_id), Refusal::NumberInUse);
    let mut together = desk.try_all(vec![refund("O1", "R2", 10), refund("O2", "R2", 10)]);
    let second = together.remove(1).expect("decided").verdict;
    assert_eq!(second, Err(Refusal::NumberInUse), "also within one batch");
    let unknown = desk.refused(opened("O3"));
    assert_eq!(unknown, Refusal::UnknownNumber);
    desk.verify();
}

pub(crate) fn an_id_that_is_taken_is_moved<B: Books>(mut desk: Desk<B>) {
    let first = desk.all(vec![open("O1", 1, 1280), open("O2", 1, 500)]);
    let ids: Vec<OrderId> = first.iter().map(|it| it.order.as_ref().expect("an order").id).collect();
    assert_ne!(ids[0], ids[1], "taken within the batch");
    let third = desk.one(open("O3", 1, 700)).order.expect("an order").id;
    assert!(!ids.contains(&third), "taken by a stored order");
    desk.all(vec![paid("O1", 1280, 5), paid("O2", 500, 5)]);
    desk.all(vec![paid("O3", 700, 5)]);
    for no in ["O1", "O2", "O3"] {
        let timeline = desk.timeline(no);
        assert_eq!((timeline.callbacks.len(), timeline.callbacks[0].number.as_str()), (1, no));
        assert_eq!(timeline.facts[1].callback, Some(timeline.callbacks[0].id));
    }
    assert_eq!(desk.verify(), 3);
}

pub(crate) fn due_orders_are_taken_once<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1")]);
    let due = wait(desk.reads.next_order_due()).expect("readable").expect("something waits");
    assert!(desk.ask(|journal| journal.lease_due_orders(due.plus_ms(-1), 10, 30_000)).is_empty());
    let taken = desk.ask(|journal| journal.lease_due_orders(due, 10, 30_000));
    assert_eq!(*taken[0], desk.order("O1"));
    assert!(desk.ask(|journal| journal.lease_due_orders(due.plus_ms(29_999), 10, 30_000)).is_empty());
    assert_eq!(wait(desk.reads.next_order_due()), Ok(Some(due.plus_ms(30_000))), "then the lease ends");
    assert_eq!(desk.ask(|journal| journal.lease_due_orders(due.plus_ms(30_000), 10, 30_000)).len(), 1);
    desk.all(vec![paid("O1", 1280, 1)]);
    assert_eq!(wait(desk.reads.next_order_due()), Ok(None), "paid: nothing is awaited");
}

pub(crate) fn a_lease_survives_what_does_not_move_the_schedule<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1"), open("O2", 2, 1280), opened("O2")]);
    let due = at(600_000);
    assert_eq!(desk.ask(|journal| journal.lease_due_orders(due, 10, 30_000)).len(), 2);
    // A platform-made detail is news for the books, but not for the schedule.
    let mut told_more = paid("O1", 1280, 1);
    if let douyin_pay_ledger::What::OrderSeen(seen) = &mut told_more.fact.what {
        seen.state = OrderState::Waiting;
    }
    desk.one(told_more);
    assert!(desk.ask(|journal| journal.lease_due_orders(due.plus_ms(1), 10, 30_000)).is_empty());
    // The answer of a query does move it.
    desk.one(seen("O2", OrderState::Waiting, 600_100));
    let next = desk.order("O2").due_at().expect("still waiting");
    let taken = desk.ask(|journal| journal.lease_due_orders(next, 10, 30_000));
    assert!(taken.iter().any(|order| order.out_order_no.as_str() == "O2"));
}

pub(crate) fn what_was_committed_survives_a_crash_and_the_rest_is_gone<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280)]);
    let lost = desk.journal.submit(open("O2", 2, 1280));
    let desk = desk.crash();
    assert_eq!(lost.now_or_never().expect("ended").expect_err("lost"), SubmitError::Stopped);
    assert_eq!(desk.order("O1").state, OrderState::Opening);
    assert_eq!(desk.find("O2"), None);
    assert_eq!(desk.verify(), 1);
}
