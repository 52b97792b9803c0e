//! Our side of a bill: payments and operations, narrow rows only.

use douyin_pay_ledger::{OrderId, Share};
use douyin_pay_protocol::AppId;
use rusqlite::{Connection, Params, Row, params};

use super::super::columns::Columns;
use super::super::load::app_number;
use super::super::open::failed;
use crate::store::{BillKey, DonePage, Found, OurState, Ours, PaidAmong, PaidPage, Span, StoreError};

/// When an order was paid; if the platform did not tell, when that was learned.
macro_rules! paid_at {
    () => {
        "coalesce(o.paid_at, CASE WHEN o.state = 'paid' THEN coalesce((SELECT e.created_at FROM events e \
         WHERE e.order_id = o.id AND e.kind = 'order.paid' ORDER BY e.n LIMIT 1), o.created_at) END)"
    };
}

/// When an operation ended; if the platform did not tell of one that succeeded, when that was learned.
macro_rules! finished_at {
    () => {
        "coalesce(p.finished_at, CASE WHEN p.state = 'succeeded' THEN coalesce((SELECT min(e.created_at) FROM events e \
         WHERE e.order_id = p.order_id AND e.kind IN (p.kind || '.succeeded', p.kind || '.automatic') \
         AND e.created_at >= p.requested_at), p.requested_at) END)"
    };
}

macro_rules! select_payments {
    ($($rest:expr),+) => {
        concat!(
            "SELECT o.id, o.out_order_no, o.state, o.total_fen, ", paid_at!(),
            ", o.seller_uid, o.platform_order_id FROM orders o ",
            $($rest),+
        )
    };
}

macro_rules! select_operations {
    ($($rest:expr),+) => {
        concat!(
            "SELECT p.order_id, p.position, o.out_order_no, p.out_no, p.state, coalesce(p.settle_amount_fen, p.amount_fen), \
             p.rake_fen, p.commission_fen, p.shares, ", finished_at!(),
            ", o.seller_uid, p.platform_no, p.origin = 'merchant' ",
            $($rest),+
        )
    };
}

const PAYMENT_BY_NUMBER: &str = select_payments!("WHERE o.app = ?1 AND o.out_order_no = ?2 || ''");
const PAYMENT_BY_PLATFORM: &str =
    select_payments!("WHERE o.platform_order_id = ?2 || '' AND o.app = ?1 ORDER BY o.id LIMIT 1");
const OPERATION_BY_NUMBER: &str = select_operations!(
    "FROM operations p JOIN orders o ON o.id = p.order_id WHERE p.app = ?1 AND p.kind = ?2 AND p.out_no = ?3 || ''"
);
/// Within its order: an order has few.
const OPERATION_OF_ORDER: &str = select_operations!(
    "FROM operations p JOIN orders o ON o.id = p.order_id WHERE p.order_id = ?1 + 0 AND p.kind = ?2 \
     AND p.platform_no = ?3 ORDER BY p.position LIMIT 1"
);
const ORDER_BY_NUMBER: &str = "SELECT id FROM orders WHERE app = ?1 AND out_order_no = ?2 || ''";

pub(in super::super) fn sides(
    connection: &Connection,
    app_id: &AppId,
    keys: &[BillKey],
) -> Result<Vec<Found>, StoreError> {
    let Some(app) = app_number(connection, app_id.as_str())? else {
        return Ok(vec![Found::Nothing; keys.len()]);
    };
    keys.iter().map(|key| side(connection, app, key)).collect()
}

fn side(connection: &Connection, app: i64, key: &BillKey) -> Result<Found, StoreError> {
    let ours = |found: Option<Ours>| found.map_or(Found::Nothing, |ours| Found::Ours(Box::new(ours)));
    match key {
        BillKey::Payment { out_order_no: Some(number), .. } => {
            one(connection, PAYMENT_BY_NUMBER, (app, number), payment).map(ours)
        }
        BillKey::Payment { platform_no: Some(number), .. } => {
            one(connection, PAYMENT_BY_PLATFORM, (app, number), payment).map(ours)
        }
        BillKey::Payment { .. } => Ok(Found::Nothing),
        BillKey::Operation { kind, out_no, platform_no, out_order_no } => {
            if let Some(out_no) = out_no
                && let Some(found) =
                    one(connection, OPERATION_BY_NUMBER, (app, kind.as_str(), out_no), operation)?
            {
                return Ok(Found::Ours(Box::new(found)));
            }
            let Some(number) = out_order_no else { return Ok(Found::Nothing) };
            let Some(order) = one(connection, ORDER_BY_NUMBER, (app, number), order_id)? else {
                return Ok(Found::Nothing);
            };
            // A bill has one column for a settlement's number, and nobody says whose it is.
            for theirs in platform_no.iter().chain(out_no) {
                let values = (order.get(), kind.as_str(), theirs);
                if let Some(found) = one(connection, OPERATION_OF_ORDER, values, operation)? {
                    return Ok(Found::Ours(Box::new(found)));
                }
            }
            Ok(Found::OrderOnly(order))
        }
    }
}

