//! Orders: the order of checks, idempotency, the cashier, time-outs, and what mistakes look like.

use std::time::Duration;

use douyin_pay_mock::{MockProvider, OrderStatus, PayAsk, PayError, PayOutcome, Way};
use douyin_pay_protocol::{AppId, Salt};
use serde_json::{Value, json};

use crate::world::{START, World, app, config, order, refund, signed};

#[tokio::test]
async fn an_order_is_opened_paid_and_queried() {
    let world = World::new();
    let opened = world.call("create_order", order("O1", 1280)).await;
    assert_eq!((&opened["err_no"], &opened["err_tips"]), (&json!(0), &json!("")));
    let order_id = opened["data"]["order_id"].as_str().unwrap();
    assert!(order_id.starts_with('N') && order_id.len() == 20, "{order_id}");
    let token = opened["data"]["order_token"].as_str().unwrap();
    assert!((100..=300).contains(&token.len()));

    let waiting = world.call("query_order", json!({ "out_order_no": "O1" })).await;
    assert_eq!(waiting["payment_info"]["order_status"], "PROCESSING");
    assert_eq!(
        (&waiting["payment_info"]["way"], &waiting["payment_info"]["pay_time"]),
        (&json!(0), &json!(""))
    );

    let ask = PayAsk { order_token: Some(token.to_owned()), way: Way::Alipay, ..PayAsk::new(order_id) };
    assert_eq!(world.mock.pay(&ask).unwrap().code, 0);
    let paid = world.call("query_order", json!({ "out_order_no": "O1" })).await;
    assert_eq!(paid["order_id"], order_id);
    assert_eq!(paid["payment_info"]["order_status"], "SUCCESS");
    assert_eq!(paid["payment_info"]["pay_time"], "2024-01-01 00:00:00");
    assert_eq!((&paid["payment_info"]["way"], &paid["payment_info"]["total_fee"]), (&json!(2), &json!(1280)));
    assert_eq!(world.mock.pay(&ask), Err(PayError::Over(OrderStatus::Success)));
}

