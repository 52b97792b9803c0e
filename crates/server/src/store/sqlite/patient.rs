//! A writer that waits for its disk: until it is well, everything written is refused.

use std::path::{Path, PathBuf};

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Order, OrderId};

use super::lock::{self, NoLock};
use super::schema::schema;
use super::{SqliteStore, load, open};
use crate::store::{About, DueEvent, LoadKey, Loaded, Retained, Store, StoreError, Stranded, Writes};

/// The writer of a database whose disk may be full or read-only at the start.
///
/// Each batch tries again, so that the service recovers by itself.
pub struct PatientStore {
    path: PathBuf,
    opened: Option<SqliteStore>,
}

impl PatientStore {
    /// Opens the database, or waits for its disk where the books can be read all the same.
    ///
    /// # Errors
    /// When somebody else writes the database, or there are no books of this version to read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let cause = match Self::try_open(path) {
            Ok(opened) => return Ok(Self { path: path.to_owned(), opened: Some(opened) }),
            Err(cause) => cause,
        };
        if let Err(NoLock::Held(held)) = lock::take(path) {
            return Err(held);
        }
        // Books of an earlier version must be brought up to date first, which needs the disk.
        let readable = schema(path).is_ok_and(|schema| schema.found == schema.newest);
        if !readable || !matches!(cause, StoreError::Unavailable(_)) {
            return Err(cause);
        }
        tracing::error!("starting without writing: {cause}");
        Ok(Self { path: path.to_owned(), opened: None })
    }

    fn try_open(path: &Path) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(path)?.with_checkpoint_thread()
    }

    fn store(&mut self) -> Result<&mut SqliteStore, StoreError> {
        if self.opened.is_none() {
            self.opened = Some(Self::try_open(&self.path)?);
            tracing::info!("the books can be written again");
        }
        Ok(self.opened.as_mut().expect("it was opened a line above"))
    }
}

impl Store for PatientStore {
    fn begin(&mut self) -> Result<(), StoreError> {
        self.store()?.begin()
    }

    fn load_orders(&mut self, keys: &[LoadKey]) -> Result<Vec<Loaded>, StoreError> {
        self.store()?.load_orders(keys)
    }

    fn stranded(&mut self, about: &[About]) -> Result<Vec<Stranded>, StoreError> {
        self.store()?.stranded(about)
    }

    fn write(&mut self, writes: &Writes) -> Result<(), StoreError> {
        self.store()?.write(writes)
    }

    fn lease_due_orders(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<Result<Order, StoreError>>, StoreError> {
        self.store()?.lease_due_orders(now, limit, until)
    }

    fn lease_due_events(
        &mut self,
        now: UnixMs,
        limit: usize,
        until: UnixMs,
    ) -> Result<Vec<DueEvent>, StoreError> {
        self.store()?.lease_due_events(now, limit, until)
    }

    fn resend_event(&mut self, id: &str, now: UnixMs) -> Result<bool, StoreError> {
        self.store()?.resend_event(id, now)
    }

    fn resolve_exception(&mut self, id: i64, by: &str, note: &str, at: UnixMs) -> Result<bool, StoreError> {
        self.store()?.resolve_exception(id, by, note, at)
    }

    fn forget(&mut self, retained: &Retained) -> Result<usize, StoreError> {
        self.store()?.forget(retained)
    }

    /// Also while nothing can be written: nobody else changes it meanwhile.
    fn quarantined(&mut self) -> Result<Vec<OrderId>, StoreError> {
        match &mut self.opened {
            Some(store) => store.quarantined(),
            None => {
                load::quarantined(&open::reader(&self.path).or_else(|_| open::frozen_reader(&self.path))?)
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.store()?.commit()
    }

    fn roll_back(&mut self) {
        if let Some(store) = &mut self.opened {
            store.roll_back();
        }
    }
}
