//! What an order sells: one entry of `skuList`.

use serde::Serialize;

use super::attr::SkuAttr;
use crate::trade::{ImageUrl, ProductType, Schema, SkuId, TagGroupId, Title};
use crate::{Fen, FieldError};

/// What is sold, how many and for how much each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sku {
    pub(super) sku_id: SkuId,
    pub(super) price: Fen,
    pub(super) quantity: u32,
    pub(super) title: Title,
    pub(super) image_list: [ImageUrl; 1],
    #[serde(rename = "type")]
    pub(super) product_type: ProductType,
    pub(super) tag_group_id: TagGroupId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) entry_schema: Option<Schema>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sku_attr: Option<SkuAttr>,
}

impl Sku {
    /// The most pieces in one order.
    pub const QUANTITY_MAX: u32 = 100;

    /// Goods with everything that all of them need. `price` is for one piece, in fen or in diamonds.
    ///
    /// # Errors
    /// When the price is 0, or the quantity not 1–100.
    pub fn new(
        sku_id: SkuId,
        title: Title,
        image: ImageUrl,
        product_type: ProductType,
        tag_group_id: TagGroupId,
        price: Fen,
        quantity: u32,
    ) -> Result<Self, FieldError> {
        check_price(price)?;
        check_quantity(quantity)?;
        let image_list = [image];
        let (entry_schema, sku_attr) = (None, None);
        Ok(Self {
            sku_id,
            price,
            quantity,
            title,
            image_list,
            product_type,
            tag_group_id,
            entry_schema,
            sku_attr,
        })
    }

    /// The goods' page.
    #[must_use]
    pub fn entry_schema(mut self, page: Schema) -> Self {
        self.entry_schema = Some(page);
        self
    }

    /// What the goods are in detail; [`ProductType::needs_sku_attr`] tells for which types it is required.
    #[must_use]
    pub fn sku_attr(mut self, attr: SkuAttr) -> Self {
        self.sku_attr = Some(attr);
        self
    }

    /// The merchant's number of the goods.
    pub fn sku_id(&self) -> &SkuId {
        &self.sku_id
    }

    /// What one piece costs.
    pub fn price(&self) -> Fen {
        self.price
    }

    /// How many.
    pub fn quantity(&self) -> u32 {
        self.quantity
    }

    /// Price times quantity, if that is an amount.
    pub fn full_price(&self) -> Option<Fen> {
        let full = self.price.get().checked_mul(i64::from(self.quantity))?;
        Fen::new(full).ok()
    }

    /// Its title.
    pub fn title(&self) -> &Title {
        &self.title
    }

    /// Its picture.
    pub fn image(&self) -> &ImageUrl {
        let [image] = &self.image_list;
        image
    }

    /// What kind of goods it is.
    pub fn product_type(&self) -> ProductType {
        self.product_type
    }

    /// Which refund rules hold.
    pub fn tag_group_id(&self) -> &TagGroupId {
        &self.tag_group_id
    }

    /// The goods' page.
    pub fn page(&self) -> Option<&Schema> {
        self.entry_schema.as_ref()
    }

    /// What the goods are in detail.
    pub fn attr(&self) -> Option<&SkuAttr> {
        self.sku_attr.as_ref()
    }

    pub(super) fn check_attr(&self) -> Result<(), FieldError> {
        check_attr_is_there(self.product_type, self.sku_attr.is_some())
    }

    pub(super) fn check_total(&self, total: Fen) -> Result<(), FieldError> {
        match self.full_price() {
            Some(full) if total <= full => Ok(()),
            Some(full) => {
                let problem = format!(
                    "{} is more than price times quantity, {}; correct one of them",
                    total.get(),
                    full.get()
                );
                Err(FieldError::new("totalAmount", problem))
            }
            None => Err(FieldError::new("price", "times the quantity is too large; correct one of them")),
        }
    }
}

pub(super) fn check_price(price: Fen) -> Result<(), FieldError> {
    match price {
        Fen::ZERO => Err(FieldError::new("price", "is 0; sell for at least 1")),
        _ => Ok(()),
    }
}

pub(super) fn check_quantity(quantity: u32) -> Result<(), FieldError> {
    if (1..=Sku::QUANTITY_MAX).contains(&quantity) {
        return Ok(());
    }
    let problem = format!("{quantity} is outside 1–{}; sell fewer in one order", Sku::QUANTITY_MAX);
    Err(FieldError::new("quantity", problem))
}

pub(super) fn check_attr_is_there(product_type: ProductType, there: bool) -> Result<(), FieldError> {
    if there || !product_type.needs_sku_attr() {
        return Ok(());
    }
    let problem = format!("is missing; goods of type {product_type} need it: give the text of a JSON object");
    Err(FieldError::new("skuAttr", problem))
}
