//! Wrong order data: every problem names its field and what to do.

use douyin_pay_protocol::trade::OrderData;
use serde_json::{Value, json};

fn right() -> Value {
    json!({
        "skuList": [{
            "skuId": "sku-1", "price": 10, "quantity": 1, "title": "demo item",
            "imageList": ["https://example.com/a.png"], "type": 301, "tagGroupId": "tag_group_7272625659888058380",
            "entrySchema": {"path": "pages/goods"},
        }],
        "outOrderNo": "订单-0002",
        "totalAmount": 10,
        "orderEntrySchema": {"path": "pages/order/detail", "params": "{\"id\":1}"},
        "unknown": [1],
    })
}

/// The problems of the right data with one member changed; `null` leaves it out.
fn problems(pointer: &str, value: Value) -> Vec<String> {
    let mut data = right();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = data.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.insert(name.to_owned(), value);
    match OrderData::parse(&data.to_string()) {
        Ok(_) => Vec::new(),
        Err(found) => found.problems().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn right_data_has_no_problem_and_unknown_members_are_skipped() {
    let order = OrderData::parse(&right().to_string()).expect("right");
    assert_eq!((order.out_order_no(), order.total_amount().get()), ("订单-0002", 10));
}

fn long(bytes: usize) -> Value {
    "x".repeat(bytes).into()
}

/// Each wrong member alone is one problem, and its message begins so.
fn each_is_one_problem(table: impl IntoIterator<Item = (&'static str, Value, &'static str)>) {
    for (pointer, value, wanted) in table {
        let found = problems(pointer, value.clone());
        assert!(found.len() == 1 && found[0].starts_with(wanted), "{pointer} = {value}: {found:?}");
    }
}

#[test]
fn one_wrong_member_is_one_problem() {
    each_is_one_problem([
        ("/orderEntrySchema", Value::Null, "`orderEntrySchema`: is missing"),
        ("/orderEntrySchema", json!("pages"), "`orderEntrySchema`: is a text; write an object"),
        ("/orderEntrySchema/path", json!("/pages/a"), "`orderEntrySchema.path`: begins with `/`"),
        ("/orderEntrySchema/path", json!("pages/a?b=1"), "`orderEntrySchema.path`: has a query"),
        ("/orderEntrySchema/path", long(513), "`orderEntrySchema.path`: 513 characters"),
        (
            "/orderEntrySchema/params",
            json!({"id": 1}),
            "`orderEntrySchema.params`: is an object; write it as text, as JSON.stringify",
        ),
        (
            "/orderEntrySchema/params",
            json!("{\"a\":1,\"a\":2}"),
            "`orderEntrySchema.params`: has the name `a` twice",
        ),
        (
            "/orderEntrySchema/params",
            json!("[1]"),
            "`orderEntrySchema.params`: is not the text of one JSON object",
        ),
        ("/outOrderNo", json!(17), "`outOrderNo`: is a number; write it as text: \"17\""),
        ("/outOrderNo", long(65), "`outOrderNo`: 65 characters"),
        ("/outOrderNo", json!(""), "`outOrderNo`: is empty"),
        ("/totalAmount", json!("10"), "`totalAmount`: is a text; write it as a number"),
        ("/totalAmount", json!(9.5), "`totalAmount`: is 9.5, not an integer"),
        ("/totalAmount", json!(0), "`totalAmount`: 0 fen is outside"),
        ("/totalAmount", json!(-1), "`totalAmount`: is no amount: -1 fen is negative"),
        ("/totalAmount", json!(11), "`totalAmount`: 11 is more than price times quantity, 10"),
        ("/payExpireSeconds", json!("300"), "`payExpireSeconds`: is a text; write it as a number"),
        ("/payExpireSeconds", json!(172_801), "`payExpireSeconds`: 172801 seconds is outside"),
        ("/payExpireSeconds", json!(-1), "`payExpireSeconds`: "),
        ("/payNotifyUrl", json!("http://example.com"), "`payNotifyUrl`: is not https"),
        (
            "/payNotifyUrl",
            json!(format!("https://example.com/{}", "x".repeat(493))),
            "`payNotifyUrl`: 513 characters",
        ),
        ("/currency", json!("USD"), "`currency`: is \"USD\""),
        ("/limitPayWayList", json!([20]), "`limitPayWayList`: 20 cannot be hidden"),
        ("/limitPayWayList", json!(["1"]), "`limitPayWayList`: is a text; write it as a number"),
        ("/limitPayWayList", json!("1"), "`limitPayWayList`: is a text; write a list"),
        ("/merchantUid", json!(7000), "`merchantUid`: is a number; write it as text"),
        ("/merchantUid", json!("7 0"), "`merchantUid`: contains ' '"),
        ("/payScene", long(65), "`payScene`: 65"),
    ]);
}

#[test]
fn one_wrong_member_of_the_goods_is_one_problem() {
    each_is_one_problem([
        ("/skuList", json!({"0": {}}), "`skuList`: is an object; write a list"),
        ("/skuList", json!([]), "`skuList`: 0 entries"),
        ("/skuList", json!([1, 2]), "`skuList`: 2 entries"),
        ("/skuList", json!([1]), "`skuList[0]`: is a number; write an object"),
        ("/skuList/0/skuId", json!(1), "`skuList[0].skuId`: is a number; write it as text: \"1\""),
        ("/skuList/0/type", json!("301"), "`skuList[0].type`: is a text; write it as a number"),
        ("/skuList/0/type", json!(888), "`skuList[0].type`: 888 is not a published product type"),
        ("/skuList/0/type", json!(402), "`skuList[0].skuAttr`: is missing; goods of type 402 need it"),
        ("/skuList/0/skuAttr", json!({"a": 1}), "`skuList[0].skuAttr`: is an object; write it as text"),
        ("/skuList/0/skuAttr", json!("x"), "`skuList[0].skuAttr`: is not the text of one JSON object"),
        ("/skuList/0/price", json!(1.5), "`skuList[0].price`: is 1.5, not an integer"),
        ("/skuList/0/price", json!(0), "`skuList[0].price`: is 0"),
        ("/skuList/0/quantity", json!(0), "`skuList[0].quantity`: 0 is outside 1–100"),
        ("/skuList/0/quantity", json!(101), "`skuList[0].quantity`: 101 is outside 1–100"),
        ("/skuList/0/quantity", json!(true), "`skuList[0].quantity`: is true or false; write a number"),
        ("/skuList/0/title", long(257), "`skuList[0].title`: 257 characters"),
        (
            "/skuList/0/imageList",
            json!("https://example.com/a.png"),
            "`skuList[0].imageList`: is a text; write a list",
        ),
        ("/skuList/0/imageList", json!([]), "`skuList[0].imageList`: 0 addresses"),
        ("/skuList/0/imageList", json!([1]), "`skuList[0].imageList`: is a number"),
        ("/skuList/0/tagGroupId", long(65), "`skuList[0].tagGroupId`: 65"),
        ("/skuList/0/entrySchema/path", json!("a*"), "`skuList[0].entrySchema.path`: contains '*'"),
    ]);
}

#[test]
fn missing_members_are_named() {
    for pointer in ["/skuList", "/outOrderNo", "/totalAmount", "/orderEntrySchema"] {
        let found = problems(pointer, Value::Null);
        assert_eq!(found, [format!("`{}`: is missing; it is required", &pointer[1..])]);
    }
    for name in ["skuId", "price", "quantity", "title", "imageList", "type", "tagGroupId"] {
        let found = problems(&format!("/skuList/0/{name}"), Value::Null);
        assert_eq!(found, [format!("`skuList[0].{name}`: is missing; it is required")]);
    }
}

#[test]
fn zero_seconds_mean_the_default_and_null_means_nothing() {
    let mut data = right();
    data["payExpireSeconds"] = 0.into();
    data["currency"] = Value::Null;
    let order = OrderData::parse(&data.to_string()).expect("right");
    assert_eq!(order.pay_expire().seconds(), 300);
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_fields() {
    let data = r#"{"sku_list":[{"skuId":1,"price":"1","quantity":2,"title":"","imageList":[],"type":"301","tagGroupId":"t"}],"outOrderNo":7,"totalAmount":1.5,"currency":"DIAMOND","orderEntrySchema":{"path":"/a","params":{"id":1}}}"#;
    let problems = OrderData::parse(data).expect_err("much is wrong");
    let fields: Vec<&str> = problems.problems().iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            "skuList",
            "skuList[0].skuId",
            "skuList[0].price",
            "skuList[0].title",
            "skuList[0].imageList",
            "skuList[0].type",
            "outOrderNo",
            "totalAmount",
            "orderEntrySchema.path",
            "orderEntrySchema.params",
        ]
    );
    assert!(
        problems.to_string().starts_with("`skuList`: is spelled `sku_list`; write `skuList`\n"),
        "{problems}"
    );
}

#[test]
fn diamonds_twice_named_members_and_no_json_are_problems() {
    let mut data = right();
    data["currency"] = "DIAMOND".into();
    data["skuList"][0]["quantity"] = 2.into();
    let found = OrderData::parse(&data.to_string()).expect_err("two pieces").to_string();
    assert!(found.starts_with("`skuList[0].quantity`: 2 pieces for diamonds"), "{found}");
    let twice = right().to_string().replacen('{', r#"{"totalAmount":1,"#, 1);
    let found = OrderData::parse(&twice).expect_err("twice").to_string();
    assert_eq!(found, "`totalAmount`: stands twice; keep one of them");
    for text in ["", "[]", "{", "null", "\"{}\""] {
        let found = OrderData::parse(text).expect_err(text);
        assert!(found.problems().len() == 1 && found.problems()[0].field == "data", "{text}: {found}");
    }
    let large = OrderData::parse(&" ".repeat(OrderData::BYTES_MAX + 1)).expect_err("too large").to_string();
    assert!(large.contains("65537 bytes"), "{large}");
}
