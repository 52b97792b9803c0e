//! Order data as it is written: golden texts and every limit at its edge.

use douyin_pay_protocol::trade::{
    Currency, ImageUrl, NotifyUrl, OrderData, PayChannel, PayExpire, PayScene, ProductType, PromotionId,
    Schema, Sku, SkuAttr, SkuId, TagGroupId, Title,
};
use douyin_pay_protocol::{FieldError, OrderAmount};
use proptest::prelude::*;

use crate::{fen, merchant, out_order_no, page, problem};

/// The body of the first golden vector.
const GOLDEN: &str = r#"{"skuList":[{"skuId":"sku-1","price":1,"quantity":1,"title":"demo item","imageList":["https://example.com/a.png"],"type":301,"tagGroupId":"tag_group_7272625659888058380"}],"outOrderNo":"ORD202601010001","totalAmount":1,"payExpireSeconds":300,"orderEntrySchema":{"path":"pages/order/detail","params":"{\"id\":\"ORD202601010001\"}"},"payNotifyUrl":"https://example.com/douyin/notify"}"#;

pub(crate) fn sku(kind: u16, price: i64, quantity: u32) -> Result<Sku, FieldError> {
    Sku::new(
        SkuId::new("sku-1")?,
        Title::new("demo item")?,
        ImageUrl::new("https://example.com/a.png")?,
        ProductType::new(kind)?,
        TagGroupId::new("tag_group_7272625659888058380")?,
        fen(price),
        quantity,
    )
}

fn amount(amount: i64) -> OrderAmount {
    OrderAmount::new(fen(amount)).expect("an amount")
}

