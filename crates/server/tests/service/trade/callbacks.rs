//! The entrance for callbacks of the general trade system: what is believed, what is answered.

use bytes::Bytes;
use douyin_pay_mock::keys::{APPLICATION_KEY_PEM, PLATFORM_KEY_PEM, SECOND_PLATFORM_KEY_PEM};
use douyin_pay_mock::{CallbackFault, Faults, PayAsk};
use douyin_pay_protocol::Token;
use douyin_pay_protocol::trade::PlatformKey;
use douyin_pay_protocol::trade::callback::{body, signed};
use douyin_pay_server::probe;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::lines::Lines;
use crate::mocked::{Mocked, Setting, console};
use crate::world::{BEGIN, Came};

fn success() -> Value {
    json!({ "err_no": 0, "err_tips": "success" })
}

fn payment(app_id: &str, number: &str, order_id: &str, fen: i64) -> String {
    json!({
        "app_id": app_id, "out_order_no": number, "order_id": order_id, "status": "SUCCESS",
        "total_amount": fen, "pay_channel": 1, "event_time": BEGIN.get(),
    })
    .to_string()
}

/// Posts a callback signed with this key.
async fn post(it: &Mocked, path: &str, key: &str, kind: &str, msg: &str) -> Came {
    post_changed(it, path, key, &body(kind, msg), |_| {}).await
}

async fn post_changed(
    it: &Mocked,
    path: &str,
    key: &str,
    body: &[u8],
    change: impl FnOnce(&mut http::Request<axum::body::Body>),
) -> Came {
    let key = PlatformKey::parse(key).expect("a key");
    let sent = signed(&key, BEGIN, "nonce", body);
    let mut request = it.world.request("POST", path, None, Bytes::copy_from_slice(body));
    for (name, value) in sent.pairs() {
        request
            .headers_mut()
            .insert(http::HeaderName::try_from(name).expect("a name"), value.parse().expect("a value"));
    }
    change(&mut request);
    it.world.send(request).await
}

const APP: &str = "tt0000000000000001";

#[tokio::test]
async fn a_callback_is_taken_by_name_and_without() {
    let it = Mocked::trade();
    it.signed("O1").await;
    let msg = payment(APP, "O1", "m1", 1280);
    for path in ["/callbacks/coffee", "/callbacks", "/callbacks/coffee"] {
        assert_eq!(post(&it, path, PLATFORM_KEY_PEM, "payment", &msg).await.expect(200), success(), "{path}");
    }
    let order = it.world.order("O1").await;
    assert_eq!((&order["state"], &order["platform_order_id"]), (&json!("paid"), &json!("m1")), "{order}");
}

#[tokio::test]
async fn nothing_wrong_is_ever_answered_with_success() {
    let it = Mocked::trade();
    it.signed("O1").await;
    let good = body("payment", &payment(APP, "O1", "m1", 1280));
    let send = |path: &'static str, key: &'static str, sent: Vec<u8>| {
        let it = &it;
        async move { post_changed(it, path, key, &sent, |_| {}).await }
    };
    let here = "/callbacks/coffee";
    let cases = [
        ("another platform key", send(here, SECOND_PLATFORM_KEY_PEM, good.clone()).await),
        ("the application's own key", send(here, APPLICATION_KEY_PEM, good.clone()).await),
        ("unknown path", send("/callbacks/nobody", PLATFORM_KEY_PEM, good.clone()).await),
        (
            "another app",
            send("/callbacks", PLATFORM_KEY_PEM, body("payment", &payment("tt2", "O1", "m1", 1280))).await,
        ),
        (
            "another amount",
            send(here, PLATFORM_KEY_PEM, body("payment", &payment(APP, "O1", "m1", 1281))).await,
        ),
        ("no number", send(here, PLATFORM_KEY_PEM, body("payment", "{}")).await),
        ("not JSON", send(here, PLATFORM_KEY_PEM, b"<xml/>".to_vec()).await),
        ("empty", send(here, PLATFORM_KEY_PEM, Vec::new()).await),
        (
            "changed on the way",
            post_changed(&it, here, PLATFORM_KEY_PEM, &good, |request| {
                let changed = String::from_utf8_lossy(&good).replace("1280", "1");
                *request.body_mut() = changed.into();
            })
            .await,
        ),
        (
            "no nonce",
            post_changed(&it, here, PLATFORM_KEY_PEM, &good, |request| {
                request.headers_mut().remove("byte-nonce-str");
            })
            .await,
        ),
        (
            "another time",
            post_changed(&it, here, PLATFORM_KEY_PEM, &good, |request| {
                request.headers_mut().insert("byte-timestamp", "1".parse().expect("a value"));
            })
            .await,
        ),
        ("no headers at all", it.world.callback_to(here, good.clone()).await),
    ];
    for (name, came) in cases {
        assert_ne!(came.body["err_no"], 0, "{name}: {}", came.body);
        assert!(came.body["err_no"].is_i64(), "{name}: {}", came.body);
        assert_ne!(came.status, 200, "{name}");
    }
    assert_eq!(it.world.order("O1").await["state"], "waiting");
}

