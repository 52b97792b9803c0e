//! A whole copy of a database while it is being written, and the way back.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use super::lock::{self, beside};
use super::open::{self, failed, refused};
use super::schema::schema;
use super::verify;
use crate::store::StoreError;

/// Orders that are checked in one go.
const CHECKED_AT_ONCE: usize = 500;

/// What a copy holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The size of the file.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// The orders in it; each was added up from its facts and compared.
    pub orders: usize,
    /// Their facts.
    pub facts: usize,
}

/// Why there is no copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CopyError {
    /// A file, a disk or another process is in the way.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The books in it are damaged.
    #[error("{}: {problem}", file.display())]
    Unsound {
        /// Which file.
        file: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
}

/// Copies the database at `from` to `to`, which must not exist unless `replace` says so.
///
/// The copy is as of one moment, whoever writes meanwhile, and is checked before it gets its name: after a failure or
/// a kill there is either no file of that name or the one from before. `progress` is told how many orders were checked.
///
/// # Errors
/// When either file cannot be used, or an order does not add up.
pub fn back_up(
    from: &Path,
    to: &Path,
    replace: bool,
    progress: &mut dyn FnMut(usize),
) -> Result<Copied, CopyError> {
    if !from.exists() {
        return Err(refused(from, "there is no such file; check `database`").into());
    }
    if to.exists() && !replace {
        return Err(refused(to, "exists already; choose another name, or replace it with `--force`").into());
    }
    let partial = beside(to, ".partial");
    let copied = copy(from, &partial).map_err(CopyError::from).and_then(|()| check(&partial, from, progress));
    let copied = copied.inspect_err(|_| remove(&partial))?;
    put(&partial, to)?;
    Ok(copied)
}

/// Puts the backup at `from` in the place of `database`, which is kept under the name that is returned.
///
/// The backup is copied and checked first. Nobody may be using the database.
///
/// # Errors
/// When a service uses the database, or the backup cannot be used or does not add up.
pub fn restore(
    database: &Path,
    from: &Path,
    stamp: &str,
    progress: &mut dyn FnMut(usize),
) -> Result<(Copied, Option<PathBuf>), CopyError> {
    if !from.exists() {
        return Err(refused(from, "there is no such file; check `--from`").into());
    }
    if same_file(database, from) {
        return Err(refused(from, "is the database itself; name the backup").into());
    }
    open::make_folder(database)?;
    let _alone = lock::take(database).map_err(StoreError::from)?;
    let fresh = beside(database, ".restoring");
    let copied = copy(from, &fresh).map_err(CopyError::from).and_then(|()| check(&fresh, from, progress));
    let copied = copied.inspect_err(|_| remove(&fresh))?;
    let kept = keep(database, stamp)?;
    put(&fresh, database)?;
    Ok((copied, kept))
}

/// A copy without history and log, as of one moment; nothing of it remains open.
fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let found = schema(from).map_err(|cause| refused(from, &cause.to_string()))?;
    if found.found > found.newest {
        let why = format!(
            "a newer version wrote it (schema {}, this program knows {}); use the newer program",
            found.found, found.newest
        );
        return Err(refused(from, &why));
    }
    if found.found == 0 {
        return Err(refused(from, "has no books in it; name a database of this program"));
    }
    // Left over from a copy that was killed.
    remove(to);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(from, flags).map_err(|cause| open::opening(from, cause))?;
    connection.busy_timeout(open::BUSY).map_err(|cause| open::opening(from, cause))?;
    let name = to.to_str().ok_or_else(|| refused(to, "its name is not UTF-8; choose another"))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(|cause| open::opening(to, cause))?;
    let synced = fs::File::open(to).and_then(|file| file.sync_all());
    synced.map_err(|cause| refused(to, &format!("cannot be made durable ({cause}); check the disk")))
}

/// The file is sound, and every order is what its facts add up to.
fn check(path: &Path, named: &Path, progress: &mut dyn FnMut(usize)) -> Result<Copied, CopyError> {
    let unsound = |problem| CopyError::Unsound { file: named.to_owned(), problem };
    let connection = open::reader(path)?;
    let said: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if said != "ok" {
        return Err(unsound(format!("the file is damaged ({said}); use another backup")));
    }
    let (mut orders, mut facts, mut last) = (0, 0, None);
    loop {
        let checked = verify::next(&connection, last, CHECKED_AT_ONCE)?;
        if let Some((order, problem)) = checked.problems.first() {
            return Err(unsound(format!("order {order} is not what its facts add up to: {problem}")));
        }
        (orders, facts) = (orders + checked.orders, facts + checked.facts);
        progress(orders);
        last = checked.last;
        if last.is_none() {
            break;
        }
    }
    drop(connection);
    let unreadable = |cause: std::io::Error| refused(path, &format!("cannot be read again ({cause})"));
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    Ok(Copied { bytes, sha256: digest(path).map_err(unreadable)?, orders, facts })
}

fn digest(path: &Path) -> std::io::Result<String> {
    let (mut file, mut digest, mut part) = (fs::File::open(path)?, Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(data_encoding::HEXLOWER.encode(&digest.finalize())),
            read => digest.update(&part[..read]),
        }
    }
}

/// Keeps the old database under another name, with all that its log still held. It is never missing in between.
fn keep(database: &Path, stamp: &str) -> Result<Option<PathBuf>, StoreError> {
    if !database.exists() {
        return Ok(None);
    }
    let kept = beside(database, &format!(".before-restore-{stamp}"));
    let cannot = |cause: std::io::Error| {
        refused(database, &format!("cannot be kept as {} ({cause}); make room", kept.display()))
    };
    let emptied = Connection::open(database).and_then(|connection| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
    });
    fs::hard_link(database, &kept).or_else(|_| fs::copy(database, &kept).map(drop)).map_err(cannot)?;
    for ending in ["-wal", "-shm"] {
        let log = beside(database, ending);
        if !log.exists() {
            continue;
        }
        // A log that could not be moved into its database belongs to the old one, and must not meet the new one.
        match emptied {
            Ok(0) => fs::remove_file(&log).map_err(cannot)?,
            _ => fs::rename(&log, beside(&kept, ending)).map_err(cannot)?,
        }
    }
    Ok(Some(kept))
}

/// Gives a finished file its name, for good.
fn put(from: &Path, to: &Path) -> Result<(), StoreError> {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let put = fs::rename(from, to).and_then(|()| fs::File::open(folder)?.sync_all());
    put.map_err(|cause| {
        refused(to, &format!("cannot be put in its place ({cause}); check the folder and the rights"))
    })
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Removes what may or may not be there.
fn remove(path: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        let _absent = fs::remove_file(beside(path, ending));
    }
}
