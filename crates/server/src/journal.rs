//! The one path of every change: submissions are taken in batches, decided, committed, answered.
//!
//! ```text
//! callback ─┐                     ┌─ load ─ decide ─ write ─┐
//! api ──────┼─▶ queue ─▶ take all ┤     one transaction     ├─ commit ─▶ answer everybody
//! workers ──┘   bounded           └─────────────────────────┘
//! ```
//!
//! No timer and no delay: an idle journal costs nothing, a busy one takes larger batches.

mod batch;
mod chores;
mod writer;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Fact, OperationKind, Order, OrderId, Refusal};
use douyin_pay_protocol::{AppId, OutNo, OutOrderNo, PlatformNo};
use tokio::sync::{mpsc, oneshot, watch};

pub use crate::store::{ApiLogRow, DeliveryNext, DeliveryRecord, DueEvent, UnverifiedRow};
use crate::store::{BillWrite, Retained, Store, StoreError};
use chores::Chore;
pub use writer::{JournalWriter, Worked};

/// How many submissions may wait; more are turned away with [`SubmitError::Full`].
pub const QUEUE_MAX: usize = 4096;
/// The largest batch.
pub const BATCH_MAX: usize = 512;
/// Places in the queue that notes about calls leave free.
const NOTES_RESERVE: usize = QUEUE_MAX / 8;
/// A larger fact or callback is not taken.
pub const SUBMISSION_BYTES_MAX: usize = 1 << 20;

/// Which order a fact is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The order that the fact opens.
    New,
    /// By its id.
    Id(OrderId),
    /// By the merchant's number.
    Order(AppId, OutOrderNo),
    /// By the number of one of its operations.
    Operation(AppId, OperationKind, OutNo),
    /// By the operation's number, else by the order's: the platform may have started the operation itself.
    OperationOrOrder {
        /// The mini-program.
        app_id: AppId,
        /// The operation's kind.
        kind: OperationKind,
        /// The operation's number.
        out_no: OutNo,
        /// The merchant's number of the order.
        out_order_no: Option<OutOrderNo>,
        /// The platform's number of the order.
        platform_order_id: Option<PlatformNo>,
    },
}

/// A verified callback, as it arrived.
#[derive(Debug, Clone)]
pub struct CallbackArrival {
    /// Made at arrival: sorts by time.
    pub id: i64,
    /// The mini-program.
    pub app_id: AppId,
    /// `payment`, `refund`, `settle`, …
    pub kind: String,
    /// The merchant's number that it is about.
    pub number: String,
    /// When it arrived.
    pub received_at: UnixMs,
    /// The raw body.
    pub body: Bytes,
}

/// A fact on its way into the ledger.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Which order it is about.
    pub key: Key,
    /// What happened.
    pub fact: Fact,
    /// The callback that says so.
    pub callback: Option<CallbackArrival>,
}

/// What became of a submission, after the commit.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Changed, with warnings; or why nothing changed.
    pub verdict: Result<Vec<String>, Refusal>,
    /// The order after it, if there is one.
    pub order: Option<Arc<Order>>,
    /// For an unknown number: when we first heard of it.
    pub first_seen: Option<UnixMs>,
}

/// Why a submission was not decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too much is waiting.
    #[error("too many changes are waiting; try again in a moment")]
    Full,
    /// The database cannot be written.
    #[error("the books cannot be written: {0}")]
    Unavailable(String),
    /// The order is damaged and left alone until a human has looked.
    #[error("order {0} is quarantined; see its exception")]
    Quarantined(OrderId),
    /// The submission cannot be stored, and no order is known to blame.
    #[error("the books refuse this submission: {0}")]
    Rejected(String),
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopped,
    /// Larger than [`SUBMISSION_BYTES_MAX`].
    #[error("the submission is larger than {SUBMISSION_BYTES_MAX} bytes")]
    TooLarge,
}

