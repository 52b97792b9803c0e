//! What only guaranteed payment takes with a new order or refund.

use douyin_pay_protocol::Fen;
use serde::{Deserialize, Serialize};

/// What guaranteed payment takes with a new order besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenEcpay {
    /// The store that receives the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_uid: Option<Box<str>>,
    /// The channels to hide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_pay_way: Option<Box<str>>,
    /// What the delivery of a takeaway costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_fee: Option<DeliveryFee>,
    /// Whether the platform's message to the payer is suppressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_msg: Option<bool>,
    /// The page that the message opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_page: Option<Box<str>>,
}

/// What a delivery costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFee {
    /// Before reductions.
    pub original: Fen,
    /// After them.
    pub actual: Fen,
}

/// What guaranteed payment takes with a refund besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundEcpay {
    /// Whether it is paid out of what was settled; the platform chooses by itself when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_settle: Option<bool>,
    /// Whether the platform's message to the payer is suppressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disable_msg: Option<bool>,
    /// The page that the message opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub msg_page: Option<Box<str>>,
}
