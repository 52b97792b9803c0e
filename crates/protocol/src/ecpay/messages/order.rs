//! `create_order` and `query_order`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::read::{beijing, way};
use crate::ecpay::{Endpoint, Fields, OrderStatus, PayWay, Request};
use crate::read::{fen, opaque, platform_no};
use crate::{
    CpExtra, Fen, FieldError, LimitPayWay, MerchantUid, MsgPage, NotifyUrl, OrderAmount, OrderBody,
    OrderToken, OutOrderNo, PlatformNo, Subject, UnixMs,
};

/// How long an order may be paid, in seconds.
///
/// The platform raises anything below 300 to 300 and lowers anything above 172,800, without a word;
/// here a value outside is refused, so that our clock and the platform's agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValidTime(u32);

impl ValidTime {
    /// The shortest: five minutes.
    pub const MIN: Self = Self(300);
    /// The longest: two days.
    pub const MAX: Self = Self(172_800);

    /// So many seconds.
    ///
    /// # Errors
    /// When it is below 300 or above 172,800.
    pub fn new(seconds: u32) -> Result<Self, FieldError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&seconds) {
            return Ok(Self(seconds));
        }
        let problem = format!("{seconds} seconds is outside 300–172800; choose a time in between");
        Err(FieldError::new("valid_time", problem))
    }

    /// The seconds.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

/// 预下单: open an order that the user can then pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateOrder {
    out_order_no: OutOrderNo,
    total_amount: OrderAmount,
    subject: Subject,
    body: OrderBody,
    valid_time: ValidTime,
    cp_extra: Option<CpExtra>,
    notify_url: Option<NotifyUrl>,
    disable_msg: Option<bool>,
    msg_page: Option<MsgPage>,
    store_uid: Option<MerchantUid>,
    limit_pay_way: Option<LimitPayWay>,
    expand_order_info: Option<Box<str>>,
}

impl CreateOrder {
    /// An order with everything that is required.
    pub fn new(
        out_order_no: OutOrderNo,
        total_amount: OrderAmount,
        subject: Subject,
        body: OrderBody,
        valid_time: ValidTime,
    ) -> Self {
        Self {
            out_order_no,
            total_amount,
            subject,
            body,
            valid_time,
            cp_extra: None,
            notify_url: None,
            disable_msg: None,
            msg_page: None,
            store_uid: None,
            limit_pay_way: None,
            expand_order_info: None,
        }
    }

    /// A text of our own that callbacks and queries echo.
    #[must_use]
    pub fn cp_extra(mut self, text: CpExtra) -> Self {
        self.cp_extra = Some(text);
        self
    }

    /// Where this order's payment callback goes; wins over the console's URL.
    #[must_use]
    pub fn notify_url(mut self, url: NotifyUrl) -> Self {
        self.notify_url = Some(url);
        self
    }

    /// Whether the platform's message to the user is suppressed.
    #[must_use]
    pub fn disable_msg(mut self, disable: bool) -> Self {
        self.disable_msg = Some(disable);
        self
    }

    /// The page that the platform's message opens.
    #[must_use]
    pub fn msg_page(mut self, page: MsgPage) -> Self {
        self.msg_page = Some(page);
        self
    }

    /// The store that receives the money; ignored by the platform unless it is whitelisted.
    #[must_use]
    pub fn store_uid(mut self, store: MerchantUid) -> Self {
        self.store_uid = Some(store);
        self
    }

    /// Channels to hide: a comma list of `LIMIT_WX`, `LIMIT_ALI`, `LIMIT_DYZF`.
    #[must_use]
    pub fn limit_pay_way(mut self, list: LimitPayWay) -> Self {
        self.limit_pay_way = Some(list);
        self
    }

