//! Reads order data strictly and names everything that is wrong with it.

mod reader;

use std::fmt;

use super::attr::SkuAttr;
use super::sku::{check_attr_is_there, check_price, check_quantity};
use super::{CNY, DIAMOND, OrderData, PayExpire, Sku, check_diamonds};
use crate::trade::schema::{check_params, check_path};
use crate::trade::text::{Limit, NotifyUrl};
use crate::trade::{
    ImageUrl, PayChannel, PayScene, ProductType, PromotionId, Schema, SkuId, TagGroupId, Title,
};
use crate::{Fen, FieldError, MerchantUid, OrderAmount};
use reader::{Object, Problems};

/// Everything that is wrong with order data; at least one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDataErrors(Vec<FieldError>);

impl OrderDataErrors {
    /// The problems, in the order of the fields. A field inside another is named `skuList[0].title`.
    pub fn problems(&self) -> &[FieldError] {
        &self.0
    }
}

impl fmt::Display for OrderDataErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for OrderDataErrors {}

impl OrderData {
    /// The longest order data that is read: 64 KiB.
    pub const BYTES_MAX: usize = 64 * 1024;

    /// Reads the `data` of `tt.requestOrder` as strictly as the platform is documented to.
    ///
    /// Members that are not documented are skipped. An order number may have any characters here:
    /// the platform documents its length only.
    ///
    /// # Errors
    /// Every problem of every field, not only the first.
    ///
    /// ```
    /// use douyin_pay_protocol::trade::OrderData;
    ///
    /// let wrong = r#"{"skuList":[],"outOrderNo":1,"totalAmount":"100"}"#;
    /// let problems = OrderData::parse(wrong).unwrap_err().to_string();
    /// assert!(problems.contains("`outOrderNo`: is a number; write it as text"));
    /// assert!(problems.contains("`totalAmount`: is a text; write it as a number"));
    /// assert!(problems.contains("`orderEntrySchema`: is missing"));
    /// ```
    pub fn parse(data: &str) -> Result<Self, OrderDataErrors> {
        let mut problems = Problems::default();
        let order = read(data, &mut problems);
        match order {
            Some(order) if problems.is_empty() => Ok(order),
            _ => Err(OrderDataErrors(problems.into_list())),
        }
    }
}

/// The order, or `None` when a problem was found that leaves a gap in it.
fn read(data: &str, problems: &mut Problems) -> Option<OrderData> {
    if data.len() > OrderData::BYTES_MAX {
        let found = format!("{} bytes, at most {} are read", data.len(), OrderData::BYTES_MAX);
        problems.add("data", found);
        return None;
    }
    let from = Object::of_data(data, problems)?;
    let sku = from.list("skuList", "skuList", problems).and_then(|entries| match entries.as_slice() {
        [one] => Object::of("skuList[0]", one, problems).map(|entry| read_sku(&entry, problems)),
        _ => {
            let found = entries.len();
            problems.add("skuList", format!("{found} entries; the platform takes exactly one"));
            None
        }
    });
    let out_order_no = from.required_text("outOrderNo", "outOrderNo", problems);
    let number = Limit { field: "outOrderNo", bytes_max: 64, chars_max: 64, required: true };
    let out_order_no = out_order_no.filter(|text| problems.kept("outOrderNo", number.check(text)));
    let total_amount = from
        .required_integer("totalAmount", "totalAmount", problems)
        .and_then(|number| amount("totalAmount", number, problems))
        .and_then(|fen| problems.take("totalAmount", OrderAmount::new(fen)))
        .map(OrderAmount::fen);
    let currency = read_currency(&from, problems);
    let pay_expire_seconds =
        from.integer("payExpireSeconds", "payExpireSeconds", problems).and_then(|number| {
            let seconds = u32::try_from(number).unwrap_or(u32::MAX);
            problems.take("payExpireSeconds", PayExpire::new(seconds))
        });
    let limit_pay_way_list = read_hidden(&from, problems);
    let order_entry_schema = read_schema(
        &from,
        ["orderEntrySchema", "orderEntrySchema.path", "orderEntrySchema.params"],
        true,
        problems,
    );
    let pay_notify_url = read_notify_url(&from, problems);
    let mut text = |name| from.text(name, name, problems);
    let (merchant, promotion, scene) = (text("merchantUid"), text("promotionId"), text("payScene"));
    let merchant_uid = merchant.and_then(|text| problems.take("merchantUid", MerchantUid::new(text)));
    let promotion_id = promotion.and_then(|text| problems.take("promotionId", PromotionId::new(text)));
    let pay_scene = scene.and_then(|text| problems.take("payScene", PayScene::new(text)));
    let (sku, total_amount) = (sku??, total_amount?);
    problems.kept("totalAmount", sku.check_total(total_amount));
    if currency == Some(DIAMOND) {
        problems.kept("skuList[0].quantity", check_diamonds(sku.quantity()));
    }
    Some(OrderData {
        sku_list: [sku],
        out_order_no: out_order_no?.into(),
        total_amount,
        currency,
        pay_expire_seconds,
        limit_pay_way_list,
        order_entry_schema: order_entry_schema?,
        pay_notify_url,
        merchant_uid,
        promotion_id,
        pay_scene,
    })
}