#[tokio::test]
async fn checks_come_in_the_platforms_order() {
    let mut config = config();
    let id = |text: &str| AppId::new(text).unwrap();
    let provider = |name: &str| MockProvider::new(id(name), Salt::new("psalt").unwrap());
    config.providers = vec![provider("ttprovider").granted(id("tt0000000000000001")), provider("ttstranger")];
    let world = World::with(config);
    let with = |field: &str, value: Value| {
        let mut body = order("O1", 1280);
        body[field] = value;
        body
    };
    let bad_sign = |mut body: Value| {
        body["sign"] = json!("0123456789abcdef0123456789abcdef");
        body
    };
    let table = [
        ("form", "out_order_no=O1&sign=x".to_owned(), 2008, "looks like a form"),
        ("array", "[1]".to_owned(), 2008, "no object"),
        ("no app", order("O1", 1280).to_string(), 2042, "missing"),
        ("misspelt app", with("appid", json!("tt0000000000000001")).to_string(), 2008, "misspelt"),
        ("unknown app before signature", bad_sign(with("app_id", json!("ttx"))).to_string(), 2042, "ttx"),
        (
            "unknown provider",
            signed(with("thirdparty_id", json!("ttx")), "mock_salt").to_string(),
            2047,
            "ttx",
        ),
        (
            "unknown app before unknown provider",
            json!({ "app_id": "ttx", "thirdparty_id": "tty", "sign": "x" }).to_string(),
            2042,
            "ttx",
        ),
        ("no app before unknown provider", with("thirdparty_id", json!("tty")).to_string(), 2042, "missing"),
        (
            "no grant",
            signed(with("thirdparty_id", json!("ttstranger")), "psalt").to_string(),
            2048,
            "authorised",
        ),
        (
            "signature before fields",
            bad_sign(json!({ "app_id": "tt0000000000000001", "total_amount": -1 })).to_string(),
            2008,
            "wrong salt",
        ),
        (
            "fields",
            signed(with("total_amount", json!(0)), "mock_salt").to_string(),
            2010,
            "`total_amount` is 0",
        ),
        ("provider's salt", signed(with("thirdparty_id", json!("ttprovider")), "psalt").to_string(), 0, ""),
    ];
    for (what, body, err_no, problem) in table {
        let (status, answer) = world.raw("create_order", body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((status, &answer["err_no"]), (200, &json!(err_no)), "{what}: {answer}");
        assert!(world.last_problem().contains(problem), "{what}: {}", world.last_problem());
        if err_no != 0 {
            assert!(answer.as_object().unwrap().contains_key("data") && answer["data"].is_null(), "{what}");
        }
    }
}

#[tokio::test]
async fn well_known_signature_mistakes_are_named() {
    let world = World::new();
    let sign_of = |body: Value, salt: &str| signed(body, salt)["sign"].as_str().unwrap().to_owned();
    let mut body = order("O1", 12_345_670);
    body["disable_msg"] = json!(0);
    body["app_id"] = json!("tt0000000000000001");
    let mut app_signed = body.clone();
    app_signed["x"] = json!("tt0000000000000001");
    let mut no_zero = body.clone();
    no_zero.as_object_mut().unwrap().remove("disable_msg");
    let mut float = body.clone();
    float["total_amount"] = json!("1.234567e+07");
    let right = sign_of(body.clone(), "mock_salt");
    let table = [
        (String::new(), "missing"),
        (right.to_uppercase(), "lower case"),
        (sign_of(body.clone(), "mocktoken"), "signed with the callback token"),
        (sign_of(app_signed, "mock_salt"), "`app_id` was signed"),
        (sign_of(no_zero, "mock_salt"), "zeros were left out"),
        (sign_of(float, "mock_salt"), "exponent"),
        (sign_of(body.clone(), "another"), "wrong salt"),
    ];
    for (sign, expected) in table {
        let mut wrong = body.clone();
        wrong["sign"] = json!(sign);
        let (_, answer) = world.raw("create_order", wrong.to_string()).await;
        assert!(answer.contains("2008"), "{answer}");
        assert!(world.last_problem().contains(expected), "{expected}: {}", world.last_problem());
    }
    assert!(world.mock.books().orders.is_empty());
}

#[tokio::test]
async fn unknown_fields_are_signed_and_salt_and_token_are_not_the_same() {
    let world = World::new();
    let mut body = order("O1", 1280);
    body["brand_new"] = json!({ "b": [1, true], "a": "x" });
    assert_eq!(world.call("create_order", body.clone()).await["err_no"], 0);
    let (_, answer) =
        world.raw("query_order", signed(json!({ "out_order_no": "O1" }), "mocktoken").to_string()).await;
    assert!(answer.contains("\"err_no\":2008"), "{answer}");
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_a_remark() {
    let world = World::new();
    let first = world.call("create_order", order("O1", 1280)).await;
    assert_eq!(world.call("create_order", order("O1", 1280)).await, first);
    assert!(world.mock.books().warnings.is_empty());
    assert_eq!(world.call("create_order", order("O1", 999)).await, first);
    assert_eq!(world.mock.books().warnings.len(), 1);
    assert!(world.mock.calls().calls.last().unwrap().warning.as_ref().unwrap().contains("`O1`"));

    world.mock.pay(&PayAsk::new(first["data"]["order_id"].as_str().unwrap())).unwrap();
    assert_eq!(world.call("create_order", order("O1", 1280)).await, first);
    let refunded = world.refund("O1", "R1", 100).await;
    assert_eq!(world.call("create_refund", refund("O1", "R1", 200)).await, refunded);
    assert_eq!(world.mock.books().refunds.len(), 1);
    assert_eq!(world.mock.books().warnings.len(), 2);
}

#[tokio::test]
async fn an_unpaid_order_times_out_after_its_clamped_life() {
    for (asked, lives) in [(100, 300), (900, 900), (999_999, 172_800)] {
        let world = World::new();
        let mut body = order("O1", 1280);
        body["valid_time"] = json!(asked);
        world.call("create_order", body).await;
        let status = || world.mock.books().orders[0].status;
        assert_eq!(world.mock.books().orders[0].expires_at.get(), START + lives * 1_000);
        world.advance(Duration::from_millis(u64::try_from(lives).unwrap() * 1_000 - 1)).await;
        assert_eq!(status(), OrderStatus::Processing, "{asked}");
        world.advance(Duration::from_millis(1)).await;
        assert_eq!(status(), OrderStatus::Timeout, "{asked}");
        let order_id = world.mock.books().orders[0].order_id.clone();
        assert_eq!(world.mock.pay(&PayAsk::new(order_id)), Err(PayError::Over(OrderStatus::Timeout)));
    }
}

#[tokio::test]
async fn the_cashier_knows_every_way_out() {
    let world = World::new();
    let act = |order_id: &str, outcome| world.mock.pay(&PayAsk { outcome, ..PayAsk::new(order_id) });
    let order_id = world.open("O1", 1280).await;
    let wrong = PayAsk { order_token: Some("other".to_owned()), ..PayAsk::new(&order_id) };
    assert_eq!(world.mock.pay(&wrong), Err(PayError::WrongToken));
    let cancelled = act(&order_id, PayOutcome::Cancel).unwrap();
    assert_eq!((cancelled.code, cancelled.order_status), (4, OrderStatus::Processing));
    assert_eq!(act(&order_id, PayOutcome::Success).unwrap().code, 0);
    let failed = act(&world.open("O2", 1280).await, PayOutcome::Fail).unwrap();
    assert_eq!((failed.code, failed.order_status), (2, OrderStatus::Fail));
    let late = act(&world.open("O3", 1280).await, PayOutcome::Timeout).unwrap();
    assert_eq!((late.code, late.order_status), (1, OrderStatus::Timeout));
    assert!(matches!(act("N0", PayOutcome::Success), Err(PayError::NoOrder(_))));

    let mut hidden = order("O4", 1280);
    hidden["limit_pay_way"] = json!("LIMIT_WX,LIMIT_ALI");
    let hidden = world.call("create_order", hidden).await["data"]["order_id"].as_str().unwrap().to_owned();
    assert_eq!(act(&hidden, PayOutcome::Success), Err(PayError::Hidden));
    assert!(world.mock.pay(&PayAsk { way: Way::DouyinPay, ..PayAsk::new(hidden) }).is_ok());
    assert_eq!(world.mock.books().totals.paid_fen, 2560);
}

#[tokio::test]
async fn the_control_route_says_the_same_again_and_refuses_anything_else() {
    let world = World::new();
    let order_id = world.open("O1", 1280).await;
    let pay =
        |way: i64, outcome: &str| json!({ "order_id": order_id, "way": way, "outcome": outcome }).to_string();
    let first = world.control("POST", "/mock/pay", &pay(2, "success")).await;
    assert_eq!((first.0, &first.1["order_status"]), (200, &json!("SUCCESS")));
    assert_eq!(world.control("POST", "/mock/pay", &pay(2, "success")).await, first);
    assert_eq!(world.control("POST", "/mock/pay", &pay(1, "success")).await.0, 409);
    assert_eq!(world.control("POST", "/mock/pay", &pay(2, "fail")).await.0, 409);
    assert_eq!(world.mock.books().totals.paid_fen, 1280);
}

#[tokio::test]
async fn the_cashier_page_escapes_and_pays() {
    let world = World::new();
    let mut body = order("O1", 1280);
    body["subject"] = json!("<script>{{status}}");
    let opened = world.call("create_order", body).await;
    let (id, token) =
        (opened["data"]["order_id"].as_str().unwrap(), opened["data"]["order_token"].as_str().unwrap());
    let token = token.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let path = format!("/mock/cashier?order_id={id}&order_token={token}");
    let (status, page) = world.control("GET", &path, "").await;
    let page = page.as_str().unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("&lt;script&gt;{{status}}") && !page.contains("<script>"), "{page}");
    assert!(page.contains("12.80") && page.contains("微信支付") && page.contains("Time out"));

    let form = format!("order_id={id}&order_token={token}&way=10&outcome=success&lang=en");
    let request = http::Request::post("/mock/cashier/pay")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(form))
        .unwrap();
    let answer = tower::ServiceExt::oneshot(world.mock.router(), request).await.unwrap();
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], format!("{path}&lang=en"));
    let (_, page) = world.control("GET", &path, "").await;
    assert!(page.as_str().unwrap().contains("支付成功"));
    assert_eq!(world.mock.books().orders[0].way, 10);
    assert_eq!(world.control("GET", "/mock/cashier?order_id=N1&order_token=x", "").await.0, 404);
}

