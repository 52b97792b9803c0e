//! The payloads of callbacks, typed. Unknown fields are skipped, unknown words are kept.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::CallbackError;
use crate::ecpay::messages::{merchant, order_no, seconds, settle_no, way};
use crate::ecpay::{OrderStatus, PayWay, ResultStatus};
use crate::read::{fen, flag, platform_no, required_fen, text};
use crate::{
    AppId, Fen, MerchantUid, OutOrderNo, OutRefundNo, OutReturnNo, OutSettleNo, PlatformNo, UnixMs,
    WithdrawStatus,
};

/// What a callback says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice<'a> {
    /// An order was paid.
    Payment(PaymentNotice<'a>),
    /// A refund came to its end.
    Refund(RefundNotice<'a>),
    /// A settlement came to its end.
    Settle(SettleNotice<'a>),
    /// A withdrawal came to its end, or was reversed after it.
    Withdraw(WithdrawNotice<'a>),
    /// A return of a share came to its end. The platform documents no such callback.
    Return(ReturnNotice<'a>),
    /// A type that this version does not know: acknowledge and log it.
    Other {
        /// The callback's type.
        kind: Cow<'a, str>,
    },
}

impl<'a> Notice<'a> {
    /// Reads the payload of a callback that was verified, now or when it was stored.
    ///
    /// # Errors
    /// [`CallbackError::Message`] when `msg` is not JSON, lacks what its type needs, or is that of another type: the
    /// type is not signed.
    pub fn parse(kind: &'a str, msg: &'a str) -> Result<Self, CallbackError> {
        // Derived readers also take lists, which the platform never sends.
        if matches!(kind, "payment" | "refund" | "settle" | "withdraw" | "return")
            && !msg.trim_start().starts_with('{')
        {
            return Err(CallbackError::Message("it is not a JSON object".to_owned()));
        }
        let read = match kind {
            "payment" => serde_json::from_str(msg).map(Self::Payment),
            "refund" => serde_json::from_str(msg).map(Self::Refund),
            "settle" => serde_json::from_str(msg).map(Self::Settle),
            "withdraw" => serde_json::from_str(msg).map(Self::Withdraw),
            "return" => serde_json::from_str(msg).map(Self::Return),
            other => return Ok(Self::Other { kind: Cow::Borrowed(other) }),
        };
        let notice = read.map_err(|cause| CallbackError::Message(cause.to_string()))?;
        match notice.misfit(msg) {
            None => Ok(notice),
            Some(problem) => Err(CallbackError::Message(problem)),
        }
    }

    /// Why the payload cannot be of its type. The others need a number that no other type has.
    fn misfit(&self, msg: &str) -> Option<String> {
        let kind = match self {
            Self::Withdraw(_) => "withdraw",
            Self::Return(_) => "return",
            Self::Payment(_) | Self::Refund(_) | Self::Settle(_) | Self::Other { .. } => return None,
        };
        if let Some(field) = serde_json::from_str::<Others>(msg).ok().and_then(|others| others.named(kind)) {
            return Some(format!("it has `{field}`, so it is no `{kind}`"));
        }
        match self {
            Self::Withdraw(notice) if notice.out_order_id.is_none() && notice.order_id.is_none() => {
                Some("it has neither `out_order_id` nor `order_id`".to_owned())
            }
            _ => None,
        }
    }

    /// The mini-program it concerns; a withdrawal's callback does not say it.
    pub fn app_id(&self) -> Option<&AppId> {
        match self {
            Self::Payment(notice) => Some(&notice.app_id),
            Self::Refund(notice) => Some(&notice.app_id),
            Self::Settle(notice) => Some(&notice.app_id),
            Self::Return(notice) => Some(&notice.app_id),
            Self::Withdraw(_) | Self::Other { .. } => None,
        }
    }

    /// The merchant's number of what it concerns.
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::Payment(notice) => Some(notice.cp_orderno.as_str()),
            Self::Refund(notice) => Some(notice.cp_refundno.as_str()),
            Self::Settle(notice) => Some(notice.cp_settle_no.as_str()),
            Self::Withdraw(notice) => notice.out_order_id.as_deref(),
            Self::Return(notice) => Some(notice.out_return_no.as_str()),
            Self::Other { .. } => None,
        }
    }
}

/// The numbers by which other types are known.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Others {
    cp_orderno: Option<IgnoredAny>,
    cp_refundno: Option<IgnoredAny>,
    cp_settle_no: Option<IgnoredAny>,
    out_return_no: Option<IgnoredAny>,
}

impl Others {
    /// A field that is there and tells of another type than this one.
    fn named(&self, kind: &str) -> Option<&'static str> {
        let of = [
            ("payment", "cp_orderno", self.cp_orderno.is_some()),
            ("refund", "cp_refundno", self.cp_refundno.is_some()),
            ("settle", "cp_settle_no", self.cp_settle_no.is_some()),
            ("return", "out_return_no", self.out_return_no.is_some()),
        ];
        of.into_iter().find(|(other, _, there)| *there && *other != kind).map(|(_, field, _)| field)
    }
}

