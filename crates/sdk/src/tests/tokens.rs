//! Tokens: one call for everybody, renewed in time, replaced when rejected.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay_env::{BoxFuture, NetError};
use futures_util::FutureExt;
use futures_util::future::join_all;

use super::token_platform::{CALL_TAKES, LIFE, TOKEN_TAKES, TokenPlatform};
use super::trade_world::{ask_refunds, refund};
use super::world::World;
use crate::{
    CachedToken, FixedNet, MemoryTokenCache, Outcome, Retry, TokenCache, TokenKey, TokenKind, TradeClient,
};

/// From here on a token of `LIFE` is renewed.
const SOON_OLD: Duration = Duration::from_secs(6_900);

fn client(world: &World, platform: &TokenPlatform) -> TradeClient {
    world.trade().net(Arc::new(platform.clone())).unpaced().build().unwrap()
}

fn prepared() -> (World, TokenPlatform, TradeClient) {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let client = client(&world, &platform);
    (world, platform, client)
}

#[test]
fn one_token_call_serves_everybody_who_waits() {
    let (world, platform, client) = prepared();
    let crowd = join_all((0..50).map(|_| ask_refunds(&client)));
    let (answers, took) = world.run(crowd);
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(platform.counts(), (1, 50));
    assert_eq!(took, TOKEN_TAKES + CALL_TAKES);
    let (answer, took) = world.run(ask_refunds(&client.clone()));
    assert_eq!((answer.unwrap().attempts, took), (1, CALL_TAKES));
    assert_eq!(platform.counts(), (1, 51), "a clone has the same token");
}

#[test]
fn whoever_asked_first_may_give_up() {
    let (world, platform, client) = prepared();
    let mut first = Box::pin(ask_refunds(&client));
    assert!((&mut first).now_or_never().is_none());
    let mut second = Box::pin(ask_refunds(&client));
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    assert!(world.now(second).is_ok());
    assert_eq!(platform.counts(), (1, 1));
}

#[test]
fn a_token_is_renewed_before_it_expires_and_nobody_waits() {
    let (world, platform, client) = prepared();
    world.now(ask_refunds(&client)).unwrap();
    world.clock.advance(SOON_OLD - Duration::from_secs(1));
    world.now(ask_refunds(&client)).unwrap();
    assert_eq!(platform.counts().0, 1, "not before its time");
    world.clock.advance(Duration::from_secs(1));
    let (answers, took) = world.run(join_all((0..20).map(|_| ask_refunds(&client))));
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(took, CALL_TAKES);
    world.pass(TOKEN_TAKES);
    world.now(ask_refunds(&client)).unwrap();
    let books = platform.books();
    assert_eq!(books.token_calls, 2);
    assert_eq!(books.calls[books.calls.len() - 2..], ["clt.1", "clt.2"]);
}

#[test]
fn while_it_cannot_be_renewed_the_old_one_serves_on() {
    let (world, platform, client) = prepared();
    world.now(ask_refunds(&client)).unwrap();
    world.clock.advance(SOON_OLD);
    platform.books().token_answer = Some(Err(NetError::maybe_sent("reset")));
    for _ in 0..29 {
        let (answer, took) = world.run(ask_refunds(&client));
        assert_eq!((answer.unwrap().attempts, took), (1, CALL_TAKES));
        world.pass(Duration::from_secs(10));
    }
    // Every minute one attempt, and none of them repeated: the platform keeps only the two newest tokens.
    assert_eq!(platform.counts().0, 1 + 5);
    world.pass(Duration::from_secs(10));
    let error = world.now(ask_refunds(&client)).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 0));
    let expected =
        "`refund_query`: there is no access token: `client_token`: reset; nothing was learnt, ask again";
    assert!(error.to_string().starts_with(expected), "{error}");
    platform.books().token_answer = None;
    world.pass(Duration::from_secs(2));
    assert!(world.now(ask_refunds(&client)).is_ok());
}

