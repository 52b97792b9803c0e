//! `trigger` for the general trade system: what is posted and signed.

use douyin_pay_mock::keys;
use douyin_pay_protocol::trade::PlatformPublicKey;
use douyin_pay_protocol::trade::callback::{Headers, Unverified};
use serde_json::{Value, json};

use crate::program::{err, json as read, out, run};
use crate::shop::Shop;
use crate::stub::{Seen, Stub};

fn success(_request: &Seen) -> String {
    r#"{"err_no":0,"err_tips":"success"}"#.to_owned()
}

/// The message of a callback whose signature is this key's.
fn message(seen: &Seen, key: &str, kind: &str) -> Value {
    let keys = [PlatformPublicKey::parse(key).expect("a key")];
    let headers = Headers {
        timestamp: seen.header("Byte-Timestamp"),
        nonce: seen.header("Byte-Nonce-Str"),
        signature: seen.header("Byte-Signature"),
    };
    let callback =
        Unverified::parse(headers, &seen.body).expect("a callback").verify(&keys).expect("genuine");
    assert_eq!((callback.kind(), callback.version()), (kind, Some("3.0")));
    serde_json::from_str(callback.msg()).expect("JSON")
}

fn trigger(shop: &Shop, words: &[&str]) -> std::process::Output {
    let words = shop.words(&[&["trigger"], words].concat());
    run(&words.iter().map(String::as_str).collect::<Vec<_>>(), b"")
}

/// What was typed, with which further words, the type on the wire, and the fields of the message.
const KINDS: [(&str, &[&str], &str, &[&str]); 5] = [
    (
        "payment",
        &[],
        "payment",
        &[
            "app_id",
            "out_order_no",
            "order_id",
            "status",
            "total_amount",
            "discount_amount",
            "pay_channel",
            "channel_pay_id",
            "merchant_uid",
            "message",
            "event_time",
            "user_bill_pay_id",
        ],
    ),
    (
        "payment-cancel",
        &[],
        "payment",
        &["app_id", "out_order_no", "order_id", "status", "total_amount", "message"],
    ),
    (
        "refund",
        &["--number", "R1"],
        "refund",
        &[
            "app_id",
            "order_id",
            "refund_id",
            "out_refund_no",
            "status",
            "refund_total_amount",
            "cp_extra",
            "message",
            "event_time",
            "is_all_settled",
            "refund_type",
            "refund_item_detail",
        ],
    ),
    (
        "settle",
        &["--number", "S1"],
        "settle",
        &[
            "app_id",
            "order_id",
            "settle_id",
            "out_settle_no",
            "status",
            "settle_amount",
            "rake",
            "commission",
            "settle_detail",
            "message",
            "cp_extra",
            "event_time",
            "is_auto_settle",
        ],
    ),
    (
        "pre_create_refund",
        &["--number", "motb9"],
        "pre_create_refund",
        &[
            "app_id",
            "open_id",
            "refund_id",
            "order_id",
            "out_order_no",
            "refund_total_amount",
            "need_refund_audit",
            "refund_audit_deadline",
            "create_refund_time",
            "refund_source",
            "refund_reason",
            "refund_description",
            "cp_extra",
            "refund_item_detail",
        ],
    ),
];

