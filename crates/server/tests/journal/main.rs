//! The journal over a real SQLite file: batches, duplicates, damage, crashes.

mod desk;
mod damage;
mod story;

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{CallOutcome, Fact, Open, OrderId, OrderSeen, OrderState, RequestRefund, Source, System, Target, What};
use douyin_pay_protocol::{AppId, Fen, OrderToken, OutNo, OutOrderNo, PlatformNo};
use douyin_pay_server::journal::{AppLabel, AppLabels, CallbackArrival, Key, Submission};

fn app() -> AppId {
    AppId::new("tt0000000000000001").expect("an app id")
}

fn number(text: &str) -> OutOrderNo {
    OutOrderNo::new(text).expect("a number")
}

fn at(ms: i64) -> UnixMs {
    UnixMs::new(1_767_225_600_000 + ms)
}

fn labels() -> AppLabels {
    Arc::new(|_| Some(AppLabel { name: "coffee".to_owned(), deliver: true }))
}

fn open(no: &str, random: u64, fen: i64) -> Submission {
    let open = Open {
        id: OrderId::new(at(0), random),
        app_id: app(),
        system: System::Ecpay,
        out_order_no: number(no),
        amount: Fen::new(fen).expect("an amount"),
        subject: "Latte".into(),
        body: "Latte large".into(),
        valid_seconds: 900,
        cp_extra: None,
        open_id: None,
        metadata: None,
        request_sha256: [u8::try_from(fen % 251).expect("small"); 32],
    };
    let fact = Fact { at: at(0), source: Source::Merchant, what: What::Open(Box::new(open)) };
    Submission { key: Key::New, fact, callback: None }
}

fn opened_at_platform(no: &str) -> Submission {
    let outcome = CallOutcome::Accepted {
        platform_no: Some(PlatformNo::new(format!("N{no}")).expect("a number")),
        order_token: Some(OrderToken::new("token").expect("a token")),
    };
    let what = What::Answered { target: Target::Order, outcome };
    Submission { key: Key::Order(app(), number(no)), fact: Fact { at: at(10), source: Source::Answer, what }, callback: None }
}

fn paid(no: &str, fen: i64, callback: i64) -> Submission {
    let seen = OrderSeen {
        state: OrderState::Paid,
        total: Some(Fen::new(fen).expect("an amount")),
        platform_order_id: None,
        paid_at: Some(at(1000)),
        way: Some(1),
        channel_no: None,
        payment_order_no: None,
        seller_uid: None,
        detail: None,
    };
    let msg = format!(r#"{{\"appid\":\"{}\",\"cp_orderno\":\"{no}\",\"total_amount\":{fen},\"status\":\"SUCCESS\"}}"#, app());
    let body = format!(r#"{{"timestamp":"1","nonce":"1","msg":"{msg}","type":"payment","msg_signature":"-"}}"#);
    let arrival = CallbackArrival {
        id: callback,
        app_id: app(),
        kind: "payment".to_owned(),
        number: no.to_owned(),
        received_at: at(2000 + callback),
        body: Bytes::from(body),
    };
    let fact = Fact { at: at(2000 + callback), source: Source::Callback, what: What::OrderSeen(seen) };
    Submission { key: Key::Order(app(), number(no)), fact, callback: Some(arrival) }
}

fn refund(order: &str, no: &str, fen: i64) -> Submission {
    let ask = RequestRefund {
        out_no: OutNo::new(no).expect("a number"),
        amount: Fen::new(fen).expect("an amount"),
        reason: "sugar".into(),
        request_sha256: [7; 32],
    };
    let fact = Fact { at: at(5000), source: Source::Merchant, what: What::RequestRefund(ask) };
    Submission { key: Key::Order(app(), number(order)), fact, callback: None }
}
