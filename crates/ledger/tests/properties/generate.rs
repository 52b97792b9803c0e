//! Facts by chance: consistent observations, any facts, and extremes.

use douyin_pay_ledger::{
    CallOutcome, Fact, Open, OperationKind, OperationState, OrderId, OrderSeen, OrderState, RefundSeen,
    RefundSource, RequestRefund, RequestSettlement, SettlementSeen, Share, Source, System, Target, What, Why,
};
use douyin_pay_protocol::{AppId, Fen, MerchantUid, OrderToken, OutNo, OutOrderNo, PlatformNo, UnixMs};
use proptest::prelude::*;
use proptest::sample::select;

pub(crate) const START: UnixMs = UnixMs::new(1_767_225_600_000);

/// Who says what.
pub(crate) type Said = (Source, What);

pub(crate) fn fen(amount: i64) -> Fen {
    Fen::new(amount).unwrap()
}

pub(crate) fn out_no(text: &str) -> OutNo {
    OutNo::new(text).unwrap()
}

pub(crate) fn ecpay_open(amount: Fen) -> Open {
    Open {
        id: OrderId::new(START, 1),
        app_id: AppId::new("tt1").unwrap(),
        system: System::Ecpay,
        out_order_no: OutOrderNo::new("O1").unwrap(),
        amount,
        subject: "Latte".into(),
        body: "large".into(),
        valid_seconds: 900,
        cp_extra: Some("a \"quoted\" word".into()),
        open_id: None,
        metadata: Some(r#"{"table":7}"#.into()),
        opened_elsewhere_at: None,
        refund_late: false,
        trade: None,
        ecpay: None,
        settle_after_days: None,
        order_push: None,
        request_sha256: [1; 32],
    }
}

pub(crate) fn open(amount: Fen) -> Said {
    (Source::Merchant, What::Open(Box::new(ecpay_open(amount))))
}

fn refund(no: &str, amount: i64) -> What {
    What::RequestRefund(RequestRefund {
        out_no: out_no(no),
        amount: fen(amount),
        reason: "cold".into(),
        trade: None,
        ecpay: None,
        request_sha256: [2; 32],
    })
}

fn settlement(no: &str, share: Option<i64>, finish: bool) -> What {
    let to = MerchantUid::new("A").unwrap();
    let shares = share.map(|amount| Share { merchant_uid: to, amount: fen(amount) });
    What::RequestSettlement(RequestSettlement {
        out_no: out_no(no),
        description: "coffee".into(),
        shares: shares.into_iter().collect(),
        finish,
        item_order_id: None,
        request_sha256: [3; 32],
    })
}

fn paid(total: i64) -> OrderSeen {
    OrderSeen { total: Some(fen(total)), ..OrderSeen::new(OrderState::Paid) }
}

/// The commands and what the platform reports besides.
pub(crate) fn worlds() -> impl Strategy<Value = (Vec<Said>, Vec<Said>)> {
    (commands(), observations())
}

/// What the merchant did and how the calls ended: the same in every run that is compared.
fn commands() -> impl Strategy<Value = Vec<Said>> {
    let opened = option_of(outcome().prop_map(|outcome| What::Answered { target: Target::Order, outcome }));
    let answered = |kind, no: &'static str| {
        let target = Target::Operation(kind, out_no(no));
        option_of(outcome().prop_map(move |outcome| What::Answered { target: target.clone(), outcome }))
    };
    let operations = (
        option_of(Just(refund("R1", 300))),
        answered(OperationKind::Refund, "R1"),
        option_of(Just(refund("R2", 700))),
        option_of(
            (option_of(1..=200_i64), any::<bool>())
                .prop_map(|(share, finish)| settlement("S1", share, finish)),
        ),
        answered(OperationKind::Settlement, "S1"),
    );
    (opened, any::<bool>(), operations).prop_map(|(opened, paid_first, (r1, a1, r2, s1, a2))| {
        let answers = |what: Option<What>| what.map(|what| (Source::Answer, what));
        let asks = |what: Option<What>| what.map(|what| (Source::Merchant, what));
        let payment = paid_first.then(|| (Source::Callback, What::OrderSeen(paid(1000))));
        let all = [
            Some(open(fen(1000))),
            answers(opened),
            payment,
            asks(r1),
            answers(a1),
            asks(r2),
            asks(s1),
            answers(a2),
        ];
        all.into_iter().flatten().collect()
    })
}

