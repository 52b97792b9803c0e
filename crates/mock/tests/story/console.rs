//! What the console and the environment decide: sandbox, channels, limits, variants, retirement.

use std::time::Duration;

use axum::body::Body;
use douyin_pay_mock::{MockConfig, MockProvider, OrderStatus, PayAsk, PayError, Switches, Way};
use douyin_pay_protocol::{AppId, MerchantUid, Salt};
use http::Request;
use serde_json::{Value, json};

use crate::world::{World, app, config, order, signed};

fn with(switches: Switches) -> World {
    World::with(MockConfig { switches, ..config() })
}

#[tokio::test]
async fn the_sandbox_has_its_own_salt_and_names_the_productions() {
    let mut own = app();
    own.sandbox_salt = Some(Salt::new("sandbox_salt").unwrap());
    let switches = Switches { sandbox: true, ..Switches::default() };
    let world = World::with(MockConfig { apps: vec![own.clone()], switches, ..config() });
    let (_, refused) = world.raw("create_order", signed(order("O1", 1280), "mock_salt").to_string()).await;
    assert!(refused.contains("2008"), "{refused}");
    assert!(world.last_problem().contains("the production environment"), "{}", world.last_problem());
    let (_, opened) = world.raw("create_order", signed(order("O1", 1280), "sandbox_salt").to_string()).await;
    assert!(opened.contains("\"order_id\":\"7"), "no N before the number: {opened}");

    let world = World::with(MockConfig { apps: vec![own], ..config() });
    world.raw("create_order", signed(order("O1", 1280), "sandbox_salt").to_string()).await;
    assert!(world.last_problem().contains("the salt of the sandbox"), "{}", world.last_problem());
}

#[tokio::test]
async fn the_sandbox_lacks_some_calls_and_gives_errors_on_request() {
    let world = with(Switches { sandbox: true, ..Switches::default() });
    let balance = json!({ "app_id": "tt0000000000000001", "merchant_uid": "70775300146143419322", "channel_type": "wx" });
    let answer = world.apps("ecpay/saas/query_merchant_balance", balance, "mock_salt").await;
    assert_eq!(answer["err_tips"], "沙盒环境不支持该接口");
    let ask = |case: &str| {
        let body = signed(order("O1", 1280), "mock_salt").to_string();
        let request = Request::post("/api/apps/ecpay/v1/create_order").header("Aweme-Negative-Test", case);
        request.body(Body::from(body)).unwrap()
    };
    let (_, answer) = world.exchange(ask("MA_PAY_BAN")).await;
    assert_eq!((&answer["err_no"], &answer["err_tips"]), (&json!(2010), &json!("商户支付能力被封禁")));
    assert!(world.last_problem().contains("Aweme-Negative-Test"));
    assert_eq!(world.exchange(ask("NO_SUCH_CASE")).await.1["err_no"], 0);
    assert!(world.mock.books().warnings.iter().any(|warning| warning.contains("NO_SUCH_CASE")));
}

/// The three calls without a signature, each rightly made by its caller.
async fn unsigned_calls(world: &World) -> [(&'static str, &'static str, Value); 3] {
    let ask = json!({ "appid": "tt0000000000000001", "secret": "mock_app_secret", "grant_type": "client_credential" });
    let token = world.unsigned("v2/token", ask.clone()).await["data"]["access_token"].clone();
    let own = json!({ "component_access_token": "mock_component_token", "thirdparty_component_id": "ttprovider", "url_type": 1 });
    [
        ("v2/token", "err_no", ask),
        ("order/v2/push", "err_code", json!({ "access_token": token })),
        ("ecpay/saas/add_merchant", "err_no", own),
    ]
}

fn with_provider(mut config: MockConfig) -> World {
    let id = AppId::new("ttprovider").unwrap();
    config.providers.push(MockProvider::new(id, Salt::new("psalt").unwrap()));
    World::with(config)
}

