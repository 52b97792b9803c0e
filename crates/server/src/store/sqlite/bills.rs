//! The tables of a reconciliation.

mod ours;
mod read;
mod write;

pub(super) use ours::{done_page, on_an_edge, paid_page, sellers, sides};
pub(super) use read::{count, differences, last_run, run, runs, was_matched};
pub(super) use write::write;

use douyin_pay_protocol::ecpay::bill::BillKind;

/// Kinds as they are stored: their words, between commas.
fn words_of(kinds: &[BillKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    words.join(",")
}

/// The kinds as a JSON list of their words, for `json_each`.
fn json_of(kinds: &[BillKind]) -> String {
    let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    serde_json::to_string(&words).expect("texts are plain data")
}