/// What is the same for every page of payments.
macro_rules! paid_page {
    ($among:literal, $paid_at:expr) => {
        select_payments!(
            $among,
            " AND o.id > ?1 AND o.id < ?2 AND +o.app = ?3 AND o.state = 'paid' AND ",
            $paid_at,
            " >= ?4 AND ",
            $paid_at,
            " < ?5 AND (?6 = 0 OR o.system = 'ecpay') AND json_extract(o.trade, '$.currency') IS NULL \
             ORDER BY o.id LIMIT ?7"
        )
    };
}

/// Ids begin with the time of creation, so the primary key leads to the orders of a span. The `+` keeps SQLite from
/// walking through all orders of the app instead, which is what it would do with the index of their numbers.
const PAID_PAGE: &str = paid_page!(
    "WHERE o.imported = 0 AND o.paid_at BETWEEN o.created_at - 1800000 AND o.created_at + 172800000",
    "o.paid_at"
);
const PAID_ODDLY: &str = paid_page!(
    "INDEXED BY orders_paid_oddly \
     WHERE (o.imported = 1 OR o.paid_at NOT BETWEEN o.created_at - 1800000 AND o.created_at + 172800000)",
    "o.paid_at"
);
const PAID_UNTOLD: &str =
    paid_page!("INDEXED BY orders_paid_untold WHERE o.state = 'paid' AND o.paid_at IS NULL", paid_at!());

pub(in super::super) fn paid_page(connection: &Connection, page: &PaidPage) -> Result<Vec<Ours>, StoreError> {
    let Some(app) = app_number(connection, page.app_id.as_str())? else { return Ok(Vec::new()) };
    let (sql, first, last) = match page.among {
        PaidAmong::Created(span) => {
            (PAID_PAGE, OrderId::new(span.from, 0).get() - 1, OrderId::new(span.to, 0).get())
        }
        PaidAmong::Odd => (PAID_ODDLY, -1, i64::MAX),
        PaidAmong::Untold => (PAID_UNTOLD, -1, i64::MAX),
    };
    let after = page.after.map_or(first, |order| order.get().max(first));
    let (from, to) = (page.paid.from.get(), page.paid.to.get());
    let values = params![after, last, app, from, to, page.ecpay_only, rows(page.limit)];
    many(connection, sql, values, payment)
}

const DONE_PAGE: &str = select_operations!(
    "FROM operations p INDEXED BY operations_finished CROSS JOIN orders o ON o.id = p.order_id \
     WHERE p.finished_at IS NOT NULL AND p.finished_at >= ?1 AND p.finished_at < ?2 \
     AND (p.finished_at, p.order_id, p.position) > (?3, ?4, ?5) AND p.app = ?6 AND p.kind = ?7 \
     AND p.state = 'succeeded' AND (?8 = 0 OR o.system = 'ecpay') AND json_extract(o.trade, '$.currency') IS NULL \
     ORDER BY p.finished_at, p.order_id, p.position LIMIT ?9"
);
const DONE_UNTOLD: &str = select_operations!(
    "FROM operations p INDEXED BY operations_untold CROSS JOIN orders o ON o.id = p.order_id \
     WHERE p.state = 'succeeded' AND p.finished_at IS NULL AND p.kind <> 'fulfilment' AND ",
    finished_at!(),
    " >= ?1 AND ",
    finished_at!(),
    " < ?2 AND ?3 <> 0 AND (p.order_id, p.position) > (?4, ?5) AND p.app = ?6 AND p.kind = ?7 \
     AND (?8 = 0 OR o.system = 'ecpay') AND json_extract(o.trade, '$.currency') IS NULL \
     ORDER BY p.order_id, p.position LIMIT ?9"
);

pub(in super::super) fn done_page(connection: &Connection, page: &DonePage) -> Result<Vec<Ours>, StoreError> {
    let Some(app) = app_number(connection, page.app_id.as_str())? else { return Ok(Vec::new()) };
    let before_all = (i64::MIN, -1, -1);
    let (at, order, place) =
        page.after.map_or(before_all, |(at, order, place)| (at.get(), order.get(), i64::from(place)));
    let (from, to, kind) = (page.done.from.get(), page.done.to.get(), page.kind.as_str());
    let values = params![from, to, at, order, place, app, kind, page.ecpay_only, rows(page.limit)];
    many(connection, if page.untold { DONE_UNTOLD } else { DONE_PAGE }, values, operation)
}

const SELLERS: &str = "SELECT seller_uid FROM orders WHERE id >= ?1 AND id < ?2 AND +app = ?3 AND seller_uid <> '' \
             AND system = 'ecpay' UNION \
             SELECT o.seller_uid FROM orders o INDEXED BY orders_paid_oddly \
             WHERE (o.imported = 1 OR o.paid_at NOT BETWEEN o.created_at - 1800000 AND o.created_at + 172800000) \
             AND o.paid_at >= ?4 AND o.paid_at < ?5 AND +o.app = ?3 AND o.seller_uid <> '' AND o.system = 'ecpay' UNION \
             SELECT o.seller_uid FROM operations p INDEXED BY operations_finished CROSS JOIN orders o ON o.id = p.order_id \
             WHERE p.finished_at IS NOT NULL AND p.finished_at >= ?4 AND p.finished_at < ?5 AND p.app = ?3 \
             AND o.seller_uid <> '' AND o.system = 'ecpay' ORDER BY 1 LIMIT ?6";

