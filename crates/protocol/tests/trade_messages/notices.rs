//! The payloads of callbacks.

use douyin_pay_protocol::trade::callback::{CallbackError, Notice};
use douyin_pay_protocol::trade::{
    Currency, PayChannel, PaymentResult, RefundOrigin, RefundStatus, SettleStatus,
};
use douyin_pay_protocol::{Fen, UnixMs};
use serde_json::Value;

use crate::with_quoted_numbers;

const PAYMENT: &str = r#"{"app_id":"ttf0e1d2c3b4a59687","out_order_no":"ORD202601010001","order_id":"motb00000000000000000001","status":"SUCCESS","total_amount":1,"discount_amount":0,"pay_channel":10,"channel_pay_id":"CH0001","merchant_uid":"70000000000000000001","message":"","event_time":1767225609000,"user_bill_pay_id":"UB0001"}"#;
const REFUND: &str = r#"{"app_id":"ttf0e1d2c3b4a59687","status":"FAIL","order_id":"motb00000000000000000001","cp_extra":"","message":"余额不足","event_time":1767225619000,"refund_id":"motb00000000000000000009","out_refund_no":"RF0001","refund_total_amount":1,"is_all_settled":false,"refund_type":4,"refund_item_detail":{"item_order_quantity":1,"item_order_detail":[{"item_order_id":"motb00000000000000000002","refund_amount":1}]}}"#;
const PRE_CREATE: &str = r#"{"app_id":"ttf0e1d2c3b4a59687","open_id":"open-id-1","refund_id":"motb00000000000000000010","order_id":"motb00000000000000000001","out_order_no":"ORD202601010001","refund_total_amount":1,"need_refund_audit":1,"refund_audit_deadline":1767484830000,"create_refund_time":1767225630000,"refund_source":1,"refund_reason":["不想要了"],"refund_description":"","cp_extra":"","refund_item_detail":{"item_order_quantity":1,"item_order_detail":[{"item_order_id":"motb00000000000000000002","refund_amount":1}]}}"#;
const SETTLE: &str = r#"{"app_id":"ttf0e1d2c3b4a59687","status":"SUCCESS","order_id":"motb00000000000000000001","cp_extra":"","message":"SUCCESS","event_time":1767225639000,"settle_id":"ots00000000000000000001","out_settle_no":"ST0001","rake":0,"commission":0,"settle_detail":"seller 70000000000000000001 amount 1","settle_amount":1,"is_auto_settle":false}"#;

const ALL: [(&str, &str); 4] =
    [("payment", PAYMENT), ("refund", REFUND), ("pre_create_refund", PRE_CREATE), ("settle", SETTLE)];

/// The sample with one member changed, or left out.
fn with(sample: &str, name: &str, value: Option<Value>) -> String {
    let mut object: serde_json::Map<String, Value> = serde_json::from_str(sample).expect("an object");
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
    Value::Object(object).to_string()
}

#[test]
fn a_payment_is_typed_with_numbers_and_with_texts() {
    for msg in [PAYMENT.to_owned(), with_quoted_numbers(PAYMENT)] {
        let Ok(Notice::Payment(notice)) = Notice::parse("payment", &msg) else { panic!("{msg}") };
        assert_eq!(
            (notice.out_order_no.as_ref(), notice.status),
            ("ORD202601010001", PaymentResult::Success)
        );
        assert_eq!((notice.total_amount.get(), notice.discount_amount), (1, Some(Fen::ZERO)));
        assert_eq!((notice.pay_channel, notice.message), (Some(PayChannel::DouyinPay), None));
        assert_eq!(notice.event_time, Some(UnixMs::new(1_767_225_609_000)));
        assert_eq!(notice.user_bill_pay_id.as_deref(), Some("UB0001"));
        assert_eq!((notice.channel_pay_id.as_deref(), notice.currency), (Some("CH0001"), None));
    }
}

