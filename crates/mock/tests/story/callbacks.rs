//! Callbacks: what is sent, when, to whom, and what counts as heard.

use std::time::Duration;

use douyin_pay_mock::{CallbackFault, Faults, MockConfig, NextCallback, PayAsk};
use douyin_pay_protocol::Token;
use douyin_pay_protocol::ecpay::callback::Unverified;
use serde_json::json;

use crate::world::{DAY, Heard, START, World, config, order, refund};

const SCHEDULE_S: [i64; 16] =
    [0, 15, 30, 60, 240, 840, 2_040, 3_840, 5_640, 7_440, 11_040, 21_840, 32_640, 43_440, 65_040, 86_640];

fn verified(heard: &Heard, token: &str) -> bool {
    Unverified::parse(&heard.body).unwrap().verify(&[Token::new(token).unwrap()]).is_ok()
}

fn sorted_keys(value: &serde_json::Value) -> Vec<String> {
    let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn a_payment_is_told_sixteen_times_at_the_documented_offsets() {
    let world = World::new();
    world.merchant.always(500, "no");
    world.paid("O1", 1280).await;
    world.advance(DAY * 3).await;
    let heard = world.merchant.heard();
    let first = heard[0].at;
    assert!((500..=2_000).contains(&(first - START)), "{first}");
    let offsets: Vec<i64> = heard.iter().map(|heard| (heard.at - first) / 1_000).collect();
    assert_eq!(offsets, SCHEDULE_S);
    assert!(heard.iter().all(|heard| verified(heard, "mocktoken") && !verified(heard, "mock_salt")));
    assert!(heard.windows(2).all(|pair| pair[0].msg() == pair[1].msg()));
    let stamps: std::collections::BTreeSet<_> =
        heard.iter().map(|h| h.envelope()["timestamp"].to_string()).collect();
    assert_eq!(stamps.len(), 16, "each delivery has its own timestamp");
    let records = world.mock.callbacks();
    assert!(records.waiting.is_empty());
    assert_eq!(records.deliveries.len(), 16);
    assert_eq!(records.deliveries[15].next_at, None);
    assert!(records.deliveries[0].problem.as_ref().unwrap().contains("500"));
}

#[tokio::test]
async fn the_sandbox_tells_once() {
    let mut config = config();
    config.switches.sandbox = true;
    let world = World::with(config);
    world.merchant.always(500, "no");
    let order_id = world.paid("O1", 1280).await;
    assert_eq!(order_id.len(), 19);
    world.advance(DAY * 3).await;
    assert_eq!(world.merchant.heard().len(), 1);
    assert_eq!(world.merchant.heard()[0].msg()["channel_no"], "");
}

#[tokio::test]
async fn only_the_agreed_acknowledgement_ends_the_deliveries() {
    let success = r#"{"err_no":0,"err_tips":"success"}"#;
    let table = [
        (Ok((200, success.to_owned())), true),
        (Ok((200, r#"{"err_no":0}"#.to_owned())), true),
        (Ok((200, r#"{"err_no":"0","err_tips":"success"}"#.to_owned())), false),
        (Ok((200, r#"{"err_no":1,"err_tips":"success"}"#.to_owned())), false),
        (Ok((200, "success".to_owned())), false),
        (Ok((200, String::new())), false),
        (Ok((201, success.to_owned())), false),
        (Ok((302, success.to_owned())), false),
        (Err("no answer before the deadline".to_owned()), false),
    ];
    for (answer, accepted) in table {
        let world = World::new();
        world.merchant.answers.lock().unwrap().push_back(answer.clone());
        world.paid("O1", 1280).await;
        world.advance(Duration::from_secs(60)).await;
        assert_eq!(world.merchant.heard().len(), if accepted { 1 } else { 2 }, "{answer:?}");
    }
}

#[tokio::test]
async fn a_strict_platform_wants_the_word_success() {
    let mut config = config();
    config.switches.strict_acknowledgement = true;
    let world = World::with(config);
    world.merchant.answers.lock().unwrap().push_back(Ok((200, r#"{"err_no":0,"err_tips":"ok"}"#.to_owned())));
    world.paid("O1", 1280).await;
    world.advance(Duration::from_secs(60)).await;
    assert_eq!(world.merchant.heard().len(), 2);
}

const PAYMENT: [&str; 16] = [
    "appid",
    "channel_gateway_no",
    "channel_no",
    "cp_extra",
    "cp_orderno",
    "extra",
    "item_id",
    "message",
    "order_id",
    "out_channel_order_no",
    "paid_at",
    "payment_order_no",
    "seller_uid",
    "status",
    "total_amount",
    "way",
];
const REFUND: [&str; 10] = [
    "appid",
    "cp_extra",
    "cp_refundno",
    "is_all_settled",
    "message",
    "order_id",
    "refund_amount",
    "refund_no",
    "refunded_at",
    "status",
];
const SETTLE: [&str; 15] = [
    "appid",
    "channel_settle_id",
    "commission",
    "cp_extra",
    "cp_settle_no",
    "is_auto_settle",
    "message",
    "order_id",
    "out_order_no",
    "rake",
    "settle_amount",
    "settle_detail",
    "settle_no",
    "settled_at",
    "status",
];

#[tokio::test]
async fn messages_have_exactly_the_documented_fields() {
    let world = World::new();
    let order_id = world.paid("O1", 1280).await;
    assert_eq!(world.refund("O1", "R1", 100).await["err_tips"], "受理成功");
    world.advance(DAY * 8).await;
    let shares = json!([{ "merchant_uid": "69645835031835936200", "amount": 60 }]);
    assert_eq!(world.settle("O1", "S1", shares).await["err_no"], 0);
    world.advance(Duration::from_secs(60)).await;
    let heard = world.merchant.heard();
    assert_eq!(kinds(&heard), ["payment", "refund", "settle"]);
    for (heard, fields) in heard.iter().zip([&PAYMENT[..], &REFUND[..], &SETTLE[..]]) {
        let envelope = heard.envelope();
        assert_eq!(sorted_keys(&envelope), ["msg", "msg_signature", "nonce", "timestamp", "type"]);
        assert!(envelope["timestamp"].is_string() && envelope["nonce"].as_str().unwrap().len() <= 4);
        assert_eq!(sorted_keys(&heard.msg()), fields);
    }
    let payment = heard[0].msg();
    assert_eq!((&payment["way"], &payment["total_amount"]), (&json!("1"), &json!(1280)));
    assert_eq!((&payment["order_id"], &payment["paid_at"]), (&json!(order_id), &json!(START / 1_000)));
    let refund = heard[1].msg();
    assert_eq!((&refund["is_all_settled"], &refund["refund_amount"]), (&json!(false), &json!(100)));
    assert!((10_000..=15_000).contains(&(heard[1].at - START)));
    let settle = heard[2].msg();
    assert_eq!((&settle["rake"], &settle["settle_amount"]), (&json!(7), &json!(1173)));
    assert_eq!(settle["message"], "SUCCESS");
    assert_eq!(settle["settle_detail"], "商户号69645835031835936200-分成金额(分)60");
}

#[tokio::test]
async fn the_requests_own_url_wins_over_the_console() {
    let world = World::new();
    let mut body = order("O1", 1280);
    body["notify_url"] = json!("https://shop.example.com/own?x=1");
    let opened = world.call("create_order", body).await;
    world.mock.pay(&PayAsk::new(opened["data"]["order_id"].as_str().unwrap())).unwrap();
    world.refund("O1", "R1", 100).await;
    let mut with_url = refund("O1", "R2", 100);
    with_url["notify_url"] = json!("https://shop.example.com/refunds");
    world.call("create_refund", with_url).await;
    world.advance(Duration::from_secs(60)).await;
    let mut urls: Vec<_> = world.merchant.heard().into_iter().map(|heard| heard.url).collect();
    urls.sort();
    let base = "https://shop.example.com";
    assert_eq!(urls, [format!("{base}/console"), format!("{base}/own?x=1"), format!("{base}/refunds")]);

    for wrong in ["http://shop.example.com/x", "https://shop.example.com:8443/x", "shop"] {
        let mut body = order("O2", 1280);
        body["notify_url"] = json!(wrong);
        assert_eq!(world.call("create_order", body).await["err_no"], 2010, "{wrong}");
    }
}

/// Pays one order under one scripted callback fault and lets a day and an hour pass.
async fn under(fault: CallbackFault) -> (World, Vec<Heard>) {
    let world = World::with(MockConfig { seed: 3, ..config() });
    let mut faults = Faults::default();
    faults.next_callbacks.push(NextCallback::new("payment", fault, 1));
    world.mock.set_faults(faults);
    world.paid("O1", 1280).await;
    world.refund("O1", "R1", 100).await;
    world.advance(DAY + Duration::from_secs(7_200)).await;
    let heard = world.merchant.heard();
    (world, heard)
}

fn kinds(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(|heard| heard.envelope()["type"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_callback_fault_does_what_it_says() {
    assert_eq!(kinds(&under(CallbackFault::Never).await.1), ["refund"]);

    let (world, heard) = under(CallbackFault::Lost).await;
    assert_eq!(kinds(&heard), ["refund", "payment"]);
    let lost = &world.mock.callbacks().deliveries[0];
    assert_eq!((lost.attempt, lost.status, lost.fault), (1, None, Some(CallbackFault::Lost)));
    assert_eq!(heard[1].at - lost.sent_at.get(), 15_000);

    let (_, heard) = under(CallbackFault::Doubled).await;
    assert_eq!(kinds(&heard), ["payment", "payment", "refund"]);
    assert!(heard[1].at - heard[0].at < 50 && heard.iter().all(|heard| verified(heard, "mocktoken")));

    let (world, heard) = under(CallbackFault::WrongSignature).await;
    assert!(!verified(&heard[0], "mocktoken") && kinds(&heard).len() == 2);
    assert!(world.mock.callbacks().waiting.is_empty());

    let (world, heard) = under(CallbackFault::AcknowledgementLost).await;
    assert_eq!(kinds(&heard), ["payment", "refund", "payment"]);
    let first = &world.mock.callbacks().deliveries[0];
    assert_eq!((first.status, first.acknowledged), (Some(200), false));

    assert_eq!(kinds(&under(CallbackFault::Reordered).await.1), ["refund", "payment"]);
    assert_eq!(kinds(&under(CallbackFault::Late).await.1), ["refund", "payment"]);
}

#[tokio::test]
async fn the_task_sends_when_the_clock_passes_the_due_time() {
    let world = World::new();
    world.mock.start();
    world.mock.start();
    world.paid("O1", 1280).await;
    let settle = || async {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    };
    settle().await;
    assert_eq!(world.merchant.heard().len(), 0, "nothing is due yet");
    world.clock.advance(Duration::from_secs(2));
    settle().await;
    assert_eq!(world.merchant.heard().len(), 1);
    world.mock.stop().unwrap();
}

#[tokio::test]
async fn a_jump_and_the_task_share_the_work_without_sending_twice() {
    let world = World::new();
    world.mock.start();
    for n in 0..20 {
        world.paid(&format!("O{n}"), 100 + n).await;
    }
    let jumps = futures_util::future::join(world.advance(DAY), world.advance(DAY));
    let other = async {
        for n in 20..30 {
            world.paid(&format!("O{n}"), 100 + n).await;
            tokio::task::yield_now().await;
        }
    };
    futures_util::future::join(jumps, other).await;
    world.advance(DAY).await;
    let heard = world.merchant.heard();
    let numbers: std::collections::BTreeSet<_> =
        heard.iter().map(|h| h.msg()["cp_orderno"].to_string()).collect();
    assert_eq!((heard.len(), numbers.len()), (30, 30));
    assert_eq!(world.mock.books().now.get(), START + 3 * 86_400_000, "jumps add up, each takes its turn");
    world.mock.stop().unwrap();
}
