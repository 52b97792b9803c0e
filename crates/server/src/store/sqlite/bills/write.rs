//! Runs and differences written, each difference with its exception.

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::Exception;
use douyin_pay_protocol::ecpay::bill::BillKind;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::super::SqliteStore;
use super::super::open::failed;
use super::super::records::{close_about, open_about};
use super::super::write::expect_rows;
use super::words_of;
use crate::store::{BillRun, BillWrite, DifferenceType, NewDifference, Side, StoreError};

/// The kind of exception that a difference opens.
const BILL_DIFFERS: &str = "bill_differs";

pub(in super::super) fn write(store: &mut SqliteStore, one: &BillWrite) -> Result<(), StoreError> {
    match one {
        BillWrite::Run(run) => write_run(store, run),
        BillWrite::Found(found) => write_found(store, found),
        BillWrite::Asked { id, answer, at } => {
            let asked = store
                .connection
                .prepare_cached("UPDATE bill_differences SET asked_at = ?2, answer = ?3 WHERE id = ?1")
                .and_then(|mut update| update.execute(params![id, at.get(), answer]));
            expect_rows(asked, 1, "bill_differences")
        }
        BillWrite::Agrees { id, by, at } => agree(&store.connection, *id, by, *at),
        BillWrite::Swept { app_id, day, kind, merchants, run, at } => {
            let app = store.app(app_id.as_str())?;
            not_found_again(&store.connection, (app, *day, *kind), merchants.as_deref(), *run)?
                .into_iter()
                .try_for_each(|id| agree(&store.connection, id, "run", *at))
        }
        BillWrite::Edge { order, place, day } => {
            let place = place.map_or(-1, i64::from);
            let noted = store
                .connection
                .prepare_cached(
                    "INSERT INTO bill_edges (order_id, place, day) VALUES (?1, ?2, ?3) \
                     ON CONFLICT DO UPDATE SET day = excluded.day",
                )
                .and_then(|mut insert| insert.execute(params![order.get(), place, day.get()]));
            expect_rows(noted, 1, "bill_edges")
        }
    }
}

fn write_run(store: &mut SqliteStore, run: &BillRun) -> Result<(), StoreError> {
    let app = store.app(run.app_id.as_str())?;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let written = store
        .connection
        .prepare_cached(
            "INSERT INTO bill_runs (id, app, day, kinds, source, state, started_at, matched_at, finished_at, figures, \
             differences, left_out, to_ask, asked, problem) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, matched_at = excluded.matched_at, \
             finished_at = excluded.finished_at, figures = excluded.figures, differences = excluded.differences, \
             left_out = excluded.left_out, to_ask = excluded.to_ask, asked = excluded.asked, \
             problem = excluded.problem WHERE app = excluded.app AND started_at = excluded.started_at",
        )
        .and_then(|mut insert| {
            insert.execute(params![
                run.id,
                app,
                run.day.get(),
                words_of(&run.kinds),
                run.source,
                run.state.as_str(),
                run.started_at.get(),
                run.matched_at.map(UnixMs::get),
                run.finished_at.map(UnixMs::get),
                json(&run.figures),
                count(run.differences),
                count(run.left_out),
                count(run.to_ask),
                count(run.asked),
                run.problem,
            ])
        });
    expect_rows(written, 1, "bill_runs")
}

/// What is stored of a difference that is found again.
struct Known {
    id: i64,
    ours: Option<String>,
    theirs: Option<String>,
    resolved: bool,
}

/// The same figures again change nothing that a human sees; other figures, or a relapse, open the exception anew.
fn write_found(store: &mut SqliteStore, found: &NewDifference) -> Result<(), StoreError> {
    let app = store.app(found.app_id.as_str())?;
    let connection = &store.connection;
    let (ours, theirs) = (found.ours.as_ref().map(json), found.theirs.as_ref().map(json));
    let known = known(connection, app, found)?;
    let news = match known {
        Some(known) => {
            let news = known.resolved || known.ours != ours || known.theirs != theirs;
            let updated = connection
                .prepare_cached(
                    "UPDATE bill_differences SET day = ?2, run = ?3, order_id = ?4, out_order_no = ?5, ours = ?6, \
                     theirs = ?7, merchant_uid = ?10, found_at = CASE WHEN ?8 THEN ?9 ELSE found_at END, \
                     asked_at = CASE WHEN ?8 THEN NULL ELSE asked_at END, \
                     answer = CASE WHEN ?8 THEN NULL ELSE answer END, resolved_at = NULL, resolved_by = NULL \
                     WHERE id = ?1",
                )
                .and_then(|mut update| {
                    update.execute(params![
                        known.id,
                        found.day.get(),
                        found.run,
                        found.order.map(|order| order.get()),
                        found.out_order_no,
                        ours,
                        theirs,
                        news,
                        found.at.get(),
                        found.merchant_uid,
                    ])
                });
            expect_rows(updated, 1, "bill_differences")?;
            news
        }
        None => {
            let inserted = connection
                .prepare_cached(
                    "INSERT INTO bill_differences (app, kind, number, type, day, run, order_id, out_order_no, ours, \
                     theirs, found_at, merchant_uid) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                )
                .and_then(|mut insert| {
                    insert.execute(params![
                        app,
                        found.kind.as_str(),
                        found.number,
                        found.differs.as_str(),
                        found.day.get(),
                        found.run,
                        found.order.map(|order| order.get()),
                        found.out_order_no,
                        ours,
                        theirs,
                        found.at.get(),
                        found.merchant_uid,
                    ])
                });
            expect_rows(inserted, 1, "bill_differences")?;
            true
        }
    };
    if !news {
        return Ok(());
    }
    let exception = Exception { kind: BILL_DIFFERS, order: found.order, detail: sentence(found) };
    let subject = subject(app, found.kind.as_str(), &found.number, found.differs.as_str());
    open_about(connection, &exception, &subject, found.at)
}

fn known(connection: &Connection, app: i64, found: &NewDifference) -> Result<Option<Known>, StoreError> {
    let known = connection
        .prepare_cached(
            "SELECT id, ours, theirs, resolved_at IS NOT NULL FROM bill_differences \
             WHERE app = ?1 AND kind = ?2 AND number = ?3 AND type = ?4",
        )
        .and_then(|mut select| {
            let values = params![app, found.kind.as_str(), found.number, found.differs.as_str()];
            let known = |row: &rusqlite::Row<'_>| {
                Ok(Known { id: row.get(0)?, ours: row.get(1)?, theirs: row.get(2)?, resolved: row.get(3)? })
            };
            select.query_row(values, known).optional()
        });
    known.map_err(failed)
}

