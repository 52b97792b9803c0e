//! Short words for what happens to orders.

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{
    CallOutcome, Fact, Open, OperationKind, OrderId, OrderSeen, OrderState, RequestRefund, RequestReturn,
    RequestSettlement, Share, Source, System, Target, What, of_notice,
};
use douyin_pay_protocol::ecpay::callback::Notice;
use douyin_pay_protocol::{AppId, Fen, MerchantUid, OrderToken, OutNo, OutOrderNo, PlatformNo};
use douyin_pay_server::journal::{CallbackArrival, Key, Submission};

pub(crate) fn app() -> AppId {
    AppId::new("tt0000000000000001").expect("an app id")
}

pub(crate) fn number(text: &str) -> OutOrderNo {
    OutOrderNo::new(text).expect("a number")
}

pub(crate) fn out_no(text: &str) -> OutNo {
    OutNo::new(text).expect("a number")
}

pub(crate) fn fen(fen: i64) -> Fen {
    Fen::new(fen).expect("an amount")
}

pub(crate) fn at(ms: i64) -> UnixMs {
    UnixMs::new(1_767_225_600_000 + ms)
}

/// The merchant asks for an order; `random` decides the id.
pub(crate) fn open(no: &str, random: u64, amount: i64) -> Submission {
    let open = Open {
        id: OrderId::new(at(0), random),
        app_id: app(),
        system: System::Ecpay,
        out_order_no: number(no),
        amount: fen(amount),
        subject: "拿铁".into(),
        body: "拿铁, large".into(),
        valid_seconds: 900,
        cp_extra: Some("table 7".into()),
        open_id: None,
        metadata: Some(r#"{"a":[1,"2"]}"#.into()),
        opened_elsewhere_at: None,
        refund_late: false,
        trade: None,
        ecpay: None,
        settle_after_days: None,
        order_push: None,
        request_sha256: [u8::try_from(amount % 251).expect("small"); 32],
    };
    let fact = Fact { at: at(0), source: Source::Merchant, what: What::Open(Box::new(open)) };
    Submission { key: Key::New, fact, callback: None }
}

/// The platform's number of an order.
pub(crate) fn platform_no(no: &str) -> PlatformNo {
    PlatformNo::new(format!("N{no}")).expect("a number")
}

/// The platform has opened the order.
pub(crate) fn opened(no: &str) -> Submission {
    let outcome = CallOutcome::Accepted {
        platform_no: Some(platform_no(no)),
        order_token: Some(OrderToken::new("token").expect("a token")),
    };
    answered(no, Target::Order, outcome)
}

/// A call about the order has ended.
pub(crate) fn answered(no: &str, target: Target, outcome: CallOutcome) -> Submission {
    let what = What::Answered { target, outcome };
    Submission {
        key: Key::Order(app(), number(no)),
        fact: Fact { at: at(10), source: Source::Answer, what },
        callback: None,
    }
}

/// A query says that the order is in this state.
pub(crate) fn seen(no: &str, state: OrderState, ms: i64) -> Submission {
    let seen = OrderSeen::new(state);
    Submission {
        key: Key::Order(app(), number(no)),
        fact: Fact { at: at(ms), source: Source::Query, what: What::OrderSeen(seen) },
        callback: None,
    }
}

/// The payment callback number `id`.
pub(crate) fn paid(no: &str, amount: i64, id: i64) -> Submission {
    let msg = format!(
        r#"{{"appid":"{}","cp_orderno":"{no}","cp_extra":"","way":"2","channel_no":"2024080422001","channel_gateway_no":"","payment_order_no":"PCP2024080415494800000000000000","out_channel_order_no":"2024080422001","total_amount":{amount},"status":"SUCCESS","seller_uid":"70775300146143419322","extra":"","item_id":"","paid_at":1767225601,"message":"","order_id":"N{no}"}}"#,
        app()
    );
    callback("payment", &msg, no, Key::Order(app(), number(no)), id)
}

/// The callback number `id` about a refund of the platform's order `order`.
pub(crate) fn refund_done(refund: &str, order: &str, amount: i64, id: i64) -> Submission {
    let msg = format!(
        r#"{{"appid":"{}","cp_refundno":"{refund}","cp_extra":"","status":"SUCCESS","refund_amount":{amount},"is_all_settled":false,"refunded_at":1767225700,"message":"","order_id":"N{order}","refund_no":"NR{refund}"}}"#,
        app()
    );
    let key = Key::OperationOrOrder {
        app_id: app(),
        kind: OperationKind::Refund,
        out_no: out_no(refund),
        out_order_no: None,
        platform_order_id: Some(platform_no(order)),
    };
    callback("refund", &msg, refund, key, id)
}

fn callback(kind: &str, msg: &str, number: &str, key: Key, id: i64) -> Submission {
    let body = serde_json::json!({
        "timestamp": "1767225601", "nonce": "2345", "msg": msg, "type": kind,
        "msg_signature": "20f02eb33e45f6e0eddbd0c74a2d8b381701d295",
    });
    let arrival = CallbackArrival {
        id,
        app_id: app(),
        kind: kind.to_owned(),
        number: number.to_owned(),
        received_at: at(2000 + id),
        body: Bytes::from(body.to_string()),
    };
    let notice = Notice::parse(kind, msg).expect("a message of the platform");
    let fact = of_notice(&notice, at(2000 + id)).expect("it says something");
    Submission { key, fact, callback: Some(arrival) }
}

/// The merchant asks for a refund.
pub(crate) fn refund(order: &str, no: &str, amount: i64) -> Submission {
    let ask = RequestRefund {
        out_no: out_no(no),
        amount: fen(amount),
        reason: "too much sugar".into(),
        trade: None,
        ecpay: None,
        request_sha256: [7; 32],
    };
    let fact = Fact { at: at(5000), source: Source::Merchant, what: What::RequestRefund(ask) };
    Submission { key: Key::Order(app(), number(order)), fact, callback: None }
}

/// The merchant asks for a settlement in which one other shares.
pub(crate) fn settle(order: &str, no: &str, share: i64) -> Submission {
    let ask = RequestSettlement {
        out_no: out_no(no),
        description: "August".into(),
        shares: vec![Share { merchant_uid: receiver(), amount: fen(share) }],
        finish: true,
        item_order_id: None,
        request_sha256: [9; 32],
    };
    let fact = Fact { at: at(6000), source: Source::Merchant, what: What::RequestSettlement(ask) };
    Submission { key: Key::Order(app(), number(order)), fact, callback: None }
}

/// Who shares in the settlements.
pub(crate) fn receiver() -> MerchantUid {
    MerchantUid::new("69645835031835936200").expect("a merchant")
}

/// The merchant asks for a share back.
pub(crate) fn take_back(order: &str, no: &str, settlement: &str, amount: i64) -> Submission {
    let ask = RequestReturn {
        out_no: out_no(no),
        settlement: out_no(settlement),
        merchant_uid: receiver(),
        amount: fen(amount),
        description: "too much".into(),
        request_sha256: [3; 32],
    };
    let fact = Fact { at: at(9_900_000), source: Source::Merchant, what: What::RequestReturn(ask) };
    Submission { key: Key::Order(app(), number(order)), fact, callback: None }
}
