//! Work that is due: taken for a while, so that a crash costs only time.
//!
//! A lease moves the due time to its own end. Whatever is written about the order or event before
//! then moves it again.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use rusqlite::{Connection, Row, params};

use super::columns::{Columns, select_orders};
use super::open::failed;
use super::{load, write};
use crate::store::{DeliveryNext, DeliveryRecord, DueEvent, StoreError, pack};

// No `LIMIT` here and below: the index gives the rows in order, and whoever reads them stops.
const DUE_ORDERS: &str = select_orders!("FROM orders o WHERE o.next_due <= ?1 ORDER BY o.next_due, o.id");

pub(super) fn orders(
    connection: &Connection,
    now: UnixMs,
    limit: usize,
    until: UnixMs,
) -> Result<Vec<Result<Order, StoreError>>, StoreError> {
    let due = load::many(connection, DUE_ORDERS, [now.get()], limit)?;
    let mut lease =
        connection.prepare_cached("UPDATE orders SET next_due = ?2 WHERE id = ?1").map_err(failed)?;
    for order in &due {
        let id = match order {
            Ok(order) => Some(order.id),
            Err(StoreError::Corrupt { order, .. }) => *order,
            Err(_) => None,
        };
        let Some(id) = id else { continue };
        write::expect_rows(lease.execute(params![id.get(), until.get()]), 1, "orders")?;
    }
    Ok(due)
}

pub(super) fn events(
    connection: &Connection,
    now: UnixMs,
    limit: usize,
    until: UnixMs,
) -> Result<Vec<DueEvent>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT e.feed_no, e.order_id, e.n, (SELECT app_id FROM apps WHERE n = e.app), e.kind, e.attempts, \
             e.created_at, e.body FROM events e WHERE e.due_at <= ?1 ORDER BY e.due_at, e.feed_no",
        )
        .map_err(failed)?;
    let mut rows = select.query([now.get()]).map_err(failed)?;
    let (mut due, mut taken) = (Vec::new(), Vec::new());
    while taken.len() < limit
        && let Some(row) = rows.next().map_err(failed)?
    {
        taken.push(row.get::<_, i64>(0).map_err(failed)?);
        match due_event(row) {
            Ok(event) => due.push(event),
            // It stays pending and is looked at again after the lease; the others go on.
            Err(cause) => tracing::error!("an event cannot be delivered: {cause}"),
        }
    }
    drop(rows);
    let mut lease =
        connection.prepare_cached("UPDATE events SET due_at = ?2 WHERE feed_no = ?1").map_err(failed)?;
    for feed_no in taken {
        write::expect_rows(lease.execute(params![feed_no, until.get()]), 1, "events")?;
    }
    Ok(due)
}

fn due_event(row: &Row<'_>) -> Result<DueEvent, StoreError> {
    let feed_no: i64 = row.get(0).map_err(failed)?;
    let mut columns = Columns::new(row, "events", feed_no, 1);
    let order_id = event_order(&mut columns)?;
    let n: u32 = columns.raw("n")?;
    Ok(DueEvent {
        id: format!("{order_id}.{n}"),
        order_id,
        n,
        app_id: columns.parsed("app")?,
        kind: columns.raw("kind")?,
        attempts: columns.raw("attempts")?,
        created_at: columns.time("created_at")?,
        body: event_body(&mut columns)?,
    })
}

pub(super) fn event_order(columns: &mut Columns<'_, '_>) -> Result<OrderId, StoreError> {
    let id = columns.raw("order_id")?;
    OrderId::from_i64(id).map_err(|cause| columns.corrupt("order_id", &cause))
}

pub(super) fn event_body(columns: &mut Columns<'_, '_>) -> Result<String, StoreError> {
    let packed: Vec<u8> = columns.raw("body")?;
    pack::unpack_text(&packed).map_err(|cause| columns.corrupt("body", &cause))
}

/// `ord_….n` as the key of a row.
fn event_key(id: &str) -> Option<(i64, u32)> {
    let (order, n) = id.rsplit_once('.')?;
    let order: OrderId = order.parse().ok()?;
    Some((order.get(), n.parse().ok()?))
}

pub(super) fn resend(connection: &Connection, id: &str, now: UnixMs) -> Result<bool, StoreError> {
    let Some((order, n)) = event_key(id) else { return Ok(false) };
    let updated = connection
        .prepare_cached("UPDATE events SET state = 'pending', attempts = 0 WHERE order_id = ?1 AND n = ?2")
        .and_then(|mut update| update.execute(params![order, n]));
    if updated.map_err(failed)? == 0 {
        return Ok(false);
    }
    // Whatever else of this order waits stands behind its first pending event.
    connection
        .prepare_cached("UPDATE events SET due_at = NULL WHERE order_id = ?1 AND state = 'pending'")
        .and_then(|mut hold| hold.execute([order]))
        .map_err(failed)?;
    release_first(connection, order, now)?;
    Ok(true)
}

/// Makes the first pending event of an order due.
fn release_first(connection: &Connection, order: i64, at: UnixMs) -> Result<(), StoreError> {
    let released = connection
        .prepare_cached(
            "UPDATE events SET due_at = ?2 WHERE due_at IS NULL AND feed_no = \
             (SELECT feed_no FROM events WHERE order_id = ?1 + 0 AND state = 'pending' ORDER BY n LIMIT 1)",
        )
        .and_then(|mut release| release.execute(params![order, at.get()]));
    released.map(drop).map_err(failed)
}

/// Notes how a delivery went. An event that is unknown or no longer pending stays as it is.
pub(super) fn record(connection: &Connection, record: &DeliveryRecord) -> Result<(), StoreError> {
    let Some((order, n)) = event_key(&record.event_id) else { return Ok(()) };
    let (state, due_at) = match record.next {
        DeliveryNext::Done => ("delivered", None),
        DeliveryNext::Retry { due_at } => ("pending", Some(due_at.get())),
        DeliveryNext::Dead => ("dead", None),
    };
    let updated = connection
        .prepare_cached(
            "UPDATE events SET state = ?3, due_at = ?4, attempts = attempts + 1, last_at = ?5, last_status = ?6, \
             last_problem = ?7 WHERE order_id = ?1 AND n = ?2 AND state = 'pending'",
        )
        .and_then(|mut update| {
            update.execute(params![order, n, state, due_at, record.at.get(), record.status, record.problem])
        });
    if updated.map_err(failed)? == 1 && due_at.is_none() {
        release_first(connection, order, record.at)?;
    }
    Ok(())
}
