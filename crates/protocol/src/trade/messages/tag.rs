//! `tag_query`.

use serde::{Deserialize, Serialize};

use crate::read::{count, opaque};
use crate::trade::read::{list, object, one_or_two, rule};
use crate::trade::{Data, Endpoint, ProductType, RefundRule, Request};

/// 标签组查询: the tag groups that goods may be sold under, each with its refund rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_type: Option<ProductType>,
}

impl TagQuery {
    /// Of all product types of the app's trade.
    pub fn all() -> Self {
        Self { goods_type: None }
    }

    /// Of one product type.
    pub fn of_type(product_type: ProductType) -> Self {
        Self { goods_type: Some(product_type) }
    }
}

impl Request for TagQuery {
    const ENDPOINT: Endpoint = Endpoint::TagQuery;
    const DATA: Data = Data::MaybeObject;
    type Reply = TagQueryReply;
}

/// The tag groups that were found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagQueryReply {
    /// One entry per tag group.
    #[serde(default, deserialize_with = "list")]
    pub tag_detail_list: Vec<TagDetail>,
}

/// One tag group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagDetail {
    /// Goes into an sku as `tagGroupId`.
    pub tag_group_id: Box<str>,
    /// What the user sees.
    #[serde(default, deserialize_with = "list")]
    pub tag_list: Vec<Tag>,
    /// What holds.
    #[serde(default, deserialize_with = "list")]
    pub rule_list: Vec<TagRule>,
}

/// One tag of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tag {
    /// Its id.
    #[serde(default, deserialize_with = "opaque")]
    pub tag_id: Option<Box<str>>,
    /// Its name.
    #[serde(default, deserialize_with = "opaque")]
    pub tag_name: Option<Box<str>>,
    /// Its description, line by line.
    #[serde(default, deserialize_with = "list")]
    pub tag_descs: Vec<Box<str>>,
    /// Its kind; 1 in every sample.
    #[serde(default, deserialize_with = "count")]
    pub tag_type: Option<i64>,
    /// The platform's line of business; 2001 for telecom.
    #[serde(default, deserialize_with = "count")]
    pub biz_line: Option<i64>,
    /// The product type.
    #[serde(default, deserialize_with = "count")]
    pub goods_type: Option<i64>,
}

/// One rule of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagRule {
    /// Its id.
    #[serde(default, deserialize_with = "opaque")]
    pub rule_id: Option<Box<str>>,
    /// Its kind; 1 is a refund rule.
    #[serde(default, deserialize_with = "count")]
    pub rule_type: Option<i64>,
    /// What it says about refunds.
    #[serde(default, deserialize_with = "object")]
    pub refund_rule: Option<TagRuleDetail>,
}

/// What a rule says about refunds. The numbers' meanings are concluded from the platform's samples.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagRuleDetail {
    /// While the fulfilment is here: `FULFILL_WAIT`, `FULFILLING`, `FULFILL_DONE`.
    #[serde(default, deserialize_with = "opaque")]
    pub biz_status: Option<Box<str>>,
    /// Whether the merchant decides (`merchant_audit_type`).
    #[serde(default, rename = "merchant_audit_type", deserialize_with = "one_or_two")]
    pub needs_audit: Option<bool>,
    /// What the user may ask for.
    #[serde(default, deserialize_with = "rule")]
    pub refund_type: Option<RefundRule>,
}