/// Resolves a difference, and its exception if nobody has.
fn agree(connection: &Connection, id: i64, by: &str, at: UnixMs) -> Result<(), StoreError> {
    let about = connection
        .prepare_cached(
            "UPDATE bill_differences SET resolved_at = ?2, resolved_by = ?3 WHERE id = ?1 AND resolved_at IS NULL \
             RETURNING app, kind, number, type",
        )
        .and_then(|mut update| {
            let text = |row: &rusqlite::Row<'_>, at: usize| row.get::<_, String>(at);
            update
                .query_row(params![id, at.get(), by], |row| {
                    Ok(subject(row.get(0)?, &text(row, 1)?, &text(row, 2)?, &text(row, 3)?))
                })
                .optional()
        })
        .map_err(failed)?;
    let Some(subject) = about else { return Ok(()) };
    let note = match by {
        "query" => "the platform's answer to a query agrees",
        _ => "a later run found that both sides agree",
    };
    close_about(connection, BILL_DIFFERS, &subject, note, at)
}

fn not_found_again(
    connection: &Connection,
    (app, day, kind): (i64, UnixMs, BillKind),
    merchants: Option<&[String]>,
    run: i64,
) -> Result<Vec<i64>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT id FROM bill_differences WHERE app = ?1 AND day = ?2 AND run <> ?3 AND resolved_at IS NULL \
             AND kind = ?4 AND (?5 IS NULL OR merchant_uid IN (SELECT value FROM json_each(?5)))",
        )
        .and_then(|mut select| {
            let values = params![app, day.get(), run, kind.as_str(), merchants.map(json)];
            let rows = select.query_map(values, |row| row.get(0));
            rows.and_then(Iterator::collect)
        });
    found.map_err(failed)
}

/// What about a difference makes its exception the same as an earlier one.
fn subject(app: i64, kind: &str, number: &str, differs: &str) -> String {
    format!("bill {app} {kind} {number} {differs}")
}

/// The difference in a sentence with both sides' figures and the next step.
fn sentence(found: &NewDifference) -> String {
    let day = found.day.beijing_text();
    let day = day.get(..10).unwrap_or(&day);
    let what = format!("{} `{}` of the bill of {day}", found.kind, found.number);
    let (ours, theirs) = (said(found.ours.as_ref()), said(found.theirs.as_ref()));
    match found.differs {
        DifferenceType::OursOnly => format!(
            "{what}: the books have it ({ours}), the bill does not; the bill may be late: run the reconciliation again, then ask the platform"
        ),
        DifferenceType::TheirsOnly if found.order.is_none() => format!(
            "{what}: the bill has it ({theirs}), the books know neither it nor its order; import the order with POST …/orders/import, then run again"
        ),
        DifferenceType::TheirsOnly => {
            format!(
                "{what}: the bill has it ({theirs}), the books do not; the platform is asked about it by its number"
            )
        }
        DifferenceType::Amount => {
            format!("{what}: the books say {ours}, the bill says {theirs}: the amounts differ")
        }
        DifferenceType::State => format!(
            "{what}: the books say {ours}, the bill says {theirs}: the states differ; the platform is asked about it"
        ),
        DifferenceType::Fee => {
            format!("{what}: the books say {ours}, the bill says {theirs}: fee or commission differ")
        }
    }
}

fn said(side: Option<&Side>) -> String {
    let Some(side) = side else { return "nothing".to_owned() };
    let mut words: Vec<String> = side.state.iter().cloned().collect();
    let figures = [("amount", side.amount_fen), ("fee", side.fee_fen), ("commission", side.commission_fen)];
    words.extend(figures.iter().filter_map(|(name, fen)| fen.map(|fen| format!("{name} {fen} fen"))));
    words.extend(side.shares.iter().map(|(uid, fen)| format!("share of {uid} {fen} fen")));
    words.join(", ")
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data with text keys")
}
