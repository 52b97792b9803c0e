//! A fact: what happened to an order, who says so, and when.

use douyin_pay_protocol::{AppId, Fen, MerchantUid, OrderToken, OutNo, OutOrderNo, PlatformNo, UnixMs};
use serde::{Deserialize, Serialize};

use crate::{OperationKind, OperationState, OrderId, OrderState, RefundSource, Source, System, hex32};

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
    /// The merchant asks for a refund.
    RequestRefund(RequestRefund),
    /// The merchant asks for a settlement.
    RequestSettlement(RequestSettlement),
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
    /// A query or repeat that was due brought nothing: only the schedule moves on.
    NothingNew {
        /// What was asked about.
        target: Target,
        /// Why there is nothing.
        why: Why,
    },
}

/// The merchant asks for a new order: everything that is needed to repeat the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The order's internal id.
    pub id: OrderId,
    /// The mini-program.
    pub app_id: AppId,
    /// The payment system.
    pub system: System,
    /// The merchant's number.
    pub out_order_no: OutOrderNo,
    /// The order's total.
    pub amount: Fen,
    /// The short description.
    pub subject: Box<str>,
    /// The details.
    pub body: Box<str>,
    /// How long the order may be paid, in seconds.
    pub valid_seconds: u32,
    /// The merchant's own text, echoed by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cp_extra: Option<Box<str>>,
    /// The payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_id: Option<Box<str>>,
    /// The merchant's own JSON, as text; the platform never sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<str>>,
    /// When it was opened elsewhere, with an earlier SDK: this ledger only asks about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_elsewhere_at: Option<UnixMs>,
    /// Whether the money goes back if it is paid after it was reported as closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refund_late: bool,
    /// The digest of the request as the merchant sent it, before defaults.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// The merchant asks for a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRefund {
    /// The merchant's number for it.
    pub out_no: OutNo,
    /// How much goes back.
    pub amount: Fen,
    /// The reason, shown to the payer.
    pub reason: Box<str>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// The merchant asks for a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSettlement {
    /// The merchant's number for it.
    pub out_no: OutNo,
    /// What it is for.
    pub description: Box<str>,
    /// Who shares, besides the seller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Whether this is the last settlement of the order.
    pub finish: bool,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// What one receiver gets out of a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The receiver.
    pub merchant_uid: MerchantUid,
    /// How much.
    pub amount: Fen,
}

/// What a call or a query was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The order itself.
    Order,
    /// One of its operations.
    Operation(OperationKind, OutNo),
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

/// The platform's report about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSeen {
    /// `Waiting`, `Closed` or `Paid`.
    pub state: OrderState,
    /// The total as the platform has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Fen>,
    /// The platform's number of the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_order_id: Option<PlatformNo>,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<UnixMs>,
    /// The channel: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<i64>,
    /// The number at the channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_no: Option<Box<str>>,
    /// The platform's number of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_order_no: Option<Box<str>>,
    /// Who receives the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_uid: Option<Box<str>>,
    /// Why it is closed, in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Box<str>>,
}

/// The platform's report about a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSeen {
    /// The merchant's number, or the platform's when the platform started it.
    pub out_no: OutNo,
    /// `Accepted`, `Auditing`, `Failed` or `Succeeded`.
    pub state: OperationState,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
    /// The platform's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_no: Option<PlatformNo>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<UnixMs>,
    /// Where the money came from.
    pub source: RefundSource,
    /// Why it failed, in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
}

/// The platform's report about a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementSeen {
    /// The merchant's number, or the platform's when the platform settled by itself.
    pub out_no: OutNo,
    /// `Accepted`, `Failed` or `Succeeded`.
    pub state: OperationState,
    /// The platform's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_no: Option<PlatformNo>,
    /// The settled amount, as the platform gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_amount: Option<Fen>,
    /// The platform's fee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commission: Option<Fen>,
    /// Who received what, in the platform's words; shown to people, never read by us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Box<str>>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<UnixMs>,
    /// Why it failed, in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Box<str>>,
    /// Whether the platform says that it settled by itself.
    #[serde(default)]
    pub automatic: bool,
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
