//! Readers: threads with a connection each, or one connection read where it is asked.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, UnixMs};
use douyin_pay_ledger::{Order, OrderId};
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::bill::BillKind;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::open::failed;
use super::{bills, load, open, read, verify};
use crate::store::{
    BillKey, BillReads, BillRun, Counts, Difference, DifferenceFilter, DonePage, EventRow, ExceptionRow,
    FactRow, Found, Health, LoadKey, OrderFilter, Ours, PaidPage, Reads, Span, StoreError, Timeline,
    Verified,
};

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// More questions than this do not wait: whoever asks is told to come back.
const WAITING_MAX: usize = 4096;

/// The reading side of a SQLite database.
pub struct SqliteReads(Kind);

enum Kind {
    Threads(SyncSender<Query>),
    Inline(Mutex<Reader>),
}

/// A connection, and where it leads.
struct Reader {
    connection: Connection,
    /// Set while the disk takes nothing more: the books as they were left.
    frozen: Option<PathBuf>,
}

impl Reader {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let live = open::reader(path).and_then(|connection| {
            // The log's index is only made with the first look.
            let readable = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
            readable.map(|()| connection).map_err(failed)
        });
        match live {
            Ok(connection) => Ok(Self { connection, frozen: None }),
            Err(cause) => match open::frozen_reader(path) {
                Ok(connection) => Ok(Self { connection, frozen: Some(path.to_owned()) }),
                Err(_) => Err(cause),
            },
        }
    }

    /// The connection to ask; a frozen one is given up as soon as the disk is well again.
    fn connection(&mut self) -> &Connection {
        if let Some(path) = &self.frozen
            && let Ok(live) = Self::open(path)
            && live.frozen.is_none()
        {
            *self = live;
        }
        &self.connection
    }
}

impl SqliteReads {
    /// `count` threads, each with a connection of its own.
    ///
    /// # Errors
    /// When the database cannot be opened or a thread cannot be started.
    pub fn threads(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (queries, waiting) = sync_channel::<Query>(WAITING_MAX);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 1..=count.max(1) {
            let (mut reader, waiting) = (Reader::open(path)?, Arc::clone(&waiting));
            let thread = std::thread::Builder::new().name(format!("reader-{number}"));
            let started = thread.spawn(move || answer(&mut reader, &waiting));
            started.map_err(|cause| StoreError::Unavailable(format!("a reader cannot start: {cause}")))?;
        }
        Ok(Self(Kind::Threads(queries)))
    }

    /// One connection, read on the caller's thread.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub fn inline(path: &Path) -> Result<Self, StoreError> {
        Ok(Self(Kind::Inline(Mutex::new(Reader::open(path)?))))
    }

    fn ask<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<Result<T, StoreError>> {
        match &self.0 {
            Kind::Inline(reader) => {
                // A panic of another caller leaves a connection that can be read all the same.
                let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                Box::pin(std::future::ready(query(reader.connection())))
            }
            Kind::Threads(queries) => {
                let (answer, answered) = oneshot::channel();
                let query: Query = Box::new(move |connection| {
                    // Whoever asked may have hung up.
                    let _gone = answer.send(query(connection));
                });
                let sent = queries.try_send(query);
                Box::pin(async move {
                    let unavailable = |why: &str| StoreError::Unavailable(why.to_owned());
                    sent.map_err(|cause| match cause {
                        TrySendError::Full(_) => unavailable("too many questions to the books are waiting"),
                        TrySendError::Disconnected(_) => unavailable("the readers of the books have stopped"),
                    })?;
                    answered.await.unwrap_or_else(|_| Err(unavailable("a reader of the books broke down")))
                })
            }
        }
    }
}

/// One query at a time: whoever is free takes the next.
fn answer(reader: &mut Reader, waiting: &Mutex<Receiver<Query>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(query) = next else { return };
        // The caller sees that its answer never comes; the thread goes on with the next question.
        if catch_unwind(AssertUnwindSafe(|| query(reader.connection()))).is_err() {
            tracing::error!("a question to the books panicked");
        }
    }
}

impl BillReads for SqliteReads {
    fn bill_sides(&self, app_id: AppId, keys: Vec<BillKey>) -> BoxFuture<Result<Vec<Found>, StoreError>> {
        self.ask(move |connection| bills::sides(connection, &app_id, &keys))
    }

    fn paid_page(&self, page: PaidPage) -> BoxFuture<Result<Vec<Ours>, StoreError>> {
        self.ask(move |connection| bills::paid_page(connection, &page))
    }

