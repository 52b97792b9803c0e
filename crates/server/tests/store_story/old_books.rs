//! Databases of earlier schemas are opened, read and gone on with.

use douyin_pay_ledger::{OperationKind, OperationState, OrderState};
use douyin_pay_server::store::sqlite::schema;
use rusqlite::Connection;

use crate::desk::{Desk, SqliteBooks, wait};
use crate::facts::{fen, open, out_no, paid, receiver, refund, settle, take_back};

/// The migrations that earlier programs knew.
const MIGRATIONS: [&str; 3] = [
    include_str!("../../migrations/sqlite/0001_books.sql"),
    include_str!("../../migrations/sqlite/0002_given_up_and_imported.sql"),
    include_str!("../../migrations/sqlite/0003_trade.sql"),
];
/// What the program of schema 2 wrote: O1 paid, with operations; O2 waits; O3 is closed; O4 opens; a payment of O9, which
/// nobody knew.
const SCHEMA_2: &str = include_str!("books_of_schema_2.sql");
/// What the program of schema 3 wrote: O1 paid, with a refund and a settlement that are done; O2 waits; O3 is closed; O4
/// opens; M1 of the general trade system, paid, with a refund that waits for the merchant; an application about M9.
const SCHEMA_3: &str = include_str!("books_of_schema_3.sql");

fn old_books(schema: u16, rows: &str) -> SqliteBooks {
    let books = SqliteBooks::fresh();
    let connection = Connection::open(books.path()).expect("a database");
    connection.pragma_update(None, "journal_mode", "WAL").expect("a log");
    for sql in MIGRATIONS[..usize::from(schema)].iter().copied().chain([rows]) {
        connection.execute_batch(sql).expect("what the earlier program wrote");
    }
    connection.pragma_update(None, "user_version", schema).expect("a version");
    books
}

#[test]
fn schema_2_is_brought_up_to_date_and_nothing_is_lost() {
    let books = old_books(2, SCHEMA_2);
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

#[test]
fn schema_3_is_brought_up_to_date_and_old_shares_can_come_back() {
    let books = old_books(3, SCHEMA_3);
    let path = books.path();
    let mut desk = Desk::new(books);
    let now = schema(&path).expect("a database");
    assert_eq!(now.found, now.newest);
    assert_eq!(desk.verify(), 5, "every order is what its old facts add up to");
    let order = desk.order("O1");
    let settlement = order.operation(OperationKind::Settlement, &out_no("S1")).expect("stored");
    assert_eq!((settlement.state, settlement.rake), (OperationState::Succeeded, Some(fen(7))));
    assert_eq!(order.plan, None, "nothing was agreed to happen by itself");
    let trade = desk.order("M1");
    assert_eq!((trade.state, trade.items().len(), trade.operations.len()), (OrderState::Paid, 2, 1));
    desk.all(vec![take_back("O1", "T1", "S1", 40), paid("O2", 500, 8), settle("O2", "S2", 10)]);
    assert_eq!(desk.order("O1").returnable(&out_no("S1"), &receiver()), fen(20));
    let desk = desk.crash();
    assert_eq!(desk.verify(), 5);
    let order = desk.order("O1");
    let back = order.operation(OperationKind::Return, &out_no("T1")).expect("stored");
    assert_eq!(back.settlement(), Some(&out_no("S1")));
}
