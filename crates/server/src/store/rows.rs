//! What goes into a database, in the business's words.

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, OperationKind, Order, OrderId, Source};
use douyin_pay_protocol::{AppId, OutNo, OutOrderNo, PlatformNo};

use super::BillWrite;

/// How an order is found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoadKey {
    /// By its id.
    Id(OrderId),
    /// By the merchant's number.
    Order(AppId, OutOrderNo),
    /// By the number of one of its operations.
    Operation(AppId, OperationKind, OutNo),
    /// By the platform's number.
    Platform(AppId, PlatformNo),
}

/// An order before and after a batch.
#[derive(Debug, Clone)]
pub struct OrderWrite {
    /// As it is stored; `None` for an order that is new.
    pub before: Option<Arc<Order>>,
    /// As it is to be stored.
    pub after: Arc<Order>,
}

/// A fact to append.
#[derive(Debug, Clone)]
pub struct NewFact {
    /// The order.
    pub order: OrderId,
    /// Its number among the order's facts.
    pub seq: u32,
    /// When it reached us.
    pub at: UnixMs,
    /// Who says so.
    pub source: Source,
    /// What happened, as JSON.
    pub what: String,
    /// The callback that brought it.
    pub callback: Option<i64>,
}

/// A verified callback to keep.
#[derive(Debug, Clone)]
pub struct NewCallback {
    /// Made at arrival.
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
    /// What was decided: `changed`, or a refusal's code.
    pub verdict: &'static str,
    /// The order, if it is known.
    pub order: Option<OrderId>,
    /// What it waits for while nobody knows its order; empty when it waits for nothing.
    pub about: Vec<About>,
    /// An earlier row that says the same: count it there and keep no further row.
    pub repeat_of: Option<i64>,
}

/// Something that a stored callback waits for: as soon as it is known, the callback is told again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// The mini-program.
    pub app_id: AppId,
    /// What and which, such as `payment:O1` or `platform:N7…`.
    pub what: String,
}

/// A stored callback that was told again.
#[derive(Debug, Clone)]
pub struct Replayed {
    /// The callback.
    pub id: i64,
    /// What was decided this time.
    pub verdict: &'static str,
    /// The order that it turned out to be about.
    pub order: OrderId,
}

/// An exception that solved itself.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The exception, as it was opened.
    pub exception: Exception,
    /// Why it is none any more.
    pub note: &'static str,
    /// When.
    pub at: UnixMs,
}

/// An event to deliver.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// The order.
    pub order: OrderId,
    /// Its number among the order's events.
    pub n: u32,
    /// The mini-program.
    pub app_id: AppId,
    /// `order.paid`, …
    pub kind: &'static str,
    /// The body of the delivery.
    pub body: String,
    /// When it happened.
    pub at: UnixMs,
    /// Whether anybody hears it.
    pub deliver: bool,
}

/// Everything one batch writes.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    /// Orders that are new or changed, by id.
    pub orders: Vec<OrderWrite>,
    /// Facts, by order and number.
    pub facts: Vec<NewFact>,
    /// Callbacks, by id.
    pub callbacks: Vec<NewCallback>,
    /// Stored callbacks that were told again.
    pub replayed: Vec<Replayed>,
    /// Events, by order and number.
    pub events: Vec<NewEvent>,
    /// Exceptions with the time at which they open.
    pub exceptions: Vec<(Exception, UnixMs)>,
    /// Exceptions that solved themselves.
    pub solved: Vec<Solved>,
    /// Outcomes of deliveries.
    pub deliveries: Vec<DeliveryRecord>,
    /// Calls to the platform.
    pub calls: Vec<ApiLogRow>,
    /// Deliveries that could not be verified.
    pub unverified: Vec<UnverifiedRow>,
    /// What a reconciliation writes, in its order.
    pub bills: Vec<BillWrite>,
}

impl Writes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
            && self.facts.is_empty()
            && self.callbacks.is_empty()
            && self.replayed.is_empty()
            && self.events.is_empty()
            && self.exceptions.is_empty()
            && self.solved.is_empty()
            && self.deliveries.is_empty()
            && self.calls.is_empty()
            && self.unverified.is_empty()
            && self.bills.is_empty()
    }
}

/// A callback that came before anybody knew its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranded {
    /// What it waits for; a callback is listed once for each thing that was asked about.
    pub about: About,
    /// Its id.
    pub id: i64,
    /// `payment`, `refund`, `settle`, …
    pub kind: String,
    /// The merchant's number that it is about.
    pub number: String,
    /// When it arrived.
    pub received_at: UnixMs,
    /// The raw body, verified when it arrived.
    pub body: Bytes,
}

/// An event whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueEvent {
    /// `ord_….n`.
    pub id: String,
    /// The order.
    pub order_id: OrderId,
    /// Its number among the order's events.
    pub n: u32,
    /// The mini-program.
    pub app_id: AppId,
    /// `order.paid`, …
    pub kind: String,
    /// The body of the delivery.
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it happened.
    pub created_at: UnixMs,
}

/// What becomes of an event after a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryNext {
    /// Delivered.
    Done,
    /// Try again then.
    Retry {
        /// When.
        due_at: UnixMs,
    },
    /// Given up; an exception opens.
    Dead,
}

/// The outcome of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The event.
    pub event_id: String,
    /// When.
    pub at: UnixMs,
    /// The receiver's HTTP status.
    pub status: Option<u16>,
    /// What went wrong.
    pub problem: Option<String>,
    /// What becomes of it.
    pub next: DeliveryNext,
}

/// One call to the platform; no bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiLogRow {
    /// The mini-program.
    pub app_id: AppId,
    /// The order it was about, if that is known.
    pub order_id: Option<OrderId>,
    /// `create_order`, …
    pub endpoint: &'static str,
    /// When it began.
    pub at: UnixMs,
    /// How long it took.
    pub millis: u64,
    /// What came of it.
    pub outcome: String,
    /// The platform's code.
    pub err_no: Option<i64>,
    /// The HTTP status.
    pub http_status: Option<u16>,
    /// The platform's log id.
    pub log_id: Option<String>,
    /// Which attempt it was.
    pub attempt: u32,
}

/// From when on records are kept; older ones are deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retained {
    /// Raw callbacks.
    pub callbacks_from: UnixMs,
    /// Calls to the platform.
    pub api_log_from: UnixMs,
    /// Reconciliations, and what they found that is done with.
    pub bills_from: UnixMs,
}

/// A delivery that could not be verified; kept in a ring per app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedRow {
    /// The app named by the path, if any.
    pub app: String,
    /// When it arrived.
    pub at: UnixMs,
    /// Why it was not believed.
    pub reason: String,
    /// The body's beginning.
    pub body: Bytes,
}

impl UnverifiedRow {
    /// More of a body is not kept.
    pub const BODY_BYTES_MAX: usize = 16 * 1024;
    /// How many are kept per app.
    pub const KEPT: i64 = 1000;
}
