//! `query_cps`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::read::{count, opaque, required_fen};
use crate::trade::read::{list, required_no};
use crate::trade::{Endpoint, Request};
use crate::{Fen, OutOrderNo, PlatformNo};

/// 查询 CPS 信息: what the promoters of an order earn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryCps {
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<PlatformNo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_order_no: Option<OutOrderNo>,
}

impl QueryCps {
    /// Asks by the merchant's number.
    pub fn by_out_order_no(number: OutOrderNo) -> Self {
        Self { order_id: None, out_order_no: Some(number) }
    }

    /// Asks by the platform's number.
    pub fn by_order_id(number: PlatformNo) -> Self {
        Self { order_id: Some(number), out_order_no: None }
    }
}

impl Request for QueryCps {
    const ENDPOINT: Endpoint = Endpoint::QueryCps;
    type Reply = QueryCpsReply;
}

/// What the promoters of an order earn.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct QueryCpsReply {
    /// The platform's number of the order.
    #[serde(deserialize_with = "required_no")]
    pub order_id: PlatformNo,
    /// The merchant's number of the order.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// All commissions together.
    #[serde(deserialize_with = "required_fen")]
    pub total_commission_amount: Fen,
    /// One entry per promoted item.
    #[serde(default, deserialize_with = "list")]
    pub cps_item_list: Vec<CpsItem>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The commission on one item.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct CpsItem {
    /// The platform's number of the item.
    #[serde(deserialize_with = "required_no")]
    pub item_order_id: PlatformNo,
    /// What it was sold for.
    #[serde(deserialize_with = "required_fen")]
    pub sell_amount: Fen,
    /// What the promoter gets.
    #[serde(deserialize_with = "required_fen")]
    pub commission_amount: Fen,
    /// The rate in ten-thousandths.
    #[serde(default, deserialize_with = "count")]
    pub commission_rate: Option<i64>,
    /// Where the user came from; the numbers are not published.
    #[serde(default, deserialize_with = "count")]
    pub source_type: Option<i64>,
    /// The commission's state; the numbers are not published.
    #[serde(default, deserialize_with = "count")]
    pub status: Option<i64>,
    /// The promoter's Douyin number.
    #[serde(default, deserialize_with = "opaque")]
    pub commission_user_douyinid: Option<Box<str>>,
    /// The promoter's name.
    #[serde(default, deserialize_with = "opaque")]
    pub commission_user_nickname: Option<Box<str>>,
    /// The promotion.
    #[serde(default, deserialize_with = "opaque")]
    pub task_id: Option<Box<str>>,
    /// The video or the live room; text or number.
    #[serde(default, deserialize_with = "opaque")]
    pub item_id: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
