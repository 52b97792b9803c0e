//! A batch's rows, table by table, each statement prepared once.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Operation, Order};
use rusqlite::{Connection, params};

use super::SqliteStore;
use super::open::failed;
use crate::store::{
    ApiLogRow, DeliveryNext, DeliveryRecord, NewCallback, NewEvent, NewFact, StoreError, UnverifiedRow,
    Writes, subject_of,
};

/// So many refused callbacks of one kind get a row of their own; later ones are counted on the last.
const REFUSED_ROWS: usize = 3;

pub(super) fn write(store: &mut SqliteStore, writes: &Writes) -> Result<(), StoreError> {
    for order in &writes.new_orders {
        insert_order(store, order)?;
        write_operations(store, order, 0)?;
    }
    for (order, stored) in &writes.changed_orders {
        update_order(store, order)?;
        write_operations(store, order, *stored)?;
    }
    insert_facts(&store.connection, &writes.facts)?;
    for callback in &writes.callbacks {
        keep_callback(store, callback)?;
    }
    for (id, verdict, order) in &writes.replayed {
        let updated = store
            .connection
            .prepare_cached("UPDATE callbacks SET verdict = ?2, order_id = ?3 WHERE id = ?1")
            .and_then(|mut update| update.execute(params![id, verdict, order.get()]));
        expect_rows(updated, 1, "callbacks")?;
    }
    for event in &writes.events {
        insert_event(store, event)?;
    }
    for (exception, at) in &writes.exceptions {
        open_exception(&store.connection, exception, *at)?;
    }
    for record in &writes.deliveries {
        record_delivery(&store.connection, record)?;
    }
    for call in &writes.calls {
        insert_call(store, call)?;
    }
    writes.unverified.iter().try_for_each(|row| insert_unverified(&store.connection, row))
}

/// The number of rows is part of the promise: a statement that writes fewer has met another writer.
fn expect_rows(written: rusqlite::Result<usize>, expected: usize, table: &str) -> Result<(), StoreError> {
    let written = written.map_err(failed)?;
    assert_eq!(written, expected, "rows written to {table}");
    Ok(())
}

fn insert_order(store: &mut SqliteStore, order: &Order) -> Result<(), StoreError> {
    let app = store.app(order.app_id.as_str())?;
    let mut insert = store
        .connection
        .prepare_cached(
            "INSERT INTO orders (id, app, out_order_no, system, state, total, discount, created_at, expires_at, \
             platform_order_id, order_token, open_id, metadata, cp_extra, paid_at, way, channel_no, payment_order_no, \
             seller_uid, failure_code, failure_message, maybe_acted, request_sha256, alarms, seq, events, due_at, tries, \
             next_due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
             ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29) ON CONFLICT DO NOTHING",
        )
        .map_err(failed)?;
    let inserted = insert.execute(params![
        order.id.get(),
        app,
        order.out_order_no.as_str(),
        order.system.as_str(),
        order.state.as_str(),
        order.total.get(),
        order.discount.get(),
        order.created_at.get(),
        order.expires_at.get(),
        order.platform_order_id.as_ref().map(|number| number.as_str()),
        order.order_token.as_ref().map(|token| token.as_str()),
        order.open_id,
        order.metadata,
        order.cp_extra,
        order.paid_at.map(UnixMs::get),
        order.way,
        order.channel_no,
        order.payment_order_no,
        order.seller_uid,
        order.failure.as_ref().map(|failure| failure.code),
        order.failure.as_ref().map(|failure| &failure.message),
        order.maybe_acted,
        order.request_sha256,
        order.alarms.bits(),
        order.seq,
        order.events,
        order.schedule.due_at.map(UnixMs::get),
        order.schedule.tries,
        order.due_at().map(UnixMs::get),
    ]);
    if inserted.map_err(failed)? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// What never changes after the order was opened is left alone.
fn update_order(store: &SqliteStore, order: &Order) -> Result<(), StoreError> {
    let mut update = store
        .connection
        .prepare_cached(
            "UPDATE orders SET state = ?2, discount = ?3, expires_at = ?4, platform_order_id = ?5, order_token = ?6, \
             paid_at = ?7, way = ?8, channel_no = ?9, payment_order_no = ?10, seller_uid = ?11, failure_code = ?12, \
             failure_message = ?13, maybe_acted = ?14, alarms = ?15, seq = ?16, events = ?17, due_at = ?18, tries = ?19, \
             next_due = ?20, leased_until = 0 WHERE id = ?1",
        )
        .map_err(failed)?;
    let updated = update.execute(params![
        order.id.get(),
        order.state.as_str(),
        order.discount.get(),
        order.expires_at.get(),
        order.platform_order_id.as_ref().map(|number| number.as_str()),
        order.order_token.as_ref().map(|token| token.as_str()),
        order.paid_at.map(UnixMs::get),
        order.way,
        order.channel_no,
        order.payment_order_no,
        order.seller_uid,
        order.failure.as_ref().map(|failure| failure.code),
        order.failure.as_ref().map(|failure| &failure.message),
        order.maybe_acted,
        order.alarms.bits(),
        order.seq,
        order.events,
        order.schedule.due_at.map(UnixMs::get),
        order.schedule.tries,
        order.due_at().map(UnixMs::get),
    ]);
    expect_rows(updated, 1, "orders")
}

