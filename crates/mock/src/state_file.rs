//! The state file: read at the start, written atomically while things change.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::mock::Mock;
use crate::platform::Platform;

/// The least time between two writes.
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// Why the books cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The file exists and cannot be read.
    #[error("the mock's state file {} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not what this mock writes, or its books do not add up.
    #[error("the mock's state file {} is not sound: {problem}; move it away to start with empty books", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The file cannot be written.
    #[error("the mock's state file {} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Reads the books into an empty platform; a file that does not exist means empty books.
pub(crate) fn load(platform: &mut Platform, path: &Path) -> Result<(), StateError> {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(StateError::Read { path: path.to_owned(), source }),
    };
    platform.restore(&json).map_err(|problem| StateError::Broken { path: path.to_owned(), problem })
}

/// Writes a neighbour file first, so that a crash leaves the old books or the new, never half.
pub(crate) fn write(path: &Path, json: &[u8]) -> Result<(), StateError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    let written = fs::File::create(&fresh).and_then(|mut file| {
        file.write_all(json)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&fresh, path))
        .map_err(|source| StateError::Write { path: path.to_owned(), source })
}

/// The task: saves whenever something has changed, until the mock stops.
pub(crate) async fn keep(mock: Mock) {
    let mut saved = mock.platform().changes();
    while !mock.inner().stopped.load(Ordering::SeqCst) {
        mock.env().sleep(WRITE_EVERY).await;
        let changes = mock.platform().changes();
        if changes == saved {
            continue;
        }
        match mock.save() {
            Ok(()) => saved = changes,
            Err(cause) => tracing::warn!(cause = %cause, "the mock's books could not be saved; trying again"),
        }
    }
}
