//! What is kept beside the books: exceptions, calls, unverified deliveries.

use std::collections::BTreeSet;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::Exception;
use rusqlite::{Connection, params};

use super::SqliteStore;
use super::open::failed;
use super::write::expect_rows;
use crate::store::{ApiLogRow, Solved, StoreError, UnverifiedRow, subject_of};

/// The detail of an exception grows with each further cause up to this.
const DETAIL_CHARS_MAX: i64 = 4_000;

/// One open exception for each kind and subject: another cause is added to its detail, the same is counted.
pub(super) fn open_exception(
    connection: &Connection,
    exception: &Exception,
    at: UnixMs,
) -> Result<(), StoreError> {
    open_about(connection, exception, &subject_of(exception), at)
}

/// The same about a subject of its own: of one order several may be open.
pub(super) fn open_about(
    connection: &Connection,
    exception: &Exception,
    subject: &str,
    at: UnixMs,
) -> Result<(), StoreError> {
    let opened = connection
        .prepare_cached(
            "INSERT INTO exceptions (kind, subject, order_id, detail, opened_at) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO UPDATE SET repeats = repeats + 1, \
             detail = CASE WHEN instr(detail, excluded.detail) > 0 OR length(detail) > ?6 THEN detail \
             ELSE detail || '; ' || excluded.detail END",
        )
        .and_then(|mut insert| {
            let order = exception.order.map(|order| order.get());
            insert.execute(params![
                exception.kind,
                subject,
                order,
                exception.detail,
                at.get(),
                DETAIL_CHARS_MAX
            ])
        });
    expect_rows(opened, 1, "exceptions")
}

/// Closes an exception that solved itself, if it is still open.
pub(super) fn solve(connection: &Connection, solved: &Solved) -> Result<(), StoreError> {
    close_about(connection, solved.exception.kind, &subject_of(&solved.exception), solved.note, solved.at)
}

/// The same by its subject.
pub(super) fn close_about(
    connection: &Connection,
    kind: &str,
    subject: &str,
    note: &str,
    at: UnixMs,
) -> Result<(), StoreError> {
    let closed = connection
        .prepare_cached(
            "UPDATE exceptions SET resolved_at = ?3, resolved_by = 'the service', note = ?4 \
             WHERE kind = ?1 AND subject = ?2 AND resolved_at IS NULL",
        )
        .and_then(|mut update| update.execute(params![kind, subject, at.get(), note]));
    closed.map(drop).map_err(failed)
}

pub(super) fn resolve(
    connection: &Connection,
    id: i64,
    by: &str,
    note: &str,
    at: UnixMs,
) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE exceptions SET resolved_at = ?2, resolved_by = ?3, note = ?4 WHERE id = ?1 AND resolved_at IS NULL",
        )
        .and_then(|mut update| update.execute(params![id, at.get(), by, note]));
    Ok(changed.map_err(failed)? == 1)
}

pub(super) fn insert_calls(store: &mut SqliteStore, calls: &[ApiLogRow]) -> Result<(), StoreError> {
    for call in calls {
        let app = store.app(call.app_id.as_str())?;
        let millis = i64::try_from(call.millis).unwrap_or(i64::MAX);
        let inserted = store
            .connection
            .prepare_cached(
                "INSERT INTO api_log (app, order_id, endpoint, at, millis, outcome, err_no, http_status, log_id, \
                 attempt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )
            .and_then(|mut insert| {
                insert.execute(params![
                    app,
                    call.order_id.map(|order| order.get()),
                    call.endpoint,
                    call.at.get(),
                    millis,
                    call.outcome,
                    call.err_no,
                    call.http_status,
                    call.log_id,
                    call.attempt
                ])
            });
        expect_rows(inserted, 1, "api_log")?;
    }
    Ok(())
}

/// Keeps the last deliveries of each app, and of each only the beginning.
pub(super) fn insert_unverified(connection: &Connection, rows: &[UnverifiedRow]) -> Result<(), StoreError> {
    let mut apps = BTreeSet::new();
    for row in rows {
        apps.insert(row.app.as_str());
        let body = &row.body[..row.body.len().min(UnverifiedRow::BODY_BYTES_MAX)];
        let inserted = connection
            .prepare_cached("INSERT INTO unverified (app, at, reason, body) VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut insert| insert.execute(params![row.app, row.at.get(), row.reason, body]));
        expect_rows(inserted, 1, "unverified")?;
    }
    for app in apps {
        connection
            .prepare_cached(
                "DELETE FROM unverified WHERE app = ?1 AND id <= \
                 (SELECT id FROM unverified WHERE app = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            )
            .and_then(|mut delete| delete.execute(params![app, UnverifiedRow::KEPT]))
            .map_err(failed)?;
    }
    Ok(())
}
