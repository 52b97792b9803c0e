//! What can still be settled, and what the platform settled by itself.

use douyin_pay_protocol::ecpay::{QueryPlatformOrder, ReplyError, ResultStatus, UnsettleAmount, parse_reply};
use douyin_pay_protocol::{OutOrderNo, UnixMs};

use crate::{body, fen, order_no, with_quoted_numbers};

#[test]
fn what_can_be_settled_comes_with_how_it_was_counted() {
    assert_eq!(
        body(&UnsettleAmount::new(order_no())),
        r#"{"app_id":"tt0000000000000001","out_order_no":"O20240101000001"}"#
    );
    let item = UnsettleAmount::new(order_no()).out_item_order_no(OutOrderNo::new("I1").expect("a number"));
    assert!(body(&item).contains(r#""out_item_order_no":"I1""#));
    let sample = r#"{"err_no":0,"err_tips":"success","data":{"out_order_no":"O1","unsettle_amount":1172,"detail":{"pay_info":{"out_order_no":"O1","amount":1280},"refund_info":[{"out_refund_no":"R1","amount":100}],"payment_rake":8,"life_rake":0,"commission":0}}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let reply = parse_reply::<UnsettleAmount>(answer.as_bytes()).expect("an amount");
        assert_eq!((reply.unsettle_amount, reply.out_order_no.as_deref()), (fen(1172), Some("O1")));
        let detail = reply.detail;
        assert_eq!(detail.pay_info.and_then(|paid| paid.amount), Some(fen(1280)));
        assert_eq!(detail.refund_info[0].out_refund_no.as_deref(), Some("R1"));
        assert_eq!(detail.refund_info[0].amount, Some(fen(100)));
        assert_eq!(
            (detail.payment_rake, detail.life_rake, detail.commission),
            (Some(fen(8)), Some(fen(0)), Some(fen(0)))
        );
    }
    for bare in [r#"{"unsettle_amount":0}"#, r#"{"unsettle_amount":0,"detail":null}"#] {
        let answer = format!(r#"{{"err_no":0,"data":{bare}}}"#);
        let reply = parse_reply::<UnsettleAmount>(answer.as_bytes()).expect("an amount");
        assert!(reply.detail.refund_info.is_empty() && reply.detail.pay_info.is_none());
    }
    let missing = parse_reply::<UnsettleAmount>(br#"{"err_no":0,"data":{"detail":{}}}"#);
    assert!(matches!(missing, Err(ReplyError::Malformed(_))), "{missing:?}");
}

#[test]
fn automatic_settlements_are_told_with_their_receivers() {
    assert_eq!(
        body(&QueryPlatformOrder::new(order_no())),
        r#"{"app_id":"tt0000000000000001","out_order_no":"O20240101000001","query_type":1}"#
    );
    let sample = r#"{"err_no":0,"err_tips":"","platform_order":{"app_id":"tt0000000000000001","out_order_no":"O20240101000001","query_type":1,"settle_info_list":[{"out_settle_no":"auto7300000000000000006","settle_no":"N7300000000000000006","settle_param_list":[{"merchant_uid":"70775300146143419322","amount":1272}],"settle_way":"1","settle_status":"SUCCESS","cps":0,"service_charge":8,"created_at":"2024-01-08 00:10:00","settled_at":"2024-01-08 00:10:05"}]}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let order = parse_reply::<QueryPlatformOrder>(answer.as_bytes()).expect("an order");
        assert_eq!((order.out_order_no.as_deref(), order.query_type), (Some("O20240101000001"), Some(1)));
        let [settled] = &order.settle_info_list[..] else { panic!("one settlement") };
        let number = settled.out_settle_no.as_ref().map(|number| number.as_str());
        assert_eq!(
            (number, &settled.settle_status),
            (Some("auto7300000000000000006"), &ResultStatus::Success)
        );
        assert_eq!(settled.settle_param_list[0].amount, fen(1272));
        assert_eq!((settled.cps, settled.service_charge), (Some(fen(0)), Some(fen(8))));
        // Text times are Beijing's.
        assert_eq!(settled.settled_at, Some(UnixMs::from_seconds(1_704_643_805)));
        assert_eq!(settled.created_at, Some(UnixMs::from_seconds(1_704_643_800)));
    }
    for none in [r#"{"settle_info_list":null}"#, r#"{"settle_info_list":[]}"#, "{}"] {
        let answer = format!(r#"{{"err_no":0,"platform_order":{none}}}"#);
        let order = parse_reply::<QueryPlatformOrder>(answer.as_bytes()).expect("an order");
        assert!(order.settle_info_list.is_empty());
    }
    let guessed = r#"{"err_no":0,"platform_order":{"settle_info_list":[{"settle_status":"SUCCESS","settle_param_list":[{"merchant_uid":"7","amount":"x"}]}]}}"#;
    assert!(parse_reply::<QueryPlatformOrder>(guessed.as_bytes()).is_err());
}
