//! Tells a story line by line and compares what follows.

use douyin_pay_ledger::{
    Change, Fact, Operation, OperationKind, Order, Refusal, Source, check_projection, decide, fold,
};
use douyin_pay_protocol::{OutNo, UnixMs};

use super::language::{self, milliseconds};

/// Tells every story of one table.
pub(crate) fn tell(table: &str, text: &str) {
    let mut story = Story::new();
    let mut lines = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim_end();
        if line.is_empty() {
            continue;
        }
        let place = format!("{table}.txt:{number}: {line}");
        if line.ends_with(':') {
            story.end(&place);
            story = Story::new();
        } else if !story.look(line, &place) {
            story.happen(line, &place);
        }
        lines += 1;
    }
    story.end(table);
    assert!(lines > 1, "{table} tells nothing");
}

struct Story {
    now: UnixMs,
    order: Option<Order>,
    facts: Vec<Fact>,
}

impl Story {
    fn new() -> Self {
        Self { now: language::START, order: None, facts: Vec::new() }
    }

    /// A line that looks, or moves the clock.
    fn look(&mut self, line: &str, place: &str) -> bool {
        if let Some(time) = line.strip_prefix("wait ") {
            self.now = self.now.plus_ms(milliseconds(time));
        } else if let Some(sums) = line.strip_prefix("expect ") {
            sums.split(',').for_each(|sum| self.check_sum(sum.trim(), place));
        } else if let Some(due) = line.strip_prefix("due ") {
            self.check_due(due, place);
        } else if let Some(step) = line.strip_prefix("step ") {
            self.check_step(step, place);
        } else if let Some(what) = line.strip_prefix("why ") {
            self.check_why(what, place);
        } else if let Some(what) = line.strip_prefix("consent ") {
            self.check_consent(what, place);
        } else if let Some(due) = line.strip_prefix("settles ") {
            self.check_settles(due, place);
        } else if let Some(left) = line.strip_prefix("returnable ") {
            self.check_returnable(left, place);
        } else if let Some(told) = line.strip_prefix("tells ") {
            self.check_told(told, place);
        } else {
            return false;
        }
        true
    }

    /// A line with a fact.
    fn happen(&mut self, line: &str, place: &str) {
        let columns: Vec<&str> =
            line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
        // A verb may be set apart as well, so the last two columns are the result.
        let [words @ .., state, follows] = &columns[..] else { panic!("{place}: a fact has three columns") };
        let text = &words.join(" ");
        let (source, what) = language::fact(text, self.now);
        let fact = Fact { at: self.now, source, what };
        let decided = decide(self.order.as_ref(), &fact);
        assert_eq!(following(&decided, source), *follows, "{place}");
        if let Ok(change) = decided {
            if change.record {
                assert_eq!(change.order.events, self.events() + u32::try_from(change.events.len()).unwrap());
                self.facts.push(fact);
            }
            change.events.iter().for_each(|event| check_body(&event.render("coffee"), place));
            self.order = Some(change.order);
        }
        assert_eq!(self.state(text), *state, "{place}");
        self.now = self.now.plus_ms(1_000);
    }

    fn events(&self) -> u32 {
        self.order.as_ref().map_or(0, |order| order.events)
    }

    fn order(&self) -> &Order {
        self.order.as_ref().expect("the order is open")
    }

    fn operation(&self, named: &(OperationKind, OutNo)) -> Option<&Operation> {
        self.order().operation(named.0, &named.1)
    }

    /// The operation of that number, or of the platform's number in the line.
    fn meant(&self, named: &(OperationKind, OutNo), text: &str) -> Option<&Operation> {
        self.operation(named).or_else(|| {
            let number = language::platform_number(text)?;
            let of_kind = |operation: &&Operation| operation.kind == named.0;
            let all = self.order().operations.iter().filter(of_kind);
            all.into_iter().find(|operation| operation.platform_no.as_ref() == Some(&number))
        })
    }

