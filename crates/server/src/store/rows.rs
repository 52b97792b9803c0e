//! The rows that go in and come out, in the business's words.

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Fact, OperationKind, Order, OrderId, OrderState};
use douyin_pay_protocol::{AppId, OutNo, OutOrderNo, PlatformNo};

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

/// A fact to append.
#[derive(Debug, Clone)]
pub struct NewFact {
    /// The order.
    pub order: OrderId,
    /// Its number among the order's facts.
    pub seq: u32,
    /// The fact as JSON.
    pub data: String,
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
#[derive(Debug, Default)]
pub struct Writes {
    /// Orders that are new, by id.
    pub new_orders: Vec<Arc<Order>>,
    /// Orders that were loaded and changed, by id, with the number of operations that the database has.
    pub changed_orders: Vec<(Arc<Order>, usize)>,
    /// Facts, by order and number.
    pub facts: Vec<NewFact>,
    /// Callbacks.
    pub callbacks: Vec<NewCallback>,
    /// Stored callbacks that were replayed: id, verdict, order.
    pub replayed: Vec<(i64, &'static str, OrderId)>,
    /// Events.
    pub events: Vec<NewEvent>,
    /// Exceptions with the time at which they open.
    pub exceptions: Vec<(Exception, UnixMs)>,
    /// Outcomes of deliveries.
    pub deliveries: Vec<DeliveryRecord>,
    /// Calls to the platform.
    pub calls: Vec<ApiLogRow>,
    /// Deliveries that could not be verified.
    pub unverified: Vec<UnverifiedRow>,
}

impl Writes {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.new_orders.is_empty()
            && self.changed_orders.is_empty()
            && self.callbacks.is_empty()
            && self.exceptions.is_empty()
            && self.deliveries.is_empty()
            && self.calls.is_empty()
            && self.unverified.is_empty()
            && self.replayed.is_empty()
    }
}

/// A callback that came before anybody knew its number.
#[derive(Debug, Clone)]
pub struct Stranded {
    /// Its id.
    pub id: i64,
    /// When it arrived.
    pub received_at: UnixMs,
    /// The raw body, verified when it arrived.
    pub body: Vec<u8>,
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

/// A stored fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Its number among the order's facts.
    pub seq: u32,
    /// The fact.
    pub fact: Fact,
    /// The callback that brought it.
    pub callback: Option<i64>,
}

/// A stored callback, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackRow {
    /// Its id.
    pub id: i64,
    /// `payment`, `refund`, `settle`, …
    pub kind: String,
    /// The merchant's number that it is about.
    pub number: String,
    /// When it arrived.
    pub received_at: UnixMs,
    /// What was decided.
    pub verdict: String,
    /// How many more of the same arrived after it.
    pub repeats: u32,
}

/// A stored event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its place in the feed.
    pub feed_no: i64,
    /// `ord_….n`.
    pub id: String,
    /// The mini-program.
    pub app_id: AppId,
    /// `order.paid`, …
    pub kind: String,
    /// The body of the delivery.
    pub body: String,
    /// When it happened.
    pub created_at: UnixMs,
    /// `pending`, `delivered`, `dead` or `silent` (nobody to deliver to).
    pub state: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The receiver's last HTTP status.
    pub last_status: Option<u16>,
    /// What last went wrong.
    pub last_problem: Option<String>,
}

/// A stored exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// Its id.
    pub id: i64,
    /// What kind of trouble.
    pub kind: String,
    /// The order, if it is known.
    pub order_id: Option<OrderId>,
    /// A sentence with the numbers in it.
    pub detail: String,
    /// When it opened.
    pub opened_at: UnixMs,
    /// How many more of the same were raised.
    pub repeats: u32,
    /// When it was resolved.
    pub resolved_at: Option<UnixMs>,
    /// Who resolved it.
    pub resolved_by: Option<String>,
    /// What they wrote.
    pub note: Option<String>,
}

/// Everything that happened around an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Facts, oldest first.
    pub facts: Vec<FactRow>,
    /// Callbacks, oldest first.
    pub callbacks: Vec<CallbackRow>,
    /// Events, oldest first.
    pub events: Vec<EventRow>,
    /// Calls to the platform, oldest first.
    pub calls: Vec<ApiLogRow>,
}

/// Which orders a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFilter {
    /// The mini-program.
    pub app_id: AppId,
    /// Only these.
    pub state: Option<OrderState>,
    /// Created then or later.
    pub from: Option<UnixMs>,
    /// Created before.
    pub to: Option<UnixMs>,
    /// Only orders older than this one: the last of the page before.
    pub after: Option<OrderId>,
    /// At most so many.
    pub limit: usize,
}

/// Whether the database can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whether it can be read.
    pub readable: bool,
    /// Why it cannot be written or read, in a sentence that says what to do.
    pub problem: Option<String>,
}

/// Figures for the metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Orders that wait for something.
    pub pending_orders: u64,
    /// Events that are still to be delivered.
    pub pending_events: u64,
    /// When the oldest undelivered event happened.
    pub oldest_pending_event: Option<UnixMs>,
    /// Exceptions that nobody resolved.
    pub open_exceptions: u64,
}
