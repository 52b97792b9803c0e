//! Calls at the same moment: one effect for one number, and no fen spent twice.

use std::time::Duration;

use axum::body::Body;
use douyin_pay_mock::OperationStatus;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{World, refund, signed, text, without_period};

/// Sends all of them as tasks of several threads, and gives the answers in the same order.
async fn at_once(world: &World, calls: Vec<(&'static str, Value)>) -> Vec<Value> {
    let send = |(path, body): (&'static str, Value)| {
        let router = world.mock.router();
        let request = Request::post(path).body(Body::from(signed(body, "mock_salt").to_string())).unwrap();
        async move { serde_json::from_str(&text(router.oneshot(request).await.unwrap()).await.1).unwrap() }
    };
    let mut all: tokio::task::JoinSet<(usize, Value)> = tokio::task::JoinSet::new();
    for (place, call) in calls.into_iter().map(send).enumerate() {
        all.spawn(async move { (place, call.await) });
    }
    let mut answers = all.join_all().await;
    answers.sort_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

const REFUND: &str = "/api/apps/ecpay/v1/create_refund";
const RETURN: &str = "/api/apps/ecpay/v1/create_return";
const WITHDRAW: &str = "/api/apps/ecpay/saas/merchant_withdraw";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn identical_calls_have_one_effect_and_equal_answers() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    world.paid("O2", 1_000).await;
    let give_back = json!({
        "out_return_no": "T1", "out_settle_no": "S1", "merchant_uid": "601", "return_amount": 300, "return_desc": "x",
    });
    let withdraw = json!({
        "merchant_uid": "70775300146143419322", "channel_type": "wx", "withdraw_amount": 600, "out_order_id": "W1",
    });
    for (path, body) in [(REFUND, refund("O2", "R1", 700)), (RETURN, give_back), (WITHDRAW, withdraw)] {
        let answers = at_once(&world, (0..16).map(|_| (path, body.clone())).collect()).await;
        assert_eq!(answers[0]["err_no"], 0, "{path}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}: {answers:?}");
    }
    let books = world.mock.books();
    assert_eq!((books.refunds.len(), books.returns.len(), books.withdrawals.len()), (1, 1, 1));
    assert_eq!(world.mock.verify(), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn different_calls_never_overspend() {
    let world = without_period();
    world.settled("O1", 1_000, "S1", "601", 300).await;
    world.paid("O2", 1_000).await;
    let mut calls = Vec::new();
    for n in 0..10 {
        calls.push((REFUND, refund("O2", &format!("R{n}"), 300)));
        let give_back = json!({
            "out_return_no": format!("T{n}"), "out_settle_no": "S1", "merchant_uid": "601", "return_amount": 70,
            "return_desc": "x",
        });
        calls.push((RETURN, give_back));
        let withdraw = json!({
            "merchant_uid": "601", "channel_type": "wx", "withdraw_amount": 80, "out_order_id": format!("W{n}"),
        });
        calls.push((WITHDRAW, withdraw));
    }
    let answers = at_once(&world, calls.clone()).await;
    let accepted = |wanted: &str| {
        let both = calls.iter().zip(&answers);
        both.filter(|((path, _), answer)| *path == wanted && answer["err_no"] == 0).count()
    };
    assert_eq!((accepted(REFUND), accepted(RETURN), accepted(WITHDRAW)), (3, 4, 3));
    world.advance(Duration::from_secs(60)).await;
    let books = world.mock.books();
    let done = books.returns.iter().filter(|one| one.status == OperationStatus::Success).count();
    assert_eq!(done, 0, "240 of 300 fen were withdrawn before: none of 70 fen is left");
    assert_eq!(world.holds("601", 1), (0, 60, 0));
    assert_eq!(world.mock.verify(), Ok(()));
}
