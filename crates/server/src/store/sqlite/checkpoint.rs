//! Moves the write-ahead log back into the database, away from the writer.

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};

use rusqlite::Connection;

use super::open;
use crate::store::StoreError;

/// Commits between two checkpoints; a batch writes a few pages to a few hundred.
const COMMITS: u32 = 128;
/// A log of more pages than this (64 MiB) is cut back to nothing, which makes the writer wait for a moment.
const LOG_PAGES_MAX: i64 = 16_384;

/// Moves the log back. It has a connection of its own.
pub struct Checkpointer {
    connection: Connection,
}

/// When to move the log back, and who does it.
pub(super) struct Schedule {
    commits: u32,
    who: Who,
}

enum Who {
    Writer(Checkpointer),
    Thread(SyncSender<()>),
}

impl Checkpointer {
    /// A helper for the database at `path`, which must exist.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: open::helper(path)? })
    }

    /// Moves what no reader needs any more; how many pages the log has.
    ///
    /// # Errors
    /// When the disk does. Nothing is lost then: the log stays.
    pub fn checkpoint(&self) -> Result<i64, StoreError> {
        let pages = self.run("PRAGMA wal_checkpoint(PASSIVE)")?;
        if pages <= LOG_PAGES_MAX {
            return Ok(pages);
        }
        // Little is left to move after the passive one, so that the writer waits for a moment only.
        self.run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    fn run(&self, pragma: &str) -> Result<i64, StoreError> {
        // Busy, log pages, moved pages: a busy database is not an error, the next time will do.
        let pages = self.connection.query_row(pragma, [], |row| row.get(1));
        pages.map_err(open::failed)
    }

    fn checkpoint_or_log(&self) {
        if let Err(cause) = self.checkpoint() {
            tracing::warn!("the log could not be moved into the database: {cause}");
        }
    }
}

impl Schedule {
    pub(super) fn inline(checkpointer: Checkpointer) -> Self {
        Self { commits: 0, who: Who::Writer(checkpointer) }
    }

    /// The thread waits for a signal and ends when the writer is gone.
    pub(super) fn on_thread(checkpointer: Checkpointer) -> Result<Self, StoreError> {
        let (wake, woken) = sync_channel(1);
        let started = std::thread::Builder::new().name("checkpoint".to_owned()).spawn(move || {
            while woken.recv().is_ok() {
                checkpointer.checkpoint_or_log();
            }
        });
        match started {
            Ok(_detached) => Ok(Self { commits: 0, who: Who::Thread(wake) }),
            Err(cause) => {
                Err(StoreError::Unavailable(format!("the thread for checkpoints cannot start: {cause}")))
            }
        }
    }

    /// Counts a commit, and has the log moved back from time to time.
    pub(super) fn committed(&mut self) {
        self.commits += 1;
        if self.commits < COMMITS {
            return;
        }
        self.commits = 0;
        match &self.who {
            Who::Writer(checkpointer) => checkpointer.checkpoint_or_log(),
            Who::Thread(wake) => {
                // Full means that the thread has its signal already.
                let _awake = wake.try_send(());
            }
        }
    }
}
