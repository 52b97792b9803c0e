//! The words of the stories as facts.

use douyin_pay_ledger::{
    CallOutcome, Open, OperationKind, OperationState, OrderId, OrderSeen, OrderState, RefundSeen,
    RefundSource, RequestRefund, RequestSettlement, SettlementSeen, Share, Source, System, Target, What, Why,
    automatic_refund_no,
};
use douyin_pay_protocol::{AppId, Fen, MerchantUid, OrderToken, OutNo, OutOrderNo, PlatformNo, UnixMs};

/// When every story begins: 2026-01-01 00:00 UTC.
pub(crate) const START: UnixMs = UnixMs::new(1_767_225_600_000);

/// Reads a fact; operations have numbers that begin with R (refund) or S (settlement).
pub(crate) fn fact(text: &str, now: UnixMs) -> (Source, What) {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let who = words.remove(0);
    match who {
        "merchant" => (Source::Merchant, merchant(&words)),
        "platform" | "call" => (Source::Answer, answer(who, &words)),
        "callback" => (Source::Callback, report(&words, now)),
        "query" => (Source::Query, report(&words, now)),
        _ => panic!("who is `{who}`? merchant, platform, call, callback or query"),
    }
}

/// The operation that a fact names.
pub(crate) fn operation(text: &str) -> Option<(OperationKind, OutNo)> {
    text.split_whitespace().find_map(number)
}

pub(crate) fn fen(text: &str) -> Fen {
    Fen::new(text.parse().unwrap_or_else(|_| panic!("`{text}` is not an amount"))).unwrap()
}

fn number(word: &str) -> Option<(OperationKind, OutNo)> {
    let kind = match word.as_bytes() {
        [b'R', b'0'..=b'9', ..] => OperationKind::Refund,
        [b'S', b'0'..=b'9', ..] => OperationKind::Settlement,
        // The number of the automatic refund follows from the order's id.
        b"AUTO" => return Some((OperationKind::Refund, automatic_refund_no(OrderId::new(START, 1)))),
        _ => return None,
    };
    Some((kind, OutNo::new(word).unwrap()))
}

/// The word after another.
fn after<'a>(words: &[&'a str], word: &str) -> Option<&'a str> {
    let at = words.iter().position(|found| *found == word)?;
    Some(words.get(at + 1).unwrap_or_else(|| panic!("something must follow `{word}`")))
}

/// Stands for the digest of the request: the same words, the same digest.
fn digest(words: &[&str]) -> [u8; 32] {
    let mut digest = [7_u8; 32];
    for (at, byte) in words.join(" ").bytes().enumerate() {
        digest[at % 32] = digest[at % 32].wrapping_mul(31).wrapping_add(byte);
    }
    digest
}

fn merchant(words: &[&str]) -> What {
    match words {
        ["opens", amount, ..] => What::Open(Box::new(Open {
            id: OrderId::new(START, 1),
            app_id: AppId::new(after(words, "app").unwrap_or("tt0000000000000001")).unwrap(),
            system: System::Ecpay,
            out_order_no: OutOrderNo::new("O1").unwrap(),
            amount: fen(amount),
            subject: "Latte".into(),
            body: after(words, "body").unwrap_or("large").into(),
            valid_seconds: after(words, "valid").map_or(900, |seconds| seconds.parse().unwrap()),
            cp_extra: None,
            open_id: None,
            metadata: None,
            opened_elsewhere_at: words.contains(&"elsewhere").then_some(START),
            refund_late: words.contains(&"refunding-late"),
            trade: None,
            request_sha256: digest(words),
        })),
        ["abandons"] => What::Abandon,
        ["refunds", no, amount, ..] => What::RequestRefund(RequestRefund {
            out_no: OutNo::new(no).unwrap(),
            amount: fen(amount),
            reason: after(words, "because").unwrap_or("cold").into(),
            trade: None,
            request_sha256: digest(words),
        }),
        ["settles", no, ..] => What::RequestSettlement(RequestSettlement {
            out_no: OutNo::new(no).unwrap(),
            description: "coffee".into(),
            shares: shares(words),
            finish: !words.contains(&"partly"),
            item_order_id: None,
            request_sha256: digest(words),
        }),
        _ => panic!("the merchant opens, refunds or settles, not `{}`", words.join(" ")),
    }
}

/// `share 60 to A share 20 to B`
fn shares(words: &[&str]) -> Vec<Share> {
    let one = |window: &[&str]| match window {
        ["share", amount, "to", whom] => {
            Some(Share { merchant_uid: MerchantUid::new(whom).unwrap(), amount: fen(amount) })
        }
        _ => None,
    };
    words.windows(4).filter_map(one).collect()
}

