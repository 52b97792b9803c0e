//! Callbacks: signed with the platform's key, on the documented schedule, wherever they belong.

use douyin_pay_mock::{CallbackFault, Faults, NextCallback, System, keys};
use douyin_pay_protocol::trade::PlatformPublicKey;
use douyin_pay_protocol::trade::callback::{Headers, Unverified};
use serde_json::json;

use super::shop::{Shop, service};
use crate::world::{DAY, Heard, START, config};

fn verified(heard: &Heard, pem: &str) -> bool {
    let find = |name: &str| heard.headers.get(name).and_then(|value| value.to_str().ok());
    let headers = Headers::find(find).unwrap();
    let key = PlatformPublicKey::parse(pem).unwrap();
    Unverified::parse(headers, &heard.body).unwrap().verify(&[key]).is_ok()
}

#[tokio::test]
async fn a_payment_is_told_eleven_times_in_29_minutes_each_signed_afresh() {
    let shop = Shop::new();
    shop.world.merchant.always(500, "no");
    shop.paid(&service("O1", 1280)).await;
    shop.world.advance(DAY).await;
    let heard = shop.world.merchant.heard();
    let first = heard[0].at;
    assert!((500..=2_000).contains(&(first - START)), "{first}");
    let offsets: Vec<i64> = heard.iter().map(|heard| (heard.at - first) / 1_000).collect();
    assert_eq!(offsets, [0, 12, 24, 57, 117, 237, 417, 657, 957, 1_317, 1_737]);
    for heard in &heard {
        assert_eq!(heard.url, "https://shop.example.com/trade");
        assert!(verified(heard, keys::PLATFORM_PUBLIC_KEY_PEM));
        assert!(!verified(heard, keys::APPLICATION_PUBLIC_KEY_PEM));
        let header = |name: &str| heard.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("byte-identifyname"), "/msg/trade/payment/notify");
        assert_eq!((header("byte-nonce-str").len(), header("byte-logid").len()), (32, 34));
        assert_eq!(header("byte-timestamp"), (heard.at / 1_000).to_string());
        assert_eq!(heard.envelope()["version"], "3.0");
    }
    let signatures: std::collections::BTreeSet<_> =
        heard.iter().map(|heard| heard.headers["byte-signature"].to_str().unwrap().to_owned()).collect();
    assert_eq!(signatures.len(), 11);
    assert!(heard.windows(2).all(|pair| pair[0].body == pair[1].body));
    let deliveries = shop.world.mock.callbacks().deliveries;
    assert!(deliveries.iter().all(|one| one.system == System::Trade));
    assert_eq!(deliveries.last().unwrap().next_at, None);
}

#[tokio::test]
async fn a_payment_names_everything() {
    let shop = Shop::new();
    let mut own = service("O1", 1280);
    own["payNotifyUrl"] = json!("https://shop.example.com/own");
    let order_id = shop.paid(&own).await;
    shop.seconds(3).await;
    let heard = shop.world.merchant.heard().remove(0);
    assert_eq!(heard.url, "https://shop.example.com/own", "the request's own address wins");
    let msg = heard.msg();
    for (name, value) in [
        ("out_order_no", json!("O1")),
        ("order_id", json!(order_id)),
        ("status", json!("SUCCESS")),
        ("total_amount", json!(1280)),
        ("discount_amount", json!(0)),
        ("pay_channel", json!(1)),
        ("merchant_uid", json!("70775300146143419322")),
        ("message", json!("")),
        ("event_time", json!(START)),
    ] {
        assert_eq!(msg[name], value, "{name}");
    }
    assert!(msg["channel_pay_id"].is_string() && msg["user_bill_pay_id"].is_string());
}

#[tokio::test]
async fn without_any_address_nobody_is_told() {
    let shop = Shop::new();
    shop.console(|change| change.published = Some(douyin_pay_mock::Published::default()));
    shop.paid(&service("O1", 5)).await;
    shop.seconds(60).await;
    assert!(shop.world.merchant.heard().is_empty());
}

