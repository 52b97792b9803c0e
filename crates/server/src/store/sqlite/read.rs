//! Views of what is committed: pages, timelines, figures.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use rusqlite::{Connection, Row, params};

use super::columns::ORDER;
use super::load;
use super::open::failed;
use crate::store::{
    ApiLogRow, CallbackRow, Counts, EventRow, ExceptionRow, FactRow, Health, OrderFilter, StoreError,
    Timeline,
};

/// The endpoints that a stored call may name.
const ENDPOINTS: [&str; 6] =
    ["create_order", "query_order", "create_refund", "query_refund", "settle", "query_settle"];

pub(super) fn facts(connection: &Connection, order: OrderId) -> Result<Vec<FactRow>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT seq, data, callback FROM facts WHERE order_id = ?1 ORDER BY seq")
        .map_err(failed)?;
    let mut rows = select.query([order.get()]).map_err(failed)?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        let data: String = row.get(1).map_err(failed)?;
        let fact = serde_json::from_str(&data).map_err(|cause| StoreError::Corrupt {
            table: "facts",
            column: "data",
            id: order.get(),
            problem: cause.to_string(),
            order: Some(order),
        })?;
        facts.push(FactRow { seq: row.get(0).map_err(failed)?, fact, callback: row.get(2).map_err(failed)? });
    }
    Ok(facts)
}

pub(super) fn timeline(connection: &Connection, order: OrderId) -> Result<Timeline, StoreError> {
    Ok(Timeline {
        facts: facts(connection, order)?,
        callbacks: callbacks(connection, order)?,
        events: order_events(connection, order)?,
        calls: calls(connection, order)?,
    })
}

fn callbacks(connection: &Connection, order: OrderId) -> Result<Vec<CallbackRow>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT id, kind, number, received_at, verdict, repeats FROM callbacks WHERE id IN \
             (SELECT callback FROM facts WHERE order_id = ?1 AND callback IS NOT NULL) \
             UNION SELECT id, kind, number, received_at, verdict, repeats FROM callbacks \
             WHERE order_id = ?1 AND verdict <> 'changed' ORDER BY 1",
        )
        .map_err(failed)?;
    let rows = select.query_map([order.get()], |row| {
        Ok(CallbackRow {
            id: row.get(0)?,
            kind: row.get(1)?,
            number: row.get(2)?,
            received_at: UnixMs::new(row.get(3)?),
            verdict: row.get(4)?,
            repeats: row.get(5)?,
        })
    });
    rows.and_then(Iterator::collect).map_err(failed)
}

fn calls(connection: &Connection, order: OrderId) -> Result<Vec<ApiLogRow>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT a.app_id, l.endpoint, l.at, l.millis, l.outcome, l.err_no, l.http_status, l.log_id, l.attempt \
             FROM api_log l JOIN apps a ON a.n = l.app WHERE l.order_id = ?1 ORDER BY l.id",
        )
        .map_err(failed)?;
    let mut rows = select.query([order.get()]).map_err(failed)?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        calls.push(call(row, order)?);
    }
    Ok(calls)
}

fn call(row: &Row<'_>, order: OrderId) -> Result<ApiLogRow, StoreError> {
    let endpoint: String = row.get(1).map_err(failed)?;
    let millis: i64 = row.get(3).map_err(failed)?;
    Ok(ApiLogRow {
        app_id: app_id(row.get(0).map_err(failed)?)?,
        order_id: Some(order),
        endpoint: ENDPOINTS.into_iter().find(|known| *known == endpoint).unwrap_or("other"),
        at: UnixMs::new(row.get(2).map_err(failed)?),
        millis: u64::try_from(millis).unwrap_or(0),
        outcome: row.get(4).map_err(failed)?,
        err_no: row.get(5).map_err(failed)?,
        http_status: row.get(6).map_err(failed)?,
        log_id: row.get(7).map_err(failed)?,
        attempt: row.get(8).map_err(failed)?,
    })
}

fn app_id(text: String) -> Result<douyin_pay_protocol::AppId, StoreError> {
    text.parse().map_err(|cause: douyin_pay_protocol::FieldError| StoreError::Corrupt {
        table: "apps",
        column: "app_id",
        id: 0,
        problem: cause.to_string(),
        order: None,
    })
}

pub(super) fn orders(connection: &Connection, filter: &OrderFilter) -> Result<Vec<Order>, StoreError> {
    let Some(app) = load::app_number(connection, filter.app_id.as_str())? else { return Ok(Vec::new()) };
    // Ids grow with time, so the primary key serves as the order of pages.
    let sql = format!(
        "SELECT {ORDER} FROM orders o JOIN apps a ON a.n = o.app WHERE o.app = ?1 AND (?2 IS NULL OR o.state = ?2) \
         AND (?3 IS NULL OR o.created_at >= ?3) AND (?4 IS NULL OR o.created_at < ?4) AND (?5 IS NULL OR o.id < ?5) \
         ORDER BY o.id DESC LIMIT ?6"
    );
    let values = params![
        app,
        filter.state.map(|state| state.as_str()),
        filter.from.map(UnixMs::get),
        filter.to.map(UnixMs::get),
        filter.after.map(|order| order.get()),
        i64::try_from(filter.limit).unwrap_or(i64::MAX),
    ];
    load::many(connection, &sql, values)
}

const EVENT: &str = "e.feed_no, e.order_id, e.n, a.app_id, e.kind, e.body, e.created_at, e.state, e.attempts, \
    e.last_status, e.last_problem FROM events e JOIN apps a ON a.n = e.app";

