//! One process writes a database: whoever holds the lock beside it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::open::refused;
use crate::store::StoreError;

/// Held as long as the database may be written or replaced; the system lets go of it with the process.
pub(super) struct Lock {
    _file: File,
}

/// Why the lock was not given.
#[derive(Debug)]
pub(super) enum NoLock {
    /// Somebody else writes the database.
    Held(StoreError),
    /// The disk or the rights do not allow it.
    Impossible(StoreError),
}

impl From<NoLock> for StoreError {
    fn from(why: NoLock) -> Self {
        match why {
            NoLock::Held(cause) | NoLock::Impossible(cause) => cause,
        }
    }
}

/// Takes the lock of a database.
pub(super) fn take(database: &Path) -> Result<Lock, NoLock> {
    let path = beside(database, ".lock");
    let impossible = |what: &str, cause: std::io::Error| {
        let why =
            format!("the lock {} cannot be {what} ({cause}); check the disk and the rights", path.display());
        NoLock::Impossible(refused(database, &why))
    };
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(|cause| impossible("made", cause))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::Error(cause)) => Err(impossible("taken", cause)),
        Err(TryLockError::WouldBlock) => Err(NoLock::Held(refused(
            database,
            "another douyin-pay is using it; stop that one first, or configure another `database`",
        ))),
    }
}

/// Whether somebody else writes the database now.
pub fn is_in_use(database: &Path) -> bool {
    matches!(take(database), Err(NoLock::Held(_)))
}

/// A neighbour of the database.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::{StoreError, is_in_use, take};

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.db");
        let held = take(&path).unwrap();
        let second = take(&path).err().map(StoreError::from).unwrap();
        assert!(second.to_string().contains("another douyin-pay") && is_in_use(&path));
        drop(held);
        assert!(!is_in_use(&path));
        assert!(take(&path).is_ok());
    }
}
