//! What comes out of a database, in the business's words.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Fact, OrderId, OrderState, System};
use douyin_pay_protocol::AppId;

use super::ApiLogRow;

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
    /// Only those in this state.
    pub state: Option<OrderState>,
    /// Only those of this payment system.
    pub system: Option<System>,
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

/// What a look at stored orders found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// The last order that was looked at; `None` when there was none left.
    pub last: Option<OrderId>,
    /// How many orders were looked at.
    pub orders: usize,
    /// How many facts they have.
    pub facts: usize,
    /// Orders that are not what their facts add up to, and why.
    pub problems: Vec<(OrderId, String)>,
}