#[tokio::test]
async fn a_callback_that_overtakes_its_order_is_replayed() {
    let it = Mocked::trade();
    let msg = payment(APP, "O1", "m1", 1280);
    let early = post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "payment", &msg).await;
    assert_ne!(early.body["err_no"], 0);
    it.signed("O1").await;
    assert_eq!(it.world.order("O1").await["state"], "paid");
}

#[tokio::test]
async fn an_unknown_number_is_refused_for_ten_minutes_and_then_told_to_a_human() {
    let it = Mocked::trade();
    let msg = payment(APP, "O9", "m9", 1280);
    let send = || post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "payment", &msg);
    assert_ne!(send().await.body["err_no"], 0);
    it.world.jump(300).await;
    assert_ne!(send().await.body["err_no"], 0);
    it.world.jump(400).await;
    assert_eq!(send().await.expect(200), success());
    let open = it.world.get("/v1/exceptions").await.expect(200);
    assert_eq!(open["exceptions"].as_array().expect("a list").len(), 1, "{open}");
    assert_eq!(open["exceptions"][0]["kind"], "callback_unknown_number");
}

#[tokio::test]
async fn a_refund_applied_for_is_answered_with_the_same_bytes() {
    let it = Mocked::trade();
    let order_id = it.place(&it.signed("O1").await);
    it.mock.pay(&PayAsk::new(&order_id)).expect("it can be paid");
    it.world.pass(3).await;
    let msg = json!({
        "app_id": APP, "open_id": "payer", "refund_id": "motb77", "order_id": order_id, "out_order_no": "O1",
        "refund_total_amount": 80, "need_refund_audit": 1, "refund_audit_deadline": BEGIN.plus_ms(259_200_000).get(),
        "create_refund_time": BEGIN.get(), "refund_source": 1, "refund_reason": ["x"], "refund_description": "bitter",
        "refund_item_detail": { "item_order_quantity": 1, "item_order_detail": [] },
    })
    .to_string();
    let send = || post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "pre_create_refund", &msg);
    let first = send().await.expect(200);
    assert_eq!(first["data"]["out_refund_no"], "dy-motb77", "{first}");
    assert_eq!(first["data"]["order_entry_schema"]["path"], "pages/order");
    assert_eq!(
        first["data"]["order_entry_schema"]["params"],
        json!("{\"out_order_no\":\"O1\",\"out_refund_no\":\"dy-motb77\"}")
    );
    assert_eq!(first["data"]["notify_url"], "https://pay.test/callbacks/coffee");
    assert_eq!(send().await.expect(200), first);
    let refund = it.world.get("/v1/apps/coffee/refunds/dy-motb77").await.expect(200);
    assert_eq!((&refund["state"], &refund["amount_fen"]), (&json!("auditing"), &json!(80)), "{refund}");
}

#[tokio::test]
async fn a_refund_of_an_order_that_comes_later_is_replayed_with_it() {
    let it = Mocked::trade();
    let msg = json!({
        "app_id": APP, "refund_id": "motb77", "order_id": "m1", "out_order_no": "O1", "refund_total_amount": 80,
        "need_refund_audit": 2, "refund_source": 4,
    })
    .to_string();
    let early = post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "pre_create_refund", &msg).await;
    assert_ne!(early.body["err_no"], 0, "{}", early.body);
    it.signed("O1").await;
    let order = it.world.order("O1").await;
    assert_eq!(order["refunds"][0]["out_refund_no"], "dy-motb77", "{order}");
}

/// What the platform says of a refund of its own after 72 hours: with a number that it made up.
fn made_up(number: &str, order_id: &str, fen: i64) -> String {
    json!({
        "app_id": APP, "refund_id": "motb77", "out_refund_no": number, "order_id": order_id, "status": "SUCCESS",
        "refund_total_amount": fen, "refund_type": 1, "cp_extra": "", "event_time": BEGIN.get(),
    })
    .to_string()
}

#[tokio::test]
async fn a_number_that_the_platform_made_up_and_another_order_has_is_told_apart() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let second = it.paid("O2").await;
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Lost, 1000)].into(), ..Faults::default() });
    it.world.post("/v1/apps/coffee/orders/O1/refunds", &ask).await.expect(201);
    let msg = made_up("R1", &second, 1280);
    for _ in 0..2 {
        let came = post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "refund", &msg).await;
        assert_eq!(came.expect(200), success());
    }
    let (one, other) = (it.world.order("O1").await, it.world.order("O2").await);
    assert_eq!((&one["refunded_fen"], &one["refunds"][0]["state"]), (&json!(0), &json!("accepted")), "{one}");
    let refund = &other["refunds"][0];
    assert_eq!(
        (&other["refunded_fen"], &refund["out_refund_no"]),
        (&json!(1280), &json!("dy-motb77")),
        "{other}"
    );
}

