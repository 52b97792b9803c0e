//! Tokens by the platform's own rules.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use douyin_pay::env::{Tasks, TokioTasks};
use douyin_pay::protocol::AppSecret;
use douyin_pay::protocol::trade::TagQuery;
use douyin_pay::{MemoryTokenCache, Outcome, Platform, TokenKind, TradeClient};
use douyin_pay_mock::ConsoleChange;

use crate::world::{World, app_id};

fn token_calls(world: &World) -> usize {
    let calls = world.mock.calls().calls;
    calls.iter().filter(|call| call.endpoint.ends_with("client_token")).count()
}

async fn attempts(client: &TradeClient) -> u32 {
    client.tag_query(&TagQuery::all()).await.expect("it is answered").attempts
}

#[tokio::test]
async fn a_token_serves_until_it_expires_or_is_revoked() {
    let world = World::new().await;
    let client = world.client();
    assert_eq!((attempts(&client).await, attempts(&client).await), (1, 1));
    assert_eq!(token_calls(&world), 1);
    world.mock.revoke_tokens();
    assert_eq!(attempts(&client).await, 2);
    assert_eq!(token_calls(&world), 2);
    world.later(7_300).await;
    assert_eq!(attempts(&client).await, 1, "it knew that the old one had expired");
    assert_eq!(token_calls(&world), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_fetch_one_token() {
    let world = World::new().await;
    let client = world.client();
    let (crowd, done) = (TokioTasks::new(), Arc::new(AtomicU32::new(0)));
    for round in 1..=2 {
        for _ in 0..50 {
            let (client, done) = (client.clone(), Arc::clone(&done));
            let call = async move {
                done.fetch_add(attempts(&client).await, Ordering::Relaxed);
            };
            crowd.spawn("call", Box::pin(call));
        }
        assert_eq!(crowd.drain(Duration::from_secs(20)).await, 0);
        assert_eq!((token_calls(&world), crowd.panicked()), (round, 0));
        world.mock.revoke_tokens();
    }
    let done = done.load(Ordering::Relaxed);
    assert!(
        (50 + 51..=50 + 100).contains(&done),
        "{done}: in the second round some were rejected, each once"
    );
}

#[tokio::test]
async fn processes_without_a_common_cache_take_the_token_from_each_other() {
    let world = World::new().await;
    let clients = [world.client(), world.client(), world.client()];
    for client in &clients {
        attempts(client).await;
    }
    assert_eq!(attempts(&clients[0]).await, 2, "only the two newest live");
    let cache = Arc::new(MemoryTokenCache::new());
    let before = token_calls(&world);
    let shared = || world.builder().token_cache(cache.clone()).build().unwrap();
    let clients = [shared(), shared(), shared()];
    for _ in 0..2 {
        for client in &clients {
            assert_eq!(attempts(client).await, 1);
        }
    }
    assert_eq!(token_calls(&world), before + 1);
    let stable = || world.builder().token_kind(TokenKind::Stable).build().unwrap();
    let clients = [stable(), stable(), stable()];
    for _ in 0..2 {
        for client in &clients {
            assert_eq!(attempts(client).await, 1);
        }
    }
}

#[tokio::test]
async fn a_wrong_secret_and_a_missing_grant_are_matters_of_configuration() {
    let world = World::new().await;
    let wrong = TradeClient::builder(app_id(), AppSecret::new("another").unwrap());
    let wrong =
        wrong.env(world.mock.env().clone()).platform(Platform::Url(world.mock.url())).build().unwrap();
    let refused = wrong.tag_query(&TagQuery::all()).await.unwrap_err();
    assert_eq!((refused.outcome(), refused.is_config(), refused.attempts()), (Outcome::Refused, true, 0));
    assert_eq!(refused.platform_error().unwrap().err_no.get(), 10_013, "{refused}");

    let change = ConsoleChange {
        app_id: app_id().as_str().to_owned(),
        capability: Some(false),
        ..ConsoleChange::default()
    };
    world.mock.change_console(&change).unwrap();
    let refused = world.client().tag_query(&TagQuery::all()).await.unwrap_err();
    assert_eq!((refused.outcome(), refused.is_config()), (Outcome::Refused, true));
    assert_eq!(refused.platform_error().unwrap().err_no.get(), 28_001_018, "{refused}");
}
