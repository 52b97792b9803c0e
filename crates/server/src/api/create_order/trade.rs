//! A new order in the general trade system: signed and handed out.

use douyin_pay_ledger::{Fact, Open, OpenTrade, Order, Refusal, Source, System, What};
use douyin_pay_protocol::trade::{
    ImageUrl, NotifyUrl, OrderData, PayChannel, PayExpire, ProductType, PromotionId, Schema, Sku, SkuAttr,
    SkuId, TagGroupId, Title,
};
use douyin_pay_protocol::{Fen, FieldError, MerchantUid, OrderAmount};
use serde_json::Value;
use utoipa::ToSchema;

use super::{CreateOrder, VALID_SECONDS_DEFAULT};
use crate::Server;
use crate::api::fields::{Fields, amount, list, number, object, text};
use crate::api::pages::{self, PageOfApp};
use crate::api::{ApiError, ApiResult, chain, replies};
use crate::config::TradeConfig;
use crate::journal::{Key, Submission};
use crate::live::{App, Trade};

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
    pay_expire_seconds: PayExpire,
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

/// What is sold. The configuration's `sku_defaults` stand for what is left out.
#[derive(ToSchema)]
pub(crate) struct SkuOfOrder {
    /// The merchant's number of the goods; the order's number if left out.
    #[schema(value_type = Option<String>)]
    id: Option<SkuId>,
    /// Its name, at most 256 bytes; `subject` if left out.
    #[schema(value_type = Option<String>)]
    title: Option<Title>,
    /// The address of its picture.
    #[schema(value_type = Option<String>)]
    image: Option<ImageUrl>,
    /// The platform's product type.
    #[schema(rename = "type", value_type = Option<i64>)]
    kind: Option<ProductType>,
    /// The platform's tag group, which decides about refunds.
    #[schema(value_type = Option<String>)]
    tag_group_id: Option<TagGroupId>,
    /// The price of one piece in fen; the total divided by `quantity` if left out.
    #[schema(value_type = Option<i64>)]
    price_fen: Option<OrderAmount>,
    /// How many pieces: 1 to 100; 1 if left out.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 100)]
    quantity: u32,
    /// What some product types must say about themselves, as the platform documents it.
    #[schema(value_type = Option<Object>)]
    attr: Option<SkuAttr>,
    /// The page of the goods.
    #[schema(value_type = Option<PageOfApp>)]
    entry: Option<Schema>,
}

