//! Moves the write-ahead log back into the database, away from the writer.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rusqlite::Connection;

use super::open;
use crate::store::StoreError;

/// Commits between two checkpoints: a few megabytes of log.
const COMMITS: u32 = 256;
/// A log larger than this is cut back to nothing as soon as no reader is in the way.
const LARGE_LOG_BYTES: u64 = 64 << 20;

/// Who does the checkpoints.
pub enum Checkpoints {
    /// The writer itself, between two batches: for one thread only.
    Inline {
        /// Its own connection.
        helper: Helper,
        /// Commits since the last one.
        commits: u32,
    },
    /// A thread that waits for a signal; no timer.
    Thread {
        /// Wakes the thread; full means that it is awake.
        wake: SyncSender<()>,
        /// Commits since the last signal.
        commits: u32,
    },
}

/// The helper's own connection.
pub struct Helper {
    connection: Connection,
    log: PathBuf,
}

impl Checkpoints {
    pub(super) fn inline(path: &Path) -> Result<Self, StoreError> {
        Ok(Self::Inline { helper: Helper::open(path)?, commits: 0 })
    }

    pub(super) fn on_thread(path: &Path) -> Result<Self, StoreError> {
        let helper = Helper::open(path)?;
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned());
        let started = thread.spawn(move || helper.run(&woken));
        started.map_err(|cause| {
            StoreError::Unavailable(format!("the checkpoint thread cannot start: {cause}"))
        })?;
        Ok(Self::Thread { wake, commits: 0 })
    }

    /// Counts a commit, and has the log moved back from time to time.
    pub(super) fn committed(&mut self) {
        match self {
            Self::Inline { helper, commits } => {
                *commits += 1;
                if commits.is_multiple_of(COMMITS) {
                    helper.checkpoint();
                }
            }
            Self::Thread { wake, commits } => {
                *commits += 1;
                if commits.is_multiple_of(COMMITS) {
                    // Full means that the thread has a signal already.
                    let _awake = wake.try_send(());
                }
            }
        }
    }
}

impl Helper {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Ok(Self { connection: open::helper(path)?, log: log.into() })
    }

    fn run(self, woken: &Receiver<()>) {
        while woken.recv().is_ok() {
            self.checkpoint();
        }
    }

    fn checkpoint(&self) {
        let large = std::fs::metadata(&self.log).is_ok_and(|log| log.len() > LARGE_LOG_BYTES);
        let mode = if large { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(PASSIVE)" };
        if let Err(cause) = self.connection.query_row(mode, [], |_| Ok(())) {
            tracing::warn!("checkpoint: {cause}");
        }
    }
}
