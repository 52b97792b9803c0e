//! Facts of the general trade system by chance.
//!
//! Signed orders, discounts, items, consent, refunds under two numbers, settlement per item, fulfilment.

use douyin_pay_ledger::{
    AuditSeen, AuditStatus, CallOutcome, DecideRefund, Fact, Item, ItemAmount, Open, OpenTrade,
    OperationKind, OperationState, OrderSeen, OrderState, Origin, PushFulfilment, RefundSeen, RefundSource,
    RefundTrade, RequestRefund, RequestSettlement, SettlementSeen, Source, System, Target, What, Why,
    platform_refund_no,
};
use douyin_pay_protocol::{Fen, OutNo, PlatformNo};
use proptest::prelude::*;
use proptest::sample::select;

use super::generate::{START, Said, ecpay_open, fen, option_of, out_no, outcome};

const ITEMS: [(&str, i64); 3] = [("I1", 500), ("I2", 300), ("I3", 200)];
const HOUR: i64 = 3_600_000;

fn platform_no(text: &str) -> PlatformNo {
    PlatformNo::new(text).unwrap()
}

/// The number of the refund that a user started.
fn users() -> OutNo {
    platform_refund_no(&platform_no("P7"))
}

pub(crate) fn open(amount: Fen) -> Said {
    let trade = Some(OpenTrade { data: "{}".into(), pay_expire_seconds: 300 });
    let open = Open { system: System::Trade, trade, ..ecpay_open(amount) };
    (Source::Merchant, What::Open(Box::new(open)))
}

fn all_items() -> Vec<Item> {
    let item = |(number, amount): (&str, i64)| Item {
        item_order_id: number.into(),
        sku_id: "latte".into(),
        amount: fen(amount),
    };
    ITEMS.into_iter().map(item).collect()
}

fn part(item: &str, amount: i64) -> ItemAmount {
    ItemAmount { item_order_id: item.into(), amount: fen(amount) }
}

fn paid(discount: Option<i64>, items: bool) -> What {
    What::OrderSeen(OrderSeen {
        total: Some(fen(1000)),
        platform_order_id: Some(platform_no("N1")),
        discount: discount.map(fen),
        items: if items { all_items() } else { Vec::new() },
        ..OrderSeen::new(OrderState::Paid)
    })
}

/// As a whole, or of items; the parts do not always add up.
fn refund(no: &'static str) -> impl Strategy<Value = What> {
    let parts = vec![
        (1000, vec![]),
        (900, vec![]),
        (300, vec![]),
        (300, vec![part("I2", 300)]),
        (300, vec![part("I1", 100), part("I3", 200)]),
        (300, vec![part("I1", 100)]),
        (501, vec![part("I1", 501)]),
        (10, vec![part("I9", 10)]),
    ];
    (select(parts), any::<bool>()).prop_map(move |((amount, items), coded)| {
        let trade = (coded || !items.is_empty()).then_some(RefundTrade { code: 101, items });
        What::RequestRefund(RequestRefund {
            out_no: out_no(no),
            amount: fen(amount),
            reason: "cold".into(),
            trade,
            ecpay: None,
            request_sha256: [2; 32],
        })
    })
}

fn settlement(no: &'static str) -> impl Strategy<Value = What> {
    select(vec![None, None, Some("I1"), Some("I2"), Some("I9")]).prop_map(move |item| {
        What::RequestSettlement(RequestSettlement {
            out_no: out_no(no),
            description: "coffee".into(),
            shares: Vec::new(),
            finish: true,
            item_order_id: item.map(Into::into),
            request_sha256: [3; 32],
        })
    })
}

fn decision() -> impl Strategy<Value = What> {
    any::<bool>().prop_map(|agree| {
        What::DecideRefund(DecideRefund {
            out_no: users(),
            agree,
            deny_message: (!agree).then(|| "too late".into()),
            request_sha256: [if agree { 4 } else { 5 }; 32],
        })
    })
}

fn push(no: &'static str) -> impl Strategy<Value = What> {
    let to = select(vec!["fulfilling", "FULFILL_DONE", "shipped"]);
    (to, select(vec![None, Some("I1")])).prop_map(move |(to, item)| {
        What::PushFulfilment(PushFulfilment {
            out_no: out_no(no),
            to_status: to.into(),
            item_order_ids: item.into_iter().map(Into::into).collect(),
            request_sha256: [6; 32],
        })
    })
}

