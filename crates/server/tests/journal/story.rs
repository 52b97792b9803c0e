//! What a submission leaves behind.

use douyin_pay_ledger::{OrderState, Refusal};
use douyin_pay_server::journal::{DeliveryNext, DeliveryRecord};
use douyin_pay_server::store::{LoadKey, Reads};

use crate::desk::Desk;
use crate::{app, at, number, open, opened_at_platform, paid, refund};

async fn state(desk: &Desk, no: &str) -> OrderState {
    let key = LoadKey::Order(app(), number(no));
    desk.reads.orders_of(vec![key]).await.expect("readable").remove(0).expect("stored").state
}

#[tokio::test]
async fn one_batch_sees_its_own_results() {
    let mut desk = Desk::new();
    let answers = desk.submit_all(vec![open("O1", 1, 1280), opened_at_platform("O1"), paid("O1", 1280, 1), refund("O1", "R1", 100)]).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|it| it.verdict.is_ok())), "{answers:?}");
    assert_eq!(state(&desk, "O1").await, OrderState::Paid);
    let order = answers[3].as_ref().expect("decided").order.clone().expect("an order");
    let timeline = desk.reads.timeline(order.id).await.expect("readable");
    assert_eq!((timeline.facts.len(), timeline.callbacks.len(), timeline.events.len()), (4, 1, 1));
    assert_eq!(timeline.facts[2].callback, Some(1));
    desk.verify().await;
}

#[tokio::test]
async fn the_same_callback_again_is_a_duplicate_and_later_ones_are_counted() {
    let mut desk = Desk::new();
    desk.submit_all(vec![open("O1", 1, 1280), opened_at_platform("O1"), paid("O1", 1280, 1)]).await;
    for callback in 2..8 {
        let answer = desk.submit(paid("O1", 1280, callback)).await.expect("decided");
        assert_eq!(answer.verdict, Err(Refusal::Duplicate));
    }
    let key = LoadKey::Order(app(), number("O1"));
    let order = desk.reads.orders_of(vec![key]).await.expect("readable").remove(0).expect("stored");
    let timeline = desk.reads.timeline(order.id).await.expect("readable");
    let repeats: Vec<u32> = timeline.callbacks.iter().map(|row| row.repeats).collect();
    assert_eq!(repeats, [0, 0, 0, 3]);
    assert_eq!(timeline.events.len(), 1);
}

#[tokio::test]
async fn a_number_means_one_thing() {
    let mut desk = Desk::new();
    desk.submit_all(vec![open("O1", 1, 1280), open("O2", 2, 500)]).await;
    let same = desk.submit(open("O1", 3, 1280)).await.expect("decided");
    assert_eq!(same.verdict, Err(Refusal::Duplicate));
    assert_eq!(same.order.expect("the first one").id, desk.order("O1").await.id);
    let other = desk.submit(open("O1", 4, 1281)).await.expect("decided");
    assert!(matches!(other.verdict, Err(Refusal::OtherFields { .. })), "{:?}", other.verdict);
    desk.submit_all(vec![opened_at_platform("O1"), opened_at_platform("O2"), paid("O1", 1280, 1), paid("O2", 500, 2)]).await;
    assert!(desk.submit(refund("O1", "R1", 10)).await.expect("decided").verdict.is_ok());
    assert_eq!(desk.submit(refund("O2", "R1", 10)).await.expect("decided").verdict, Err(Refusal::NumberInUse));
    desk.verify().await;
}

#[tokio::test]
async fn a_callback_that_came_first_is_told_again_when_its_number_is_known() {
    let mut desk = Desk::new();
    let early = desk.submit(paid("O1", 1280, 1)).await.expect("decided");
    assert_eq!((early.verdict, early.first_seen), (Err(Refusal::UnknownNumber), Some(at(2001))));
    let again = desk.submit(paid("O1", 1280, 9)).await.expect("decided");
    assert_eq!(again.first_seen, Some(at(2001)), "the first sight counts");
    let exceptions = desk.reads.exceptions(true, None, 10).await.expect("readable");
    assert_eq!((exceptions.len(), exceptions[0].repeats), (1, 1));
    desk.submit(open("O1", 1, 1280)).await.expect("decided");
    assert_eq!(state(&desk, "O1").await, OrderState::Paid);
    desk.verify().await;
}

