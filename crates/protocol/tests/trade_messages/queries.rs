//! `order_query`, `query_cps`, `tag_query` and `fulfill_push_status`.

use douyin_pay_protocol::trade::{
    Currency, FulfilStage, FulfillPushStatus, OrderQuery, PayChannel, PayStatus, ProductType, QueryCps,
    RefundRule, TagQuery, ToStatus, log_id, parse_reply,
};
use douyin_pay_protocol::{ErrNo, ReplyError, UnixMs};

use crate::{body, no, out_order_no, problem, with_quoted_numbers};

const PAID: &str = r#"{"err_no":0,"err_msg":"success","log_id":"20260101000001AA","data":{"app_id":"ttf0e1d2c3b4a59687","order_id":"motb00000000000000000001","out_order_no":"ORD202601010001","pay_status":"SUCCESS","total_amount":100,"discount_amount":0,"trade_time":1767225600000,"pay_time":1767225609000,"pay_channel":10,"channel_pay_id":"CH0001","merchant_uid":"70000000000000000001","item_order_list":[{"item_order_id":"motb00000000000000000002","sku_id":"sku-1","item_order_amount":100}]}}"#;

#[test]
fn queries_ask_by_one_number() {
    let asked = [
        body(&OrderQuery::by_out_order_no(out_order_no("O1"))),
        body(&OrderQuery::by_order_id(no("motb1"))),
        body(&QueryCps::by_out_order_no(out_order_no("O1"))),
        body(&QueryCps::by_order_id(no("motb1"))),
        body(&TagQuery::all()),
        body(&TagQuery::of_type(ProductType::new(101).expect("a type"))),
    ];
    assert_eq!(
        asked,
        [
            r#"{"out_order_no":"O1"}"#,
            r#"{"order_id":"motb1"}"#,
            r#"{"out_order_no":"O1"}"#,
            r#"{"order_id":"motb1"}"#,
            "{}",
            r#"{"goods_type":101}"#,
        ]
    );
}

#[test]
fn a_paid_order_is_typed_with_numbers_and_with_texts() {
    for answer in [PAID.to_owned(), with_quoted_numbers(PAID)] {
        let order = parse_reply::<OrderQuery>(200, answer.as_bytes()).expect("paid");
        assert_eq!(
            (order.order_id.as_str(), order.pay_status.clone()),
            ("motb00000000000000000001", PayStatus::Success)
        );
        assert_eq!(order.out_order_no.as_deref(), Some("ORD202601010001"));
        assert_eq!((order.total_amount.get(), order.paid_amount().map(|fen| fen.get())), (100, Some(100)));
        assert_eq!(order.trade_time, Some(UnixMs::new(1_767_225_600_000)));
        assert_eq!(order.pay_time, Some(UnixMs::new(1_767_225_609_000)));
        assert_eq!((order.pay_channel, order.currency.clone()), (Some(PayChannel::DouyinPay), None));
        let [item] = order.item_order_list.as_slice() else { panic!("{order:?}") };
        assert_eq!(
            (item.item_order_id.as_str(), item.item_order_amount.get()),
            ("motb00000000000000000002", 100)
        );
        assert_eq!(item.sku_id.as_deref(), Some("sku-1"));
        assert!(order.extra.is_empty() && item.extra.is_empty());
        assert_eq!(log_id(answer.as_bytes()).as_deref(), Some("20260101000001AA"));
    }
}

#[test]
fn an_order_in_diamonds_and_one_of_a_service_are_typed() {
    let answer = r#"{"err_no":0,"data":{"order_id":"motb1","pay_status":"FAILED","total_amount":"30","discount_amount":"10","currency":"DIAMOND","total_currency_amount":"3","pay_channel":20,"order_service_status":"CLOSED","service_cancel_reason":"x","submisssion_time":1767225600,"item_order_list":[{"item_order_id":"i","item_order_amount":30,"item_order_currency_amount":3}],"later":1}}"#;
    let order = parse_reply::<OrderQuery>(200, answer.as_bytes()).expect("an order");
    assert_eq!(
        (order.pay_status.clone(), order.currency.clone()),
        (PayStatus::Fail, Some(Currency::Diamond))
    );
    assert_eq!((order.total_currency_amount, order.pay_channel), (Some(3), Some(PayChannel::Diamond)));
    assert_eq!(order.paid_amount().map(|fen| fen.get()), Some(20));
    assert_eq!(order.submission_time, Some(UnixMs::from_seconds(1_767_225_600)));
    assert_eq!(order.order_service_status.as_deref(), Some("CLOSED"));
    assert_eq!(order.item_order_list[0].item_order_currency_amount, Some(3));
    assert!(order.extra.contains_key("later"));
}

#[test]
fn what_only_informs_may_be_odd_and_hides_nothing() {
    let odd = r#"{"err_no":"0","data":{"app_id":{"a":1},"order_id":"motb1","out_order_no":"订单 1","pay_status":"SUCCESS","total_amount":100,"discount_amount":"","trade_time":"soon","pay_time":0,"pay_channel":"x","channel_pay_id":17,"merchant_uid":null,"item_order_list":"","currency":""}}"#;
    let order = parse_reply::<OrderQuery>(200, odd.as_bytes()).expect("paid");
    assert_eq!(
        (order.app_id.clone(), order.trade_time, order.pay_time, order.pay_channel),
        (None, None, None, None)
    );
    assert_eq!(
        (order.out_order_no.as_deref(), order.channel_pay_id.as_deref()),
        (Some("订单 1"), Some("17"))
    );
    assert!(order.item_order_list.is_empty() && order.currency.is_none() && order.discount_amount.is_none());
}