#[test]
fn a_cancelled_payment_may_lack_all_that_a_paid_one_has() {
    let msg = r#"{"app_id":"tt1","out_order_no":"订单-1","order_id":"motb1","status":"CANCEL","total_amount":3,"message":"USER_CANCEL","event_time":1767225609000,"currency":"DIAMOND"}"#;
    let Ok(Notice::Payment(notice)) = Notice::parse("payment", msg) else { panic!("a payment") };
    assert_eq!((notice.status, notice.message.as_deref()), (PaymentResult::Cancel, Some("USER_CANCEL")));
    assert_eq!((notice.currency, notice.pay_channel), (Some(Currency::Diamond), None));
    assert_eq!(notice.out_order_no, "订单-1");
}

#[test]
fn a_refund_is_typed_and_may_have_no_number_of_ours() {
    for msg in [REFUND.to_owned(), with_quoted_numbers(REFUND)] {
        let Ok(Notice::Refund(notice)) = Notice::parse("refund", &msg) else { panic!("{msg}") };
        assert_eq!((notice.status, notice.message.as_deref()), (RefundStatus::Fail, Some("余额不足")));
        assert_eq!(
            (notice.is_all_settled, notice.refund_type),
            (Some(false), Some(RefundOrigin::CustomerService))
        );
        let items = notice.refund_item_detail.expect("items");
        assert_eq!((items.item_order_quantity, items.item_order_detail.len()), (Some(1), 1));
        assert_eq!(items.item_order_detail[0].refund_amount.get(), 1);
    }
    let unnumbered = with(REFUND, "out_refund_no", Some("".into()));
    let notice = Notice::parse("refund", &unnumbered).expect("a refund");
    assert_eq!(notice.number(), Some("motb00000000000000000009"));
}

#[test]
fn a_refund_that_is_asked_for_is_typed() {
    for msg in [PRE_CREATE.to_owned(), with_quoted_numbers(PRE_CREATE)] {
        let Ok(Notice::PreCreateRefund(notice)) = Notice::parse("pre_create_refund", &msg) else {
            panic!("{msg}")
        };
        assert_eq!(
            (notice.refund_id.as_str(), notice.need_refund_audit),
            ("motb00000000000000000010", Some(true))
        );
        assert_eq!(notice.refund_audit_deadline, Some(UnixMs::new(1_767_484_830_000)));
        assert_eq!(notice.create_refund_time, Some(UnixMs::new(1_767_225_630_000)));
        assert_eq!(
            (notice.refund_source, notice.open_id.as_deref()),
            (Some(RefundOrigin::User), Some("open-id-1"))
        );
        assert_eq!(
            (notice.refund_reason.as_slice(), notice.out_refund_no),
            (["不想要了".into()].as_slice(), None)
        );
    }
    for (value, needed) in
        [(Value::from(2), Some(false)), (true.into(), Some(true)), (7.into(), None), (Value::Null, None)]
    {
        let msg = with(PRE_CREATE, "need_refund_audit", Some(value));
        let Ok(Notice::PreCreateRefund(notice)) = Notice::parse("pre_create_refund", &msg) else {
            panic!("{msg}")
        };
        assert_eq!(notice.need_refund_audit, needed, "{msg}");
    }
}

