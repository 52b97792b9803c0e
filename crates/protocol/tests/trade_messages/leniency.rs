//! Odd spellings are read, amounts are never guessed, and nothing panics.

use douyin_pay_protocol::trade::callback::Notice;
use douyin_pay_protocol::trade::{
    OrderQuery, RefundQuery, SettleQuery, log_id, parse_reply, parse_token_reply,
};
use douyin_pay_protocol::{ErrNo, ReplyError};
use proptest::prelude::*;

#[test]
fn amounts_are_never_guessed() {
    for amount in ["-1", "1.5", "1e3", "\"x\"", "\"\"", "{}", "[1]", "null", "true", "10000000000000"] {
        let body = format!(
            r#"{{"err_no":0,"data":{{"order_id":"m","pay_status":"SUCCESS","total_amount":{amount}}}}}"#
        );
        let read = parse_reply::<OrderQuery>(200, body.as_bytes());
        assert!(matches!(read, Err(ReplyError::Malformed(_))), "{amount}: {read:?}");
        let msg =
            format!(r#"{{"app_id":"tt1","out_order_no":"O1","status":"SUCCESS","total_amount":{amount}}}"#);
        assert!(Notice::parse("payment", &msg).is_err(), "{amount}");
    }
}

#[test]
fn what_only_informs_never_hides_a_payment() {
    for odd in ["1.5", "1.7672256e12", "12345678901234567890123", "-3", "{}", "[1]", "null", "true", "\"x\""]
    {
        let fields =
            ["pay_channel", "event_time", "channel_pay_id", "merchant_uid", "message", "user_bill_pay_id"];
        for field in fields {
            let msg = format!(
                r#"{{"app_id":"tt1","out_order_no":"O1","status":"SUCCESS","total_amount":5,"{field}":{odd}}}"#
            );
            let read = Notice::parse("payment", &msg);
            assert!(
                matches!(&read, Ok(Notice::Payment(paid)) if paid.total_amount.get() == 5),
                "{field} {odd}: {read:?}"
            );
        }
        for field in ["pay_channel", "pay_time", "trade_time", "channel_pay_id", "merchant_uid"] {
            let body = format!(
                r#"{{"err_no":0,"data":{{"order_id":"m","pay_status":"SUCCESS","total_amount":5,"{field}":{odd}}}}}"#
            );
            let read = parse_reply::<OrderQuery>(200, body.as_bytes());
            assert!(read.is_ok(), "{field} {odd}: {read:?}");
        }
    }
}

#[test]
fn what_is_not_the_platforms_is_not_an_answer() {
    for body in [
        "",
        "<html>502</html>",
        "[0]",
        "0",
        "{}",
        r#"{"data":{}}"#,
        r#"{"err_no":null}"#,
        r#"{"err_no":"ok"}"#,
        r#"{"err_no":[0]}"#,
        r#"{"err_no":0"#,
        r#"{"err_no":0}{"err_no":0}"#,
    ] {
        let read = parse_reply::<RefundQuery>(502, body.as_bytes());
        assert!(
            matches!(&read, Err(ReplyError::NotJson(problem)) if problem.starts_with("HTTP 502, ")),
            "{body}: {read:?}"
        );
    }
    assert!(matches!(
        parse_reply::<RefundQuery>(200, b"{\"err_no\":0,\"x\":\"\xff\"}"),
        Err(ReplyError::NotJson(_))
    ));
}

#[test]
fn the_gateways_own_refusals_are_understood() {
    for (body, code) in [
        (
            r#"{"data":{"error_code":2190008,"description":"expired"},"extra":{"error_code":2190008,"logid":"L"}}"#,
            2_190_008,
        ),
        (r#"{"data":{},"extra":{"error_code":28001003,"description":"invalid","logid":"L"}}"#, 28_001_003),
        (r#"{"data":{"error_code":0},"extra":{"error_code":12001,"logid":"L"}}"#, 12_001),
        (r#"{"data":{"error_code":12001},"extra":{"error_code":0,"logid":"L"}}"#, 12_001),
    ] {
        let Err(ReplyError::Platform(refusal)) = parse_reply::<OrderQuery>(200, body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!(refusal.err_no, ErrNo::new(code));
        assert_eq!(log_id(body.as_bytes()).as_deref(), Some("L"), "{body}");
    }
}

#[test]
fn both_names_of_the_platforms_words_are_read() {
    for (body, words) in [
        (r#"{"err_no":10000,"err_msg":"a","err_tips":"b"}"#, "a"),
        (r#"{"err_no":10000,"err_msg":"","err_tips":"b"}"#, "b"),
        (r#"{"err_no":10000,"err_tips":"b"}"#, "b"),
        (r#"{"err_no":10000,"err_msg":{"zh":"a"}}"#, ""),
        (r#"{"err_no":10000}"#, ""),
    ] {
        let Err(ReplyError::Platform(refusal)) = parse_reply::<OrderQuery>(200, body.as_bytes()) else {
            panic!("{body}")
        };
        assert_eq!(refusal.err_tips, words, "{body}");
    }
}

#[test]
fn a_log_id_is_a_text_or_a_number_or_nothing() {
    for (body, found) in [
        (r#"{"log_id":"a"}"#, Some("a")),
        (r#"{"log_id":17}"#, Some("17")),
        (r#"{"log_id":""}"#, None),
        (r#"{"log_id":null}"#, None),
        ("{}", None),
        ("", None),
        (r#"{"extra":7}"#, None),
    ] {
        assert_eq!(log_id(body.as_bytes()).as_deref(), found, "{body}");
    }
}

proptest! {
    #[test]
    fn integers_are_the_same_as_numbers_and_as_texts(amount in 0i64..=9_999_999_999_999, ms in 1i64..=9_999_999_999_999) {
        let number = format!(r#"{{"err_no":0,"data":[{{"settle_id":"s","settle_status":"SUCCESS","settle_amount":{amount},"rake":{amount},"settle_at":{ms}}}]}}"#);
        let text = format!(r#"{{"err_no":"0","data":[{{"settle_id":"s","settle_status":"SUCCESS","settle_amount":"{amount}","rake":" {amount} ","settle_at":"{ms}"}}]}}"#);
        let read = |body: &str| parse_reply::<SettleQuery>(200, body.as_bytes()).expect("settled");
        let (number, text) = (read(&number), read(&text));
        prop_assert_eq!(number.0[0].settle_amount.get(), amount);
        prop_assert_eq!(number.0[0].settle_at.map(|at| at.get()), Some(ms));
        prop_assert_eq!(number, text);
    }

    #[test]
    fn any_refusal_is_its_code(code in any::<i64>().prop_filter("a refusal", |code| *code != 0), quoted in any::<bool>(), status in 100u16..600) {
        let body = if quoted { format!(r#"{{"err_no":"{code}"}}"#) } else { format!(r#"{{"err_no":{code}}}"#) };
        let Err(ReplyError::Platform(refusal)) = parse_reply::<OrderQuery>(status, body.as_bytes()) else {
            return Err(TestCaseError::fail("a refusal"));
        };
        prop_assert_eq!(refusal.err_no.get(), code);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(parse_reply::<OrderQuery>(200, &body).is_err());
        prop_assert!(parse_token_reply(&body).is_err());
        prop_assert_eq!(log_id(&body), None);
    }

    #[test]
    fn no_data_makes_a_reader_panic(
        kind in "payment|refund|pre_create_refund|settle",
        value in r#"null|-?[0-9.]{1,5}|"\PC{0,5}"|\{\}|\[1\]"#,
        name in "app_id|order_id|status|total_amount|refund_reason|refund_item_detail|settle_amount|refund_id",
    ) {
        let msg = format!(r#"{{"{name}":{value}}}"#);
        prop_assert!(Notice::parse(&kind, &msg).is_err(), "a single member is never enough: {}", msg);
    }
}
