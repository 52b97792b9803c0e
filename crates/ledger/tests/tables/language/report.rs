//! What the platform answers and reports.

use douyin_pay_ledger::{
    AuditSeen, CallOutcome, Item, ItemAmount, OperationKind, OperationState, OrderSeen, OrderState, Origin,
    RefundSeen, RefundSource, ReturnSeen, SettleableSeen, SettlementSeen, Target, What, Why,
};
use douyin_pay_protocol::{OrderToken, OutNo, UnixMs};

use super::{after, fen, items, milliseconds, platform_no, shares, target, uid};

/// `platform accepts [R1] [number N1] [token T1]`, `call unknown [R1]`, `call refused 2010 [audit R1]`, …
pub(super) fn answer(who: &str, words: &[&str]) -> What {
    let refusal = |code: &&str| (code.parse::<i64>().unwrap(), "no".to_owned());
    let outcome = match (who, words) {
        ("platform", ["accepts", ..]) => CallOutcome::Accepted {
            platform_no: after(words, "number").map(platform_no),
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
pub(super) fn report(words: &[&str], now: UnixMs) -> What {
    // Here `audit` is a word of the report.
    let target = match target(words) {
        Target::Audit(out_no) => Target::Operation(OperationKind::Refund, out_no),
        other => other,
    };
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
        (Target::Order, None) if words[0] == "settleable" => What::SettleableSeen(settleable_seen(words)),
        (Target::Operation(OperationKind::Return, no), None) => What::ReturnSeen(return_seen(no, words, now)),
        (Target::Order, None) => What::OrderSeen(order_seen(words, now)),
        (Target::Operation(OperationKind::Settlement, no), None) => {
            What::SettlementSeen(settlement_seen(no, words, now))
        }
        (Target::Operation(_, no) | Target::Audit(no), None) => What::RefundSeen(refund_seen(no, words, now)),
    }
}

/// `paid 1000 number N1 discount 100 item I1 600 item I2 400`, `closed saying USER_CANCEL`, `paid 1000 currency DIAMOND`
fn order_seen(words: &[&str], now: UnixMs) -> OrderSeen {
    let (state, total) = match words {
        ["paid", amount, ..] if amount.parse::<i64>().is_ok() => (OrderState::Paid, Some(fen(amount))),
        ["paid", ..] => (OrderState::Paid, None),
        ["waiting", ..] => (OrderState::Waiting, after(words, "amount").map(fen)),
        ["closed", ..] => (OrderState::Closed, after(words, "amount").map(fen)),
        _ => panic!("an order is waiting, closed or paid, not `{}`", words.join(" ")),
    };
    let item = |(item_order_id, amount)| Item { item_order_id, sku_id: "latte".into(), amount };
    OrderSeen {
        total,
        platform_order_id: after(words, "number").map(platform_no),
        paid_at: (state == OrderState::Paid && !words.contains(&"sometime")).then_some(now),
        seller_uid: after(words, "seller").map(Into::into),
        way: after(words, "way").map(|way| way.parse().unwrap()),
        channel_no: after(words, "channel").map(Into::into),
        detail: (state == OrderState::Closed).then(|| after(words, "saying").unwrap_or("TIMEOUT").into()),
        discount: after(words, "discount").map(fen),
        items: items(words).into_iter().map(item).collect(),
        currency: after(words, "currency").map(Into::into),
        ..OrderSeen::new(state)
    }
}

fn operation_state(words: &[&str]) -> OperationState {
    words[0].parse().unwrap_or_else(|problem| panic!("{problem}"))
}

/// `auditing 300 number P7 by user deadline 72h audit to_audit item I1 300`, `failed 300 audit deny saying late`
fn refund_seen(out_no: OutNo, words: &[&str], now: UnixMs) -> RefundSeen {
    let state = operation_state(words);
    let item = |(item_order_id, amount)| ItemAmount { item_order_id, amount };
    let why = after(words, "saying").unwrap_or("too little balance");
    RefundSeen {
        amount: words.get(1).filter(|word| word.parse::<i64>().is_ok()).map(|amount| fen(amount)),
        platform_no: after(words, "number").map(platform_no),
        finished_at: state.is_final().then_some(now),
        source: match words.last() {
            Some(&"transit") => RefundSource::InTransit,
            Some(&"balance") => RefundSource::Settled,
            _ => RefundSource::Unknown,
        },
        message: (state == OperationState::Failed).then(|| why.into()),
        origin: after(words, "by").map(|who| match who {
            "user" => Origin::User,
            "service" => Origin::CustomerService,
            _ => Origin::Platform,
        }),
        reason: after(words, "because").map(Into::into),
        items: items(words).into_iter().map(item).collect(),
        audit: audit_seen(words, now),
        currency: after(words, "currency").map(Into::into),
        ..RefundSeen::new(out_no, state)
    }
}

/// `deadline 72h` counts from now.
fn audit_seen(words: &[&str], now: UnixMs) -> Option<AuditSeen> {
    let status = after(words, "audit").map(|status| status.parse().unwrap());
    let deadline_at = after(words, "deadline").map(|time| now.plus_ms(milliseconds(time)));
    let told = status.is_some() || deadline_at.is_some();
    told.then_some(AuditSeen { needed: Some(true), deadline_at, status, deny_message: None })
}

/// `settleable 992 fees 8 paid 1000 refunded 0`
fn settleable_seen(words: &[&str]) -> SettleableSeen {
    let figure = |name| after(words, name).map(fen);
    SettleableSeen {
        paid: figure("paid"),
        refunded: figure("refunded"),
        payment_rake: figure("fees"),
        commission: figure("commission"),
        ..SettleableSeen::new(fen(words[1]))
    }
}

/// `succeeded 30 of S1 from A number P7`; `settled P5` is the platform's number of the settlement.
fn return_seen(out_no: OutNo, words: &[&str], now: UnixMs) -> ReturnSeen {
    let state = operation_state(words);
    ReturnSeen {
        settlement: after(words, "of").map(|no| OutNo::new(no).unwrap()),
        settle_no: after(words, "settled").map(platform_no),
        merchant_uid: after(words, "from").map(uid),
        amount: words.get(1).filter(|word| word.parse::<i64>().is_ok()).map(|amount| fen(amount)),
        platform_no: after(words, "number").map(platform_no),
        finished_at: state.is_final().then_some(now),
        message: (state == OperationState::Failed).then(|| "too little balance".into()),
        ..ReturnSeen::new(out_no, state)
    }
}

fn settlement_seen(out_no: OutNo, words: &[&str], now: UnixMs) -> SettlementSeen {
    let state = operation_state(words);
    SettlementSeen {
        platform_no: after(words, "number").map(platform_no),
        settle_amount: after(words, "amount").map(fen),
        rake: after(words, "rake").map(fen),
        commission: after(words, "commission").map(fen),
        finished_at: state.is_final().then_some(now),
        automatic: words.contains(&"automatic"),
        item_order_id: after(words, "item").map(Into::into),
        shares: shares(words),
        ..SettlementSeen::new(out_no, state)
    }
}
