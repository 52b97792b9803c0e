//! The platform's answers, as documented, as captured, and as they should not be.

use douyin_pay_protocol::UnixMs;
use douyin_pay_protocol::ecpay::{
    CreateOrder, CreateRefund, ErrNo, Meaning, OrderStatus, PayWay, QueryOrder, QueryRefund, QuerySettle,
    ReplyError, ResultStatus, Settle, parse_reply,
};
use proptest::prelude::*;

/// A captured answer of the sandbox.
const PAID: &str = r#"{"err_no":0,"err_tips":"","out_order_no":"202408040747147327","order_id":"7398075047971440922","payment_info":{"total_fee":1,"order_status":"SUCCESS","pay_time":"2024-08-04 15:49:48","way":2,"channel_no":"","channel_gateway_no":"","seller_uid":"73744242495132490630","item_id":"","cp_extra":""}}"#;

#[test]
fn a_captured_answer_is_typed() {
    let reply = parse_reply::<QueryOrder>(PAID.as_bytes()).expect("paid");
    let payment = &reply.payment_info;
    assert_eq!(
        (payment.total_fee.map(|fen| fen.get()), &payment.order_status),
        (Some(1), &OrderStatus::Success)
    );
    assert_eq!(payment.pay_time, Some(UnixMs::new(1_722_757_788_000)));
    assert_eq!((payment.way, payment.channel_no.as_deref()), (Some(PayWay::Alipay), None));
    assert_eq!(payment.seller_uid.as_deref(), Some("73744242495132490630"));
}

#[test]
fn what_only_informs_may_be_odd_and_hides_nothing() {
    let odd = r#"{"err_no":"0","err_tips":null,"order_id":"","new":1,"payment_info":{"total_fee":"1280","order_status":"SUCCESS","pay_time":"soon","way":"x","channel_no":123,"seller_uid":{"a":1},"item_id":null,"cps_info":"{}","later":[1.5]}}"#;
    let reply = parse_reply::<QueryOrder>(odd.as_bytes()).expect("paid");
    let payment = reply.payment_info;
    assert_eq!(
        (payment.total_fee.map(|fen| fen.get()), payment.order_status),
        (Some(1280), OrderStatus::Success)
    );
    assert_eq!((payment.pay_time, payment.way, payment.seller_uid), (None, None, None));
    assert_eq!((payment.channel_no.as_deref(), reply.order_id), (Some("123"), None));
    assert!(payment.extra.contains_key("later") && reply.extra.contains_key("new"));
}