fn event(row: &Row<'_>) -> Result<EventRow, StoreError> {
    let order: i64 = row.get(1).map_err(failed)?;
    let n: u32 = row.get(2).map_err(failed)?;
    let id = OrderId::from_i64(order).map(|order| format!("{order}.{n}"));
    Ok(EventRow {
        feed_no: row.get(0).map_err(failed)?,
        id: id.map_err(|cause| StoreError::Corrupt {
            table: "events",
            column: "order_id",
            id: order,
            problem: cause.to_string(),
            order: None,
        })?,
        app_id: app_id(row.get(3).map_err(failed)?)?,
        kind: row.get(4).map_err(failed)?,
        body: row.get(5).map_err(failed)?,
        created_at: UnixMs::new(row.get(6).map_err(failed)?),
        state: row.get(7).map_err(failed)?,
        attempts: row.get(8).map_err(failed)?,
        last_status: row.get(9).map_err(failed)?,
        last_problem: row.get(10).map_err(failed)?,
    })
}

fn order_events(connection: &Connection, order: OrderId) -> Result<Vec<EventRow>, StoreError> {
    let sql = format!("SELECT {EVENT} WHERE e.order_id = ?1 ORDER BY e.n");
    let mut select = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = select.query([order.get()]).map_err(failed)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        events.push(event(row)?);
    }
    Ok(events)
}

pub(super) fn events(
    connection: &Connection,
    after: i64,
    limit: usize,
    app_ids: &[String],
) -> Result<Vec<EventRow>, StoreError> {
    let sql = format!(
        "SELECT {EVENT} WHERE e.feed_no > ?1 AND (?2 = '[]' OR a.app_id IN (SELECT value FROM json_each(?2))) \
         ORDER BY e.feed_no LIMIT ?3"
    );
    let apps = serde_json::to_string(app_ids).expect("texts are plain data");
    let mut select = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows =
        select.query(params![after, apps, i64::try_from(limit).unwrap_or(i64::MAX)]).map_err(failed)?;
    let mut events = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        events.push(event(row)?);
    }
    Ok(events)
}

pub(super) fn exceptions(
    connection: &Connection,
    open_only: bool,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<ExceptionRow>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT id, kind, order_id, detail, opened_at, repeats, resolved_at, resolved_by, note FROM exceptions \
             WHERE (?1 = 0 OR resolved_at IS NULL) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
        )
        .map_err(failed)?;
    let rows = select.query_map(params![open_only, after, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(ExceptionRow {
            id: row.get(0)?,
            kind: row.get(1)?,
            order_id: row.get::<_, Option<i64>>(2)?.and_then(|id| OrderId::from_i64(id).ok()),
            detail: row.get(3)?,
            opened_at: UnixMs::new(row.get(4)?),
            repeats: row.get(5)?,
            resolved_at: row.get::<_, Option<i64>>(6)?.map(UnixMs::new),
            resolved_by: row.get(7)?,
            note: row.get(8)?,
        })
    });
    rows.and_then(Iterator::collect).map_err(failed)
}

/// When the next order is due that nobody has taken, or the next lease that ends.
pub(super) fn next_order_due(connection: &Connection) -> Result<Option<UnixMs>, StoreError> {
    earliest(connection, "SELECT min(max(next_due, leased_until)) FROM orders WHERE next_due IS NOT NULL")
}

/// When the next event is due that nobody has taken, or the next lease that ends.
pub(super) fn next_event_due(connection: &Connection) -> Result<Option<UnixMs>, StoreError> {
    earliest(
        connection,
        "SELECT min(max(e.due_at, e.leased_until)) FROM events e WHERE e.due_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM events b WHERE b.order_id = e.order_id AND b.n < e.n AND b.state = 'pending')",
    )
}

fn earliest(connection: &Connection, sql: &str) -> Result<Option<UnixMs>, StoreError> {
    let found = connection
        .prepare_cached(sql)
        .and_then(|mut select| select.query_row([], |row| row.get::<_, Option<i64>>(0)));
    Ok(found.map_err(failed)?.map(UnixMs::new))
}

pub(super) fn health(connection: &Connection) -> Health {
    match connection.query_row("SELECT count(*) FROM apps", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Health { readable: true, problem: None },
        Err(cause) => Health { readable: false, problem: Some(failed(cause).to_string()) },
    }
}

pub(super) fn counts(connection: &Connection) -> Result<Counts, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM orders WHERE next_due IS NOT NULL), \
             (SELECT count(*) FROM events WHERE due_at IS NOT NULL), \
             (SELECT min(created_at) FROM events WHERE due_at IS NOT NULL), \
             (SELECT count(*) FROM exceptions WHERE resolved_at IS NULL)",
        )
        .map_err(failed)?;
    let counts = select.query_row([], |row| {
        let count = |at: usize| row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0));
        Ok(Counts {
            pending_orders: count(0)?,
            pending_events: count(1)?,
            oldest_pending_event: row.get::<_, Option<i64>>(2)?.map(UnixMs::new),
            open_exceptions: count(3)?,
        })
    });
    counts.map_err(failed)
}

pub(super) fn order_ids(
    connection: &Connection,
    after: Option<OrderId>,
    limit: usize,
) -> Result<Vec<OrderId>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT id FROM orders WHERE id > ?1 ORDER BY id LIMIT ?2")
        .map_err(failed)?;
    let after = after.map_or(i64::MIN, |order| order.get());
    let rows = select
        .query_map(params![after, i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get::<_, i64>(0));
    let ids: Vec<i64> = rows.and_then(Iterator::collect).map_err(failed)?;
    Ok(ids.into_iter().filter_map(|id| OrderId::from_i64(id).ok()).collect())
}
