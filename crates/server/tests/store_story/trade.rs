//! Orders of the general trade system: everything about them comes back.

use bytes::Bytes;
use douyin_pay_ledger::{
    CallOutcome, DecideRefund, Fact, ItemAmount, OperationKind, OrderState, PushFulfilment, RefundTrade,
    RequestRefund, RequestSettlement, Source, System, Target, What, of_trade_notice, of_trade_order_reply,
};
use douyin_pay_protocol::PlatformNo;
use douyin_pay_protocol::trade::callback::{Notice, body};
use douyin_pay_protocol::trade::{OrderQuery, parse_reply};
use douyin_pay_server::journal::{CallbackArrival, Key, Submission};
use douyin_pay_server::store::LoadKey;

use crate::desk::{Books, Desk, wait};
use crate::facts::{answered, app, at, fen, number, open, out_no};

/// The order of `open`, signed instead of opened.
fn signed(no: &str, random: u64) -> Submission {
    let mut ask = open(no, random, 1280);
    if let What::Open(open) = &mut ask.fact.what {
        open.system = System::Trade;
        open.trade = Some(douyin_pay_ledger::OpenTrade {
            data: format!(r#"{{"outOrderNo":"{no}"}}"#).into(),
            pay_expire_seconds: 600,
        });
    }
    ask
}

fn told(no: &str, ms: i64, what: What) -> Submission {
    let fact = Fact { at: at(ms), source: Source::Merchant, what };
    Submission { key: Key::Order(app(), number(no)), fact, callback: None }
}

/// What a query says of a paid order with two items.
fn queried(no: &str) -> Submission {
    let reply = format!(
        r#"{{"err_no":0,"err_msg":"success","data":{{"app_id":"{}","order_id":"m{no}","out_order_no":"{no}","pay_status":"SUCCESS","total_amount":1280,"discount_amount":80,"trade_time":1767225600000,"pay_time":1767225609000,"pay_channel":10,"item_order_list":[{{"item_order_id":"m{no}1","sku_id":"s1","item_order_amount":640}},{{"item_order_id":"m{no}2","sku_id":"s1","item_order_amount":640}}]}}}}"#,
        app()
    );
    let reply = parse_reply::<OrderQuery>(200, reply.as_bytes()).expect("a reply of the platform");
    let fact = of_trade_order_reply(&reply, at(9_000));
    Submission { key: Key::Order(app(), number(no)), fact, callback: None }
}

/// The callback number `id`, about the platform's order `m{order}`.
fn callback(kind: &str, order: &str, refund: &str, msg: &str, id: i64) -> Submission {
    let notice = Notice::parse(kind, msg).expect("a message of the platform");
    let fact = of_trade_notice(&notice, at(20_000 + id)).expect("it says something");
    let arrival = CallbackArrival {
        id,
        app_id: app(),
        kind: kind.to_owned(),
        number: refund.to_owned(),
        received_at: at(20_000 + id),
        body: Bytes::from(body(kind, msg)),
    };
    let key = Key::OperationOrOrder {
        app_id: app(),
        kind: OperationKind::Refund,
        out_no: out_no(refund),
        out_order_no: None,
        platform_order_id: Some(PlatformNo::new(format!("m{order}")).expect("a number")),
    };
    Submission { key, fact, callback: Some(arrival) }
}

/// The payer applies for a refund.
fn applied(order: &str, refund_id: &str, id: i64) -> Submission {
    let msg = format!(
        r#"{{"app_id":"{}","refund_id":"{refund_id}","order_id":"m{order}","out_order_no":"{order}","refund_total_amount":40,"need_refund_audit":1,"refund_audit_deadline":1767484800000,"refund_source":1,"refund_reason":["bitter"],"refund_item_detail":{{"item_order_quantity":1,"item_order_detail":[{{"item_order_id":"m{order}1","refund_amount":40}}]}}}}"#,
        app()
    );
    callback("pre_create_refund", order, &format!("dy-{refund_id}"), &msg, id)
}

pub(crate) fn a_trade_order_comes_back_to_the_last_field<B: Books>(mut desk: Desk<B>) {
    let refund = What::RequestRefund(RequestRefund {
        out_no: out_no("R1"),
        amount: fen(100),
        reason: "cold".into(),
        trade: Some(RefundTrade {
            code: 103,
            items: vec![ItemAmount { item_order_id: "mO11".into(), amount: fen(100) }],
        }),
        ecpay: None,
        request_sha256: [7; 32],
    });
    let fulfil = What::PushFulfilment(PushFulfilment {
        out_no: out_no("F1"),
        to_status: "fulfilling".into(),
        item_order_ids: vec!["mO12".into()],
        request_sha256: [8; 32],
    });
    let decide = What::DecideRefund(DecideRefund {
        out_no: out_no("dy-m77"),
        agree: false,
        deny_message: Some("it was drunk".into()),
        request_sha256: [9; 32],
    });
    let settle = What::RequestSettlement(RequestSettlement {
        out_no: out_no("S1"),
        description: "January".into(),
        shares: Vec::new(),
        finish: true,
        item_order_id: Some("mO12".into()),
        request_sha256: [6; 32],
    });
    let last = desk.all(vec![
        signed("O1", 1),
        told("O1", 100, What::SignedAgain),
        queried("O1"),
        told("O1", 10_000, refund),
        told("O1", 10_100, fulfil),
        applied("O1", "m77", 1),
        told("O1", 30_000, decide),
        answered("O1", Target::Audit(out_no("dy-m77")), CallOutcome::Unknown),
        told("O1", 31_000, settle),
    ]);
    let told = last.last().and_then(|it| it.order.clone()).expect("an order");
    assert_eq!((told.state, told.discount, told.items().len()), (OrderState::Paid, fen(80), 2));
    assert_eq!(told.operations.len(), 4);
    for key in [
        LoadKey::Id(told.id),
        LoadKey::Platform(app(), PlatformNo::new("mO1").expect("a number")),
        LoadKey::Operation(app(), OperationKind::Fulfilment, out_no("F1")),
        LoadKey::Operation(app(), OperationKind::Refund, out_no("dy-m77")),
    ] {
        let found = wait(desk.reads.orders_of(vec![key])).expect("readable").remove(0);
        assert_eq!(found.as_ref(), Some(&*told), "read back to the last field");
    }
    assert_eq!(desk.verify(), 1);
    let desk = desk.crash();
    assert_eq!(desk.order("O1"), *told);
    assert_eq!(desk.verify(), 1);
}

pub(crate) fn an_application_for_a_refund_waits_for_its_order<B: Books>(mut desk: Desk<B>) {
    for _ in 0..2 {
        let early = desk.one(applied("O1", "m77", 1));
        assert!(early.verdict.is_err(), "{early:?}");
    }
    assert_eq!(desk.open_exceptions().len(), 1);
    let mut desk = desk.crash();
    desk.all(vec![signed("O1", 1)]);
    let order = desk.order("O1");
    let refund =
        order.operation(OperationKind::Refund, &out_no("dy-m77")).expect("told when the order was known");
    assert_eq!((refund.amount, refund.platform_no.as_ref().map(|no| no.as_str())), (fen(40), Some("m77")));
    assert!(desk.open_exceptions().is_empty(), "solved by itself");
    assert_eq!(desk.verify(), 1);
}
