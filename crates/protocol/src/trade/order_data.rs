//! The order that a mini-program hands to `tt.requestOrder`, as the server signs it.

mod attr;
mod parse;
mod sku;

use serde::Serialize;

pub use attr::{PackageCost, SkuAttr, TelecomAttr, TelecomOperator, TimeUnit};
pub use parse::OrderDataErrors;
pub use sku::Sku;

use super::{Currency, NotifyUrl, PayChannel, PayScene, PromotionId, Schema};
use crate::{Fen, FieldError, MerchantUid, OrderAmount, OutOrderNo};

/// How long an order may be paid, in seconds: 1–172,800. Without it, 300.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PayExpire(u32);

impl PayExpire {
    /// What holds when nothing is said: five minutes.
    pub const DEFAULT: Self = Self(300);
    /// The longest: two days.
    pub const MAX: Self = Self(172_800);

    /// So many seconds; 0 means the default.
    ///
    /// # Errors
    /// When it is above 172,800.
    pub fn new(seconds: u32) -> Result<Self, FieldError> {
        match seconds {
            0 => Ok(Self::DEFAULT),
            1..=172_800 => Ok(Self(seconds)),
            _ => {
                let problem = format!("{seconds} seconds is outside 0–172800; choose a time in between");
                Err(FieldError::new("payExpireSeconds", problem))
            }
        }
    }

    /// The seconds; never 0.
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

/// The `data` of `tt.requestOrder`: an order that is complete and within the platform's limits.
///
/// [`OrderData::to_json`] writes it once; that very text is signed, stored and handed to the front end.
///
/// ```
/// use douyin_pay_protocol::trade::{ImageUrl, OrderData, ProductType, Schema, Sku, SkuId, TagGroupId, Title};
/// use douyin_pay_protocol::{Fen, OrderAmount, OutOrderNo};
///
/// # fn main() -> Result<(), douyin_pay_protocol::FieldError> {
/// let sku = Sku::new(
///     SkuId::new("sku-1")?,
///     Title::new("demo item")?,
///     ImageUrl::new("https://example.com/a.png")?,
///     ProductType::new(301)?,
///     TagGroupId::new("tag_group_7272625659888058380")?,
///     Fen::new(100).unwrap(),
///     1,
/// )?;
/// let page = Schema::new("pages/order/detail")?.params(r#"{"id":"O1"}"#)?;
/// let order = OrderData::new(OutOrderNo::new("O1")?, OrderAmount::new(Fen::new(100).unwrap())?, sku, page)?;
/// let data = order.to_json();
/// assert!(data.starts_with(r#"{"skuList":[{"skuId":"sku-1","price":100,"quantity":1,"#));
/// assert_eq!(OrderData::parse(&data).unwrap(), order);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderData {
    sku_list: [Sku; 1],
    out_order_no: Box<str>,
    total_amount: Fen,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_expire_seconds: Option<PayExpire>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limit_pay_way_list: Vec<i64>,
    order_entry_schema: Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_notify_url: Option<NotifyUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_uid: Option<MerchantUid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promotion_id: Option<PromotionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_scene: Option<PayScene>,
}

impl OrderData {
    /// An order with everything that is required. The platform takes exactly one sku.
    ///
    /// # Errors
    /// When the goods need [`SkuAttr`] and have none, or the total is more than price times quantity.
    pub fn new(
        out_order_no: OutOrderNo,
        total_amount: OrderAmount,
        sku: Sku,
        order_entry_schema: Schema,
    ) -> Result<Self, FieldError> {
        sku.check_attr()?;
        let total_amount = total_amount.fen();
        sku.check_total(total_amount)?;
        Ok(Self {
            sku_list: [sku],
            out_order_no: out_order_no.as_str().into(),
            total_amount,
            currency: None,
            pay_expire_seconds: None,
            limit_pay_way_list: Vec::new(),
            order_entry_schema,
            pay_notify_url: None,
            merchant_uid: None,
            promotion_id: None,
            pay_scene: None,
        })
    }

