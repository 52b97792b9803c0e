//! The general trade system.

mod callbacks;
mod calls;
mod client;
mod codes;
mod funds;
mod refund_callbacks;
mod refunds;
mod rules;
mod settlements;
mod signing;
mod tokens;

use super::{Book, Cell, Section, row};

pub(super) const BOOK: Book = Book {
    system: "general trade system (通用交易系统)",
    page: "coverage/trade.md",
    head: include_str!("../trade.txt"),
    protocol: "protocol/trade.md",
    questions: 1..=20,
    chapters: &[
        ("Signing", signing::SECTIONS),
        ("Access tokens", tokens::SECTIONS),
        ("Orders", calls::SECTIONS),
        ("Refunds", refunds::SECTIONS),
        ("Settlement", settlements::SECTIONS),
        ("Balance, withdrawal, statements, deduction", funds::SECTIONS),
        ("Callbacks", callbacks::SECTIONS),
        ("Callbacks about refunds", refund_callbacks::SECTIONS),
        ("The client's side", client::SECTIONS),
        ("States and rules", rules::SECTIONS),
        ("Error codes", codes::SECTIONS),
    ],
};
