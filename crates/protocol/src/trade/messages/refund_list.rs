//! `refund_query`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ItemAmount;
use crate::read::{opaque, required_fen};
use crate::trade::read::{list, millis, object, one_or_two, origin, required_no, word};
use crate::trade::{AuditStatus, Currency, Data, Endpoint, RefundOrigin, RefundStatus, Request};
use crate::{Fen, OutRefundNo, PlatformNo, UnixMs};

/// 查询退款: what became of one refund, or of an order's refunds (at most 50).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_refund_no: Option<OutRefundNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<PlatformNo>,
}

impl RefundQuery {
    const NONE: Self = Self { refund_id: None, out_refund_no: None, order_id: None };

    /// Asks by the platform's number of the refund.
    pub fn by_refund_id(number: PlatformNo) -> Self {
        Self { refund_id: Some(number), ..Self::NONE }
    }

    /// Asks by the merchant's number of the refund.
    pub fn by_out_refund_no(number: OutRefundNo) -> Self {
        Self { out_refund_no: Some(number), ..Self::NONE }
    }

    /// Asks for all refunds of an order, by the platform's number of the order.
    pub fn by_order_id(number: PlatformNo) -> Self {
        Self { order_id: Some(number), ..Self::NONE }
    }
}

impl Request for RefundQuery {
    const ENDPOINT: Endpoint = Endpoint::RefundQuery;
    const DATA: Data = Data::MaybeObject;
    type Reply = RefundQueryReply;
}

/// The refunds that were found; none is no error.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RefundQueryReply {
    /// One entry per refund.
    #[serde(default, deserialize_with = "list")]
    pub refund_list: Vec<RefundInfo>,
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RefundInfo {
    /// The platform's number of the refund.
    #[serde(deserialize_with = "required_no")]
    pub refund_id: PlatformNo,
    /// The platform's number of the order.
    #[serde(deserialize_with = "required_no")]
    pub order_id: PlatformNo,
    /// The merchant's number, whatever its characters; none until the merchant gave one. After 72 hours
    /// without an answer the platform makes one up.
    #[serde(default, deserialize_with = "opaque")]
    pub out_refund_no: Option<Box<str>>,
    /// What became of it.
    pub refund_status: RefundStatus,
    /// How much.
    #[serde(deserialize_with = "required_fen")]
    pub refund_total_amount: Fen,
    /// When it began.
    #[serde(default, deserialize_with = "millis")]
    pub create_at: Option<UnixMs>,
    /// When the money went back.
    #[serde(default, deserialize_with = "millis")]
    pub refund_at: Option<UnixMs>,
    /// Why it failed.
    #[serde(default, deserialize_with = "opaque")]
    pub message: Option<Box<str>>,
    /// Who started it.
    #[serde(default, deserialize_with = "origin")]
    pub refund_source: Option<RefundOrigin>,
    /// The merchant's decision.
    #[serde(default, deserialize_with = "object")]
    pub merchant_audit_detail: Option<AuditDetail>,
    /// How much of which item.
    #[serde(default, deserialize_with = "list")]
    pub item_order_detail: Vec<ItemAmount>,
    /// What the amounts count; nothing means fen.
    #[serde(default, deserialize_with = "word")]
    pub currency: Option<Currency>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The merchant's decision on a refund.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AuditDetail {
    /// Whether one is needed.
    #[serde(default, deserialize_with = "one_or_two")]
    pub need_refund_audit: Option<bool>,
    /// Until when; afterwards the platform agrees by itself.
    #[serde(default, deserialize_with = "millis")]
    pub refund_audit_deadline: Option<UnixMs>,
    /// How far it is.
    #[serde(default, deserialize_with = "word")]
    pub audit_status: Option<AuditStatus>,
    /// Why the merchant refused.
    #[serde(default, deserialize_with = "opaque")]
    pub deny_message: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
