//! SQLite: one writer, a pool of readers, a helper for checkpoints.

mod backup;
mod bills;
mod checkpoint;
mod columns;
mod forget;
mod leases;
mod load;
mod lock;
mod open;
mod patient;
mod read;
mod reads;
mod records;
mod schema;
mod verify;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use rusqlite::Connection;

pub use backup::{Copied, CopyError, back_up, restore};
pub use checkpoint::Checkpointer;
pub use lock::is_in_use;
pub use patient::PatientStore;
pub use reads::SqliteReads;
pub use schema::{Schema, schema};

use super::{About, DueEvent, LoadKey, Loaded, Retained, Store, StoreError, Stranded, Writes};
use checkpoint::Schedule;
use open::failed;

/// The writer of a SQLite database. There is one per database file.
///
/// ```
/// use douyin_pay_server::store::Store;
/// use douyin_pay_server::store::sqlite::SqliteStore;
///
/// let folder = tempfile::tempdir().unwrap();
/// let mut store = SqliteStore::open(&folder.path().join("books.db")).unwrap();
/// assert_eq!(store.quarantined(), Ok(vec![]));
/// ```
pub struct SqliteStore {
    connection: Connection,
    /// Short numbers of apps, as far as they were needed.
    apps: BTreeMap<String, i64>,
    checkpoints: Schedule,
    path: PathBuf,
    /// Last: others may come when everything else is closed.
    _alone: lock::Lock,
}

impl SqliteStore {
    /// Opens the database, makes it when it does not exist, and brings it up to date.
    ///
    /// Moves the log back into the database itself, between batches: fit for one thread.
    ///
    /// # Errors
    /// When the file cannot be written, is no database, comes from a newer version, or somebody else writes it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        open::make_folder(path)?;
        let alone = lock::take(path)?;
        let connection = open::writer(path)?;
        let checkpoints = Schedule::inline(Checkpointer::open(path)?);
        Ok(Self { connection, apps: BTreeMap::new(), checkpoints, path: path.to_owned(), _alone: alone })
    }

    /// The same writer, with checkpoints on a thread of their own, which ends with the writer.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn with_checkpoint_thread(mut self) -> Result<Self, StoreError> {
        self.checkpoints = Schedule::on_thread(Checkpointer::open(&self.path)?)?;
        Ok(self)
    }

    /// The short number of an app; a new one is written in the running transaction.
    fn app(&mut self, app_id: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.apps.get(app_id) {
            return Ok(*number);
        }
        let number = match load::app_number(&self.connection, app_id)? {
            Some(number) => number,
            None => self
                .connection
                .query_row("INSERT INTO apps (app_id) VALUES (?1) RETURNING n", [app_id], |row| row.get(0))
                .map_err(failed)?,
        };
        self.apps.insert(app_id.to_owned(), number);
        Ok(number)
    }
}

impl Store for SqliteStore {
    fn begin(&mut self) -> Result<(), StoreError> {
        let begun = self.connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]));
        begun.map(drop).map_err(failed)
    }

    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError> {
        keys.iter().map(|key| load::by_key(&self.connection, key)).collect()
    }

    fn stranded(&mut self, about: &[About]) -> Result<Vec<Stranded>, StoreError> {
        load::stranded(&self.connection, about)
    }

    fn write(&mut self, writes: &Writes) -> Result<(), StoreError> {
        write::write(self, writes)
    }

    fn lease_due_orders(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<Result<Order, StoreError>>, StoreError> {
        leases::orders(&self.connection, now, limit, until)
    }

    fn lease_due_events(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<DueEvent>, StoreError> {
        leases::events(&self.connection, now, limit, until)
    }

    fn resend_event(&mut self, id: &str, now: UnixMs) -> Result<bool, StoreError> {
        leases::resend(&self.connection, id, now)
    }

    fn resolve_exception(&mut self, id: i64, by: &str, note: &str, at: UnixMs) -> Result<bool, StoreError> {
        records::resolve(&self.connection, id, by, note, at)
    }

    fn forget(&mut self, retained: &Retained) -> Result<usize, StoreError> {
        forget::forget(&self.connection, retained)
    }

    fn quarantined(&mut self) -> Result<Vec<OrderId>, StoreError> {
        load::quarantined(&self.connection)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        let committed = self.connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        committed.map_err(failed)?;
        self.checkpoints.committed();
        Ok(())
    }

    fn roll_back(&mut self) {
        // A number given to an app inside the transaction is gone with it.
        self.apps.clear();
        if !self.connection.is_autocommit()
            && let Err(cause) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!("rolling back failed: {cause}");
        }
    }
}