/// An app's name in events, and whether anybody hears them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppLabel {
    /// The name in the configuration.
    pub name: String,
    /// Whether a webhook is configured.
    pub deliver: bool,
}

/// Looks up an app's label; `None` for an app that is not configured.
pub type AppLabels = Arc<dyn Fn(&AppId) -> Option<AppLabel> + Send + Sync>;

pub(crate) type Answer<T> = oneshot::Sender<Result<T, SubmitError>>;

/// What waits in the queue.
pub(crate) enum Job {
    Submit(Box<Submission>, Answer<Decided>),
    Chore(Chore),
}

/// What the writer last said about the database.
#[derive(Clone, Default)]
pub(crate) struct Condition(Arc<Mutex<Option<String>>>);

impl Condition {
    fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, problem: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = problem;
    }
}

/// A handle to the journal; clones lead to the same queue.
///
/// Every method puts its wish into the queue when it is called; the future only waits for the answer.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Job>,
    changed: watch::Receiver<()>,
    condition: Condition,
}

/// A journal over a store, and the writer that must be driven: by a thread, or step by step.
///
/// # Errors
/// When the store cannot be read.
///
/// ```
/// use std::sync::Arc;
///
/// use douyin_pay_env::UnixMs;
/// use douyin_pay_server::journal::journal;
/// use douyin_pay_server::store::sqlite::SqliteStore;
/// use futures_util::FutureExt;
///
/// let folder = tempfile::tempdir().unwrap();
/// let store = SqliteStore::open(&folder.path().join("books.db")).unwrap();
/// let (journal, mut writer) = journal(Box::new(store), Arc::new(|_app| None)).unwrap();
///
/// let due = journal.lease_due_orders(UnixMs::new(1_767_225_600_000), 50, 30_000);
/// assert_eq!(writer.step().jobs, 1);
/// assert_eq!(due.now_or_never(), Some(Ok(vec![])));
/// ```
pub fn journal(store: Box<dyn Store>, labels: AppLabels) -> Result<(Journal, JournalWriter), StoreError> {
    let (queue, waiting) = mpsc::channel(QUEUE_MAX);
    let (signal, changed) = watch::channel(());
    let condition = Condition::default();
    let writer = JournalWriter::new(store, labels, waiting, signal, condition.clone())?;
    Ok((Journal { queue, changed, condition }, writer))
}

impl Journal {
    /// Submits a fact; answers only after the commit. Dropping the future withdraws nothing.
    ///
    /// # Errors
    /// When the fact could not be decided; nothing was changed then. After [`SubmitError::Unavailable`] and
    /// [`SubmitError::Stopped`] submit the same again: if it was written after all, it meets a duplicate.
    pub fn submit(&self, submission: Submission) -> Answered<Decided> {
        let too_large =
            submission.callback.as_ref().is_some_and(|callback| callback.body.len() > SUBMISSION_BYTES_MAX);
        if too_large {
            return Answered(Err(SubmitError::TooLarge));
        }
        self.ask(|answer| Job::Submit(Box::new(submission), answer))
    }

