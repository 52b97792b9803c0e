//! The data of a new order in the general trade system.

use douyin_pay_protocol::trade::{NotifyUrl, OrderData, PayChannel, PayExpire, PromotionId, Schema};
use douyin_pay_protocol::{FieldError, MerchantUid};
use serde_json::Value;
use utoipa::ToSchema;

use super::sku::SkuOfOrder;
use super::{CreateOrder, VALID_SECONDS_DEFAULT};
use crate::api::ApiError;
use crate::api::fields::{Fields, list, number, object, text};
use crate::api::pages::{self, PageOfApp};
use crate::config::TradeConfig;
use crate::live::App;

/// What an order of the general trade system has besides.
#[derive(ToSchema)]
pub(crate) struct TradeOfOrder {
    /// What is sold.
    #[schema(value_type = Option<SkuOfOrder>)]
    sku: SkuOfOrder,
    /// The order's page: `entry` of the configuration if left out.
    #[schema(value_type = Option<PageOfApp>)]
    entry: Option<Schema>,
    /// How long it may be paid once the payer has placed it: 1 to 172800 seconds; 900 if left out.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 172_800)]
    pub(super) pay_expire_seconds: PayExpire,
    /// The merchant that receives the money; the app's own if left out.
    #[schema(value_type = Option<String>)]
    merchant_uid: Option<MerchantUid>,
    /// Channels to hide in the cashier: 1 WeChat, 2 Alipay.
    #[schema(value_type = Option<Vec<i64>>)]
    limit_pay_ways: Vec<PayChannel>,
    /// The promotion that lowered the total.
    #[schema(value_type = Option<String>)]
    promotion_id: Option<PromotionId>,
}

impl TradeOfOrder {
    /// Reads `trade`, or what holds when it is left out.
    pub(super) fn read(given: Option<Value>) -> Result<Self, ApiError> {
        let empty = || Value::Object(serde_json::Map::new());
        let mut fields = Fields::inside("trade".to_owned(), given.unwrap_or_else(empty))?;
        let sku = fields.optional("sku", object)?.unwrap_or_else(empty);
        let entry = fields.optional("entry", Ok)?;
        let seconds =
            fields.optional("pay_expire_seconds", number)?.unwrap_or(u64::from(VALID_SECONDS_DEFAULT));
        let ways = fields.optional("limit_pay_ways", list)?.unwrap_or_default();
        let trade = Self {
            sku: SkuOfOrder::read(sku)?,
            entry: entry.map(|value| pages::read("trade.entry", value)).transpose()?,
            pay_expire_seconds: pay_expire(seconds)?,
            merchant_uid: fields.optional("merchant_uid", text(MerchantUid::new))?,
            limit_pay_ways: ways.iter().map(pay_way).collect::<Result<_, _>>()?,
            promotion_id: fields.optional("promotion_id", text(PromotionId::new))?,
        };
        fields.finish()?;
        Ok(trade)
    }

    /// The order's data, with what the configuration knows.
    pub(super) fn data(
        self,
        common: &CreateOrder,
        app: &App,
        config: &TradeConfig,
    ) -> Result<OrderData, ApiError> {
        let total = common.amount_fen;
        let seconds = self.pay_expire_seconds;
        let sku = self.sku.make(common, config)?;
        let entry = match self.entry {
            Some(entry) => entry,
            None => {
                config.entry.of_order(common.out_order_no.as_str()).map_err(|refused| refuse(&refused))?
            }
        };
        let notify = NotifyUrl::new(app.config.notify_url.as_str()).map_err(|refused| refuse(&refused))?;
        let data = OrderData::new(common.out_order_no.clone(), total, sku, entry);
        let data = data.map_err(|refused| refuse(&refused))?;
        let data =
            data.pay_expire_seconds(seconds).limit_pay_ways(&self.limit_pay_ways).pay_notify_url(notify);
        let data = match self.merchant_uid {
            Some(merchant) => data.merchant_uid(merchant),
            None => data,
        };
        Ok(match self.promotion_id {
            Some(promotion) => data.promotion_id(promotion),
            None => data,
        })
    }
}

fn pay_expire(seconds: u64) -> Result<PayExpire, ApiError> {
    let fits = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0);
    fits.and_then(|seconds| PayExpire::new(seconds).ok()).ok_or_else(|| {
        let detail = format!(
            "`trade.pay_expire_seconds`: {seconds} is not between 1 and {}",
            PayExpire::MAX.seconds()
        );
        ApiError::bad_request(detail).with("field", "pay_expire_seconds")
    })
}

fn pay_way(value: &Value) -> Result<PayChannel, ApiError> {
    value.as_i64().map(PayChannel::of_number).ok_or_else(|| {
        ApiError::bad_request(format!(
            "`trade.limit_pay_ways`: {value} is not a number of a channel; write 1 or 2"
        ))
        .with("field", "limit_pay_ways")
    })
}

/// A rule of the platform that concerns several fields.
pub(super) fn refuse(refused: &FieldError) -> ApiError {
    ApiError::bad_request(format!("`trade`: {refused}")).with("field", "trade")
}
