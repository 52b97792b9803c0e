//! The order data that the client hands over: every limit of its fields.

use douyin_pay_protocol::Fen;
use douyin_pay_protocol::trade::{ImageUrl, SkuAttr};
use serde_json::Value;

use super::denied::{Checked, Denial};
use super::fields::{Reader, kind};
use super::goods;

/// The longest time an order can wait for its payment, and the usual one, in seconds.
const PAY_EXPIRE_S_MAX: i64 = 172_800;
const PAY_EXPIRE_S: i64 = 300;
/// The most units of one order.
const QUANTITY_MAX: i64 = 100;
/// No limit is published for these two; ours are generous.
const SKU_ID_BYTES_MAX: usize = 256;
const PROMOTION_ID_BYTES_MAX: usize = 256;

/// What the data asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) out_order_no: String,
    pub(crate) total: Fen,
    pub(crate) diamonds: bool,
    pub(crate) pay_expire_seconds: i64,
    pub(crate) notify_url: Option<String>,
    pub(crate) merchant_uid: Option<String>,
    pub(crate) hidden_ways: Vec<i64>,
    pub(crate) sku_id: String,
    pub(crate) title: String,
    pub(crate) quantity: usize,
    pub(crate) product_type: u16,
    pub(crate) tag_group_id: String,
}

/// Reads `data`; numbers must be JSON numbers here, for the client checks their types.
pub(crate) fn read(data: &str) -> Checked<Wanted> {
    let value: Value = serde_json::from_str(data).map_err(|cause| {
        Denial::Parameter.because(format!("`data` is not the JSON text of an object: {cause}"))
    })?;
    let Value::Object(map) = &value else {
        return Err(Denial::Parameter.because("`data` is JSON, but no object"));
    };
    let order = Reader::new(map);
    let out_order_no = order.text("outOrderNo", 64)?.to_owned();
    let total = order.amount("totalAmount", true)?;
    let diamonds = match order.optional_text("currency", 16)? {
        None | Some("CNY") => false,
        Some("DIAMOND") => true,
        Some(other) => return Err(order.wrong("currency", format!("is `{other}`; use CNY or DIAMOND"))),
    };
    let pay_expire_seconds = match order.optional_integer("payExpireSeconds", true)? {
        None | Some(0) => PAY_EXPIRE_S,
        Some(seconds) if (1..=PAY_EXPIRE_S_MAX).contains(&seconds) => seconds,
        Some(seconds) => {
            let problem = format!("is {seconds}; 0 to {PAY_EXPIRE_S_MAX} are allowed");
            return Err(order.wrong("payExpireSeconds", problem));
        }
    };
    order.schema("orderEntrySchema")?;
    order.optional_text("payScene", 64)?;
    let promotion = order.optional_text("promotionId", PROMOTION_ID_BYTES_MAX)?.is_some();
    let sku = sku(&order, total, promotion, diamonds)?;
    Ok(Wanted {
        out_order_no,
        total,
        diamonds,
        pay_expire_seconds,
        notify_url: order.notify_url("payNotifyUrl")?,
        merchant_uid: order.optional_text("merchantUid", 64)?.map(str::to_owned),
        hidden_ways: hidden_ways(&order)?,
        ..sku
    })
}

/// The one entry of `skuList`; what it does not know is left empty for the caller.
fn sku(order: &Reader<'_>, total: Fen, promotion: bool, diamonds: bool) -> Checked<Wanted> {
    let skus =
        order.objects("skuList")?.ok_or_else(|| order.wrong("skuList", "is missing; it is required"))?;
    let [sku] = skus.as_slice() else {
        return Err(order.wrong("skuList", format!("has {} entries; exactly one is possible", skus.len())));
    };
    let price = sku.amount("price", true)?;
    let quantity = sku.integer("quantity", true)?;
    if !(1..=QUANTITY_MAX).contains(&quantity) {
        return Err(sku.wrong("quantity", format!("is {quantity}; 1 to {QUANTITY_MAX} are allowed")));
    }
    if diamonds && quantity != 1 {
        return Err(sku.wrong("quantity", "must be 1 when diamonds pay"));
    }
    let gross = price.get().saturating_mul(quantity);
    if gross < total.get() || (gross > total.get() && !promotion) {
        let problem = format!("is {}, but price times quantity is {gross}", total.get());
        return Err(order.wrong("totalAmount", problem));
    }
    image(sku)?;
    let (product_type, tag_group_id) = kind_of_goods(sku)?;
    if sku.get("entrySchema").is_some() {
        sku.schema("entrySchema")?;
    }
    Ok(Wanted {
        out_order_no: String::new(),
        total,
        diamonds,
        pay_expire_seconds: 0,
        notify_url: None,
        merchant_uid: None,
        hidden_ways: Vec::new(),
        sku_id: sku.text("skuId", SKU_ID_BYTES_MAX)?.to_owned(),
        title: sku.text("title", 256)?.to_owned(),
        quantity: usize::try_from(quantity).unwrap_or(1),
        product_type,
        tag_group_id,
    })
}

fn image(sku: &Reader<'_>) -> Checked<()> {
    match sku.array("imageList")?.map(Vec::as_slice) {
        Some([Value::String(url)]) => {
            ImageUrl::new(url).map(|_| ()).map_err(|cause| sku.wrong("imageList", cause.problem))
        }
        Some([other]) => Err(sku.wrong("imageList", format!("holds {}; send a text", kind(other)))),
        _ => Err(sku.wrong("imageList", "must hold exactly one URL")),
    }
}

fn kind_of_goods(sku: &Reader<'_>) -> Checked<(u16, String)> {
    let number = sku.integer("type", true)?;
    let Some(kind) = goods::product_type(number) else {
        return Err(sku.wrong("type", format!("{number} is no product type")));
    };
    let group = sku.text("tagGroupId", 64)?;
    let fitting = goods::groups_of(kind.number);
    if !fitting.contains(&group) {
        let problem = format!("`{group}` does not belong to type {number}; use {}", fitting.join(" or "));
        return Err(sku.wrong("tagGroupId", problem));
    }
    if let Some(Value::Object(_)) = sku.get("skuAttr") {
        return Err(sku.wrong("skuAttr", "is an object; send the object's JSON text"));
    }
    let attr = sku.optional_text("skuAttr", 4_096)?;
    if kind.needs_attr && attr.is_none() {
        return Err(sku.wrong("skuAttr", format!("is missing; type {number} requires it")));
    }
    if let Some(Err(cause)) = attr.map(SkuAttr::new) {
        return Err(sku.wrong("skuAttr", cause.problem));
    }
    Ok((kind.number, group.to_owned()))
}

/// The channels the cashier hides: 1 WeChat, 2 Alipay, 10 Douyin Pay.
fn hidden_ways(order: &Reader<'_>) -> Checked<Vec<i64>> {
    let Some(list) = order.array("limitPayWayList")? else { return Ok(Vec::new()) };
    let way = |value: &Value| match value.as_i64() {
        Some(way @ (1 | 2 | 10)) => Ok(way),
        _ => Err(order.wrong("limitPayWayList", format!("holds {value}; 1, 2 and 10 can be hidden"))),
    };
    list.iter().map(way).collect()
}