    /// What delivery costs, of a takeaway: before and after reductions. Sent as JSON text, as the platform's examples do.
    #[must_use]
    pub fn delivery_fee(mut self, original: Fen, actual: Fen) -> Self {
        let (original, actual) = (original.get(), actual.get());
        let info = format!(r#"{{"original_delivery_fee":{original},"actual_delivery_fee":{actual}}}"#);
        self.expand_order_info = Some(info.into());
        self
    }
}

impl Request for CreateOrder {
    const ENDPOINT: Endpoint = Endpoint::CreateOrder;
    const PAYLOAD: Option<&'static str> = Some("data");
    type Reply = CreateOrderReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_order_no", self.out_order_no.as_str());
        to.number("total_amount", self.total_amount.fen().get());
        to.text("subject", self.subject.as_str());
        to.text("body", self.body.as_str());
        to.number("valid_time", i64::from(self.valid_time.0));
        if let Some(text) = &self.cp_extra {
            to.text("cp_extra", text.as_str());
        }
        if let Some(url) = &self.notify_url {
            to.text("notify_url", url.as_str());
        }
        if let Some(disable) = self.disable_msg {
            to.number("disable_msg", i64::from(disable));
        }
        if let Some(page) = &self.msg_page {
            to.text("msg_page", page.as_str());
        }
        if let Some(store) = &self.store_uid {
            to.text("store_uid", store.as_str());
        }
        if let Some(list) = &self.limit_pay_way {
            to.text("limit_pay_way", list.as_str());
        }
        if let Some(info) = &self.expand_order_info {
            to.text("expand_order_info", info);
        }
    }
}

/// What the front end needs for `tt.pay`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CreateOrderReply {
    /// The platform's number of the order.
    pub order_id: PlatformNo,
    /// Opens the cashier.
    pub order_token: OrderToken,
}

/// 支付结果查询: what became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryOrder {
    out_order_no: OutOrderNo,
}

impl QueryOrder {
    /// Asks about that order.
    pub fn new(out_order_no: OutOrderNo) -> Self {
        Self { out_order_no }
    }
}

impl Request for QueryOrder {
    const ENDPOINT: Endpoint = Endpoint::QueryOrder;
    type Reply = QueryOrderReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("out_order_no", self.out_order_no.as_str());
    }
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct QueryOrderReply {
    /// The merchant's number.
    #[serde(default, deserialize_with = "opaque")]
    pub out_order_no: Option<Box<str>>,
    /// The platform's number.
    #[serde(default, deserialize_with = "platform_no")]
    pub order_id: Option<PlatformNo>,
    /// The payment.
    pub payment_info: PaymentInfo,
    /// For promoted orders, as it came; [`QueryOrderReply::cps`] reads it.
    #[serde(default)]
    pub cps_info: Option<Value>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Who promoted an order and what they get (CPS). Attribution comes late: nothing now may be something tomorrow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CpsInfo {
    /// The promoters' commission.
    #[serde(default, deserialize_with = "fen")]
    pub share_amount: Option<Fen>,
    /// The promoter's Douyin number.
    #[serde(default, deserialize_with = "opaque")]
    pub douyin_id: Option<Box<str>>,
    /// The promoter's name.
    #[serde(default, deserialize_with = "opaque")]
    pub nickname: Option<Box<str>>,
}

impl QueryOrderReply {
    /// Who promoted the order, wherever the platform says it: beside or inside `payment_info`, as an object or as its
    /// JSON text. `None` when it was not promoted, or what is there cannot be read.
    pub fn cps(&self) -> Option<CpsInfo> {
        let inside = self.payment_info.extra.get("cps_info");
        match self.cps_info.as_ref().filter(|found| !found.is_null()).or(inside)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            object @ Value::Object(_) => serde_json::from_value(object.clone()).ok(),
            _ => None,
        }
    }
}

/// The payment of an order.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PaymentInfo {
    /// The order's total.
    #[serde(default, deserialize_with = "fen")]
    pub total_fee: Option<Fen>,
    /// What became of it.
    pub order_status: OrderStatus,
    /// When it was paid.
    #[serde(default, deserialize_with = "beijing")]
    pub pay_time: Option<UnixMs>,
    /// How it was paid.
    #[serde(default, deserialize_with = "way")]
    pub way: Option<PayWay>,
    /// The number at the channel.
    #[serde(default, deserialize_with = "opaque")]
    pub channel_no: Option<Box<str>>,
    /// The number at the channel's gateway.
    #[serde(default, deserialize_with = "opaque")]
    pub channel_gateway_no: Option<Box<str>>,
    /// Who received the money.
    #[serde(default, deserialize_with = "opaque")]
    pub seller_uid: Option<Box<str>>,
    /// The video that the order came from.
    #[serde(default, deserialize_with = "opaque")]
    pub item_id: Option<Box<str>>,
    /// Our own text.
    #[serde(default, deserialize_with = "opaque")]
    pub cp_extra: Option<Box<str>>,
    /// Fields that were added later.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