#[tokio::test]
async fn a_callback_about_a_strange_order_does_not_wait_for_our_number() {
    let it = Mocked::trade();
    it.paid("O1").await;
    let msg = made_up("R1", "motb_of_nobody", 1280);
    let came = post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, "refund", &msg).await;
    assert_ne!(came.body["err_no"], 0, "{}", came.body);
    it.mock.set_faults(Faults { callbacks: [(CallbackFault::Lost, 1000)].into(), ..Faults::default() });
    let ask = json!({ "out_refund_no": "R1", "amount_fen": 1280, "reason": "x" });
    let refund = it.world.post("/v1/apps/coffee/orders/O1/refunds", &ask).await.expect(201);
    assert_eq!(refund["state"], "accepted", "{refund}");
    assert_eq!(it.world.order("O1").await["refunded_fen"], 0);
}

#[tokio::test]
async fn other_kinds_are_acknowledged_and_change_nothing() {
    let it = Mocked::trade();
    let msg = json!({ "app_id": APP, "status": "SUCCESS" }).to_string();
    for kind in ["sign_callback", "sign_pay_callback"] {
        let came = post(&it, "/callbacks/coffee", PLATFORM_KEY_PEM, kind, &msg).await;
        assert_eq!(came.expect(200), success(), "{kind}");
    }
}

/// Another mini-program with a platform key of its own.
const TEA: &str = "[[apps]]\nname = \"tea\"\napp_id = \"tt0000000000000002\"\n[apps.trade]\nplatform = \"https://mock.test\"\n\
    app_secret = { env = \"SECRET\" }\nprivate_key = { env = \"KEY\" }\nkey_version = \"1\"\n\
    platform_public_keys = [{ env = \"NEXT_PLATFORM\" }]\nentry = { path = \"pages/order\" }\n";

#[tokio::test]
async fn the_log_names_the_app_whose_key_fits() {
    let (lines, _guard) = Lines::listen();
    let it = Mocked::new(Setting { more: TEA, ..Setting::TRADE }, console());
    let of_tea = payment("tt0000000000000002", "T1", "m1", 1);
    let mine = payment(APP, "O1", "m1", 1);
    for (key, msg, sentence) in [
        (SECOND_PLATFORM_KEY_PEM, &of_tea, "the platform key of app `tea` fits, but it came to `coffee`"),
        (APPLICATION_KEY_PEM, &mine, "no platform key of any app fits"),
        (PLATFORM_KEY_PEM, &of_tea, "concerns app `tea`"),
    ] {
        let came = post(&it, "/callbacks/coffee", key, "payment", msg).await;
        assert_ne!(came.body["err_no"], 0);
        assert!(lines.text().contains(sentence), "{sentence}: {}", lines.text());
    }
    assert!(lines.text().contains("Byte-Nonce-Str `nonce`"), "what is needed to try again: {}", lines.text());
    // Without a name in the path the message says whose it is.
    it.world
        .post("/v1/apps/tea/orders", &json!({ "out_order_no": "T1", "amount_fen": 1, "subject": "Tea" }))
        .await;
    let came = post(&it, "/callbacks", SECOND_PLATFORM_KEY_PEM, "payment", &of_tea).await;
    assert_ne!(came.body["err_no"], 0, "tea has no goods of its own: nobody gave this number");
    assert!(!lines.text().contains("mock_app_secret"));
}

#[tokio::test]
async fn doubled_and_unacknowledged_callbacks_change_nothing_twice() {
    let it = Mocked::trade();
    let odds = [(CallbackFault::Doubled, 500), (CallbackFault::AcknowledgementLost, 400)];
    it.mock.set_faults(Faults { callbacks: odds.into(), ..Faults::default() });
    for number in ["O1", "O2", "O3", "O4"] {
        it.paid(number).await;
        let ask = json!({ "out_refund_no": format!("R{number}"), "amount_fen": 1280, "reason": "x" });
        it.world.post(&format!("/v1/apps/coffee/orders/{number}/refunds"), &ask).await.expect(201);
    }
    it.world.pass(120).await;
    for number in ["O1", "O2", "O3", "O4"] {
        let order = it.world.order(number).await;
        assert_eq!((&order["refunded_fen"], &order["refundable_fen"]), (&json!(1280), &json!(0)), "{order}");
    }
    assert_eq!(it.events().len(), 8, "each is told once: {:?}", it.events());
}

#[tokio::test]
async fn a_probe_is_answered_with_the_secret_where_there_is_no_token() {
    let it = Mocked::new(Setting { sections: &["trade"], ..Setting::TRADE }, console());
    let secret = Token::new("mock_app_secret").expect("a key");
    let mut request = it.world.request("POST", "/callbacks/coffee", None, "{}");
    let asked = probe::ask(&secret, "coffee", "5eed").parse().expect("a value");
    request.headers_mut().insert(probe::HEADER, asked);
    // Not by the contract of callbacks: whoever asks like this is `doctor`.
    let answer = it.world.drive(it.world.server.router().oneshot(request)).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    let arrived = probe::read(&secret, "5eed", &body).expect("an answer that is signed");
    assert_eq!(arrived.length, 2);
}
