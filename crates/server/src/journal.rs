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

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Fact, OperationKind, Order, OrderId, Refusal};
use douyin_pay_protocol::{AppId, OutNo, OutOrderNo, PlatformNo};
use tokio::sync::{mpsc, oneshot, watch};

use crate::store::Store;
pub use crate::store::{ApiLogRow, DeliveryNext, DeliveryRecord, DueEvent, UnverifiedRow};
use chores::Chore;
pub use writer::{JournalWriter, Worked};

/// How many submissions may wait; more are turned away with [`SubmitError::Full`].
pub const QUEUE_MAX: usize = 4096;
/// The largest batch.
pub const BATCH_MAX: usize = 512;
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

/// A handle to the journal; clones lead to the same queue.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Job>,
    changed: watch::Receiver<()>,
}

/// A journal over a store, and the writer that must be driven: by a thread, or step by step.
///
/// # Errors
/// When the store cannot be read.
pub fn journal(
    store: Box<dyn Store>,
    labels: AppLabels,
) -> Result<(Journal, JournalWriter), crate::store::StoreError> {
    let (queue, waiting) = mpsc::channel(QUEUE_MAX);
    let (signal, changed) = watch::channel(());
    let writer = JournalWriter::new(store, labels, waiting, signal)?;
    Ok((Journal { queue, changed }, writer))
}

impl Journal {
    /// Submits a fact; answers only after the commit. Dropping the future withdraws nothing.
    ///
    /// # Errors
    /// When the fact could not be decided; nothing was changed then.
    pub async fn submit(&self, submission: Submission) -> Result<Decided, SubmitError> {
        if submission.callback.as_ref().is_some_and(|callback| callback.body.len() > SUBMISSION_BYTES_MAX) {
            return Err(SubmitError::TooLarge);
        }
        self.ask(|answer| Job::Submit(Box::new(submission), answer)).await
    }

    /// Takes orders that are due, for `lease_ms`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn lease_due_orders(
        &self,
        now: UnixMs,
        limit: usize,
        lease_ms: i64,
    ) -> Result<Vec<Arc<Order>>, SubmitError> {
        let until = now.plus_ms(lease_ms);
        self.ask(|answer| Job::Chore(Chore::LeaseOrders { now, limit, until, answer })).await
    }

    /// Takes events that are due, for `lease_ms`; of each order only its first undelivered one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn lease_due_events(
        &self,
        now: UnixMs,
        limit: usize,
        lease_ms: i64,
    ) -> Result<Vec<DueEvent>, SubmitError> {
        let until = now.plus_ms(lease_ms);
        self.ask(|answer| Job::Chore(Chore::LeaseEvents { now, limit, until, answer })).await
    }

    /// Records the outcome of a delivery.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn record_delivery(&self, record: DeliveryRecord) -> Result<(), SubmitError> {
        self.ask(|answer| Job::Chore(Chore::Delivered(record, answer))).await
    }

    /// Makes an event due again; false when there is no such event.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn resend_event(&self, id: String, now: UnixMs) -> Result<bool, SubmitError> {
        self.ask(|answer| Job::Chore(Chore::Resend { id, now, answer })).await
    }

    /// Closes an open exception; false when there is none of that id.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn resolve_exception(
        &self,
        id: i64,
        by: &str,
        note: &str,
        at: UnixMs,
    ) -> Result<bool, SubmitError> {
        let (by, note) = (by.to_owned(), note.to_owned());
        self.ask(|answer| Job::Chore(Chore::Resolve { id, by, note, at, answer })).await
    }

    /// Opens an exception, or counts it on the open one of the same kind and subject.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn raise(&self, exception: Exception, at: UnixMs) -> Result<(), SubmitError> {
        self.ask(|answer| Job::Chore(Chore::Raise(exception, at, answer))).await
    }

    /// Deletes a bite of what is older than its retention; how many rows that were.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget(
        &self,
        callbacks_before: UnixMs,
        api_log_before: UnixMs,
    ) -> Result<usize, SubmitError> {
        self.ask(|answer| Job::Chore(Chore::Forget { callbacks_before, api_log_before, answer })).await
    }

    /// Notes a call to the platform. Never waits: when the queue is full the row is dropped and counted.
    pub fn log_call(&self, row: ApiLogRow) {
        if self.queue.try_send(Job::Chore(Chore::Called(row))).is_err() {
            metrics::counter!("douyin_pay_api_log_dropped_total").increment(1);
        }
    }

    /// Notes a delivery that could not be verified. Never waits.
    pub fn note_unverified(&self, row: UnverifiedRow) {
        if self.queue.try_send(Job::Chore(Chore::Unverified(row))).is_err() {
            metrics::counter!("douyin_pay_unverified_dropped_total").increment(1);
        }
    }

    /// A signal that something was committed: no data, and none is lost between two looks.
    pub fn changed(&self) -> watch::Receiver<()> {
        self.changed.clone()
    }

    /// How many jobs wait.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    async fn ask<T>(&self, job: impl FnOnce(Answer<T>) -> Job) -> Result<T, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(job(answer)).map_err(|cause| match cause {
            mpsc::error::TrySendError::Full(_) => SubmitError::Full,
            mpsc::error::TrySendError::Closed(_) => SubmitError::Stopped,
        })?;
        answered.await.unwrap_or(Err(SubmitError::Stopped))
    }
}
