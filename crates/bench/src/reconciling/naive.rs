//! The obvious way: both sides in memory, then one against the other.

use std::collections::BTreeMap;
use std::path::Path;

use douyin_pay_protocol::ecpay::bill::{BillKind, BillReader, Row};
use rusqlite::Connection;

use super::books::{BILL, MIDNIGHT};

const DAY_MS: i64 = 86_400_000;

/// How many payments differ.
pub(super) fn reconcile(folder: &Path) -> anyhow::Result<u64> {
    let mut reader = BillReader::new(BillKind::Payment);
    reader.feed(&std::fs::read(folder.join(BILL))?);
    reader.finish();
    let mut theirs: BTreeMap<String, Row> = BTreeMap::new();
    while let Some(row) = reader.next_row() {
        let row = row?;
        let number = row.out_order_no.as_ref().map(ToString::to_string).unwrap_or_default();
        theirs.insert(number, row);
    }
    let books = Connection::open(folder.join("books.db"))?;
    let mut select = books
        .prepare("SELECT out_order_no, state, total_fen FROM orders WHERE paid_at >= ?1 AND paid_at < ?2")?;
    let rows = select.query_map([MIDNIGHT.get(), MIDNIGHT.plus_ms(DAY_MS).get()], |row| {
        Ok((row.get::<_, String>(0)?, (row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))
    })?;
    let ours: BTreeMap<String, (String, i64)> = rows.collect::<Result<_, _>>()?;
    let only_ours = ours.keys().filter(|number| !theirs.contains_key(*number)).count();
    let others = theirs.iter().filter(|(number, row)| {
        ours.get(*number)
            .is_none_or(|(state, fen)| state != "paid" || row.amount.map(|amount| amount.get()) != Some(*fen))
    });
    Ok(u64::try_from(only_ours + others.count())?)
}