fn read_sku(from: &Object<'_>, problems: &mut Problems) -> Option<Sku> {
    let sku_id = from.required_text("skuId", "skuList[0].skuId", problems);
    let sku_id = sku_id.and_then(|text| problems.take("skuList[0].skuId", SkuId::new(text)));
    let price = from
        .required_integer("price", "skuList[0].price", problems)
        .and_then(|number| amount("skuList[0].price", number, problems))
        .filter(|price| problems.kept("skuList[0].price", check_price(*price)));
    let quantity = from
        .required_integer("quantity", "skuList[0].quantity", problems)
        .map(|number| u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX }))
        .filter(|quantity| problems.kept("skuList[0].quantity", check_quantity(*quantity)));
    let title = from.required_text("title", "skuList[0].title", problems);
    let title = title.and_then(|text| problems.take("skuList[0].title", Title::new(text)));
    let image = read_image(from, problems);
    let product_type = from
        .required_integer("type", "skuList[0].type", problems)
        .and_then(|number| read_type(number, problems));
    let tag_group_id = from.required_text("tagGroupId", "skuList[0].tagGroupId", problems);
    let tag_group_id =
        tag_group_id.and_then(|text| problems.take("skuList[0].tagGroupId", TagGroupId::new(text)));
    let entry_schema = read_schema(
        from,
        ["entrySchema", "skuList[0].entrySchema.path", "skuList[0].entrySchema.params"],
        false,
        problems,
    );
    let attr_is_there = from.has("skuAttr");
    if let Some(product_type) = product_type {
        problems.kept("skuList[0].skuAttr", check_attr_is_there(product_type, attr_is_there));
    }
    let sku_attr = from
        .text("skuAttr", "skuList[0].skuAttr", problems)
        .and_then(|text| problems.take("skuList[0].skuAttr", SkuAttr::new(text)));
    Some(Sku {
        sku_id: sku_id?,
        price: price?,
        quantity: quantity?,
        title: title?,
        image_list: [image?],
        product_type: product_type?,
        tag_group_id: tag_group_id?,
        entry_schema,
        sku_attr,
    })
}

fn read_type(number: i64, problems: &mut Problems) -> Option<ProductType> {
    let product_type = u16::try_from(number).ok().and_then(|number| ProductType::new(number).ok());
    let published = product_type.filter(|product_type| product_type.known().is_some());
    if published.is_none() {
        let problem = format!("{number} is not a published product type; choose one, such as 301 or 402");
        problems.add("skuList[0].type", problem);
    }
    published
}

fn read_image(from: &Object<'_>, problems: &mut Problems) -> Option<ImageUrl> {
    const LABEL: &str = "skuList[0].imageList";
    let images = from.list("imageList", LABEL, problems)?;
    let [image] = images.as_slice() else {
        problems.add(LABEL, format!("{} addresses; give exactly one", images.len()));
        return None;
    };
    let image = reader::text_of(LABEL, image, problems)?;
    problems.take(LABEL, ImageUrl::new(image))
}

fn read_currency(from: &Object<'_>, problems: &mut Problems) -> Option<&'static str> {
    match from.text("currency", "currency", problems)?.as_str() {
        CNY => Some(CNY),
        DIAMOND => Some(DIAMOND),
        other => {
            problems.add("currency", format!("is {other:?}; write \"CNY\" or \"DIAMOND\", or leave it out"));
            None
        }
    }
}

fn read_hidden(from: &Object<'_>, problems: &mut Problems) -> Vec<i64> {
    const LABEL: &str = "limitPayWayList";
    if !from.has(LABEL) {
        return Vec::new();
    }
    let mut hidden = Vec::new();
    for entry in from.list(LABEL, LABEL, problems).unwrap_or_default() {
        let Some(number) = reader::integer_of(LABEL, entry, problems) else { continue };
        match PayChannel::of_number(number) {
            PayChannel::WeChat | PayChannel::Alipay | PayChannel::DouyinPay => hidden.push(number),
            _ => problems.add(LABEL, format!("{number} cannot be hidden; write 1 (WeChat) or 2 (Alipay)")),
        }
    }
    hidden.sort_unstable();
    hidden.dedup();
    hidden
}

fn read_notify_url(from: &Object<'_>, problems: &mut Problems) -> Option<NotifyUrl> {
    let url = from.text("payNotifyUrl", "payNotifyUrl", problems)?;
    problems.take("payNotifyUrl", NotifyUrl::new(url))
}

/// `names`: the member, and the labels of its path and its parameters.
fn read_schema(
    from: &Object<'_>,
    [name, path_label, params_label]: [&'static str; 3],
    required: bool,
    problems: &mut Problems,
) -> Option<Schema> {
    let page = match required {
        true => from.required_object(name, problems)?,
        false => from.object(name, problems)?,
    };
    let path = page.required_text("path", path_label, problems);
    let path = path.filter(|path| problems.kept(path_label, check_path("path", path)));
    let params = page.text("params", params_label, problems);
    let params = params.filter(|params| problems.kept(params_label, check_params("params", params)));
    let schema = Schema::new(path?).ok()?;
    match params {
        Some(params) => schema.params(params).ok(),
        None => Some(schema),
    }
}

fn amount(label: &'static str, number: i64, problems: &mut Problems) -> Option<Fen> {
    match Fen::new(number) {
        Ok(fen) => Some(fen),
        Err(cause) => {
            problems.add(label, format!("is no amount: {cause}"));
            None
        }
    }
}
