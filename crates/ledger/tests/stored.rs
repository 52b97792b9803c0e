//! Facts as earlier versions stored them add up to the same orders.
//!
//! `stored/*.jsonl` holds one fact a line, `stored/*.json` the order that they added up to when they were written.
//! A stored file is never changed; a new kind of fact gets a new file.

use douyin_pay_ledger::{Fact, fold};

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