#[tokio::test]
async fn calls_without_a_signature_have_limits_and_give_errors_on_request_too() {
    let switches = Switches { sandbox: true, ..Switches::default() };
    let world = with_provider(MockConfig { switches, ..config() });
    for (path, name, body) in unsigned_calls(&world).await {
        let request = Request::post(format!("/api/apps/{path}")).header("Aweme-Negative-Test", "MA_PAY_BAN");
        let (_, answer) = world.exchange(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(answer[name], 2010, "{path}: {answer}");
        assert!(world.last_problem().contains("Aweme-Negative-Test"), "{path}: {}", world.last_problem());
    }
    let one_each = ["apps_token", "order_push", "add_merchant"].map(|name| (name.to_owned(), 1));
    let world = with_provider(MockConfig { limits: one_each.into(), ..config() });
    let calls = unsigned_calls(&world).await;
    world.advance(Duration::from_secs(2)).await;
    for (path, _, body) in calls {
        world.unsigned(path, body.clone()).await;
        assert!(!world.last_problem().contains("slow down"), "{path}: {}", world.last_problem());
        let answer = world.unsigned(path, body).await;
        assert!(world.last_problem().contains("slow down"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn negative_tests_and_variants_are_configured_by_name() {
    let config = MockConfig::from_toml(
        "signature_variants = [\"utf16_order\"]\n[switches]\nsandbox = true\n\
         [negative_tests.NO_MONEY]\nerr_no = 2014\nerr_tips = \"x\"\n",
    );
    assert_eq!(config.unwrap().negative_tests["NO_MONEY"].err_no, 2014);
    let unknown = MockConfig::from_toml("signature_variants = [\"utf17\"]").unwrap_err();
    assert!(unknown.to_string().contains("`utf17`"), "{unknown}");
}

#[tokio::test]
async fn a_platform_that_sorts_by_utf16_takes_what_java_signs() {
    let variants =
        MockConfig::from_toml("signature_variants = [\"utf16_order\"]").unwrap().signature_variants;
    let java = r#"{"app_id":"tt0000000000000001","out_order_no":"W02","subject":"Latte","body":"Latte large","valid_time":900,"notify_url":"http://127.0.0.1:9/cb","total_amount":1280,"cp_extra":"😀套餐","msg_page":"！特惠","sign":"dfa3fd176d2595a97c546d281be39150"}"#;
    let world = World::with(MockConfig { signature_variants: variants, ..config() });
    assert!(world.raw("create_order", java.to_owned()).await.1.contains("\"err_no\":0"));
    assert!(World::new().raw("create_order", java.to_owned()).await.1.contains("2008"));
}

#[tokio::test]
async fn channels_and_sellers_are_the_consoles_unless_the_request_says_otherwise() {
    let mut own = app();
    own.ways = Some(vec![2, 10]);
    own.seller_by_way.insert("2".to_owned(), MerchantUid::new("70000000000000000020").unwrap());
    let world = World::with(MockConfig { apps: vec![own], ..config() });
    let id = world.open("O1", 1280).await;
    assert_eq!(world.mock.pay(&PayAsk::new(&id)), Err(PayError::Hidden), "WeChat is not enabled");
    world.mock.pay(&PayAsk { way: Way::Alipay, ..PayAsk::new(&id) }).unwrap();
    let queried = world.call("query_order", json!({ "out_order_no": "O1" })).await;
    assert_eq!(queried["payment_info"]["seller_uid"], "70000000000000000020");
    let mut body = order("O2", 1280);
    body["limit_pay_way"] = json!("LIMIT_ALI");
    let opened = world.call("create_order", body).await;
    world.mock.pay(&PayAsk::new(opened["data"]["order_id"].as_str().unwrap())).unwrap();
    world.mock.verify().unwrap();
}

#[tokio::test]
async fn a_retired_product_serves_old_orders_only() {
    let world = with(Switches { closed_to_new_orders: true, ..Switches::default() });
    let refused = world.call("create_order", order("O1", 1280)).await;
    assert_eq!(refused["err_tips"], "担保支付已下线,不支持新建订单");
}

#[tokio::test]
async fn small_disagreements_are_switches() {
    let world = with(Switches { paid_number_refused: true, ..Switches::default() });
    world.paid("O1", 1280).await;
    assert_eq!(world.call("create_order", order("O1", 1280)).await["err_tips"], "订单已支付");

    let world = with(Switches { valid_time_15_min: true, ..Switches::default() });
    let mut short = order("O1", 1280);
    short["valid_time"] = json!(300);
    let opened = world.call("create_order", short).await;
    world.advance(Duration::from_secs(899)).await;
    world.mock.pay(&PayAsk::new(opened["data"]["order_id"].as_str().unwrap())).unwrap();
    assert_eq!(world.mock.books().orders[0].status, OrderStatus::Success);

    for (query_order_30, admitted) in [(false, 150), (true, 30)] {
        let world = with(Switches { query_order_30, ..Switches::default() });
        let mut taken = 0;
        for _ in 0..160 {
            taken +=
                i32::from(world.call("query_order", json!({ "out_order_no": "O1" })).await["err_no"] != 1001);
        }
        assert_eq!(taken, admitted);
    }

    let bad = "0123456789abcdef0123456789abcdef";
    let world = with(Switches { limit_before_signature: true, ..Switches::default() });
    let mut last = String::new();
    for _ in 0..31 {
        let body = json!({ "app_id": "tt0000000000000001", "out_refund_no": "R1", "sign": bad });
        last = world.raw("query_refund", body.to_string()).await.1;
    }
    assert!(last.contains("1001"), "{last}");
}
