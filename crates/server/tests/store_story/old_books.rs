//! A database of an earlier schema is opened, read and gone on with.

use douyin_pay_ledger::{OperationKind, OperationState, OrderState};
use douyin_pay_server::store::sqlite::schema;
use rusqlite::Connection;

use crate::desk::{Desk, SqliteBooks, wait};
use crate::facts::{open, out_no, paid, refund};

/// The migrations that the earlier program knew.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../migrations/sqlite/0001_books.sql"),
    include_str!("../../migrations/sqlite/0002_given_up_and_imported.sql"),
];
/// What it wrote: O1 paid, with operations; O2 waits; O3 is closed; O4 opens; a payment of O9, which nobody knew.
const ROWS: &str = include_str!("books_of_schema_2.sql");

fn old_books() -> SqliteBooks {
    let books = SqliteBooks::fresh();
    let connection = Connection::open(books.path()).expect("a database");
    connection.pragma_update(None, "journal_mode", "WAL").expect("a log");
    for sql in MIGRATIONS.into_iter().chain([ROWS]) {
        connection.execute_batch(sql).expect("what the earlier program wrote");
    }
    connection.pragma_update(None, "user_version", 2_i64).expect("a version");
    books
}

#[test]
fn an_earlier_schema_is_brought_up_to_date_and_nothing_is_lost() {
    let books = old_books();
    let path = books.path();
    let mut desk = Desk::new(books);
    let now = schema(&path).expect("a database");
    assert_eq!(now.found, now.newest);
    assert_eq!(desk.verify(), 4, "every order is what its old facts add up to");
    let order = desk.order("O1");
    let state = |kind, number| order.operation(kind, &out_no(number)).expect("stored").state;
    assert_eq!(order.state, OrderState::Paid);
    assert_eq!(state(OperationKind::Refund, "R1"), OperationState::Succeeded);
    assert_eq!(state(OperationKind::Refund, "R2"), OperationState::Failed);
    assert_eq!(state(OperationKind::Settlement, "S1"), OperationState::Requested);
    let timeline = desk.timeline("O1");
    assert_eq!((timeline.callbacks.len(), timeline.calls.len()), (2, 1));
    assert!(
        timeline.events.iter().all(|event| event.body.starts_with("{\"type\":\"")),
        "{:?}",
        timeline.events
    );
    let body = wait(desk.reads.callback_body(timeline.callbacks[0].id)).expect("readable").expect("kept");
    assert!(body.starts_with(b"{") && body.ends_with(b"}"), "{body:?}");
    // What waited for its number still does, and the old orders go on.
    desk.all(vec![open("O9", 9, 1280), paid("O2", 500, 3), refund("O1", "R3", 10)]);
    assert_eq!(desk.order("O9").state, OrderState::Paid, "the stored callback was told");
    let desk = desk.crash();
    assert_eq!(desk.verify(), 5);
    assert_eq!(desk.order("O1").operations.len(), 4);
}
