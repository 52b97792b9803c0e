//! The order push and its token: fetched once for all, never without a secret.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay_env::NetError;
use douyin_pay_protocol::ecpay::{OrderPush, PushDetail, PushItem, PushStatus};
use douyin_pay_protocol::{AppSecret, Fen, OpenId, OutOrderNo};
use futures_util::future::join_all;

use super::token_platform::{CALL_TAKES, TOKEN_TAKES, TokenPlatform};
use super::trade_world::SECRET;
use super::world::{APP, Recorder, START, World, lost};
use crate::{Client, FixedNet, MemoryTokenCache, Outcome, TokenCache, TokenKey};

/// From here on a token of two hours is renewed.
const SOON_OLD: Duration = Duration::from_secs(6_900);
const PUSHED: &str = r#"{"err_code":0,"err_msg":"","body":""}"#;

pub(super) fn push() -> OrderPush {
    let price = Fen::new(1280).expect("fen");
    let item = PushItem::new("sku1", "https://m.example.com/1.png", "Latte", 1, price).expect("short");
    let number = OutOrderNo::new("O1").expect("a number");
    let detail = PushDetail::new(number, START, PushStatus::Paid, price, "pages/order", vec![item]);
    OrderPush::new(OpenId::new("_000abc").expect("an id"), START, &detail.expect("short"))
}

fn secret() -> AppSecret {
    AppSecret::new(SECRET).expect("a good secret")
}

fn client(world: &World, platform: &TokenPlatform) -> Client {
    let builder = world.builder().app_secret(secret()).net(Arc::new(platform.clone()));
    builder.unpaced().build().expect("everything is given")
}

fn prepared() -> (World, TokenPlatform, Client) {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let client = client(&world, &platform);
    (world, platform, client)
}

#[test]
fn one_token_call_serves_everybody_who_waits() {
    let (world, platform, client) = prepared();
    let ask = push();
    let (answers, took) = world.run(join_all((0..50).map(|_| client.order_push(&ask))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!((platform.counts(), took), ((1, 50), TOKEN_TAKES + CALL_TAKES));
    let token = world.now(client.clone().access_token()).unwrap();
    assert_eq!((token.expose(), platform.counts().0), ("clt.1", 1), "a clone has the same token");
}

#[test]
fn the_token_is_renewed_five_minutes_early_and_nobody_waits() {
    let (world, platform, client) = prepared();
    world.now(client.order_push(&push())).unwrap();
    world.clock.advance(SOON_OLD - Duration::from_secs(1));
    world.now(client.order_push(&push())).unwrap();
    assert_eq!(platform.counts().0, 1, "not before its time");
    world.clock.advance(Duration::from_secs(1));
    let ask = push();
    let (answers, took) = world.run(join_all((0..20).map(|_| client.order_push(&ask))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(took, CALL_TAKES);
    world.pass(TOKEN_TAKES);
    world.now(client.order_push(&push())).unwrap();
    let books = platform.books();
    assert_eq!((books.token_calls, books.calls.last().map(String::as_str)), (2, Some("clt.2")));
}

#[test]
fn a_rejected_token_is_replaced_once_for_all() {
    let (world, platform, client) = prepared();
    world.now(client.order_push(&push())).unwrap();
    platform.revoke();
    let ask = push();
    let answers = world.now(join_all((0..10).map(|_| client.order_push(&ask))));
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|pushed| pushed.attempts == 2)));
    assert_eq!(platform.counts(), (2, 21));

    platform.books().rejects_all = true;
    world.clock.advance(Duration::from_secs(400));
    let error = world.now(client.order_push(&push())).unwrap_err();
    assert_eq!((error.outcome(), error.attempts(), error.is_token_rejected()), (Outcome::NotSent, 2, true));
    assert_eq!(platform.counts().0, 3, "one more token, not one for each attempt");
}

#[test]
fn clients_of_a_process_share_the_token() {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let cache = Arc::new(MemoryTokenCache::new());
    for _ in 0..3 {
        let builder = world.builder().app_secret(secret()).token_cache(cache.clone());
        let client = builder.net(Arc::new(platform.clone())).build().unwrap();
        world.now(client.order_push(&push())).unwrap();
    }
    assert_eq!(platform.counts(), (1, 3));
    let app = douyin_pay_protocol::AppId::new(APP).unwrap();
    let key = TokenKey::ecpay(app, "https://developer.toutiao.com");
    assert!(world.now(cache.load(&key)).is_some());
}

#[test]
fn without_a_secret_nothing_is_sent() {
    let world = World::new();
    let net = FixedNet::new().then(PUSHED);
    let client = world.client(&net);
    for error in
        [world.now(client.order_push(&push())).unwrap_err(), world.now(client.access_token()).unwrap_err()]
    {
        assert_eq!((error.outcome(), error.attempts(), error.is_config()), (Outcome::Refused, 0, true));
        assert!(error.to_string().contains("`app_secret`"), "{error}");
    }
    assert!(net.asked().is_empty());
}

#[test]
fn a_wrong_secret_is_a_matter_of_configuration() {
    let (world, platform, client) = prepared();
    let refused = r#"{"err_no":40017,"err_tips":"bad secret","data":{"access_token":"","expires_in":0}}"#;
    platform.books().token_answer = Some(Ok(refused.to_owned()));
    let error = world.now(client.order_push(&push())).unwrap_err();
    assert_eq!((error.outcome(), error.is_config()), (Outcome::Refused, true));
    assert!(error.to_string().contains("app secret") && platform.books().calls.is_empty(), "{error}");
    platform.books().token_answer = Some(Err(NetError::maybe_sent("reset")));
    world.clock.advance(Duration::from_secs(60));
    let error = world.now(client.order_push(&push())).unwrap_err();
    assert_eq!((error.outcome(), error.is_config()), (Outcome::NotSent, false), "{error}");
}

#[test]
fn a_lost_push_is_repeated_with_the_same_bytes() {
    let world = World::new();
    let net = FixedNet::new().with_tokens().then_fail(lost()).then(PUSHED);
    let recorder = Arc::new(Recorder::default());
    let builder = world.builder().app_secret(secret()).net(Arc::new(net.clone()));
    let client = builder.observer(recorder.clone()).build().unwrap();
    assert_eq!(world.now(client.order_push(&push())).unwrap().attempts, 2);
    let asked = net.asked();
    assert_eq!((asked.len(), asked[0].uri().path()), (2, "/api/apps/order/v2/push"));
    assert!(asked[0].body() == asked[1].body());
    let body: serde_json::Value = serde_json::from_slice(asked[0].body()).unwrap();
    assert_eq!((&body["access_token"], &body["app_name"]), (&"clt.fixed1".into(), &"douyin".into()));
    assert!(body.get("sign").is_none() && body.get("app_id").is_none(), "{body}");
    let shown = format!("{client:?} {:?} {:?}", push(), recorder.heard());
    assert!(!shown.contains("clt.fixed1") && !shown.contains(SECRET), "{shown}");
}
