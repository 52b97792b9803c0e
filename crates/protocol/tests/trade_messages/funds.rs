//! The funds calls and the statements.

use douyin_pay_protocol::trade::{
    Bills, ChannelType, FundBills, MerchantEntity, MerchantWithdraw, NotifyUrl, QueryMerchantBalance,
    QueryWithdrawOrder, WithdrawStatus, parse_reply,
};
use douyin_pay_protocol::{CpExtra, OutNo};

use crate::{app_id, body, fen, merchant, problem, with_quoted_numbers};

fn number() -> OutNo {
    OutNo::new("W1").expect("a number")
}

#[test]
fn balances_are_asked_for_and_read_despite_the_misspelling() {
    let ask = QueryMerchantBalance::new(merchant("7000"), ChannelType::Yzt);
    assert_eq!(body(&ask), r#"{"merchant_uid":"7000","channel_type":"yzt"}"#);
    let ask = ask.app_id(app_id()).thirdparty_id(app_id()).merchant_entity(MerchantEntity::Second);
    assert_eq!(
        body(&ask),
        r#"{"merchant_uid":"7000","channel_type":"yzt","app_id":"ttf0e1d2c3b4a59687","thirdparty_id":"ttf0e1d2c3b4a59687","merchant_entity":2}"#
    );
    let sample = r#"{"err_no":0,"data":{"account_info":{"online_balance":10,"withdrawable_balacne":20,"freeze_balance":30},"settle_info":{"settle_type":1,"settle_account":"*1","bankcard_no":"*2","bank_name":"银行"},"merchant_entity":2}}"#;
    let right = sample.replace("balacne", "balance");
    for answer in [sample.to_owned(), with_quoted_numbers(sample), right] {
        let balance = parse_reply::<QueryMerchantBalance>(200, answer.as_bytes()).expect("a balance");
        let money = &balance.account_info;
        assert_eq!(
            (money.online_balance, money.withdrawable_balance, money.freeze_balance),
            (Some(fen(10)), Some(fen(20)), Some(fen(30)))
        );
        assert_eq!(balance.settle_info.expect("an account").bank_name.as_deref(), Some("银行"));
        assert_eq!(balance.merchant_entity, Some(MerchantEntity::Second));
    }
}

#[test]
fn withdrawals_are_sent_and_asked_about() {
    let withdraw =
        |amount| MerchantWithdraw::new(merchant("7000"), ChannelType::Alipay, fen(amount), number());
    assert!(problem(withdraw(0), "withdraw_amount").contains("0"));
    let withdraw = withdraw(100)
        .expect("an amount")
        .app_id(app_id())
        .thirdparty_id(app_id())
        .callback(NotifyUrl::new("https://example.com/w").expect("a URL"))
        .cp_extra(CpExtra::new("e").expect("short"))
        .merchant_entity(MerchantEntity::First);
    assert_eq!(
        body(&withdraw),
        r#"{"merchant_uid":"7000","channel_type":"alipay","withdraw_amount":100,"out_order_id":"W1","app_id":"ttf0e1d2c3b4a59687","thirdparty_id":"ttf0e1d2c3b4a59687","callback":"https://example.com/w","cp_extra":"e","merchant_entity":1}"#
    );
    let taken = parse_reply::<MerchantWithdraw>(
        200,
        br#"{"err_no":0,"data":{"order_id":"D1","merchant_entity":"1"}}"#,
    );
    assert_eq!(taken.expect("taken").order_id.as_str(), "D1");

    let ask = QueryWithdrawOrder::new(app_id(), merchant("7000"), ChannelType::WeChat, number());
    assert_eq!(
        body(&ask),
        r#"{"app_id":"ttf0e1d2c3b4a59687","merchant_uid":"7000","channel_type":"wx","out_order_id":"W1"}"#
    );
    for name in ["status_msg", "statusMsg"] {
        let answer = format!(r#"{{"err_no":0,"data":{{"status":"REEXCHANGE","{name}":"账户错误"}}}}"#);
        let found = parse_reply::<QueryWithdrawOrder>(200, answer.as_bytes()).expect("known");
        assert_eq!(
            (found.status, found.status_msg.as_deref()),
            (WithdrawStatus::Reexchange, Some("账户错误"))
        );
    }
}

#[test]
fn statements_pass_words_on_and_give_addresses() {
    let ask = Bills::new(app_id(), merchant("7000"), "20260101", "payment").expect("words");
    assert_eq!(
        body(&ask),
        r#"{"app_id":"ttf0e1d2c3b4a59687","merchant_id":"7000","bill_date":"20260101","bill_type":"payment"}"#
    );
    let ask = FundBills::new(app_id(), merchant("7000"), "20260101", "a", "p", "t").expect("words");
    assert_eq!(
        body(&ask),
        r#"{"app_id":"ttf0e1d2c3b4a59687","merchant_id":"7000","bill_date":"20260101","account_type":"a","payment_type":"p","trade_type":"t"}"#
    );
    let bills =
        parse_reply::<Bills>(200, br#"{"err_no":0,"data":{"bill_list":["https://x/1"]}}"#).expect("one");
    assert_eq!(bills.bill_list, ["https://x/1".into()]);
    let bills =
        parse_reply::<FundBills>(200, br#"{"err_no":0,"data":{"fund_bill_list":null}}"#).expect("none");
    assert!(bills.fund_bill_list.is_empty());
    let bills = |date: &str, kind: &str| Bills::new(app_id(), merchant("7000"), date, kind);
    assert!(bills(&"x".repeat(64), "t").is_ok());
    assert!(problem(bills(&"x".repeat(65), "t"), "bill_date").contains("65"));
    assert!(problem(bills("d", ""), "bill_type").contains("empty"));
}
