//! Views of what is committed: pages, timelines, figures.

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Fact, Order, OrderId, What};
use douyin_pay_protocol::Endpoint;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::columns::{Columns, select_orders};
use super::open::failed;
use super::{leases, load};
use crate::store::{
    ApiLogRow, CallbackRow, Counts, EventRow, ExceptionRow, FactRow, Health, OrderFilter, StoreError,
    Timeline, pack,
};

pub(super) fn facts(connection: &Connection, order: OrderId) -> Result<Vec<FactRow>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT seq, at, source, what, callback FROM facts WHERE order_id = ?1 ORDER BY seq")
        .map_err(failed)?;
    let mut rows = select.query([order.get()]).map_err(failed)?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        facts.push(fact(row, order)?);
    }
    Ok(facts)
}

fn fact(row: &Row<'_>, order: OrderId) -> Result<FactRow, StoreError> {
    let mut columns = Columns::new(row, "facts", order.get(), 0).of_order(Some(order));
    let seq = columns.raw("seq")?;
    let (at, source) = (columns.time("at")?, columns.parsed("source")?);
    let what = columns.json::<What>("what")?.ok_or_else(|| columns.corrupt("what", &"is null"))?;
    Ok(FactRow { seq, fact: Fact { at, source, what }, callback: columns.raw("callback")? })
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
             (SELECT callback FROM facts WHERE order_id = ?1 AND callback IS NOT NULL UNION \
             SELECT id FROM callbacks WHERE order_id = ?1 AND verdict <> 'changed') ORDER BY id",
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
    let mut columns = Columns::new(row, "api_log", order.get(), 0).of_order(Some(order));
    let app_id = columns.parsed("app")?;
    let endpoint: String = columns.raw("endpoint")?;
    Ok(ApiLogRow {
        app_id,
        order_id: Some(order),
        endpoint: Endpoint::of_name(&endpoint).map_or("other", Endpoint::name),
        at: columns.time("at")?,
        millis: u64::try_from(columns.raw::<i64>("millis")?).unwrap_or(0),
        outcome: columns.raw("outcome")?,
        err_no: columns.raw("err_no")?,
        http_status: columns.raw("http_status")?,
        log_id: columns.raw("log_id")?,
        attempt: columns.raw("attempt")?,
    })
}

const PAGE: &str = select_orders!(
    "FROM orders o WHERE o.id < ?1 AND o.app = ?2 AND (?3 IS NULL OR o.state = ?3) "
    "AND (?4 IS NULL OR o.created_at >= ?4) AND (?5 IS NULL OR o.created_at < ?5) AND (?6 IS NULL OR o.system = ?6) "
    "ORDER BY o.id DESC"
);

/// Ids grow with time, so the primary key serves as the order of pages.
pub(super) fn orders(connection: &Connection, filter: &OrderFilter) -> Result<Vec<Order>, StoreError> {
    let Some(app) = load::app_number(connection, filter.app_id.as_str())? else { return Ok(Vec::new()) };
    let values = params![
        filter.after.map_or(i64::MAX, |order| order.get()),
        app,
        filter.state.map(|state| state.as_str()),
        filter.from.map(UnixMs::get),
        filter.to.map(UnixMs::get),
        filter.system.map(|system| system.as_str()),
    ];
    load::many(connection, PAGE, values, filter.limit)?.into_iter().collect()
}

/// A statement that selects events; continues after the list of columns. `e` is the event, `a` its app.
macro_rules! select_events {
    ($($rest:literal)+) => {
        concat!(
            "SELECT e.feed_no, e.order_id, e.n, a.app_id, e.kind, e.created_at, e.state, e.attempts, ",
            "e.last_status, e.last_problem, e.body FROM events e JOIN apps a ON a.n = e.app ",
            $($rest),+
        )
    };
}

