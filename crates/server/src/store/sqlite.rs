//! SQLite: one writer, a pool of readers, a helper for checkpoints.

mod checkpoint;
mod columns;
mod leases;
mod load;
mod open;
mod read;
mod reads;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};
use rusqlite::Connection;

pub use checkpoint::Checkpoints;
pub use reads::SqliteReads;

use super::{DueEvent, LoadKey, Loaded, Store, StoreError, Stranded, Writes};
pub(self) use open::failed;

/// The writer of a SQLite database. There is one per database file.
pub struct SqliteStore {
    connection: Connection,
    /// Short numbers of apps, as far as they were needed.
    apps: BTreeMap<String, i64>,
    checkpoints: Checkpoints,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the database, makes it when it does not exist, and brings it up to date.
    ///
    /// # Errors
    /// When the file cannot be written, is no database, or comes from a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = open::writer(path)?;
        let checkpoints = Checkpoints::inline(path)?;
        Ok(Self { connection, apps: BTreeMap::new(), checkpoints, path: path.to_owned() })
    }

    /// The same writer, with checkpoints on a thread of their own.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn with_checkpoint_thread(mut self) -> Result<Self, StoreError> {
        self.checkpoints = Checkpoints::on_thread(&self.path)?;
        Ok(self)
    }

    /// The short number of an app; a new one is written in the running transaction.
    fn app(&mut self, app_id: &str) -> Result<i64, StoreError> {
        if let Some(number) = self.apps.get(app_id) {
            return Ok(*number);
        }
        let number = self
            .connection
            .query_row(
                "INSERT INTO apps (app_id) VALUES (?1) ON CONFLICT (app_id) DO UPDATE SET app_id = app_id RETURNING n",
                [app_id],
                |row| row.get(0),
            )
            .map_err(failed)?;
        self.apps.insert(app_id.to_owned(), number);
        Ok(number)
    }
}

impl Store for SqliteStore {
    fn begin(&mut self) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("BEGIN IMMEDIATE")
            .and_then(|mut begin| begin.execute([]))
            .map_err(failed)?;
        Ok(())
    }

    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError> {
        keys.iter().map(|key| load::by_key(&self.connection, key)).collect()
    }

    fn stranded(&mut self, app_id: &str, kind: &str, number: &str) -> Result<Vec<Stranded>, StoreError> {
        load::stranded(&self.connection, app_id, kind, number)
    }

    fn first_seen(&mut self, app_id: &str, kind: &str, number: &str) -> Result<Option<UnixMs>, StoreError> {
        load::first_seen(&self.connection, app_id, kind, number)
    }

    fn write(&mut self, writes: &Writes) -> Result<(), StoreError> {
        write::write(self, writes)
    }

    fn lease_due_orders(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<Order>, StoreError> {
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
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE exceptions SET resolved_at = ?2, resolved_by = ?3, note = ?4 WHERE id = ?1 AND resolved_at IS NULL",
            )
            .and_then(|mut update| update.execute((id, at.get(), by, note)));
        Ok(changed.map_err(failed)? == 1)
    }

    fn forget(&mut self, callbacks_before: UnixMs, api_log_before: UnixMs) -> Result<usize, StoreError> {
        leases::forget(&self.connection, callbacks_before, api_log_before)
    }

    fn quarantined(&mut self) -> Result<Vec<OrderId>, StoreError> {
        load::quarantined(&self.connection)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([])).map_err(failed)?;
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