#[test]
fn reasons_are_read_in_every_shape() {
    for (shape, reasons) in [
        (r#"["不想要了","坏了"]"#, &["不想要了", "坏了"][..]),
        (r#"[{"code":101,"text":"不想要了"},{"code":999,"text":""}]"#, &["不想要了", "999"]),
        (r#"{"code":"101","text":"不想要了"}"#, &["不想要了"]),
        (r#""不想要了""#, &["不想要了"]),
        (r#""[\"不想要了\"]""#, &["不想要了"]),
        (r#""[{\"code\":101,\"text\":\"不想要了\"}]""#, &["不想要了"]),
        (r#""[not json""#, &["[not json"]),
        ("101", &["101"]),
        ("null", &[]),
        (r#""""#, &[]),
        ("[]", &[]),
        ("[null,true,{}]", &[]),
    ] {
        let value = serde_json::from_str(shape).expect("JSON");
        let msg = with(PRE_CREATE, "refund_reason", Some(value));
        let Ok(Notice::PreCreateRefund(notice)) = Notice::parse("pre_create_refund", &msg) else {
            panic!("{msg}")
        };
        let found: Vec<&str> = notice.refund_reason.iter().map(|reason| &**reason).collect();
        assert_eq!(found, reasons, "{shape}");
    }
}

#[test]
fn a_settlement_is_typed_and_the_platforms_own_says_so() {
    for msg in [SETTLE.to_owned(), with_quoted_numbers(SETTLE)] {
        let Ok(Notice::Settle(notice)) = Notice::parse("settle", &msg) else { panic!("{msg}") };
        assert_eq!((notice.status, notice.settle_amount.get()), (SettleStatus::Success, 1));
        assert_eq!((notice.rake, notice.commission), (Some(Fen::ZERO), Some(Fen::ZERO)));
        assert_eq!((notice.is_auto_settle, notice.item_order_id), (Some(false), None));
        assert_eq!(notice.out_settle_no.as_deref(), Some("ST0001"));
    }
    let automatic = r#"{"app_id":"tt1","order_id":"ot1","settle_id":"ots1","out_settle_no":"ots1","status":"SUCCESS","settle_amount":19800,"rake":692,"commission":0,"settle_detail":"x","event_time":1,"is_auto_settle":true,"item_order_id":"motb2"}"#;
    let Ok(Notice::Settle(notice)) = Notice::parse("settle", automatic) else { panic!("a settlement") };
    assert_eq!(notice.is_auto_settle, Some(true));
    assert_eq!(notice.item_order_id.as_ref().map(|item| item.as_str()), Some("motb2"));
}

#[test]
fn every_notice_names_its_app_its_order_and_its_number() {
    for ((kind, msg), number) in
        ALL.into_iter().zip(["ORD202601010001", "RF0001", "motb00000000000000000010", "ST0001"])
    {
        let notice = Notice::parse(kind, msg).expect(kind);
        assert_eq!(notice.app_id().map(|app| app.as_str()), Some("ttf0e1d2c3b4a59687"));
        assert_eq!(notice.order_id().map(|order| order.as_str()), Some("motb00000000000000000001"));
        assert_eq!(notice.number(), Some(number));
    }
}

#[test]
fn what_a_notice_needs_is_named_when_it_is_missing() {
    for (kind, msg, needed) in [
        ("payment", PAYMENT, &["app_id", "out_order_no", "status", "total_amount"][..]),
        ("refund", REFUND, &["app_id", "order_id", "refund_id", "status", "refund_total_amount"]),
        ("pre_create_refund", PRE_CREATE, &["app_id", "order_id", "refund_id", "refund_total_amount"]),
        ("settle", SETTLE, &["app_id", "settle_id", "status", "settle_amount"]),
    ] {
        let names: serde_json::Map<String, Value> = serde_json::from_str(msg).expect("an object");
        for name in names.keys() {
            let read = Notice::parse(kind, &with(msg, name, None)).map(|_| ());
            match needed.contains(&name.as_str()) {
                true => assert!(
                    matches!(&read, Err(CallbackError::Message(problem)) if problem.contains(name)),
                    "{kind} without {name}: {read:?}"
                ),
                false => assert_eq!(read, Ok(()), "{kind} without {name}"),
            }
        }
        assert_eq!(Notice::parse(kind, &with(msg, "later", Some(1.into()))).map(|_| ()), Ok(()));
        assert!(Notice::parse(kind, "[]").is_err() && Notice::parse(kind, "").is_err());
    }
}

#[test]
fn other_kinds_are_kept_by_name() {
    for kind in ["sign_callback", "sign_pay_callback", "pre_create_order", ""] {
        assert_eq!(Notice::parse(kind, "not even JSON"), Ok(Notice::Other { kind: kind.into() }));
    }
    let other = Notice::parse("sign_callback", "{}").expect("any");
    assert_eq!((other.app_id(), other.number(), other.order_id()), (None, None, None));
}