fn answer(target: Target) -> impl Strategy<Value = What> {
    let codes = select(vec![22004, 22006, 22008, 23111]);
    let refused = codes.prop_map(|code| CallOutcome::Refused { code, message: "no".into() });
    let outcome = prop_oneof![3 => outcome(), 1 => refused];
    outcome.prop_map(move |mut outcome| {
        // The numbers of two refunds are two numbers.
        if let CallOutcome::Accepted { platform_no: number, .. } = &mut outcome {
            let own = match &target {
                Target::Operation(_, out_no) => format!("P-{out_no}"),
                Target::Order | Target::Audit(_) => "N1".to_owned(),
            };
            *number = number.take().map(|_| platform_no(&own));
        }
        What::Answered { target: target.clone(), outcome }
    })
}

fn operation(kind: OperationKind, no: &str) -> Target {
    Target::Operation(kind, out_no(no))
}

/// What the merchant did and how the calls ended, and what the platform had said before: the same in every run that
/// is compared.
fn commands() -> impl Strategy<Value = Vec<Said>> {
    let payment = option_of((select(vec![None, Some(100)]), any::<bool>()))
        .prop_map(|paid_so| paid_so.map(|(discount, items)| paid(discount, items)));
    let asked = option_of(asked_by_user());
    let refunds = (
        option_of(refund("R1")),
        option_of(answer(operation(OperationKind::Refund, "R1"))),
        option_of(refund("R2")),
    );
    let consent = (option_of(decision()), option_of(answer(Target::Audit(users()))));
    let rest = (
        option_of(settlement("S1")),
        option_of(answer(operation(OperationKind::Settlement, "S1"))),
        option_of(settlement("S2")),
        option_of(push("F1")),
        option_of(answer(operation(OperationKind::Fulfilment, "F1"))),
    );
    (any::<[bool; 2]>(), payment, asked, refunds, consent, rest).prop_map(
        |([again, given_up], payment, asked, (r1, a1, r2), (decision, a2), (s1, a3, s2, f1, a4))| {
            let asks = |what: Option<What>| what.map(|what| (Source::Merchant, what));
            let answers = |what: Option<What>| what.map(|what| (Source::Answer, what));
            let told = |what: Option<What>| what.map(|what| (Source::Callback, what));
            let all = [
                Some(open(fen(1000))),
                asks(again.then_some(What::SignedAgain)),
                // What goes back by itself depends on what is known at the payment, so that comes next.
                asks((given_up && payment.is_some()).then_some(What::Abandon)),
                told(payment),
                told(asked),
                asks(r1),
                answers(a1),
                asks(r2),
                asks(decision),
                answers(a2),
                asks(s1),
                answers(a3),
                asks(s2),
                asks(f1),
                answers(a4),
            ];
            all.into_iter().flatten().collect()
        },
    )
}

/// What the platform reports, in no order. Discounts, items, deadlines and words of consent may contradict each other.
fn observations() -> impl Strategy<Value = Vec<Said>> {
    let said = prop_oneof![
        3 => order_seen().prop_map(What::OrderSeen),
        3 => refund_seen().prop_map(What::RefundSeen),
        2 => asked_by_user(),
        2 => settlement_seen().prop_map(What::SettlementSeen),
    ];
    prop::collection::vec((select(vec![Source::Callback, Source::Query]), said), 1..9)
}

/// The commands and what the platform reports besides. A tenth of the worlds pays with diamonds: then every report
/// says so, and there are no settlements, whose reports name no currency. In a third of them nobody pays.
pub(crate) fn worlds() -> impl Strategy<Value = (Vec<Said>, Vec<Said>)> {
    let kind = (prop::bool::weighted(0.1), prop::bool::weighted(0.3));
    let endings = prop::collection::vec(select(vec!["TIMEOUT", "TIME_OUT", "USER_CANCEL"]), 0..3);
    let worlds = (commands(), observations(), kind, endings);
    worlds.prop_filter_map(
        "nothing is reported",
        |(mut commands, mut observations, (diamonds, unpaid), endings)| {
            if unpaid {
                let closed =
                    |why: &str| OrderSeen { detail: Some(why.into()), ..OrderSeen::new(OrderState::Closed) };
                observations
                    .extend(endings.into_iter().map(|why| (Source::Query, What::OrderSeen(closed(why)))));
                let tells =
                    |what: &What| matches!(what, What::OrderSeen(seen) if seen.state == OrderState::Paid);
                commands.retain(|(_, what)| !tells(what) && !matches!(what, What::Abandon));
                observations.retain(|(_, what)| !tells(what));
            }
            if diamonds {
                observations.retain(|(_, what)| !matches!(what, What::SettlementSeen(_)));
            }
            for (_, what) in commands.iter_mut().chain(&mut observations).filter(|_| diamonds) {
                match what {
                    What::OrderSeen(seen) => seen.currency = Some("DIAMOND".into()),
                    What::RefundSeen(seen) => seen.currency = Some("DIAMOND".into()),
                    _ => {}
                }
            }
            (!observations.is_empty()).then_some((commands, observations))
        },
    )
}

