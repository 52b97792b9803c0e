//! The calls beside orders: where each goes, who signs it, what is repeated.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use douyin_pay_protocol::ecpay::{
    AddMerchant, AddSubMerchant, AppAddSubMerchant, CreateMerchant, CreateReturn, Endpoint, GetAppMerchant,
    MerchantPage, MerchantWithdraw, QueryMerchantBalance, QueryMerchantStatus, QueryPlatformOrder,
    QueryReturn, QueryWithdrawOrder, UnsettleAmount, json,
};
use douyin_pay_protocol::{
    AppId, ChannelType, ComponentToken, Fen, MerchantUid, OutOrderNo, OutReturnNo, OutSettleNo,
    OutWithdrawNo, ReturnAmount, ReturnDesc, Salt, SubMerchantId, WithdrawAmount,
};
use futures_util::future::join_all;
use serde_json::Value;

use super::world::{APP, Recorder, SALT, World, answer, lost};
use crate::{FixedNet, Limits, Outcome, ProviderClient};

const PROVIDER: &str = "tt00000000000000ff";
const PROVIDER_SALT: &str = "salt_of_the_provider";
const RETURN: &str = r#"{"err_no":0,"err_tips":"","return_info":{"return_status":"PROCESSING"}}"#;
const WITHDRAWN: &str = r#"{"err_no":0,"err_tips":"","order_id":"73"}"#;
const LINK: &str = r#"{"err_no":0,"err_tips":"","url":"https://x.example.com/?token=abc","merchant_id":""}"#;
const BALANCE: &str = r#"{"err_no":0,"err_tips":"","account_info":{}}"#;

fn salt(text: &str) -> Salt {
    Salt::new(text).expect("a salt")
}

fn provider() -> AppId {
    AppId::new(PROVIDER).expect("an id")
}

fn order_no() -> OutOrderNo {
    OutOrderNo::new("O1").expect("a number")
}

fn merchant() -> MerchantUid {
    MerchantUid::new("70775300146143419322").expect("a uid")
}

fn key() -> SubMerchantId {
    SubMerchantId::new("coffee-1").expect("a key")
}

fn create_return() -> CreateReturn {
    CreateReturn::by_out_settle_no(
        OutSettleNo::new("S1").expect("a number"),
        OutReturnNo::new("T1").expect("a number"),
        merchant(),
        ReturnAmount::new(Fen::new(30).expect("fen")).expect("in range"),
        ReturnDesc::new("why").expect("short"),
    )
}

fn withdraw() -> MerchantWithdraw {
    let amount = WithdrawAmount::new(Fen::new(100).expect("fen")).expect("in range");
    let number = OutWithdrawNo::new("W1").expect("a number");
    MerchantWithdraw::new(merchant(), ChannelType::WeChat, amount, number)
}

fn create_merchant() -> CreateMerchant {
    let fields = serde_json::json!({ "sub_merchant_id": "coffee-1", "channels": ["wx"] });
    CreateMerchant::new(fields.as_object().expect("an object")).expect("plain fields")
}

/// Which identities a request carried and whose salt signed it.
fn who(request: &http::Request<bytes::Bytes>) -> String {
    let body: Value = serde_json::from_slice(request.body()).expect("JSON");
    let mut who = Vec::new();
    for (name, short) in
        [("app_id", "app"), ("thirdparty_id", "provider"), ("thirdparty_component_id", "component")]
    {
        who.extend(body.get(name).map(|_| short));
    }
    let signed = |text: &str| json::sign(request.body(), &salt(text)).expect("JSON").to_string();
    who.push(match body["sign"].as_str() {
        None => "- unsigned",
        Some(sign) if sign == signed(SALT) => "- app's salt",
        Some(sign) if sign == signed(PROVIDER_SALT) => "- provider's salt",
        Some(_) => "- nobody's salt",
    });
    format!("{} {}", request.uri().path(), who.join(" "))
}

