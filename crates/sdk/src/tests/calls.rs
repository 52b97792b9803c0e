//! The way of a call: attempts, waits, identical bytes, observers, dropped futures.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use douyin_pay_env::{NetError, UnixMs};
use douyin_pay_protocol::AppId;
use futures_util::FutureExt;

use super::world::{
    APP, REFUND_DONE, REFUND_TAKEN, Recorder, START, Slow, World, answer, lost, query, refund,
};
use crate::{BuildError, FixedNet, Outcome, Platform, Retry};

#[test]
fn a_call_is_a_signed_post_and_its_answer_is_typed() {
    let world = World::new();
    let net = FixedNet::new().then_answer(answer(200, "20240101abc", REFUND_TAKEN));
    let taken = world.now(world.client(&net).create_refund(&refund())).unwrap();
    assert_eq!(taken.refund_no.as_str(), "N7300000000000000002");
    assert_eq!((taken.log_id.as_deref(), taken.attempts), (Some("20240101abc"), 1));

    let asked = &net.asked()[0];
    assert_eq!(asked.method(), "POST");
    assert_eq!(asked.uri(), "https://developer.toutiao.com/api/apps/ecpay/v1/create_refund");
    assert_eq!(asked.headers()["content-type"], "application/json");
    let body: serde_json::Value = serde_json::from_slice(asked.body()).unwrap();
    assert_eq!((&body["app_id"], &body["out_refund_no"]), (&APP.into(), &"R1".into()));
    assert_eq!(body["sign"].as_str().unwrap().len(), 32);
}

#[test]
fn a_lost_request_is_repeated_with_the_same_bytes() {
    let world = World::new();
    let internal = r#"{"err_no":1000,"err_tips":""}"#;
    let net = FixedNet::new().then_fail(lost()).then(internal).then(REFUND_TAKEN);
    let (taken, took) = world.run(world.client(&net).create_refund(&refund()));
    assert_eq!(taken.unwrap().attempts, 3);
    let asked = net.asked();
    assert!(asked[0].body() == asked[1].body() && asked[1].body() == asked[2].body());
    assert!((500..1_600).contains(&took.as_millis()), "{took:?}");
}

