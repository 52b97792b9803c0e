//! The service with real sockets: it listens, says when it cannot, and ends in order.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_server::serve;
use http::Request;

use crate::world::{BEGIN, TOKEN, config, key, order, payment};

async fn get(env: &Env, url: &str) -> Result<u16, String> {
    let request = Request::get(url).body(Bytes::new()).expect("a request");
    let answer = env.net.send(request, Duration::from_secs(5)).await;
    answer.map(|response| response.status().as_u16()).map_err(|cause| cause.problem)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_listens_answers_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("pay.db").display().to_string();
    let env = Env::real();
    let running = serve::start(config(&database, ""), env.clone()).await.unwrap();
    let base = format!("http://{}", running.address);
    assert_eq!(get(&env, &format!("{base}/healthz")).await, Ok(200));
    assert_eq!(get(&env, &format!("{base}/readyz")).await, Ok(200));
    // A callback walks through every real part: socket, journal's thread, file, reader.
    let body = Bytes::from(payment("O1", 1280, TOKEN));
    let request = Request::post(format!("{base}/callbacks/coffee")).body(body).unwrap();
    let answer = env.net.send(request, Duration::from_secs(5)).await.unwrap();
    assert_eq!(answer.status(), 404, "nobody asked for this order");
    assert!(BEGIN < env.now());
    running.stop().await;
    assert!(get(&env, &format!("{base}/healthz")).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_port_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| config(&folder.path().join(name).display().to_string(), "");
    let env = Env::real();
    let running = serve::start(at("one.db"), env.clone()).await.unwrap();
    let mut second = at("two.db");
    second.listen = running.address;
    let refused = serve::start(second, Env::real()).await.err().unwrap().to_string();
    assert!(refused.contains("the port is taken") && refused.contains("listen"), "{refused}");
    assert!(!folder.path().join("two.db").exists(), "the books are not touched");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_keeps_what_was_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("pay.db").display().to_string();
    let mut env = Env::real();
    let others = crate::platform::Others::default();
    env.net = std::sync::Arc::new(others.clone());
    let sockets = Env::real();
    for (round, status) in [(1, 201), (2, 200)] {
        let running = serve::start(config(&database, ""), env.clone()).await.unwrap();
        let request = Request::post(format!("http://{}/v1/apps/coffee/orders", running.address))
            .header("authorization", format!("Bearer {}", key("merchant")))
            .body(Bytes::from(order("O1").to_string()))
            .unwrap();
        let answer = sockets.net.send(request, Duration::from_secs(5)).await.unwrap();
        assert_eq!(answer.status(), status, "round {round}: {:?}", answer.body());
        running.stop().await;
        env = Env::real();
        env.net = std::sync::Arc::new(others.clone());
    }
    assert_eq!(others.calls("create_order").len(), 1);
}