/// Operations are few: those after `stored` are inserted, the others updated in their place.
fn write_operations(store: &mut SqliteStore, order: &Order, stored: usize) -> Result<(), StoreError> {
    if order.operations.is_empty() {
        return Ok(());
    }
    let app = store.app(order.app_id.as_str())?;
    for (position, operation) in order.operations.iter().enumerate() {
        let place = i64::try_from(position).expect("a few hundred operations at most");
        match position < stored {
            true => update_operation(&store.connection, order, place, operation)?,
            false => insert_operation(&store.connection, order, app, place, operation)?,
        }
    }
    Ok(())
}

fn insert_operation(
    connection: &Connection,
    order: &Order,
    app: i64,
    place: i64,
    one: &Operation,
) -> Result<(), StoreError> {
    let shares =
        (!one.shares.is_empty()).then(|| serde_json::to_string(&one.shares).expect("shares are plain data"));
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO operations (order_id, position, app, kind, out_no, origin, amount, text, request_sha256, \
             requested_at, shares, finish, state, platform_no, finished_at, source, settle_amount, rake, commission, \
             basis, detail, failure_code, failure_message, maybe_acted, alarms, due_at, tries) VALUES (?1, ?2, ?3, ?4, \
             ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'requested', NULL, NULL, ?13, NULL, NULL, NULL, ?14, NULL, NULL, NULL, \
             0, 0, NULL, 0) ON CONFLICT DO NOTHING",
        )
        .map_err(failed)?;
    let inserted = insert.execute(params![
        order.id.get(),
        place,
        app,
        one.kind.as_str(),
        one.out_no.as_str(),
        one.origin.as_str(),
        one.amount.get(),
        one.text,
        one.request_sha256,
        one.requested_at.get(),
        shares,
        one.finish,
        one.source.as_str(),
        one.basis.as_str(),
    ]);
    match inserted.map_err(failed)? {
        1 => update_operation(connection, order, place, one),
        _ => Err(StoreError::Conflict),
    }
}

fn update_operation(
    connection: &Connection,
    order: &Order,
    place: i64,
    one: &Operation,
) -> Result<(), StoreError> {
    let mut update = connection
        .prepare_cached(
            "UPDATE operations SET state = ?3, amount = ?4, platform_no = ?5, finished_at = ?6, source = ?7, \
             settle_amount = ?8, rake = ?9, commission = ?10, basis = ?11, detail = ?12, failure_code = ?13, \
             failure_message = ?14, maybe_acted = ?15, alarms = ?16, due_at = ?17, tries = ?18, origin = ?19, \
             finish = ?20 WHERE order_id = ?1 AND position = ?2",
        )
        .map_err(failed)?;
    let updated = update.execute(params![
        order.id.get(),
        place,
        one.state.as_str(),
        one.amount.get(),
        one.platform_no.as_ref().map(|number| number.as_str()),
        one.finished_at.map(UnixMs::get),
        one.source.as_str(),
        one.settle_amount.map(|fen| fen.get()),
        one.rake.map(|fen| fen.get()),
        one.commission.map(|fen| fen.get()),
        one.basis.as_str(),
        one.detail,
        one.failure.as_ref().map(|failure| failure.code),
        one.failure.as_ref().map(|failure| &failure.message),
        one.maybe_acted,
        one.alarms.bits(),
        one.schedule.due_at.map(UnixMs::get),
        one.schedule.tries,
        one.origin.as_str(),
        one.finish,
    ]);
    expect_rows(updated, 1, "operations")
}

/// A fact's number is taken once. A conflict is a bug of ours: nothing of the batch may last.
fn insert_facts(connection: &Connection, facts: &[NewFact]) -> Result<(), StoreError> {
    let mut insert = connection
        .prepare_cached("INSERT INTO facts (order_id, seq, data, callback) VALUES (?1, ?2, ?3, ?4)")
        .map_err(failed)?;
    facts.iter().try_for_each(|fact| {
        let inserted = insert.execute(params![fact.order.get(), fact.seq, fact.data, fact.callback]);
        expect_rows(inserted, 1, "facts")
    })
}

