//! Opening a database file: settings, migrations, and clear words when it does not work.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::lock::beside;
use crate::store::StoreError;

/// Numbered steps; a database remembers the last one it took in `user_version`.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_books.sql"),
    include_str!("../../../migrations/sqlite/0002_given_up_and_imported.sql"),
    include_str!("../../../migrations/sqlite/0003_trade.sql"),
    include_str!("../../../migrations/sqlite/0004_returns.sql"),
    include_str!("../../../migrations/sqlite/0005_bills.sql"),
];

/// Another process may hold the write lock for a moment, such as a backup.
pub(super) const BUSY: Duration = Duration::from_secs(5);
const BUSY_CHECKPOINT: Duration = Duration::from_millis(100);
/// The statements that the writer and a reader repeat.
const STATEMENTS_CACHED: usize = 64;

const READ_ONLY: &str =
    "the file is read-only; give the service's user write permission on it and its folder";

/// Makes the folder of a database.
pub(super) fn make_folder(path: &Path) -> Result<(), StoreError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|cause| {
            StoreError::Unavailable(format!(
                "the folder {} cannot be made ({cause}); make it, or choose another",
                folder.display()
            ))
        })?;
    }
    Ok(())
}

pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection =
        connect(path, OpenFlags::SQLITE_OPEN_CREATE).map_err(|cause| opening(path, cause))?;
    settle(&connection).map_err(|cause| opening(path, cause))?;
    // Automatic checkpoints would stall the writer; a helper does them.
    let settings = "PRAGMA synchronous = FULL; PRAGMA cache_size = -32000;";
    connection.execute_batch(settings).map_err(|cause| opening(path, cause))?;
    if connection.is_readonly("main").map_err(|cause| opening(path, cause))? {
        return Err(refused(path, READ_ONLY));
    }
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|cause| opening(path, cause))?;
    if mode != "wal" {
        return Err(refused(path, "it cannot keep a write-ahead log here; put it on a local disk"));
    }
    migrate(&mut connection, path)?;
    Ok(connection)
}

/// A connection that reads what is committed, as it comes.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::empty()).map_err(|cause| opening(path, cause))?;
    settle(&connection).map_err(|cause| opening(path, cause))?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4000;")
        .map_err(|cause| opening(path, cause))?;
    Ok(connection)
}

/// A connection that reads a database on a disk that takes nothing more: as it was left, without its log.
pub(super) fn frozen_reader(path: &Path) -> Result<Connection, StoreError> {
    let log = std::fs::metadata(beside(path, "-wal")).map_or(0, |log| log.len());
    if log > 0 {
        return Err(refused(path, "its log cannot be read while the disk takes nothing more; make room"));
    }
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)
        .map_err(|cause| opening(path, cause))?;
    settle(&connection).map_err(|cause| opening(path, cause))?;
    Ok(connection)
}

/// A connection that only moves the log.
pub(super) fn helper(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::empty()).map_err(|cause| opening(path, cause))?;
    let settings = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256;";
    connection.execute_batch(settings).map_err(|cause| opening(path, cause))?;
    // Cutting the log waits for readers and the writer, but not for long: there is a next time.
    connection.busy_timeout(BUSY_CHECKPOINT).map_err(|cause| opening(path, cause))?;
    Ok(connection)
}

fn connect(path: &Path, more: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection belongs to one thread at a time: no locks inside.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    Connection::open_with_flags(path, flags)
}

fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    connection.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;",
    )
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let newest = i64::try_from(MIGRATIONS.len()).expect("a handful of migrations");
    let version =
        |connection: &Connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    let found = version(connection).map_err(|cause| opening(path, cause))?;
    if found > newest {
        return Err(refused(
            path,
            &format!(
                "a newer version wrote it (schema {found}, this program knows {newest}); start the newer program"
            ),
        ));
    }
    if found == newest {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Exclusive)
        .map_err(|cause| opening(path, cause))?;
    // Another process may have been faster: look again under the lock.
    let found = version(&transaction).map_err(|cause| opening(path, cause))?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(migration).map_err(|cause| opening(path, cause))?;
    }
    transaction.pragma_update(None, "user_version", newest).map_err(|cause| opening(path, cause))?;
    transaction.commit().map_err(|cause| opening(path, cause))
}

pub(super) fn refused(path: &Path, why: &str) -> StoreError {
    StoreError::Unavailable(format!("database {}: {why}", path.display()))
}

pub(super) fn opening(path: &Path, cause: rusqlite::Error) -> StoreError {
    let said = match failed(cause) {
        StoreError::Unavailable(said) | StoreError::Refused(said) => said,
        other => other.to_string(),
    };
    refused(path, &said)
}

/// What a failure of SQLite means for the caller, in words that say what to do.
///
/// What is not about the whole database is about a row: `Refused`.
pub(super) fn failed(cause: rusqlite::Error) -> StoreError {
    let Some(code) = cause.sqlite_error_code() else { return StoreError::Refused(cause.to_string()) };
    let advice = match code {
        ErrorCode::DiskFull => "the disk is full; make room, nothing that was acknowledged is lost",
        ErrorCode::ReadOnly => READ_ONLY,
        ErrorCode::PermissionDenied => "access is denied; give the service's user permission",
        ErrorCode::CannotOpen => "the file cannot be opened; check the path and its permissions",
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another process holds the lock; end it or wait"
        }
        ErrorCode::NotADatabase => "the file is not a SQLite database; choose another path",
        ErrorCode::DatabaseCorrupt => "the file is damaged; restore a backup",
        ErrorCode::SystemIoFailure => "the disk reports an error; check it",
        ErrorCode::OutOfMemory => "the machine is out of memory",
        _ => return StoreError::Refused(cause.to_string()),
    };
    StoreError::Unavailable(format!("{advice} ({cause})"))
}
