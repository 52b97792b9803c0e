//! `unsettle_amount` and `query_platform_order`.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::read::{app_id, beijing, settle_no};
use crate::ecpay::{Endpoint, Fields, Request, ResultStatus};
use crate::read::{count, fen, list, opaque, platform_no, required_fen};
use crate::{AppId, Fen, MerchantUid, OutOrderNo, OutSettleNo, PlatformNo, UnixMs};

/// 可结算金额查询: how much of an order can still be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsettleAmount {
    out_order_no: OutOrderNo,
    out_item_order_no: Option<OutOrderNo>,
}

impl UnsettleAmount {
    /// Asks about that order.
    pub fn new(out_order_no: OutOrderNo) -> Self {
        Self { out_order_no, out_item_order_no: None }
    }

    /// Asks about one item of the order alone.
    #[must_use]
    pub fn out_item_order_no(mut self, item: OutOrderNo) -> Self {
        self.out_item_order_no = Some(item);
        self
    }
}

impl Request for UnsettleAmount {
    const ENDPOINT: Endpoint = Endpoint::UnsettleAmount;
    const PAYLOAD: Option<&'static str> = Some("data");
    type Reply = UnsettleAmountReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_order_no", self.out_order_no.as_str());
        if let Some(item) = &self.out_item_order_no {
            to.text("out_item_order_no", item.as_str());
        }
    }
}

/// How much of an order can still be settled, and what the platform subtracted to get there.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct UnsettleAmountReply {
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// What can still be settled.
    #[serde(deserialize_with = "required_fen")]
    pub unsettle_amount: Fen,
    /// How the platform came to it.
    #[serde(default, deserialize_with = "detail")]
    pub detail: UnsettleDetail,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What the platform counts to find what can still be settled.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct UnsettleDetail {
    /// The payment.
    #[serde(default, deserialize_with = "crate::read::object")]
    pub pay_info: Option<PaidPart>,
    /// The refunds out of money in transit.
    #[serde(default, deserialize_with = "list")]
    pub refund_info: Vec<RefundedPart>,
    /// The platform's fee on the payment.
    #[serde(default, deserialize_with = "fen")]
    pub payment_rake: Option<Fen>,
    /// The fee of the local life trade.
    #[serde(default, deserialize_with = "fen")]
    pub life_rake: Option<Fen>,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub commission: Option<Fen>,
}

/// The payment behind what can be settled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PaidPart {
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// What was paid.
    #[serde(default, deserialize_with = "fen")]
    pub amount: Option<Fen>,
}

/// A refund that makes less of what can be settled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefundedPart {
    /// The merchant's number of the refund.
    #[serde(default, deserialize_with = "opaque")]
    pub out_refund_no: Option<Box<str>>,
    /// What goes back.
    #[serde(default, deserialize_with = "fen")]
    pub amount: Option<Fen>,
}

/// Missing, `null` and empty mean that the platform does not explain itself.
fn detail<'de, D: Deserializer<'de>>(from: D) -> Result<UnsettleDetail, D::Error> {
    Ok(crate::read::object(from)?.unwrap_or_default())
}

/// 自动结算结果查询: the settlements that the platform made by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryPlatformOrder {
    out_order_no: OutOrderNo,
}

impl QueryPlatformOrder {
    /// Asks about that order's automatic settlements, the only kind that is documented (`query_type` 1).
    pub fn new(out_order_no: OutOrderNo) -> Self {
        Self { out_order_no }
    }
}

impl Request for QueryPlatformOrder {
    const ENDPOINT: Endpoint = Endpoint::QueryPlatformOrder;
    const PAYLOAD: Option<&'static str> = Some("platform_order");
    type Reply = PlatformOrder;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_order_no", self.out_order_no.as_str());
        to.number("query_type", 1);
    }
}

/// What the platform did with an order by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PlatformOrder {
    /// The mini-program.
    #[serde(default, deserialize_with = "app_id")]
    pub app_id: Option<AppId>,
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// What was asked about; 1 is automatic settlement.
    #[serde(default, deserialize_with = "count")]
    pub query_type: Option<i64>,
    /// The settlements that the platform made by itself.
    #[serde(default, deserialize_with = "list")]
    pub settle_info_list: Vec<AutoSettleInfo>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A settlement that the platform made by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AutoSettleInfo {
    /// The number that the platform chose in the merchant's place.
    #[serde(default, deserialize_with = "settle_no")]
    pub out_settle_no: Option<OutSettleNo>,
    /// The platform's number.
    #[serde(default, deserialize_with = "platform_no")]
    pub settle_no: Option<PlatformNo>,
    /// Who received what, the seller included.
    #[serde(default, deserialize_with = "list")]
    pub settle_param_list: Vec<AutoShare>,
    /// In which way; not documented.
    #[serde(default, deserialize_with = "opaque")]
    pub settle_way: Option<Box<str>>,
    /// What became of it.
    pub settle_status: ResultStatus,
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub cps: Option<Fen>,
    /// The platform's fee.
    #[serde(default, deserialize_with = "fen")]
    pub service_charge: Option<Fen>,
    /// When it began.
    #[serde(default, deserialize_with = "beijing")]
    pub created_at: Option<UnixMs>,
    /// When it was done.
    #[serde(default, deserialize_with = "beijing")]
    pub settled_at: Option<UnixMs>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What a merchant received out of an automatic settlement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AutoShare {
    /// The merchant: the seller or a receiver.
    pub merchant_uid: MerchantUid,
    /// How much.
    #[serde(deserialize_with = "required_fen")]
    pub amount: Fen,
}
