//! Orders found by their numbers, with everything that hangs off them.

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Order, OrderId};
use rusqlite::{Connection, OptionalExtension, Params};

use super::columns::{self, SELECT_OPERATIONS, select_orders};
use super::open::failed;
use crate::store::{About, LoadKey, Loaded, StoreError, Stranded, pack};

const BY_ID: &str = select_orders!("FROM orders o WHERE o.id = ?1");
const BY_NUMBER: &str = select_orders!(
    "FROM orders o WHERE o.app = (SELECT n FROM apps WHERE app_id = ?1) AND o.out_order_no = ?2"
);
const BY_OPERATION: &str = select_orders!(
    "FROM orders o WHERE o.id = (SELECT order_id FROM operations WHERE kind = ?2 AND out_no = ?3 "
    "AND app = (SELECT n FROM apps WHERE app_id = ?1))"
);
const BY_PLATFORM: &str = select_orders!(
    "FROM orders o WHERE o.platform_order_id = ?2 || '' AND o.app = (SELECT n FROM apps WHERE app_id = ?1) "
    "ORDER BY o.id LIMIT 1"
);

/// The order that `key` leads to. Only a failing database fails the whole; a bad row fails its key.
pub(super) fn by_key(connection: &Connection, key: &LoadKey) -> Result<Loaded, StoreError> {
    let found = match key {
        LoadKey::Id(id) => one(connection, BY_ID, [id.get()]),
        LoadKey::Order(app, number) => one(connection, BY_NUMBER, (app.as_str(), number.as_str())),
        LoadKey::Operation(app, kind, number) => {
            one(connection, BY_OPERATION, (app.as_str(), kind.as_str(), number.as_str()))
        }
        LoadKey::Platform(app, number) => one(connection, BY_PLATFORM, (app.as_str(), number.as_str())),
    };
    match found {
        Err(corrupt @ StoreError::Corrupt { .. }) => Ok(Err(corrupt)),
        Err(cause) => Err(cause),
        Ok(order) => Ok(Ok(order)),
    }
}

fn one(connection: &Connection, sql: &str, values: impl Params) -> Result<Option<Order>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    rows.next().map_err(failed)?.map(|row| complete(connection, columns::order(row)?)).transpose()
}

/// The first orders that a statement made with [`select_orders`] finds. A bad row does not spoil the others.
pub(super) fn many(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    limit: usize,
) -> Result<Vec<Result<Order, StoreError>>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    let mut orders = Vec::new();
    while orders.len() < limit
        && let Some(row) = rows.next().map_err(failed)?
    {
        match columns::order(row).and_then(|found| complete(connection, found)) {
            Err(cause) if !matches!(cause, StoreError::Corrupt { .. }) => return Err(cause),
            order => orders.push(order),
        }
    }
    Ok(orders)
}

/// Adds the operations. Their number is kept with the order: none may be missing.
fn complete(connection: &Connection, (mut order, count): (Order, usize)) -> Result<Order, StoreError> {
    if count == 0 {
        return Ok(order);
    }
    let mut select = connection.prepare_cached(SELECT_OPERATIONS).map_err(failed)?;
    let mut rows = select.query([order.id.get()]).map_err(failed)?;
    order.operations.reserve_exact(count);
    while let Some(row) = rows.next().map_err(failed)? {
        order.operations.push(columns::operation(row, order.id)?);
    }
    if order.operations.len() == count {
        order.refresh();
        return Ok(order);
    }
    Err(StoreError::Corrupt {
        table: "orders",
        column: "operations",
        id: order.id.get(),
        problem: format!("{count} expected, {} found", order.operations.len()),
        order: Some(order.id),
    })
}

pub(super) fn stranded(connection: &Connection, about: &[About]) -> Result<Vec<Stranded>, StoreError> {
    // Callbacks about one unknown thing are few; of more than a hundred the rest is left for a human.
    let mut select = connection
        .prepare_cached(
            "SELECT c.id, c.kind, c.number, c.received_at, c.body FROM stranded s \
             CROSS JOIN callbacks c ON c.id = s.callback WHERE s.app = (SELECT n FROM apps WHERE app_id = ?1) \
             AND s.about = ?2 || '' ORDER BY s.callback LIMIT 100",
        )
        .map_err(failed)?;
    let mut stranded = Vec::new();
    for about in about {
        let values = (about.app_id.as_str(), about.what.as_str());
        let mut rows = select.query(values).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            stranded.push(stranded_row(row, about).map_err(failed)?);
        }
    }
    Ok(stranded)
}

fn stranded_row(row: &rusqlite::Row<'_>, about: &About) -> rusqlite::Result<Stranded> {
    let packed = row.get_ref(4)?.as_blob()?;
    Ok(Stranded {
        about: about.clone(),
        id: row.get(0)?,
        kind: row.get(1)?,
        number: row.get(2)?,
        received_at: UnixMs::new(row.get(3)?),
        // A body that cannot be unpacked is told again as an empty one: unreadable, and seen by a human.
        body: pack::unpack(packed).map(Bytes::from).unwrap_or_default(),
    })
}

pub(super) fn quarantined(connection: &Connection) -> Result<Vec<OrderId>, StoreError> {
    let mut select = connection
        .prepare_cached(
            "SELECT order_id FROM exceptions WHERE kind = ?1 AND resolved_at IS NULL AND order_id IS NOT NULL",
        )
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

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, StatementStatus};

    use super::super::open::MIGRATIONS;
    use super::{BY_ID, BY_NUMBER, BY_OPERATION, BY_PLATFORM, SELECT_OPERATIONS};

    #[test]
    fn no_lookup_is_planned_twice() {
        let books = Connection::open_in_memory().expect("a database");
        MIGRATIONS.iter().for_each(|step| books.execute_batch(step).expect("the tables"));
        for sql in [BY_ID, BY_NUMBER, BY_OPERATION, BY_PLATFORM, SELECT_OPERATIONS] {
            for round in 0..3 {
                let mut select = books.prepare_cached(sql).expect("a statement");
                for place in 1..=select.parameter_count() {
                    select.raw_bind_parameter(place, format!("{round} {place}")).expect("bound");
                }
                assert!(select.raw_query().next().expect("it runs").is_none());
                assert_eq!(select.get_status(StatementStatus::RePrepare), 0, "{sql}");
            }
        }
    }
}
