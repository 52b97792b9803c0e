//! All facts of an order, added up; and the comparison with what is stored.

use std::borrow::Borrow;

use douyin_pay_protocol::UnixMs;

use crate::{Fact, Order, Refusal, Schedule, decide};

/// Why facts do not add up to an order.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// There is no fact.
    #[error("an order without facts")]
    Empty,
    /// A fact is missing or out of place.
    #[error("fact {found} follows where fact {expected} must be")]
    Gap {
        /// The number that must follow.
        expected: u32,
        /// The number that does.
        found: u32,
    },
    /// A stored fact changes nothing, so it should not be there.
    #[error("fact {seq} changes nothing: {refusal}")]
    Refused {
        /// The fact's number.
        seq: u32,
        /// Why it changes nothing.
        refusal: Refusal,
    },
    /// A stored fact moves only the schedule, so it should not be there.
    #[error("fact {seq} moves only the schedule")]
    NotRecorded {
        /// The fact's number.
        seq: u32,
    },
    /// The stored order is not what its facts add up to.
    #[error("the stored order differs from its facts in {}", .fields.join(", "))]
    Differs {
        /// The fields that differ.
        fields: Vec<String>,
    },
}

/// Adds up all facts of an order. The schedule of the result is what it would be without the
/// questions in between: compare with [`check_projection`], which leaves it out.
///
/// Fails if a number is missing, or if a fact changes nothing.
pub fn fold<F: Borrow<Fact>>(facts: impl IntoIterator<Item = (u32, F)>) -> Result<Order, FoldError> {
    let mut order: Option<Order> = None;
    for (expected, (found, fact)) in (1..).zip(facts) {
        if found != expected {
            return Err(FoldError::Gap { expected, found });
        }
        let change = decide(order.as_ref(), fact.borrow());
        let change = change.map_err(|refusal| FoldError::Refused { seq: found, refusal })?;
        if !change.record {
            return Err(FoldError::NotRecorded { seq: found });
        }
        assert_eq!(change.order.seq, found, "the ledger numbers facts without a gap");
        order = Some(change.order);
    }
    order.ok_or(FoldError::Empty)
}

/// Compares a stored order with what its facts add up to, apart from the schedule and when the platform was last asked.
///
/// Fails with the names of the fields that differ.
pub fn check_projection(stored: &Order, folded: &Order) -> Result<(), FoldError> {
    if same_but_schedule(stored, folded) {
        return Ok(());
    }
    let (stored, folded) = (fields(stored), fields(folded));
    let differing = stored.iter().filter(|(name, value)| folded.get(*name) != Some(*value));
    Err(FoldError::Differs { fields: differing.map(|(name, _)| name.clone()).collect() })
}

pub(crate) fn same_but_schedule(a: &Order, b: &Order) -> bool {
    without_schedule(a) == without_schedule(b)
}

fn without_schedule(order: &Order) -> Order {
    let mut order = order.clone();
    order.refresh();
    order.schedule = Schedule::default();
    if let Some(plan) = &mut order.plan {
        plan.settle = Schedule::default();
    }
    if let Some(said) = &mut order.platform_settleable {
        said.as_of = UnixMs::new(0);
    }
    for operation in &mut order.operations {
        operation.schedule = Schedule::default();
    }
    order
}

fn fields(order: &Order) -> serde_json::Map<String, serde_json::Value> {
    match serde_json::to_value(without_schedule(order)) {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}