fn keep_callback(store: &mut SqliteStore, callback: &NewCallback) -> Result<(), StoreError> {
    if let Some(order) = callback.order.filter(|_| callback.verdict != "changed")
        && count_on_last(&store.connection, order.get(), callback)?
    {
        return Ok(());
    }
    let app = store.app(callback.app_id.as_str())?;
    let mut insert = store
        .connection
        .prepare_cached(
            "INSERT INTO callbacks (id, app, kind, number, received_at, body, verdict, order_id) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .map_err(failed)?;
    let order = callback.order.map(|order| order.get());
    let body: &[u8] = &callback.body;
    let at = callback.received_at.get();
    let inserted = insert.execute(params![
        callback.id,
        app,
        callback.kind,
        callback.number,
        at,
        body,
        callback.verdict,
        order
    ]);
    expect_rows(inserted, 1, "callbacks")
}

/// Whether the callback was counted on an earlier row of the same kind and verdict.
fn count_on_last(connection: &Connection, order: i64, callback: &NewCallback) -> Result<bool, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT id FROM callbacks WHERE order_id = ?1 AND kind = ?2 AND verdict = ?3 AND verdict <> 'changed' \
             AND number = ?4 ORDER BY id DESC LIMIT ?5",
        )
        .map_err(failed)?;
    let limit = i64::try_from(REFUSED_ROWS).expect("a small number");
    let rows = select
        .query_map(params![order, callback.kind, callback.verdict, callback.number, limit], |row| row.get(0));
    let ids: Vec<i64> = rows.and_then(Iterator::collect).map_err(failed)?;
    if ids.len() < REFUSED_ROWS {
        return Ok(false);
    }
    let counted = connection
        .prepare_cached("UPDATE callbacks SET repeats = repeats + 1, last_at = ?2 WHERE id = ?1")
        .and_then(|mut update| update.execute(params![ids[0], callback.received_at.get()]));
    expect_rows(counted, 1, "callbacks")?;
    Ok(true)
}

fn insert_event(store: &mut SqliteStore, event: &NewEvent) -> Result<(), StoreError> {
    let app = store.app(event.app_id.as_str())?;
    let (state, due_at) = if event.deliver { ("pending", Some(event.at.get())) } else { ("silent", None) };
    let mut insert = store
        .connection
        .prepare_cached(
            "INSERT INTO events (order_id, n, app, kind, body, created_at, state, due_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .map_err(failed)?;
    let inserted = insert.execute(params![
        event.order.get(),
        event.n,
        app,
        event.kind,
        event.body,
        event.at.get(),
        state,
        due_at
    ]);
    expect_rows(inserted, 1, "events")
}

fn open_exception(connection: &Connection, exception: &Exception, at: UnixMs) -> Result<(), StoreError> {
    let opened = connection
        .prepare_cached(
            "INSERT INTO exceptions (kind, subject, order_id, detail, opened_at) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (kind, subject) WHERE resolved_at IS NULL \
             DO UPDATE SET repeats = repeats + 1, detail = excluded.detail",
        )
        .and_then(|mut insert| {
            let order = exception.order.map(|order| order.get());
            insert.execute(params![exception.kind, subject_of(exception), order, exception.detail, at.get()])
        });
    expect_rows(opened, 1, "exceptions")
}

fn record_delivery(connection: &Connection, record: &DeliveryRecord) -> Result<(), StoreError> {
    let Some((order, n)) = super::leases::event_key(&record.event_id) else { return Ok(()) };
    let (state, due_at) = match record.next {
        DeliveryNext::Done => ("delivered", None),
        DeliveryNext::Retry { due_at } => ("pending", Some(due_at.get())),
        DeliveryNext::Dead => ("dead", None),
    };
    let updated = connection
        .prepare_cached(
            "UPDATE events SET state = ?3, due_at = ?4, leased_until = 0, attempts = attempts + 1, last_at = ?5, \
             last_status = ?6, last_problem = ?7 WHERE order_id = ?1 AND n = ?2",
        )
        .and_then(|mut update| {
            update.execute(params![order, n, state, due_at, record.at.get(), record.status, record.problem])
        });
    expect_rows(updated, 1, "events")
}

fn insert_call(store: &mut SqliteStore, call: &ApiLogRow) -> Result<(), StoreError> {
    let app = store.app(call.app_id.as_str())?;
    let millis = i64::try_from(call.millis).unwrap_or(i64::MAX);
    let inserted = store
        .connection
        .prepare_cached(
            "INSERT INTO api_log (app, order_id, endpoint, at, millis, outcome, err_no, http_status, log_id, attempt) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .and_then(|mut insert| {
            let order = call.order_id.map(|order| order.get());
            insert.execute(params![
                app, order, call.endpoint, call.at.get(), millis, call.outcome, call.err_no, call.http_status, call.log_id,
                call.attempt
            ])
        });
    expect_rows(inserted, 1, "api_log")
}

/// The ring: the newest row takes the place of the oldest.
fn insert_unverified(connection: &Connection, row: &UnverifiedRow) -> Result<(), StoreError> {
    let body = &row.body[..row.body.len().min(UnverifiedRow::BODY_BYTES_MAX)];
    let inserted = connection
        .prepare_cached(
            "INSERT INTO unverified (app, slot, at, reason, body) VALUES (?1, \
             (SELECT coalesce((SELECT (slot + 1) % ?5 FROM unverified WHERE app = ?1 ORDER BY at DESC, slot DESC LIMIT 1), 0)), \
             ?2, ?3, ?4) ON CONFLICT (app, slot) DO UPDATE SET at = excluded.at, reason = excluded.reason, body = excluded.body",
        )
        .and_then(|mut insert| insert.execute(params![row.app, row.at.get(), row.reason, body, UnverifiedRow::KEPT]));
    expect_rows(inserted, 1, "unverified")
}
