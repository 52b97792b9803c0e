//! `order/v2/push`: shows an order in the user's order centre (订单同步).

mod detail;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use self::detail::{PushDetail, PushItem, PushStatus};
use crate::ecpay::{Endpoint, Envelope, Fields, Identity, Request};
use crate::read::opaque;
use crate::{FieldError, OpenId, PlatformNo, UnixMs};

/// 订单同步: an order and its state, as the user sees them in the order centre. When money can be settled depends
/// on it, because the platform counts from the redemption that is pushed.
///
/// Not signed; the access token is added when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPush {
    open_id: OpenId,
    kind: PushKind,
    status: Option<PushStatus>,
    updated_at: UnixMs,
    in_seconds: bool,
    detail: Box<str>,
    optional: Vec<(&'static str, Box<str>)>,
}

/// What kind of order is pushed: `order_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushKind {
    /// 0, a normal order.
    Normal,
    /// 9101, a coupon bought in a group, tied to a place.
    GroupBuying,
    /// 9001, a ticket, tied to a place.
    Ticket,
}

impl PushKind {
    /// The platform's number of the kind.
    pub const fn number(self) -> i64 {
        match self {
            Self::Normal => 0,
            Self::GroupBuying => 9101,
            Self::Ticket => 9001,
        }
    }
}

impl OrderPush {
    /// `order_detail` must be shorter than this, in bytes.
    pub const DETAIL_BYTES: usize = 2048;
    /// `extra` and the other texts are at most so long, in bytes.
    const TEXT_BYTES_MAX: usize = 2048;

    /// A normal order. `updated_at` must be later than in the push before, or the platform may ignore it.
    ///
    /// ```
    /// use douyin_pay_protocol::ecpay::{OrderPush, PushDetail, PushItem, PushStatus};
    /// use douyin_pay_protocol::{Fen, OpenId, OutOrderNo, UnixMs};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let latte = PushItem::new("sku1", "https://m.example.com/1.png", "Latte", 1, Fen::from_yuan("12.80")?)?;
    /// let detail = PushDetail::new(
    ///     OutOrderNo::new("O20240101000001")?,
    ///     UnixMs::new(1_704_067_100_000),
    ///     PushStatus::Redeemed,
    ///     Fen::from_yuan("12.80")?,
    ///     "pages/order/detail?id=1",
    ///     vec![latte.sub_title("large")?],
    /// )?;
    /// let push = OrderPush::new(OpenId::new("_000abc")?, UnixMs::new(1_704_153_600_000), &detail);
    /// # let _ = push;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(open_id: OpenId, updated_at: UnixMs, detail: &PushDetail) -> Self {
        Self {
            open_id,
            kind: PushKind::Normal,
            status: Some(detail.status()),
            updated_at,
            in_seconds: false,
            detail: detail.json().into(),
            optional: Vec::new(),
        }
    }

    /// An order that is tied to a place, with the fields that the platform wants for its kind.
    ///
    /// # Errors
    /// When `detail` is 2,048 bytes or longer as JSON.
    pub fn at_place(
        kind: PushKind,
        open_id: OpenId,
        updated_at: UnixMs,
        detail: &Map<String, Value>,
    ) -> Result<Self, FieldError> {
        let json = serde_json::to_string(detail).expect("JSON can be written");
        detail::check_whole(&json)?;
        Ok(Self {
            open_id,
            kind,
            status: None,
            updated_at,
            in_seconds: false,
            detail: json.into(),
            optional: Vec::new(),
        })
    }

    /// Writes `update_time` in seconds, as newer pages do; in milliseconds unless said.
    #[must_use]
    pub fn in_seconds(mut self) -> Self {
        self.in_seconds = true;
        self
    }

    /// A text of our own.
    ///
    /// # Errors
    /// When it is longer than 2,048 bytes.
    pub fn extra(self, text: &str) -> Result<Self, FieldError> {
        self.optional("extra", text)
    }

    /// The app that sells at the place: `client_key`, for orders that are tied to one.
    ///
    /// # Errors
    /// When it is longer than 2,048 bytes.
    pub fn client_key(self, key: &str) -> Result<Self, FieldError> {
        self.optional("client_key", key)
    }

    /// The place: `ext_shop_id`, for orders that are tied to one.
    ///
    /// # Errors
    /// When it is longer than 2,048 bytes.
    pub fn ext_shop_id(self, id: &str) -> Result<Self, FieldError> {
        self.optional("ext_shop_id", id)
    }

    /// The scene in which the mini-program was opened.
    ///
    /// # Errors
    /// When it is longer than 2,048 bytes.
    pub fn scene(self, scene: &str) -> Result<Self, FieldError> {
        self.optional("scene", scene)
    }

    /// Where in the app the mini-program was opened: `launch_from`, `location`.
    ///
    /// # Errors
    /// When one of them is longer than 2,048 bytes.
    pub fn launched(self, launch_from: &str, location: &str) -> Result<Self, FieldError> {
        self.optional("launch_from", launch_from)?.optional("location", location)
    }

    /// The platform's number of the payment.
    #[must_use]
    pub fn payment_order_no(mut self, number: PlatformNo) -> Self {
        self.optional.push(("payment_order_no", number.as_str().into()));
        self
    }

    fn optional(mut self, name: &'static str, text: &str) -> Result<Self, FieldError> {
        if text.len() > Self::TEXT_BYTES_MAX {
            let problem = format!(
                "{} bytes in UTF-8, at most {} are allowed; shorten it",
                text.len(),
                Self::TEXT_BYTES_MAX
            );
            return Err(FieldError::new(name, problem));
        }
        self.optional.push((name, text.into()));
        Ok(self)
    }
}

impl Request for OrderPush {
    const ENDPOINT: Endpoint = Endpoint::OrderPush;
    const IDENTITY: Identity = Identity::AccessToken;
    const ENVELOPE: Envelope = Envelope::ErrCode;
    type Reply = OrderPushReply;

    fn fields<'a>(&'a self, to: &mut dyn Fields<'a>) {
        to.text("app_name", "douyin");
        to.text("open_id", self.open_id.as_str());
        to.number("order_type", self.kind.number());
        if let Some(status) = self.status {
            to.number("order_status", status.number());
        }
        let updated_at = if self.in_seconds { self.updated_at.seconds() } else { self.updated_at.get() };
        to.number("update_time", updated_at);
        for (name, text) in &self.optional {
            to.text(name, text);
        }
        to.text("order_detail", &self.detail);
    }
}

/// The order is shown, or will be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderPushReply {
    /// Mostly empty.
    #[serde(default, deserialize_with = "opaque")]
    pub body: Option<Box<str>>,
}
