//! Facts as earlier versions stored them add up to the same orders.
//!
//! `stored/*.jsonl` holds one fact a line, `stored/*.json` the order that they added up to when they were written.
//! A stored file is never changed; a new kind of fact gets a new file.

use douyin_pay_ledger::{AmountBasis, Fact, SettleableSeen, Source, What, check_projection, decide, fold};
use douyin_pay_protocol::Fen;

macro_rules! stored {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            read(
                include_str!(concat!("stored/", stringify!($name), ".jsonl")),
                include_str!(concat!("stored/", stringify!($name), ".json")),
            );
        })*
    };
}

stored! {
    ecpay,
    ecpay_after_settlement,
    ecpay_automatic,
    ecpay_unconfirmed,
    trade,
}

#[cfg(test)]
fn read(facts: &str, order: &str) {
    let read: Vec<Fact> = facts.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (fact, line) in read.iter().zip(facts.lines()) {
        assert_eq!(serde_json::to_string(fact).unwrap(), line, "it is written as it was");
    }
    let folded = serde_json::to_value(fold((1..).zip(&read)).unwrap()).unwrap();
    let expected: serde_json::Value = serde_json::from_str(order).unwrap();
    assert_eq!(folded, expected, "{folded}");
}

/// An earlier version stored that it did not know whether the platform's own settlement told its amount before fees.
#[test]
fn an_order_that_was_stored_before_its_basis_was_inferred_is_taken_in() {
    let facts = include_str!("stored/ecpay_automatic.jsonl").lines();
    let facts: Vec<Fact> = facts.map(|line| serde_json::from_str(line).unwrap()).collect();
    let folded = fold((1..).zip(&facts)).unwrap();
    let mut stored = folded.clone();
    stored.operations[0].basis = AmountBasis::Unknown;
    assert_eq!(check_projection(&stored, &folded), Ok(()));
    // What moves only the schedule is decided as ever, and so is what is recorded.
    let at = folded.created_at.plus_ms(9 * 86_400_000);
    let seen = SettleableSeen::new(Fen::ZERO);
    let looked = Fact { at, source: Source::Query, what: What::SettleableSeen(seen) };
    let looked_at = decide(Some(&stored), &looked).unwrap().order;
    assert_eq!(looked_at, decide(Some(&folded), &looked).unwrap().order);
    let mut stored = looked_at.clone();
    stored.operations[0].basis = AmountBasis::Unknown;
    let again = decide(Some(&stored), &Fact { at: at.plus_ms(1), ..looked }).unwrap();
    assert_eq!((again.record, again.order.operations[0].basis), (false, AmountBasis::Net));
    stored.refresh();
    assert_eq!(stored, looked_at);
}
