//! Which schema a database file has, asked without changing the file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::open::{MIGRATIONS, failed};
use crate::store::StoreError;

/// The schema of a database, and the newest that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// What the database has; 0 is an empty one.
    pub found: i64,
    /// What this program writes.
    pub newest: i64,
}

/// Reads the schema of an existing database. A service that uses the database is not disturbed.
///
/// # Errors
/// When the file cannot be opened or is no database.
pub fn schema(path: &Path) -> Result<Schema, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    let found = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    let newest = i64::try_from(MIGRATIONS.len()).expect("a handful of migrations");
    Ok(Schema { found, newest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::SqliteStore;

    #[test]
    fn a_database_in_use_says_its_schema_and_other_files_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.db");
        assert!(schema(&path).is_err() && !path.exists(), "nothing is made");
        let store = SqliteStore::open(&path).unwrap();
        let newest = schema(&path).unwrap().newest;
        assert_eq!(schema(&path), Ok(Schema { found: newest, newest }));
        drop(store);
        std::fs::write(&path, "not a database, but long enough to look at").unwrap();
        assert!(schema(&path).unwrap_err().to_string().contains("not a SQLite database"));
    }
}
