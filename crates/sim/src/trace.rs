//! What happened, line by line, and its hash.

use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

/// A running record; two runs of one seed must end with the same hash.
#[derive(Clone, Default)]
pub struct Trace(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    hash: Sha256,
    lines: Vec<String>,
    keep: bool,
}

impl Trace {
    /// A record that also keeps its lines, to look at a seed closely.
    pub fn keeping_lines() -> Self {
        let trace = Self::default();
        trace.lock().keep = true;
        trace
    }

    /// Adds one line.
    pub fn line(&self, text: impl AsRef<str>) {
        let mut inner = self.lock();
        inner.hash.update(text.as_ref().as_bytes());
        inner.hash.update(b"\n");
        if inner.keep {
            inner.lines.push(text.as_ref().to_owned());
        }
    }

    /// The hash of all lines so far, in hex.
    pub fn hash(&self) -> String {
        let digest = self.lock().hash.clone().finalize();
        data_encoding::HEXLOWER.encode(&digest)
    }

    /// The lines, when they are kept.
    pub fn lines(&self) -> Vec<String> {
        self.lock().lines.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().expect("the simulation has one thread")
    }
}
