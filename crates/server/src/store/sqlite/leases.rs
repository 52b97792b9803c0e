//! Work that is due: taken for a while, so that a crash costs only time.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use rusqlite::{Connection, params};

use super::columns::ORDER;
use super::load;
use super::open::failed;
use crate::store::{DueEvent, StoreError};

/// Old rows are deleted in bites, so that the writer is never held up.
const BITE: i64 = 500;

pub(super) fn orders(
    connection: &Connection,
    now: UnixMs,
    limit: usize,
    until: UnixMs,
) -> Result<Vec<Order>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {ORDER} FROM orders o JOIN apps a ON a.n = o.app WHERE o.next_due <= ?1 AND o.leased_until <= ?1 \
         ORDER BY o.next_due LIMIT ?2"
    );
    let due = load::many(connection, &sql, params![now.get(), limit])?;
    let mut lease =
        connection.prepare_cached("UPDATE orders SET leased_until = ?2 WHERE id = ?1").map_err(failed)?;
    for order in &due {
        let leased = lease.execute(params![order.id.get(), until.get()]).map_err(failed)?;
        assert_eq!(leased, 1, "an order that was just read");
    }
    Ok(due)
}

/// Of each order only the first undelivered event: a later one waits for it.
pub(super) fn events(
    connection: &Connection,
    now: UnixMs,
    limit: usize,
    until: UnixMs,
) -> Result<Vec<DueEvent>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut select = connection
        .prepare_cached(
            "SELECT e.order_id, e.n, a.app_id, e.kind, e.body, e.attempts, e.created_at FROM events e JOIN apps a ON a.n = e.app \
             WHERE e.due_at <= ?1 AND e.leased_until <= ?1 AND NOT EXISTS (SELECT 1 FROM events b \
             WHERE b.order_id = e.order_id AND b.n < e.n AND b.state = 'pending') ORDER BY e.due_at LIMIT ?2",
        )
        .map_err(failed)?;
    let mut rows = select.query(params![now.get(), limit]).map_err(failed)?;
    let mut due = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        due.push(due_event(row)?);
    }
    drop(rows);
    let mut lease = connection
        .prepare_cached("UPDATE events SET leased_until = ?3 WHERE order_id = ?1 AND n = ?2")
        .map_err(failed)?;
    for event in &due {
        let leased = lease.execute(params![event.order_id.get(), event.n, until.get()]).map_err(failed)?;
        assert_eq!(leased, 1, "an event that was just read");
    }
    Ok(due)
}

fn due_event(row: &rusqlite::Row<'_>) -> Result<DueEvent, StoreError> {
    let id: i64 = row.get(0).map_err(failed)?;
    let corrupt =
        |column, problem: String| StoreError::Corrupt { table: "events", column, id, problem, order: None };
    let order_id = OrderId::from_i64(id).map_err(|cause| corrupt("order_id", cause.to_string()))?;
    let n: u32 = row.get(1).map_err(failed)?;
    let app_id: String = row.get(2).map_err(failed)?;
    Ok(DueEvent {
        id: format!("{order_id}.{n}"),
        order_id,
        n,
        app_id: app_id
            .parse()
            .map_err(|cause: douyin_pay_protocol::FieldError| corrupt("app_id", cause.to_string()))?,
        kind: row.get(3).map_err(failed)?,
        body: row.get(4).map_err(failed)?,
        attempts: row.get(5).map_err(failed)?,
        created_at: UnixMs::new(row.get(6).map_err(failed)?),
    })
}

/// `ord_….n` as the key of a row.
pub(super) fn event_key(id: &str) -> Option<(i64, u32)> {
    let (order, n) = id.rsplit_once('.')?;
    let order: OrderId = order.parse().ok()?;
    Some((order.get(), n.parse().ok()?))
}

pub(super) fn resend(connection: &Connection, id: &str, now: UnixMs) -> Result<bool, StoreError> {
    let Some((order, n)) = event_key(id) else { return Ok(false) };
    let updated = connection
        .prepare_cached(
            "UPDATE events SET state = 'pending', due_at = ?3, leased_until = 0, attempts = 0 WHERE order_id = ?1 AND n = ?2",
        )
        .and_then(|mut update| update.execute(params![order, n, now.get()]));
    Ok(updated.map_err(failed)? == 1)
}

pub(super) fn forget(
    connection: &Connection,
    callbacks_before: UnixMs,
    api_log_before: UnixMs,
) -> Result<usize, StoreError> {
    let bite = |sql: &str, before: UnixMs| {
        connection
            .prepare_cached(sql)
            .and_then(|mut delete| delete.execute(params![before.get(), BITE]))
            .map_err(failed)
    };
    let callbacks = bite(
        "DELETE FROM callbacks WHERE id IN (SELECT id FROM callbacks WHERE received_at < ?1 ORDER BY id LIMIT ?2)",
        callbacks_before,
    )?;
    let calls = bite(
        "DELETE FROM api_log WHERE id IN (SELECT id FROM api_log WHERE at < ?1 ORDER BY id LIMIT ?2)",
        api_log_before,
    )?;
    Ok(callbacks + calls)
}
