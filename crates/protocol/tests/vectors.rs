//! The golden vectors, through every path that can carry them.

use douyin_pay_protocol::ecpay::callback::{self, Unverified};
use douyin_pay_protocol::ecpay::{
    CreateOrder, CreateRefund, QueryOrder, QueryRefund, Settle, Share, ValidTime, json, sign,
};
use douyin_pay_protocol::{
    CpExtra, Fen, MerchantUid, NotifyUrl, OrderAmount, OrderBody, OutOrderNo, OutRefundNo, OutSettleNo,
    PlainText, Reason, RefundAmount, Salt, SettleDesc, ShareAmount, Subject, Token,
};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct RequestVector {
    id: String,
    salt: String,
    body: Box<RawValue>,
    canonical: String,
    sign: String,
}

#[derive(Deserialize)]
struct CallbackVector {
    id: String,
    token: String,
    timestamp: Box<RawValue>,
    nonce: String,
    msg: String,
    sha1: String,
}

fn requests() -> Vec<RequestVector> {
    lines(include_str!("../vectors/ecpay_request_sign.jsonl"))
}

fn callbacks() -> Vec<CallbackVector> {
    lines(include_str!("../vectors/ecpay_callback_sign.jsonl"))
}

fn lines<T: serde::de::DeserializeOwned>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).expect("a vector")).collect()
}

#[test]
fn all_46_requests_are_signed_to_the_letter() {
    let vectors = requests();
    assert_eq!(vectors.len(), 46);
    for vector in vectors {
        let salt = Salt::new(vector.salt.as_str()).expect("a salt");
        let body = vector.body.get().as_bytes();
        assert_eq!(json::sign(body, &salt).expect("an object").as_str(), vector.sign, "{}", vector.id);
        let explained = json::explain(body, &salt).expect("an object");
        let joined = explained.joined.replace("‹SALT›", &vector.salt);
        assert_eq!(joined, vector.canonical, "{}", vector.id);
        assert_eq!(explained.sign, vector.sign, "{}", vector.id);
    }
}

#[test]
fn all_18_callbacks_are_verified_and_any_other_token_is_not() {
    let vectors = callbacks();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let envelope = format!(
            r#"{{"timestamp":{},"nonce":{},"msg":{},"type":"payment","msg_signature":"{}"}}"#,
            vector.timestamp,
            serde_json::to_string(&vector.nonce).expect("a text"),
            serde_json::to_string(&vector.msg).expect("a text"),
            vector.sha1,
        );
        let token = Token::new(vector.token.as_str()).expect("a token");
        let other = Token::new("another1").expect("a token");
        let parse = || Unverified::parse(envelope.as_bytes()).expect("an envelope");
        let verified =
            parse().verify(&[other.clone(), token.clone()]).unwrap_or_else(|_| panic!("{}", vector.id));
        assert_eq!((verified.token_index(), verified.msg()), (1, vector.msg.as_str()), "{}", vector.id);
        assert!(parse().verify(&[other]).is_err(), "{}", vector.id);
        assert!(callback::explain(envelope.as_bytes(), &[token]).expect("an envelope").is_valid());
    }
}

#[test]
fn a_tampered_message_does_not_carry_the_old_signature() {
    let vectors = callbacks();
    let find = |id: &str| vectors.iter().find(|vector| vector.id == id).expect("a vector");
    let (right, tampered) = (find("C05"), find("C16"));
    let token = Token::new(right.token.as_str()).expect("a token");
    let timestamp = right.timestamp.get().trim_matches('"');
    assert_ne!(callback::sign(&token, timestamp, &right.nonce, &tampered.msg), right.sha1);
}

fn salt() -> Salt {
    Salt::new("test_salt_Ab12Cd34").expect("a salt")
}

fn order_no() -> OutOrderNo {
    OutOrderNo::new("O20240101000001").expect("a number")
}

fn latte(amount: i64) -> CreateOrder {
    let amount = OrderAmount::new(Fen::new(amount).expect("fen")).expect("in range");
    let valid = ValidTime::new(900).expect("in range");
    let (subject, body) =
        (Subject::new("Latte").expect("short"), OrderBody::new("Latte large").expect("short"));
    CreateOrder::new(order_no(), amount, subject, body, valid)
}

fn expected(id: &str) -> String {
    requests().into_iter().find(|vector| vector.id == id).expect("a vector").sign
}

#[test]
fn typed_requests_give_the_same_signatures() {
    let salt = salt();
    assert_eq!(sign(&latte(1280), &salt).as_str(), expected("R02"));
    assert_eq!(sign(&latte(1280).disable_msg(false), &salt).as_str(), expected("R12"));
    assert_eq!(sign(&latte(1_000_000), &salt).as_str(), expected("R17"));
    assert_eq!(sign(&latte(10_000_000_000), &salt).as_str(), expected("R18"));
    assert_eq!(sign(&QueryOrder::new(order_no()), &salt).as_str(), expected("R26"));
    let refund_no = OutRefundNo::new("R20240101000001").expect("a number");
    assert_eq!(sign(&QueryRefund::new(refund_no), &salt).as_str(), expected("R27"));
}

#[test]
fn every_documented_request_body_signs_alike_on_both_paths() {
    let salt = salt();
    let app_id = douyin_pay_protocol::AppId::new("tt0000000000000001").expect("an app id");
    let url = || NotifyUrl::new("https://m.example.com/cb").expect("a URL");
    let extra = || CpExtra::new("一些附加信息").expect("short");
    let order = latte(1280)
        .cp_extra(extra())
        .notify_url(url())
        .disable_msg(true)
        .msg_page(PlainText::new("pages/order?id=1&x=%20").expect("short"))
        .store_uid(MerchantUid::new("70775300146143419322").expect("a uid"))
        .limit_pay_way(PlainText::new("LIMIT_WX,LIMIT_ALI").expect("short"));
    let amount = RefundAmount::new(Fen::new(100).expect("fen")).expect("in range");
    let refund_no = OutRefundNo::new("R1").expect("a number");
    let refund = CreateRefund::new(order_no(), refund_no, amount, Reason::new("发错地址").expect("short"))
        .cp_extra(extra())
        .notify_url(url())
        .all_settle(true);
    let share = Share {
        merchant_uid: MerchantUid::new("69645835031835936200").expect("a uid"),
        amount: ShareAmount::new(Fen::new(60).expect("fen")).expect("in range"),
    };
    let settle_no = OutSettleNo::new("S1").expect("a number");
    let settle = Settle::new(settle_no, order_no(), SettleDesc::new("主动结算").expect("short"))
        .shares(&[share])
        .expect("one receiver")
        .finish(true)
        .notify_url(url());
    for (body, typed) in [
        (douyin_pay_protocol::ecpay::signed_body(&app_id, None, &order, &salt), sign(&order, &salt)),
        (
            douyin_pay_protocol::ecpay::signed_body(&app_id, Some(&app_id), &refund, &salt),
            sign(&refund, &salt),
        ),
        (douyin_pay_protocol::ecpay::signed_body(&app_id, None, &settle, &salt), sign(&settle, &salt)),
    ] {
        let explained = json::explain(&body, &salt).expect("our own body");
        assert_eq!(explained.matches, Some(true), "{explained}");
        assert_eq!(explained.signature(), typed);
    }
}
