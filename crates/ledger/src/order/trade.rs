//! What orders and operations of the general trade system have besides.

use douyin_pay_protocol::UnixMs;
use serde::{Deserialize, Serialize};

use super::Failure;
use crate::{AuditStatus, DecisionState, Item, ItemAmount, hex32};

/// What only an order of the general trade system has. Stored as one JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTrade {
    /// How long the order may be paid after the payer placed it, in seconds.
    pub pay_expire_seconds: u32,
    /// The items that the platform made of it, by number; empty until a report tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// The currency, if it is not CNY. Amounts of such an order are never summed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Box<str>>,
}

/// The platform takes signed data for so long after it was signed.
const SIGNATURE_MS: i64 = 3_600_000;

impl OrderTrade {
    /// From the signing to the last moment at which it can be paid: placed at the last moment, paid at the last.
    pub(crate) fn lifetime_ms(&self) -> i64 {
        SIGNATURE_MS + i64::from(self.pay_expire_seconds) * 1_000
    }
}

/// What only an operation of the general trade system has. Stored as one JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationTrade {
    /// The code of a refund's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// Whether a refund was asked for as "everything", so that the call names no items.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// How much of which item a refund gives back, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemAmount>,
    /// The one item that a settlement is about; absent for the whole order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_order_id: Option<Box<str>>,
    /// The state that a fulfilment tells, in the platform's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_status: Option<Box<str>>,
    /// The items that a fulfilment is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item_order_ids: Vec<Box<str>>,
    /// The merchant's consent to a refund, as far as the platform spoke of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Audit>,
}

/// The merchant's consent to a refund that somebody else asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Whether it is needed at all.
    pub needed: bool,
    /// When silence becomes consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_at: Option<UnixMs>,
    /// How far it is.
    pub status: AuditStatus,
    /// Why the merchant denied it, in the platform's report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deny_message: Option<Box<str>>,
    /// What the merchant decided here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// What the merchant decided about a refund: everything that is needed to repeat the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the money goes back.
    pub agree: bool,
    /// Why not, shown to the payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deny_message: Option<Box<str>>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
    /// When the merchant decided.
    pub decided_at: UnixMs,
    /// How far it is.
    pub state: DecisionState,
    /// Whether an attempt to tell it ended unknown: a refusal then decides nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub maybe_acted: bool,
    /// Why the platform did not take it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}
