//! Facts by chance: consistent observations, any facts, and extremes.

use douyin_pay_ledger::{
    CallOutcome, Fact, Open, OpenPush, OperationKind, OperationState, OrderId, OrderSeen, OrderState,
    PushFulfilment, PushItem, RefundSeen, RefundSource, RequestRefund, RequestReturn, RequestSettlement,
    ReturnSeen, SettleableSeen, SettlementSeen, Share, Source, System, Target, What, Why, automatic_no,
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

/// The same with what happens by itself: it is settled as soon as it is paid, or the order centre is told.
fn planned_open() -> impl Strategy<Value = Said> {
    let days = select(vec![None, Some(0), Some(1)]);
    (days, any::<bool>()).prop_map(|(settle_after_days, push)| {
        let item = PushItem {
            item_code: "latte".into(),
            img: "https://m.example.com/1.png".into(),
            title: "Latte".into(),
            sub_title: None,
            amount: 1,
            price: fen(1000),
        };
        let order_push = push.then(|| OpenPush { detail_url: "pages/order".into(), items: vec![item] });
        let open_id = Some("payer".into());
        let open = Open { settle_after_days, order_push, open_id, ..ecpay_open(fen(1000)) };
        (Source::Merchant, What::Open(Box::new(open)))
    })
}

fn back(no: &str, settlement: &str, from: &str, amount: i64) -> What {
    What::RequestReturn(RequestReturn {
        out_no: out_no(no),
        settlement: out_no(settlement),
        merchant_uid: MerchantUid::new(from).unwrap(),
        amount: fen(amount),
        description: "cold".into(),
        request_sha256: [4; 32],
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
    OrderSeen { total: Some(fen(total)), paid_at: Some(START), ..OrderSeen::new(OrderState::Paid) }
}

/// The commands and what the platform reports besides. Of a return that nobody here asked for there is but one
/// receiver, whoever speaks of it first.
pub(crate) fn worlds() -> impl Strategy<Value = (Vec<Said>, Vec<Said>)> {
    (commands(), observations()).prop_map(|(commands, mut observations)| {
        let ours =
            super::run(commands.clone()).order().operation(OperationKind::Return, &out_no("B1")).is_some();
        for (_, what) in &mut observations {
            if let (What::ReturnSeen(seen), false) = (what, ours) {
                seen.merchant_uid = seen.merchant_uid.take().filter(|uid| uid.as_str() == "A");
            }
        }
        (commands, observations)
    })
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
        option_of(Just(SettlementSeen::new(out_no("S1"), OperationState::Succeeded))),
        option_of((1..=200_i64).prop_map(|amount| back("B1", "S1", "A", amount))),
        answered(OperationKind::Return, "B1"),
        any::<[bool; 2]>(),
    );
    let first = (planned_open(), opened, any::<bool>());
    (first, operations).prop_map(|((open, opened, paid_first), (r1, a1, r2, s1, a2, done, b1, a3, due))| {
        let answers = |what: Option<What>| what.map(|what| (Source::Answer, what));
        let asks = |what: Option<What>| what.map(|what| (Source::Merchant, what));
        let payment = paid_first.then(|| (Source::Callback, What::OrderSeen(paid(1000))));
        let looks = |due: bool| asks(due.then_some(What::SettlementDue));
        let all = [
            Some(open),
            answers(opened),
            payment,
            looks(due[0]),
            asks(r1),
            answers(a1),
            asks(r2),
            asks(s1),
            answers(a2),
            done.map(|seen| (Source::Callback, What::SettlementSeen(seen))),
            looks(due[1]),
            asks(b1),
            answers(a3),
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
        return_seen().prop_map(What::ReturnSeen),
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

/// Ours of up to 200 from A, sometimes told of 30 or of somebody else; and one that nobody here asked for.
fn return_seen() -> impl Strategy<Value = ReturnSeen> {
    let state = select(vec![OperationState::Accepted, OperationState::Failed, OperationState::Succeeded]);
    let which =
        select(vec![("B1", None, "A"), ("B1", Some(30), "A"), ("B1", None, "C"), ("B9", Some(150), "A")]);
    (state, which, any::<[bool; 5]>()).prop_map(|(state, (no, amount, whom), given)| ReturnSeen {
        settlement: given[0].then(|| out_no("S1")),
        // What nobody here asked for has but one receiver.
        merchant_uid: given[1].then(|| MerchantUid::new(whom).unwrap()),
        amount: amount.map(fen),
        platform_no: given[2].then(|| PlatformNo::new("P7").unwrap()),
        finished_at: given[3].then(|| START.plus_ms(if state == OperationState::Failed { 5 } else { 6 })),
        message: given[4].then(|| "too little balance".into()),
        ..ReturnSeen::new(out_no(no), state)
    })
}

fn settleable_seen() -> impl Strategy<Value = SettleableSeen> {
    let figure = || select(vec![None, Some(fen(0)), Some(fen(6))]);
    (
        select(vec![0, 300, 694, 994, 1000]),
        select(vec![None, Some(fen(1000)), Some(fen(999))]),
        figure(),
        figure(),
    )
        .prop_map(|(unsettled, paid, payment_rake, commission)| SettleableSeen {
            paid,
            payment_rake,
            commission,
            ..SettleableSeen::new(fen(unsettled))
        })
}

fn redeemed(no: &str) -> What {
    What::PushFulfilment(PushFulfilment {
        out_no: out_no(no),
        to_status: "redeemed".into(),
        item_order_ids: Vec::new(),
        request_sha256: [5; 32],
    })
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
        3 => (select(vec![Source::Callback, Source::Query]), return_seen().prop_map(What::ReturnSeen)),
        4 => (select(vec!["B1", "B2", "B3"]), select(vec!["S1", "S1", "S2", "S9"]), select(vec!["A", "A", "C"]), 0..=300_i64)
            .prop_map(|(no, of, from, amount)| (Source::Merchant, back(no, of, from, amount))),
        2 => Just((Source::Merchant, What::SettlementDue)),
        2 => settleable_seen().prop_map(|seen| (Source::Query, What::SettleableSeen(seen))),
        1 => select(vec!["F1", "F2"]).prop_map(|no| (Source::Merchant, redeemed(no))),
    ];
    let pause = prop_oneof![8 => 0..30_000_i64, 2 => 0..7_200_000_i64, 1 => 0..400_000_000_i64];
    let first = (planned_open(), any::<bool>());
    (first, prop::collection::vec((pause, said), 0..40)).prop_map(|((open, paid_early), said)| {
        let mut at = START;
        let (source, what) = open;
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
        Target::Operation(OperationKind::Settlement, automatic_no(OrderId::new(START, 1), 1)),
        Target::Operation(OperationKind::Fulfilment, automatic_no(OrderId::new(START, 1), 1)),
        operation(OperationKind::Fulfilment, "F1"),
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