#[test]
fn a_promotion_is_found_wherever_it_stands() {
    let object = r#"{"share_amount":"299","douyin_id":"d1","nickname":"n"}"#;
    let text = serde_json::to_string(object).expect("a text");
    for (beside, inside, found) in [
        (object, "null", true),
        (&*text, "null", true),
        ("null", &*text, true),
        ("null", object, true),
        ("null", "null", false),
        (r#""""#, r#""""#, false),
        ("[1]", "1", false),
    ] {
        let body = format!(
            r#"{{"err_no":0,"payment_info":{{"order_status":"SUCCESS","cps_info":{inside}}},"cps_info":{beside}}}"#
        );
        let cps = parse_reply::<QueryOrder>(body.as_bytes()).expect("paid").cps();
        let told =
            cps.map(|cps| (cps.share_amount.map(|fen| fen.get()), cps.douyin_id.as_deref() == Some("d1")));
        assert_eq!(told, found.then_some((Some(299), true)), "{body}");
    }
}

#[test]
fn amounts_are_never_guessed() {
    for amount in ["-1", "1.5", "1e3", "\"x\"", "{}", "10000000000000"] {
        let body =
            format!(r#"{{"err_no":0,"payment_info":{{"total_fee":{amount},"order_status":"SUCCESS"}}}}"#);
        let read = parse_reply::<QueryOrder>(body.as_bytes());
        assert!(matches!(read, Err(ReplyError::Malformed(_))), "{amount}: {read:?}");
    }
}

#[test]
fn each_call_finds_its_payload() {
    let taken = r#"{"err_no":0,"err_tips":"","data":{"order_id":"N73","order_token":"Cgs"}}"#;
    assert_eq!(parse_reply::<CreateOrder>(taken.as_bytes()).expect("taken").order_id.as_str(), "N73");
    let settled = r#"{"err_no":0,"err_tips":"success","settle_no":"N7300000000000000003"}"#;
    assert_eq!(
        parse_reply::<Settle>(settled.as_bytes()).expect("taken").settle_no.as_str(),
        "N7300000000000000003"
    );
    let refund = r#"{"err_no":0,"err_tips":"success","refundInfo":{"refund_no":"","refund_amount":100,"refund_status":"PROCESSING","refunded_at":0,"cp_extra":"","msg":""}}"#;
    let refund = parse_reply::<QueryRefund>(refund.as_bytes()).expect("under way");
    assert_eq!(
        (refund.refund_status, refund.refunded_at, refund.refund_no),
        (ResultStatus::Processing, None, None)
    );
    let settle = r#"{"err_no":0,"settle_info":{"settle_no":"N3","settle_amount":1272,"settle_status":"LATER","settled_at":1704672000,"rake":8,"commission":0}}"#;
    let settle = parse_reply::<QuerySettle>(settle.as_bytes()).expect("known");
    assert_eq!(settle.settle_status, ResultStatus::Other("LATER".into()));
    assert_eq!(settle.settled_at, Some(UnixMs::from_seconds(1_704_672_000)));
}

#[test]
fn refusals_are_codes_whatever_else_is_there() {
    for body in [
        r#"{"err_no":2008,"err_tips":"签名校验异常,请使用正确的签名","data":null}"#,
        r#"{"data":{},"err_tips":{"zh":"x"},"err_no":2008}"#,
        r#"{"err_no":"2008"}"#,
    ] {
        let Err(ReplyError::Platform(error)) = parse_reply::<CreateOrder>(body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!((error.err_no, error.err_no.meaning()), (ErrNo::SIGNATURE, Meaning::Signature));
        assert!(error.to_string().contains("2008 (the signature is wrong)"));
    }
}

#[test]
fn what_is_not_the_platforms_is_not_an_answer() {
    for body in [
        "",
        "<html>502</html>",
        "[0]",
        r#"[0,"",{}]"#,
        "0",
        "{}",
        r#"{"err_no":null}"#,
        r#"{"err_no":"ok"}"#,
        r#"{"err_no":0"#,
        r#"{"err_no":0}{"err_no":0}"#,
    ] {
        assert!(
            matches!(parse_reply::<CreateRefund>(body.as_bytes()), Err(ReplyError::NotJson(_))),
            "{body}"
        );
    }
    assert!(matches!(
        parse_reply::<CreateRefund>(b"{\"err_no\":0,\"x\":\"\xff\"}"),
        Err(ReplyError::NotJson(_))
    ));
    for body in [r#"{"err_no":0}"#, r#"{"err_no":0,"data":null}"#, r#"{"err_no":0,"data":["N73","t"]}"#] {
        let read = parse_reply::<CreateOrder>(body.as_bytes());
        assert!(
            matches!(&read, Err(ReplyError::Malformed(problem)) if problem.contains("data")),
            "{body}: {read:?}"
        );
    }
}

#[test]
fn every_code_has_words_in_both_languages() {
    for code in ErrNo::documented().chain([ErrNo::new(99_999)]) {
        for words in [code.zh(), code.en(), code.remedy_zh(), code.remedy_en()] {
            assert!(!words.is_empty(), "{code}");
        }
        assert!(!code.zh().is_ascii() && code.en().is_ascii(), "{code}");
    }
    assert_eq!(ErrNo::new(99_999).meaning(), Meaning::Other);
}

proptest! {
    #[test]
    fn no_answer_makes_the_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(parse_reply::<QueryOrder>(&body).is_err());
    }

    #[test]
    fn a_cut_answer_is_never_a_success(length in 0usize..PAID.len()) {
        let cut = parse_reply::<QueryOrder>(&PAID.as_bytes()[..length]);
        prop_assert!(matches!(cut, Err(ReplyError::NotJson(_))));
    }
}
