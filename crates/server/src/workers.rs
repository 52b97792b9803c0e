//! What happens by itself: asking the platform, delivering events, forgetting what is old.
//!
//! A worker is one function, `step()`: lease some rows, start the work on each, say how many. The loop
//! around it only waits: for the journal's signal, for the next due time, or for the end.

pub(crate) mod deliver;
mod forget;
pub(crate) mod reconcile;
mod wait;

use crate::Server;

/// A lease is longer than the slowest work on one row: a turn under the limits, and a call.
const LEASE_MS: i64 = 60_000;

/// Starts every worker.
pub(crate) fn start(server: &Server) {
    let tasks = &server.env().tasks;
    tasks.spawn("reconcile", Box::pin(reconcile::run(server.clone())));
    tasks.spawn("deliver", Box::pin(deliver::run(server.clone())));
    tasks.spawn("forget", Box::pin(forget::run(server.clone())));
}