#[test]
fn each_call_goes_to_its_path_with_its_identities_and_its_salt() {
    let world = World::new();
    let by_itself = |net: &FixedNet| world.client(net);
    let through = |net: &FixedNet| {
        let builder = world.builder().thirdparty_id(provider()).net(Arc::new(net.clone()));
        builder.build().expect("everything is given")
    };
    let with_salt = |net: &FixedNet| {
        let builder = world.builder().thirdparty_id(provider()).provider_salt(salt(PROVIDER_SALT));
        builder.net(Arc::new(net.clone())).build().expect("everything is given")
    };
    let mut seen = Vec::new();
    for (client, mode) in
        [(&by_itself as &dyn Fn(&FixedNet) -> _, "alone"), (&through, "through"), (&with_salt, "with salt")]
    {
        let net =
            FixedNet::new().then(r#"{"err_no":0,"data":{"unsettle_amount":1}}"#).then(BALANCE).then(LINK);
        let client = client(&net);
        world.now(client.unsettle_amount(&UnsettleAmount::new(order_no()))).expect("an amount");
        let ask = QueryMerchantBalance::new(merchant(), ChannelType::WeChat);
        world.now(client.query_merchant_balance(&ask)).expect("a balance");
        let ask = AppAddSubMerchant::new(key(), MerchantPage::Onboarding);
        world.now(client.app_add_sub_merchant(&ask)).expect("a link");
        seen.extend(net.asked().iter().map(|request| format!("{mode}: {}", who(request))));
    }
    assert_eq!(
        seen,
        [
            "alone: /api/apps/ecpay/v1/unsettle_amount app - app's salt",
            "alone: /api/apps/ecpay/saas/query_merchant_balance app - app's salt",
            "alone: /api/apps/ecpay/saas/app_add_sub_merchant app - app's salt",
            "through: /api/apps/ecpay/v1/unsettle_amount app provider - app's salt",
            "through: /api/apps/ecpay/saas/query_merchant_balance app provider - app's salt",
            "through: /api/apps/ecpay/saas/app_add_sub_merchant app - app's salt",
            "with salt: /api/apps/ecpay/v1/unsettle_amount app provider - provider's salt",
            "with salt: /api/apps/ecpay/saas/query_merchant_balance app provider - provider's salt",
            "with salt: /api/apps/ecpay/saas/app_add_sub_merchant app - app's salt",
        ]
    );
}

fn provider_client(world: &World, net: &FixedNet) -> ProviderClient {
    let builder = ProviderClient::builder(provider(), salt(PROVIDER_SALT)).env(world.env.clone());
    builder.net(Arc::new(net.clone())).build().expect("everything is given")
}

#[test]
fn a_provider_calls_for_itself() {
    let world = World::new();
    let net = FixedNet::new().then(LINK).then(LINK).then(LINK);
    let net = net.then(r#"{"err_no":0,"wx":1}"#).then(BALANCE).then(WITHDRAWN);
    let net = net.then(r#"{"err_no":0,"status":"SUCCESS"}"#);
    let client = provider_client(&world, &net);
    let token = ComponentToken::new("component.very_secret").expect("a token");
    let add = AddMerchant::new(token, MerchantPage::Onboarding);
    world.now(client.add_merchant(&add)).expect("a link");
    let app = AppId::new(APP).expect("an id");
    world.now(client.get_app_merchant(&GetAppMerchant::new(app, MerchantPage::Balance))).expect("a link");
    world
        .now(client.add_sub_merchant(&AddSubMerchant::new(key(), MerchantPage::Onboarding)))
        .expect("a link");
    world
        .now(client.query_merchant_status(&QueryMerchantStatus::by_sub_merchant_id(key())))
        .expect("a state");
    let ask = QueryMerchantBalance::new(merchant(), ChannelType::WeChat);
    world.now(client.query_merchant_balance(&ask)).expect("a balance");
    world.now(client.merchant_withdraw(&withdraw())).expect("taken on");
    let number = OutWithdrawNo::new("W1").expect("a number");
    let ask = QueryWithdrawOrder::new(merchant(), ChannelType::WeChat, number);
    world.now(client.query_withdraw_order(&ask)).expect("known");
    let seen: Vec<String> = net.asked().iter().map(who).collect();
    assert_eq!(
        seen,
        [
            "/api/apps/ecpay/saas/add_merchant component - unsigned",
            "/api/apps/ecpay/saas/get_app_merchant app provider - provider's salt",
            "/api/apps/ecpay/saas/add_sub_merchant provider - provider's salt",
            "/api/apps/ecpay/saas/query_merchant_status provider - provider's salt",
            "/api/apps/ecpay/saas/query_merchant_balance provider - provider's salt",
            "/api/apps/ecpay/saas/merchant_withdraw provider - provider's salt",
            "/api/apps/ecpay/saas/query_withdraw_order provider - provider's salt",
        ]
    );
    assert_eq!(client.thirdparty_id(), &provider());
    let shown = format!("{client:?} {add:?} {:?}", ProviderClient::builder(provider(), salt(PROVIDER_SALT)));
    assert!(!shown.contains(PROVIDER_SALT) && !shown.contains("very_secret"), "{shown}");
}

#[test]
fn what_has_a_number_of_ours_is_repeated_with_the_same_bytes() {
    let world = World::new();
    let internal = r#"{"err_no":1000,"err_tips":"系统异常,请原单号重试"}"#;
    let net = FixedNet::new().then_fail(lost()).then(internal).then(RETURN);
    assert_eq!(world.now(world.client(&net).create_return(&create_return())).expect("taken").attempts, 3);
    let asked = net.asked();
    assert!(asked.windows(2).all(|pair| pair[0].body() == pair[1].body()));

    let net = FixedNet::new().then_fail(lost()).then_answer(answer(502, "x", "")).then(WITHDRAWN);
    assert_eq!(world.now(world.client(&net).merchant_withdraw(&withdraw())).expect("taken").attempts, 3);
    let asked = net.asked();
    assert!(asked.windows(2).all(|pair| pair[0].body() == pair[1].body()));
}

#[test]
fn opening_an_account_is_never_repeated_when_it_may_have_been_done() {
    let world = World::new();
    let internal = r#"{"err_no":1000,"err_tips":""}"#;
    for net in [FixedNet::new().then_fail(lost()), FixedNet::new().then(internal)] {
        let error = world.now(world.client(&net).create_merchant(&create_merchant())).expect_err("lost");
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error}");
    }
    let refused = douyin_pay_env::NetError::not_sent("connection refused");
    let net = FixedNet::new().then_fail(refused).then(r#"{"err_no":0,"merchant_id":"7"}"#);
    assert_eq!(world.now(world.client(&net).create_merchant(&create_merchant())).expect("taken").attempts, 2);
}

#[test]
fn queries_are_asked_again_whatever_came_back() {
    let world = World::new();
    let reply = r#"{"err_no":0,"platform_order":{},"data":{"unsettle_amount":1},"return_info":{"return_status":"SUCCESS"},"status":"SUCCESS","account_info":{}}"#;
    let net = (0..6).fold(FixedNet::new(), |net, _| net.then("<html>").then_fail(lost()).then(reply));
    let client = world.client(&net);
    let number = OutWithdrawNo::new("W1").expect("a number");
    let attempts = [
        world.now(client.unsettle_amount(&UnsettleAmount::new(order_no()))).expect("known").attempts,
        world.now(client.query_platform_order(&QueryPlatformOrder::new(order_no()))).expect("known").attempts,
        world
            .now(
                client
                    .query_return(&QueryReturn::by_out_return_no(OutReturnNo::new("T1").expect("a number"))),
            )
            .expect("known")
            .attempts,
        world
            .now(client.query_merchant_balance(&QueryMerchantBalance::new(merchant(), ChannelType::Hz)))
            .expect("known")
            .attempts,
        world
            .now(client.query_withdraw_order(&QueryWithdrawOrder::new(merchant(), ChannelType::Hz, number)))
            .expect("known")
            .attempts,
        world
            .now(client.query_merchant_status(&QueryMerchantStatus::by_merchant_id(merchant())))
            .expect("known")
            .attempts,
    ];
    assert_eq!(attempts, [3; 6]);
    let unknown = FixedNet::new().then(r#"{"err_no":4408,"err_tips":"退分账记录不存在"}"#);
    let ask = QueryReturn::by_out_return_no(OutReturnNo::new("T1").expect("a number"));
    let error = world.now(world.client(&unknown).query_return(&ask)).expect_err("not known");
    assert!(error.is_not_found() && error.outcome() == Outcome::NotSent, "{error}");
}

#[test]
fn returns_get_fifty_turns_a_second() {
    let (world, app) = (World::new(), AppId::new(APP).expect("an id"));
    for call in [Endpoint::CreateReturn, Endpoint::QueryReturn] {
        assert_eq!(Limits::standard().per_second(&app, call), NonZeroU32::new(50), "{call}");
    }
    let net = (0..6).fold(FixedNet::new(), |net, _| net.then(RETURN));
    let client = world.client(&net);
    let ask = create_return();
    let (answers, took) = world.run(join_all((0..6).map(|_| client.create_return(&ask))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(took, Duration::from_millis(100), "the first at once, then one every 20 ms");
}

#[test]
fn the_observer_hears_the_numbers() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let net = FixedNet::new().then(RETURN).then(WITHDRAWN);
    let client = world.builder().net(Arc::new(net)).observer(recorder.clone()).build().expect("given");
    world.now(client.create_return(&create_return())).expect("taken");
    world.now(client.merchant_withdraw(&withdraw())).expect("taken");
    let numbers: Vec<_> = recorder.heard().into_iter().map(|heard| heard.numbers.1).collect();
    assert_eq!(numbers, [Some("T1".to_owned()), Some("W1".to_owned())]);
}
