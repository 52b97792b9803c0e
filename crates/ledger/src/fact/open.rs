//! The merchant's request for a new order: everything that is needed to repeat the call.

use douyin_pay_protocol::{AppId, Fen, OutOrderNo, UnixMs};
use serde::{Deserialize, Serialize};

use super::OpenEcpay;
use crate::{OrderId, System, hex32};

/// The merchant asks for a new order: everything that is needed to repeat the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The order's internal id.
    pub id: OrderId,
    /// The mini-program.
    pub app_id: AppId,
    /// The payment system.
    pub system: System,
    /// The merchant's number.
    pub out_order_no: OutOrderNo,
    /// The order's total.
    pub amount: Fen,
    /// The short description.
    pub subject: Box<str>,
    /// The details.
    pub body: Box<str>,
    /// How long the order may be paid, in seconds.
    pub valid_seconds: u32,
    /// The merchant's own text, echoed by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cp_extra: Option<Box<str>>,
    /// The payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_id: Option<Box<str>>,
    /// The merchant's own JSON, as text; the platform never sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Box<str>>,
    /// When it was opened elsewhere, with an earlier SDK: this ledger only asks about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_elsewhere_at: Option<UnixMs>,
    /// Whether the money goes back if it is paid after it was reported as closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refund_late: bool,
    /// What is signed in the general trade system; an order of that system needs it unless it was opened elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trade: Option<OpenTrade>,
    /// What guaranteed payment takes besides; absent when nothing of it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ecpay: Option<OpenEcpay>,
    /// So many days after the payment the order is settled by itself; nothing means that the merchant asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_after_days: Option<u16>,
    /// What the platform's order centre shows (guaranteed payment); with it the ledger tells the platform by itself
    /// what becomes of the order. It needs the payer's `open_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_push: Option<OpenPush>,
    /// The digest of the request as the merchant sent it, before defaults.
    #[serde(with = "hex32")]
    pub request_sha256: [u8; 32],
}

/// What the general trade system needs of a new order: nothing is called, the data is signed and handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTrade {
    /// The order's data, byte for byte as it was signed.
    pub data: Box<str>,
    /// How long the order may be paid after the payer placed it, in seconds.
    pub pay_expire_seconds: u32,
}

/// What the platform's order centre shows of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPush {
    /// The page of the order inside the mini-program.
    pub detail_url: Box<str>,
    /// The goods.
    pub items: Vec<PushItem>,
}

/// One kind of goods, as the platform's order centre shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushItem {
    /// The merchant's number of the goods.
    pub item_code: Box<str>,
    /// The address of a picture.
    pub img: Box<str>,
    /// The name.
    pub title: Box<str>,
    /// The second line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_title: Option<Box<str>>,
    /// How many.
    pub amount: u32,
    /// The price of one.
    pub price: Fen,
}
