//! What the journal and the readers need of a database: one trait each.
//!
//! ```text
//! journal ──Store──▶ one writer: begin, load, write, leases, commit
//! api, workers ──Reads──▶ many readers: views of what is committed
//! ```
//!
//! Both work on batches and in the business's words, so that a second database adds no method.

mod bills;
mod error;
mod pack;
mod rows;
pub mod sqlite;
mod views;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, UnixMs};
use douyin_pay_ledger::{Exception, Order, OrderId};

pub use bills::{
    BillKey, BillReads, BillRun, BillWrite, Difference, DifferenceFilter, DifferenceType, DonePage, Found,
    KindFigures, NewDifference, OurState, Ours, PAID_WITHIN_MS, PaidAmong, PaidPage, RunState, Side, Span,
};
pub use error::StoreError;
pub use rows::{
    About, ApiLogRow, DeliveryNext, DeliveryRecord, DueEvent, LoadKey, NewCallback, NewEvent, NewFact,
    OrderWrite, Replayed, Retained, Solved, Stranded, UnverifiedRow, Writes,
};
pub use views::{
    CallbackRow, Counts, EventRow, ExceptionRow, FactRow, Health, OrderFilter, Timeline, Verified,
};

/// What a key leads to: nothing, an order, or an order that cannot be read.
pub type Loaded = Result<Option<Order>, StoreError>;

/// The writing side: one transaction at a time, owned by the journal.
///
/// A transaction begins with [`Store::begin`] and ends with [`Store::commit`] or [`Store::roll_back`];
/// nothing outside the journal ever holds one.
pub trait Store: Send {
    /// Begins a transaction that no other writer can get in between.
    ///
    /// # Errors
    /// When the database is not available.
    fn begin(&mut self) -> Result<(), StoreError>;

    /// The orders that these keys belong to, in the order of the keys; locked until the end of the transaction.
    ///
    /// # Errors
    /// When the database fails. A row that cannot be read fails for its own key only, as [`StoreError::Corrupt`].
    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError>;

    /// The stored callbacks that wait for one of these.
    ///
    /// # Errors
    /// When the database fails.
    fn stranded(&mut self, about: &[About]) -> Result<Vec<Stranded>, StoreError>;

    /// Writes a whole batch. The rows written are counted and must be as many as were given.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when an id or one of the numbers is taken.
    fn write(&mut self, writes: &Writes) -> Result<(), StoreError>;

    /// Takes at most `limit` orders that are due and nobody else has, until `until`.
    ///
    /// # Errors
    /// When the database fails. An order that cannot be read is taken too, as [`StoreError::Corrupt`].
    fn lease_due_orders(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<Result<Order, StoreError>>, StoreError>;

    /// Takes at most `limit` due events, of each order only its first undelivered one.
    ///
    /// # Errors
    /// When the database fails.
    fn lease_due_events(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<DueEvent>, StoreError>;

    /// Makes an event due again; false when there is no such event.
    ///
    /// # Errors
    /// When the database fails.
    fn resend_event(&mut self, id: &str, now: UnixMs) -> Result<bool, StoreError>;

    /// Closes an open exception; false when there is none of that id.
    ///
    /// # Errors
    /// When the database fails.
    fn resolve_exception(&mut self, id: i64, by: &str, note: &str, at: UnixMs) -> Result<bool, StoreError>;

    /// Deletes a small bite of what is older than its retention; how many rows that were.
    ///
    /// # Errors
    /// When the database fails.
    fn forget(&mut self, retained: &Retained) -> Result<usize, StoreError>;

    /// The orders that are quarantined.
    ///
    /// # Errors
    /// When the database fails.
    fn quarantined(&mut self) -> Result<Vec<OrderId>, StoreError>;

    /// Makes the transaction last.
    ///
    /// # Errors
    /// When it is unknown whether it lasts: nobody may be told success.
    fn commit(&mut self) -> Result<(), StoreError>;

    /// Undoes the transaction.
    fn roll_back(&mut self);
}

/// The reading side: what is committed, from any thread.
pub trait Reads: BillReads {
    /// The orders that these keys belong to, in the order of the keys. Fails when one of them cannot be read.
    fn orders_of(&self, keys: Vec<LoadKey>) -> BoxFuture<Result<Vec<Option<Order>>, StoreError>>;
    /// An order's facts, oldest first.
    fn facts(&self, order: OrderId) -> BoxFuture<Result<Vec<FactRow>, StoreError>>;
    /// Everything that happened around an order.
    fn timeline(&self, order: OrderId) -> BoxFuture<Result<Timeline, StoreError>>;
    /// A page of orders, newest first.
    fn orders(&self, filter: OrderFilter) -> BoxFuture<Result<Vec<Order>, StoreError>>;
    /// Events after a feed number, oldest first; `app_ids` empty means all.
    fn events(
        &self,
        after: i64,
        limit: usize,
        app_ids: Vec<String>,
    ) -> BoxFuture<Result<Vec<EventRow>, StoreError>>;
    /// Exceptions, newest first; `open_only` leaves out resolved ones.
    fn exceptions(
        &self,
        open_only: bool,
        after: Option<i64>,
        limit: usize,
    ) -> BoxFuture<Result<Vec<ExceptionRow>, StoreError>>;
    /// When the next order is due, if any is.
    fn next_order_due(&self) -> BoxFuture<Result<Option<UnixMs>, StoreError>>;
    /// When the next event is due, if any is.
    fn next_event_due(&self) -> BoxFuture<Result<Option<UnixMs>, StoreError>>;
    /// Whether the database can be used, and if not, why.
    fn health(&self) -> BoxFuture<Health>;
    /// Figures for the metrics.
    fn counts(&self) -> BoxFuture<Result<Counts, StoreError>>;
    /// The ids of all orders after `after`, oldest first.
    fn order_ids(&self, after: Option<OrderId>, limit: usize) -> BoxFuture<Result<Vec<OrderId>, StoreError>>;
    /// Adds up the facts of the next orders after `after` and compares with what is stored.
    fn verify(&self, after: Option<OrderId>, limit: usize) -> BoxFuture<Result<Verified, StoreError>>;
    /// The raw body of a stored callback.
    fn callback_body(&self, id: i64) -> BoxFuture<Result<Option<Bytes>, StoreError>>;
}

/// What about an exception makes it the same as an earlier one.
pub(crate) fn subject_of(exception: &Exception) -> String {
    exception.order.map_or_else(|| exception.detail.clone(), |order| order.to_string())
}
