//! What a new order of the general trade system sells.

use douyin_pay_protocol::trade::{ImageUrl, ProductType, Schema, Sku, SkuAttr, SkuId, TagGroupId, Title};
use douyin_pay_protocol::{Fen, FieldError, OrderAmount};
use serde_json::Value;
use utoipa::ToSchema;

use super::CreateOrder;
use super::data::refuse;
use crate::api::ApiError;
use crate::api::fields::{Fields, amount, number, object, text};
use crate::api::pages::{self, PageOfApp};
use crate::config::TradeConfig;

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

impl SkuOfOrder {
    pub(super) fn read(given: Value) -> Result<Self, ApiError> {
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

    pub(super) fn make(self, common: &CreateOrder, config: &TradeConfig) -> Result<Sku, ApiError> {
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

/// A field of the protocol, with the problem in our words.
fn problem<T>(made: Result<T, FieldError>) -> Result<T, String> {
    made.map_err(|refused| refused.problem.into_owned())
}