fn order(sku: Sku, total: i64) -> Result<OrderData, FieldError> {
    let page = Schema::new("pages/order/detail").and_then(|page| page.params(r#"{"id":"ORD202601010001"}"#));
    OrderData::new(out_order_no("ORD202601010001"), amount(total), sku, page.expect("a page"))
}

fn one(kind: u16) -> Sku {
    sku(kind, 1, 1).expect("goods")
}

#[test]
fn the_first_golden_vector_is_written_to_the_byte() {
    let data = order(one(301), 1)
        .expect("an order")
        .pay_expire_seconds(PayExpire::DEFAULT)
        .pay_notify_url(NotifyUrl::new("https://example.com/douyin/notify").expect("a URL"));
    assert_eq!(data.to_json(), GOLDEN);
    assert_eq!(OrderData::parse(GOLDEN), Ok(data));
}

#[test]
fn everything_optional_is_written_and_read_back() {
    let goods =
        one(402).entry_schema(page("pages/goods")).sku_attr(SkuAttr::new(r#"{"a":1}"#).expect("JSON"));
    let data = order(goods, 1)
        .expect("an order")
        .diamonds()
        .expect("one piece")
        .limit_pay_ways(&[PayChannel::Alipay, PayChannel::WeChat, PayChannel::Alipay])
        .merchant_uid(merchant("70000000000000000001"))
        .promotion_id(PromotionId::new("p1").expect("short"))
        .pay_scene(PayScene::new("IM").expect("short"));
    let json = data.to_json();
    for part in [
        r#""entrySchema":{"path":"pages/goods"}"#,
        r#""skuAttr":"{\"a\":1}""#,
        r#""currency":"DIAMOND""#,
        r#""limitPayWayList":[1,2]"#,
        r#""merchantUid":"70000000000000000001""#,
        r#""promotionId":"p1""#,
        r#""payScene":"IM""#,
    ] {
        assert!(json.contains(part), "{part} is not in {json}");
    }
    let read = OrderData::parse(&json).expect("our own");
    assert_eq!(read, data);
    assert_eq!((read.currency(), read.pay_expire().seconds()), (Currency::Diamond, 300));
    assert_eq!(read.limited_pay_ways().collect::<Vec<_>>(), [PayChannel::WeChat, PayChannel::Alipay]);
    assert_eq!(read.merchant().map(|uid| uid.as_str()), Some("70000000000000000001"));
    assert_eq!(
        (read.promotion().map(PromotionId::as_str), read.scene().map(PayScene::as_str)),
        (Some("p1"), Some("IM"))
    );
    assert_eq!(read.sku().attr().map(SkuAttr::as_str), Some(r#"{"a":1}"#));
    assert_eq!(read.sku().page().map(Schema::path), Some("pages/goods"));
}

#[test]
fn goods_that_need_attributes_are_refused_without() {
    for kind in 100..=999 {
        let needed = matches!(kind, 101..=107 | 402..=406);
        let without = order(one(kind), 1);
        assert_eq!(without.is_err(), needed, "{kind}");
        if needed {
            assert!(problem(without, "skuAttr").contains(&kind.to_string()));
            let attr = SkuAttr::new("{}").expect("an object");
            assert!(order(one(kind).sku_attr(attr), 1).is_ok(), "{kind}");
        }
    }
    assert!(problem(SkuAttr::new("[]"), "skuAttr").contains("object"));
    assert!(SkuAttr::new(format!(r#"{{"a":"{}"}}"#, "x".repeat(4088))).is_ok());
    assert!(problem(SkuAttr::new(format!(r#"{{"a":"{}"}}"#, "x".repeat(4089))), "skuAttr").contains("4097"));
}

#[test]
fn prices_quantities_and_totals_fit_together() {
    for (quantity, allowed) in [(0, false), (1, true), (100, true), (101, false)] {
        assert_eq!(sku(301, 1, quantity).is_ok(), allowed, "{quantity}");
    }
    problem(sku(301, 1, 101), "quantity");
    problem(sku(301, 0, 1), "price");
    assert!(order(sku(301, 10, 3).expect("goods"), 30).is_ok());
    assert!(order(sku(301, 10, 3).expect("goods"), 29).is_ok(), "a discount was taken off");
    assert!(problem(order(sku(301, 10, 3).expect("goods"), 31), "totalAmount").contains("30"));
    problem(order(sku(301, 9_999_999_999_999, 2).expect("goods"), 1), "price");
    let three = order(sku(301, 10, 3).expect("goods"), 30).expect("an order");
    assert!(problem(three.diamonds(), "quantity").contains("3 pieces"));
}

#[test]
fn times_to_pay_keep_their_range() {
    for (seconds, held) in [(0, Some(300)), (1, Some(1)), (172_800, Some(172_800)), (172_801, None)] {
        assert_eq!(PayExpire::new(seconds).map(PayExpire::seconds).ok(), held, "{seconds}");
    }
    problem(PayExpire::new(172_801), "payExpireSeconds");
}

#[test]
fn texts_keep_their_limits() {
    let image = |bytes: usize| ImageUrl::new(format!("https://{}", "a".repeat(bytes - 8)));
    assert!(
        Title::new("x".repeat(256)).is_ok() && image(512).is_ok() && TagGroupId::new("x".repeat(64)).is_ok()
    );
    assert!(Title::new("\"影\" ").is_ok(), "nothing is cut off before signing here");
    for (read, field, word) in [
        (Title::new("x".repeat(257)).map(|_| ()), "title", "257"),
        (Title::new("拿".repeat(86)).map(|_| ()), "title", "258 bytes"),
        (Title::new("").map(|_| ()), "title", "empty"),
        (Title::new("a\n").map(|_| ()), "title", "control"),
        (image(513).map(|_| ()), "imageList", "513"),
        (ImageUrl::new("a.png").map(|_| ()), "imageList", "https"),
        (TagGroupId::new("x".repeat(65)).map(|_| ()), "tagGroupId", "65"),
        (SkuId::new("").map(|_| ()), "skuId", "empty"),
        (SkuId::new("x".repeat(257)).map(|_| ()), "skuId", "257"),
    ] {
        assert!(problem(read, field).contains(word), "{field}");
    }
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(
        title in "\\PC{1,40}",
        id in "[0-9A-Za-z*_-]{1,64}",
        params in proptest::option::of(proptest::collection::btree_map("[a-z]{1,5}", "\\PC{0,10}", 0..4)),
        price in 1i64..1_000_000,
        quantity in 1u32..=100,
        discount in 0i64..1_000_000,
        expire in proptest::option::of(0u32..=172_800),
    ) {
        let Ok(title) = Title::new(&title) else { return Ok(()) };
        let goods = Sku::new(
            SkuId::new(&id).unwrap(),
            title,
            ImageUrl::new("https://example.com/图.png").unwrap(),
            ProductType::new(401).unwrap(),
            TagGroupId::new("tag_group_1").unwrap(),
            fen(price),
            quantity,
        ).unwrap();
        let total = (price * i64::from(quantity) - discount).max(1);
        let mut schema = page("pages/order");
        if let Some(params) = params {
            let Ok(with) = schema.clone().params(serde_json::to_string(&params).unwrap()) else { return Ok(()) };
            schema = with;
        }
        let mut data = OrderData::new(out_order_no(&id), amount(total), goods, schema).unwrap();
        if let Some(seconds) = expire {
            data = data.pay_expire_seconds(PayExpire::new(seconds).unwrap());
        }
        let json = data.to_json();
        prop_assert_eq!(OrderData::parse(&json).map_err(|problems| problems.to_string()), Ok(data));
    }

    #[test]
    fn no_text_makes_the_strict_reader_panic(text in r#"\{("(skuList|outOrderNo|totalAmount|orderEntrySchema|limitPayWayList)":(null|[0-9.e-]{1,5}|"\PC{0,5}"|\{"a":\[1,"b"\]\}|\[\{\}\]),?){0,4}\}|\PC{0,40}"#) {
        prop_assert!(OrderData::parse(&text).is_err());
    }
}
