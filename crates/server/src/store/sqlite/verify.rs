//! The facts added up beside the stored orders: they must agree.

use douyin_pay_ledger::{OrderId, check_projection, fold};
use rusqlite::Connection;

use super::open::failed;
use super::{load, read};
use crate::store::{LoadKey, StoreError, Verified};

/// Looks at the next orders, all at the same moment.
pub(super) fn next(
    connection: &Connection,
    after: Option<OrderId>,
    limit: usize,
) -> Result<Verified, StoreError> {
    // One reading transaction: no batch gets in between an order and its facts.
    let moment = connection.unchecked_transaction().map_err(failed)?;
    let ids = read::order_ids(&moment, after, limit)?;
    let mut verified = Verified { last: ids.last().copied(), orders: ids.len(), ..Verified::default() };
    for id in ids {
        match one(&moment, id) {
            Ok(facts) => verified.facts += facts,
            Err(problem) => verified.problems.push((id, problem?)),
        }
    }
    Ok(verified)
}

/// How many facts the order has; fails with what does not fit, or because the database does.
fn one(connection: &Connection, id: OrderId) -> Result<usize, Result<String, StoreError>> {
    let sort = |cause: StoreError| match cause {
        StoreError::Corrupt { .. } => Ok(cause.to_string()),
        _ => Err(cause),
    };
    let stored = load::by_key(connection, &LoadKey::Id(id)).and_then(|loaded| loaded).map_err(sort)?;
    let stored = stored.ok_or_else(|| Ok("the order is gone".to_owned()))?;
    let facts = read::facts(connection, id).map_err(sort)?;
    let folded = fold(facts.iter().map(|row| (row.seq, &row.fact))).map_err(|cause| Ok(cause.to_string()))?;
    check_projection(&stored, &folded).map_err(|cause| Ok(cause.to_string()))?;
    Ok(facts.len())
}
