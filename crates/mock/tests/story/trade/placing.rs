//! `tt.requestOrder`: signatures, limits, repeats, and what mistakes look like.

use std::time::Duration;

use douyin_pay_mock::keys;
use douyin_pay_protocol::trade::{ApplicationKey, OrderData};
use serde_json::{Value, json};

use super::shop::{APP, MEMBERSHIP, SERVICE, SIM, Shop, data, service};
use crate::world::config;

#[tokio::test]
async fn a_signed_order_is_placed_with_one_item_per_unit() {
    let shop = Shop::new();
    let answer = shop.place(&data("订单-1", SERVICE, 333, 3)).await;
    assert_eq!(answer["errNo"], 0, "{answer}");
    assert!(answer["orderId"].as_str().unwrap().starts_with("motb"), "{answer}");
    assert!(answer["logId"].is_string());
    let amounts: Vec<_> =
        answer["itemOrderList"].as_array().unwrap().iter().map(|i| &i["itemOrderAmount"]).collect();
    assert_eq!(amounts, [333, 333, 333]);
    assert_eq!(answer["itemOrderList"][0]["skuId"], "sku-1");
    let order = shop.order(answer["orderId"].as_str().unwrap()).await;
    assert_eq!((&order["pay_status"], &order["total_amount"]), (&json!("PROCESS"), &json!(999)));
    assert_eq!((&order["out_order_no"], &order["app_id"]), (&json!("订单-1"), &json!(APP)));
    assert!(order.get("pay_time").is_none() && order.get("pay_channel").is_none());
    let record =
        shop.world.mock.calls().calls.into_iter().find(|call| call.endpoint == "request_order").unwrap();
    assert_eq!((record.err_no, record.number.as_str(), record.app_id.as_str()), (Some(0), "订单-1", APP));
}

#[tokio::test]
async fn every_spelling_of_the_authorisation_is_read() {
    let shop = Shop::new();
    let text = service("O1", 5).to_string();
    let plain = shop.sign(&text);
    let (scheme, pairs) = plain.split_once(' ').unwrap();
    let pairs: Vec<(&str, &str)> = pairs.split(',').map(|pair| pair.split_once('=').unwrap()).collect();
    let write = |quoted: &dyn Fn(&str) -> bool, reversed: bool| {
        let pair = |(name, value): &(&str, &str)| match quoted(name) {
            true => format!("{name}=\"{value}\""),
            false => format!("{name}={value}"),
        };
        let mut pairs: Vec<String> = pairs.iter().map(pair).collect();
        if reversed {
            pairs.reverse();
        }
        format!("{scheme} {}", pairs.join(","))
    };
    let spellings = [
        plain.clone(),
        write(&|_| true, false),
        write(&|name| name != "key_version", false),
        write(&|_| false, true),
        format!("{plain},extra=1"),
    ];
    let mut ids = std::collections::BTreeSet::new();
    for spelling in spellings {
        let answer = shop.request(&text, &spelling).await;
        assert_eq!(answer["errNo"], 0, "{spelling}: {answer}");
        ids.insert(answer["orderId"].to_string());
    }
    assert_eq!(ids.len(), 1, "the same data while it waits is the same order");
}

