//! Onboarding links, their pages, and how far merchants have come; providers among the callers.

use std::time::Duration;

use douyin_pay_mock::{MockConfig, MockProvider, ProviderSalt, Switches};
use douyin_pay_protocol::{AppId, Salt, Token};
use serde_json::{Value, json};

use crate::world::{World, config, order};

const APP: &str = "tt0000000000000001";
const PROVIDER: &str = "ttprovider";

fn provider() -> MockProvider {
    let id = |text: &str| AppId::new(text).unwrap();
    MockProvider::new(id(PROVIDER), Salt::new("psalt").unwrap()).granted(id(APP))
}

fn with_provider(provider: MockProvider, switches: Switches) -> World {
    World::with(MockConfig { providers: vec![provider], switches, receivers: Some(Vec::new()), ..config() })
}

#[tokio::test]
async fn a_receiver_is_onboarded_by_a_link_and_may_then_receive() {
    let world = with_provider(provider(), Switches::default());
    let ask = json!({ "sub_merchant_id": "baker-1", "app_id": APP, "url_type": 1 });
    let link = world.apps("ecpay/saas/app_add_sub_merchant", ask.clone(), "mock_salt").await;
    assert_eq!(link["err_no"], 0, "{link}");
    let merchant = link["merchant_id"].as_str().unwrap().to_owned();
    assert_eq!(
        world.apps("ecpay/saas/app_add_sub_merchant", ask, "mock_salt").await["merchant_id"],
        merchant.as_str()
    );

    let status = async |by: Value| {
        let mut body = json!({ "app_id": APP });
        body.as_object_mut().unwrap().extend(by.as_object().unwrap().clone());
        world.apps("ecpay/saas/query_merchant_status", body, "mock_salt").await
    };
    let by_key = status(json!({ "sub_merchant_id": "baker-1" })).await;
    assert_eq!(by_key["merchant_status_info"]["wx"]["status"], "INIT", "{by_key}");
    let url = link["url"].as_str().unwrap().strip_prefix("http://mock.test").unwrap().to_owned();
    let (code, page) = world.control("GET", &url, "").await;
    assert!(code == 200 && page.as_str().unwrap().contains(&merchant), "{page}");
    let decided = json!({ "merchant_id": merchant, "status": "SUCCESS" }).to_string();
    assert_eq!(world.control("POST", "/mock/onboard", &decided).await.0, 200);
    let by_number = status(json!({ "merchant_id": merchant })).await;
    assert_eq!(by_number["merchant_status_info"]["wx"]["status"], "SUCCESS");
    assert_eq!(by_number["merchant_status_info"]["alipay"]["merchant_id"], merchant.as_str());
    assert!(by_number.get("wx").is_none());
    assert_eq!(status(json!({ "merchant_id": "1" })).await["err_no"], 4000);
    assert_eq!(status(json!({})).await["err_no"], 2010);

    world.advance(Duration::from_secs(7_201)).await;
    assert_eq!(world.control("GET", &url, "").await.0, 410, "links live two hours");
    world.paid("O1", 1280).await;
    world.advance(crate::world::DAY * 7).await;
    let settled = world.settle("O1", "S1", json!([crate::world::share(&merchant, 60)])).await;
    assert_eq!(settled["err_no"], 0, "{settled}");
}

#[tokio::test]
async fn the_status_of_2021_is_a_number_per_channel() {
    let switches = Switches { merchant_status_2021: true, ..Switches::default() };
    let world = with_provider(provider(), switches);
    let body = json!({ "app_id": APP, "merchant_id": "70775300146143419322" });
    let answer = world.apps("ecpay/saas/query_merchant_status", body, "mock_salt").await;
    assert_eq!((&answer["wx"], &answer["alipay"]), (&json!(1), &json!(1)), "{answer}");
}

#[tokio::test]
async fn providers_onboard_with_their_own_salt_and_token() {
    let world = with_provider(provider(), Switches::default());
    let link = |path: &str, body: Value, salt: &str| {
        let (world, path, salt) = (&world, format!("ecpay/saas/{path}"), salt.to_owned());
        async move { world.apps(&path, body, &salt).await }
    };
    let of_app = json!({ "thirdparty_id": PROVIDER, "app_id": APP, "url_type": 1 });
    assert_eq!(
        link("get_app_merchant", of_app.clone(), "psalt").await["merchant_id"],
        "70775300146143419322"
    );
    assert_eq!(link("get_app_merchant", of_app, "mock_salt").await["err_no"], 2008);
    assert!(
        world.last_problem().contains("the salt of app `tt0000000000000001`"),
        "{}",
        world.last_problem()
    );
    let of_sub = json!({ "thirdparty_id": PROVIDER, "sub_merchant_id": "b", "url_type": 1 });
    assert_eq!(link("add_sub_merchant", of_sub.clone(), "psalt").await["err_no"], 0);
    assert_eq!(
        link("add_sub_merchant", json!({ "sub_merchant_id": "b", "url_type": 1 }), "psalt").await["err_no"],
        2047
    );
    let mut balance_page = of_sub;
    balance_page["url_type"] = json!(3);
    assert_eq!(link("add_sub_merchant", balance_page, "psalt").await["err_no"], 2010);

    let own = json!({ "component_access_token": "mock_component_token", "thirdparty_component_id": PROVIDER, "url_type": 1 });
    let answer = world.unsigned("ecpay/saas/add_merchant", own.clone()).await;
    assert_eq!(
        (&answer["err_no"], &answer["merchant_id"]),
        (&json!(0), &json!("")),
        "no number before the end"
    );
    let merchant = world
        .mock
        .books()
        .merchants
        .iter()
        .find(|one| one.owner == PROVIDER && one.sub_merchant_id.is_empty())
        .unwrap()
        .merchant_id
        .clone();
    world
        .control(
            "POST",
            "/mock/onboard",
            &json!({ "merchant_id": merchant, "status": "SUCCESS" }).to_string(),
        )
        .await;
    assert_eq!(world.unsigned("ecpay/saas/add_merchant", own).await["merchant_id"], merchant.as_str());
    let wrong = json!({ "component_access_token": "x", "thirdparty_component_id": PROVIDER, "url_type": 1 });
    assert_eq!(world.unsigned("ecpay/saas/add_merchant", wrong).await["err_no"], 40014);

    let nested = json!({
        "app_id": APP, "sub_merchant_id": "c", "merchant_name": "Bakery", "channels": ["wx", "alipay"], "type": 1,
        "business_license": { "business_license_code": "1", "address": { "b": 2, "a": "x" } }, "industry_code": [],
    });
    let created = link("create_merchant", nested, "mock_salt").await;
    assert_eq!(created["err_no"], 0, "nested values are signed as Go prints them: {created}");
    let balance =
        json!({ "thirdparty_id": PROVIDER, "merchant_uid": "70775300146143419322", "channel_type": "wx" });
    assert_eq!(
        link("query_merchant_balance", balance, "psalt").await["err_no"],
        0,
        "a provider asks about itself"
    );
}

