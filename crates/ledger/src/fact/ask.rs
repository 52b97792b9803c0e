//! What the merchant asks for: everything that is needed to repeat the call.

mod ecpay;

use douyin_pay_protocol::{Fen, MerchantUid, OutNo};
use serde::{Deserialize, Serialize};

use crate::hex32;
pub use ecpay::{DeliveryFee, OpenEcpay, RefundEcpay};

/// The merchant asks for a refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRefund {
    /// The merchant's number for it.
    pub out_no: OutNo,
    /// How much goes back.
    pub amount: Fen,
    /// The reason, shown to the payer.
    pub reason: Box<str>,
    /// What the general trade system asks for besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<RefundTrade>,
    /// What guaranteed payment takes besides; absent when nothing of it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ecpay: Option<RefundEcpay>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// What a refund of the general trade system has besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundTrade {
    /// The reason's code: 101 no longer wanted, 102 service, 103 quality, 999 other.
    pub code: u16,
    /// How much of which item; empty when everything goes back, or when there is but one item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemAmount>,
}

/// A part of an amount that belongs to one item of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAmount {
    /// The platform's number of the item.
    pub item_order_id: Box<str>,
    /// How much.
    pub amount: Fen,
}

/// The merchant's decision about a refund that waits for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideRefund {
    /// The number of the refund.
    pub out_no: OutNo,
    /// Whether the money goes back.
    pub agree: bool,
    /// Why not, shown to the payer; needed for a denial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deny_message: Option<Box<str>>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// The merchant asks for a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSettlement {
    /// The merchant's number for it.
    pub out_no: OutNo,
    /// What it is for.
    pub description: Box<str>,
    /// Who shares, besides the seller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// Whether this is the last settlement of the order.
    pub finish: bool,
    /// The one item that is settled; absent for the whole order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_order_id: Option<Box<str>>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// The merchant tells the platform how far the goods are, in guaranteed payment by order push. No money moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushFulfilment {
    /// The merchant's number for it; the platform never sees it.
    pub out_no: OutNo,
    /// The state to be told, in the platform's words: `fulfilling`, `fulfill_done`; in guaranteed payment `redeemed`.
    pub to_status: Box<str>,
    /// The items that reach it; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item_order_ids: Vec<Box<str>>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// The merchant asks for a share back: from a receiver of a settlement that is done, to the seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReturn {
    /// The merchant's number for it.
    pub out_no: OutNo,
    /// The number of the settlement.
    pub settlement: OutNo,
    /// Who gives back.
    pub merchant_uid: MerchantUid,
    /// How much.
    pub amount: Fen,
    /// What it is for.
    pub description: Box<str>,
    /// The digest of the request as the merchant sent it.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// What one receiver gets out of a settlement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The receiver.
    pub merchant_uid: MerchantUid,
    /// How much.
    pub amount: Fen,
}
