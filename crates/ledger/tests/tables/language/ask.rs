//! What the merchant asks for.

use douyin_pay_ledger::{
    DecideRefund, ItemAmount, Open, OpenPush, OpenTrade, OrderId, PushFulfilment, PushItem, RefundTrade,
    RequestRefund, RequestReturn, RequestSettlement, System, What,
};
use douyin_pay_protocol::{AppId, OutNo, OutOrderNo};

use super::{START, after, digest, fen, items, number, shares, uid};

/// `opens 1000`, `opens 1000 signed expire 300`, `opens 1000 settling-after 7`, `opens 1000 payer pushing`, `signs again`, `refunds R1 100 item I1 60 item I2 40`,
/// `settles S1 item I1`, `returns B1 30 of S1 from A`, `agrees DY7`, `denies DY7 because late`, `pushes F1 fulfilling item I1`, …
pub(super) fn merchant(words: &[&str]) -> What {
    match words {
        ["opens", amount, ..] => What::Open(Box::new(open(amount, words))),
        ["signs", "again"] => What::SignedAgain,
        ["abandons"] => What::Abandon,
        ["refunds", no, amount, ..] => What::RequestRefund(RequestRefund {
            out_no: OutNo::new(no).unwrap(),
            amount: fen(amount),
            reason: after(words, "because").unwrap_or("cold").into(),
            trade: refund_trade(words),
            ecpay: None,
            request_sha256: digest(words),
        }),
        ["settles", no, ..] => What::RequestSettlement(RequestSettlement {
            out_no: number(no).expect("a settlement's number").1,
            description: "coffee".into(),
            shares: shares(words),
            finish: !words.contains(&"partly"),
            item_order_id: after(words, "item").map(Into::into),
            request_sha256: digest(words),
        }),
        ["returns", no, amount, ..] => What::RequestReturn(RequestReturn {
            out_no: OutNo::new(no).unwrap(),
            settlement: OutNo::new(after(words, "of").expect("a settlement")).unwrap(),
            merchant_uid: uid(after(words, "from").expect("a receiver")),
            amount: fen(amount),
            description: after(words, "because").unwrap_or("cold").into(),
            request_sha256: digest(words),
        }),
        [verb @ ("agrees" | "denies"), no, ..] => What::DecideRefund(DecideRefund {
            out_no: number(no).expect("a refund's number").1,
            agree: *verb == "agrees",
            deny_message: after(words, "because").map(Into::into),
            request_sha256: digest(words),
        }),
        ["pushes", no, to_status, ..] => What::PushFulfilment(PushFulfilment {
            out_no: OutNo::new(no).unwrap(),
            to_status: (*to_status).into(),
            item_order_ids: items(words).into_iter().map(|(item, _)| item).collect(),
            request_sha256: digest(words),
        }),
        _ => panic!("the merchant does not do `{}`", words.join(" ")),
    }
}

fn open(amount: &str, words: &[&str]) -> Open {
    let signed = words.contains(&"signed");
    let expire = after(words, "expire").map_or(300, |seconds| seconds.parse().unwrap());
    let trade = OpenTrade { data: r#"{"outOrderNo":"O1"}"#.into(), pay_expire_seconds: expire };
    Open {
        id: OrderId::new(START, 1),
        app_id: AppId::new(after(words, "app").unwrap_or("tt0000000000000001")).unwrap(),
        system: if signed || words.contains(&"unsigned") { System::Trade } else { System::Ecpay },
        out_order_no: OutOrderNo::new("O1").unwrap(),
        amount: fen(amount),
        subject: "Latte".into(),
        body: after(words, "body").unwrap_or("large").into(),
        valid_seconds: after(words, "valid").map_or(900, |seconds| seconds.parse().unwrap()),
        cp_extra: None,
        open_id: words.contains(&"payer").then(|| "payer".into()),
        metadata: None,
        opened_elsewhere_at: words.contains(&"elsewhere").then_some(START),
        refund_late: words.contains(&"refunding-late"),
        trade: signed.then_some(trade),
        ecpay: None,
        settle_after_days: after(words, "settling-after").map(|days| days.parse().unwrap()),
        order_push: words.contains(&"pushing").then(push),
        request_sha256: digest(words),
    }
}

fn push() -> OpenPush {
    let item = PushItem {
        item_code: "latte".into(),
        img: "https://m.example.com/1.png".into(),
        title: "Latte".into(),
        sub_title: None,
        amount: 1,
        price: fen("1000"),
    };
    OpenPush { detail_url: "pages/order?id=1".into(), items: vec![item] }
}

fn refund_trade(words: &[&str]) -> Option<RefundTrade> {
    let parts = items(words).into_iter();
    let items: Vec<_> = parts.map(|(item_order_id, amount)| ItemAmount { item_order_id, amount }).collect();
    let code = after(words, "code").map(|code| code.parse().unwrap());
    (code.is_some() || !items.is_empty()).then(|| RefundTrade { code: code.unwrap_or(101), items })
}
