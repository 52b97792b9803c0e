//! A journal that is driven step by step over any database.

use std::future::Future;
use std::sync::Arc;

use douyin_pay_ledger::{Order, Refusal};
use douyin_pay_server::journal::{
    Answered, AppLabel, Decided, Journal, JournalWriter, Submission, SubmitError, journal,
};
use douyin_pay_server::store::sqlite::{SqliteReads, SqliteStore};
use douyin_pay_server::store::{ExceptionRow, LoadKey, Reads, Store, Timeline};
use futures_util::FutureExt;

use crate::facts::{app, number};

/// A database under test: whenever it is opened, everything that was committed is there.
pub(crate) trait Books {
    fn open(&self) -> (Box<dyn Store>, Box<dyn Reads>);
}

/// A SQLite file in a temporary folder.
pub(crate) struct SqliteBooks {
    folder: tempfile::TempDir,
}

impl SqliteBooks {
    pub(crate) fn fresh() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("books.db")
    }
}

impl Books for SqliteBooks {
    fn open(&self) -> (Box<dyn Store>, Box<dyn Reads>) {
        let store = SqliteStore::open(&self.path()).expect("a database");
        (Box::new(store), Box::new(SqliteReads::inline(&self.path()).expect("a reader")))
    }
}

pub(crate) struct Desk<B> {
    pub(crate) books: B,
    pub(crate) journal: Journal,
    pub(crate) writer: JournalWriter,
    pub(crate) reads: Box<dyn Reads>,
}

impl<B: Books> Desk<B> {
    pub(crate) fn new(books: B) -> Self {
        Self::over(books, |store| store)
    }

    /// A desk whose database is seen through `wrap`.
    pub(crate) fn over(books: B, wrap: impl FnOnce(Box<dyn Store>) -> Box<dyn Store>) -> Self {
        let (store, reads) = books.open();
        let label = AppLabel { name: "coffee".to_owned(), deliver: true };
        let (journal, writer) =
            journal(wrap(store), Arc::new(move |_| Some(label.clone()))).expect("a journal");
        Self { books, journal, writer, reads }
    }

    /// Drops everything that was not committed and opens the same database again.
    pub(crate) fn crash(self) -> Self {
        let Self { books, journal, writer, reads } = self;
        drop((journal, writer, reads));
        Self::new(books)
    }

    pub(crate) fn drain(&mut self) {
        while self.writer.step().jobs > 0 {}
    }

    /// Submits all as one batch and gives every answer.
    pub(crate) fn try_all(&mut self, all: Vec<Submission>) -> Vec<Result<Decided, SubmitError>> {
        let answers: Vec<_> = all.into_iter().map(|one| self.journal.submit(one)).collect();
        self.drain();
        answers.into_iter().map(|answer| answer.now_or_never().expect("a step answers everybody")).collect()
    }

    /// Submits all as one batch; every one must change something.
    pub(crate) fn all(&mut self, all: Vec<Submission>) -> Vec<Decided> {
        let answers = self.try_all(all);
        answers
            .into_iter()
            .map(|answer| {
                let decided = answer.expect("decided");
                assert!(decided.verdict.is_ok(), "{decided:?}");
                decided
            })
            .collect()
    }

    pub(crate) fn one(&mut self, one: Submission) -> Decided {
        self.try_all(vec![one]).remove(0).expect("decided")
    }

    pub(crate) fn refused(&mut self, one: Submission) -> Refusal {
        self.one(one).verdict.expect_err("refused")
    }

    pub(crate) fn ask<T>(&mut self, ask: impl FnOnce(&Journal) -> Answered<T>) -> T {
        let answer = ask(&self.journal);
        self.drain();
        answer.now_or_never().expect("a step answers everybody").unwrap_or_else(|cause| panic!("{cause}"))
    }

    pub(crate) fn find(&self, no: &str) -> Option<Order> {
        let key = LoadKey::Order(app(), number(no));
        wait(self.reads.orders_of(vec![key])).expect("readable").remove(0)
    }

    pub(crate) fn order(&self, no: &str) -> Order {
        self.find(no).expect("stored")
    }

    pub(crate) fn timeline(&self, no: &str) -> Timeline {
        wait(self.reads.timeline(self.order(no).id)).expect("readable")
    }

    pub(crate) fn open_exceptions(&self) -> Vec<ExceptionRow> {
        wait(self.reads.exceptions(true, None, 100)).expect("readable")
    }

    /// Every order is what its facts add up to; how many orders there are.
    pub(crate) fn verify(&self) -> usize {
        let verified = wait(self.reads.verify(None, 10_000)).expect("readable");
        assert_eq!(verified.problems, []);
        verified.orders
    }
}

/// Waits for a reader, whatever thread it works on.
pub(crate) fn wait<T>(answer: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(answer)
}
