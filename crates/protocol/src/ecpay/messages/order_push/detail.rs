//! What the order centre shows of a normal order: `order_detail`.

use serde::Serialize;

use super::OrderPush;
use crate::{Fen, FieldError, OutOrderNo, UnixMs};

/// What became of an order, as the order centre says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PushStatus {
    /// 0, 待支付: not paid yet.
    AwaitingPayment,
    /// 1, 已支付: paid.
    Paid,
    /// 2, 已取消: given up.
    Cancelled,
    /// 2, 已超时: not paid within its time. Its number is that of a cancelled order.
    TimedOut,
    /// 4, 已核销: redeemed. The settlement period begins.
    Redeemed,
    /// 5, 退款中: money is on its way back.
    Refunding,
    /// 6, 已退款: the money went back.
    Refunded,
    /// 8, 退款失败: the money did not go back.
    RefundFailed,
}

impl PushStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AwaitingPayment,
        Self::Paid,
        Self::Cancelled,
        Self::TimedOut,
        Self::Redeemed,
        Self::Refunding,
        Self::Refunded,
        Self::RefundFailed,
    ];

    /// The platform's number: `order_status`.
    pub const fn number(self) -> i64 {
        match self {
            Self::AwaitingPayment => 0,
            Self::Paid => 1,
            Self::Cancelled | Self::TimedOut => 2,
            Self::Redeemed => 4,
            Self::Refunding => 5,
            Self::Refunded => 6,
            Self::RefundFailed => 8,
        }
    }

    /// What the user reads: `order_detail.status`.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "待支付",
            Self::Paid => "已支付",
            Self::Cancelled => "已取消",
            Self::TimedOut => "已超时",
            Self::Redeemed => "已核销",
            Self::Refunding => "退款中",
            Self::Refunded => "已退款",
            Self::RefundFailed => "退款失败",
        }
    }

    /// Our own word: `awaiting_payment`, `paid`, `cancelled`, `timed_out`, `redeemed`, `refunding`, `refunded`,
    /// `refund_failed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
            Self::Redeemed => "redeemed",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
            Self::RefundFailed => "refund_failed",
        }
    }

    /// The status of that word of ours.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What the order centre shows of a normal order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushDetail {
    status: PushStatus,
    json: String,
}

#[derive(Serialize)]
struct Whole<'a> {
    order_id: &'a OutOrderNo,
    create_time: i64,
    status: &'static str,
    amount: u64,
    total_price: Fen,
    detail_url: &'a str,
    item_list: &'a [PushItem],
}

impl PushDetail {
    /// An order with its number, when it was created, its state, its total, the page of the mini-program that shows
    /// it (with its query), and what was bought.
    ///
    /// # Errors
    /// When there is no item, the page is empty or longer than 1,024 bytes, or everything together is 2,048 bytes or
    /// longer as JSON.
    pub fn new(
        out_order_no: OutOrderNo,
        created_at: UnixMs,
        status: PushStatus,
        total_price: Fen,
        detail_url: &str,
        items: Vec<PushItem>,
    ) -> Result<Self, FieldError> {
        check("detail_url", detail_url, 1024)?;
        if items.is_empty() {
            return Err(FieldError::new("item_list", "is empty; name what was bought"));
        }
        let whole = Whole {
            order_id: &out_order_no,
            create_time: created_at.get(),
            status: status.zh(),
            amount: items.iter().map(|item| u64::from(item.amount)).sum(),
            total_price,
            detail_url,
            item_list: &items,
        };
        let json = serde_json::to_string(&whole).expect("plain data");
        check_whole(&json)?;
        Ok(Self { status, json })
    }

    /// The state that is shown.
    pub fn status(&self) -> PushStatus {
        self.status
    }

    /// The JSON text as it is sent.
    pub fn json(&self) -> &str {
        &self.json
    }
}

/// One kind of goods of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PushItem {
    item_code: Box<str>,
    img: Box<str>,
    title: Box<str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    sub_title: Box<str>,
    amount: u32,
    price: Fen,
}

impl PushItem {
    /// So many of these goods: the merchant's code of them, a picture, a title, and what one of them costs.
    ///
    /// # Errors
    /// When the code is longer than 64 bytes, the picture's address than 512, the title than 256, one of them is
    /// empty, or the number is 0.
    pub fn new(item_code: &str, img: &str, title: &str, amount: u32, price: Fen) -> Result<Self, FieldError> {
        check("item_code", item_code, 64)?;
        check("img", img, 512)?;
        check("title", title, 256)?;
        if amount == 0 {
            return Err(FieldError::new("amount", "is 0; leave such an item out"));
        }
        let (item_code, img, title) = (item_code.into(), img.into(), title.into());
        Ok(Self { item_code, img, title, sub_title: "".into(), amount, price })
    }

    /// What stands below the title.
    ///
    /// # Errors
    /// When it is longer than 256 bytes.
    pub fn sub_title(mut self, text: &str) -> Result<Self, FieldError> {
        check_length("sub_title", text, 256)?;
        self.sub_title = text.into();
        Ok(self)
    }
}

/// Whether the whole detail is short enough.
pub(super) fn check_whole(json: &str) -> Result<(), FieldError> {
    if json.len() < OrderPush::DETAIL_BYTES {
        return Ok(());
    }
    let problem = format!(
        "{} bytes as JSON, fewer than {} are allowed; shorten titles or show fewer items",
        json.len(),
        OrderPush::DETAIL_BYTES
    );
    Err(FieldError::new("order_detail", problem))
}

fn check(field: &'static str, text: &str, bytes_max: usize) -> Result<(), FieldError> {
    if text.is_empty() {
        return Err(FieldError::new(field, "is empty; write something"));
    }
    check_length(field, text, bytes_max)
}

/// The platform does not say what it counts; bytes are the stricter reading.
fn check_length(field: &'static str, text: &str, bytes_max: usize) -> Result<(), FieldError> {
    if text.len() <= bytes_max {
        return Ok(());
    }
    let problem = format!("{} bytes in UTF-8, at most {bytes_max} are allowed; shorten it", text.len());
    Err(FieldError::new(field, problem))
}
