//! What holds for any facts in any order.

#[cfg(test)]
#[path = "properties/generate.rs"]
mod generate;

use douyin_pay_ledger::{
    Change, Fact, OperationState, Order, OrderState, Origin, Refusal, Schedule, Source, What,
    check_projection, decide, fold,
};
use douyin_pay_protocol::{Fen, UnixMs};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;

/// Everything that was decided about one order.
#[derive(Default)]
struct Ledger {
    order: Option<Order>,
    recorded: Vec<Fact>,
    exceptions: Vec<&'static str>,
    events: Vec<String>,
}

impl Ledger {
    fn take(&mut self, fact: &Fact) -> Result<Change, Refusal> {
        let change = decide(self.order.as_ref(), fact)?;
        if change.record {
            self.recorded.push(fact.clone());
        }
        self.exceptions.extend(change.exceptions.iter().map(|exception| exception.kind));
        self.events.extend(change.events.iter().map(|event| event.render("coffee")));
        self.order = Some(change.order.clone());
        Ok(change)
    }

    fn order(&self) -> &Order {
        self.order.as_ref().expect("the first fact opens it")
    }

    /// What is left of an order when the order of its facts must not matter.
    fn end(&self) -> (Order, Vec<&'static str>) {
        let mut order = self.order().clone();
        (order.seq, order.events, order.schedule) = (0, 0, Schedule::default());
        for operation in &mut order.operations {
            operation.schedule = Schedule::default();
            if operation.origin == Origin::Platform {
                // "First seen" is the one thing that depends on who came first.
                operation.requested_at = UnixMs::new(0);
            }
        }
        order.operations.sort_by(|a, b| (a.kind, &a.out_no).cmp(&(b.kind, &b.out_no)));
        let mut exceptions = self.exceptions.clone();
        exceptions.sort_unstable();
        (order, exceptions)
    }
}

fn run(facts: impl IntoIterator<Item = (Source, What)>) -> Ledger {
    let mut ledger = Ledger::default();
    for (second, (source, what)) in (0..).zip(facts) {
        let fact = Fact { at: generate::START.plus_ms(second * 1_000), source, what };
        // A refusal is as good an answer as any here.
        ledger.take(&fact).ok();
    }
    ledger
}

fn check_step(before: Option<&Order>, fact: &Fact, change: &Change) -> Result<(), TestCaseError> {
    let after = &change.order;
    if let Some(before) = before {
        prop_assert!(after.state >= before.state);
        prop_assert!(after.operations.len() >= before.operations.len());
        for (was, is) in before.operations.iter().zip(&after.operations) {
            prop_assert!(is.state >= was.state && is.out_no == was.out_no && is.kind == was.kind);
        }
        prop_assert_eq!(after.seq, before.seq + u32::from(change.record));
    }
    let first = before.map_or(0, |before| before.events) + 1;
    prop_assert!((first..).zip(&change.events).all(|(n, event)| event.n == n));
    let sum = |amounts: &[Fen]| amounts.iter().map(|amount| amount.get()).sum::<i64>();
    match &fact.what {
        What::RequestRefund(_) => {
            prop_assert!(sum(&[after.refunded(), after.refunding()]) <= after.paid().get());
        }
        What::RequestSettlement(_) => {
            let out = sum(&[after.settled_gross(), after.settling(), after.refunded_in_transit()]);
            prop_assert!(out <= after.paid().get());
        }
        _ => {}
    }
    check_due(after, fact)
}

/// Whatever is awaited is due some time, until it is given up.
fn check_due(order: &Order, fact: &Fact) -> Result<(), TestCaseError> {
    if !order.state.is_final() && fact.at.since(order.expires_at) < 20 * HOUR {
        prop_assert!(order.schedule.due_at.is_some());
    }
    for operation in order.operations.iter().filter(|operation| operation.is_pending()) {
        if fact.at.since(operation.requested_at) < 28 * 24 * HOUR {
            prop_assert!(operation.schedule.due_at.is_some());
        }
    }
    for operation in order.operations.iter().filter(|operation| !operation.is_pending()) {
        prop_assert_eq!(operation.schedule.due_at, None);
    }
    let paid_and_due = order.state == OrderState::Paid && order.schedule.due_at.is_some();
    prop_assert!(!paid_and_due);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Observations form a join: any order and multiplicity ends in the same state and exceptions.
    #[test]
    fn observations_commute_and_repeat_without_effect(
        (commands, once, again) in (generate::commands(), generate::observations()).prop_flat_map(
            |(commands, observations)| {
                let repeats = prop::collection::vec(prop::sample::select(observations.clone()), 0..6);
                let once = Just(observations.clone()).prop_shuffle();
                let again = repeats
                    .prop_map(move |repeats| [observations.clone(), repeats].concat())
                    .prop_shuffle();
                (Just(commands), once, again)
            },
        )
    ) {
        let one = run(commands.iter().chain(&once).cloned());
        let other = run(commands.iter().chain(&again).cloned());
        prop_assert_eq!(one.end(), other.end());
    }

    /// States only rise, sums hold after every command, numbers have no gap, facts add up.
    #[test]
    fn every_step_keeps_the_rules(facts in generate::any_facts()) {
        let mut ledger = Ledger::default();
        for fact in &facts {
            let before = ledger.order.clone();
            match ledger.take(fact) {
                Ok(change) => check_step(before.as_ref(), fact, &change)?,
                Err(refusal) => {
                    prop_assert!(!refusal.to_string().is_empty());
                    prop_assert_eq!(&before, &ledger.order);
                }
            }
        }
        let folded = fold((1..).zip(&ledger.recorded));
        prop_assert!(folded.is_ok(), "{:?}", folded);
        prop_assert_eq!(check_projection(ledger.order(), &folded.unwrap()), Ok(()));
        let json = serde_json::to_string(ledger.order()).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Order>(&json).unwrap(), ledger.order());
        for event in &ledger.events {
            prop_assert!(serde_json::from_str::<serde_json::Value>(event).is_ok(), "{}", event);
        }
    }

    /// The same exception never opens twice from the same words, however often they come.
    #[test]
    fn the_same_words_again_open_nothing(commands in generate::commands(), observations in generate::observations()) {
        let mut ledger = run(commands.iter().chain(&observations).cloned());
        let (exceptions, seq) = (ledger.exceptions.len(), ledger.order().seq);
        for (source, what) in observations {
            let at = generate::START.plus_ms(100_000);
            ledger.take(&Fact { at, source, what }).ok();
        }
        prop_assert_eq!((ledger.exceptions.len(), ledger.order().seq), (exceptions, seq));
    }

    /// Times and amounts at the ends of their ranges lead to an answer, not to a panic.
    #[test]
    fn extremes_are_survived(facts in generate::extreme_facts()) {
        let mut ledger = Ledger::default();
        for fact in &facts {
            ledger.take(fact).ok();
        }
        if let Some(order) = &ledger.order {
            prop_assert!(order.refundable() <= order.paid());
            prop_assert!(order.operations.iter().all(|op| op.state != OperationState::Requested || !op.finish || op.amount <= order.total));
        }
    }
}
