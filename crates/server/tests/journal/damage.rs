//! One bad submission, one bad row, one bad file: nobody else suffers.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use douyin_pay_server::journal::SubmitError;
use douyin_pay_server::store::sqlite::SqliteStore;
use douyin_pay_server::store::{DueEvent, LoadKey, Loaded, Reads, Store, StoreError, Stranded, Writes};

use crate::desk::Desk;
use crate::{app, number, open, opened_at_platform, paid};

/// A database that refuses whatever is written about one order.
struct Poisoned {
    inner: SqliteStore,
    number: &'static str,
}

impl Store for Poisoned {
    fn begin(&mut self) -> Result<(), StoreError> {
        self.inner.begin()
    }
    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError> {
        self.inner.load_orders(keys)
    }
    fn stranded(&mut self, app_id: &str, kind: &str, number: &str) -> Result<Vec<Stranded>, StoreError> {
        self.inner.stranded(app_id, kind, number)
    }
    fn first_seen(&mut self, app_id: &str, kind: &str, number: &str) -> Result<Option<UnixMs>, StoreError> {
        self.inner.first_seen(app_id, kind, number)
    }
    fn write(&mut self, writes: &Writes) -> Result<(), StoreError> {
        let poisoned = |order: &Order| order.out_order_no.as_str() == self.number && order.seq > 2;
        if writes.changed_orders.iter().any(|(order, _)| poisoned(order)) {
            return Err(StoreError::Refused("CHECK constraint failed".to_owned()));
        }
        self.inner.write(writes)
    }
    fn lease_due_orders(&mut self, now: UnixMs, limit: usize, until: UnixMs) -> Result<Vec<Order>, StoreError> {
        self.inner.lease_due_orders(now, limit, until)
    }
    fn lease_due_events(&mut self, now: UnixMs, limit: usize, until: UnixMs) -> Result<Vec<DueEvent>, StoreError> {
        self.inner.lease_due_events(now, limit, until)
    }
    fn resend_event(&mut self, id: &str, now: UnixMs) -> Result<bool, StoreError> {
        self.inner.resend_event(id, now)
    }
    fn resolve_exception(&mut self, id: i64, by: &str, note: &str, at: UnixMs) -> Result<bool, StoreError> {
        self.inner.resolve_exception(id, by, note, at)
    }
    fn forget(&mut self, callbacks_before: UnixMs, api_log_before: UnixMs) -> Result<usize, StoreError> {
        self.inner.forget(callbacks_before, api_log_before)
    }
    fn quarantined(&mut self) -> Result<Vec<OrderId>, StoreError> {
        self.inner.quarantined()
    }
    fn commit(&mut self) -> Result<(), StoreError> {
        self.inner.commit()
    }
    fn roll_back(&mut self) {
        self.inner.roll_back();
    }
}

#[tokio::test]
async fn one_poisoned_submission_among_two_hundred_fails_alone() {
    let mut desk = Desk::over(|inner| Box::new(Poisoned { inner, number: "O77" }));
    let numbers: Vec<String> = (0..200).map(|index| format!("O{index}")).collect();
    let opened = numbers.iter().zip(1..).map(|(no, random)| open(no, random, 1280)).collect();
    desk.submit_all(opened).await;
    desk.submit_all(numbers.iter().map(|no| opened_at_platform(no)).collect()).await;
    let answers = desk.submit_all(numbers.iter().zip(1..).map(|(no, callback)| paid(no, 1280, callback)).collect()).await;
    let failed: Vec<&Result<_, _>> = answers.iter().filter(|answer| !answer.as_ref().is_ok_and(|it| it.verdict.is_ok())).collect();
    assert_eq!(failed.len(), 1);
    assert!(matches!(failed[0], Err(SubmitError::Quarantined(_))), "{failed:?}");
    let exceptions = desk.reads.exceptions(true, None, 10).await.expect("readable");
    assert_eq!((exceptions.len(), exceptions[0].kind.as_str()), (1, "quarantined"));
    let again = desk.submit(paid("O77", 1280, 999)).await;
    assert!(matches!(again, Err(SubmitError::Quarantined(_))), "it is left alone: {again:?}");
    desk.verify().await;
}

#[tokio::test]
async fn a_row_that_cannot_be_read_quarantines_its_order_and_no_other() {
    let mut desk = Desk::new();
    desk.submit_all(vec![open("O1", 1, 1280), open("O2", 2, 1280), opened_at_platform("O1"), opened_at_platform("O2")]).await;
    let damage = rusqlite::Connection::open(&desk.path).expect("the same file");
    damage.execute("UPDATE orders SET state = 'melted' WHERE out_order_no = 'O1'", []).expect("damaged");
    drop(damage);
    let answers = desk.submit_all(vec![paid("O1", 1280, 1), paid("O2", 1280, 2)]).await;
    assert!(matches!(answers[0], Err(SubmitError::Quarantined(_))), "{:?}", answers[0]);
    assert!(answers[1].as_ref().is_ok_and(|it| it.verdict.is_ok()));
    let mut desk = desk.crash();
    let again = desk.submit(paid("O1", 1280, 3)).await;
    assert!(matches!(again, Err(SubmitError::Quarantined(_))), "also after a restart: {again:?}");
    assert_eq!(desk.order("O2").await.out_order_no, number("O2"));
    assert_eq!(desk.order("O2").await.app_id, app());
}

#[test]
fn a_database_that_cannot_be_used_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("books.db");
    let said = |path: &std::path::Path| match SqliteStore::open(path) {
        Ok(_) => String::from("opened"),
        Err(cause) => cause.to_string(),
    };
    std::fs::write(&path, "this is no database, it only looks like a file with enough bytes to be one…").expect("written");
    assert!(said(&path).contains("not a SQLite database"), "{}", said(&path));
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(said(&path), "opened");
    let newer = rusqlite::Connection::open(&path).expect("the file");
    newer.pragma_update(None, "user_version", 99).expect("changed");
    drop(newer);
    assert!(said(&path).contains("newer version"), "{}", said(&path));
    let blocked = path.join("below").join("books.db");
    assert!(said(&blocked).contains("cannot be made"), "{}", said(&blocked));
}