#[tokio::test]
async fn well_known_signing_mistakes_are_named() {
    let shop = Shop::new();
    let key = ApplicationKey::parse(keys::APPLICATION_KEY_PEM).unwrap();
    let second = ApplicationKey::parse(keys::SECOND_APPLICATION_KEY_PEM).unwrap();
    let text = service("O1", 5).to_string();
    let right = shop.sign(&text);
    let of_text = |what: &dyn Fn(&str, &str) -> Vec<u8>| {
        let value = |name: &str| {
            let rest = right.split_once(&format!("{name}=")).unwrap().1;
            rest.split(',').next().unwrap().to_owned()
        };
        let signature = key.sign(&what(&value("timestamp"), &value("nonce_str")));
        format!("{},signature={signature}", right.split_once(",signature=").unwrap().0)
    };
    let five = |ts: &str, nonce: &str, body: &str| format!("POST\n/requestOrder\n{ts}\n{nonce}\n{body}\n");
    let pretty = serde_json::to_string_pretty(&service("O1", 5)).unwrap();
    let table = [
        (shop.sign_with(&second, "1", "/requestOrder", &text), "the key is another mini-program's"),
        (
            shop.sign_with(&key, "1", "/api/trade_basic/v1/user/order_create", &text),
            "/requestOrder for an order",
        ),
        (shop.sign_with(&key, "1", "/requestOrder", &pretty), "written again"),
        (shop.sign_with(&key, "1", "/requestOrder", &text.replace('/', "\\/")), "written again"),
        (shop.sign_with(&key, "1", "/requestOrder", &format!("{text}\n")), "body's end was lost"),
        (of_text(&|ts, nonce| five(ts, nonce, &text).trim_end().into()), "last line feed is missing"),
        (of_text(&|ts, nonce| five(ts, nonce, &text).replace('\n', "\r\n").into()), "use \\n alone"),
        (of_text(&|ts, nonce| format!("{ts}\n{nonce}\n{text}\n").into()), "three lines of a callback"),
        (shop.sign_with(&key, "7", "/requestOrder", &text), "key_version `7` is unknown; uploaded are 1"),
        (right.replace(APP, "ttstranger"), "ttstranger"),
        ("HMAC x".to_owned(), "SHA256-RSA2048"),
    ];
    for (authorization, expected) in table {
        let answer = shop.request(&text, &authorization).await;
        assert_eq!(answer["errNo"], 11_004, "{expected}: {answer}");
        assert!(answer["errMsg"].as_str().unwrap().starts_with("requestOrder:fail 签名"), "{answer}");
        assert!(answer["errLogId"].is_string());
        assert!(shop.world.last_problem().contains(expected), "{expected}: {}", shop.world.last_problem());
    }
    assert!(shop.world.mock.books().orders.is_empty());
}

#[tokio::test]
async fn an_uploaded_key_is_told_from_its_version() {
    let shop = Shop::new();
    let second = ApplicationKey::parse(keys::SECOND_APPLICATION_KEY_PEM).unwrap();
    let body =
        json!({ "app_id": APP, "upload_application_public_key": keys::SECOND_APPLICATION_PUBLIC_KEY_PEM });
    let (status, app) = shop.world.control("POST", "/mock/apps/trade", &body.to_string()).await;
    assert_eq!((status, app["trade"]["key_versions"].as_object().unwrap().len()), (200, 2), "{app}");
    let text = service("O1", 5).to_string();
    let old_name = shop.sign_with(&second, "1", "/requestOrder", &text);
    assert_eq!(shop.request(&text, &old_name).await["errNo"], 11_004);
    assert!(shop.world.last_problem().contains("has key_version 2, not the one that is named"));
    let new = shop.sign_with(&second, "2", "/requestOrder", &text);
    assert_eq!(shop.request(&text, &new).await["errNo"], 0);
    let old = shop.sign(&text);
    assert_eq!(shop.request(&text, &old).await["errNo"], 0, "the old key stays");
}

#[tokio::test]
async fn a_signature_lives_for_an_hour() {
    let shop = Shop::new();
    let text = service("O1", 5).to_string();
    let authorization = shop.sign(&text);
    shop.seconds(3_600).await;
    assert_eq!(shop.request(&text, &authorization).await["errNo"], 0);
    let text = service("O2", 5).to_string();
    let authorization = shop.sign(&text);
    shop.seconds(3_601).await;
    assert_eq!(shop.request(&text, &authorization).await["errNo"], 11_004);
    assert!(shop.world.last_problem().contains("3601 s behind"), "{}", shop.world.last_problem());
}

#[tokio::test]
async fn a_nonce_counts_once_when_the_platform_looks() {
    let mut config = config();
    config.switches.check_nonces = true;
    let shop = Shop::with(config);
    let text = service("O1", 5).to_string();
    let authorization = shop.sign(&text);
    assert_eq!(shop.request(&text, &authorization).await["errNo"], 0);
    assert_eq!(shop.request(&text, &authorization).await["errNo"], 11_004);
    assert!(shop.world.last_problem().contains("used before"));
}