fn order_seen() -> impl Strategy<Value = OrderSeen> {
    let state = select(vec![OrderState::Waiting, OrderState::Closed, OrderState::Closed, OrderState::Paid]);
    let total = select(vec![None, Some(1000), Some(1000), Some(999)]);
    let discount = select(vec![None, Some(0), Some(100), Some(100), Some(90), Some(1001)]);
    let detail = select(vec!["TIMEOUT", "TIME_OUT", "USER_CANCEL"]);
    let paid_at = select(vec![None, Some(3), Some(4)]);
    let items = prop::sample::subsequence(all_items(), 0..=3);
    let other_item = prop::bool::weighted(0.1);
    let details = (discount, detail, paid_at, items, other_item);
    (state, total, details, any::<[bool; 3]>()).prop_map(
        |(state, total, (discount, detail, paid_at, mut items, other_item), given)| {
            if let (true, Some(item)) = (other_item, items.first_mut()) {
                item.amount = fen(499);
            }
            OrderSeen {
                total: total.map(fen),
                platform_order_id: given[0].then(|| platform_no("N1")),
                paid_at: paid_at.map(|second| START.plus_ms(second * 1_000)),
                way: given[1].then_some(10),
                detail: given[2].then(|| detail.into()),
                discount: discount.map(fen),
                items,
                ..OrderSeen::new(state)
            }
        },
    )
}

/// The refund of 150 that a user asked for, before and after consent, under both of its numbers.
fn asked_by_user() -> impl Strategy<Value = What> {
    let state = select(vec![
        OperationState::Accepted,
        OperationState::Auditing,
        OperationState::Auditing,
        OperationState::Failed,
        OperationState::Succeeded,
    ]);
    let status =
        select(vec![None].into_iter().chain(AuditStatus::ALL.iter().copied().map(Some)).collect::<Vec<_>>());
    let deadline = select(vec![None, Some(72 * HOUR), Some(72 * HOUR), Some(71 * HOUR)]);
    let words = select(vec![None, Some("cold"), Some("cold; and late")]);
    let message = select(vec!["no", "too late"]);
    (state, status, deadline, (words, message), any::<[bool; 5]>()).prop_map(
        |(state, status, deadline, (words, message), given)| {
            let made_up = given[0] && given[1];
            let audit = AuditSeen {
                needed: given[2].then_some(true),
                deadline_at: deadline.map(|ms| START.plus_ms(ms)),
                status,
                deny_message: (status == Some(AuditStatus::Deny)).then(|| message.into()),
            };
            let finished = if given[3] { 5 } else { 6 };
            What::RefundSeen(RefundSeen {
                amount: (!given[4]).then(|| fen(150)),
                platform_no: Some(platform_no("P7")),
                finished_at: state.is_final().then(|| START.plus_ms(finished)),
                message: (state == OperationState::Failed).then(|| message.into()),
                origin: match (given[3], made_up) {
                    (true, _) => Some(Origin::User),
                    (false, true) => Some(Origin::CustomerService),
                    (false, false) => None,
                },
                reason: words.map(Into::into),
                items: if given[4] { vec![part("I1", if given[1] { 150 } else { 149 })] } else { Vec::new() },
                audit: (given[2] || status.is_some()).then_some(audit),
                ..RefundSeen::new(if made_up { out_no("GEN7") } else { users() }, state)
            })
        },
    )
}

/// The merchant's own refunds, one that was asked for elsewhere, and one by customer service.
fn refund_seen() -> impl Strategy<Value = RefundSeen> {
    let state = select(vec![OperationState::Accepted, OperationState::Failed, OperationState::Succeeded]);
    let which = select(vec![("R1", 300), ("R2", 900), ("R8", 400), ("DY9", 900)]);
    (state, which, any::<[bool; 5]>()).prop_map(|(state, (no, amount), given)| {
        let service = no == "DY9";
        let number = platform_no(&if service { "P9".to_owned() } else { format!("P-{no}") });
        let settled = no == "R2";
        let own = if settled { RefundSource::Settled } else { RefundSource::InTransit };
        let out_no = if service { platform_refund_no(&number) } else { out_no(no) };
        RefundSeen {
            // What nobody here asked for has no amount to compare with, so each has but one.
            amount: given[0].then(|| fen(amount)),
            platform_no: (given[1] || service).then_some(number),
            finished_at: (given[2] && state.is_final()).then(|| START.plus_ms(if given[4] { 7 } else { 8 })),
            source: if given[3] { own } else { RefundSource::Unknown },
            message: (state == OperationState::Failed && given[4]).then(|| "too little balance".into()),
            origin: (service && given[4]).then_some(Origin::CustomerService),
            items: if given[2] { vec![part("I1", 100), part("I2", 200)] } else { Vec::new() },
            ..RefundSeen::new(out_no, state)
        }
    })
}

