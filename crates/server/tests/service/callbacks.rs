//! The platform's entrance: success only for what is written or known.

use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::{self, MAX_BODY};
use douyin_pay_server::journal::QUEUE_MAX;
use serde_json::{Value, json};
use sha1_of::echo_signature;
use tower::ServiceExt;

use crate::lines::Lines;
use crate::world::{SALT, TEA_TOKEN, TOKEN, World, msg, payment};

/// The console's check of a URL signs three texts, sorted, with SHA-1: the same as a callback without `msg`.
mod sha1_of {
    use douyin_pay_protocol::{Token, ecpay::callback};

    pub(super) fn echo_signature(token: &Token, timestamp: &str, nonce: &str) -> String {
        callback::sign(token, timestamp, nonce, "")
    }
}

fn success() -> Value {
    json!({ "err_no": 0, "err_tips": "success" })
}

fn signed(token: &str, kind: &str, msg: &str) -> Vec<u8> {
    callback::body(&Token::new(token).expect("a token"), kind, "1767574800", "1234", msg)
}

#[tokio::test]
async fn a_payment_is_written_and_a_duplicate_is_success() {
    let world = World::new();
    world.paid("O1").await;
    assert_eq!(world.order("O1").await["paid_fen"], 1280);
    for path in ["/callbacks/coffee", "/callbacks/old-coffee", "/callbacks"] {
        let came = world.callback_to(path, payment("O1", 1280, TOKEN)).await;
        assert_eq!(came.expect(200), success(), "{path}");
    }
}