    /// Paid in diamonds: price and total count diamonds. Virtual goods on iOS must be.
    ///
    /// # Errors
    /// When the quantity is not 1.
    pub fn diamonds(mut self) -> Result<Self, FieldError> {
        check_diamonds(self.sku().quantity())?;
        self.currency = Some(DIAMOND);
        Ok(self)
    }

    /// How long the order may be paid.
    #[must_use]
    pub fn pay_expire_seconds(mut self, time: PayExpire) -> Self {
        self.pay_expire_seconds = Some(time);
        self
    }

    /// Channels to hide in the cashier; [`PayChannel::WeChat`] and [`PayChannel::Alipay`] are documented.
    #[must_use]
    pub fn limit_pay_ways(mut self, hidden: &[PayChannel]) -> Self {
        self.limit_pay_way_list = hidden.iter().map(|channel| channel.number()).collect();
        self.limit_pay_way_list.sort_unstable();
        self.limit_pay_way_list.dedup();
        self
    }

    /// Where this order's payment callback goes. A default address must be published in the console
    /// all the same, else this one is ignored.
    #[must_use]
    pub fn pay_notify_url(mut self, url: NotifyUrl) -> Self {
        self.pay_notify_url = Some(url);
        self
    }

    /// Who receives the money, if not the app's first merchant.
    #[must_use]
    pub fn merchant_uid(mut self, merchant: MerchantUid) -> Self {
        self.merchant_uid = Some(merchant);
        self
    }

    /// The merchant's promotion that lowered the total.
    #[must_use]
    pub fn promotion_id(mut self, promotion: PromotionId) -> Self {
        self.promotion_id = Some(promotion);
        self
    }

    /// Where the payment happens.
    #[must_use]
    pub fn pay_scene(mut self, scene: PayScene) -> Self {
        self.pay_scene = Some(scene);
        self
    }

    /// The order as compact JSON. Write it once, sign that text, and hand on that text.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an order is plain data")
    }

    /// The merchant's number of the order.
    pub fn out_order_no(&self) -> &str {
        &self.out_order_no
    }

    /// What it costs, discounts taken off.
    pub fn total_amount(&self) -> Fen {
        self.total_amount
    }

    /// What the amounts count: fen unless diamonds were chosen.
    pub fn currency(&self) -> Currency {
        self.currency.map_or(Currency::Cny, Currency::from)
    }

    /// What is sold.
    pub fn sku(&self) -> &Sku {
        let [sku] = &self.sku_list;
        sku
    }

    /// How long it may be paid: the default when nothing was said.
    pub fn pay_expire(&self) -> PayExpire {
        self.pay_expire_seconds.unwrap_or(PayExpire::DEFAULT)
    }

    /// The channels that the cashier hides, by number.
    pub fn limited_pay_ways(&self) -> impl Iterator<Item = PayChannel> + '_ {
        self.limit_pay_way_list.iter().copied().map(PayChannel::of_number)
    }

    /// The page of the order's details.
    pub fn order_entry_schema(&self) -> &Schema {
        &self.order_entry_schema
    }

    /// Where its payment callback goes.
    pub fn notify_url(&self) -> Option<&NotifyUrl> {
        self.pay_notify_url.as_ref()
    }

    /// Who receives the money.
    pub fn merchant(&self) -> Option<&MerchantUid> {
        self.merchant_uid.as_ref()
    }

    /// The merchant's promotion.
    pub fn promotion(&self) -> Option<&PromotionId> {
        self.promotion_id.as_ref()
    }

    /// Where the payment happens.
    pub fn scene(&self) -> Option<&PayScene> {
        self.pay_scene.as_ref()
    }
}

const DIAMOND: &str = "DIAMOND";
const CNY: &str = "CNY";

fn check_diamonds(quantity: u32) -> Result<(), FieldError> {
    if quantity == 1 {
        return Ok(());
    }
    let problem = format!("{quantity} pieces for diamonds; only 1 is allowed: make an order for each");
    Err(FieldError::new("quantity", problem))
}
