//! Runs and differences read.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::OrderId;
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::bill::BillKind;
use rusqlite::{Connection, Params, Row, Rows, params};
use serde_json::json;

use super::super::columns::Columns;
use super::super::open::failed;
use super::json_of;
use crate::store::{
    BillRun, Difference, DifferenceFilter, DifferenceType, NewDifference, RunState, StoreError,
};

macro_rules! select_runs {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, a.app_id, r.day, r.kinds, r.source, r.state, r.started_at, r.matched_at, r.finished_at, \
             r.figures, r.differences, r.left_out, r.to_ask, r.asked, r.problem FROM bill_runs r \
             JOIN apps a ON a.n = r.app ",
            $rest
        )
    };
}

pub(in super::super) fn run(connection: &Connection, id: i64) -> Result<Option<BillRun>, StoreError> {
    Ok(runs_of(connection, select_runs!("WHERE r.id = ?1"), [id])?.pop())
}

pub(in super::super) fn runs(
    connection: &Connection,
    app_id: &AppId,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<BillRun>, StoreError> {
    let newest = select_runs!("WHERE a.app_id = ?1 AND r.id < ?2 ORDER BY r.id DESC LIMIT ?3");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    runs_of(connection, newest, params![app_id.as_str(), before.unwrap_or(i64::MAX), limit])
}

pub(in super::super) fn last_run(connection: &Connection) -> Result<i64, StoreError> {
    let last = connection.query_row("SELECT coalesce(max(id), 0) FROM bill_runs", [], |row| row.get(0));
    last.map_err(failed)
}

/// Each of the merchants was in some run; nobody's name is in a list, so everybody needs a run without one.
const WAS_MATCHED: &str = "SELECT NOT EXISTS (SELECT 1 FROM json_each(?4) m WHERE NOT EXISTS (SELECT 1 FROM bill_runs r, \
    json_each(r.figures) f WHERE r.app = (SELECT n FROM apps WHERE app_id = ?1) AND r.day = ?2 \
    AND r.matched_at IS NOT NULL AND f.value ->> 'kind' = ?3 AND (f.value ->> 'merchants' IS NULL \
    OR EXISTS (SELECT 1 FROM json_each(f.value, '$.merchants') who WHERE who.value = m.value))))";

pub(in super::super) fn was_matched(
    connection: &Connection,
    app_id: &AppId,
    day: UnixMs,
    kind: BillKind,
    merchants: Option<&[String]>,
) -> Result<bool, StoreError> {
    let merchants = merchants.map_or_else(|| json!([""]), |merchants| json!(merchants)).to_string();
    let values = params![app_id.as_str(), day.get(), kind.as_str(), merchants];
    let found = connection
        .prepare_cached(WAS_MATCHED)
        .and_then(|mut select| select.query_row(values, |row| row.get(0)));
    found.map_err(failed)
}

fn runs_of(connection: &Connection, sql: &str, values: impl Params) -> Result<Vec<BillRun>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let mut rows = select.query(values).map_err(failed)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        runs.push(one_run(row)?);
    }
    Ok(runs)
}

fn one_run(row: &Row<'_>) -> Result<BillRun, StoreError> {
    let id: i64 = row.get(0).map_err(failed)?;
    let mut columns = Columns::new(row, "bill_runs", id, 1);
    Ok(BillRun {
        id,
        app_id: columns.parsed("app")?,
        day: columns.time("day")?,
        kinds: columns.words("kinds", |words| words.split(',').map(BillKind::of_word).collect())?,
        source: columns.words("source", |word| ["platform", "file"].into_iter().find(|one| *one == word))?,
        state: columns.words("state", RunState::of_word)?,
        started_at: columns.time("started_at")?,
        matched_at: columns.time_option("matched_at")?,
        finished_at: columns.time_option("finished_at")?,
        figures: columns.json("figures")?.unwrap_or_default(),
        differences: columns.count("differences")?,
        left_out: columns.count("left_out")?,
        to_ask: columns.count("to_ask")?,
        asked: columns.count("asked")?,
        problem: columns.raw("problem")?,
    })
}

/// What a filter lets through; the same for pages and counts, however the rows are found.
macro_rules! filtered {
    ($head:literal, $found:literal, $rest:literal) => {
        concat!(
            $head,
            " FROM bill_differences d ",
            $found,
            " AND d.id > ?2 AND (?4 IS NULL OR d.kind IN (SELECT value FROM json_each(?4))) \
             AND (?5 IS NULL OR d.type = ?5) AND (?6 = 0 OR d.resolved_at IS NULL) \
             AND (?7 = 0 OR d.order_id IS NOT NULL) AND (?8 = 0 OR d.asked_at IS NULL) \
             AND (?9 IS NULL OR d.asked_at < ?9) ",
            $rest
        )
    };
}