#[tokio::test]
async fn an_address_of_the_order_needs_a_published_one() {
    let heard = async |ignored: bool| {
        let mut config = config();
        config.switches.ignore_unpublished = ignored;
        let shop = Shop::with(config);
        shop.console(|change| change.published = Some(douyin_pay_mock::Published::default()));
        let mut order = service("O1", 5);
        order["payNotifyUrl"] = json!("https://shop.example.com/own");
        shop.paid(&order).await;
        order["outOrderNo"] = json!("O2");
        shop.paid(&order).await;
        shop.seconds(60).await;
        (shop.world.merchant.heard().len(), shop.world.mock.books().warnings)
    };
    let (told, warnings) = heard(false).await;
    assert_eq!((told, warnings.len()), (2, 1), "sent all the same, and warned once: {warnings:?}");
    assert!(
        warnings[0].contains("`payment` of `tt0000000000000001`") && warnings[0].contains("publish"),
        "{warnings:?}"
    );
    let (told, warnings) = heard(true).await;
    assert_eq!((told, warnings.len()), (0, 1), "as the platform does: {warnings:?}");
}

#[tokio::test]
async fn the_platforms_key_can_change() {
    let shop = Shop::new();
    shop.world.merchant.always(500, "no");
    shop.paid(&service("O1", 5)).await;
    shop.seconds(5).await;
    shop.console(|change| change.rotate_platform_key = Some(keys::SECOND_PLATFORM_KEY_PEM.to_owned()));
    shop.seconds(10).await;
    let heard = shop.world.merchant.heard();
    assert!(verified(&heard[0], keys::PLATFORM_PUBLIC_KEY_PEM));
    assert!(verified(&heard[1], keys::SECOND_PLATFORM_PUBLIC_KEY_PEM));
    let wrong =
        json!({ "app_id": "tt0000000000000001", "rotate_platform_key": keys::PLATFORM_PUBLIC_KEY_PEM });
    let (status, answer) = shop.world.control("POST", "/mock/apps/trade", &wrong.to_string()).await;
    assert!(status == 400 && answer["error"].as_str().unwrap().contains("rotate_platform_key"), "{answer}");
}

#[tokio::test]
async fn every_fault_of_callbacks_happens_here_too() {
    let told = async |fault: CallbackFault| {
        let shop = Shop::new();
        let next_callbacks = vec![NextCallback::new("payment", fault, 1)];
        shop.world.mock.set_faults(Faults { next_callbacks, ..Faults::default() });
        shop.paid(&service("O1", 5)).await;
        shop.seconds(3_600).await;
        let heard = shop.world.merchant.heard();
        let right = heard.iter().filter(|heard| verified(heard, keys::PLATFORM_PUBLIC_KEY_PEM)).count();
        (heard.len(), right)
    };
    assert_eq!(told(CallbackFault::Never).await, (0, 0));
    assert_eq!(told(CallbackFault::Late).await, (1, 1));
    assert_eq!(told(CallbackFault::Reordered).await, (1, 1));
    assert_eq!(told(CallbackFault::Lost).await, (1, 1));
    assert_eq!(told(CallbackFault::Doubled).await, (2, 2));
    assert_eq!(told(CallbackFault::AcknowledgementLost).await, (2, 2));
    let (heard, right) = told(CallbackFault::WrongSignature).await;
    assert_eq!((heard, right), (1, 0), "the merchant of this test believes everything");
}

#[tokio::test]
async fn the_first_signature_may_be_repeated() {
    let mut config = config();
    config.switches.replay_first_signature = true;
    let shop = Shop::with(config);
    shop.world.merchant.always(500, "no");
    shop.paid(&service("O1", 5)).await;
    shop.seconds(60).await;
    let heard = shop.world.merchant.heard();
    assert!(heard.len() > 3);
    assert!(heard.windows(2).all(|pair| pair[0].headers == pair[1].headers));
    assert!(heard.iter().all(|heard| verified(heard, keys::PLATFORM_PUBLIC_KEY_PEM)));
}
