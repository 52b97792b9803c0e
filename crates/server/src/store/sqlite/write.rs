//! A batch's rows, table by table, each statement prepared once.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Operation, Order};
use rusqlite::{Connection, params};
use serde::Serialize;

use super::SqliteStore;
use super::open::failed;
use super::{bills, leases, records};
use crate::store::{NewCallback, NewEvent, NewFact, OrderWrite, StoreError, Writes, pack};

/// Refused callbacks of one order and kind with the same verdict that get a row of their own; later ones are
/// counted on the last. The statement that looks for them says the same number.
const REFUSED_ROWS: usize = 2;

pub(super) fn write(store: &mut SqliteStore, writes: &Writes) -> Result<(), StoreError> {
    for order in &writes.orders {
        match &order.before {
            None => insert_order(store, &order.after)?,
            Some(before) => update_order(&store.connection, before, &order.after)?,
        }
        write_operations(store, order)?;
    }
    insert_facts(&store.connection, &writes.facts)?;
    for callback in &writes.callbacks {
        keep_callback(store, callback)?;
    }
    for told in &writes.replayed {
        replayed(&store.connection, told.id, told.verdict, told.order.get())?;
    }
    for event in &writes.events {
        insert_event(store, event)?;
    }
    for (exception, at) in &writes.exceptions {
        records::open_exception(&store.connection, exception, *at)?;
    }
    for solved in &writes.solved {
        records::solve(&store.connection, solved)?;
    }
    for record in &writes.deliveries {
        leases::record(&store.connection, record)?;
    }
    writes.bills.iter().try_for_each(|one| bills::write(store, one))?;
    records::insert_calls(store, &writes.calls)?;
    records::insert_unverified(&store.connection, &writes.unverified)
}

/// The number of rows is part of the promise.
pub(super) fn expect_rows(
    written: rusqlite::Result<usize>,
    expected: usize,
    table: &str,
) -> Result<(), StoreError> {
    let written = written.map_err(failed)?;
    assert_eq!(written, expected, "rows written to {table}");
    Ok(())
}

/// An insert that gives way: no row means that another writer owns the key.
fn expect_mine(inserted: rusqlite::Result<usize>) -> Result<(), StoreError> {
    if inserted.map_err(failed)? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn insert_order(store: &mut SqliteStore, order: &Order) -> Result<(), StoreError> {
    let app = store.app(order.app_id.as_str())?;
    let mut insert = store
        .connection
        .prepare_cached(
            "INSERT INTO orders (id, app, out_order_no, system, state, total_fen, discount_fen, created_at, \
             expires_at, platform_order_id, order_token, open_id, metadata, cp_extra, paid_at, way, channel_no, \
             payment_order_no, seller_uid, failure_code, failure_message, maybe_acted, request_sha256, alarms, seq, \
             events, operations, due_at, tries, next_due, imported, if_paid, trade, plan, platform_settleable) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
             ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35) \
             ON CONFLICT DO NOTHING",
        )
        .map_err(failed)?;
    expect_mine(insert.execute(params![
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
        count(order),
        order.schedule.due_at.map(UnixMs::get),
        order.schedule.tries,
        order.due_at().map(UnixMs::get),
        order.imported,
        order.if_paid.as_str(),
        json(order.trade.as_deref()),
        json(order.plan.as_deref()),
        json(order.platform_settleable.as_deref()),
    ]))
}

/// What never changes after the order was opened is left alone. A lease survives what does not move the schedule.
fn update_order(connection: &Connection, before: &Order, order: &Order) -> Result<(), StoreError> {
    let mut update = connection
        .prepare_cached(
            "UPDATE orders SET state = ?3, discount_fen = ?4, platform_order_id = ?5, order_token = ?6, paid_at = ?7, \
             way = ?8, channel_no = ?9, payment_order_no = ?10, seller_uid = ?11, failure_code = ?12, \
             failure_message = ?13, maybe_acted = ?14, alarms = ?15, seq = ?16, events = ?17, operations = ?18, \
             due_at = ?19, tries = ?20, next_due = CASE WHEN ?21 THEN next_due ELSE ?22 END, expires_at = ?23, if_paid = ?24, trade = ?25, \
             plan = ?26, platform_settleable = ?27 \
             WHERE id = ?1 AND seq = ?2",
        )
        .map_err(failed)?;
    let updated = update.execute(params![
        order.id.get(),
        before.seq,
        order.state.as_str(),
        order.discount.get(),
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
        count(order),
        order.schedule.due_at.map(UnixMs::get),
        order.schedule.tries,
        before.due_at() == order.due_at(),
        order.due_at().map(UnixMs::get),
        order.expires_at.get(),
        order.if_paid.as_str(),
        json(order.trade.as_deref()),
        json(order.plan.as_deref()),
        json(order.platform_settleable.as_deref()),
    ]);
    expect_rows(updated, 1, "orders")
}