fn event(row: &Row<'_>) -> Result<EventRow, StoreError> {
    let feed_no: i64 = row.get(0).map_err(failed)?;
    let mut columns = Columns::new(row, "events", feed_no, 1);
    let order = leases::event_order(&mut columns)?;
    let n: u32 = columns.raw("n")?;
    Ok(EventRow {
        feed_no,
        id: format!("{order}.{n}"),
        app_id: columns.parsed("app")?,
        kind: columns.raw("kind")?,
        created_at: columns.time("created_at")?,
        state: columns.raw("state")?,
        attempts: columns.raw("attempts")?,
        last_status: columns.raw("last_status")?,
        last_problem: columns.raw("last_problem")?,
        body: leases::event_body(&mut columns)?,
    })
}

fn order_events(connection: &Connection, order: OrderId) -> Result<Vec<EventRow>, StoreError> {
    events_of(connection, select_events!("WHERE e.order_id = ?1 ORDER BY e.n"), [order.get()])
}

pub(super) fn events(
    connection: &Connection,
    after: i64,
    limit: usize,
    app_ids: &[String],
) -> Result<Vec<EventRow>, StoreError> {
    let limit = rows(limit);
    if app_ids.is_empty() {
        let all = select_events!("WHERE e.feed_no > ?1 ORDER BY e.feed_no LIMIT ?2");
        return events_of(connection, all, params![after, limit]);
    }
    let of_apps = select_events!(
        "WHERE e.feed_no > ?1 AND a.app_id IN (SELECT value FROM json_each(?3)) ORDER BY e.feed_no LIMIT ?2"
    );
    let apps = serde_json::to_string(app_ids).expect("texts are plain data");
    events_of(connection, of_apps, params![after, limit, apps])
}

fn events_of(connection: &Connection, sql: &str, values: impl Params) -> Result<Vec<EventRow>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
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
    let rows = select.query_map(params![open_only, after, rows(limit)], |row| {
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

/// When the next order is due, or the next lease ends.
pub(super) fn next_order_due(connection: &Connection) -> Result<Option<UnixMs>, StoreError> {
    earliest(connection, "SELECT min(next_due) FROM orders WHERE next_due IS NOT NULL")
}

/// When the next event is due, or the next lease ends.
pub(super) fn next_event_due(connection: &Connection) -> Result<Option<UnixMs>, StoreError> {
    earliest(connection, "SELECT min(due_at) FROM events WHERE due_at IS NOT NULL")
}

fn earliest(connection: &Connection, sql: &str) -> Result<Option<UnixMs>, StoreError> {
    let found = connection
        .prepare_cached(sql)
        .and_then(|mut select| select.query_row([], |row| row.get::<_, Option<i64>>(0)));
    Ok(found.map_err(failed)?.map(UnixMs::new))
}

pub(super) fn health(connection: &Connection) -> Health {
    match connection
        .query_row("SELECT count(*) FROM (SELECT 1 FROM orders LIMIT 1)", [], |row| row.get::<_, i64>(0))
    {
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
    let rows = select.query_map(params![after, rows(limit)], |row| row.get::<_, i64>(0));
    let ids: Vec<i64> = rows.and_then(Iterator::collect).map_err(failed)?;
    Ok(ids.into_iter().filter_map(|id| OrderId::from_i64(id).ok()).collect())
}

pub(super) fn callback_body(connection: &Connection, id: i64) -> Result<Option<Bytes>, StoreError> {
    let found = connection
        .prepare_cached("SELECT body FROM callbacks WHERE id = ?1")
        .and_then(|mut select| select.query_row([id], |row| row.get::<_, Vec<u8>>(0)).optional());
    let Some(packed) = found.map_err(failed)? else { return Ok(None) };
    let body = pack::unpack(&packed).map_err(|cause| StoreError::Corrupt {
        table: "callbacks",
        column: "body",
        id,
        problem: cause.to_string(),
        order: None,
    })?;
    Ok(Some(Bytes::from(body)))
}

/// A limit as SQLite takes it.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
