//! Balances and withdrawals.

use douyin_pay_protocol::ecpay::callback::Notice;
use douyin_pay_protocol::ecpay::{
    Caller, MerchantWithdraw, QueryMerchantBalance, QueryWithdrawOrder, parse_reply,
};
use douyin_pay_protocol::{
    ChannelType, CpExtra, MerchantEntity, OutNo, OutWithdrawNo, UnixMs, WithdrawAmount, WithdrawStatus,
    WithdrawUrl,
};

use crate::{
    app_id, body, fen, merchant, problem, provider, provider_body, salt, unsigned, with_quoted_numbers,
};

const UID: &str = "70775300146143419322";

fn number() -> OutWithdrawNo {
    OutWithdrawNo::new("W20240101000001").expect("a number")
}

#[test]
fn a_balance_is_asked_for_by_app_by_provider_for_it_and_by_provider_alone() {
    let ask = QueryMerchantBalance::new(merchant(UID), ChannelType::WeChat);
    let ask = ask.merchant_entity(MerchantEntity::Unsaid);
    let rest = r#""merchant_uid":"70775300146143419322","channel_type":"wx","merchant_entity":0"#;
    assert_eq!(body(&ask), format!(r#"{{"app_id":"tt0000000000000001",{rest}}}"#));
    assert_eq!(provider_body(&ask), format!(r#"{{"thirdparty_id":"tt00000000000000ff",{rest}}}"#));
    let (app, by) = (app_id(), provider());
    let salt = salt();
    let both = Caller::app(&app, &salt).through(&by, None).body(&ask);
    assert!(String::from_utf8_lossy(&both).contains("700177c201612b466d2c0001f09376e3"));
    assert_eq!(
        unsigned(both, &salt),
        format!(r#"{{"app_id":"tt0000000000000001","thirdparty_id":"tt00000000000000ff",{rest}}}"#)
    );
}

#[test]
fn a_balance_is_read_despite_the_misspelling() {
    let sample = r#"{"err_no":0,"err_tips":"","account_info":{"online_balance":20,"withdrawable_balacne":100000,"freeze_balance":200000},"settle_info":{"settle_type":2,"settle_account":"m@example.com","bankcard_no":"","bank_name":""},"merchant_entity":1}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample), sample.replace("balacne", "balance")] {
        let balance = parse_reply::<QueryMerchantBalance>(answer.as_bytes()).expect("a balance");
        let money = &balance.account_info;
        assert_eq!(
            (money.online_balance, money.withdrawable_balance, money.freeze_balance),
            (Some(fen(20)), Some(fen(100_000)), Some(fen(200_000)))
        );
        assert_eq!(balance.merchant_entity, Some(MerchantEntity::First));
        let account = balance.settle_info.expect("an account");
        assert_eq!((account.settle_type, account.bank_name), (Some(2), None));
    }
}

#[test]
fn a_withdrawal_is_sent_and_asked_about() {
    let ask = MerchantWithdraw::new(
        merchant(UID),
        ChannelType::Alipay,
        WithdrawAmount::new(fen(100)).expect("in range"),
        number(),
    );
    let rest = r#""merchant_uid":"70775300146143419322","channel_type":"alipay","withdraw_amount":100,"out_order_id":"W20240101000001""#;
    assert_eq!(body(&ask), format!(r#"{{"app_id":"tt0000000000000001",{rest}}}"#));
    let ask = ask
        .callback(WithdrawUrl::new("https://m.example.com/cb").expect("a URL"))
        .cp_extra(CpExtra::new("mine").expect("short"))
        .merchant_entity(MerchantEntity::Second);
    let full = body(&ask);
    for part in [r#""merchant_entity":2"#, r#""callback":"https://m.example.com/cb""#, r#""cp_extra":"mine""#]
    {
        assert!(full.contains(part), "{full}");
    }
    let taken = br#"{"err_no":0,"err_tips":"","order_id":"7300000000000000004","merchant_entity":1}"#;
    let taken = parse_reply::<MerchantWithdraw>(taken).expect("taken");
    assert_eq!(
        (taken.order_id.as_str(), taken.merchant_entity),
        ("7300000000000000004", Some(MerchantEntity::First))
    );

    let ask = QueryWithdrawOrder::new(merchant(UID), ChannelType::Yeepay, number());
    assert_eq!(
        body(&ask),
        r#"{"app_id":"tt0000000000000001","merchant_uid":"70775300146143419322","channel_type":"yeepay","out_order_id":"W20240101000001"}"#
    );
    for name in ["status_msg", "statusMsg"] {
        let answer = format!(r#"{{"err_no":0,"err_tips":"","status":"REEXCHANGE","{name}":"账户错误"}}"#);
        let found = parse_reply::<QueryWithdrawOrder>(answer.as_bytes()).expect("known");
        assert_eq!(
            (found.status, found.status_msg.as_deref()),
            (WithdrawStatus::Reexchange, Some("账户错误"))
        );
    }
}

#[test]
fn limits_are_kept_before_anything_is_sent() {
    for (amount, allowed) in [(0, false), (1, true), (2_147_483_647, true), (2_147_483_648, false)] {
        assert_eq!(WithdrawAmount::new(fen(amount)).is_ok(), allowed, "{amount}");
    }
    assert!(OutWithdrawNo::new("w".repeat(128)).is_ok());
    assert!(problem(OutWithdrawNo::new("w".repeat(129)), "out_order_id").contains("at most 128"));
    let long = format!("https://m.example.com/{}", "c".repeat(1_003));
    assert!(problem(WithdrawUrl::new(long), "callback").contains("1024"));
    assert!(problem(WithdrawUrl::new("https://m.example.com:8443/"), "callback").contains("443"));
    assert_eq!(OutWithdrawNo::from(OutNo::new("W1").expect("a number")).as_str(), "W1");
}

#[test]
fn a_withdrawals_callback_says_how_it_ended() {
    let msg = r#"{"status":"REEXCHANGE","extra":"mine","message":"账户错误","withdraw_at":1704067300,"order_id":"7300000000000000004","out_order_id":"W20240101000001","ch_order_id":"B1","new":{}}"#;
    let notice = Notice::parse("withdraw", msg).expect("a withdrawal");
    assert_eq!((notice.app_id(), notice.number()), (None, Some("W20240101000001")));
    let Notice::Withdraw(notice) = notice else { panic!("a withdrawal") };
    assert_eq!((notice.status, notice.extra.as_deref()), (WithdrawStatus::Reexchange, Some("mine")));
    assert_eq!(notice.withdraw_at, Some(UnixMs::from_seconds(1_704_067_300)));
    assert_eq!((notice.ch_order_id.as_deref(), notice.message.as_deref()), (Some("B1"), Some("账户错误")));
    let foreign = Notice::parse("withdraw", r#"{"status":"SUCCESS","out_order_id":"提现 1"}"#);
    assert_eq!(foreign.expect("someone else's").number(), Some("提现 1"));
    assert!(Notice::parse("withdraw", "[]").is_err());
}

#[test]
fn a_payload_of_another_type_is_no_withdrawal_and_no_return() {
    let payment = r#"{"appid":"tt0000000000000001","cp_orderno":"O1","total_amount":1280,"status":"SUCCESS","order_id":"N7300000000000000001","message":"","extra":""}"#;
    let refund =
        r#"{"appid":"tt0000000000000001","cp_refundno":"R1","status":"SUCCESS","refund_amount":1280}"#;
    let settle = r#"{"appid":"tt0000000000000001","cp_settle_no":"S1","status":"SUCCESS","order_id":"N1"}"#;
    let back = r#"{"app_id":"tt0000000000000001","out_return_no":"T1","status":"SUCCESS"}"#;
    let both =
        r#"{"app_id":"tt0000000000000001","out_return_no":"T1","cp_settle_no":"S1","status":"SUCCESS"}"#;
    let withdraw = r#"{"status":"SUCCESS","order_id":"7300000000000000004"}"#;
    let nameless = r#"{"status":"SUCCESS","out_order_id":"","order_id":"","ch_order_id":"B1"}"#;
    for (kind, msg, expected) in [
        ("withdraw", payment, Err("`cp_orderno`")),
        ("withdraw", refund, Err("`cp_refundno`")),
        ("withdraw", settle, Err("`cp_settle_no`")),
        ("withdraw", back, Err("`out_return_no`")),
        ("withdraw", nameless, Err("neither `out_order_id` nor `order_id`")),
        ("withdraw", withdraw, Ok(())),
        ("return", payment, Err("out_return_no")),
        ("return", withdraw, Err("app_id")),
        ("return", both, Err("`cp_settle_no`")),
        ("return", back, Ok(())),
        ("payment", withdraw, Err("appid")),
        ("refund", payment, Err("cp_refundno")),
        ("settle", refund, Err("cp_settle_no")),
    ] {
        let came = Notice::parse(kind, msg).map(drop).map_err(|refused| refused.to_string());
        match expected {
            Ok(()) => assert_eq!(came, Ok(()), "{kind} {msg}"),
            Err(part) => {
                assert!(came.as_ref().is_err_and(|text| text.contains(part)), "{kind} {msg}: {came:?}")
            }
        }
    }
}
