//! Orders found by their numbers, with everything that hangs off them.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Order, OrderId};
use rusqlite::{Connection, OptionalExtension, Params};

use super::columns::{self, OPERATION, ORDER};
use super::open::failed;
use crate::store::{LoadKey, Loaded, StoreError, Stranded};

/// The order that `key` leads to. Only a failing database fails the whole; a bad row fails its key.
pub(super) fn by_key(connection: &Connection, key: &LoadKey) -> Result<Loaded, StoreError> {
    let loaded = match key {
        LoadKey::Id(id) => find(connection, "o.id = ?1", [id.get()]),
        LoadKey::Order(app, number) => {
            find(connection, "a.app_id = ?1 AND o.out_order_no = ?2", (app.as_str(), number.as_str()))
        }
        LoadKey::Operation(app, kind, number) => find(
            connection,
            "o.id = (SELECT order_id FROM operations WHERE app = (SELECT n FROM apps WHERE app_id = ?1) AND kind = ?2 AND out_no = ?3)",
            (app.as_str(), kind.as_str(), number.as_str()),
        ),
        LoadKey::Platform(app, number) => {
            find(connection, "o.platform_order_id = ?2 AND a.app_id = ?1", (app.as_str(), number.as_str()))
        }
    };
    match loaded {
        Ok(order) => Ok(Ok(order)),
        Err(corrupt @ StoreError::Corrupt { .. }) => Ok(Err(corrupt)),
        Err(cause) => Err(cause),
    }
}

fn find(connection: &Connection, condition: &str, values: impl Params) -> Result<Option<Order>, StoreError> {
    // `CROSS JOIN` keeps the order of the tables: the app first, then the narrow index on (app, number).
    let tables =
        if condition.starts_with("a.") { "apps a CROSS JOIN orders o" } else { "orders o JOIN apps a" };
    let sql = format!("SELECT {ORDER} FROM {tables} ON a.n = o.app WHERE {condition}");
    let mut select = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
    let mut order = columns::order(row)?;
    add_operations(connection, &mut order)?;
    Ok(Some(order))
}

pub(super) fn add_operations(connection: &Connection, order: &mut Order) -> Result<(), StoreError> {
    let sql = const_format_operations();
    let mut select = connection.prepare_cached(&sql).map_err(failed)?;
    let mut rows = select.query([order.id.get()]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        order.operations.push(columns::operation(row, order.id)?);
    }
    Ok(())
}

fn const_format_operations() -> String {
    format!("SELECT {OPERATION} FROM operations WHERE order_id = ?1 ORDER BY position")
}

/// Orders that a statement selects with the columns of [`ORDER`].
pub(super) fn many(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> Result<Vec<Order>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    let mut orders = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        orders.push(columns::order(row)?);
    }
    for order in &mut orders {
        add_operations(connection, order)?;
    }
    Ok(orders)
}

pub(super) fn stranded(
    connection: &Connection,
    app_id: &str,
    kind: &str,
    number: &str,
) -> Result<Vec<Stranded>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT id, received_at, body FROM callbacks WHERE verdict = 'unknown_number' AND kind = ?2 AND number = ?3 \
             AND app = (SELECT n FROM apps WHERE app_id = ?1) ORDER BY id",
        )
        .map_err(failed)?;
    let rows = select.query_map((app_id, kind, number), |row| {
        Ok(Stranded { id: row.get(0)?, received_at: UnixMs::new(row.get(1)?), body: row.get(2)? })
    });
    rows.and_then(Iterator::collect).map_err(failed)
}

pub(super) fn first_seen(
    connection: &Connection,
    app_id: &str,
    kind: &str,
    number: &str,
) -> Result<Option<UnixMs>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT min(received_at) FROM callbacks WHERE verdict = 'unknown_number' AND kind = ?2 AND number = ?3 \
             AND app = (SELECT n FROM apps WHERE app_id = ?1)",
        )
        .and_then(|mut select| select.query_row((app_id, kind, number), |row| row.get::<_, Option<i64>>(0)));
    Ok(found.map_err(failed)?.map(UnixMs::new))
}

pub(super) fn quarantined(connection: &Connection) -> Result<Vec<OrderId>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT order_id FROM exceptions WHERE kind = ?1 AND resolved_at IS NULL AND order_id IS NOT NULL")
        .map_err(failed)?;
    let rows = select.query_map([Exception::QUARANTINED], |row| row.get::<_, i64>(0)).map_err(failed)?;
    let ids: Vec<i64> = rows.collect::<Result<_, _>>().map_err(failed)?;
    Ok(ids.into_iter().filter_map(|id| OrderId::from_i64(id).ok()).collect())
}

/// The short number of an app that may not be known.
pub(super) fn app_number(connection: &Connection, app_id: &str) -> Result<Option<i64>, StoreError> {
    let found = connection
        .prepare_cached("SELECT n FROM apps WHERE app_id = ?1")
        .and_then(|mut select| select.query_row([app_id], |row| row.get(0)).optional());
    found.map_err(failed)
}