#[test]
fn each_kind_is_signed_as_the_platform_signs_it() {
    let (shop, receiver) = (Shop::open(), Stub::start(success));
    let common = ["--order", "O1", "--amount", "12.80", "--to", &receiver.url];
    for (kind, more, wire, names) in KINDS {
        let output = trigger(&shop, &[&[kind], more, &common[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{kind}: {}", err(&output));
        assert!(out(&output).contains("Byte-Signature: "), "{kind}: {}", out(&output));
        let seen = receiver.seen().pop().expect("it was posted");
        let msg = message(&seen, keys::PLATFORM_PUBLIC_KEY_PEM, wire);
        for name in names {
            assert!(!msg[*name].is_null(), "{kind}: {name} is missing in {msg}");
        }
        assert_eq!(msg["app_id"], "tt0000000000000001", "{kind}");
        assert!(seen.header("Byte-Identifyname").starts_with('/') && !seen.header("Byte-Logid").is_empty());
        assert_eq!(seen.header("content-type"), "application/json");
        let amount = ["total_amount", "refund_total_amount", "settle_amount"].map(|name| msg[name].as_i64());
        assert!(amount.contains(&Some(1280)), "{kind}: fen: {msg}");
        if let Some(detail) = msg.get("refund_item_detail") {
            assert_eq!(detail["item_order_quantity"], 1, "{msg}");
            assert_eq!(detail["item_order_detail"][0]["refund_amount"], 1280, "{msg}");
            assert!(detail["item_order_detail"][0]["item_order_id"].is_string(), "{msg}");
        }
    }
    let cancelled = receiver.seen();
    let cancelled = message(&cancelled[1], keys::PLATFORM_PUBLIC_KEY_PEM, "payment");
    assert_eq!((&cancelled["status"], &cancelled["message"]), (&json!("CANCEL"), &json!("USER_CANCEL")));
}

#[test]
fn a_key_of_ones_own_signs_and_a_strange_one_is_told() {
    let (shop, receiver) = (Shop::open(), Stub::start(success));
    let own = shop.write("own.pem", keys::SECOND_PLATFORM_KEY_PEM);
    let words = ["payment", "--order", "O1", "--amount", "1", "--to", &receiver.url, "--platform-key", &own];
    let output = trigger(&shop, &words);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("is not among `platform_public_keys`"), "{}", err(&output));
    let seen = receiver.seen().pop().expect("it was posted");
    message(&seen, keys::SECOND_PLATFORM_PUBLIC_KEY_PEM, "payment");
    let public = shop.file("platform.pem");
    let words =
        ["payment", "--order", "O1", "--amount", "1", "--to", &receiver.url, "--platform-key", &public];
    let refused = trigger(&shop, &words);
    assert!(
        refused.status.code() == Some(2) && err(&refused).contains("this is a public key"),
        "{}",
        err(&refused)
    );
}

#[test]
fn guaranteed_payment_lacks_two_kinds_and_is_still_there() {
    let (shop, receiver) = (Shop::open(), Stub::start(success));
    for kind in ["payment-cancel", "pre_create_refund"] {
        let words = [
            kind,
            "--number",
            "X1",
            "--order",
            "O1",
            "--amount",
            "1",
            "--to",
            &receiver.url,
            "--system",
            "ecpay",
        ];
        let output = trigger(&shop, &words);
        assert!(output.status.code() == Some(2) && err(&output).contains(kind), "{kind}: {}", err(&output));
    }
    let old = trigger(
        &shop,
        &["payment", "--order", "O1", "--amount", "1", "--to", &receiver.url, "--system", "ecpay"],
    );
    assert_eq!(old.status.code(), Some(0), "{}", err(&old));
    let seen = receiver.seen().pop().expect("it was posted");
    let body: Value = serde_json::from_slice(&seen.body).expect("JSON");
    assert!(body["msg_signature"].is_string() && body.get("version").is_none(), "{body}");
}

#[test]
fn production_is_spared_and_the_real_platforms_key_is_nobodys() {
    let (shop, receiver) = (Shop::open(), Stub::start(success));
    let trade = shop.configuration().replacen(&shop.mock, "sandbox", 2);
    let production = trade
        .replace("\"sandbox\"", "\"production\"")
        .replace("http://127.0.0.1:1", "https://pay.example.com");
    shop.write("douyin-pay.toml", &production);
    let words = ["payment", "--order", "O1", "--amount", "1", "--to", &receiver.url];
    let output = trigger(&shop, &[&words[..], &["--json"]].concat());
    let told: Value = serde_json::from_slice(&output.stderr).expect("JSON");
    assert_eq!((output.status.code(), &told["error"]["code"]), (Some(2), &json!("production")), "{told}");
    shop.write("douyin-pay.toml", &trade.replace("http://127.0.0.1:1", "https://pay.example.com"));
    let output = trigger(&shop, &words);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(
        err(&output).contains("--platform-key") && err(&output).contains("openssl genrsa 2048"),
        "{}",
        err(&output)
    );
    assert!(receiver.seen().is_empty(), "nothing was sent");
}

#[test]
fn programs_read_what_was_sent_and_what_came_back() {
    let shop = Shop::open();
    let receiver = Stub::start(|_request: &Seen| r#"{"err_no":1,"err_tips":"later"}"#.to_owned());
    let output =
        trigger(&shop, &["payment", "--order", "O1", "--amount", "1", "--to", &receiver.url, "--json"]);
    let told = read(&output);
    assert_eq!((output.status.code(), &told["accepted"]), (Some(1), &json!(false)), "{told}");
    assert_eq!(told["sent"]["type"], "payment", "{told}");
    assert!(told["headers"]["Byte-Signature"].is_string(), "{told}");
}