/// `payment`: an order was paid. There is no callback for failure or time-out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaymentNotice<'a> {
    /// The mini-program.
    #[serde(rename = "appid", alias = "app_id")]
    pub app_id: AppId,
    /// The merchant's number of the order.
    pub cp_orderno: OutOrderNo,
    /// The order's total.
    #[serde(deserialize_with = "required_fen")]
    pub total_amount: Fen,
    /// Always `SUCCESS`.
    pub status: OrderStatus,
    /// How it was paid.
    #[serde(default, deserialize_with = "way")]
    pub way: Option<PayWay>,
    /// When it was paid; missing in old callbacks.
    #[serde(default, deserialize_with = "seconds")]
    pub paid_at: Option<UnixMs>,
    /// The platform's number of the order; missing in old callbacks.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The number at the channel.
    #[serde(borrow, default, deserialize_with = "text")]
    pub channel_no: Option<Cow<'a, str>>,
    /// The number at the channel's gateway; mostly empty.
    #[serde(borrow, default, deserialize_with = "text")]
    pub channel_gateway_no: Option<Cow<'a, str>>,
    /// The same family of numbers as `channel_no`.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_channel_order_no: Option<Cow<'a, str>>,
    /// The number that the platform made for the channel.
    #[serde(borrow, default, deserialize_with = "text")]
    pub payment_order_no: Option<Cow<'a, str>>,
    /// Who received the money.
    #[serde(borrow, default, deserialize_with = "text")]
    pub seller_uid: Option<Cow<'a, str>>,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
    /// Promotion data as JSON text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub extra: Option<Cow<'a, str>>,
    /// The video that the order came from.
    #[serde(borrow, default, deserialize_with = "text")]
    pub item_id: Option<Cow<'a, str>>,
    /// The platform's words about it; mostly empty.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// The platform's trade number, since about 2023.
    #[serde(borrow, default, deserialize_with = "text")]
    pub ec_pay_trade_no: Option<Cow<'a, str>>,
}

/// `refund`: a refund succeeded or failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefundNotice<'a> {
    /// The mini-program.
    #[serde(rename = "appid", alias = "app_id")]
    pub app_id: AppId,
    /// The merchant's number of the refund.
    pub cp_refundno: OutRefundNo,
    /// How it ended.
    pub status: ResultStatus,
    /// How much.
    #[serde(default, deserialize_with = "fen")]
    pub refund_amount: Option<Fen>,
    /// True: out of the settled balance; false: out of money in transit.
    #[serde(default, deserialize_with = "flag")]
    pub is_all_settled: Option<bool>,
    /// When the money went back.
    #[serde(default, deserialize_with = "seconds")]
    pub refunded_at: Option<UnixMs>,
    /// Why it failed.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// The platform's number of the order.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The platform's number of the refund.
    #[serde(default, deserialize_with = "platform_no")]
    pub refund_no: Option<PlatformNo>,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
}

