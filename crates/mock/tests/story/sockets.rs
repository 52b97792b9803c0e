//! Real sockets: answers, connections that close without one, and a clean stop.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{NetError, Sent};
use douyin_pay_mock::{CallFault, Faults, NextCall, Running};
use http::{Request, Response};
use serde_json::json;

use crate::world::{order, signed};

async fn call(mock: &Running) -> Result<Response<Bytes>, NetError> {
    let mut body = order("O1", 1280);
    body["notify_url"] = json!("http://127.0.0.1:9/none");
    let url = format!("{}/api/apps/ecpay/v1/create_order", mock.url());
    let request = Request::post(url).body(Bytes::from(signed(body, "mock_salt").to_string())).unwrap();
    mock.env().net.send(request, Duration::from_secs(5)).await
}

#[tokio::test]
async fn a_vanished_answer_is_a_closed_connection() {
    let mock = douyin_pay_mock::start().await.unwrap();
    let next = vec![
        NextCall::new("create_order", CallFault::LoseRequest, 1),
        NextCall::new("create_order", CallFault::LoseResponse, 1),
    ];
    mock.set_faults(Faults { next, ..Faults::default() });
    assert_eq!(call(&mock).await.unwrap_err().sent, Sent::Maybe);
    assert!(mock.books().orders.is_empty());
    assert_eq!(call(&mock).await.unwrap_err().sent, Sent::Maybe);
    assert_eq!(mock.books().orders.len(), 1);
    assert_eq!(call(&mock).await.unwrap().status(), 200);
    assert_eq!(mock.books().orders.len(), 1);
    let (env, url) = (mock.env().clone(), mock.url());
    mock.stop().await;
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let refused = env.net.send(request, Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(refused.sent, Sent::No, "a stopped mock does not listen");
}