#[test]
fn a_rejected_token_is_replaced_and_the_call_repeated_once_also_when_it_writes() {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let net = Arc::new(platform.clone());
    let client = world.trade().net(net).unpaced().retry(Retry::none()).build().unwrap();
    assert_eq!(world.now(ask_refunds(&client)).unwrap().attempts, 1);
    platform.revoke();
    let (answer, took) = world.run(ask_refunds(&client));
    assert_eq!((answer.unwrap().attempts, took), (2, CALL_TAKES + TOKEN_TAKES + CALL_TAKES));
    platform.revoke();
    world.clock.advance(Duration::from_secs(2));
    let asked = world.now(client.refund_create(&refund())).unwrap_err();
    assert_eq!((asked.attempts(), asked.is_token_rejected()), (2, false), "taken, though oddly answered");
    assert_eq!(platform.books().calls, ["clt.1", "clt.1", "clt.2", "clt.2", "clt.3"]);
}

#[test]
fn many_rejected_at_once_fetch_one_token() {
    let (world, platform, client) = prepared();
    world.now(ask_refunds(&client)).unwrap();
    platform.revoke();
    let answers = world.now(join_all((0..30).map(|_| ask_refunds(&client))));
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer.attempts == 2)));
    assert_eq!(platform.counts(), (2, 61));
}

#[test]
fn a_platform_that_takes_no_token_is_not_asked_for_hundreds() {
    let (world, platform, client) = prepared();
    platform.books().rejects_all = true;
    let error = world.now(ask_refunds(&client)).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 2));
    assert!(error.is_token_rejected() && !error.is_config());
    assert_eq!(platform.counts(), (2, 2));
    for _ in 0..3_000 {
        let error = world.now(ask_refunds(&client)).unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        world.clock.advance(Duration::from_millis(100));
    }
    let (token_calls, _) = platform.counts();
    assert!((15..=30).contains(&token_calls), "{token_calls} in five minutes");
    platform.books().rejects_all = false;
    world.clock.advance(Duration::from_secs(15));
    assert!(world.now(ask_refunds(&client)).is_ok());
}

#[test]
fn an_outage_of_the_token_call_costs_few_calls_and_never_locks_us_out() {
    let (world, platform, client) = prepared();
    platform.books().token_answer = Some(Err(NetError::maybe_sent("reset")));
    for _ in 0..600 {
        let error = world.now(ask_refunds(&client)).unwrap_err();
        assert_eq!((error.outcome(), error.is_throttled()), (Outcome::NotSent, false));
        world.clock.advance(Duration::from_millis(500));
    }
    let (token_calls, calls) = platform.counts();
    assert!((40..=100).contains(&token_calls), "{token_calls} in five minutes");
    assert_eq!(calls, 0);
    platform.books().token_answer = None;
    world.clock.advance(Duration::from_secs(15));
    assert!(world.now(ask_refunds(&client)).is_ok());
}

#[test]
fn a_wrong_secret_is_a_matter_of_configuration() {
    let (world, platform, client) = prepared();
    let refused = r#"{"data":{"description":"client_secret error","error_code":10013},"message":"error"}"#;
    platform.books().token_answer = Some(Ok(refused.to_owned()));
    for _ in 0..5 {
        let error = world.now(client.refund_create(&refund())).unwrap_err();
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Refused, 0));
        assert!(error.is_config() && !error.is_token_rejected());
        assert_eq!(error.platform_error().unwrap().err_no.get(), 10_013);
        assert_eq!(error.log_id(), Some("token"));
        assert!(error.to_string().contains("client_secret error"), "{error}");
    }
    assert_eq!(platform.counts(), (1, 0), "asked once, not once per call");
}

#[test]
fn a_lost_token_call_does_not_spoil_the_next_answer() {
    let world = World::new();
    let refused = r#"{"data":{"description":"client_secret error","error_code":10013},"message":"error"}"#;
    let net = FixedNet::new().then_fail(NetError::maybe_sent("reset")).then(refused);
    let client = world.trade().net(Arc::new(net.clone())).build().unwrap();
    let error = world.now(client.refund_create(&refund())).unwrap_err();
    assert_eq!((error.outcome(), error.is_config()), (Outcome::Refused, true), "{error}");
    assert_eq!(net.asked().len(), 2);
}

