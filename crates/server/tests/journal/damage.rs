//! Damaged rows and files that are no database.

use std::path::Path;

use douyin_pay_ledger::Refusal;
use douyin_pay_server::journal::SubmitError;
use douyin_pay_server::store::sqlite::{CopyError, SqliteReads, SqliteStore, back_up};

use crate::desk::{Desk, SqliteBooks, wait};
use crate::facts::{at, open, opened, paid, refund};

/// Changes the file behind the service's back.
fn tamper(path: &Path, sql: &str) {
    let file = rusqlite::Connection::open(path).expect("the same file");
    file.execute_batch(&format!("PRAGMA ignore_check_constraints = ON; {sql};")).expect("changed");
}

fn two_orders() -> Desk<SqliteBooks> {
    let mut desk = Desk::new(SqliteBooks::fresh());
    desk.all(vec![open("O1", 1, 1280), open("O2", 2, 1280), opened("O1"), opened("O2")]);
    desk
}

#[test]
fn a_row_that_cannot_be_read_quarantines_its_order_and_no_other() {
    let mut desk = two_orders();
    tamper(&desk.books.path(), "UPDATE orders SET state = 'melted' WHERE out_order_no = 'O1'");
    let answers = desk.try_all(vec![paid("O1", 1280, 1), paid("O2", 1280, 2)]);
    assert!(matches!(answers[0], Err(SubmitError::Quarantined(_))), "{answers:?}");
    assert!(answers[1].as_ref().is_ok_and(|it| it.verdict.is_ok()));
    let exceptions = desk.open_exceptions();
    assert_eq!(exceptions.len(), 1);
    assert!(exceptions[0].detail.contains("orders.state"), "{}", exceptions[0].detail);
    let mut desk = desk.crash();
    let again = desk.try_all(vec![paid("O1", 1280, 3), paid("O2", 1280, 4)]);
    assert!(matches!(again[0], Err(SubmitError::Quarantined(_))), "also after a restart: {again:?}");
    assert!(again[1].as_ref().is_ok_and(|it| it.verdict == Err(Refusal::Duplicate)));
    assert_eq!(desk.open_exceptions().len(), 1, "told once");
}

#[test]
fn a_damaged_order_that_is_due_holds_nobody_up() {
    let mut desk = two_orders();
    tamper(&desk.books.path(), "UPDATE orders SET total_fen = -5 WHERE out_order_no = 'O1'");
    let due = desk.ask(|journal| journal.lease_due_orders(at(600_000), 10, 30_000));
    assert_eq!(due.iter().map(|order| order.out_order_no.as_str()).collect::<Vec<_>>(), ["O2"]);
    assert_eq!(desk.open_exceptions()[0].kind, "quarantined");
    desk.all(vec![paid("O2", 1280, 1)]);
    assert!(desk.ask(|journal| journal.lease_due_orders(at(700_000), 10, 30_000)).is_empty());
    assert_eq!(desk.open_exceptions().len(), 1, "told once");
}

#[test]
fn a_missing_operation_is_noticed() {
    let mut desk = two_orders();
    desk.all(vec![paid("O1", 1280, 1), refund("O1", "R1", 100)]);
    tamper(&desk.books.path(), "DELETE FROM operations");
    let answers = desk.try_all(vec![refund("O1", "R2", 1280)]);
    assert!(matches!(answers[0], Err(SubmitError::Quarantined(_))), "{answers:?}");
}

#[test]
fn verification_finds_what_was_changed_behind_our_back() {
    let mut desk = two_orders();
    desk.all(vec![paid("O1", 1280, 1), paid("O2", 1280, 2)]);
    let all = wait(desk.reads.verify(None, 10)).expect("readable");
    assert_eq!((all.orders, all.facts, all.problems.len()), (2, 6, 0));
    let ids = [desk.order("O1").id, desk.order("O2").id];
    assert_eq!(all.last, Some(ids[1]));
    tamper(&desk.books.path(), "UPDATE orders SET paid_at = 7 WHERE out_order_no = 'O1'");
    tamper(&desk.books.path(), &format!("DELETE FROM facts WHERE seq = 2 AND order_id = {}", ids[1].get()));
    let all = wait(desk.reads.verify(None, 10)).expect("readable");
    let said: Vec<_> = all.problems.iter().map(|(id, said)| (*id, said.as_str())).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].0 == ids[0] && said[0].1.contains("paid_at"), "{said:?}");
    assert!(said[1].0 == ids[1] && said[1].1.contains("fact 3"), "{said:?}");
    let rest = wait(desk.reads.verify(Some(ids[0]), 10)).expect("readable");
    assert_eq!((rest.orders, rest.problems.len()), (1, 1));
    assert_eq!(wait(desk.reads.verify(Some(ids[1]), 10)).expect("readable").last, None);
}

#[test]
fn books_that_do_not_add_up_become_no_backup() {
    let mut desk = two_orders();
    desk.all(vec![paid("O1", 1280, 1)]);
    let to = desk.books.path().with_extension("backup");
    let copied = back_up(&desk.books.path(), &to, false, &mut |_| {}).expect("sound books");
    assert_eq!((copied.orders, copied.facts), (2, 5));
    tamper(&desk.books.path(), "UPDATE orders SET paid_at = 7 WHERE out_order_no = 'O1'");
    let refused = back_up(&desk.books.path(), &to, true, &mut |_| {}).expect_err("they do not add up");
    assert!(
        matches!(refused, CopyError::Unsound { .. }) && refused.to_string().contains("paid_at"),
        "{refused}"
    );
    let again =
        back_up(&to, &to.with_extension("copy"), false, &mut |_| {}).expect("the first backup is whole");
    assert_eq!(again.orders, 2);
}

#[test]
fn a_database_that_cannot_be_used_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("books.db");
    let said = |path: &Path| match SqliteStore::open(path) {
        Ok(_) => String::from("opened"),
        Err(cause) => cause.to_string(),
    };
    std::fs::write(&path, "this is no database, it only looks like a file with enough bytes to be one…")
        .expect("written");
    assert!(said(&path).contains("not a SQLite database"), "{}", said(&path));
    std::fs::remove_file(&path).expect("removed");
    assert!(SqliteReads::inline(&path).is_err(), "readers make no database");
    assert_eq!(said(&path), "opened");
    assert_eq!(said(&path), "opened", "and again");
    tamper(&path, "PRAGMA user_version = 99");
    assert!(said(&path).contains("newer version"), "{}", said(&path));
    let blocked = path.join("below").join("books.db");
    assert!(said(&blocked).contains("cannot be made"), "{}", said(&blocked));
    assert!(said(folder.path()).contains("cannot be opened"), "{}", said(folder.path()));
}