    fn state(&self, text: &str) -> &'static str {
        if self.order.is_none() {
            return "-";
        }
        match language::operation(text) {
            None => self.order().state.as_str(),
            Some(named) => self.meant(&named, text).map_or("-", |operation| operation.state.as_str()),
        }
    }

    fn check_sum(&self, sum: &str, place: &str) {
        let (name, amount) =
            sum.split_once(' ').unwrap_or_else(|| panic!("{place}: a sum has a name and an amount"));
        let order = self.order();
        let found = match name {
            "paid" => order.paid(),
            "refunded" => order.refunded(),
            "refunding" => order.refunding(),
            "refundable" => order.refundable(),
            "settled" => order.settled_gross(),
            "settling" => order.settling(),
            "settleable" => order.settleable().amount,
            "shared" => order.shared(),
            "returned" => order.returned(),
            "returning" => order.returning(),
            "discount" => order.discount,
            // What is left of an item for refunds.
            item if order.items().iter().any(|known| &*known.item_order_id == item) => {
                let known = order.items().iter().find(|known| &*known.item_order_id == item).unwrap();
                order.refundable_of(known)
            }
            _ => panic!("{place}: unknown sum `{name}`"),
        };
        assert_eq!(found, language::fen(amount), "{place}: {name}");
    }

    /// `in 15s`, `never`, each perhaps `for R1`; a tenth of the distance is left to chance.
    fn check_due(&self, due: &str, place: &str) {
        let (due, schedule) = match language::operation(due) {
            None => (due, self.order().schedule),
            Some(named) => (due.split(" for ").next().unwrap(), self.operation(&named).unwrap().schedule),
        };
        let last = self.now.plus_ms(-1_000);
        match due.strip_prefix("in ") {
            None => assert_eq!((due, schedule.due_at), ("never", None), "{place}"),
            Some(time) => {
                let expected = milliseconds(time);
                let found = schedule.due_at.unwrap_or_else(|| panic!("{place}: never due")).since(last);
                let chance = expected / 10 + 1;
                assert!((found - expected).abs() <= chance, "{place}: due in {found} ms");
            }
        }
    }

    /// `in 7d`, `now`, `never`: when it is looked whether the order can be settled.
    fn check_settles(&self, due: &str, place: &str) {
        let found = self.order().settle_due_at().map(|at| at.since(self.now.plus_ms(-1_000)));
        let expected = match due {
            "never" => None,
            "now" => Some(0),
            _ => Some(milliseconds(due.strip_prefix("in ").expect("in, now or never"))),
        };
        assert_eq!(found, expected, "{place}");
    }

    /// `30 of S1 from A`
    fn check_returnable(&self, left: &str, place: &str) {
        let words: Vec<&str> = left.split_whitespace().collect();
        let [amount, "of", settlement, "from", whom] = words[..] else {
            panic!("{place}: `30 of S1 from A`")
        };
        let (_, settlement) = language::operation(settlement).expect("a settlement");
        let found = self.order().returnable(&settlement, &language::uid(whom));
        assert_eq!(found, language::fen(amount), "{place}");
    }

    /// `paid, refunded`: what the platform's order centre is told, each later than the one before.
    fn check_told(&self, told: &str, place: &str) {
        let pushes: Vec<&Operation> = self.order().operations_of(OperationKind::Fulfilment).collect();
        assert!(pushes.is_sorted_by(|a, b| b.requested_at.since(a.requested_at) >= 1_000), "{place}");
        let found = pushes.iter().map(|push| push.to_status().expect("a push tells something"));
        let found = found.collect::<Vec<_>>().join(", ");
        assert_eq!(if found.is_empty() { "nothing" } else { &found }, told, "{place}");
    }

    /// `call`, `query`, `lost` or `nothing`, perhaps `for R1`, perhaps `for R1 after a restart`.
    fn check_step(&self, step: &str, place: &str) {
        let found = match language::operation(step) {
            None => self.order().next_step(self.now),
            Some(named) => {
                let began = if step.ends_with("after a restart") { self.now } else { language::START };
                self.operation(&named).unwrap().next_step_after(began)
            }
        };
        let found = format!("{found:?}").to_lowercase();
        assert_eq!(found, step.split(" for ").next().unwrap(), "{place}");
    }

    /// `never_placed`, `late for R1`: why it is closed or failed.
    fn check_why(&self, what: &str, place: &str) {
        let failure = match language::operation(what) {
            None => self.order().failure.as_ref(),
            Some(named) => self.operation(&named).unwrap().failure.as_ref(),
        };
        let found = failure.map_or("nothing", |failure| &failure.message);
        assert_eq!(found, what.split(" for ").next().unwrap(), "{place}");
    }

    /// `to_audit undecided for DY7`, `deny accepted for DY7`: the platform's word, and how far our decision is.
    fn check_consent(&self, what: &str, place: &str) {
        let named = language::operation(what).expect("a refund");
        let audit = self.operation(&named).unwrap().audit().expect("somebody spoke of consent");
        let decision = audit.decision.as_ref().map_or("undecided", |decision| decision.state.as_str());
        let found = format!("{} {decision}", audit.status);
        assert_eq!(found, what.split(" for ").next().unwrap(), "{place}");
    }

    fn end(&self, place: &str) {
        if let Some(order) = &self.order {
            let folded = fold((1..).zip(&self.facts)).unwrap_or_else(|problem| panic!("{place}: {problem}"));
            check_projection(order, &folded).unwrap_or_else(|problem| panic!("{place}: {problem}"));
            let json = serde_json::to_string(&self.facts).unwrap();
            assert_eq!(serde_json::from_str::<Vec<Fact>>(&json).unwrap(), self.facts);
        }
    }
}

/// What follows from a fact, as the third column says it.
fn following(decided: &Result<Change, Refusal>, source: Source) -> String {
    let change = match decided {
        Err(refusal) => return format!("refused:{}", refusal.code()),
        Ok(change) => change,
    };
    let mut follows: Vec<String> = Vec::new();
    if let Err(refusal) = change.verdict() {
        follows.push(format!("refused:{}", refusal.code()));
    }
    for event in &change.events {
        follows.push(format!("{}{}", event.kind, if event.corrected { " corrected" } else { "" }));
    }
    follows.extend(change.exceptions.iter().map(|exception| format!("exception:{}", exception.kind)));
    follows.extend(change.solved.iter().map(|solved| format!("solved:{}", solved.exception.kind)));
    if !change.warnings.is_empty() && source != Source::Merchant {
        follows.push("warning".into());
    }
    if !change.record {
        follows.push("later".into());
    }
    if follows.is_empty() { "-".into() } else { follows.join(", ") }
}

fn check_body(body: &str, place: &str) {
    let body: serde_json::Value =
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{place}: not JSON: {body}"));
    assert_eq!(body["data"]["app"], "coffee", "{place}");
    assert_eq!(body["data"]["order"]["out_order_no"], "O1", "{place}");
    let object = body["type"].as_str().and_then(|kind| kind.split('.').next()).unwrap();
    assert!(body["data"][object].is_object(), "{place}: no `{object}` in {body}");
}