#[tokio::test]
async fn the_platforms_limit_answers_1001_and_the_watch_counts_the_promise() {
    let world = World::new();
    world.open("O1", 1280).await;
    let mut verdicts = Vec::new();
    for _ in 0..160 {
        verdicts.push(world.call("query_order", json!({ "out_order_no": "O1" })).await["err_no"].clone());
    }
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == 0).count(), 150);
    assert_eq!(verdicts.last().unwrap(), 1001);
    let watch = world.mock.calls().limits.into_iter().find(|watch| watch.endpoint == "query_order").unwrap();
    assert_eq!((watch.most_in_one_second, watch.promised_per_second), (160, Some(30)));
    assert_eq!((watch.over_promise, watch.throttled), (130, 10));
    world.advance(Duration::from_secs(1)).await;
    assert_eq!(world.call("query_order", json!({ "out_order_no": "O1" })).await["err_no"], 0);
}

#[tokio::test]
async fn without_any_callback_url_nothing_is_accepted() {
    let mut config = config();
    config.apps[0].notify_url = None;
    let world = World::with(config);
    assert_eq!(world.call("create_order", order("O1", 1280)).await["err_tips"], "参数错误:未配置回调地址");
    world.mock.put_app(app());
    assert_eq!(world.call("create_order", order("O1", 1280)).await["err_no"], 0);
}