    /// Takes orders that are due, for `lease_ms`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn lease_due_orders(&self, now: UnixMs, limit: usize, lease_ms: i64) -> Answered<Vec<Arc<Order>>> {
        let until = now.plus_ms(lease_ms);
        self.chore(|answer| Chore::LeaseOrders { now, limit, until, answer })
    }

    /// Takes events that are due, for `lease_ms`; of each order only its first undelivered one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn lease_due_events(&self, now: UnixMs, limit: usize, lease_ms: i64) -> Answered<Vec<DueEvent>> {
        let until = now.plus_ms(lease_ms);
        self.chore(|answer| Chore::LeaseEvents { now, limit, until, answer })
    }

    /// Records the outcome of a delivery. One about an event that is not pending any more changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record_delivery(&self, record: DeliveryRecord) -> Answered<()> {
        self.chore(|answer| Chore::Delivered(record, answer))
    }

    /// Makes an event due again; false when there is no such event.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn resend_event(&self, id: String, now: UnixMs) -> Answered<bool> {
        self.chore(|answer| Chore::Resend { id, now, answer })
    }

    /// Closes an open exception; false when there is none of that id. An order whose quarantine is closed is
    /// decided again.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn resolve_exception(&self, id: i64, by: &str, note: &str, at: UnixMs) -> Answered<bool> {
        let (by, note) = (by.to_owned(), note.to_owned());
        self.chore(|answer| Chore::Resolve { id, by, note, at, answer })
    }

    /// Opens an exception, or counts it on the open one of the same kind and subject.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn raise(&self, exception: Exception, at: UnixMs) -> Answered<()> {
        self.chore(|answer| Chore::Raise(exception, at, answer))
    }

    /// Keeps a genuine callback that says nothing about an order, with the verdict `nothing_new`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_callback(&self, arrival: CallbackArrival) -> Answered<()> {
        self.chore(|answer| Chore::Keep(arrival, answer))
    }

    /// Deletes a bite of what is older than its retention; how many rows that were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget(&self, retained: Retained) -> Answered<usize> {
        self.chore(|answer| Chore::Forget(retained, answer))
    }

    /// Writes what a reconciliation found, all or nothing. The same again changes nothing more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn write_bills(&self, writes: Vec<BillWrite>) -> Answered<()> {
        self.chore(|answer| Chore::Bills(writes, answer))
    }

    /// Notes a call to the platform. Never waits: when the queue is nearly full the row is dropped and counted.
    pub fn log_call(&self, row: ApiLogRow) {
        if !self.note(Chore::Called(row)) {
            metrics::counter!("douyin_pay_api_log_dropped_total").increment(1);
        }
    }

    /// Notes a delivery that could not be verified. Never waits, and is dropped like [`Journal::log_call`].
    pub fn note_unverified(&self, row: UnverifiedRow) {
        if !self.note(Chore::Unverified(row)) {
            metrics::counter!("douyin_pay_unverified_dropped_total").increment(1);
        }
    }

    /// A signal that work may have become due: no data, and none is lost between two looks.
    pub fn changed(&self) -> watch::Receiver<()> {
        self.changed.clone()
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    /// Why the last batch could not be written, with what to do; `None` when it was.
    pub fn problem(&self) -> Option<String> {
        self.condition.get()
    }

    /// Puts a note into the queue, unless notes would crowd out what matters.
    fn note(&self, chore: Chore) -> bool {
        self.queue.capacity() > NOTES_RESERVE && self.queue.try_send(Job::Chore(chore)).is_ok()
    }

    fn chore<T>(&self, chore: impl FnOnce(Answer<T>) -> Chore) -> Answered<T> {
        self.ask(|answer| Job::Chore(chore(answer)))
    }

    fn ask<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Answered<T> {
        let (answer, answered) = oneshot::channel();
        match self.queue.try_send(job(answer)) {
            Ok(()) => Answered(Ok(answered)),
            Err(mpsc::error::TrySendError::Full(_)) => Answered(Err(SubmitError::Full)),
            Err(mpsc::error::TrySendError::Closed(_)) => Answered(Err(SubmitError::Stopped)),
        }
    }
}

/// The answer to something that was put into the journal's queue; dropping it withdraws nothing.
#[derive(Debug)]
pub struct Answered<T>(Result<oneshot::Receiver<Result<T, SubmitError>>, SubmitError>);

impl<T> Future for Answered<T> {
    type Output = Result<T, SubmitError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Err(cause) => Poll::Ready(Err(cause.clone())),
            // A writer that is gone answers nothing more.
            Ok(answered) => {
                Pin::new(answered).poll(context).map(|answer| answer.unwrap_or(Err(SubmitError::Stopped)))
            }
        }
    }
}
