//! The payloads of callbacks, typed. Unknown fields are skipped, unknown words are kept.

mod reason;

use std::borrow::Cow;

use serde::Deserialize;

use super::CallbackError;
use crate::read::{fen, flag, platform_no, required_fen, text};
use crate::trade::read::{
    channel, list, millis, object, one_or_two, origin, required_no, required_text, word,
};
use crate::trade::{
    Currency, ItemAmount, PayChannel, PaymentResult, RefundOrigin, RefundStatus, SettleStatus,
};
use crate::{AppId, Fen, PlatformNo, UnixMs};

/// What a callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice<'a> {
    /// `payment`: an order was paid, or its payment ended without money.
    Payment(PaymentNotice<'a>),
    /// `refund`: a refund came to its end.
    Refund(RefundNotice<'a>),
    /// `pre_create_refund`: the user or the customer service asked for a refund; the platform wants our number.
    PreCreateRefund(PreCreateRefundNotice<'a>),
    /// `settle`: a settlement came to its end.
    Settle(SettleNotice<'a>),
    /// A type that this version does not know, periodic deduction included: acknowledge and log it.
    Other {
        /// The callback's type.
        kind: Cow<'a, str>,
    },
}

impl<'a> Notice<'a> {
    /// Reads the payload of a callback that was verified, now or when it was stored.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON or lacks what its type needs.
    ///
    /// ```
    /// use douyin_pay_protocol::trade::callback::Notice;
    ///
    /// let msg = r#"{"app_id":"tt1","out_order_no":"O1","order_id":"motb1","status":"CANCEL","total_amount":"100","message":"TIME_OUT","event_time":1767225609000}"#;
    /// let Notice::Payment(notice) = Notice::parse("payment", msg).unwrap() else { panic!("a payment") };
    /// assert_eq!((notice.total_amount.get(), notice.message.as_deref()), (100, Some("TIME_OUT")));
    /// ```
    pub fn parse(kind: &'a str, msg: &'a str) -> Result<Self, CallbackError> {
        let known = matches!(kind, "payment" | "refund" | "pre_create_refund" | "settle");
        // Derived readers also take lists, which the platform never sends.
        if known && !msg.trim_start().starts_with('{') {
            return Err(CallbackError::Message("it is not a JSON object".to_owned()));
        }
        let read = match kind {
            "payment" => serde_json::from_str(msg).map(Self::Payment),
            "refund" => serde_json::from_str(msg).map(Self::Refund),
            "pre_create_refund" => serde_json::from_str(msg).map(Self::PreCreateRefund),
            "settle" => serde_json::from_str(msg).map(Self::Settle),
            other => return Ok(Self::Other { kind: Cow::Borrowed(other) }),
        };
        read.map_err(|cause| CallbackError::Message(cause.to_string()))
    }

    /// The mini-program it concerns.
    pub fn app_id(&self) -> Option<&AppId> {
        match self {
            Self::Payment(notice) => Some(&notice.app_id),
            Self::Refund(notice) => Some(&notice.app_id),
            Self::PreCreateRefund(notice) => Some(&notice.app_id),
            Self::Settle(notice) => Some(&notice.app_id),
            Self::Other { .. } => None,
        }
    }

    /// The number of what it concerns: the merchant's, or the platform's where the merchant has given none.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Payment(notice) => Some(&notice.out_order_no),
            Self::Refund(notice) => {
                Some(notice.out_refund_no.as_deref().unwrap_or(notice.refund_id.as_str()))
            }
            Self::PreCreateRefund(notice) => Some(notice.refund_id.as_str()),
            Self::Settle(notice) => {
                Some(notice.out_settle_no.as_deref().unwrap_or(notice.settle_id.as_str()))
            }
            Self::Other { .. } => None,
        }
    }

    /// The platform's number of the order it concerns.
    pub fn order_id(&self) -> Option<&PlatformNo> {
        match self {
            Self::Payment(notice) => notice.order_id.as_ref(),
            Self::Refund(notice) => Some(&notice.order_id),
            Self::PreCreateRefund(notice) => Some(&notice.order_id),
            Self::Settle(notice) => notice.order_id.as_ref(),
            Self::Other { .. } => None,
        }
    }
}

/// `payment`: an order was paid, or its payment ended without money.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentNotice<'a> {
    /// The mini-program.
    pub app_id: AppId,
    /// The merchant's number of the order, whatever its characters.
    #[serde(borrow, deserialize_with = "required_text")]
    pub out_order_no: Cow<'a, str>,
    /// The platform's number of the order.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// How it ended.
    pub status: PaymentResult,
    /// The order's total, in fen or in diamonds.
    #[serde(deserialize_with = "required_fen")]
    pub total_amount: Fen,
    /// What the platform took off.
    #[serde(default, deserialize_with = "fen")]
    pub discount_amount: Option<Fen>,
    /// How it was paid.
    #[serde(default, deserialize_with = "channel")]
    pub pay_channel: Option<PayChannel>,
    /// The number at the channel.
    #[serde(borrow, default, deserialize_with = "text")]
    pub channel_pay_id: Option<Cow<'a, str>>,
    /// Who received the money.
    #[serde(borrow, default, deserialize_with = "text")]
    pub merchant_uid: Option<Cow<'a, str>>,
    /// Why it was cancelled: `USER_CANCEL`, `TIME_OUT`.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// When it was paid or cancelled.
    #[serde(default, deserialize_with = "millis")]
    pub event_time: Option<UnixMs>,
    /// The number in the user's bill at Douyin.
    #[serde(borrow, default, deserialize_with = "text")]
    pub user_bill_pay_id: Option<Cow<'a, str>>,
    /// What the amounts count; nothing means fen.
    #[serde(default, deserialize_with = "word")]
    pub currency: Option<Currency>,
    /// Our own text; only in the industry system's notices.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
}

