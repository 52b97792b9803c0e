//! What can go wrong with a database, by what the caller must do.

use douyin_pay_ledger::OrderId;

/// Retry, wait, or call a human?
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// An id or number is taken: load and decide again.
    #[error("an id or number is taken")]
    Conflict,
    /// The database cannot be used now: busy, gone, full, read-only. The text says what to do.
    #[error("{0}")]
    Unavailable(String),
    /// The database refuses what was written: one submission of the batch is bad.
    #[error("the database refuses a row: {0}")]
    Refused(String),
    /// A row cannot be read.
    #[error("{table}.{column} of row {id} cannot be read: {problem}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: i64,
        /// What is wrong with it.
        problem: String,
        /// The order it belongs to.
        order: Option<OrderId>,
    },
}