#[test]
fn what_is_repeated_and_how_often() {
    type Prepare = fn(FixedNet) -> FixedNet;
    let cases: [(&str, Prepare, u32, u32); 11] = [
        ("no connection", |net| net.then_fail(NetError::not_sent("connection refused")), 3, 3),
        ("lost", |net| net.then_fail(lost()), 3, 3),
        ("502", |net| net.then_answer(answer(502, "x", "")), 3, 3),
        ("404", |net| net.then_answer(answer(404, "x", "")), 1, 1),
        ("not JSON", |net| net.then("<html>"), 1, 3),
        ("internal", |net| net.then(r#"{"err_no":1000,"err_tips":""}"#), 3, 3),
        ("too often", |net| net.then(r#"{"err_no":1001,"err_tips":""}"#), 3, 3),
        ("not found", |net| net.then(r#"{"err_no":2000,"err_tips":""}"#), 1, 1),
        ("signature", |net| net.then(r#"{"err_no":2008,"err_tips":""}"#), 1, 1),
        ("parameter", |net| net.then(r#"{"err_no":2010,"err_tips":""}"#), 1, 1),
        ("unreadable", |net| net.then(r#"{"err_no":0,"err_tips":""}"#), 1, 1),
    ];
    for (what, prepare, writing, asking) in cases {
        let world = World::new();
        let client = || world.client(&(0..9).fold(FixedNet::new(), |net, _| prepare(net)));
        let refused = world.now(client().create_refund(&refund())).unwrap_err();
        assert_eq!(refused.attempts(), writing, "{what}, writing");
        let refused = world.now(client().query_refund(&query())).unwrap_err();
        assert_eq!(refused.attempts(), asking, "{what}, asking");
    }
}

#[test]
fn too_often_is_repeated_only_after_the_platforms_window() {
    let world = World::new();
    let net = FixedNet::new().then(r#"{"err_no":1001,"err_tips":"业务繁忙,请稍后重试"}"#).then(REFUND_DONE);
    let (seen, took) = world.run(world.client(&net).query_refund(&query()));
    assert_eq!(seen.unwrap().attempts, 2);
    assert!(took >= Duration::from_millis(1_065), "{took:?}");
}

#[test]
fn all_attempts_together_keep_the_total_time() {
    let world = World::new();
    let deadlines = Arc::new(Mutex::new(Vec::new()));
    let slow = Slow(world.env.clone(), Arc::clone(&deadlines));
    let client = world.builder().net(Arc::new(slow)).build().unwrap();
    let (result, took) = world.run(client.create_refund(&refund()));
    assert_eq!(result.unwrap_err().outcome(), Outcome::Unknown);
    assert!(took <= Duration::from_secs(10), "{took:?}");
    let deadlines = deadlines.lock().unwrap();
    assert_eq!(deadlines[0], Duration::from_secs(10));
    assert!(deadlines.iter().all(|deadline| *deadline >= Duration::from_secs(1)), "{deadlines:?}");
    assert!(deadlines[1] < Duration::from_secs(6), "{deadlines:?}");
}

#[test]
fn an_attempt_without_enough_time_is_not_begun() {
    let world = World::new();
    let net = FixedNet::new().then_fail(NetError::not_sent("connection refused")).then_fail(lost());
    let builder = world.builder().net(Arc::new(net)).total_timeout(Duration::from_millis(1_050));
    let error = world.now(builder.build().unwrap().create_refund(&refund())).unwrap_err();
    assert_eq!((error.outcome(), error.attempts()), (Outcome::NotSent, 1));
}

#[test]
fn the_observer_hears_every_attempt() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let net = FixedNet::new().then_fail(lost()).then_answer(answer(200, "abc", REFUND_TAKEN));
    let builder = world.builder().net(Arc::new(net)).observer(recorder.clone());
    let taken = world.now(builder.build().unwrap().create_refund(&refund()));
    assert!(taken.is_ok());

    let heard = recorder.heard();
    let numbers = (Some("O1".to_owned()), Some("R1".to_owned()));
    assert_eq!(heard.len(), 2);
    assert_eq!((&heard[0].numbers, heard[0].attempt, heard[0].started), (&numbers, 1, START));
    assert_eq!(
        (heard[0].outcome, heard[0].err_no, heard[0].http_status),
        (Some(Outcome::Unknown), None, None)
    );
    assert_eq!((heard[1].attempt, heard[1].outcome, heard[1].err_no), (2, None, Some(0)));
    assert_eq!((heard[1].http_status, heard[1].log_id.as_deref()), (Some(200), Some("abc")));
    assert!(heard[1].started > heard[0].started);
}

#[test]
fn a_dropped_future_is_heard_as_unknown() {
    let world = World::new();
    let recorder = Arc::new(Recorder::default());
    let net = FixedNet::new().then_silence();
    let client = world.builder().net(Arc::new(net.clone())).observer(recorder.clone()).build().unwrap();
    let ask = refund();
    {
        let mut call = Box::pin(client.create_refund(&ask));
        assert!((&mut call).now_or_never().is_none());
        world.clock.advance(Duration::from_millis(25));
    }
    let heard = recorder.heard();
    assert_eq!(heard.len(), 1);
    assert_eq!((heard[0].outcome, heard[0].millis), (Some(Outcome::Unknown), 25));

    drop(client.create_refund(&ask));
    assert_eq!((recorder.heard().len(), net.asked().len()), (1, 1), "never polled, never sent");
}

#[test]
fn a_call_that_would_wait_too_long_is_not_sent() {
    let world = World::new();
    let net = FixedNet::new().then(REFUND_DONE).then(REFUND_DONE).then(REFUND_DONE);
    let client = world.client(&net);
    assert!(world.now(client.query_refund(&query())).is_ok());
    let hasty = client.with_pace_wait_max(Some(Duration::from_millis(10)));
    let error = hasty.query_refund(&query()).now_or_never().unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.attempts(), error.is_throttled()), (Outcome::NotSent, 0, true));
    assert_eq!(error.paced(), Some(Duration::from_millis(33)));
    assert_eq!(net.asked().len(), 1);

    let (patient, took) = world.run(client.query_refund(&query()));
    assert!(patient.is_ok());
    assert_eq!(took, Duration::from_millis(33));
}

#[test]
fn the_clocks_date_does_not_matter() {
    let bodies: Vec<_> = [START, UnixMs::new(0), UnixMs::new(i64::MAX), UnixMs::new(-5)]
        .into_iter()
        .map(|now| {
            let world = World::at(now);
            let net = FixedNet::new().then_fail(lost()).then(REFUND_TAKEN);
            assert_eq!(world.now(world.client(&net).create_refund(&refund())).unwrap().attempts, 2);
            net.asked()[1].body().clone()
        })
        .collect();
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_log_id_that_cannot_be_one_is_dropped() {
    for bad in ["", "two words", "a\tb", "长", &"x".repeat(129)] {
        let world = World::new();
        let Ok(value) = http::HeaderValue::from_bytes(bad.as_bytes()) else { continue };
        let mut odd = answer(200, "x", REFUND_TAKEN);
        odd.headers_mut().insert("x-tt-logid", value);
        let taken = world.now(world.client(&FixedNet::new().then_answer(odd)).create_refund(&refund()));
        assert_eq!(taken.unwrap().log_id, None, "{bad:?}");
    }
}

#[test]
fn a_provider_names_itself() {
    let world = World::new();
    let net = FixedNet::new().then(REFUND_TAKEN);
    let builder = world.builder().thirdparty_id(AppId::new("tt00000000000000ff").unwrap());
    let builder = builder.platform(Platform::Sandbox).net(Arc::new(net.clone()));
    assert!(world.now(builder.build().unwrap().create_refund(&refund())).is_ok());
    let asked = &net.asked()[0];
    assert_eq!(asked.uri().host(), Some("open-sandbox.douyin.com"));
    assert!(asked.body().windows(18).any(|part| part == b"tt00000000000000ff"));
}

#[test]
fn a_client_that_cannot_work_is_not_built() {
    let world = World::new();
    let bad_url = world.builder().platform(Platform::Url("localhost:1".to_owned())).build().unwrap_err();
    assert!(bad_url.to_string().contains("give a base URL such as"), "{bad_url}");
    let no_time = world.builder().total_timeout(Duration::ZERO).retry(Retry::none()).build();
    assert_eq!(no_time.unwrap_err(), BuildError::NoTime);
}
