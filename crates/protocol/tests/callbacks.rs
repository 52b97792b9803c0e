//! What a callback may look like, and what must never be believed.

use douyin_pay_protocol::ecpay::callback::{self, CallbackError, Notice, Unverified};
use douyin_pay_protocol::ecpay::{PayWay, ResultStatus};
use douyin_pay_protocol::{Token, UnixMs};
use proptest::prelude::*;

const PAYMENT: &str = r#"{"appid":"tt1","cp_orderno":"O1","way":"10","total_amount":1280,"status":"SUCCESS","paid_at":1704067200,"order_id":"","new_field":{"a":[1]}}"#;

fn token() -> Token {
    Token::new("testToken2024").expect("a token")
}

fn signed(msg: &str) -> Vec<u8> {
    callback::body(&token(), "payment", "1704067201", "2345", msg)
}

#[test]
fn a_payment_is_typed_and_unknown_fields_are_skipped() {
    let body = signed(PAYMENT);
    let verified = Unverified::parse(&body).expect("an envelope").verify(&[token()]).expect("genuine");
    let Notice::Payment(notice) = verified.notice().expect("a payment") else { panic!("a payment") };
    assert_eq!(notice.total_amount.get(), 1280);
    assert_eq!(notice.way, Some(PayWay::DouyinPay));
    assert_eq!(notice.paid_at, Some(UnixMs::from_seconds(1_704_067_200)));
    assert_eq!(notice.order_id, None);
}

#[test]
fn spellings_of_both_generations_are_read() {
    let settle = r#"{"app_id":"tt1","cp_settle_no":"S1","status":"FAIL","rake":"8","settled_at":0,"is_auto_settle":"false","message":null}"#;
    let Ok(Notice::Settle(notice)) = Notice::parse("settle", settle) else { panic!("a settlement") };
    assert_eq!((notice.status, notice.rake.map(|fen| fen.get())), (ResultStatus::Fail, Some(8)));
    assert_eq!((notice.settled_at, notice.is_auto_settle, notice.message), (None, Some(false), None));
    let refund = r#"{"appid":"tt1","cp_refundno":"R1","status":"LATER","refund_amount":100}"#;
    let Ok(Notice::Refund(notice)) = Notice::parse("refund", refund) else { panic!("a refund") };
    assert_eq!(notice.status.as_str(), "LATER");
    assert!(matches!(Notice::parse("transfer", "not even json"), Ok(Notice::Other { .. })));
}

#[test]
fn escapes_in_the_envelope_do_not_change_what_is_signed() {
    let msg = r#"{"appid":"tt1","cp_orderno":"O1","total_amount":1,"status":"SUCCESS","cp_extra":"中/"}"#;
    let signature = callback::sign(&token(), "1704067201", "2345", msg);
    let escaped = serde_json::to_string(msg).expect("a text").replace('中', "\\u4e2d").replace('/', "\\/");
    let body = format!(
        r#"{{"timestamp":1704067201,"nonce":2345,"msg":{escaped},"type":"payment","msg_signature":"{signature}"}}"#
    );
    let verified =
        Unverified::parse(body.as_bytes()).expect("an envelope").verify(&[token()]).expect("genuine");
    assert_eq!(verified.msg(), msg);
}

#[test]
fn a_message_escaped_twice_is_verified_and_then_said_to_be_no_json() {
    let msg = PAYMENT.replace('"', "\\\"");
    let body = signed(&msg);
    let verified = Unverified::parse(&body).expect("an envelope").verify(&[token()]).expect("genuine");
    assert_eq!(verified.msg(), msg);
    assert!(matches!(verified.notice(), Err(CallbackError::Message(_))));
}

#[test]
fn a_salt_does_not_verify_and_a_rewritten_message_neither() {
    let spaced = r#"{ "appid": "tt1", "cp_orderno": "O1", "total_amount": 1, "status": "SUCCESS" }"#;
    let body = signed(spaced);
    let salt = Token::new("test_salt_Ab12Cd34").expect("a secret");
    assert!(Unverified::parse(&body).expect("an envelope").verify(&[salt]).is_err());
    assert!(Unverified::parse(&body).expect("an envelope").verify(&[]).is_err());
    let rewritten = serde_json::from_str::<serde_json::Value>(spaced).expect("JSON").to_string();
    let signature = callback::sign(&token(), "1704067201", "2345", spaced);
    let other = callback::sign(&token(), "1704067201", "2345", &rewritten);
    let forged = String::from_utf8(signed(&rewritten)).expect("UTF-8").replace(&other, &signature);
    assert!(Unverified::parse(forged.as_bytes()).expect("an envelope").verify(&[token()]).is_err());
}

#[test]
fn a_type_and_its_message_must_fit() {
    // The type is not signed: a refund's message sent as a payment must not be taken for one.
    let refund = r#"{"appid":"tt1","cp_refundno":"R1","status":"SUCCESS","refund_amount":100}"#;
    assert!(matches!(Notice::parse("refund", refund), Ok(Notice::Refund(_))));
    for kind in ["payment", "settle"] {
        assert!(matches!(Notice::parse(kind, refund), Err(CallbackError::Message(_))), "{kind}");
    }
    let list = r#"["tt1","O1",1280,"SUCCESS"]"#;
    assert!(matches!(Notice::parse("payment", list), Err(CallbackError::Message(_))));
}

