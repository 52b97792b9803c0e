//! What the platform reports, by callback or query.

mod returned;
mod settleable;

use douyin_pay_protocol::{Fen, OutNo, PlatformNo, UnixMs};
use serde::{Deserialize, Serialize};

use super::{ItemAmount, Share};
use crate::{AuditStatus, OperationState, OrderState, Origin, RefundSource};
pub use returned::ReturnSeen;
pub use settleable::SettleableSeen;

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
    /// What the platform pays in the payer's place (general trade system).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Fen>,
    /// The items that the platform made of the order (general trade system).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The currency, if the platform names one; nothing means CNY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
}

impl OrderSeen {
    /// A report that tells the state and nothing else.
    pub const fn new(state: OrderState) -> Self {
        Self {
            state,
            total: None,
            platform_order_id: None,
            paid_at: None,
            way: None,
            channel_no: None,
            payment_order_no: None,
            seller_uid: None,
            detail: None,
            discount: None,
            items: Vec::new(),
            currency: None,
        }
    }
}

/// One item of an order, as the platform has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The platform's number of the item.
    pub item_order_id: Box<str>,
    /// The merchant's number of the goods.
    pub sku_id: Box<str>,
    /// Its part of the order's total.
    pub amount: Fen,
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
    /// Who started it, if the platform says so and it was not the merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Why it was asked for, in the payer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
    /// How much of which item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemAmount>,
    /// What is said about the merchant's consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditSeen>,
    /// The currency, if the platform names one; nothing means CNY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
}

impl RefundSeen {
    /// A report that tells the state and nothing else.
    pub const fn new(out_no: OutNo, state: OperationState) -> Self {
        Self {
            out_no,
            state,
            amount: None,
            platform_no: None,
            finished_at: None,
            source: RefundSource::Unknown,
            message: None,
            origin: None,
            reason: None,
            items: Vec::new(),
            audit: None,
            currency: None,
        }
    }
}

/// What the platform reports about the merchant's consent to a refund.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditSeen {
    /// Whether the merchant's consent is needed at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<bool>,
    /// When silence becomes consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_at: Option<UnixMs>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AuditStatus>,
    /// Why the merchant denied it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deny_message: Option<Box<str>>,
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
    /// The one item that was settled; nothing for the whole order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_order_id: Option<Box<str>>,
    /// Who got what, after fee and commission, the seller included; told of the platform's own settlements only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
}

impl SettlementSeen {
    /// A report that tells the state and nothing else.
    pub const fn new(out_no: OutNo, state: OperationState) -> Self {
        Self {
            out_no,
            state,
            platform_no: None,
            settle_amount: None,
            rake: None,
            commission: None,
            detail: None,
            finished_at: None,
            message: None,
            automatic: false,
            item_order_id: None,
            shares: Vec::new(),
        }
    }
}
