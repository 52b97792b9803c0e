//! The fields each call has, for a platform that signs no others.

use std::collections::BTreeMap;

use douyin_pay_protocol::ecpay::Endpoint;
use douyin_pay_protocol::ecpay::json::query_pairs;
use serde_json::value::RawValue;

use super::call::Arrival;

/// Fields that every call has.
const COMMON: [&str; 4] = ["app_id", "thirdparty_id", "sign", "other_settle_params"];
const CREATE_ORDER: [&str; 12] = [
    "out_order_no",
    "total_amount",
    "subject",
    "body",
    "valid_time",
    "cp_extra",
    "notify_url",
    "disable_msg",
    "msg_page",
    "store_uid",
    "expand_order_info",
    "limit_pay_way",
];
const CREATE_REFUND: [&str; 10] = [
    "out_order_no",
    "out_refund_no",
    "reason",
    "refund_amount",
    "cp_extra",
    "notify_url",
    "disable_msg",
    "msg_page",
    "all_settle",
    "total_amount",
];

/// The other fields of a call; `None` when whatever is sent belongs to it.
fn known_fields(endpoint: Endpoint) -> Option<&'static [&'static str]> {
    Some(match endpoint {
        Endpoint::CreateOrder => &CREATE_ORDER,
        Endpoint::QueryOrder => &["out_order_no"],
        Endpoint::CreateRefund => &CREATE_REFUND,
        Endpoint::QueryRefund => &["out_refund_no"],
        Endpoint::Settle => &[
            "out_settle_no",
            "out_order_no",
            "settle_desc",
            "settle_params",
            "finish",
            "cp_extra",
            "notify_url",
        ],
        Endpoint::QuerySettle => &["out_settle_no"],
        Endpoint::UnsettleAmount => &["out_order_no", "out_item_order_no"],
        Endpoint::QueryPlatformOrder => &["out_order_no", "order_id", "query_type"],
        Endpoint::CreateReturn => &[
            "settle_no",
            "out_settle_no",
            "out_return_no",
            "merchant_uid",
            "return_amount",
            "return_desc",
            "cp_extra",
            "notify_url",
        ],
        Endpoint::QueryReturn => &["return_no", "out_return_no"],
        Endpoint::QueryMerchantBalance => &["merchant_uid", "channel_type", "merchant_entity"],
        Endpoint::MerchantWithdraw => &[
            "merchant_uid",
            "channel_type",
            "merchant_entity",
            "withdraw_amount",
            "out_order_id",
            "callback",
            "callback_url",
            "cp_extra",
        ],
        Endpoint::QueryWithdrawOrder => &["merchant_uid", "channel_type", "out_order_id"],
        Endpoint::GetAppMerchant | Endpoint::AppAddSubMerchant | Endpoint::AddSubMerchant => {
            &["component_access_token", "sub_merchant_id", "url_type"]
        }
        Endpoint::QueryMerchantStatus => &["merchant_id", "sub_merchant_id"],
        Endpoint::Bill => &["start_date", "end_date", "seller", "bill_type"],
        Endpoint::Bills => &["merchant_id", "bill_date", "bill_type"],
        Endpoint::FundBills => &["bill_date", "account_type", "payment_type", "trade_type"],
        // Nobody published all fields of the first; the others are not signed.
        Endpoint::CreateMerchant | Endpoint::Token | Endpoint::OrderPush | Endpoint::AddMerchant => {
            return None;
        }
    })
}

/// A body's fields; the values keep their spelling, which is what is signed.
type Spelt<'a> = BTreeMap<String, &'a RawValue>;

impl Arrival {
    /// The request without the fields that the call does not have; as it is when it cannot be read.
    pub(super) fn of_known_fields(&self, endpoint: Endpoint) -> Self {
        let Some(known) = known_fields(endpoint) else { return self.clone() };
        let is_known = |name: &str| known.contains(&name) || COMMON.contains(&name);
        let mut narrowed = self.clone();
        match &self.query {
            Some(query) => {
                let named = |piece: &&str| {
                    query_pairs(piece).is_ok_and(|pairs| pairs.iter().all(|(name, _)| is_known(name)))
                };
                narrowed.query = Some(query.split('&').filter(named).collect::<Vec<_>>().join("&"));
            }
            None => {
                if let Ok(mut fields) = serde_json::from_slice::<Spelt<'_>>(&self.body) {
                    fields.retain(|name, _| is_known(name));
                    narrowed.body = super::answers::to_json(&fields);
                }
            }
        }
        narrowed
    }
}
