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

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::open::MIGRATIONS;

    /// How SQLite carries out a statement.
    pub(super) fn steps(sql: &str) -> Vec<String> {
        let books = Connection::open_in_memory().expect("a database");
        MIGRATIONS.iter().for_each(|step| books.execute_batch(step).expect("the tables"));
        let mut plan = books.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a statement");
        let mut rows = plan.raw_query();
        let mut steps = Vec::new();
        while let Some(row) = rows.next().expect("a plan") {
            steps.push(row.get::<_, String>(3).expect("a text"));
        }
        steps
    }
}
