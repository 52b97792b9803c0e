//! Deleting what is older than its retention, in bites.

use douyin_pay_env::UnixMs;
use rusqlite::{Connection, params};

use super::open::failed;
use crate::store::{Retained, StoreError};

/// More rows of a kind are not deleted at once.
const BITE: i64 = 500;

/// Deletes one bite of what is too old; how many rows that were.
pub(super) fn forget(connection: &Connection, retained: &Retained) -> Result<usize, StoreError> {
    let bite = |sql: &str, before: UnixMs| {
        let deleted =
            connection.prepare_cached(sql).and_then(|mut delete| delete.execute(params![before.get(), BITE]));
        deleted.map_err(failed)
    };
    let Retained { callbacks_from, api_log_from, bills_from } = *retained;
    // Ids of the first three grow with time, so the oldest rows come first and one young row among them ends the look.
    bite(
        "DELETE FROM stranded WHERE callback IN (SELECT id FROM (SELECT id, received_at FROM callbacks \
         ORDER BY id LIMIT ?2) WHERE received_at < ?1)",
        callbacks_from,
    )?;
    let callbacks = bite(
        "DELETE FROM callbacks WHERE id IN (SELECT id FROM (SELECT id, received_at FROM callbacks \
         ORDER BY id LIMIT ?2) WHERE received_at < ?1)",
        callbacks_from,
    )?;
    let calls = bite(
        "DELETE FROM api_log WHERE id IN (SELECT id FROM (SELECT id, at FROM api_log \
         ORDER BY id LIMIT ?2) WHERE at < ?1)",
        api_log_from,
    )?;
    // What is open is kept, and the run that found it.
    let differences = bite(
        "DELETE FROM bill_differences WHERE id IN (SELECT id FROM bill_differences WHERE resolved_at < ?1 LIMIT ?2)",
        bills_from,
    )?;
    let runs = bite(
        "DELETE FROM bill_runs WHERE id IN (SELECT id FROM bill_runs r WHERE finished_at < ?1 AND NOT EXISTS \
         (SELECT 1 FROM bill_differences d WHERE d.app = r.app AND d.day = r.day AND d.run = r.id) LIMIT ?2)",
        bills_from,
    )?;
    let edges = bite(
        "DELETE FROM bill_edges WHERE (order_id, place) IN \
         (SELECT order_id, place FROM bill_edges WHERE day < ?1 LIMIT ?2)",
        bills_from,
    )?;
    Ok(callbacks + calls + differences + runs + edges)
}