#[test]
fn too_many_token_calls_are_followed_by_a_minute_of_rest() {
    let (world, platform, client) = prepared();
    let refused = r#"{"data":{"description":"too often","error_code":10020},"message":"error"}"#;
    platform.books().token_answer = Some(Ok(refused.to_owned()));
    let error = world.now(ask_refunds(&client)).unwrap_err();
    assert_eq!((error.outcome(), error.is_throttled()), (Outcome::NotSent, true));
    let asked = platform.counts().0;
    world.clock.advance(Duration::from_secs(59));
    assert!(world.now(ask_refunds(&client)).unwrap_err().is_throttled());
    assert_eq!(platform.counts().0, asked);
    platform.books().token_answer = None;
    world.clock.advance(Duration::from_secs(1));
    assert!(world.now(ask_refunds(&client)).is_ok());
}

#[test]
fn a_token_call_that_hangs_does_not_hold_a_call_longer_than_its_time() {
    let (world, _, _) = prepared();
    let net = FixedNet::new().then_silence();
    let client = world.trade().net(Arc::new(net)).total_timeout(Duration::from_secs(3)).build().unwrap();
    let (result, took) = world.run(client.refund_create(&refund()));
    let error = result.unwrap_err();
    assert_eq!((error.outcome(), error.attempts(), took), (Outcome::NotSent, 0, Duration::from_secs(3)));
}

#[test]
fn clients_share_tokens_through_a_cache() {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let cache = Arc::new(MemoryTokenCache::new());
    let process = || {
        let builder = world.trade().net(Arc::new(platform.clone())).token_cache(cache.clone());
        builder.build().unwrap()
    };
    let (one, other) = (process(), process());
    for client in [&one, &other, &process()] {
        world.now(ask_refunds(client)).unwrap();
    }
    assert_eq!(platform.counts(), (1, 3));
    platform.revoke();
    world.clock.advance(Duration::from_secs(2));
    for client in [&one, &other] {
        assert_eq!(world.now(ask_refunds(client)).unwrap().attempts, 2);
    }
    assert_eq!(platform.counts().0, 2, "the other one found the new token in the cache");
    world.clock.advance(LIFE - Duration::from_secs(100));
    for client in [&one, &other] {
        world.now(ask_refunds(client)).unwrap();
        world.pass(TOKEN_TAKES);
    }
    assert_eq!(platform.counts().0, 3, "renewed early by one of them");
    let made = platform.books().calls.len();
    world.now(ask_refunds(&other)).unwrap();
    assert_eq!(platform.books().calls[made..], ["clt.3"]);
    assert!(!format!("{cache:?}").contains("clt."));
}

#[test]
fn the_stable_token_is_asked_for_again_until_it_changes() {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    platform.books().stable = true;
    let builder = world.trade().net(Arc::new(platform.clone())).token_kind(TokenKind::Stable);
    let client = builder.build().unwrap();
    world.now(ask_refunds(&client)).unwrap();
    world.clock.advance(SOON_OLD);
    for _ in 0..40 {
        let answer = world.now(ask_refunds(&client)).unwrap();
        assert_eq!(answer.attempts, 1);
        world.pass(Duration::from_secs(10));
    }
    let books = platform.books();
    assert_eq!(books.calls.last().map(String::as_str), Some("clt.2"));
    assert!(books.token_calls <= 8, "{} token calls", books.token_calls);
}

/// A cache that never answers.
struct Hanging;

impl TokenCache for Hanging {
    fn load(&self, _: &TokenKey) -> BoxFuture<Option<CachedToken>> {
        Box::pin(std::future::pending())
    }

    fn store(&self, _: &TokenKey, _: CachedToken) -> BoxFuture<()> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_cache_that_hangs_is_not_waited_for_long() {
    let world = World::new();
    let platform = TokenPlatform::new(&world.env);
    let builder = world.trade().net(Arc::new(platform.clone())).token_cache(Arc::new(Hanging));
    let client = builder.build().unwrap();
    let (answer, took) = world.run(ask_refunds(&client));
    assert!(answer.is_ok());
    assert!(took <= Duration::from_secs(3), "{took:?}");
    assert_eq!(world.run(ask_refunds(&client)).1.as_millis().min(60), 20 + 13, "only the turn is waited for");
}