/// `settle`: a settlement succeeded or failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SettleNotice<'a> {
    /// The mini-program.
    #[serde(rename = "appid", alias = "app_id")]
    pub app_id: AppId,
    /// The merchant's number of the settlement, or the platform's own when it settled by itself.
    pub cp_settle_no: OutSettleNo,
    /// How it ended.
    pub status: ResultStatus,
    /// The platform's fee.
    #[serde(default, deserialize_with = "fen")]
    pub rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub commission: Option<Fen>,
    /// Who received what, for people.
    #[serde(borrow, default, deserialize_with = "text")]
    pub settle_detail: Option<Cow<'a, str>>,
    /// When it was done.
    #[serde(default, deserialize_with = "seconds")]
    pub settled_at: Option<UnixMs>,
    /// Why it failed; `SUCCESS` when it did not.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
    /// The platform's number of the order.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// What took part in the settlement.
    #[serde(default, deserialize_with = "fen")]
    pub settle_amount: Option<Fen>,
    /// The platform's number of the settlement.
    #[serde(default, deserialize_with = "platform_no")]
    pub settle_no: Option<PlatformNo>,
    /// The channel's number of the settlement.
    #[serde(borrow, default, deserialize_with = "text")]
    pub channel_settle_id: Option<Cow<'a, str>>,
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "order_no")]
    pub out_order_no: Option<OutOrderNo>,
    /// Whether the platform settled by itself.
    #[serde(default, deserialize_with = "flag")]
    pub is_auto_settle: Option<bool>,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
}

/// `withdraw`: a withdrawal succeeded, failed, or was reversed by the bank after it had succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WithdrawNotice<'a> {
    /// How it ended.
    pub status: WithdrawStatus,
    /// The merchant's number of the withdrawal; any text, because others may withdraw too.
    #[serde(borrow, default, deserialize_with = "text")]
    pub out_order_id: Option<Cow<'a, str>>,
    /// The platform's number of the withdrawal.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The number at the bank or the channel.
    #[serde(borrow, default, deserialize_with = "text")]
    pub ch_order_id: Option<Cow<'a, str>>,
    /// When it ended.
    #[serde(default, deserialize_with = "seconds")]
    pub withdraw_at: Option<UnixMs>,
    /// Our own text: the request's `cp_extra`.
    #[serde(borrow, default, deserialize_with = "text")]
    pub extra: Option<Cow<'a, str>>,
    /// Why it failed.
    #[serde(borrow, default, deserialize_with = "text")]
    pub message: Option<Cow<'a, str>>,
}

/// `return`: a return succeeded or failed. Its fields are those of the query's `return_info`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReturnNotice<'a> {
    /// The mini-program.
    #[serde(alias = "appid")]
    pub app_id: AppId,
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// How it ended.
    #[serde(rename = "return_status", alias = "status")]
    pub status: ResultStatus,
    /// The platform's number of the return.
    #[serde(default, deserialize_with = "platform_no")]
    pub return_no: Option<PlatformNo>,
    /// The merchant's number of the settlement.
    #[serde(default, deserialize_with = "settle_no")]
    pub out_settle_no: Option<OutSettleNo>,
    /// The platform's number of the settlement.
    #[serde(default, deserialize_with = "platform_no")]
    pub settle_no: Option<PlatformNo>,
    /// Who gives back.
    #[serde(default, deserialize_with = "merchant")]
    pub merchant_uid: Option<MerchantUid>,
    /// How much.
    #[serde(default, deserialize_with = "fen")]
    pub return_amount: Option<Fen>,
    /// Why it failed; may read `SUCCESS` when it did not.
    #[serde(borrow, default, deserialize_with = "text")]
    pub fail_reason: Option<Cow<'a, str>>,
    /// When it ended.
    #[serde(default, deserialize_with = "seconds")]
    pub finish_time: Option<UnixMs>,
    /// Our own text.
    #[serde(borrow, default, deserialize_with = "text")]
    pub cp_extra: Option<Cow<'a, str>>,
}
