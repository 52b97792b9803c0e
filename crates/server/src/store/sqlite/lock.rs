//! One process writes a database: whoever holds the lock beside it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::open::refused;
use crate::store::StoreError;

/// Held as long as the database may be written or replaced; the system lets go of it with the process.
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock of a database, or says that somebody else has it.
pub(super) fn take(database: &Path) -> Result<Lock, StoreError> {
    let path = beside(database, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|cause| {
        refused(
            database,
            &format!("the lock {} cannot be made ({cause}); check the disk and the rights", path.display()),
        )
    })?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(refused(
            database,
            "another douyin-pay is using it; stop that one first, or configure another `database`",
        )),
        Err(TryLockError::Error(cause)) => Err(refused(
            database,
            &format!(
                "the lock {} cannot be taken ({cause}); put the database on a local disk",
                path.display()
            ),
        )),
    }
}

/// A neighbour of the database.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::take;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("books.db");
        let held = take(&path).unwrap();
        assert!(take(&path).err().unwrap().to_string().contains("another douyin-pay"));
        drop(held);
        assert!(take(&path).is_ok());
    }
}
