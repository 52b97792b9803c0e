//! What a fact changes: the order after it, and what must be written with it.

use crate::{Event, Exception, Order, Refusal};

/// What a fact changes. Everything in it is written in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The order after the fact.
    pub order: Order,
    /// Whether the fact becomes a row of `facts`, with `order.seq` as its number.
    /// If not, only the schedule moved.
    pub record: bool,
    /// Events for the merchant, numbered.
    pub events: Vec<Event>,
    /// What a human must see.
    pub exceptions: Vec<Exception>,
    /// Exceptions of the order that solved themselves.
    pub solved: Vec<Solved>,
    /// Advice for whoever asked: the platform may refuse this.
    pub warnings: Vec<String>,
    /// The verdict for whoever submitted the fact, when it was refused and yet something must be
    /// written: an exception that opens for the first time, or the schedule of a query that was due.
    /// Write the change, then answer with this refusal.
    pub refused: Option<Refusal>,
}

/// An exception that solved itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Its kind and order.
    pub exception: Exception,
    /// Why it is none any more.
    pub note: &'static str,
}

impl Change {
    /// The verdict for whoever submitted the fact: the warnings, or the refusal.
    ///
    /// Fails with [`Change::refused`] if there is one; the change must be written all the same.
    pub fn verdict(&self) -> Result<Vec<String>, Refusal> {
        match &self.refused {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(self.warnings.clone()),
        }
    }
}
