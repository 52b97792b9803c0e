//! The bodies that receivers of events rely on, byte for byte.

use douyin_pay_ledger::view::{OrderView, SettleableView};
use douyin_pay_ledger::{
    Event, EventKind, Fact, Open, OperationState, Order, OrderId, OrderSeen, OrderState, RefundSeen,
    RefundSource, RequestRefund, RequestReturn, RequestSettlement, ReturnSeen, SettleableSeen,
    SettlementSeen, Share, Source, System, What, decide,
};
use douyin_pay_protocol::{AppId, Fen, MerchantUid, OutNo, OutOrderNo, PlatformNo, UnixMs};

const START: UnixMs = UnixMs::new(1_722_757_788_000);

#[cfg(test)]
fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

/// Takes a fact that must change something, a second and a bit after the one before.
#[cfg(test)]
fn take(order: &mut Option<Order>, source: Source, what: What) -> Vec<Event> {
    let seq = order.as_ref().map_or(0, |order| i64::from(order.seq));
    let fact = Fact { at: START.plus_ms(seq * 1_120), source, what };
    let change = decide(order.as_ref(), &fact).unwrap();
    *order = Some(change.order);
    change.events
}

#[cfg(test)]
fn paid_order() -> (Option<Order>, Vec<Event>) {
    let mut order = None;
    let open = Open {
        id: OrderId::new(START, 1),
        app_id: AppId::new("tt0000000000000001").unwrap(),
        system: System::Ecpay,
        out_order_no: OutOrderNo::new("O1").unwrap(),
        amount: fen(1280),
        subject: "Latte".into(),
        body: "large".into(),
        valid_seconds: 900,
        cp_extra: Some("a \"quoted\" word".into()),
        open_id: None,
        metadata: Some(r#"{"table": 7}"#.into()),
        opened_elsewhere_at: None,
        refund_late: false,
        trade: None,
        ecpay: None,
        settle_after_days: None,
        order_push: None,
        request_sha256: [1; 32],
    };
    take(&mut order, Source::Merchant, What::Open(Box::new(open)));
    let seen = OrderSeen {
        total: Some(fen(1280)),
        platform_order_id: Some(PlatformNo::new("N73").unwrap()),
        paid_at: Some(START.plus_ms(1_000)),
        way: Some(2),
        channel_no: Some("C1".into()),
        payment_order_no: Some("PCP1".into()),
        seller_uid: Some("70775".into()),
        ..OrderSeen::new(OrderState::Paid)
    };
    let events = take(&mut order, Source::Callback, What::OrderSeen(seen));
    (order, events)
}

const ORDER: &str = concat!(
    r#""id":"ord_025m2xxc00001","app_id":"tt0000000000000001","out_order_no":"O1","system":"ecpay","state":"paid","#,
    r#""total_fen":1280,"discount_fen":0,"paid_fen":1280,"#,
);
const TIMES_AND_NUMBERS: &str = concat!(
    r#""created_at":"2024-08-04T15:49:48+08:00","expires_at":"2024-08-04T16:04:48+08:00","#,
    r#""paid_at":"2024-08-04T15:49:49+08:00","way":"alipay","channel_no":"C1","payment_order_no":"PCP1","#,
    r#""platform_order_id":"N73","seller_uid":"70775","cp_extra":"a \"quoted\" word","metadata":{"table": 7}"#,
);

#[test]
fn a_payment() {
    let (_, events) = paid_order();
    let sums = concat!(
        r#""refunded_fen":0,"refunding_fen":0,"refundable_fen":1280,"settled_fen":0,"#,
        r#""settleable_fen":1280,"settleable_basis":"estimate","#,
    );
    assert_eq!(events[0].id(), "ord_025m2xxc00001.1");
    assert_eq!(
        events[0].render("cof\"fee"),
        format!(
            concat!(
                r#"{{"type":"order.paid","timestamp":"2024-08-04T15:49:49.120+08:00","data":{{"#,
                r#""id":"ord_025m2xxc00001.1","app":"cof\"fee","out_order_no":"O1","n":1,"#,
                r#""order":{{{}{}{}}}}}}}"#,
            ),
            ORDER, sums, TIMES_AND_NUMBERS
        )
    );
}

#[test]
fn a_refund_that_succeeded_after_all() {
    let (mut order, _) = paid_order();
    let out_no = OutNo::new("R1").unwrap();
    let ask = RequestRefund {
        out_no: out_no.clone(),
        amount: fen(80),
        reason: "cold".into(),
        trade: None,
        ecpay: None,
        request_sha256: [2; 32],
    };
    take(&mut order, Source::Merchant, What::RequestRefund(ask));
    let mut seen = RefundSeen {
        amount: Some(fen(80)),
        message: Some("余额不足".into()),
        ..RefundSeen::new(out_no, OperationState::Failed)
    };
    let failed = take(&mut order, Source::Callback, What::RefundSeen(seen.clone()));
    let common = r#""origin":"merchant","amount_fen":80,"requested_at":"2024-08-04T15:49:50.240+08:00""#;
    let body = failed[0].render("coffee");
    let refund = format!(
        r#""refund":{{"out_refund_no":"R1","state":"failed",{common},"failure":{{"code":0,"message":"余额不足"}},"reason":"cold","source":"unknown"}}}}}}"#
    );
    assert!(body.ends_with(&refund), "{body}");
    assert!(!body.contains("corrected"));

    (seen.state, seen.message, seen.source) = (OperationState::Succeeded, None, RefundSource::InTransit);
    (seen.platform_no, seen.finished_at) = (Some(PlatformNo::new("N9").unwrap()), Some(START));
    let succeeded = take(&mut order, Source::Query, What::RefundSeen(seen));
    let body = succeeded[0].render("coffee");
    assert!(body.contains(r#""n":3,"corrected":true,"order":{"#), "{body}");
    let refund = format!(
        r#""refund":{{"out_refund_no":"R1","state":"succeeded",{common},"finished_at":"2024-08-04T15:49:48+08:00","reason":"cold","source":"in_transit","refund_no":"N9"}}}}}}"#
    );
    assert!(body.ends_with(&refund), "{body}");
    assert!(body.contains(r#""refunded_fen":80,"refunding_fen":0,"refundable_fen":1200,"#), "{body}");
}

#[test]
fn a_settlement_with_a_share() {
    let (mut order, _) = paid_order();
    let out_no = OutNo::new("S1").unwrap();
    let shares = vec![Share { merchant_uid: MerchantUid::new("88").unwrap(), amount: fen(60) }];
    let ask = RequestSettlement {
        out_no: out_no.clone(),
        description: "coffee".into(),
        shares,
        finish: true,
        item_order_id: None,
        request_sha256: [3; 32],
    };
    take(&mut order, Source::Merchant, What::RequestSettlement(ask));
    let seen = SettlementSeen {
        platform_no: Some(PlatformNo::new("N5").unwrap()),
        settle_amount: Some(fen(1272)),
        rake: Some(fen(8)),
        commission: Some(fen(0)),
        detail: Some("88: 60".into()),
        finished_at: Some(START),
        ..SettlementSeen::new(out_no, OperationState::Succeeded)
    };
    let events = take(&mut order, Source::Callback, What::SettlementSeen(seen));
    assert_eq!(events[0].kind, EventKind::SettlementSucceeded);
    let body = events[0].render("coffee");
    let settlement = concat!(
        r#""settlement":{"out_settle_no":"S1","state":"succeeded","origin":"merchant","amount_fen":1280,"#,
        r#""requested_at":"2024-08-04T15:49:50.240+08:00","finished_at":"2024-08-04T15:49:48+08:00","#,
        r#""description":"coffee","shares":[{"merchant_uid":"88","amount_fen":60}],"finish":true,"automatic":false,"#,
        r#""settle_amount_fen":1272,"amount_basis":"net","rake_fen":8,"commission_fen":0,"detail":"88: 60","#,
        r#""settle_no":"N5"}}}"#,
    );
    assert!(body.ends_with(settlement), "{body}");
}

#[test]
fn a_share_that_came_back() {
    let (mut order, _) = paid_order();
    let (settlement, out_no) = (OutNo::new("S1").unwrap(), OutNo::new("B1").unwrap());
    let merchant_uid = MerchantUid::new("88").unwrap();
    let settle = RequestSettlement {
        out_no: settlement.clone(),
        description: "coffee".into(),
        shares: vec![Share { merchant_uid: merchant_uid.clone(), amount: fen(60) }],
        finish: false,
        item_order_id: None,
        request_sha256: [3; 32],
    };
    take(&mut order, Source::Merchant, What::RequestSettlement(settle));
    let settled = SettlementSeen::new(settlement.clone(), OperationState::Succeeded);
    take(&mut order, Source::Callback, What::SettlementSeen(settled));
    let ask = RequestReturn {
        out_no: out_no.clone(),
        settlement,
        merchant_uid,
        amount: fen(30),
        description: "cold".into(),
        request_sha256: [4; 32],
    };
    take(&mut order, Source::Merchant, What::RequestReturn(ask));
    let seen = ReturnSeen {
        platform_no: Some(PlatformNo::new("N7").unwrap()),
        finished_at: Some(START),
        ..ReturnSeen::new(out_no, OperationState::Succeeded)
    };
    let events = take(&mut order, Source::Query, What::ReturnSeen(seen));
    assert_eq!(events[0].kind, EventKind::ReturnSucceeded);
    let body = events[0].render("coffee");
    let returned = concat!(
        r#""return":{"out_return_no":"B1","out_settle_no":"S1","merchant_uid":"88","state":"succeeded","#,
        r#""origin":"merchant","amount_fen":30,"requested_at":"2024-08-04T15:49:52.480+08:00","#,
        r#""finished_at":"2024-08-04T15:49:48+08:00","description":"cold","return_no":"N7"}}}"#,
    );
    assert!(body.ends_with(returned), "{body}");
    let reply = serde_json::to_value(OrderView::of(order.as_ref().unwrap())).unwrap();
    assert_eq!(reply["returns"][0]["out_return_no"], "B1");
}

#[test]
fn what_is_left_by_our_books_and_in_the_platforms_word() {
    let (mut order, _) = paid_order();
    let estimate = serde_json::to_value(SettleableView::estimate(order.as_ref().unwrap())).unwrap();
    let detail =
        serde_json::json!({ "paid_fen": 1280, "refunded_fen": 0, "settled_fen": 0, "settling_fen": 0 });
    let expected = serde_json::json!({ "settleable_fen": 1280, "basis": "estimate", "detail": detail });
    assert_eq!(estimate, expected);
    assert!(SettleableView::platform(order.as_ref().unwrap()).is_none());

    let seen = SettleableSeen { payment_rake: Some(fen(8)), ..SettleableSeen::new(fen(1272)) };
    take(&mut order, Source::Query, What::SettleableSeen(seen));
    let said = serde_json::to_value(SettleableView::platform(order.as_ref().unwrap())).unwrap();
    let expected = serde_json::json!({
        "settleable_fen": 1272, "basis": "platform", "as_of": "2024-08-04T15:49:50.240+08:00",
        "detail": { "payment_rake_fen": 8 },
    });
    assert_eq!(said, expected);
    let reply = serde_json::to_value(OrderView::of(order.as_ref().unwrap())).unwrap();
    assert_eq!((&reply["settleable_fen"], &reply["settleable_basis"]), (&1280.into(), &"estimate".into()));
    assert_eq!(reply["platform_settleable"]["amount_fen"], 1272);

    take(&mut order, Source::Query, What::SettleableSeen(SettleableSeen::new(fen(600))));
    let said = serde_json::to_value(SettleableView::platform(order.as_ref().unwrap())).unwrap();
    assert!(said["differs"].as_str().is_some_and(|how| how.contains("¥6.00")), "{said}");
}

#[test]
fn a_reply_lists_the_operations() {
    let (order, _) = paid_order();
    let reply = serde_json::to_value(OrderView::of(order.as_ref().unwrap())).unwrap();
    assert_eq!(reply["refunds"], serde_json::json!([]));
    assert_eq!(reply["settlements"], serde_json::json!([]));
    assert_eq!(reply["metadata"]["table"], 7);
}