#[test]
fn an_unknown_order_is_a_code_whatever_the_status() {
    let answer = br#"{"err_no":20000,"err_msg":"order does not exist","log_id":"1","data":null}"#;
    for status in [200, 400, 404, 500] {
        let Err(ReplyError::Platform(refusal)) = parse_reply::<OrderQuery>(status, answer) else {
            panic!("{status}")
        };
        assert_eq!(
            (refusal.err_no, refusal.err_tips.as_str()),
            (ErrNo::TRADE_NO_ORDER, "order does not exist")
        );
    }
}

#[test]
fn commissions_are_typed_and_the_video_is_text_or_number() {
    let sample = r#"{"err_no":0,"err_msg":"success","data":{"order_id":"motb1","out_order_no":"O1","total_commission_amount":5,"cps_item_list":[{"item_order_id":"motb2","sell_amount":100,"commission_amount":5,"commission_rate":500,"source_type":1,"status":2,"commission_user_douyinid":"d","commission_user_nickname":"达人","task_id":"7","item_id":7301234567890123456}]}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let cps = parse_reply::<QueryCps>(200, answer.as_bytes()).expect("commissions");
        assert_eq!(cps.total_commission_amount.get(), 5);
        let item = &cps.cps_item_list[0];
        assert_eq!(
            (item.sell_amount.get(), item.commission_amount.get(), item.commission_rate),
            (100, 5, Some(500))
        );
        assert_eq!(item.item_id.as_deref(), Some("7301234567890123456"));
        assert_eq!((item.source_type, item.status), (Some(1), Some(2)));
    }
}

#[test]
fn tag_groups_are_typed_and_none_is_no_error() {
    let sample = r#"{"err_no":0,"err_msg":"success","log_id":"20260101000000AA","data":{"tag_detail_list":[{"tag_group_id":"tag_group_7272625659887943692","tag_list":[{"tag_id":"tag_1","tag_name":"full refund before dispatch","tag_type":1,"tag_descs":["full refund before dispatch"],"biz_line":2001,"goods_type":101}],"rule_list":[{"rule_id":"refund_rule_1","rule_type":1,"refund_rule":{"biz_status":"FULFILL_WAIT","merchant_audit_type":2,"refund_type":3}}]}]}}"#;
    for answer in [sample.to_owned(), with_quoted_numbers(sample)] {
        let found = parse_reply::<TagQuery>(200, answer.as_bytes()).expect("tag groups");
        let [group] = found.tag_detail_list.as_slice() else { panic!("{found:?}") };
        assert_eq!((group.tag_list[0].goods_type, group.tag_list[0].biz_line), (Some(101), Some(2001)));
        let rule = group.rule_list[0].refund_rule.as_ref().expect("a refund rule");
        assert_eq!((rule.needs_audit, rule.refund_type), (Some(false), Some(RefundRule::AtWill)));
        assert_eq!(rule.biz_status.as_deref(), Some("FULFILL_WAIT"));
    }
    for data in [
        "",
        r#","data":null"#,
        r#","data":{}"#,
        r#","data":[]"#,
        r#","data":"""#,
        r#","data":{"tag_detail_list":null}"#,
    ] {
        let answer = format!(r#"{{"err_no":0,"err_msg":"success"{data}}}"#);
        let found = parse_reply::<TagQuery>(200, answer.as_bytes()).expect("nothing");
        assert!(found.tag_detail_list.is_empty(), "{answer}");
    }
}

#[test]
fn fulfilments_name_each_item_once_and_need_no_data_back() {
    let push = FulfillPushStatus::new(no("motb1"), vec![no("motb2"), no("motb3")], ToStatus::fulfilling());
    assert_eq!(
        body(&push.expect("two items")),
        r#"{"order_id":"motb1","item_order_id_list":["motb2","motb3"],"to_status":"fulfilling"}"#
    );
    let many = |count: usize| (0..count).map(|at| no(&format!("i{at}"))).collect::<Vec<_>>();
    let push = |items| FulfillPushStatus::new(no("motb1"), items, ToStatus::fulfill_done());
    assert!(push(many(100)).is_ok());
    for (items, word) in [(vec![], "empty"), (many(101), "101"), (vec![no("a"), no("a")], "twice")] {
        assert!(problem(push(items), "item_order_id_list").contains(word));
    }
    for answer in [r#"{"err_no":"0"}"#, r#"{"err_no":0,"data":{"x":1}}"#, r#"{"err_no":0,"data":null}"#] {
        assert_eq!(parse_reply::<FulfillPushStatus>(200, answer.as_bytes()), Ok(()), "{answer}");
    }
    let refused = parse_reply::<FulfillPushStatus>(200, br#"{"err_no":"10000","err_msg":"back"}"#);
    assert!(
        matches!(refused, Err(ReplyError::Platform(refusal)) if refusal.err_no == ErrNo::TRADE_PARAMETER)
    );
}

#[test]
fn stages_are_read_without_regard_to_case_and_only_go_forward() {
    for (word, stage) in [
        ("FULFILL_WAIT", Some(FulfilStage::Wait)),
        ("Fulfilling", Some(FulfilStage::Fulfilling)),
        ("fulfilled", Some(FulfilStage::Done)),
        ("FULFILL_DONE", Some(FulfilStage::Done)),
        ("shipped", None),
    ] {
        assert_eq!(ToStatus::new(word).expect(word).stage(), stage, "{word}");
    }
    assert!(FulfilStage::Wait < FulfilStage::Fulfilling && FulfilStage::Fulfilling < FulfilStage::Done);
    assert!(ToStatus::new("x".repeat(64)).is_ok());
    assert!(problem(ToStatus::new("x".repeat(65)), "to_status").contains("64"));
    assert!(problem(ToStatus::new(""), "to_status").contains("empty"));
}
