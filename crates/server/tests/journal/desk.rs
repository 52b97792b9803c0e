//! A journal that is driven step by step, and answers that are looked at.

use std::path::{Path, PathBuf};

use douyin_pay_server::journal::{Decided, Journal, JournalWriter, Submission, SubmitError, journal};
use douyin_pay_server::store::sqlite::{SqliteReads, SqliteStore};
use douyin_pay_server::store::{Reads, Store};
use tokio::task::JoinHandle;

use crate::labels;

pub(crate) struct Desk {
    pub(crate) journal: Journal,
    pub(crate) writer: JournalWriter,
    pub(crate) reads: SqliteReads,
    pub(crate) path: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("books.db");
        Self::open(&path, Some(folder), |store| Box::new(store))
    }

    pub(crate) fn over(wrap: impl FnOnce(SqliteStore) -> Box<dyn Store>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("books.db");
        Self::open(&path, Some(folder), wrap)
    }

    /// Drops everything that was not committed and opens the same file again.
    pub(crate) fn crash(mut self) -> Self {
        let (path, folder) = (self.path.clone(), self._folder.take());
        drop(self);
        Self::open(&path, folder, |store| Box::new(store))
    }

    fn open(path: &Path, folder: Option<tempfile::TempDir>, wrap: impl FnOnce(SqliteStore) -> Box<dyn Store>) -> Self {
        let store = SqliteStore::open(path).expect("a new database");
        let (journal, writer) = journal(wrap(store), labels()).expect("a journal");
        let reads = SqliteReads::inline(path).expect("a reader");
        Self { journal, writer, reads, path: path.to_owned(), _folder: folder }
    }

    /// Submits all, lets the writer take one batch, and gives every answer.
    pub(crate) async fn submit_all(&mut self, all: Vec<Submission>) -> Vec<Result<Decided, SubmitError>> {
        let waiting: Vec<JoinHandle<_>> = all
            .into_iter()
            .map(|one| {
                let journal = self.journal.clone();
                tokio::spawn(async move { journal.submit(one).await })
            })
            .collect();
        // Every spawned submission has to reach the queue before the writer looks.
        while self.journal.waiting() < waiting.len() {
            tokio::task::yield_now().await;
        }
        while self.writer.step().jobs > 0 {}
        let mut answers = Vec::new();
        for one in waiting {
            answers.push(one.await.expect("a submission never panics"));
        }
        answers
    }

    pub(crate) async fn submit(&mut self, one: Submission) -> Result<Decided, SubmitError> {
        self.submit_all(vec![one]).await.remove(0)
    }

    pub(crate) async fn verify(&self) {
        for id in self.reads.order_ids(None, 10_000).await.expect("readable") {
            let facts = self.reads.facts(id).await.expect("readable");
            let folded = douyin_pay_ledger::fold(facts.iter().map(|row| (row.seq, &row.fact))).expect("facts add up");
            let key = douyin_pay_server::store::LoadKey::Id(id);
            let stored = self.reads.orders_of(vec![key]).await.expect("readable").remove(0).expect("stored");
            douyin_pay_ledger::check_projection(&stored, &folded).expect("projection = fold");
        }
    }
}

/// Chores, each awaited while the writer steps.
impl Desk {
    pub(crate) async fn order(&self, no: &str) -> douyin_pay_ledger::Order {
        let key = douyin_pay_server::store::LoadKey::Order(crate::app(), crate::number(no));
        self.reads.orders_of(vec![key]).await.expect("readable").remove(0).expect("stored")
    }

    pub(crate) async fn lease_events(&mut self, now: douyin_pay_env::UnixMs) -> Vec<douyin_pay_server::journal::DueEvent> {
        let journal = self.journal.clone();
        self.chore(async move { journal.lease_due_events(now, 10, 30_000).await }).await
    }

    pub(crate) async fn lease_orders(&mut self, now: douyin_pay_env::UnixMs) -> Vec<std::sync::Arc<douyin_pay_ledger::Order>> {
        let journal = self.journal.clone();
        self.chore(async move { journal.lease_due_orders(now, 10, 30_000).await }).await
    }

    pub(crate) async fn record(&mut self, record: douyin_pay_server::journal::DeliveryRecord) {
        let journal = self.journal.clone();
        self.chore(async move { journal.record_delivery(record).await }).await;
    }

    async fn chore<T: Send + 'static>(&mut self, asked: impl Future<Output = Result<T, SubmitError>> + Send + 'static) -> T {
        let asked = tokio::spawn(asked);
        while self.journal.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        while self.writer.step().jobs > 0 {}
        asked.await.expect("no panic").expect("carried out")
    }
}