fn target(words: &[&str]) -> Target {
    let named = words.iter().find_map(|word| number(word));
    named.map_or(Target::Order, |(kind, out_no)| Target::Operation(kind, out_no))
}

/// `platform accepts [R1] [number N1] [token T1]`, `call unknown [R1]`, `call refused 2010 [R1]`, …
fn answer(who: &str, words: &[&str]) -> What {
    let refusal = |code: &&str| (code.parse::<i64>().unwrap(), "no".to_owned());
    let outcome = match (who, words) {
        ("platform", ["accepts", ..]) => CallOutcome::Accepted {
            platform_no: after(words, "number").map(|no| PlatformNo::new(no).unwrap()),
            order_token: after(words, "token").map(|token| OrderToken::new(token).unwrap()),
        },
        ("call", ["unknown", ..]) => CallOutcome::Unknown,
        ("call", ["unsent", ..]) => CallOutcome::NotSent,
        ("call", ["refused", code, ..]) => {
            let (code, message) = refusal(code);
            CallOutcome::Refused { code, message }
        }
        ("call", ["misconfigured", code, ..]) => {
            let (code, message) = refusal(code);
            CallOutcome::ConfigRefused { code, message }
        }
        _ => panic!("unknown answer `{who} {}`", words.join(" ")),
    };
    What::Answered { target: target(words), outcome }
}

/// `callback paid 1000`, `query closed TIMEOUT`, `callback R1 succeeded 100 in transit`, `query R1 not found`, …
fn report(words: &[&str], now: UnixMs) -> What {
    let target = target(words);
    let words = if target == Target::Order { words } else { &words[1..] };
    let why = match words {
        ["processing"] => Some(Why::Processing),
        ["not", "found"] => Some(Why::NotFound),
        ["unsent"] => Some(Why::NotSent),
        ["unknown"] => Some(Why::Unknown),
        ["paced"] => Some(Why::Paced),
        _ => None,
    };
    match (target, why) {
        (target, Some(why)) => What::NothingNew { target, why },
        (Target::Order, None) => What::OrderSeen(order_seen(words, now)),
        (Target::Operation(OperationKind::Settlement, no), None) => {
            What::SettlementSeen(settlement_seen(no, words, now))
        }
        (Target::Operation(_, no) | Target::Audit(no), None) => What::RefundSeen(refund_seen(no, words, now)),
    }
}

fn order_seen(words: &[&str], now: UnixMs) -> OrderSeen {
    let (state, total) = match words {
        ["paid", amount, ..] => (OrderState::Paid, Some(fen(amount))),
        ["paid"] => (OrderState::Paid, None),
        ["waiting", ..] => (OrderState::Waiting, after(words, "amount").map(fen)),
        ["closed", ..] => (OrderState::Closed, after(words, "amount").map(fen)),
        _ => panic!("an order is waiting, closed or paid, not `{}`", words.join(" ")),
    };
    OrderSeen {
        total,
        platform_order_id: after(words, "number").map(|no| PlatformNo::new(no).unwrap()),
        paid_at: (state == OrderState::Paid).then_some(now),
        way: after(words, "way").map(|way| way.parse().unwrap()),
        channel_no: after(words, "channel").map(Into::into),
        detail: (state == OrderState::Closed).then(|| "TIMEOUT".into()),
        ..OrderSeen::new(state)
    }
}

fn operation_state(words: &[&str]) -> OperationState {
    words[0].parse().unwrap_or_else(|problem| panic!("{problem}"))
}

fn refund_seen(out_no: OutNo, words: &[&str], now: UnixMs) -> RefundSeen {
    let state = operation_state(words);
    RefundSeen {
        amount: words.get(1).filter(|word| word.parse::<i64>().is_ok()).map(|amount| fen(amount)),
        platform_no: after(words, "number").map(|no| PlatformNo::new(no).unwrap()),
        finished_at: state.is_final().then_some(now),
        source: match words.last() {
            Some(&"transit") => RefundSource::InTransit,
            Some(&"balance") => RefundSource::Settled,
            _ => RefundSource::Unknown,
        },
        message: (state == OperationState::Failed).then(|| "too little balance".into()),
        ..RefundSeen::new(out_no, state)
    }
}

fn settlement_seen(out_no: OutNo, words: &[&str], now: UnixMs) -> SettlementSeen {
    let state = operation_state(words);
    SettlementSeen {
        platform_no: after(words, "number").map(|no| PlatformNo::new(no).unwrap()),
        settle_amount: after(words, "amount").map(fen),
        rake: after(words, "rake").map(fen),
        commission: after(words, "commission").map(fen),
        finished_at: state.is_final().then_some(now),
        automatic: words.contains(&"automatic"),
        ..SettlementSeen::new(out_no, state)
    }
}
