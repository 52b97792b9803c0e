//! Our side of a bill's rows: how it is asked for, and what comes back.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{OperationKind, OperationState, OrderId, OrderState};
use douyin_pay_protocol::{AppId, Fen, MerchantUid};

/// How the books are asked about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillKey {
    /// A payment, by the merchant's or else the platform's number of the order.
    Payment {
        /// The merchant's number.
        out_order_no: Option<Box<str>>,
        /// The platform's number.
        platform_no: Option<Box<str>>,
    },
    /// An operation, by the merchant's number or else, within its order, by the platform's.
    Operation {
        /// The operation's kind.
        kind: OperationKind,
        /// The merchant's number.
        out_no: Option<Box<str>>,
        /// The platform's number.
        platform_no: Option<Box<str>>,
        /// The merchant's number of the order.
        out_order_no: Option<Box<str>>,
    },
}

/// Our word for how far something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OurState {
    /// Of a payment.
    Order(OrderState),
    /// Of an operation.
    Operation(OperationState),
}

impl OurState {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order(state) => state.as_str(),
            Self::Operation(state) => state.as_str(),
        }
    }

    /// Whether money moved.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Order(OrderState::Paid) | Self::Operation(OperationState::Succeeded))
    }
}

/// What the books have for a row: a payment, or an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    /// The order.
    pub order: OrderId,
    /// The operation's place in its order; `None` for the payment.
    pub place: Option<u32>,
    /// The merchant's number of the order.
    pub out_order_no: Box<str>,
    /// The merchant's number of what the row is about.
    pub number: Box<str>,
    /// How far it is.
    pub state: OurState,
    /// Whether the merchant asked for it here; the platform may have started it itself.
    pub asked_here: bool,
    /// The amount; of a settlement what the platform says was settled, else our estimate.
    pub amount: Fen,
    /// The platform's fee.
    pub fee: Option<Fen>,
    /// The promoters' commission.
    pub commission: Option<Fen>,
    /// Who shares in a settlement; who gives a share back.
    pub shares: Vec<(MerchantUid, Fen)>,
    /// When it was paid or ended, in the platform's words; if it told none, when that was learned.
    pub at: Option<UnixMs>,
    /// Who receives the payment.
    pub seller_uid: Option<Box<str>>,
    /// The platform's number.
    pub platform_no: Option<Box<str>>,
}

/// What the books have for one row: the thing itself, or else its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Neither.
    Nothing,
    /// Not the operation, but its order.
    OrderOnly(OrderId),
    /// The payment or the operation.
    Ours(Box<Ours>),
}

/// Times from one moment to just before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub from: UnixMs,
    /// The first moment after it.
    pub to: UnixMs,
}

/// Which orders a page of payments looks through; every paid order is in one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaidAmong {
    /// Those created here in a span and paid within [`PAID_WITHIN_MS`] of that.
    Created(Span),
    /// Imported ones, whose ids do not tell when they were created, and those paid at another time.
    Odd,
    /// Those of which the platform told no time; when it was learned counts.
    Untold,
}

/// How long after its creation an order is usually paid: the longest `valid_time`. The index of the others holds the
/// same figure.
pub const PAID_WITHIN_MS: i64 = 48 * 3_600_000;

/// A page of the books' payments that were paid in a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidPage {
    /// The mini-program.
    pub app_id: AppId,
    /// Which orders are looked through.
    pub among: PaidAmong,
    /// When they were paid.
    pub paid: Span,
    /// Only those of guaranteed payment.
    pub ecpay_only: bool,
    /// Only orders after this one.
    pub after: Option<OrderId>,
    /// At most so many.
    pub limit: usize,
}

/// A page of the books' operations that were done in a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DonePage {
    /// The mini-program.
    pub app_id: AppId,
    /// The operation's kind.
    pub kind: OperationKind,
    /// When they ended.
    pub done: Span,
    /// Those of which the platform told no time, by when it was learned; else those of which it told one.
    pub untold: bool,
    /// Only those of guaranteed payment.
    pub ecpay_only: bool,
    /// Only operations after this one: when it ended, its order and place.
    pub after: Option<(UnixMs, OrderId, u32)>,
    /// At most so many.
    pub limit: usize,
}
