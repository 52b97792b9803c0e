//! Access tokens and order pushes.

use std::time::Duration;

use douyin_pay_mock::{MockConfig, Switches};
use serde_json::{Value, json};

use crate::world::{World, config};

async fn token(world: &World) -> String {
    let ask = json!({ "appid": "tt0000000000000001", "secret": "mock_app_secret", "grant_type": "client_credential" });
    let answer = world.unsigned("v2/token", ask).await;
    assert_eq!((&answer["err_no"], &answer["data"]["expires_in"]), (&json!(0), &json!(7200)), "{answer}");
    answer["data"]["access_token"].as_str().unwrap().to_owned()
}

fn push(token: &str, status: i64, text: &str, at: i64) -> Value {
    let item = json!({ "item_code": "sku1", "img": "https://m.example.com/1.png", "title": "Latte", "sub_title": "large", "amount": 1, "price": 1280 });
    let detail = json!({ "order_id": "O1", "create_time": at, "status": text, "amount": 1, "total_price": 1280, "detail_url": "pages/order?id=1", "item_list": [item] });
    json!({ "access_token": token, "app_name": "douyin", "open_id": "_000abc", "order_type": 0, "order_status": status, "update_time": at, "order_detail": detail.to_string() })
}

#[tokio::test]
async fn a_token_lives_two_hours_and_five_minutes_beside_a_newer_one() {
    let world = World::new();
    let first = token(&world).await;
    let second = token(&world).await;
    assert_ne!(first, second);
    let at = 1_704_038_400_000;
    for (token, err_code) in [(&first, 0), (&second, 0)] {
        assert_eq!(world.unsigned("order/v2/push", push(token, 1, "已支付", at)).await["err_code"], err_code);
    }
    world.advance(Duration::from_secs(300)).await;
    let refused = world.unsigned("order/v2/push", push(&first, 1, "已支付", at + 1)).await;
    assert_eq!(refused, json!({ "err_code": 40014, "err_msg": "bad access token", "body": "" }));
    assert!(world.last_problem().contains("five minutes"), "{}", world.last_problem());
    assert_eq!(world.unsigned("order/v2/push", push(&second, 1, "已支付", at + 2)).await["err_code"], 0);

    for (field, value, err_no) in
        [("appid", "ttx", 40015), ("secret", "mock_salt", 40017), ("grant_type", "password", 40020)]
    {
        let mut ask = json!({ "appid": "tt0000000000000001", "secret": "mock_app_secret", "grant_type": "client_credential" });
        ask[field] = json!(value);
        assert_eq!(world.unsigned("v2/token", ask).await["err_no"], err_no, "{field}");
    }
    let old = "/api/apps/token?appid=tt0000000000000001&secret=mock_app_secret&grant_type=client_credential";
    let (status, answer) = world.control("GET", old, "").await;
    assert_eq!((status, &answer["err_no"]), (200, &json!(0)), "{answer}");
}

#[tokio::test]
async fn pushes_are_checked_and_kept() {
    let world = World::new();
    let token = token(&world).await;
    let at = 1_704_038_400_000;
    let change = |name: &str, value: Value| {
        let mut body = push(&token, 1, "已支付", at);
        body[name] = value;
        body
    };
    let no_items =
        push(&token, 1, "已支付", at)["order_detail"].as_str().unwrap().replace("\"item_list\"", "\"items\"");
    for (body, problem) in [
        (change("app_name", json!("toutiao")), "`app_name`"),
        (change("order_type", json!(3)), "`order_type`"),
        (change("order_status", json!(7)), "use 0, 1, 2, 4, 5, 6 or 8"),
        (change("order_status", json!("1")), "send a JSON integer"),
        (change("order_status", json!(4)), "已核销"),
        (change("update_time", json!(at / 1000)), "milliseconds, 13 digits"),
        (change("order_detail", json!("x".repeat(2048))), "at most 2047"),
        (change("order_detail", json!({})), "send a text"),
        (change("order_detail", json!(no_items)), "`item_list`"),
        (change("open_id", json!("")), "`open_id`"),
    ] {
        let answer = world.unsigned("order/v2/push", body).await;
        assert_eq!(answer["err_code"], 2010, "{problem}");
        assert!(world.last_problem().contains(problem), "{problem}: {}", world.last_problem());
    }
    for (status, text, at, ignored) in
        [(1, "已支付", at, false), (4, "已核销", at, true), (4, "已核销", at + 1, false)]
    {
        assert_eq!(world.unsigned("order/v2/push", push(&token, status, text, at)).await["err_code"], 0);
        let books = world.mock.books();
        let last = books.pushes.last().unwrap();
        assert_eq!((last.order_status, last.ignored, last.out_order_no.as_str()), (status, ignored, "O1"));
    }
    let (_, books) = world.control("GET", "/mock/books?out_order_no=O1", "").await;
    assert_eq!(books["pushes"].as_array().unwrap().len(), 3);
    assert!(world.mock.books().warnings.iter().any(|warning| warning.contains("does not grow")));

    let switches = Switches { push_seconds: true, ..Switches::default() };
    let world = World::with(MockConfig { switches, ..config() });
    let token = self::token(&world).await;
    assert_eq!(world.unsigned("order/v2/push", push(&token, 1, "已支付", at)).await["err_code"], 2010);
    assert_eq!(world.unsigned("order/v2/push", push(&token, 1, "已支付", at / 1000)).await["err_code"], 0);
}
