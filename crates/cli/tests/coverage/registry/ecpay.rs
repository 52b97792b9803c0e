//! Guaranteed payment.

mod bills;
mod callbacks;
mod codes;
mod disagreements;
mod funds;
mod onboarding;
mod orders;
mod push;
mod refunds;
mod returns;
mod rules;
mod sandbox;
mod settlements;
mod signing;

use super::{Book, Cell, Section, row};

pub(super) const BOOK: Book = Book {
    system: "guaranteed payment (担保支付)",
    page: "coverage/ecpay.md",
    head: include_str!("../ecpay.txt"),
    protocol: "protocol/ecpay.md",
    questions: 1..=18,
    chapters: &[
        ("Signing", signing::SECTIONS),
        ("Orders", orders::SECTIONS),
        ("Refunds", refunds::SECTIONS),
        ("Settlement", settlements::SECTIONS),
        ("Returns of shares", returns::SECTIONS),
        ("Balance and withdrawal", funds::SECTIONS),
        ("Onboarding", onboarding::SECTIONS),
        ("Bills", bills::SECTIONS),
        ("Order push and access token", push::SECTIONS),
        ("Callbacks", callbacks::SECTIONS),
        ("States, money, timings", rules::SECTIONS),
        ("Error codes", codes::SECTIONS),
        ("Sandbox and faults", sandbox::SECTIONS),
        ("Where sources disagree", disagreements::SECTIONS),
    ],
};
