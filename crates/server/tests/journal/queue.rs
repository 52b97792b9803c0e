//! The queue: bounded, and nobody who hangs up takes anything with him.

use std::sync::Arc;

use douyin_pay_ledger::OrderState;
use douyin_pay_server::journal::{ApiLogRow, BATCH_MAX, QUEUE_MAX, SubmitError, UnverifiedRow, journal};
use douyin_pay_server::store::sqlite::{SqliteReads, SqliteStore};
use douyin_pay_server::store::{LoadKey, Reads};
use futures_util::FutureExt;

use crate::desk::{Desk, SqliteBooks, wait};
use crate::facts::{app, at, number, open, opened, paid};

fn call(ms: i64) -> ApiLogRow {
    ApiLogRow {
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

#[test]
fn a_full_queue_turns_away_and_notes_leave_room_for_what_matters() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    (0..8192).for_each(|ms| desk.journal.log_call(call(ms)));
    let waiting = desk.journal.waiting();
    assert!(waiting < QUEUE_MAX, "notes never fill the queue: {waiting}");
    let orders: Vec<_> = (0..)
        .map(|index| desk.journal.submit(open(&format!("O{index}"), index, 100)))
        .take(QUEUE_MAX - waiting)
        .collect();
    let refused = desk.journal.submit(open("late", 1, 100)).now_or_never();
    assert_eq!(refused.expect("at once").expect_err("full"), SubmitError::Full);
    assert_eq!(desk.writer.step().jobs, BATCH_MAX, "a batch is bounded");
    desk.drain();
    assert!(orders.into_iter().all(|order| order.now_or_never().is_some_and(|it| it.is_ok())));
    assert_eq!(desk.journal.waiting(), 0);
    assert_eq!(desk.find("late"), None);
}

#[test]
fn a_lost_waiter_withdraws_nothing() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    drop(desk.journal.submit(open("O1", 1, 1280)));
    drop(desk.journal.submit(paid("O1", 1280, 1)));
    desk.drain();
    assert_eq!(desk.order("O1").state, OrderState::Paid);
}

#[test]
fn a_callback_that_is_too_large_is_not_taken() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    let mut huge = paid("O1", 1280, 1);
    huge.callback.as_mut().expect("a callback").body = vec![b' '; (1 << 20) + 1].into();
    assert_eq!(desk.try_all(vec![huge]).remove(0).expect_err("too large"), SubmitError::TooLarge);
}

#[test]
fn the_signal_tells_of_work_and_not_of_notes() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    let mut changed = desk.journal.changed();
    changed.borrow_and_update();
    desk.journal.log_call(call(1));
    desk.drain();
    assert!(!changed.has_changed().expect("a writer"));
    desk.all(vec![open("O1", 1, 1280)]);
    assert!(changed.has_changed().expect("a writer"));
    changed.borrow_and_update();
    desk.one(open("O1", 1, 1280));
    assert!(!changed.has_changed().expect("a writer"), "a duplicate is no work");
}

#[test]
fn unverified_deliveries_are_a_ring_of_beginnings() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    let body = bytes::Bytes::from(vec![b'x'; UnverifiedRow::BODY_BYTES_MAX + 100]);
    for (app, count) in [("coffee", 1_200), ("tea", 3)] {
        for ms in 0..count {
            let body = if ms == 1_199 { body.clone() } else { bytes::Bytes::from_static(b"?") };
            let reason = "no token fits".to_owned();
            desk.journal.note_unverified(UnverifiedRow { app: app.to_owned(), at: at(ms), reason, body });
        }
        desk.drain();
    }
    let file = rusqlite::Connection::open(desk.books.path()).expect("the same file");
    let kept = |app: &str| -> (i64, i64, i64) {
        let sql = "SELECT count(*), min(at), max(length(body)) FROM unverified WHERE app = ?1";
        file.query_row(sql, [app], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("readable")
    };
    assert_eq!(kept("coffee"), (1_000, at(200).get(), 16 * 1024));
    assert_eq!(kept("tea"), (3, at(0).get(), 1));
}

#[test]
fn a_writer_that_is_waited_for_takes_what_woke_it() {
    let mut desk = Desk::new(SqliteBooks::fresh());
    assert_eq!(desk.writer.wait().now_or_never(), None);
    let answer = desk.journal.submit(open("O1", 1, 1280));
    assert_eq!(desk.writer.wait().now_or_never(), Some(true));
    assert_eq!(desk.writer.wait().now_or_never(), Some(true), "it is still there");
    assert_eq!(desk.writer.step().jobs, 1);
    assert!(answer.now_or_never().is_some());
}

#[test]
fn threads_write_read_and_checkpoint_side_by_side() {
    let books = SqliteBooks::fresh();
    let store = SqliteStore::open(&books.path()).and_then(SqliteStore::with_checkpoint_thread);
    let (journal, writer) =
        journal(Box::new(store.expect("a database")), Arc::new(|_| None)).expect("a journal");
    let thread = writer.run_on_thread().expect("a thread");
    let reads = SqliteReads::threads(&books.path(), 3).expect("readers");
    wait(async {
        for index in 0..300 {
            let no = format!("O{index}");
            for step in
                [open(&no, index, 1280), opened(&no), paid(&no, 1280, i64::try_from(index).expect("small"))]
            {
                assert!(journal.submit(step).await.expect("decided").verdict.is_ok());
            }
            let found = reads.orders_of(vec![LoadKey::Order(app(), number(&no))]).await.expect("readable");
            assert!(
                found[0].as_ref().is_some_and(|order| order.state == OrderState::Paid),
                "read your writes"
            );
        }
        let verified = reads.verify(None, 1_000).await.expect("readable");
        assert_eq!((verified.orders, verified.problems), (300, vec![]));
    });
    drop(journal);
    thread.join().expect("the writer ends with its last handle");
}