fn settlement_seen() -> impl Strategy<Value = SettlementSeen> {
    let state = select(vec![OperationState::Accepted, OperationState::Failed, OperationState::Succeeded]);
    let amount = select(vec![None, Some(500), Some(1000)]);
    let rake = select(vec![None, Some(3), Some(6)]);
    (state, select(vec!["S1", "S9"]), amount, rake, any::<[bool; 4]>()).prop_map(
        |(state, no, settle_amount, rake, given)| SettlementSeen {
            platform_no: given[0].then(|| platform_no(no)),
            settle_amount: settle_amount.map(fen),
            rake: rake.map(fen),
            finished_at: given[1].then(|| START.plus_ms(9)),
            automatic: given[2] && no == "S9",
            item_order_id: given[3].then(|| "I1".into()),
            ..SettlementSeen::new(out_no(no), state)
        },
    )
}

/// Any facts after an opening, at times that go on.
pub(crate) fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    let by = |what: BoxedStrategy<What>, sources: Vec<Source>| (select(sources), what).boxed();
    let platform = || vec![Source::Callback, Source::Query];
    let said = prop_oneof![
        4 => by(order_seen().prop_map(What::OrderSeen).boxed(), platform()),
        3 => by(refund_seen().prop_map(What::RefundSeen).boxed(), platform()),
        4 => by(asked_by_user().boxed(), platform()),
        3 => by(settlement_seen().prop_map(What::SettlementSeen).boxed(), platform()),
        3 => by(prop_oneof![refund("R1"), refund("R2"), refund("R3"), refund("R4")].boxed(), vec![Source::Merchant]),
        3 => by(prop_oneof![settlement("S1"), settlement("S2")].boxed(), vec![Source::Merchant]),
        2 => by(decision().boxed(), vec![Source::Merchant]),
        2 => by(prop_oneof![push("F1"), push("F2"), push("F3")].boxed(), vec![Source::Merchant]),
        1 => by(Just(What::SignedAgain).boxed(), vec![Source::Merchant]),
        1 => by(Just(What::Abandon).boxed(), vec![Source::Merchant]),
        2 => by(Just(What::SettlementDue).boxed(), vec![Source::Merchant]),
        4 => by(select(targets()).prop_flat_map(answer).boxed(), vec![Source::Answer]),
        4 => by(nothing_new().boxed(), vec![Source::Query]),
    ];
    let pause = prop_oneof![8 => 0..30_000_i64, 3 => 0..7_200_000_i64, 1 => 0..400_000_000_i64];
    let paid_early = option_of((select(vec![None, Some(100)]), any::<bool>()));
    let first = (select(vec![None, Some(0), Some(1)]), paid_early);
    (first, prop::collection::vec((pause, said), 0..40)).prop_map(|((days, paid_early), said)| {
        let mut at = START;
        let (source, mut what) = open(fen(1000));
        if let What::Open(open) = &mut what {
            open.settle_after_days = days;
        }
        let mut facts = vec![Fact { at, source, what }];
        let early = paid_early.map(|(discount, items)| paid(discount, items));
        facts.extend(early.map(|what| Fact { at, source: Source::Callback, what }));
        for (pause, (source, what)) in said {
            at = at.plus_ms(pause);
            facts.push(Fact { at, source, what });
        }
        facts
    })
}

fn targets() -> Vec<Target> {
    vec![
        Target::Order,
        operation(OperationKind::Refund, "R1"),
        operation(OperationKind::Refund, "R2"),
        operation(OperationKind::Settlement, "S1"),
        operation(OperationKind::Fulfilment, "F1"),
        Target::Operation(OperationKind::Refund, users()),
        Target::Audit(users()),
    ]
}

fn nothing_new() -> impl Strategy<Value = What> {
    let why =
        select(vec![Why::Processing, Why::NotFound, Why::NotFound, Why::NotSent, Why::Unknown, Why::Paced]);
    (select(targets()), why).prop_map(|(target, why)| What::NothingNew { target, why })
}