    fn done_page(&self, page: DonePage) -> BoxFuture<Result<Vec<Ours>, StoreError>> {
        self.ask(move |connection| bills::done_page(connection, &page))
    }

    fn sellers(
        &self,
        app_id: AppId,
        created: Span,
        done: Span,
        limit: usize,
    ) -> BoxFuture<Result<Vec<String>, StoreError>> {
        self.ask(move |connection| bills::sellers(connection, &app_id, created, done, limit))
    }

    fn on_an_edge(&self, of: Vec<(OrderId, Option<u32>)>) -> BoxFuture<Result<Vec<bool>, StoreError>> {
        self.ask(move |connection| bills::on_an_edge(connection, &of))
    }

    fn bill_run(&self, id: i64) -> BoxFuture<Result<Option<BillRun>, StoreError>> {
        self.ask(move |connection| bills::run(connection, id))
    }

    fn bill_runs(
        &self,
        app_id: AppId,
        before: Option<i64>,
        limit: usize,
    ) -> BoxFuture<Result<Vec<BillRun>, StoreError>> {
        self.ask(move |connection| bills::runs(connection, &app_id, before, limit))
    }

    fn last_bill_run(&self) -> BoxFuture<Result<i64, StoreError>> {
        self.ask(bills::last_run)
    }

    fn was_matched(
        &self,
        app_id: AppId,
        day: UnixMs,
        kind: BillKind,
        merchants: Option<Vec<String>>,
    ) -> BoxFuture<Result<bool, StoreError>> {
        self.ask(move |connection| bills::was_matched(connection, &app_id, day, kind, merchants.as_deref()))
    }

    fn differences(&self, filter: DifferenceFilter) -> BoxFuture<Result<Vec<Difference>, StoreError>> {
        self.ask(move |connection| bills::differences(connection, &filter))
    }

    fn count_differences(&self, filter: DifferenceFilter) -> BoxFuture<Result<u64, StoreError>> {
        self.ask(move |connection| bills::count(connection, &filter))
    }
}

impl Reads for SqliteReads {
    fn orders_of(&self, keys: Vec<LoadKey>) -> BoxFuture<Result<Vec<Option<Order>>, StoreError>> {
        self.ask(move |connection| keys.iter().map(|key| load::by_key(connection, key)?).collect())
    }

    fn facts(&self, order: OrderId) -> BoxFuture<Result<Vec<FactRow>, StoreError>> {
        self.ask(move |connection| read::facts(connection, order))
    }

    fn timeline(&self, order: OrderId) -> BoxFuture<Result<Timeline, StoreError>> {
        self.ask(move |connection| read::timeline(connection, order))
    }

    fn orders(&self, filter: OrderFilter) -> BoxFuture<Result<Vec<Order>, StoreError>> {
        self.ask(move |connection| read::orders(connection, &filter))
    }

    fn events(
        &self,
        after: i64,
        limit: usize,
        app_ids: Vec<String>,
    ) -> BoxFuture<Result<Vec<EventRow>, StoreError>> {
        self.ask(move |connection| read::events(connection, after, limit, &app_ids))
    }

    fn exceptions(
        &self,
        open_only: bool,
        after: Option<i64>,
        limit: usize,
    ) -> BoxFuture<Result<Vec<ExceptionRow>, StoreError>> {
        self.ask(move |connection| read::exceptions(connection, open_only, after, limit))
    }

    fn next_order_due(&self) -> BoxFuture<Result<Option<UnixMs>, StoreError>> {
        self.ask(read::next_order_due)
    }

    fn next_event_due(&self) -> BoxFuture<Result<Option<UnixMs>, StoreError>> {
        self.ask(read::next_event_due)
    }

    fn health(&self) -> BoxFuture<Health> {
        let asked = self.ask(|connection| Ok(read::health(connection)));
        Box::pin(async move {
            asked.await.unwrap_or_else(|cause| Health { readable: false, problem: Some(cause.to_string()) })
        })
    }

    fn counts(&self) -> BoxFuture<Result<Counts, StoreError>> {
        self.ask(read::counts)
    }

    fn order_ids(&self, after: Option<OrderId>, limit: usize) -> BoxFuture<Result<Vec<OrderId>, StoreError>> {
        self.ask(move |connection| read::order_ids(connection, after, limit))
    }

    fn verify(&self, after: Option<OrderId>, limit: usize) -> BoxFuture<Result<Verified, StoreError>> {
        self.ask(move |connection| verify::next(connection, after, limit))
    }

    fn callback_body(&self, id: i64) -> BoxFuture<Result<Option<Bytes>, StoreError>> {
        self.ask(move |connection| read::callback_body(connection, id))
    }
}