pub(crate) fn option_of<T: Clone + std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.6, strategy)
}

pub(crate) fn outcome() -> impl Strategy<Value = CallOutcome> {
    let number = option_of(Just(PlatformNo::new("N1").unwrap()));
    let token = option_of(Just(OrderToken::new("T1").unwrap()));
    prop_oneof![
        3 => (number, token).prop_map(|(platform_no, order_token)| CallOutcome::Accepted { platform_no, order_token }),
        1 => Just(CallOutcome::NotSent),
        1 => Just(CallOutcome::Unknown),
        1 => Just(CallOutcome::Refused { code: 2010, message: "no".into() }),
        1 => Just(CallOutcome::ConfigRefused { code: 2008, message: "no".into() }),
    ]
}

/// What the platform reports, in no order. Absent or present, a detail has one value; amounts of
/// settlements may contradict each other.
fn observations() -> impl Strategy<Value = Vec<Said>> {
    let what = prop_oneof![
        order_seen().prop_map(What::OrderSeen),
        refund_seen().prop_map(What::RefundSeen),
        settlement_seen().prop_map(What::SettlementSeen),
    ];
    prop::collection::vec((select(vec![Source::Callback, Source::Query]), what), 1..9)
}

fn order_seen() -> impl Strategy<Value = OrderSeen> {
    let state = select(vec![OrderState::Waiting, OrderState::Closed, OrderState::Paid]);
    let total = select(vec![None, Some(fen(1000)), Some(fen(999))]);
    (state, total, any::<[bool; 5]>()).prop_map(|(state, total, given)| OrderSeen {
        total,
        platform_order_id: given[0].then(|| PlatformNo::new("N1").unwrap()),
        paid_at: given[1].then_some(START),
        way: given[2].then_some(2),
        channel_no: given[3].then(|| "C1".into()),
        detail: given[4].then(|| "TIMEOUT".into()),
        ..OrderSeen::new(state)
    })
}

fn refund_seen() -> impl Strategy<Value = RefundSeen> {
    let state = select(vec![OperationState::Accepted, OperationState::Failed, OperationState::Succeeded]);
    let which = select(vec![("R1", 300), ("R1", 299), ("R2", 700), ("R8", 400), ("R9", 900)]);
    (state, which, any::<[bool; 5]>()).prop_map(|(state, (no, amount), given)| {
        let own = if no == "R2" { RefundSource::Settled } else { RefundSource::InTransit };
        RefundSeen {
            // What nobody here asked for has no amount to compare with, so it has but one.
            amount: (given[0] && no != "R1" || amount != 300 && no == "R1").then(|| fen(amount)),
            platform_no: given[1].then(|| PlatformNo::new("P1").unwrap()),
            finished_at: given[2].then(|| START.plus_ms(if state == OperationState::Failed { 5 } else { 6 })),
            source: if given[3] { own } else { RefundSource::Unknown },
            message: given[4].then(|| "too little balance".into()),
            ..RefundSeen::new(out_no(no), state)
        }
    })
}

fn settlement_seen() -> impl Strategy<Value = SettlementSeen> {
    let state = select(vec![OperationState::Accepted, OperationState::Failed, OperationState::Succeeded]);
    let amount = select(vec![None, Some(fen(300)), Some(fen(994)), Some(fen(1000))]);
    let rake = select(vec![None, Some(fen(0)), Some(fen(6))]);
    (state, select(vec!["S1", "S9"]), amount, rake, any::<[bool; 4]>()).prop_map(
        |(state, no, settle_amount, rake, given)| SettlementSeen {
            platform_no: given[0].then(|| PlatformNo::new(format!("P{no}")).unwrap()),
            settle_amount,
            rake,
            detail: given[1].then(|| "A 60".into()),
            finished_at: given[2].then_some(START),
            automatic: given[3],
            ..SettlementSeen::new(out_no(no), state)
        },
    )
}

