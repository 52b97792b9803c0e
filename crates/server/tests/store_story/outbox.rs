//! Events: in order per order, at least once, and a feed that skips nothing.

use douyin_pay_server::journal::{DeliveryNext, DeliveryRecord, DueEvent};

use crate::desk::{Books, Desk, wait};
use crate::facts::{at, open, opened, paid, refund, refund_done};

/// An order with two events, `order.paid` and `refund.succeeded`.
fn two_events<B: Books>(desk: &mut Desk<B>) {
    desk.all(vec![open("O1", 1, 1280), opened("O1"), paid("O1", 1280, 1)]);
    desk.all(vec![refund("O1", "R1", 100), refund_done("R1", "O1", 100, 2)]);
}

fn lease<B: Books>(desk: &mut Desk<B>, ms: i64) -> Vec<DueEvent> {
    desk.ask(|journal| journal.lease_due_events(at(ms), 10, 30_000))
}

fn kinds(events: &[DueEvent]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

fn record<B: Books>(desk: &mut Desk<B>, event: &DueEvent, ms: i64, next: DeliveryNext) {
    let failed = next != DeliveryNext::Done;
    let record = DeliveryRecord {
        event_id: event.id.clone(),
        at: at(ms),
        status: Some(if failed { 500 } else { 200 }),
        problem: failed.then(|| "500".to_owned()),
        next,
    };
    desk.ask(|journal| journal.record_delivery(record));
}

pub(crate) fn events_of_one_order_go_one_after_the_other<B: Books>(mut desk: Desk<B>) {
    two_events(&mut desk);
    let first = lease(&mut desk, 10_000);
    assert_eq!(kinds(&first), ["order.paid"]);
    assert!(first[0].body.starts_with(r#"{"type":"order.paid","timestamp":""#), "{}", first[0].body);
    assert!(serde_json::from_str::<serde_json::Value>(&first[0].body).is_ok());
    assert!(lease(&mut desk, 10_001).is_empty(), "one is taken, the other waits for it");
    record(&mut desk, &first[0], 10_002, DeliveryNext::Retry { due_at: at(20_000) });
    assert!(lease(&mut desk, 19_999).is_empty());
    let again = lease(&mut desk, 20_000);
    assert_eq!((kinds(&again), again[0].attempts), (vec!["order.paid"], 1));
    record(&mut desk, &again[0], 20_001, DeliveryNext::Done);
    let second = lease(&mut desk, 20_001);
    assert_eq!(kinds(&second), ["refund.succeeded"]);
    record(&mut desk, &second[0], 20_002, DeliveryNext::Done);
    assert_eq!(wait(desk.reads.next_event_due()), Ok(None));
    let states: Vec<_> =
        desk.timeline("O1").events.into_iter().map(|it| (it.state, it.attempts, it.last_status)).collect();
    assert_eq!(states, [("delivered".to_owned(), 2, Some(200)), ("delivered".to_owned(), 1, Some(200))]);
}

pub(crate) fn a_dead_event_lets_the_next_go_on_and_may_be_sent_again<B: Books>(mut desk: Desk<B>) {
    two_events(&mut desk);
    let first = lease(&mut desk, 10_000);
    record(&mut desk, &first[0], 10_001, DeliveryNext::Dead);
    let exceptions = desk.open_exceptions();
    assert_eq!((exceptions.len(), exceptions[0].kind.as_str()), (1, "event_dead"));
    assert_eq!(exceptions[0].order_id, Some(first[0].order_id));
    assert!(desk.ask(|journal| journal.resend_event(first[0].id.clone(), at(10_002))));
    assert!(!desk.ask(|journal| journal.resend_event(format!("{}.9", first[0].order_id), at(10_002))));
    assert!(!desk.ask(|journal| journal.resend_event("nonsense".to_owned(), at(10_002))));
    let again = lease(&mut desk, 10_002);
    assert_eq!(kinds(&again), ["order.paid"], "the first goes first again");
    record(&mut desk, &again[0], 10_003, DeliveryNext::Done);
    assert_eq!(kinds(&lease(&mut desk, 10_003)), ["refund.succeeded"]);
}

pub(crate) fn a_lost_delivery_costs_only_time<B: Books>(mut desk: Desk<B>) {
    two_events(&mut desk);
    assert_eq!(lease(&mut desk, 10_000).len(), 1);
    let mut desk = desk.crash();
    assert!(lease(&mut desk, 39_999).is_empty());
    assert_eq!(kinds(&lease(&mut desk, 40_000)), ["order.paid"]);
}

pub(crate) fn the_feed_is_read_in_order_and_by_app<B: Books>(mut desk: Desk<B>) {
    two_events(&mut desk);
    desk.all(vec![open("O2", 2, 500), opened("O2"), paid("O2", 500, 3)]);
    let read = |after, limit, apps: &[&str]| {
        let apps = apps.iter().map(|app| (*app).to_owned()).collect();
        wait(desk.reads.events(after, limit, apps)).expect("readable")
    };
    let all = read(0, 10, &[]);
    assert_eq!(
        all.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(),
        ["order.paid", "refund.succeeded", "order.paid"]
    );
    assert!(all.windows(2).all(|pair| pair[0].feed_no < pair[1].feed_no));
    assert_eq!(read(all[0].feed_no, 1, &["tt0000000000000001"]), all[1..2]);
    assert_eq!(read(0, 10, &["tt2"]), []);
    assert_eq!(read(all[2].feed_no, 10, &[]), []);
}

pub(crate) fn nobody_waits_for_a_delivery_that_nobody_knows<B: Books>(mut desk: Desk<B>) {
    two_events(&mut desk);
    let first = lease(&mut desk, 10_000).remove(0);
    record(
        &mut desk,
        &DueEvent { id: "ord_0000000000000.1".to_owned(), ..first.clone() },
        1,
        DeliveryNext::Done,
    );
    record(&mut desk, &DueEvent { id: "nonsense".to_owned(), ..first.clone() }, 2, DeliveryNext::Done);
    record(&mut desk, &first, 3, DeliveryNext::Done);
    // A late word about a delivered event does not make it pending again.
    record(&mut desk, &first, 4, DeliveryNext::Retry { due_at: at(5) });
    assert_eq!(desk.timeline("O1").events[0].state, "delivered");
}
