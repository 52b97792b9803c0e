//! The one function that says what a fact changes.

mod answer;
mod audit;
mod books;
mod currency;
mod draft;
mod end;
mod fulfilment;
mod give_up;
mod items;
mod join;
mod last;
mod open;
mod plan;
mod platform_no;
mod push;
mod quiet;
mod refund;
mod returned;
mod seen;
mod seen_operation;
pub(crate) mod settleable;
mod settlement;

use crate::{Change, Fact, Order, Refusal, What};
pub use answer::PUSH_OFF;
use draft::Draft;
pub use give_up::{AUTOMATIC_PREFIX, automatic_refund_no};
pub(crate) use last::infer_basis;
pub use plan::automatic_no;
pub(crate) use plan::is_unheard;
pub use platform_no::platform_refund_no;
use seen_operation::Report;

/// Limits that the platform documents for one order.
pub mod limits {
    /// Receivers in one settlement, besides the seller.
    pub const SHARES_MAX: usize = 4;
    /// Settlements of one order; the platform treats the last as final.
    pub const SETTLEMENTS_MAX: usize = 50;
    /// Settlements that the ledger asks for by itself, each after the one before has failed; then a human is told.
    pub const AUTOMATIC_SETTLEMENTS_MAX: usize = 8;
    /// Settlements of one order of the general trade system: a hundred items, and room for failures.
    pub const SETTLEMENTS_MAX_TRADE: usize = 300;
    /// Fulfilments of one order: a hundred items on their way through three states.
    pub const FULFILMENTS_MAX: usize = 300;
    /// Items in one refund.
    pub const REFUND_ITEMS_MAX: usize = 99;
    /// Refunds of one order.
    pub const REFUNDS_MAX: usize = 300;
    /// Refunds of one order that was paid with WeChat.
    pub const REFUNDS_MAX_WECHAT: usize = 50;
    /// Returns from one receiver of one settlement that was paid with WeChat.
    pub const RETURNS_MAX: usize = 20;
    /// A refund is possible for a year; one day more, so that no leap year refuses too early.
    pub const REFUND_AGE_MAX_MS: i64 = 367 * 86_400_000;
    /// An unpaid order lives at least this long; the platform raises less without a word.
    pub const VALID_SECONDS_MIN: u32 = 300;
    /// An unpaid order lives at most this long; the platform lowers more without a word.
    pub const VALID_SECONDS_MAX: u32 = 172_800;
}

/// Says what a fact changes.
///
/// `order` is the order as all earlier facts left it, or `None` if the number is unknown. For an
/// operation that the platform started by itself, pass the order that it belongs to.
///
/// Fails with a [`Refusal`] when nothing changes at all. A [`Change`] may carry a refusal too, see
/// [`Change::refused`].
///
/// # Panics
///
/// Only if the ledger contradicts itself, which is a bug: one order has more than 2³² facts, or a
/// change that is not recorded touches more than the schedule.
///
/// ```
/// use douyin_pay_ledger::{Fact, Open, OrderId, OrderSeen, OrderState, Source, System, What, decide};
/// use douyin_pay_protocol::{AppId, Fen, OutOrderNo, UnixMs};
///
/// let at = UnixMs::new(1_767_225_600_000);
/// let open = Open {
///     id: OrderId::new(at, 1),
///     app_id: AppId::new("tt0000000000000001").unwrap(),
///     system: System::Ecpay,
///     out_order_no: OutOrderNo::new("O1").unwrap(),
///     amount: Fen::new(1280).unwrap(),
///     subject: "Latte".into(),
///     body: "Latte, large".into(),
///     valid_seconds: 900,
///     cp_extra: None,
///     open_id: None,
///     metadata: None,
///     opened_elsewhere_at: None,
///     refund_late: false,
///     trade: None,
///     ecpay: None,
///     settle_after_days: None,
///     order_push: None,
///     request_sha256: [0; 32],
/// };
/// let order = decide(None, &Fact { at, source: Source::Merchant, what: What::Open(Box::new(open)) }).unwrap().order;
/// assert_eq!(order.state, OrderState::Opening);
///
/// let total = Some(Fen::new(1280).unwrap());
/// let seen = OrderSeen { total, way: Some(2), ..OrderSeen::new(OrderState::Paid) };
/// let paid = Fact { at: at.plus_ms(9_000), source: Source::Callback, what: What::OrderSeen(seen) };
/// let change = decide(Some(&order), &paid).unwrap();
/// assert_eq!(change.order.paid(), Fen::new(1280).unwrap());
/// assert_eq!(change.events[0].kind.as_str(), "order.paid");
/// assert_eq!(decide(Some(&change.order), &paid).unwrap_err().code(), "duplicate");
/// ```
pub fn decide(order: Option<&Order>, fact: &Fact) -> Result<Change, Refusal> {
    let Some(order) = order else {
        return match &fact.what {
            What::Open(open) => open::open(open, fact),
            _ => Err(Refusal::UnknownNumber),
        };
    };
    if last::is_outdated(order) {
        let mut order = order.clone();
        order.refresh();
        return decide_known(&order, fact);
    }
    decide_known(order, fact)
}

fn decide_known(order: &Order, fact: &Fact) -> Result<Change, Refusal> {
    match &fact.what {
        What::Open(open) => Err(open::again(order, open)),
        What::SignedAgain => open::signed_again(order, fact),
        What::Abandon => give_up::abandon(order, fact),
        What::RequestRefund(ask) => refund::request(order, fact, ask),
        What::DecideRefund(ask) => audit::decide(order, fact, ask),
        What::PushFulfilment(ask) => fulfilment::push(order, fact, ask),
        What::RequestSettlement(ask) => settlement::request(order, fact, ask),
        What::RequestReturn(ask) => returned::request(order, fact, ask),
        What::SettlementDue => plan::settlement_due(order, fact),
        What::Answered { target, outcome } => answer::answered(order, fact, target, outcome),
        What::OrderSeen(seen) => seen::order_seen(Draft::of(order, fact), seen),
        What::RefundSeen(seen) => seen_operation::seen(Draft::of(order, fact), &seen.into()),
        What::SettlementSeen(seen) => seen_operation::seen(Draft::of(order, fact), &seen.into()),
        What::ReturnSeen(seen) => {
            let report = Report::of_return(order, seen);
            seen_operation::seen(Draft::of(order, fact), &report)
        }
        What::SettleableSeen(seen) => settleable::seen(Draft::of(order, fact), seen),
        What::NothingNew { target, why } => quiet::nothing_new(order, fact, target, *why),
    }
}