/// Any facts after an opening, at times that go on.
pub(crate) fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    let said = prop_oneof![
        4 => (select(vec![Source::Callback, Source::Query]), order_seen().prop_map(What::OrderSeen)),
        4 => (select(vec![Source::Callback, Source::Query]), refund_seen().prop_map(What::RefundSeen)),
        3 => (select(vec![Source::Callback, Source::Query]), settlement_seen().prop_map(What::SettlementSeen)),
        4 => (select(vec!["R1", "R2", "R3", "R4"]), 0..=700_i64)
            .prop_map(|(no, amount)| (Source::Merchant, refund(no, amount))),
        3 => (select(vec!["S1", "S2", "S3"]), option_of(0..=700_i64), any::<bool>())
            .prop_map(|(no, share, finish)| (Source::Merchant, settlement(no, share, finish))),
        4 => (target(), outcome()).prop_map(|(target, outcome)| (Source::Answer, What::Answered { target, outcome })),
        3 => (target(), why()).prop_map(|(target, why)| (Source::Query, What::NothingNew { target, why })),
        1 => Just(open(fen(1000))),
    ];
    let pause = prop_oneof![8 => 0..30_000_i64, 2 => 0..7_200_000_i64, 1 => 0..400_000_000_i64];
    let paid_early = any::<bool>();
    (paid_early, prop::collection::vec((pause, said), 0..40)).prop_map(|(paid_early, said)| {
        let mut at = START;
        let (source, what) = open(fen(1000));
        let mut facts = vec![Fact { at, source, what }];
        if paid_early {
            facts.push(Fact { at, source: Source::Callback, what: What::OrderSeen(paid(1000)) });
        }
        for (pause, (source, what)) in said {
            at = at.plus_ms(pause);
            facts.push(Fact { at, source, what });
        }
        facts
    })
}

fn target() -> impl Strategy<Value = Target> {
    let operation = |kind, no| Target::Operation(kind, out_no(no));
    select(vec![
        Target::Order,
        operation(OperationKind::Refund, "R1"),
        operation(OperationKind::Refund, "R9"),
        operation(OperationKind::Settlement, "S1"),
        operation(OperationKind::Return, "B1"),
    ])
}

fn why() -> impl Strategy<Value = Why> {
    select(vec![Why::Processing, Why::NotFound, Why::NotSent, Why::Unknown, Why::Paced])
}

/// Facts whose times and amounts lie at the ends of what their types can hold.
pub(crate) fn extreme_facts(
    open: impl Fn(Fen) -> Said + Copy,
    facts: impl Strategy<Value = Vec<Fact>>,
) -> impl Strategy<Value = Vec<Fact>> {
    let at = prop_oneof![Just(i64::MIN), Just(0), Just(i64::MAX), any::<i64>()].prop_map(UnixMs::new);
    let amount = prop_oneof![Just(0), Just(1), Just(Fen::MAX.get()), 0..=Fen::MAX.get()];
    let said = (facts, amount).prop_map(move |(facts, amount)| {
        let Some(mut fact) = facts.into_iter().last() else { return open(fen(amount)) };
        match &mut fact.what {
            What::Open(open) => open.amount = fen(amount),
            What::RequestRefund(ask) => {
                ask.amount = fen(amount);
                let items = ask.trade.iter_mut().flat_map(|trade| &mut trade.items);
                items.for_each(|part| part.amount = fen(amount));
            }
            What::RefundSeen(seen) => {
                seen.amount = Some(fen(amount));
                seen.items.iter_mut().for_each(|part| part.amount = fen(amount));
            }
            What::SettlementSeen(seen) => {
                (seen.settle_amount, seen.rake) = (Some(fen(amount)), Some(fen(amount)))
            }
            What::OrderSeen(seen) => {
                seen.total = None;
                seen.discount = Some(fen(amount));
                seen.items.iter_mut().for_each(|item| item.amount = fen(amount));
            }
            What::RequestSettlement(ask) => {
                ask.shares.iter_mut().for_each(|share| share.amount = fen(amount))
            }
            What::RequestReturn(ask) => ask.amount = fen(amount),
            What::ReturnSeen(seen) => seen.amount = Some(fen(amount)),
            What::SettleableSeen(seen) => seen.unsettled = fen(amount),
            What::PushFulfilment(_)
            | What::SettlementDue
            | What::DecideRefund(_)
            | What::SignedAgain
            | What::Abandon
            | What::Answered { .. }
            | What::NothingNew { .. } => {}
        }
        (fact.source, fact.what)
    });
    let first = prop_oneof![Just(1), Just(Fen::MAX.get())].prop_map(move |amount| open(fen(amount)));
    let facts = prop::collection::vec((at.clone(), said), 0..12);
    (at, first, facts).prop_map(|(at, (source, what), more)| {
        let mut facts = vec![Fact { at, source, what }];
        facts.extend(more.into_iter().map(|(at, (source, what))| Fact { at, source, what }));
        facts
    })
}