/// `refund`: a refund succeeded or failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefundNotice<'a> {
    /// The mini-program.
    pub app_id: AppId,
    /// The platform's number of the order; the merchant's does not stand here.
    #[serde(deserialize_with = "required_no")]
    pub order_id: PlatformNo,
    /// The platform's number of the refund.
    #[serde(deserialize_with = "required_no")]
    pub refund_id: PlatformNo,
    /// The merchant's number of the refund, whatever its characters; may be empty.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_refund_no: Option<Cow<'a, str>>,
    /// How it ended.
    pub status: RefundStatus,
    /// How much, in fen or in diamonds.
    #[serde(deserialize_with = "required_fen")]
    pub refund_total_amount: Fen,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
    /// Why it failed.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// When it ended.
    #[serde(default, deserialize_with = "millis")]
    pub event_time: Option<UnixMs>,
    /// Whether the order was settled before.
    #[serde(default, deserialize_with = "flag")]
    pub is_all_settled: Option<bool>,
    /// Who started it.
    #[serde(default, deserialize_with = "origin")]
    pub refund_type: Option<RefundOrigin>,
    /// How much of which item.
    #[serde(default, deserialize_with = "object")]
    pub refund_item_detail: Option<RefundItems>,
    /// What the amounts count; nothing means fen.
    #[serde(default, deserialize_with = "word")]
    pub currency: Option<Currency>,
}

/// How much of which item a refund gives back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefundItems {
    /// How many items.
    #[serde(default, deserialize_with = "crate::read::count")]
    pub item_order_quantity: Option<i64>,
    /// Each of them.
    #[serde(default, deserialize_with = "list")]
    pub item_order_detail: Vec<ItemAmount>,
}

/// `pre_create_refund`: a refund that the user or the customer service asked for.
///
/// The platform has made it already and wants the merchant's number and page; the decision comes later,
/// with [`RefundAuditCallback`](crate::trade::RefundAuditCallback).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PreCreateRefundNotice<'a> {
    /// The mini-program.
    pub app_id: AppId,
    /// The user.
    #[serde(borrow, default, deserialize_with = "text")]
    pub open_id: Option<Cow<'a, str>>,
    /// The platform's number of the refund. The same number again is the same refund.
    #[serde(deserialize_with = "required_no")]
    pub refund_id: PlatformNo,
    /// The platform's number of the order.
    #[serde(deserialize_with = "required_no")]
    pub order_id: PlatformNo,
    /// The merchant's number of the order, whatever its characters.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_order_no: Option<Cow<'a, str>>,
    /// How much, in fen or in diamonds.
    #[serde(deserialize_with = "required_fen")]
    pub refund_total_amount: Fen,
    /// Whether the merchant decides.
    #[serde(default, deserialize_with = "one_or_two")]
    pub need_refund_audit: Option<bool>,
    /// Until when; afterwards the platform agrees by itself.
    #[serde(default, deserialize_with = "millis")]
    pub refund_audit_deadline: Option<UnixMs>,
    /// When it was asked for.
    #[serde(default, deserialize_with = "millis")]
    pub create_refund_time: Option<UnixMs>,
    /// Who asked.
    #[serde(default, deserialize_with = "origin")]
    pub refund_source: Option<RefundOrigin>,
    /// The reasons in words. Texts, objects and JSON text are all read.
    #[serde(default, deserialize_with = "reason::reasons")]
    pub refund_reason: Vec<Box<str>>,
    /// What the user adds.
    #[serde(borrow, default, deserialize_with = "text")]
    pub refund_description: Option<Cow<'a, str>>,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
    /// How much of which item.
    #[serde(default, deserialize_with = "object")]
    pub refund_item_detail: Option<RefundItems>,
    /// What the amounts count; nothing means fen.
    #[serde(default, deserialize_with = "word")]
    pub currency: Option<Currency>,
    /// The merchant's number of the refund, if the platform knows it already.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_refund_no: Option<Cow<'a, str>>,
}

/// `settle`: a settlement succeeded or failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SettleNotice<'a> {
    /// The mini-program.
    pub app_id: AppId,
    /// The platform's number of the order.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The platform's number of the settlement.
    #[serde(deserialize_with = "required_no")]
    pub settle_id: PlatformNo,
    /// The merchant's number, whatever its characters; the platform's own when it settled by itself.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_settle_no: Option<Cow<'a, str>>,
    /// How it ended.
    pub status: SettleStatus,
    /// All that was settled: fee, commission and shares together.
    #[serde(deserialize_with = "required_fen")]
    pub settle_amount: Fen,
    /// The platform's fee.
    #[serde(default, deserialize_with = "fen")]
    pub rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub commission: Option<Fen>,
    /// Who received what, for people.
    #[serde(borrow, default, deserialize_with = "text")]
    pub settle_detail: Option<Cow<'a, str>>,
    /// Why it failed; `SUCCESS` when it did not.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// Our own text: the `ext` that was sent.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
    /// When it ended.
    #[serde(default, deserialize_with = "millis")]
    pub event_time: Option<UnixMs>,
    /// The item, when one was settled by itself.
    #[serde(default, deserialize_with = "platform_no")]
    pub item_order_id: Option<PlatformNo>,
    /// Whether the platform settled by itself.
    #[serde(default, deserialize_with = "flag")]
    pub is_auto_settle: Option<bool>,
}