/// A field of the protocol, with the problem in our words.
fn problem<T>(made: Result<T, FieldError>) -> Result<T, String> {
    made.map_err(|refused| refused.problem.into_owned())
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
    fn data(self, common: &CreateOrder, app: &App, config: &TradeConfig) -> Result<OrderData, ApiError> {
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

impl SkuOfOrder {
    fn read(given: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside("trade.sku".to_owned(), given)?;
        let entry = fields.optional("entry", Ok)?;
        let sku = Self {
            id: fields.optional("id", text(SkuId::new))?,
            title: fields.optional("title", text(Title::new))?,
            image: fields.optional("image", text(ImageUrl::new))?,
            kind: fields.optional("type", |value| {
                number(value).and_then(|kind| problem(ProductType::new(u16::try_from(kind).unwrap_or(0))))
            })?,
            tag_group_id: fields.optional("tag_group_id", text(TagGroupId::new))?,
            price_fen: fields.optional("price_fen", amount(OrderAmount::new))?,
            quantity: fields.optional("quantity", quantity)?.unwrap_or(1),
            attr: fields.optional("attr", |value| problem(SkuAttr::new(object(value)?.to_string())))?,
            entry: entry.map(|value| pages::read("trade.sku.entry", value)).transpose()?,
        };
        fields.finish()?;
        Ok(sku)
    }

    fn make(self, common: &CreateOrder, config: &TradeConfig) -> Result<Sku, ApiError> {
        let defaults = &config.sku_defaults;
        let missing = |key: &str| {
            ApiError::bad_request(format!(
                "`trade.sku.{key}` is missing, and so is `{key}` in `sku_defaults` of the configuration; give one"
            ))
            .with("field", key)
        };
        let id = match self.id {
            Some(id) => id,
            None => SkuId::new(common.out_order_no.as_str()).map_err(|refused| refuse(&refused))?,
        };
        let title = match self.title {
            Some(title) => title,
            None => Title::new(common.subject.as_str()).map_err(|refused| refuse(&refused))?,
        };
        let image = self.image.or_else(|| defaults.image.clone()).ok_or_else(|| missing("image"))?;
        let kind = self.kind.or(defaults.product_type).ok_or_else(|| missing("type"))?;
        let tag = self.tag_group_id.or_else(|| defaults.tag_group_id.clone());
        let tag = tag.ok_or_else(|| missing("tag_group_id"))?;
        let price = match self.price_fen {
            Some(price) => price.fen(),
            None => each(common.amount_fen.fen(), self.quantity)?,
        };
        let sku = Sku::new(id, title, image, kind, tag, price, self.quantity);
        let sku = sku.map_err(|refused| refuse(&refused))?;
        let sku = match self.entry {
            Some(entry) => sku.entry_schema(entry),
            None => sku,
        };
        Ok(match self.attr {
            Some(attr) => sku.sku_attr(attr),
            None => sku,
        })
    }
}

fn quantity(value: Value) -> Result<u32, String> {
    let count = number(value)?;
    let fits = u32::try_from(count).ok().filter(|count| (1..=Sku::QUANTITY_MAX).contains(count));
    fits.ok_or_else(|| format!("{count} is not between 1 and {}", Sku::QUANTITY_MAX))
}

/// The price of one piece, if the total is so many equal pieces.
fn each(total: Fen, quantity: u32) -> Result<Fen, ApiError> {
    let (total, quantity) = (total.get(), i64::from(quantity));
    let price = total.checked_div(quantity).filter(|_| total.checked_rem(quantity) == Some(0));
    price.and_then(|price| Fen::new(price).ok()).ok_or_else(|| {
        ApiError::bad_request(format!(
            "`trade.sku.price_fen` is missing: {total} fen are not {quantity} equal pieces; give the price of one"
        ))
        .with("field", "price_fen")
    })
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
fn refuse(refused: &FieldError) -> ApiError {
    ApiError::bad_request(format!("`trade`: {refused}")).with("field", "trade")
}

/// Signs the order's data, remembers it, and hands it out.
pub(super) async fn create(
    server: &Server,
    app: &App,
    common: CreateOrder,
    ask: TradeOfOrder,
    request_sha256: [u8; 32],
) -> ApiResult {
    let (Some(config), Some(trade)) = (&app.config.trade, &app.trade) else { return Err(no_section(app)) };
    let seconds = ask.pay_expire_seconds.seconds();
    let data = ask.data(&common, app, config)?;
    // Signed before it is remembered: so the order is never thought to end before the signature does.
    let signed = trade.signer.sign(server.env(), &data);
    let open = Open {
        system: System::Trade,
        valid_seconds: seconds,
        trade: Some(OpenTrade { data: signed.data.as_str().into(), pay_expire_seconds: seconds }),
        ..common.open(server, app, request_sha256)
    };
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::Open(Box::new(open)) };
    let decided = server.journal().submit(Submission { key: Key::New, fact, callback: None }).await?;
    match (decided.verdict, decided.order) {
        (Ok(warnings), Some(order)) => Ok(replies::signed(&order, true, Some(&signed), &warnings)),
        (Err(Refusal::Duplicate), Some(order)) => again(server, trade, &order).await,
        (Err(refusal), _) => Err(refusal.into()),
        (Ok(_), None) => Err(super::not_written()),
    }
}

/// The same request again: the same data with a fresh signature, as long as it can be placed.
async fn again(server: &Server, trade: &Trade, order: &Order) -> ApiResult {
    if order.system != System::Trade || !order.is_payable() {
        return Ok(replies::signed(order, false, None, &[]));
    }
    let Some(data) = data_of(server, order).await? else {
        return Ok(replies::signed(order, false, None, &[]));
    };
    let signed = trade.signer.sign_again(server.env(), &data);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::SignedAgain };
    let decided =
        server.journal().submit(Submission { key: Key::Id(order.id), fact, callback: None }).await?;
    match (decided.verdict, decided.order) {
        (Ok(_) | Err(Refusal::Duplicate), Some(order)) => {
            Ok(replies::signed(&order, false, Some(&signed), &[]))
        }
        // It was paid or closed in between: nobody should place it any more.
        (Err(_), Some(order)) => Ok(replies::signed(&order, false, None, &[])),
        (_, None) => Err(super::not_written()),
    }
}

/// The order's data, byte for byte as it was first signed.
async fn data_of(server: &Server, order: &Order) -> Result<Option<Box<str>>, ApiError> {
    let facts = server.reads().facts(order.id).await.map_err(|cause| {
        tracing::error!(order.id = %order.id, error = %chain(&cause), "an order's data could not be read");
        ApiError::unreadable(&cause)
    })?;
    Ok(match facts.into_iter().next().map(|row| row.fact.what) {
        Some(What::Open(open)) => open.trade.map(|trade| trade.data),
        _ => None,
    })
}

fn no_section(app: &App) -> ApiError {
    ApiError::other_system(format!(
        "app `{}` has no `[apps.trade]`; configure it, or give a number that is not used in that system",
        app.config.name
    ))
}