/// What only one of the systems has, as one JSON value.
fn json<T: Serialize>(value: Option<&T>) -> Option<String> {
    value.map(|value| serde_json::to_string(value).expect("plain data with text keys"))
}

fn count(order: &Order) -> i64 {
    i64::try_from(order.operations.len()).expect("a few hundred operations at most")
}

/// New operations are inserted, changed ones updated in their place.
fn write_operations(store: &mut SqliteStore, write: &OrderWrite) -> Result<(), StoreError> {
    if write.after.operations.is_empty() {
        return Ok(());
    }
    let stored = write.before.as_ref().map_or(&[][..], |before| &before.operations[..]);
    let app = store.app(write.after.app_id.as_str())?;
    for (position, (place, one)) in (0_i64..).zip(&write.after.operations).enumerate() {
        match stored.get(position) {
            Some(before) if before == one => {}
            Some(_) => update_operation(&store.connection, &write.after, place, one)?,
            None => insert_operation(&store.connection, &write.after, app, place, one)?,
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
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO operations (order_id, position, app, kind, out_no, origin, text, request_sha256, \
             requested_at, state, amount_fen, source, finish, basis, maybe_acted, alarms, tries) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) \
             ON CONFLICT DO NOTHING",
        )
        .map_err(failed)?;
    expect_mine(insert.execute(params![
        order.id.get(),
        place,
        app,
        one.kind.as_str(),
        one.out_no.as_str(),
        one.origin.as_str(),
        one.text,
        one.request_sha256,
        one.requested_at.get(),
        one.state.as_str(),
        one.amount.get(),
        one.source.as_str(),
        one.finish,
        one.basis.as_str(),
        one.maybe_acted,
        one.alarms.bits(),
        one.schedule.tries,
    ]))?;
    update_operation(connection, order, place, one)
}

fn update_operation(
    connection: &Connection,
    order: &Order,
    place: i64,
    one: &Operation,
) -> Result<(), StoreError> {
    let mut update = connection
        .prepare_cached(
            "UPDATE operations SET state = ?3, amount_fen = ?4, platform_no = ?5, finished_at = ?6, source = ?7, \
             settle_amount_fen = ?8, rake_fen = ?9, commission_fen = ?10, basis = ?11, detail = ?12, \
             failure_code = ?13, failure_message = ?14, maybe_acted = ?15, alarms = ?16, due_at = ?17, tries = ?18, \
             finish = ?19, trade = ?20, origin = ?21, text = ?22, shares = ?23, ecpay = ?24 \
             WHERE order_id = ?1 AND position = ?2",
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
        one.finish,
        json(one.trade.as_deref()),
        one.origin.as_str(),
        one.text,
        json((!one.shares.is_empty()).then_some(&one.shares)),
        json(one.ecpay.as_deref()),
    ]);
    expect_rows(updated, 1, "operations")
}

