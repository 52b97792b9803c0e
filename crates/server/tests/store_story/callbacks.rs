//! Callbacks: kept with their verdict, counted when they repeat, told again when too early.

use douyin_pay_ledger::{OperationKind, OperationState, OrderState, Refusal};

use crate::desk::{Books, Desk, wait};
use crate::facts::{app, at, open, opened, out_no, paid, refund, refund_done};

pub(crate) fn the_same_callback_again_is_counted<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1"), paid("O1", 1280, 1)]);
    for id in 2..8 {
        assert_eq!(desk.refused(paid("O1", 1280, id)), Refusal::Duplicate);
    }
    let rows = desk.timeline("O1").callbacks;
    let kept: Vec<_> = rows.iter().map(|row| (row.verdict.as_str(), row.repeats)).collect();
    assert_eq!(kept, [("changed", 0), ("duplicate", 0), ("duplicate", 4)]);
    let body = wait(desk.reads.callback_body(rows[0].id)).expect("readable").expect("kept");
    assert_eq!(body, paid("O1", 1280, 1).callback.expect("a callback").body, "to the last byte");
    assert_eq!(desk.timeline("O1").events.len(), 1);
}

pub(crate) fn a_callback_that_came_first_is_told_again<B: Books>(mut desk: Desk<B>) {
    let early = desk.one(paid("O1", 1280, 1));
    assert_eq!((early.verdict, early.first_seen), (Err(Refusal::UnknownNumber), Some(at(2001))));
    let again = desk.one(paid("O1", 1280, 9));
    assert_eq!(again.first_seen, Some(at(2001)), "the first sight counts");
    let exceptions = desk.open_exceptions();
    assert_eq!((exceptions.len(), exceptions[0].repeats), (1, 1));
    let mut desk = desk.crash();
    let opened = desk.one(open("O1", 1, 1280)).order.expect("an order");
    assert_eq!(opened.state, OrderState::Paid, "the answer shows it already");
    let kept: Vec<_> = desk.timeline("O1").callbacks.into_iter().map(|row| row.verdict).collect();
    assert_eq!(kept, ["changed", "duplicate"]);
    assert_eq!(desk.timeline("O1").facts[1].callback, Some(1));
    assert_eq!(desk.open_exceptions(), [], "solved itself");
    desk.verify();
}

pub(crate) fn one_batch_may_bring_the_callback_and_then_its_order<B: Books>(mut desk: Desk<B>) {
    let answers = desk.try_all(vec![paid("O1", 1280, 1), paid("O1", 1280, 2), open("O1", 1, 1280)]);
    let verdicts: Vec<_> = answers.into_iter().map(|it| it.expect("decided").verdict.is_ok()).collect();
    assert_eq!(verdicts, [false, false, true]);
    assert_eq!(desk.order("O1").state, OrderState::Paid);
    assert_eq!(desk.timeline("O1").callbacks.len(), 2);
    assert_eq!(desk.open_exceptions(), []);
    let mut desk = desk.crash();
    assert_eq!(desk.refused(paid("O1", 1280, 3)), Refusal::Duplicate, "nothing waits any more");
    desk.verify();
}

pub(crate) fn the_same_unknown_callback_is_counted<B: Books>(mut desk: Desk<B>) {
    desk.try_all((1..4).map(|id| paid("O1", 1280, id)).collect());
    for id in 4..8 {
        assert_eq!(desk.one(paid("O1", 1280, id)).first_seen, Some(at(2001)));
    }
    // It says something else, so it is kept.
    desk.one(paid("O1", 1281, 8));
    desk.all(vec![open("O1", 1, 1280)]);
    let rows = desk.timeline("O1").callbacks;
    let kept: Vec<_> = rows.iter().map(|row| (row.verdict.as_str(), row.repeats)).collect();
    assert_eq!(kept, [("changed", 0), ("duplicate", 0), ("duplicate", 4), ("amount_differs", 0)]);
    let exceptions = desk.open_exceptions();
    assert_eq!(exceptions.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["amount_differs"]);
    desk.verify();
}

pub(crate) fn a_refund_waits_for_the_platforms_number_of_its_order<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280)]);
    assert_eq!(desk.refused(refund_done("R9", "O1", 100, 1)), Refusal::UnknownNumber);
    desk.all(vec![opened("O1")]);
    let order = desk.order("O1");
    let adopted = order.operation(OperationKind::Refund, &out_no("R9")).expect("adopted");
    assert_eq!((adopted.state, adopted.amount.get()), (OperationState::Succeeded, 100));
    assert_eq!(desk.timeline("O1").callbacks[0].verdict, "changed");
    desk.verify();
}

pub(crate) fn a_refund_waits_for_its_own_number<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1"), paid("O1", 1280, 1)]);
    // Its order is known by another platform number here.
    assert_eq!(desk.refused(refund_done("R1", "elsewhere", 100, 2)), Refusal::UnknownNumber);
    desk.all(vec![refund("O1", "R1", 100)]);
    let order = desk.order("O1");
    let done = order.operation(OperationKind::Refund, &out_no("R1")).expect("asked for");
    assert_eq!(done.state, OperationState::Succeeded);
    desk.verify();
}

pub(crate) fn a_callback_that_says_nothing_is_kept<B: Books>(mut desk: Desk<B>) {
    let arrival = paid("O1", 1280, 77).callback.expect("a callback");
    assert_eq!(arrival.app_id, app());
    let body = arrival.body.clone();
    desk.ask(|journal| journal.keep_callback(arrival));
    assert_eq!(wait(desk.reads.callback_body(77)), Ok(Some(body)));
    assert_eq!(wait(desk.reads.callback_body(78)), Ok(None));
}
