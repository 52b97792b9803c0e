//! Taking a share back.

use douyin_pay_protocol::ecpay::callback::{CallbackError, Notice};
use douyin_pay_protocol::ecpay::{
    CreateReturn, QueryReturn, ReplyError, ResultStatus, ReturnInfo, parse_reply,
};
use douyin_pay_protocol::{
    CpExtra, NotifyUrl, OutReturnNo, OutSettleNo, PlatformNo, ReturnAmount, ReturnDesc, UnixMs,
};

use crate::{app_id, body, fen, merchant, problem, with_quoted_numbers};

const DONE: &str = r#"{"err_no":0,"err_tips":"success","return_info":{"app_id":"tt0000000000000001","thirdparty_id":"","settle_no":"N7300000000000000003","out_settle_no":"S20240101000001","out_return_no":"T20240101000001","return_no":"N7300000000000000005","merchant_uid":"69645835031835936200","return_amount":30,"return_status":"SUCCESS","fail_reason":"","finish_time":1704758400,"cp_extra":""}}"#;

fn return_no() -> OutReturnNo {
    OutReturnNo::new("T20240101000001").expect("a number")
}

fn settle_no() -> OutSettleNo {
    OutSettleNo::new("S20240101000001").expect("a number")
}

fn platform_no() -> PlatformNo {
    PlatformNo::new("N7300000000000000003").expect("a number")
}

fn ask() -> CreateReturn {
    let amount = ReturnAmount::new(fen(30)).expect("in range");
    let why = ReturnDesc::new("分账回退").expect("short");
    CreateReturn::by_out_settle_no(settle_no(), return_no(), merchant("69645835031835936200"), amount, why)
}

#[test]
fn the_settlement_is_named_by_one_number_or_both() {
    let rest = r#""out_return_no":"T20240101000001","merchant_uid":"69645835031835936200","return_amount":30,"return_desc":"分账回退""#;
    assert_eq!(
        body(&ask()),
        format!(r#"{{"app_id":"tt0000000000000001","out_settle_no":"S20240101000001",{rest}}}"#)
    );
    let both = ask()
        .settle_no(platform_no())
        .cp_extra(CpExtra::new("mine").expect("short"))
        .notify_url(NotifyUrl::new("https://m.example.com/cb").expect("a URL"));
    assert_eq!(
        body(&both),
        format!(
            r#"{{"app_id":"tt0000000000000001","settle_no":"N7300000000000000003","out_settle_no":"S20240101000001",{rest},"cp_extra":"mine","notify_url":"https://m.example.com/cb"}}"#
        )
    );
    let amount = ReturnAmount::new(fen(30)).expect("in range");
    let why = ReturnDesc::new("分账回退").expect("short");
    let theirs =
        CreateReturn::by_settle_no(platform_no(), return_no(), merchant("69645835031835936200"), amount, why);
    assert_eq!(
        body(&theirs),
        format!(r#"{{"app_id":"tt0000000000000001","settle_no":"N7300000000000000003",{rest}}}"#)
    );
}

#[test]
fn a_return_is_asked_about_by_either_number() {
    assert_eq!(
        body(&QueryReturn::by_out_return_no(return_no())),
        r#"{"app_id":"tt0000000000000001","out_return_no":"T20240101000001"}"#
    );
    assert_eq!(
        body(&QueryReturn::by_return_no(platform_no())),
        r#"{"app_id":"tt0000000000000001","return_no":"N7300000000000000003"}"#
    );
}

#[test]
fn both_calls_give_the_same_answer() {
    let check = |info: ReturnInfo| {
        assert_eq!((info.app_id, info.thirdparty_id), (Some(app_id()), None));
        assert_eq!((info.out_settle_no, info.settle_no), (Some(settle_no()), Some(platform_no())));
        assert_eq!((info.out_return_no, info.return_amount), (Some(return_no()), Some(fen(30))));
        assert_eq!(info.merchant_uid, Some(merchant("69645835031835936200")));
        assert_eq!((info.return_status, info.fail_reason), (ResultStatus::Success, None));
        assert_eq!(info.finish_time, Some(UnixMs::from_seconds(1_704_758_400)));
    };
    for answer in [DONE.to_owned(), with_quoted_numbers(DONE)] {
        check(parse_reply::<CreateReturn>(answer.as_bytes()).expect("taken"));
        check(parse_reply::<QueryReturn>(answer.as_bytes()).expect("known"));
    }
    let odd = r#"{"err_no":0,"return_info":{"return_status":"PROCESSING","finish_time":0,"merchant_uid":null,"out_return_no":"","settle_no":{},"new":[1]}}"#;
    let info = parse_reply::<QueryReturn>(odd.as_bytes()).expect("known");
    assert_eq!((info.finish_time, info.merchant_uid, info.out_return_no), (None, None, None));
    assert!(info.extra.contains_key("new"));
    let wrong = r#"{"err_no":0,"return_info":{"return_status":"SUCCESS","return_amount":0.3}}"#;
    assert!(matches!(parse_reply::<QueryReturn>(wrong.as_bytes()), Err(ReplyError::Malformed(_))));
    for code in [2020, 2102, 4408] {
        let refused = format!(r#"{{"err_no":{code},"err_tips":"x","return_info":null}}"#);
        let Err(ReplyError::Platform(refusal)) = parse_reply::<QueryReturn>(refused.as_bytes()) else {
            panic!("{code}")
        };
        assert_eq!(refusal.err_no.get(), code);
    }
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    for (amount, allowed) in [(0, false), (1, true), (10_000_000_000, true), (10_000_000_001, false)] {
        assert_eq!(ReturnAmount::new(fen(amount)).is_ok(), allowed, "{amount}");
    }
    assert!(ReturnDesc::new("退".repeat(100)).is_ok());
    assert!(problem(ReturnDesc::new("退".repeat(101)), "return_desc").contains("at most 100"));
    assert!(problem(ReturnDesc::new(""), "return_desc").contains("empty"));
}

#[test]
fn a_return_has_a_callback_where_the_platform_sends_one() {
    let info: serde_json::Value = serde_json::from_str(DONE).expect("JSON");
    let msg = info["return_info"].to_string();
    let Ok(Notice::Return(notice)) = Notice::parse("return", &msg) else { panic!("a return") };
    assert_eq!((&notice.out_return_no, &notice.status), (&return_no(), &ResultStatus::Success));
    assert_eq!((notice.return_amount, notice.out_settle_no.clone()), (Some(fen(30)), Some(settle_no())));
    let notice = Notice::Return(notice);
    assert_eq!((notice.app_id(), notice.number()), (Some(&app_id()), Some("T20240101000001")));
    for bad in ["[]", "{}", r#"{"appid":"tt1","out_return_no":"T1"}"#] {
        assert!(matches!(Notice::parse("return", bad), Err(CallbackError::Message(_))), "{bad}");
    }
}