#[tokio::test]
async fn paths_and_methods_the_platform_does_not_have() {
    let world = World::new();
    assert_eq!(world.control("POST", "/api/apps/ecpay/create_order", "{}").await.0, 404);
    assert!(world.last_problem().contains("POST /api/apps/ecpay/v1/create_order"));
    assert_eq!(world.control("GET", "/api/apps/ecpay/v1/create_order", "").await.0, 405);
    assert_eq!(
        world.control("POST", "/mock/clock", r#"{"advance_seconds":5}"#).await.1["now"],
        START + 5_000
    );
    assert_eq!(world.control("POST", "/mock/pay", r#"{"order_id":"N1"}"#).await.0, 404);
    assert_eq!(world.control("POST", "/mock/pay", r#"{"order_id":"N1","way":3}"#).await.0, 400);
    assert_eq!(
        world.control("PUT", "/mock/faults", r#"{"next":[{"endpoint":"x","fault":"hang"}]}"#).await.0,
        400
    );
    assert_eq!(world.control("PUT", "/mock/faults", r#"{"calls":{"hang":2}}"#).await.1["calls"]["hang"], 2);
    let app = r#"{"app_id":"tt2","salt":"s","token":"t"}"#;
    assert_eq!(world.control("POST", "/mock/apps", app).await.1["settle_period_days"], 7);
    assert!(!world.control("GET", "/mock/apps", "").await.1.to_string().contains("salt"));
}
