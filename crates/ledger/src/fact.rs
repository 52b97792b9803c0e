//! A fact: what happened to an order, who says so, and when.

mod ask;
mod open;
mod seen;

use douyin_pay_protocol::{OrderToken, OutNo, PlatformNo, UnixMs};
use serde::{Deserialize, Serialize};

use crate::{OperationKind, Source};
pub use ask::{
    DecideRefund, DeliveryFee, ItemAmount, OpenEcpay, PushFulfilment, RefundEcpay, RefundTrade,
    RequestRefund, RequestReturn, RequestSettlement, Share,
};
pub use open::{Open, OpenPush, OpenTrade, PushItem};
pub use seen::{AuditSeen, Item, OrderSeen, RefundSeen, ReturnSeen, SettleableSeen, SettlementSeen};

/// One thing that happened to one order. [`crate::decide`] says what it changes.
///
/// As JSON it is a row of the table `facts`; absent parts are left out.
///
/// ```
/// use douyin_pay_ledger::{Fact, Source, Target, What, Why};
/// use douyin_pay_protocol::UnixMs;
///
/// let what = What::NothingNew { target: Target::Order, why: Why::NotFound };
/// let fact = Fact { at: UnixMs::new(1_767_225_600_000), source: Source::Query, what };
/// let json = serde_json::to_string(&fact).unwrap();
/// assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), fact);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// When it reached us.
    pub at: UnixMs,
    /// Who says so.
    pub source: Source,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The merchant asks for a new order.
    Open(Box<Open>),
    /// The merchant gives the order up: if it is paid from now on, the money goes back.
    Abandon,
    /// The order's data was signed once more and handed out: it may be placed for another hour.
    SignedAgain,
    /// The merchant asks for a refund.
    RequestRefund(RequestRefund),
    /// The merchant agrees to a refund that somebody else asked for, or denies it.
    DecideRefund(DecideRefund),
    /// The merchant asks for a settlement.
    RequestSettlement(RequestSettlement),
    /// The merchant asks for a share back.
    RequestReturn(RequestReturn),
    /// The days are over after which the order is settled by itself: [`Order::settle_due_at`](crate::Order::settle_due_at).
    SettlementDue,
    /// The merchant tells how far the goods are.
    PushFulfilment(PushFulfilment),
    /// A call about this order ended; only the outcome counts, not when it was sent.
    Answered {
        /// What the call was about.
        target: Target,
        /// What its end means.
        outcome: CallOutcome,
    },
    /// The platform reports the order's state.
    OrderSeen(OrderSeen),
    /// The platform reports a refund's state.
    RefundSeen(RefundSeen),
    /// The platform reports a settlement's state.
    SettlementSeen(SettlementSeen),
    /// The platform reports the state of a return.
    ReturnSeen(ReturnSeen),
    /// The platform says how much is left to settle.
    SettleableSeen(SettleableSeen),
    /// A query or repeat that was due brought nothing: only the schedule moves on.
    NothingNew {
        /// What was asked about.
        target: Target,
        /// Why there is nothing.
        why: Why,
    },
}

/// What a call or a query was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The order itself.
    Order,
    /// One of its operations.
    Operation(OperationKind, OutNo),
    /// The merchant's decision about the refund of this number.
    Audit(OutNo),
}

/// What the end of a call means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The platform took it.
    Accepted {
        /// The platform's number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        platform_no: Option<PlatformNo>,
        /// The token for the cashier (orders only).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        order_token: Option<OrderToken>,
    },
    /// The platform cannot have acted: it never saw the call or turned it away unread.
    NotSent,
    /// The platform may have acted.
    Unknown,
    /// The platform refused. After an earlier `Unknown` this decides nothing.
    Refused {
        /// The platform's code.
        code: i64,
        /// The platform's text.
        message: String,
    },
    /// The platform refused because of our configuration; the number may be used again after the mend.
    ConfigRefused {
        /// The platform's code.
        code: i64,
        /// The platform's text.
        message: String,
    },
}

/// Why a query brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The platform still works on it.
    Processing,
    /// The platform does not know the number. Never a failure.
    NotFound,
    /// The question did not leave.
    NotSent,
    /// The question may have arrived; its answer did not.
    Unknown,
    /// The budget of questions was used up.
    Paced,
}
