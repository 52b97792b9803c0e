//! What holds for any facts in any order.

#[cfg(test)]
#[path = "properties/generate.rs"]
mod generate;
#[cfg(test)]
#[path = "properties/rules.rs"]
mod rules;
#[cfg(test)]
#[path = "properties/trade.rs"]
mod trade;

use std::collections::BTreeSet;

use douyin_pay_ledger::{
    AUTOMATIC_PREFIX, Change, Fact, OperationKind, OperationState, Order, Origin, Refusal, Schedule, Source,
    What, check_projection, decide, fold,
};
use douyin_pay_protocol::UnixMs;
use generate::Said;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

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
        if let Some(plan) = &mut order.plan {
            plan.settle = Schedule::default();
            if plan.push {
                // The order centre is told what happened in the order in which it did, as events are.
                order.operations.retain(|operation| operation.kind != OperationKind::Fulfilment);
            }
        }
        for operation in &mut order.operations {
            operation.schedule = Schedule::default();
            if operation.origin != Origin::Merchant {
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

/// Any order and multiplicity of the same observations over the same commands.
type Shuffled = (Vec<Said>, Vec<Said>, Vec<Said>);

fn shuffled(worlds: impl Strategy<Value = (Vec<Said>, Vec<Said>)>) -> impl Strategy<Value = Shuffled> {
    worlds.prop_flat_map(|(commands, observations)| {
        let repeats = prop::collection::vec(prop::sample::select(observations.clone()), 0..6);
        let once = Just(observations.clone()).prop_shuffle();
        let again = repeats.prop_map(move |repeats| [observations.clone(), repeats].concat()).prop_shuffle();
        (Just(commands), once, again)
    })
}

fn ends_are_equal((commands, once, again): Shuffled) -> Result<(), TestCaseError> {
    let one = run(commands.iter().chain(&once).cloned());
    let other = run(commands.iter().chain(&again).cloned());
    prop_assert_eq!(one.end(), other.end());
    Ok(())
}

/// States only rise, sums hold after every command, numbers have no gap, facts add up.
#[cfg(test)]
fn rules_are_kept(facts: &[Fact]) -> Result<(), TestCaseError> {
    let mut ledger = Ledger::default();
    for fact in facts {
        let before = ledger.order.clone();
        match ledger.take(fact) {
            Ok(change) => rules::check_step(before.as_ref(), fact, &change)?,
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
    let json = serde_json::to_string(&ledger.recorded).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Vec<Fact>>(&json).unwrap(), &ledger.recorded);
    for event in &ledger.events {
        prop_assert!(serde_json::from_str::<serde_json::Value>(event).is_ok(), "{}", event);
    }
    Ok(())
}

fn nothing_opens_again(commands: &[Said], observations: Vec<Said>) -> Result<(), TestCaseError> {
    let mut ledger = run(commands.iter().chain(&observations).cloned());
    let (exceptions, seq) = (ledger.exceptions.len(), ledger.order().seq);
    for (source, what) in observations {
        let at = generate::START.plus_ms(100_000);
        ledger.take(&Fact { at, source, what }).ok();
    }
    prop_assert_eq!((ledger.exceptions.len(), ledger.order().seq), (exceptions, seq));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Observations form a join: any order and multiplicity ends in the same state and exceptions.
    #[test]
    fn observations_commute_and_repeat_without_effect(
        world in shuffled(generate::worlds())
    ) {
        ends_are_equal(world)?;
    }

    /// The same of the general trade system.
    #[test]
    fn observations_of_trade_commute_and_repeat_without_effect(
        world in shuffled(trade::worlds())
    ) {
        ends_are_equal(world)?;
    }

    #[test]
    fn every_step_keeps_the_rules(facts in generate::any_facts()) {
        rules_are_kept(&facts)?;
    }

    #[test]
    fn every_step_of_trade_keeps_the_rules(facts in trade::any_facts()) {
        rules_are_kept(&facts)?;
    }

    /// The same exception never opens twice from the same words, however often they come.
    #[test]
    fn the_same_words_again_open_nothing((commands, observations) in generate::worlds()) {
        nothing_opens_again(&commands, observations)?;
    }

    /// The same of the general trade system.
    #[test]
    fn the_same_words_of_trade_again_open_nothing((commands, observations) in trade::worlds()) {
        nothing_opens_again(&commands, observations)?;
    }

    /// Times and amounts at the ends of their ranges lead to an answer, not to a panic.
    #[test]
    fn extremes_are_survived(
        ecpay in generate::extreme_facts(generate::open, generate::any_facts()),
        trade in generate::extreme_facts(trade::open, trade::any_facts()),
    ) {
        for facts in [ecpay, trade] {
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
}

/// The chance above is worth something only if it reaches what can happen.
#[test]
fn chance_reaches_what_matters() {
    reach(trade::worlds(), trade::any_facts(), MATTERS);
}

/// The same of guaranteed payment, as far as it has what the general trade system has not.
#[test]
fn chance_reaches_what_matters_after_a_settlement() {
    reach(generate::worlds(), generate::any_facts(), MATTERS_IN_ECPAY);
}

fn reach(
    worlds: impl Strategy<Value = (Vec<Said>, Vec<Said>)>,
    any_facts: impl Strategy<Value = Vec<Fact>>,
    matters: &str,
) {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    for _ in 0..800 {
        let (commands, observations) = worlds.new_tree(&mut runner).expect("a world").current();
        let said: Vec<Said> = [commands, observations].concat();
        let facts = (0..).zip(said).map(|(second, (source, what)): (i64, Said)| Fact {
            at: generate::START.plus_ms(second * 1_000),
            source,
            what,
        });
        let any = any_facts.new_tree(&mut runner).expect("facts").current();
        for facts in [facts.collect(), any] {
            note(&facts, &mut reached);
        }
    }
    let missing: Vec<_> = matters.split_whitespace().filter(|name| !reached.contains(*name)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}

const MATTERS_IN_ECPAY: &str = "\
    return.succeeded return.failed settlement.automatic settlement.succeeded settlement.failed \
    fulfilment.succeeded fulfilment.failed exception:books_disagree exception:settleable_differs \
    solved:settleable_differs refused:unknown_settlement refused:not_settled refused:no_share \
    refused:too_much_back refused:nothing_due refused:no_push refused:other_fields refused:amount_differs \
    asked:settlement asked:fulfilment";

/// Every event, exception and state of consent, and the refusals that only chance would break.
const MATTERS: &str = "\
    order.paid order.paid_late order.closed refund.requested refund.succeeded refund.failed \
    settlement.succeeded settlement.failed settlement.automatic fulfilment.succeeded fulfilment.failed \
    exception:amount_differs exception:books_disagree exception:config exception:currency \
    exception:outcome_unknown exception:paid_after_closed exception:succeeded_after_failed \
    consent:init consent:to_audit consent:overtime consent:deny consent:agree decision:requested \
    decision:accepted decision:refused refused:already_final refused:already_settled refused:currency \
    refused:deadline_passed refused:decided refused:duplicate refused:in_flight refused:item_too_much \
    refused:nothing_due asked:settlement \
    refused:items_needed refused:items_sum refused:not_auditing refused:not_forward refused:not_paid \
    refused:settled_otherwise refused:too_much refused:unknown_item";

/// Notes the events, exceptions and refusals that follow from facts.
fn note(facts: &[Fact], reached: &mut BTreeSet<String>) {
    let mut ledger = Ledger::default();
    for fact in facts {
        match ledger.take(fact) {
            Err(refusal) => {
                reached.insert(format!("refused:{}", refusal.code()));
            }
            Ok(change) => {
                reached.extend(change.events.iter().map(|event| event.kind.to_string()));
                reached.extend(change.exceptions.iter().map(|one| format!("exception:{}", one.kind)));
                reached.extend(change.solved.iter().map(|one| format!("solved:{}", one.exception.kind)));
            }
        }
    }
    for operation in ledger.order.iter().flat_map(|order| &order.operations) {
        if operation.out_no.as_str().starts_with(AUTOMATIC_PREFIX) {
            reached.insert(format!("asked:{}", operation.kind));
        }
        let audit = operation.audit();
        reached.extend(audit.map(|audit| format!("consent:{}", audit.status)));
        let decision = audit.and_then(|audit| audit.decision.as_ref());
        reached.extend(decision.map(|decision| format!("decision:{}", decision.state)));
    }
}
