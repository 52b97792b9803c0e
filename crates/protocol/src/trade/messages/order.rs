//! `order_query`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::read::{count, fen, opaque, required_fen};
use crate::trade::read::{app_id, channel, list, millis, required_no, seconds, word};
use crate::trade::{Currency, Endpoint, PayChannel, PayStatus, Request};
use crate::{AppId, Fen, OutOrderNo, PlatformNo, UnixMs};

/// 查询订单: what became of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_order_no: Option<OutOrderNo>,
}

impl OrderQuery {
    /// Asks by the merchant's number.
    pub fn by_out_order_no(number: OutOrderNo) -> Self {
        Self { order_id: None, out_order_no: Some(number) }
    }

    /// Asks by the platform's number.
    pub fn by_order_id(number: PlatformNo) -> Self {
        Self { order_id: Some(number), out_order_no: None }
    }
}

impl Request for OrderQuery {
    const ENDPOINT: Endpoint = Endpoint::OrderQuery;
    type Reply = OrderQueryReply;
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct OrderQueryReply {
    /// The mini-program.
    #[serde(default, deserialize_with = "app_id")]
    pub app_id: Option<AppId>,
    /// The platform's number.
    #[serde(deserialize_with = "required_no")]
    pub order_id: PlatformNo,
    /// The merchant's number, whatever its characters.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// What became of it.
    pub pay_status: PayStatus,
    /// The total; what the user paid is this less the discount.
    #[serde(deserialize_with = "required_fen")]
    pub total_amount: Fen,
    /// What the platform took off.
    #[serde(default, deserialize_with = "fen")]
    pub discount_amount: Option<Fen>,
    /// When it was placed.
    #[serde(default, deserialize_with = "millis")]
    pub trade_time: Option<UnixMs>,
    /// When it was paid.
    #[serde(default, deserialize_with = "millis")]
    pub pay_time: Option<UnixMs>,
    /// How it was paid.
    #[serde(default, deserialize_with = "channel")]
    pub pay_channel: Option<PayChannel>,
    /// The number at the channel.
    #[serde(default, deserialize_with = "opaque")]
    pub channel_pay_id: Option<Box<str>>,
    /// Who receives the money.
    #[serde(default, deserialize_with = "opaque")]
    pub merchant_uid: Option<Box<str>>,
    /// The items, each of which can be refunded and settled by itself.
    #[serde(default, deserialize_with = "list")]
    pub item_order_list: Vec<ItemOrder>,
    /// What the amounts count; nothing means fen.
    #[serde(default, deserialize_with = "word")]
    pub currency: Option<Currency>,
    /// How many diamonds, when paid with them.
    #[serde(default, deserialize_with = "count")]
    pub total_currency_amount: Option<i64>,
    /// A text of the merchant; seen once only.
    #[serde(default, deserialize_with = "opaque")]
    pub cp_extra: Option<Box<str>>,
    /// Service orders only: `INIT`, `CONFIRMED`, `DONE`, `CLOSED`.
    #[serde(default, deserialize_with = "opaque")]
    pub order_service_status: Option<Box<str>>,
    /// Service orders only: why the service was cancelled.
    #[serde(default, deserialize_with = "opaque")]
    pub service_cancel_reason: Option<Box<str>>,
    /// Service orders only: when it was handed in. The platform writes three s.
    #[serde(default, rename = "submisssion_time", deserialize_with = "seconds")]
    pub submission_time: Option<UnixMs>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl OrderQueryReply {
    /// What the user paid: the total less the discount.
    pub fn paid_amount(&self) -> Option<Fen> {
        self.total_amount.checked_sub(self.discount_amount.unwrap_or(Fen::ZERO))
    }
}

/// One item of an order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ItemOrder {
    /// The platform's number of the item.
    #[serde(deserialize_with = "required_no")]
    pub item_order_id: PlatformNo,
    /// The merchant's number of the goods.
    #[serde(default, deserialize_with = "opaque")]
    pub sku_id: Option<Box<str>>,
    /// Its part of the total.
    #[serde(deserialize_with = "required_fen")]
    pub item_order_amount: Fen,
    /// Its part in diamonds.
    #[serde(default, deserialize_with = "count")]
    pub item_order_currency_amount: Option<i64>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
