//! A call of the general trade system: what is sent, heard and paced.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay_protocol::trade::{FulfillPushStatus, OrderQuery, ToStatus};
use douyin_pay_protocol::{OutOrderNo, PlatformNo, trade};
use futures_util::future::join_all;

use super::trade_world::{NO_REFUNDS, REFUND_TAKEN, ask_refunds, refund};
use super::world::{APP, Recorder, World, answer};
use crate::{BuildError, FixedNet, Platform, TokenKind};

#[test]
fn a_call_is_a_post_with_a_token() {
    let world = World::new();
    let net = FixedNet::new().then_answer(answer(200, "20260101abc", REFUND_TAKEN));
    let taken = world.now(world.trade_client(&net).refund_create(&refund())).unwrap();
    assert_eq!(taken.refund_id.as_str(), "motb00000000000000000009");
    assert_eq!((taken.log_id.as_deref(), taken.attempts), (Some("20260101abc"), 1), "the header wins");

    let asked = &net.asked()[0];
    assert_eq!(asked.method(), "POST");
    assert_eq!(asked.uri(), "https://open.douyin.com/api/trade_basic/v1/developer/refund_create/");
    assert_eq!(asked.headers()["content-type"], "application/json");
    assert_eq!(asked.headers()["access-token"], "clt.fixed1");
    assert!(asked.headers()["access-token"].is_sensitive());
    let body: serde_json::Value = serde_json::from_slice(asked.body()).unwrap();
    assert_eq!((&body["out_refund_no"], &body["refund_total_amount"]), (&"R1".into(), &100.into()));
}

#[test]
fn the_token_call_carries_the_secret_in_its_body_alone() {
    for (kind, path) in
        [(TokenKind::Client, "/oauth/client_token/"), (TokenKind::Stable, "/oauth/stable_client_token/")]
    {
        let world = World::new();
        let token =
            r#"{"data":{"access_token":"clt.abc","error_code":0,"expires_in":"7200"},"message":"success"}"#;
        let net = FixedNet::new().then(token).then(NO_REFUNDS);
        let builder = world.trade().net(Arc::new(net.clone())).token_kind(kind).platform(Platform::Sandbox);
        world.now(ask_refunds(&builder.build().unwrap())).unwrap();
        let [fetched, asked] = &net.asked()[..] else { panic!("two requests") };
        assert_eq!((fetched.uri().host(), fetched.uri().path()), (Some("open-sandbox.douyin.com"), path));
        assert!(!fetched.headers().contains_key("access-token"));
        let body: serde_json::Value = serde_json::from_slice(fetched.body()).unwrap();
        assert_eq!(body["client_key"], APP);
        assert_eq!(body["grant_type"], "client_credential");
        assert_eq!(asked.headers()["access-token"], "clt.abc");
    }
}

#[test]
fn the_observer_hears_token_calls_and_numbers_of_all_kinds() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let order = r#"{"err_no":0,"data":{"order_id":"motb1","out_order_no":"O1","pay_status":"PROCESS","total_amount":"100","trade_time":"1767225600000"}}"#;
    let net = FixedNet::new().with_tokens().then(REFUND_TAKEN).then(order).then(r#"{"err_no":"0"}"#);
    let client = world.trade().net(Arc::new(net)).observer(recorder.clone()).build().unwrap();
    world.now(client.refund_create(&refund())).unwrap();
    let seen = world.now(client.order_query(&OrderQuery::by_out_order_no(OutOrderNo::new("O1").unwrap())));
    assert_eq!(seen.unwrap().total_amount.get(), 100, "a number may be written as text");
    let items = vec![PlatformNo::new("motb2").unwrap()];
    let push =
        FulfillPushStatus::new(PlatformNo::new("motb1").unwrap(), items, ToStatus::fulfilling()).unwrap();
    world.now(client.fulfill_push_status(&push)).unwrap();

    let heard = recorder.heard();
    let said: Vec<_> =
        heard.iter().map(|heard| (heard.endpoint.name(), &heard.platform_no, &heard.numbers)).collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(said[0], ("client_token", &None, &(None, None)));
    assert_eq!(said[1], ("refund_create", &text("motb00000000000000000001"), &(None, text("R1"))));
    assert_eq!(said[2], ("order_query", &None, &(text("O1"), None)));
    assert_eq!(said[3], ("fulfill_push_status", &text("motb1"), &(None, None)));
    assert!(heard.iter().all(|heard| heard.err_no == Some(0) && heard.outcome.is_none()));
}

#[test]
fn calls_of_one_purpose_share_the_limits_figures() {
    let world = World::new();
    let net = (0..4).fold(FixedNet::new(), |net, _| net.then(NO_REFUNDS));
    let client = world.trade_client(&net);
    let (answers, took) = world.run(join_all((0..4).map(|_| ask_refunds(&client))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(took, Duration::from_millis(99), "thirty a second, evenly");
    let limits = crate::Limits::standard();
    let per_second = |endpoint: trade::Endpoint| {
        limits.per_second(client.app_id(), endpoint).map(std::num::NonZeroU32::get)
    };
    assert_eq!(per_second(trade::Endpoint::RefundCreate), Some(50));
    assert_eq!(per_second(trade::Endpoint::OrderQuery), Some(30));
    assert_eq!(per_second(trade::Endpoint::TagQuery), None);
    assert_eq!(per_second(trade::Endpoint::ClientToken), None);
}

#[test]
fn a_client_that_cannot_work_is_not_built() {
    let world = World::new();
    let bad_url = world.trade().platform(Platform::Url("localhost:1".to_owned())).build().unwrap_err();
    assert!(matches!(bad_url, BuildError::Url { .. }));
    assert_eq!(world.trade().total_timeout(Duration::ZERO).build().unwrap_err(), BuildError::NoTime);
}
