//! Secrets appear in no output, whatever goes wrong.

use std::sync::Arc;

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::trade::{AccessToken, ApplicationKey, KeyVersion};

use super::trade_world::{self, SECRET, ask_refunds};
use super::world::{APP, Recorder, SALT, World, answer, lost, query, refund};
use crate::{CachedToken, FixedNet, MemoryTokenCache, OrderSigner};

#[test]
fn the_salt_is_never_shown() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let net = FixedNet::new()
        .then_fail(lost())
        .then_answer(answer(500, "a", ""))
        .then("<html>")
        .then(r#"{"err_no":2008,"err_tips":"签名校验异常"}"#);
    let builder = world.builder().net(Arc::new(net.clone())).observer(recorder.clone());
    let mut shown = vec![format!("{builder:?}"), format!("{builder:#?}")];
    let client = builder.build().unwrap();
    shown.push(format!("{client:?} {client:#?} {net:?} {:?} {:?}", refund(), query()));
    for _ in 0..3 {
        let error = world.now(client.create_refund(&refund())).unwrap_err();
        shown.push(format!("{error} {error:?} {error:#?}"));
    }
    shown.extend(recorder.heard().into_iter().map(|heard| heard.debug));
    shown.extend(net.asked().iter().map(|asked| format!("{asked:?}")));
    assert!(shown.len() > 8);
    for text in shown {
        assert!(!text.contains(SALT), "{text}");
    }
}

#[test]
fn neither_app_secret_nor_token_is_ever_shown() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let token =
        r#"{"data":{"access_token":"clt.very_secret","error_code":0,"expires_in":7200},"message":"success"}"#;
    let rejected = r#"{"err_no":28001003,"err_msg":"token"}"#;
    let refused = r#"{"data":{"description":"secret","error_code":10013},"message":"error"}"#;
    let odd = r#"{"data":{"access_token":"clt.very_secret\n","error_code":0,"expires_in":7200},"message":"success"}"#;
    let net = FixedNet::new().then(token).then(rejected).then(token).then_fail(lost()).then(rejected);
    let net = net.then(refused).then(odd).then("<html>").then(odd);
    let cache = Arc::new(MemoryTokenCache::new());
    let builder =
        world.trade().net(Arc::new(net.clone())).observer(recorder.clone()).token_cache(cache.clone());
    let mut shown = vec![format!("{builder:?} {builder:#?}")];
    let client = builder.build().unwrap();
    for _ in 0..4 {
        let error = world.now(client.refund_create(&trade_world::refund())).unwrap_err();
        shown.push(format!("{error} {error:?} {error:#?} {client:?} {cache:?}"));
        world.pass(std::time::Duration::from_secs(20));
    }
    let error = world.now(ask_refunds(&client)).unwrap_err();
    assert!(error.to_string().contains("no access token"), "{error}");
    shown.push(format!("{error} {error:?}"));
    shown.extend(recorder.heard().into_iter().map(|heard| heard.debug));
    let calls = net.asked().into_iter().filter(|asked| !asked.uri().path().starts_with("/oauth/"));
    shown.extend(calls.map(|asked| format!("{asked:?}")));
    let token = AccessToken::new("clt.very_secret").expect("a token");
    shown.push(format!("{:?}", CachedToken { token, expires_at: UnixMs::new(0) }));
    assert!(shown.len() > 12, "{}", shown.len());
    for text in shown {
        assert!(!text.contains("very_secret") && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_signer_does_not_show_its_key() {
    let key = ApplicationKey::parse(douyin_pay_mock::keys::APPLICATION_KEY_PEM).unwrap();
    let app = douyin_pay_protocol::AppId::new(APP).unwrap();
    let shown = format!("{:?}", OrderSigner::new(app, key, KeyVersion::new("3").unwrap()));
    assert_eq!(shown, "OrderSigner(tt0000000000000001, key 3)");
}