/// The statements of one look: by the day, else the open ones, else all of an app.
macro_rules! statements {
    ($head:literal, $rest:literal) => {
        [
            filtered!(
                $head,
                "INDEXED BY bill_differences_day WHERE d.app = (SELECT n FROM apps WHERE app_id = ?1) AND d.day = ?3",
                $rest
            ),
            filtered!(
                $head,
                "INDEXED BY bill_differences_open WHERE d.app = (SELECT n FROM apps WHERE app_id = ?1) \
                 AND d.resolved_at IS NULL AND ?3 IS NULL",
                $rest
            ),
            filtered!(
                $head,
                "WHERE d.app = (SELECT n FROM apps WHERE app_id = ?1) AND ?3 IS NULL",
                $rest
            ),
        ]
    };
}

const PAGES: [&str; 3] = statements!(
    "SELECT d.id, (SELECT app_id FROM apps WHERE n = d.app), d.kind, d.number, d.type, d.day, d.run, d.order_id, \
     d.out_order_no, d.merchant_uid, d.ours, d.theirs, d.found_at, d.asked_at, d.answer, d.resolved_at, d.resolved_by",
    "ORDER BY d.id LIMIT ?10"
);
const COUNTS: [&str; 3] = statements!("SELECT count(*)", "AND ?10 >= 0");

/// Lets `read` look through what a filter finds.
fn found<T>(
    connection: &Connection,
    statements: [&str; 3],
    filter: &DifferenceFilter,
    read: impl FnOnce(&mut Rows<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let [of_day, open, all] = statements;
    let sql = match filter {
        DifferenceFilter { day: Some(_), .. } => of_day,
        DifferenceFilter { open_only: true, .. } => open,
        _ => all,
    };
    let mut select = connection.prepare_cached(sql).map_err(failed)?;
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
    let kinds = (!filter.kinds.is_empty()).then(|| json_of(&filter.kinds));
    let mut rows = select
        .query(params![
            filter.app_id.as_str(),
            filter.after,
            filter.day.map(UnixMs::get),
            kinds,
            filter.differs.map(DifferenceType::as_str),
            filter.open_only,
            filter.askable_only,
            filter.unasked_only,
            filter.asked_before.map(UnixMs::get),
            limit
        ])
        .map_err(failed)?;
    read(&mut rows)
}

pub(in super::super) fn differences(
    connection: &Connection,
    filter: &DifferenceFilter,
) -> Result<Vec<Difference>, StoreError> {
    found(connection, PAGES, filter, |rows| {
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            found.push(difference(row)?);
        }
        Ok(found)
    })
}

pub(in super::super) fn count(connection: &Connection, filter: &DifferenceFilter) -> Result<u64, StoreError> {
    let counted = found(connection, COUNTS, filter, |rows| {
        let counted = rows.next().map_err(failed)?.map(|row| row.get::<_, i64>(0)).transpose();
        counted.map_err(failed)
    })?;
    Ok(counted.and_then(|counted| u64::try_from(counted).ok()).unwrap_or(0))
}

fn difference(row: &Row<'_>) -> Result<Difference, StoreError> {
    let id: i64 = row.get(0).map_err(failed)?;
    let mut columns = Columns::new(row, "bill_differences", id, 1);
    let (app_id, kind) = (columns.parsed("app")?, columns.words("kind", BillKind::of_word)?);
    let number = columns.raw("number")?;
    let differs = columns.words("type", DifferenceType::of_word)?;
    let (day, run) = (columns.time("day")?, columns.raw("run")?);
    let order: Option<i64> = columns.raw("order_id")?;
    let order = order.map(OrderId::from_i64).transpose();
    let order = order.map_err(|cause| columns.corrupt("order_id", &cause))?;
    let (out_order_no, merchant_uid) = (columns.raw("out_order_no")?, columns.raw("merchant_uid")?);
    let (ours, theirs) = (columns.json("ours")?, columns.json("theirs")?);
    let at = columns.time("found_at")?;
    Ok(Difference {
        id,
        found: NewDifference {
            app_id,
            kind,
            number,
            differs,
            day,
            run,
            order,
            out_order_no,
            merchant_uid,
            ours,
            theirs,
            at,
        },
        asked_at: columns.time_option("asked_at")?,
        answer: columns.raw("answer")?,
        resolved_at: columns.time_option("resolved_at")?,
        resolved_by: columns.raw("resolved_by")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::steps;
    use super::{COUNTS, PAGES, WAS_MATCHED};

    #[test]
    fn differences_are_found_by_an_index() {
        for statements in [PAGES, COUNTS] {
            for (sql, found_by) in statements.into_iter().zip([
                "d USING INDEX bill_differences_day (app=? AND day=? AND rowid>?)",
                "d USING INDEX bill_differences_open (app=? AND rowid>?)",
            ]) {
                let steps = steps(sql);
                assert!(steps.iter().any(|step| step.contains(found_by)), "{sql}: {steps:?}");
                assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{sql}: {steps:?}");
            }
        }
        let steps = steps(WAS_MATCHED);
        assert!(steps.iter().any(|step| step.contains("bill_runs_day (app=? AND day=?)")), "{steps:?}");
    }
}