/// A fact's number is taken once. A conflict is a bug of ours: the row is refused, and with it its order.
fn insert_facts(connection: &Connection, facts: &[NewFact]) -> Result<(), StoreError> {
    let mut insert = connection
        .prepare_cached(
            "INSERT INTO facts (order_id, seq, at, source, what, callback) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .map_err(failed)?;
    facts.iter().try_for_each(|fact| {
        let inserted = insert.execute(params![
            fact.order.get(),
            fact.seq,
            fact.at.get(),
            fact.source.as_str(),
            fact.what,
            fact.callback
        ]);
        expect_rows(inserted, 1, "facts")
    })
}

fn keep_callback(store: &mut SqliteStore, callback: &NewCallback) -> Result<(), StoreError> {
    if let Some(earlier) =
        callback.repeat_of.map_or_else(|| last_refused(store, callback), |id| Ok(Some(id)))?
    {
        let counted = store
            .connection
            .prepare_cached("UPDATE callbacks SET repeats = repeats + 1 WHERE id = ?1")
            .and_then(|mut update| update.execute([earlier]));
        return expect_rows(counted, 1, "callbacks");
    }
    let app = store.app(callback.app_id.as_str())?;
    let inserted = store
        .connection
        .prepare_cached(
            "INSERT INTO callbacks (id, app, kind, number, received_at, verdict, order_id, body) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        )
        .and_then(|mut insert| {
            insert.execute(params![
                callback.id,
                app,
                callback.kind,
                callback.number,
                callback.received_at.get(),
                callback.verdict,
                callback.order.map(|order| order.get()),
                pack::pack(&callback.body)
            ])
        });
    expect_mine(inserted)?;
    for about in &callback.about {
        let waits = store
            .connection
            .prepare_cached("INSERT INTO stranded (app, about, callback) VALUES (?1, ?2, ?3)")
            .and_then(|mut insert| insert.execute(params![app, about.what, callback.id]));
        expect_rows(waits, 1, "stranded")?;
    }
    Ok(())
}

/// The row on which a refused callback of a known order is counted, once there are enough of its kind.
fn last_refused(store: &SqliteStore, callback: &NewCallback) -> Result<Option<i64>, StoreError> {
    let Some(order) = callback.order.filter(|_| callback.verdict != "changed") else { return Ok(None) };
    let mut select = store
        .connection
        .prepare_cached(
            "SELECT id FROM callbacks WHERE order_id = ?1 + 0 AND verdict <> 'changed' AND verdict = ?2 || '' \
             AND kind = ?3 || '' AND number = ?4 || '' ORDER BY id DESC LIMIT 2",
        )
        .map_err(failed)?;
    let values = params![order.get(), callback.verdict, callback.kind, callback.number];
    let found = select.query_map(values, |row| row.get(0)).and_then(Iterator::collect);
    let ids: Vec<i64> = found.map_err(failed)?;
    Ok(ids.first().copied().filter(|_| ids.len() == REFUSED_ROWS))
}

fn replayed(connection: &Connection, id: i64, verdict: &str, order: i64) -> Result<(), StoreError> {
    let updated = connection
        .prepare_cached("UPDATE callbacks SET verdict = ?2, order_id = ?3 WHERE id = ?1")
        .and_then(|mut update| update.execute(params![id, verdict, order]));
    expect_rows(updated, 1, "callbacks")?;
    let waits_no_more = connection
        .prepare_cached("DELETE FROM stranded WHERE callback = ?1")
        .and_then(|mut delete| delete.execute([id]));
    waits_no_more.map(drop).map_err(failed)
}

/// An event behind a pending one of the same order gets no due time: it is released when that one is done.
fn insert_event(store: &mut SqliteStore, event: &NewEvent) -> Result<(), StoreError> {
    let app = store.app(event.app_id.as_str())?;
    let order = event.order.get();
    let waits = event.deliver && event.n > 1 && has_pending(&store.connection, order)?;
    let state = if event.deliver { "pending" } else { "silent" };
    let due_at = (event.deliver && !waits).then(|| event.at.get());
    let inserted = store
        .connection
        .prepare_cached(
            "INSERT INTO events (order_id, n, app, kind, created_at, state, due_at, body) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .and_then(|mut insert| {
            let body = pack::pack(event.body.as_bytes());
            insert.execute(params![order, event.n, app, event.kind, event.at.get(), state, due_at, body])
        });
    expect_rows(inserted, 1, "events")
}

fn has_pending(connection: &Connection, order: i64) -> Result<bool, StoreError> {
    let found = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM events WHERE order_id = ?1 AND state = 'pending')")
        .and_then(|mut select| select.query_row([order], |row| row.get(0)));
    found.map_err(failed)
}