#[tokio::test]
async fn a_full_queue_turns_away_and_a_lost_waiter_withdraws_nothing() {
    let mut desk = Desk::new();
    let journal = desk.journal.clone();
    let hung_up = tokio::spawn(async move { journal.submit(open("O0", 1, 100)).await });
    while desk.journal.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    hung_up.abort();
    for row in 0..douyin_pay_server::journal::QUEUE_MAX {
        desk.journal.log_call(call(i64::try_from(row).expect("small")));
    }
    let refused = desk.journal.submit(open("O1", 2, 100)).await;
    assert_eq!(refused.expect_err("full"), douyin_pay_server::journal::SubmitError::Full);
    while desk.writer.step().jobs > 0 {}
    assert_eq!(state(&desk, "O0").await, OrderState::Opening);
}

fn call(ms: i64) -> douyin_pay_server::journal::ApiLogRow {
    douyin_pay_server::journal::ApiLogRow {
        app_id: app(),
        order_id: None,
        endpoint: "query_order",
        at: at(ms),
        millis: 3,
        outcome: "ok".to_owned(),
        err_no: Some(0),
        http_status: Some(200),
        log_id: None,
        attempt: 1,
    }
}

#[tokio::test]
async fn what_was_not_committed_is_gone_and_what_was_stays() {
    let mut desk = Desk::new();
    desk.submit(open("O1", 1, 1280)).await.expect("decided");
    let journal = desk.journal.clone();
    let lost = tokio::spawn(async move { journal.submit(open("O2", 2, 1280)).await });
    while desk.journal.waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let desk = desk.crash();
    assert_eq!(lost.await.expect("ended").expect_err("lost"), douyin_pay_server::journal::SubmitError::Stopped);
    assert_eq!(state(&desk, "O1").await, OrderState::Opening);
    assert!(desk.reads.orders_of(vec![LoadKey::Order(app(), number("O2"))]).await.expect("readable")[0].is_none());
}

#[tokio::test]
async fn events_are_leased_in_order_and_due_again_after_a_failure() {
    let mut desk = Desk::new();
    desk.submit_all(vec![open("O1", 1, 1280), opened_at_platform("O1"), paid("O1", 1280, 1)]).await;
    let first = desk.lease_events(at(10_000)).await;
    assert_eq!(first.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["order.paid"]);
    assert!(desk.lease_events(at(10_001)).await.is_empty(), "taken");
    let retry = DeliveryRecord {
        event_id: first[0].id.clone(),
        at: at(10_002),
        status: Some(500),
        problem: Some("500".to_owned()),
        next: DeliveryNext::Retry { due_at: at(20_000) },
    };
    desk.record(retry.clone()).await;
    assert!(desk.lease_events(at(19_999)).await.is_empty());
    assert_eq!(desk.lease_events(at(20_000)).await[0].attempts, 1);
    desk.record(DeliveryRecord { next: DeliveryNext::Dead, ..retry }).await;
    let exceptions = desk.reads.exceptions(true, None, 10).await.expect("readable");
    assert_eq!(exceptions[0].kind, "event_dead");
    assert_eq!(desk.reads.next_event_due().await, Ok(None));
}

#[tokio::test]
async fn due_orders_are_leased_once() {
    let mut desk = Desk::new();
    desk.submit_all(vec![open("O1", 1, 1280), opened_at_platform("O1")]).await;
    let due = desk.reads.next_order_due().await.expect("readable").expect("something waits");
    assert!(desk.lease_orders(due.plus_ms(-1)).await.is_empty());
    assert_eq!(desk.lease_orders(due).await.len(), 1);
    assert!(desk.lease_orders(due.plus_ms(1)).await.is_empty());
    assert_eq!(desk.lease_orders(due.plus_ms(60_000)).await.len(), 1, "a lease ends");
}