#[test]
fn an_amount_must_be_one_and_the_rest_may_be_odd() {
    let payment = |amount: &str| {
        format!(
            r#"{{"appid":"tt1","cp_orderno":"O1","total_amount":{amount},"status":"SUCCESS","order_id":"a b","channel_no":7,"paid_at":"x"}}"#
        )
    };
    let odd = payment("\"1280\"");
    let Ok(Notice::Payment(notice)) = Notice::parse("payment", &odd) else { panic!("a payment") };
    assert_eq!((notice.total_amount.get(), notice.order_id, notice.paid_at), (1280, None, None));
    assert_eq!(notice.channel_no.as_deref(), Some("7"));
    for amount in ["-1", "1.5", "null", "\"\"", "true"] {
        assert!(
            matches!(Notice::parse("payment", &payment(amount)), Err(CallbackError::Message(_))),
            "{amount}"
        );
    }
}

#[test]
fn upper_case_needs_asking_for() {
    let body = String::from_utf8(signed(PAYMENT)).expect("UTF-8");
    let signature = callback::sign(&token(), "1704067201", "2345", PAYMENT);
    let upper = body.replace(&signature, &signature.to_ascii_uppercase());
    let parse = || Unverified::parse(upper.as_bytes()).expect("an envelope");
    assert!(matches!(parse().verify(&[token()]), Err(CallbackError::BadSignature)));
    assert!(parse().verify_any_case(&[token()]).is_ok());
}

#[test]
fn each_kind_of_nonsense_has_its_own_error() {
    let large = vec![b' '; callback::MAX_BODY + 1];
    assert!(matches!(Unverified::parse(&large), Err(CallbackError::TooLarge(_))));
    assert!(matches!(Unverified::parse(b"{\"msg\":\"\xff\"}"), Err(CallbackError::NotUtf8(8))));
    assert!(matches!(Unverified::parse(b"[1]"), Err(CallbackError::NotJson(_))));
    assert!(matches!(Unverified::parse(b"a=1"), Err(CallbackError::NotJson(_))));
    assert!(matches!(Unverified::parse(br#"{"nonce":"1"}"#), Err(CallbackError::Missing("timestamp"))));
    let no_signature = br#"{"timestamp":"1","nonce":"1","msg":"{}"}"#;
    assert!(matches!(Unverified::parse(no_signature), Err(CallbackError::Missing("type"))));
    let no_signature = br#"{"timestamp":"1","nonce":"1","msg":"{}","type":"payment","msg_signature":null}"#;
    assert!(matches!(Unverified::parse(no_signature), Err(CallbackError::Missing("msg_signature"))));
    let twice = br#"{"timestamp":"1","nonce":"1","msg":"{}","type":"payment","m\u0073g":"{}"}"#;
    assert!(matches!(Unverified::parse(twice), Err(CallbackError::Twice("msg"))));
    let no_word = br#"{"timestamp":"1","nonce":"1{\"a\":","msg":"1}","type":"payment","msg_signature":"x"}"#;
    assert!(matches!(Unverified::parse(no_word), Err(CallbackError::NotAWord("nonce"))));
    let wrong_type = br#"{"timestamp":{},"nonce":"1","msg":"{}","msg_signature":"x"}"#;
    assert!(matches!(Unverified::parse(wrong_type), Err(CallbackError::WrongType("timestamp"))));
    let successor = br#"{"timestamp":"1","nonce":"1","msg":"{}","msg_signature":"x","version":"3.0"}"#;
    assert!(matches!(Unverified::parse(successor), Err(CallbackError::OtherSystem)));
    let not_json = signed("amount=1");
    let verified = Unverified::parse(&not_json).expect("an envelope").verify(&[token()]).expect("genuine");
    assert!(matches!(verified.notice(), Err(CallbackError::Message(_))));
    let truncated = signed(PAYMENT);
    assert!(Unverified::parse(&truncated[..truncated.len() - 9]).is_err());
}

#[test]
fn echo_answers_only_who_knows_a_token() {
    let signature = callback::sign(&token(), "1704067201", "2345", "");
    assert!(callback::echo(&[token()], &signature, "1704067201", "2345"));
    assert!(!callback::echo(&[token()], &signature, "1704067202", "2345"));
    assert!(!callback::echo(&[], &signature, "1704067201", "2345"));
}

proptest! {
    #[test]
    fn a_flipped_byte_is_never_believed(position in 0usize..400, flip in 1u8..=255) {
        let mut body = signed(PAYMENT);
        let position = position % body.len();
        body[position] ^= flip;
        let believed = Unverified::parse(&body).ok().and_then(|callback| callback.verify(&[token()]).ok().map(|it| it.msg().to_owned()));
        // The type is not signed, and white space or escapes around fields may change harmlessly: the message may not.
        prop_assert!(believed.is_none_or(|msg| msg == PAYMENT));
    }

    #[test]
    fn no_bytes_make_the_parser_panic(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(callback) = Unverified::parse(&body) {
            prop_assert!(callback.verify(&[token()]).is_err());
        }
    }

    #[test]
    fn what_is_signed_is_verified(msg in "\\PC{0,200}", timestamp in "[0-9]{1,12}", nonce in "[0-9]{0,4}") {
        let body = callback::body(&token(), "refund", &timestamp, &nonce, &msg);
        let callback = Unverified::parse(&body);
        let verified = callback.expect("an envelope").verify(&[token()]).expect("genuine");
        prop_assert_eq!(verified.msg(), msg.as_str());
    }
}