pub(in super::super) fn sellers(
    connection: &Connection,
    app_id: &AppId,
    created: Span,
    done: Span,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let Some(app) = app_number(connection, app_id.as_str())? else { return Ok(Vec::new()) };
    let mut select = connection.prepare_cached(SELLERS).map_err(failed)?;
    let ids = [created.from, created.to].map(|at| OrderId::new(at, 0).get());
    let values = params![ids[0], ids[1], app, done.from.get(), done.to.get(), rows(limit)];
    select.query_map(values, |row| row.get(0)).and_then(Iterator::collect).map_err(failed)
}

pub(in super::super) fn on_an_edge(
    connection: &Connection,
    of: &[(OrderId, Option<u32>)],
) -> Result<Vec<bool>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM bill_edges WHERE order_id = ?1 AND place = ?2)")
        .map_err(failed)?;
    let one = |(order, place): &(OrderId, Option<u32>)| {
        let place = place.map_or(-1, i64::from);
        select.query_row((order.get(), place), |row| row.get(0)).map_err(failed)
    };
    of.iter().map(one).collect()
}

fn one<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    rows.next().map_err(failed)?.map(read).transpose()
}

fn many(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> Result<Ours, StoreError>,
) -> Result<Vec<Ours>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn order_id(row: &Row<'_>) -> Result<OrderId, StoreError> {
    let id: i64 = row.get(0).map_err(failed)?;
    OrderId::from_i64(id).map_err(|cause| Columns::new(row, "orders", id, 1).corrupt("id", &cause))
}

fn payment(row: &Row<'_>) -> Result<Ours, StoreError> {
    let order = order_id(row)?;
    let mut columns = Columns::new(row, "orders", order.get(), 1).of_order(Some(order));
    let out_order_no = columns.text("out_order_no")?.unwrap_or_default();
    Ok(Ours {
        order,
        place: None,
        number: out_order_no.clone(),
        out_order_no,
        state: OurState::Order(columns.parsed("state")?),
        asked_here: true,
        amount: columns.fen("total_fen")?,
        fee: None,
        commission: None,
        shares: Vec::new(),
        at: columns.time_option("paid_at")?,
        seller_uid: columns.text("seller_uid")?,
        platform_no: columns.text("platform_order_id")?,
    })
}

fn operation(row: &Row<'_>) -> Result<Ours, StoreError> {
    let order = order_id(row)?;
    let mut columns = Columns::new(row, "operations", order.get(), 1).of_order(Some(order));
    let ours = Ours {
        order,
        place: Some(columns.raw("position")?),
        out_order_no: columns.text("out_order_no")?.unwrap_or_default(),
        number: columns.text("out_no")?.unwrap_or_default(),
        state: OurState::Operation(columns.parsed("state")?),
        asked_here: false,
        amount: columns.fen("amount_fen")?,
        fee: columns.fen_option("rake_fen")?,
        commission: columns.fen_option("commission_fen")?,
        shares: columns
            .json::<Vec<Share>>("shares")?
            .unwrap_or_default()
            .into_iter()
            .map(|share| (share.merchant_uid, share.amount))
            .collect(),
        at: columns.time_option("finished_at")?,
        seller_uid: columns.text("seller_uid")?,
        platform_no: columns.text("platform_no")?,
    };
    Ok(Ours { asked_here: columns.raw("origin")?, ..ours })
}

/// A limit as SQLite takes it.
fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::tests::steps;
    use super::{DONE_PAGE, DONE_UNTOLD, PAID_ODDLY, PAID_PAGE, PAID_UNTOLD, SELLERS};
    use crate::store::PAID_WITHIN_MS;

    #[test]
    fn a_day_is_found_without_walking_through_all_orders() {
        for (sql, found_by) in [
            (PAID_PAGE, "SEARCH o USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            (PAID_ODDLY, "SEARCH o USING INDEX orders_paid_oddly (paid_at>? AND paid_at<?"),
            (PAID_UNTOLD, "SEARCH o USING INDEX orders_paid_untold (state=? AND rowid>? AND rowid<?)"),
            (DONE_PAGE, "SEARCH p USING INDEX operations_finished"),
            (DONE_UNTOLD, "p USING INDEX operations_untold"),
            (SELLERS, "SEARCH orders USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            (SELLERS, "SEARCH o USING INDEX orders_paid_oddly (paid_at>? AND paid_at<?"),
        ] {
            let steps = steps(sql);
            assert!(steps.iter().any(|step| step.contains(found_by)), "{sql}: {steps:?}");
        }
        assert!(PAID_PAGE.contains(&format!("o.created_at + {PAID_WITHIN_MS}")), "the figure of the index");
    }
}