#[tokio::test]
async fn a_providers_order_is_told_to_the_provider_and_signed_with_its_token() {
    let mut own = provider();
    own.notify_url = Some("https://provider.example.com/callbacks".to_owned());
    own.token = Some(Token::new("providertoken").unwrap());
    let world = with_provider(own, Switches::default());
    let mut body = order("O1", 1280);
    body["app_id"] = json!(APP);
    body["thirdparty_id"] = json!(PROVIDER);
    let opened = world.apps("ecpay/v1/create_order", body, "psalt").await;
    let id = opened["data"]["order_id"].as_str().unwrap();
    world.mock.pay(&douyin_pay_mock::PayAsk::new(id)).unwrap();
    world.advance(Duration::from_secs(5)).await;
    let heard = world.merchant.heard().remove(0);
    assert_eq!(heard.url, "https://provider.example.com/callbacks");
    let envelope = heard.envelope();
    let text = |name: &str| envelope[name].as_str().unwrap();
    let token = Token::new("providertoken").unwrap();
    let right =
        douyin_pay_protocol::ecpay::callback::sign(&token, text("timestamp"), text("nonce"), text("msg"));
    assert_eq!(text("msg_signature"), right);
}

#[tokio::test]
async fn whose_salt_signs_a_providers_call_is_a_switch() {
    for (provider_salt, app, own) in
        [(ProviderSalt::Both, 0, 0), (ProviderSalt::App, 0, 2008), (ProviderSalt::Provider, 2008, 0)]
    {
        let world = with_provider(provider(), Switches { provider_salt, ..Switches::default() });
        for (salt, err_no) in [("mock_salt", app), ("psalt", own)] {
            let mut body = order("O1", 1280);
            body["app_id"] = json!(APP);
            body["thirdparty_id"] = json!(PROVIDER);
            assert_eq!(
                world.apps("ecpay/v1/create_order", body, salt).await["err_no"],
                err_no,
                "{provider_salt:?} {salt}"
            );
        }
    }
}

#[tokio::test]
async fn the_typed_client_reads_what_the_mock_answers() {
    use douyin_pay_protocol::ecpay::{
        AddSubMerchant, AppAddSubMerchant, CreateMerchant, OrderPush, QueryMerchantStatus, Request,
        parse_reply, parse_token_reply,
    };

    fn typed<R: Request>(answer: &Value) -> Result<R::Reply, douyin_pay_protocol::ReplyError> {
        parse_reply::<R>(answer.to_string().as_bytes())
    }

    let world = with_provider(provider(), Switches { merchant_status_2021: true, ..Switches::default() });
    let ask = json!({ "sub_merchant_id": "a", "app_id": APP, "url_type": 1 });
    let link = world.apps("ecpay/saas/app_add_sub_merchant", ask, "mock_salt").await;
    let link = typed::<AppAddSubMerchant>(&link).unwrap();
    let merchant = link.merchant_id.unwrap();
    assert!(link.url.is_some());
    let refused =
        world.unsigned("ecpay/saas/add_sub_merchant", json!({ "sub_merchant_id": "a", "url_type": 1 })).await;
    assert!(typed::<AddSubMerchant>(&refused).is_err());
    let ask = json!({ "app_id": APP, "merchant_id": merchant.as_str() });
    let status = world.apps("ecpay/saas/query_merchant_status", ask, "mock_salt").await;
    let status = typed::<QueryMerchantStatus>(&status).unwrap();
    assert_eq!((status.wx, status.merchant_status_info.len()), (Some(0), 3));
    let ask = json!({ "app_id": APP, "sub_merchant_id": "b", "merchant_name": "Bakery" });
    let created = world.apps("ecpay/saas/create_merchant", ask, "mock_salt").await;
    assert!(typed::<CreateMerchant>(&created).unwrap().merchant_id.is_some());
    let push = world.unsigned("order/v2/push", json!({ "access_token": "x" })).await;
    assert!(typed::<OrderPush>(&push).unwrap_err().to_string().contains("40014"));
    let ask = json!({ "appid": APP, "secret": "x", "grant_type": "client_credential" });
    let token = world.unsigned("v2/token", ask).await;
    assert!(parse_token_reply(token.to_string().as_bytes()).unwrap_err().to_string().contains("40017"));
}
