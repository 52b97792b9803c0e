//! A database that refuses, conflicts, panics or is full: nobody suffers who need not.

use std::sync::{Arc, Mutex};

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId, Refusal};
use douyin_pay_server::journal::{Decided, SubmitError};
use douyin_pay_server::store::{
    About, DueEvent, LoadKey, Loaded, Retained, Store, StoreError, Stranded, Writes,
};

use crate::desk::{Desk, SqliteBooks};
use crate::facts::{open, opened, paid};

type Trouble = Box<dyn FnMut(&Writes) -> Result<(), StoreError> + Send>;

/// A database that makes trouble before it writes.
struct Troubled {
    inner: Box<dyn Store>,
    trouble: Trouble,
}

impl Store for Troubled {
    fn begin(&mut self) -> Result<(), StoreError> {
        self.inner.begin()
    }
    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError> {
        self.inner.load_orders(keys)
    }
    fn stranded(&mut self, about: &[About]) -> Result<Vec<Stranded>, StoreError> {
        self.inner.stranded(about)
    }
    fn write(&mut self, writes: &Writes) -> Result<(), StoreError> {
        (self.trouble)(writes)?;
        self.inner.write(writes)
    }
    fn lease_due_orders(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<Result<Order, StoreError>>, StoreError> {
        self.inner.lease_due_orders(now, limit, until)
    }
    fn lease_due_events(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<DueEvent>, StoreError> {
        self.inner.lease_due_events(now, limit, until)
    }
    fn resend_event(&mut self, id: &str, now: UnixMs) -> Result<bool, StoreError> {
        self.inner.resend_event(id, now)
    }
    fn resolve_exception(&mut self, id: i64, by: &str, note: &str, at: UnixMs) -> Result<bool, StoreError> {
        self.inner.resolve_exception(id, by, note, at)
    }
    fn forget(&mut self, retained: &Retained) -> Result<usize, StoreError> {
        self.inner.forget(retained)
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

fn troubled(trouble: impl FnMut(&Writes) -> Result<(), StoreError> + Send + 'static) -> Desk<SqliteBooks> {
    let trouble = Box::new(trouble);
    Desk::over(SqliteBooks::fresh(), |inner| Box::new(Troubled { inner, trouble }))
}

/// Whether a batch changes this order, which exists already.
fn changes(writes: &Writes, no: &str) -> bool {
    writes.orders.iter().any(|it| it.before.is_some() && it.after.out_order_no.as_str() == no)
}

fn failures(answers: &[Result<Decided, SubmitError>]) -> Vec<&SubmitError> {
    let unchanged = answers.iter().flatten().filter(|it| it.verdict.is_err()).count();
    assert_eq!(unchanged, 0, "{answers:?}");
    answers.iter().filter_map(|answer| answer.as_ref().err()).collect()
}

/// Two hundred orders of which one is bad: 199 are paid, the bad one is quarantined.
fn one_in_two_hundred(desk: &mut Desk<SqliteBooks>) {
    let numbers: Vec<String> = (0..200).map(|index| format!("O{index}")).collect();
    desk.all(numbers.iter().zip(1..).map(|(no, random)| open(no, random, 1280)).collect());
    let answers = desk.try_all(numbers.iter().zip(1..).map(|(no, id)| paid(no, 1280, id)).collect());
    assert_eq!(failures(&answers), [&SubmitError::Quarantined(desk.order("O77").id)]);
    let exceptions = desk.open_exceptions();
    assert_eq!((exceptions.len(), exceptions[0].kind.as_str()), (1, "quarantined"));
    assert_eq!(exceptions[0].order_id, Some(desk.order("O77").id));
    let again = desk.try_all(vec![paid("O77", 1280, 999), paid("O78", 1280, 998)]);
    assert!(matches!(again[0], Err(SubmitError::Quarantined(_))), "it is left alone: {again:?}");
    assert!(again[1].as_ref().is_ok_and(|it| it.verdict == Err(Refusal::Duplicate)));
    assert_eq!(desk.verify(), 200);
}

#[test]
fn one_refused_submission_among_two_hundred_fails_alone() {
    let mut desk = troubled(|writes| match changes(writes, "O77") {
        true => Err(StoreError::Refused("a check failed".to_owned())),
        false => Ok(()),
    });
    one_in_two_hundred(&mut desk);
}

#[test]
fn one_panic_among_two_hundred_hurts_one_order() {
    let mut desk = troubled(|writes| {
        assert!(!changes(writes, "O77"), "our own fold disagrees");
        Ok(())
    });
    one_in_two_hundred(&mut desk);
    assert!(desk.open_exceptions()[0].detail.contains("our own fold disagrees"));
}

#[test]
fn a_quarantine_ends_when_a_human_resolves_it_and_survives_a_restart_until_then() {
    let mended = Arc::new(Mutex::new(false));
    let is_mended = Arc::clone(&mended);
    let mut desk = troubled(move |writes| {
        let bad = changes(writes, "O1") && !*is_mended.lock().expect("no panic");
        if bad { Err(StoreError::Refused("a check failed".to_owned())) } else { Ok(()) }
    });
    desk.all(vec![open("O1", 1, 1280)]);
    desk.try_all(vec![opened("O1")]);
    *mended.lock().expect("no panic") = true;
    let mut desk = desk.crash();
    let id = desk.order("O1").id;
    assert_eq!(failures(&desk.try_all(vec![opened("O1")])), [&SubmitError::Quarantined(id)]);
    assert!(desk.ask(|journal| journal.lease_due_orders(UnixMs::new(i64::MAX / 2), 10, 1)).is_empty());
    let exception = desk.open_exceptions()[0].id;
    assert!(desk.ask(|journal| journal.resolve_exception(exception, "ada", "mended", UnixMs::new(1))));
    desk.all(vec![opened("O1")]);
    desk.verify();
}

#[test]
fn a_new_order_that_is_refused_is_not_there_and_may_be_asked_for_again() {
    let mut tries = 0;
    let mut desk = troubled(move |writes| {
        let new = !writes.orders.is_empty();
        tries += i32::from(new);
        if new && tries == 1 { Err(StoreError::Refused("a check failed".to_owned())) } else { Ok(()) }
    });
    let refused = desk.try_all(vec![open("O1", 1, 1280)]);
    assert!(matches!(failures(&refused)[..], [SubmitError::Rejected(_)]), "{refused:?}");
    assert_eq!(desk.find("O1"), None);
    assert_eq!(desk.open_exceptions()[0].order_id, None);
    desk.all(vec![open("O1", 1, 1280)]);
}

#[test]
fn a_conflict_is_decided_again_and_one_that_stays_tells_one_caller() {
    let mut tries = 0;
    let mut desk = troubled(move |writes| {
        tries += 1;
        let taken = writes.orders.iter().any(|it| it.after.out_order_no.as_str() == "taken");
        if tries <= 2 || taken { Err(StoreError::Conflict) } else { Ok(()) }
    });
    desk.all(vec![open("O1", 1, 1280)]);
    let answers = desk.try_all(vec![open("O2", 2, 1), open("taken", 3, 1), open("O4", 4, 1)]);
    assert!(matches!(failures(&answers)[..], [SubmitError::Unavailable(_)]), "{answers:?}");
    assert!(answers[1].is_err());
    assert_eq!(desk.verify(), 3);
}

#[test]
fn a_full_disk_tells_everybody_why_and_nothing_is_half_written() {
    let full = Arc::new(Mutex::new(true));
    let is_full = Arc::clone(&full);
    let mut desk = troubled(move |_| match *is_full.lock().expect("no panic") {
        true => Err(StoreError::Unavailable("the disk is full; make room".to_owned())),
        false => Ok(()),
    });
    assert_eq!(desk.journal.problem(), None);
    let answers = desk.try_all(vec![open("O1", 1, 1280), open("O2", 2, 500)]);
    let told = SubmitError::Unavailable("the disk is full; make room".to_owned());
    assert_eq!(failures(&answers), [&told, &told]);
    assert_eq!(desk.journal.problem().as_deref(), Some("the disk is full; make room"));
    *full.lock().expect("no panic") = false;
    desk.all(vec![open("O1", 1, 1280)]);
    assert_eq!(desk.journal.problem(), None, "writing again");
    assert_eq!(desk.verify(), 1);
}