#[tokio::test]
async fn each_limit_of_the_data_is_kept() {
    let shop = Shop::new();
    type Change = fn(&mut Value);
    let table: [(Change, &str); 33] = [
        (|d| d["totalAmount"] = json!("5"), "`totalAmount` is a text"),
        (|d| d["totalAmount"] = json!(0), "`totalAmount` is 0"),
        (|d| d["totalAmount"] = json!(4), "price times quantity is 5"),
        (|d| d["totalAmount"] = json!(6), "price times quantity is 5"),
        (|d| d["outOrderNo"] = json!("a".repeat(65)), "65 bytes"),
        (|d| d["payExpireSeconds"] = json!(172_801), "`payExpireSeconds`"),
        (|d| d["payNotifyUrl"] = json!("http://shop.example.com"), "https"),
        (|d| d["payNotifyUrl"] = json!(format!("https://a/{}", "b".repeat(512))), "at most 512"),
        (|d| d["merchantUid"] = json!("123"), "does not belong to this app"),
        (|d| d["currency"] = json!("USD"), "USD"),
        (|d| d["limitPayWayList"] = json!([3]), "holds 3"),
        (|d| d["orderEntrySchema"] = json!({ "path": "/pages" }), "starts with `/`"),
        (|d| d["orderEntrySchema"] = json!({ "path": "pages?id" }), "'?'"),
        (|d| d["orderEntrySchema"]["params"] = json!({ "id": 1 }), "is an object"),
        (|d| d["skuList"] = json!([]), "0 entries"),
        (|d| d["skuList"][0]["skuId"] = json!(1), "`skuList[0].skuId` is a number"),
        (|d| d["skuList"][0]["quantity"] = json!(101), "1 to 100"),
        (|d| d["skuList"][0]["title"] = json!("咖".repeat(86)), "258 bytes"),
        (|d| d["skuList"][0]["imageList"] = json!([]), "exactly one URL"),
        (|d| d["skuList"][0]["type"] = json!("301"), "is a text"),
        (|d| d["skuList"][0]["type"] = json!(999), "no product type"),
        (|d| d["skuList"][0]["tagGroupId"] = json!("tag_group_1"), "does not belong to type 301"),
        (|d| d["skuList"][0]["type"] = json!(101), "does not belong to type 101"),
        (|d| d["skuList"][0]["skuAttr"] = json!({}), "is an object"),
        (|d| d["skuList"][0]["entrySchema"] = json!({ "path": "" }), "`skuList[0].entrySchema.path`"),
        (|d| d["skuList"] = json!({}), "send an array"),
        (|d| d["orderEntrySchema"]["params"] = json!(r#"{"id":1,"id":2}"#), "the name `id` twice"),
        (|d| d["orderEntrySchema"]["params"] = json!("[1]"), "one JSON object"),
        (
            |d| d["skuList"][0]["skuAttr"] = json!("[]"),
            "`skuList[0].skuAttr` is not the text of one JSON object",
        ),
        (|d| d["skuList"][0]["imageList"] = json!(["a.png"]), "`skuList[0].imageList` is no web address"),
        (|d| d["skuList"][0]["skuId"] = json!("a".repeat(257)), "at most 256"),
        (|d| d["promotionId"] = json!("a".repeat(257)), "at most 256"),
        (|d| d["skuList"][0]["price"] = json!(5.0), "`skuList[0].price` is 5.0"),
    ];
    for (change, expected) in table {
        let mut wrong = service("O1", 5);
        change(&mut wrong);
        let answer = shop.place(&wrong).await;
        assert_eq!(answer["errNo"], 10_000, "{expected}: {answer}");
        assert!(answer["errMsg"].as_str().unwrap().starts_with("requestOrder:fail 参数错误"), "{answer}");
        assert!(shop.world.last_problem().contains(expected), "{expected}: {}", shop.world.last_problem());
    }
    for goods in [SIM, MEMBERSHIP] {
        let mut bare = data("O1", goods, 5, 1);
        bare["skuList"][0].as_object_mut().unwrap().remove("skuAttr");
        assert_eq!(shop.place(&bare).await["errNo"], 10_000);
        assert!(shop.world.last_problem().contains("`skuList[0].skuAttr` is missing"), "{goods:?}");
    }
    let object = json!({ "data": service("O1", 5), "byteAuthorization": "x" });
    let (_, answer) = shop.world.control("POST", "/mock/request_order", &object.to_string()).await;
    assert_eq!(answer["errNo"], 10_000, "{answer}");
    assert!(shop.world.mock.books().orders.is_empty());
}

#[tokio::test]
async fn what_the_client_library_takes_is_taken() {
    let shop = Shop::new();
    let mut order = service("O1", 500);
    order["skuList"][0]["skuId"] = json!("s".repeat(256));
    order["skuList"][0]["imageList"] = json!([format!("https://a.example.com/{}", "i".repeat(490))]);
    (order["totalAmount"], order["promotionId"]) = (json!(300), json!("p".repeat(256)));
    OrderData::parse(&order.to_string()).expect("within the limits");
    shop.placed(&order).await;
}

#[tokio::test]
async fn a_promotion_may_lower_the_total_and_an_app_sells_its_own_types() {
    let mut config = config();
    config.apps[0].trade.as_mut().unwrap().types = Some(vec![301]);
    let shop = Shop::with(config);
    let mut cheaper = service("O1", 500);
    (cheaper["totalAmount"], cheaper["promotionId"]) = (json!(300), json!("P1"));
    let order_id = shop.placed(&cheaper).await;
    assert_eq!(shop.order(&order_id).await["total_amount"], 300);
    let answer = shop.place(&data("O2", SIM, 5, 1)).await;
    assert_eq!(answer["errMsg"], "requestOrder:fail 商品不符合行业要求");
    let tags = shop.call("tag_query", json!({})).await;
    assert_eq!(tags["data"]["tag_detail_list"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_number_is_one_order() {
    let shop = Shop::new();
    let first = shop.placed(&service("O1", 5)).await;
    assert_eq!(shop.placed(&service("O1", 5)).await, first);
    let other = shop.place(&service("O1", 6)).await;
    assert_eq!(other["errNo"], 10_000);
    assert!(shop.world.last_problem().contains("other data"));
    shop.world.advance(Duration::from_secs(300)).await;
    assert_eq!(shop.order(&first).await["pay_status"], "TIMEOUT");
    assert_eq!(shop.place(&service("O1", 5)).await["errNo"], 10_000);
    assert!(shop.world.last_problem().contains("is over"));
}

#[tokio::test]
async fn tag_groups_carry_their_refund_rules() {
    let shop = Shop::new();
    let all = shop.call("tag_query", json!({})).await;
    assert_eq!(all["data"]["tag_detail_list"].as_array().unwrap().len(), 10);
    let sim = shop.call("tag_query", json!({ "goods_type": 101 })).await;
    let group = &sim["data"]["tag_detail_list"][0];
    assert_eq!((&group["tag_group_id"], &group["tag_list"][0]["goods_type"]), (&json!(SIM.1), &json!(101)));
    let rules: Vec<_> =
        group["rule_list"].as_array().unwrap().iter().map(|rule| rule["refund_rule"].clone()).collect();
    assert_eq!(
        rules,
        [
            json!({ "biz_status": "FULFILL_WAIT", "merchant_audit_type": 2, "refund_type": 3 }),
            json!({ "biz_status": "FULFILLING", "merchant_audit_type": 1, "refund_type": 2 }),
            json!({ "biz_status": "FULFILL_DONE", "merchant_audit_type": 2, "refund_type": 1 }),
        ]
    );
    assert_eq!(shop.call("tag_query", json!({ "goods_type": 9 })).await["err_no"], 10_000);
}
