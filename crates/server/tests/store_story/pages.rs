//! What people look at: pages, exceptions, calls, counts.

use douyin_pay_ledger::{Exception, OrderState, System};
use douyin_pay_server::store::{ApiLogRow, OrderFilter, Retained};

use crate::desk::{Books, Desk, wait};
use crate::facts::{app, at, open, opened, paid};

pub(crate) fn orders_are_paged_from_the_newest<B: Books>(mut desk: Desk<B>) {
    desk.all((1..=5).map(|index| open(&format!("O{index}"), index, 100)).collect());
    desk.all(vec![opened("O2"), paid("O2", 100, 1), paid("O4", 100, 2)]);
    let filter =
        OrderFilter { app_id: app(), state: None, system: None, from: None, to: None, after: None, limit: 2 };
    let page = |filter: OrderFilter| {
        let orders = wait(desk.reads.orders(filter)).expect("readable");
        let numbers: Vec<_> = orders.iter().map(|order| order.out_order_no.to_string()).collect();
        (numbers, orders.last().map(|order| order.id))
    };
    let (first, last) = page(filter.clone());
    assert_eq!(first, ["O5", "O4"]);
    let (second, last) = page(OrderFilter { after: last, ..filter.clone() });
    assert_eq!(second, ["O3", "O2"]);
    assert_eq!(page(OrderFilter { after: last, ..filter.clone() }).0, ["O1"]);
    assert_eq!(page(OrderFilter { state: Some(OrderState::Paid), ..filter.clone() }).0, ["O4", "O2"]);
    assert!(page(OrderFilter { from: Some(at(1)), ..filter.clone() }).0.is_empty());
    assert_eq!(page(OrderFilter { from: Some(at(0)), to: Some(at(1)), ..filter.clone() }).0, ["O5", "O4"]);
    assert_eq!(page(OrderFilter { system: Some(System::Ecpay), ..filter.clone() }).0, ["O5", "O4"]);
    assert!(page(OrderFilter { system: Some(System::Trade), ..filter.clone() }).0.is_empty());
    let stranger = "tt2".parse().expect("an app id");
    assert!(page(OrderFilter { app_id: stranger, ..filter }).0.is_empty());
}

pub(crate) fn exceptions_open_once_and_may_open_again<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280)]);
    let order = Some(desk.order("O1").id);
    let exception =
        |detail: &str| Exception { kind: Exception::BOOKS_DISAGREE, order, detail: detail.to_owned() };
    for detail in ["fees", "fees", "refunds"] {
        let exception = exception(detail);
        desk.ask(|journal| journal.raise(exception, at(1)));
    }
    let rows = desk.open_exceptions();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].detail.as_str(), rows[0].repeats, rows[0].opened_at), ("fees; refunds", 2, at(1)));
    assert!(desk.ask(|journal| journal.resolve_exception(rows[0].id, "ada", "mended", at(2))));
    assert!(!desk.ask(|journal| journal.resolve_exception(rows[0].id, "ada", "again", at(3))));
    assert!(!desk.ask(|journal| journal.resolve_exception(rows[0].id + 1, "ada", "none", at(3))));
    assert_eq!(desk.open_exceptions(), []);
    let again = exception("fees");
    desk.ask(|journal| journal.raise(again, at(4)));
    let all = wait(desk.reads.exceptions(false, None, 10)).expect("readable");
    assert_eq!(all.iter().map(|row| row.resolved_by.as_deref()).collect::<Vec<_>>(), [None, Some("ada")]);
    let older = wait(desk.reads.exceptions(false, Some(all[0].id), 10)).expect("readable");
    assert_eq!(older, all[1..]);
}

pub(crate) fn calls_stand_in_the_timeline<B: Books>(mut desk: Desk<B>) {
    desk.all(vec![open("O1", 1, 1280)]);
    let row = ApiLogRow {
        app_id: app(),
        order_id: Some(desk.order("O1").id),
        endpoint: "query_order",
        at: at(30),
        millis: 12,
        outcome: "ok".to_owned(),
        err_no: Some(0),
        http_status: Some(200),
        log_id: Some("2024".to_owned()),
        attempt: 1,
    };
    desk.journal.log_call(row.clone());
    desk.journal.log_call(ApiLogRow { order_id: None, ..row.clone() });
    desk.drain();
    assert_eq!(desk.timeline("O1").calls, [row]);
}

pub(crate) fn old_rows_are_forgotten_in_bites<B: Books>(mut desk: Desk<B>) {
    desk.try_all((1..=700).map(|id| paid(&format!("O{id}"), 100, id)).collect());
    let mut forget = |before| {
        let retained = Retained { callbacks_from: at(before), api_log_from: at(0), bills_from: at(0) };
        desk.ask(|journal| journal.forget(retained))
    };
    assert_eq!(forget(2000), 0, "none is that old");
    assert_eq!(forget(2602), 500);
    assert_eq!(forget(2602), 101);
    assert_eq!(forget(2602), 0);
    assert_eq!(wait(desk.reads.callback_body(601)), Ok(None));
    assert!(wait(desk.reads.callback_body(602)).expect("readable").is_some());
    desk.all(vec![open("O1", 1, 100), open("O650", 2, 100)]);
    assert_eq!((desk.order("O1").state, desk.order("O650").state), (OrderState::Opening, OrderState::Paid));
}

pub(crate) fn the_counts_say_what_waits<B: Books>(mut desk: Desk<B>) {
    let empty = wait(desk.reads.counts()).expect("readable");
    assert_eq!((empty.pending_orders, empty.pending_events, empty.oldest_pending_event), (0, 0, None));
    desk.all(vec![open("O1", 1, 1280), open("O2", 2, 500), paid("O2", 500, 1)]);
    desk.one(paid("O9", 500, 2));
    let counts = wait(desk.reads.counts()).expect("readable");
    assert_eq!((counts.pending_orders, counts.pending_events, counts.open_exceptions), (1, 1, 1));
    assert_eq!(counts.oldest_pending_event, Some(at(2001)));
    assert!(wait(desk.reads.health()).readable);
    let ids = wait(desk.reads.order_ids(None, 10)).expect("readable");
    assert_eq!(wait(desk.reads.order_ids(Some(ids[0]), 10)), Ok(ids[1..].to_vec()));
}