#[tokio::test]
async fn nothing_wrong_is_ever_answered_with_success() {
    let world = World::new();
    world.open("O1").await;
    let good = payment("O1", 1280, TOKEN);
    let text = String::from_utf8(good.clone()).unwrap();
    let other_app = msg("O1", 1280).replace("tt0000000000000001", "tt0000000000000002");
    let stranger = msg("O1", 1280).replace("tt0000000000000001", "tt9");
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("changed", "/callbacks/coffee", text.replace("1280", "1").into_bytes()),
        ("wrong token", "/callbacks/coffee", payment("O1", 1280, "someoneElse")),
        ("token of another app", "/callbacks/coffee", payment("O1", 1280, TEA_TOKEN)),
        ("salt as token", "/callbacks/coffee", payment("O1", 1280, SALT)),
        ("another app's object", "/callbacks/coffee", signed(TOKEN, "payment", &other_app)),
        ("another app's object, no path", "/callbacks", signed(TOKEN, "payment", &other_app)),
        ("an app that is not configured", "/callbacks", signed(TOKEN, "payment", &stranger)),
        ("unknown path", "/callbacks/nobody", good.clone()),
        ("empty", "/callbacks/coffee", Vec::new()),
        ("not JSON", "/callbacks/coffee", b"<xml/>".to_vec()),
        ("not UTF-8", "/callbacks/coffee", vec![0xff, 0xfe, b'{']),
        (
            "no signature",
            "/callbacks/coffee",
            br#"{"timestamp":"1","nonce":"2","msg":"{}","type":"payment"}"#.to_vec(),
        ),
        ("msg is not JSON", "/callbacks/coffee", signed(TOKEN, "payment", "not json")),
        (
            "msg lacks its number",
            "/callbacks/coffee",
            signed(TOKEN, "payment", r#"{"appid":"tt0000000000000001"}"#),
        ),
        ("too large", "/callbacks/coffee", vec![b' '; MAX_BODY + 1]),
        ("trade", "/callbacks/coffee", text.replacen('{', r#"{"version":"2.0","#, 1).into_bytes()),
        ("another amount", "/callbacks/coffee", payment("O1", 1281, TOKEN)),
    ];
    for (name, path, body) in cases {
        let came = world.callback_to(path, body).await;
        assert_ne!(came.body["err_no"], 0, "{name}: {}", came.body);
        assert!(came.body["err_no"].is_i64(), "{name}: {}", came.body);
        assert_ne!(came.status, 200, "{name}");
    }
    assert_eq!(world.order("O1").await["state"], "waiting");
    assert_eq!(world.callback_to("/callbacks/coffee", good).await.expect(200), success());
}

#[tokio::test]
async fn the_log_names_the_app_whose_key_fits() {
    let (lines, _guard) = Lines::listen();
    let world = World::new();
    for (body, sentence) in [
        (payment("O1", 1280, TEA_TOKEN), "the token of app `tea` fits, but it came to `coffee`"),
        (payment("O1", 1280, SALT), "the salt of app `coffee` fits as if it were the token"),
        (payment("O1", 1280, "someoneElse"), "no key of any app fits"),
        (
            signed(TOKEN, "payment", &msg("O1", 1).replace("tt0000000000000001", "tt0000000000000002")),
            "concerns app `tea`",
        ),
    ] {
        world.callback_to("/callbacks/coffee", body).await;
        assert!(lines.text().contains(sentence), "{sentence}: {}", lines.text());
    }
    for secret in [TOKEN, TEA_TOKEN, SALT] {
        assert!(!lines.text().contains(secret), "{}", lines.text());
    }
}

#[tokio::test]
async fn an_answer_comes_only_after_the_commit() {
    let world = World::new();
    world.open("O1").await;
    let request = world.request("POST", "/callbacks/coffee", None, payment("O1", 1280, TOKEN));
    let mut answering = Box::pin(world.server.router().oneshot(request));
    for _ in 0..100 {
        assert!(futures_util::poll!(answering.as_mut()).is_pending(), "nothing is committed yet");
        tokio::task::yield_now().await;
    }
    assert_eq!(world.drive(answering).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_full_journal_makes_the_platform_repeat() {
    let world = World::new();
    world.open("O1").await;
    world.settle().await;
    let mut waiting = Vec::new();
    for _ in 0..QUEUE_MAX {
        let request = world.request("POST", "/callbacks/coffee", None, payment("O1", 1280, TOKEN));
        let mut answering = Box::pin(world.server.router().oneshot(request));
        assert!(futures_util::poll!(answering.as_mut()).is_pending());
        waiting.push(answering);
    }
    let request = world.request("POST", "/callbacks/coffee", None, payment("O1", 1280, TOKEN));
    let response = world.server.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 503);
    let request = world.request("GET", "/readyz", None, "");
    assert_eq!(world.server.router().oneshot(request).await.unwrap().status(), 503);
    world.settle().await;
    for answering in waiting {
        assert_eq!(world.drive(answering).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn an_unknown_number_is_refused_for_ten_minutes_and_then_told_to_a_human() {
    let world = World::new();
    let send = || world.callback_to("/callbacks/coffee", payment("O9", 1280, TOKEN));
    assert_ne!(send().await.body["err_no"], 0);
    world.jump(300).await;
    assert_ne!(send().await.body["err_no"], 0);
    world.jump(400).await;
    assert_eq!(send().await.expect(200), success());
    let open = world.get("/v1/exceptions").await.expect(200);
    let exceptions = open["exceptions"].as_array().unwrap();
    assert_eq!(exceptions.len(), 1, "{open}");
    assert_eq!(exceptions[0]["kind"], "callback_unknown_number");
}

#[tokio::test]
async fn a_callback_that_overtakes_its_order_is_replayed() {
    let world = World::new();
    assert_ne!(world.callback_to("/callbacks/coffee", payment("O1", 1280, TOKEN)).await.body["err_no"], 0);
    world.post("/v1/apps/coffee/orders", &crate::world::order("O1")).await;
    assert_eq!(world.order("O1").await["state"], "paid");
}

#[tokio::test]
async fn other_kinds_are_acknowledged_and_change_nothing() {
    let world = World::new();
    for (kind, msg) in [("transfer", "{}"), ("withdraw", r#"{"status":"SUCCESS","out_order_id":"W1"}"#)] {
        assert_eq!(
            world.callback_to("/callbacks/coffee", signed(TOKEN, kind, msg)).await.expect(200),
            success()
        );
    }
}

#[tokio::test]
async fn a_refund_callback_ends_the_refund() {
    let world = World::new();
    world.paid("O1").await;
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 100, "reason": "x" });
    world.post("/v1/apps/coffee/orders/O1/refunds", &ask).await.expect(201);
    let msg = json!({
        "appid": "tt0000000000000001", "cp_refundno": "R1", "status": "SUCCESS", "refund_amount": 100,
        "is_all_settled": false, "refunded_at": 1_767_574_900, "order_id": "NO1", "refund_no": "N900",
    });
    let body = signed(TOKEN, "refund", &msg.to_string());
    assert_eq!(world.callback_to("/callbacks/coffee", body).await.expect(200), success());
    let order = world.order("O1").await;
    assert_eq!((&order["refunded_fen"], &order["refundable_fen"]), (&json!(100), &json!(1180)));
}

#[tokio::test]
async fn the_consoles_check_gets_its_text_back() {
    let world = World::new();
    let signature = echo_signature(&Token::new(TOKEN).unwrap(), "1767574800", "77");
    let query = format!("signature={signature}&timestamp=1767574800&nonce=77&echostr=hello%201");
    for path in ["/callbacks/coffee", "/callbacks"] {
        let came = world.send(world.request("GET", &format!("{path}?{query}"), None, "")).await;
        assert_eq!(came.expect(200), json!("hello 1"), "{path}");
    }
    world
        .send(world.request("GET", &format!("/callbacks/tea?{query}"), None, ""))
        .await
        .problem(403, "bad_signature");
    world.send(world.request("GET", "/callbacks/coffee", None, "")).await.problem(400, "bad_request");
}
