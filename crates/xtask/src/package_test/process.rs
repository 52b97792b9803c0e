//! A process of the test: its words are kept, and it never outlives the test.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{now, pause};
use crate::dist::said_by;

/// What takes longer on this machine hangs.
pub(super) const SOON: Duration = Duration::from_secs(30);

/// How long a process may take to end when the test has failed.
const LAST_WORDS: Duration = Duration::from_secs(5);

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A running process.
pub(super) struct Running {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts it.
    pub(super) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let log = std::env::temp_dir().join(format!("douyin-pay-{name}-{}.log", std::process::id()));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let command = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let child = command.spawn().with_context(|| format!("cannot start the {name}"))?;
        Ok(Self { name, child, log })
    }

    /// What it said so far.
    pub(super) fn words(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Sends a signal by its name.
    pub(super) fn signal(&self, name: &str) -> Result<()> {
        said_by(Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string())).map(drop)
    }

    /// Asks it to end, and expects that it ends well.
    pub(super) fn stop(self, within: Duration) -> Result<()> {
        self.end("TERM", within)
    }

    /// As somebody at a terminal ends it.
    pub(super) fn interrupt(self) -> Result<()> {
        self.end("INT", SOON)
    }

    fn end(mut self, signal: &str, within: Duration) -> Result<()> {
        self.signal(signal)?;
        let started = now();
        while now().duration_since(started) < within {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the {} ended with {status}:\n{}", self.name, self.words());
                return Ok(());
            }
            pause(LOOK_EVERY);
        }
        bail!("the {} did not end within {} s:\n{}", self.name, within.as_secs(), self.words())
    }

    /// Waits until `look` finds something, while the process lives.
    pub(super) fn until<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T> {
        let started = now();
        while now().duration_since(started) < SOON {
            if let Some(found) = look() {
                return Ok(found);
            }
            if let Some(status) = self.exited()? {
                bail!("the {} ended with {status} before {what}:\n{}", self.name, self.words());
            }
            pause(LOOK_EVERY);
        }
        bail!("{}: not {what} within {} s:\n{}", self.name, SOON.as_secs(), self.words())
    }

    fn exited(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A kind word first: a proxy's workers end only with a master that ends in order.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _asked = self.signal("TERM");
        }
        let started = now();
        while now().duration_since(started) < LAST_WORDS && matches!(self.child.try_wait(), Ok(None)) {
            pause(LOOK_EVERY);
        }
        // One that has ended already cannot be ended; a log that is gone is as good as removed.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
        let _removed = std::fs::remove_file(&self.log);
    }
}
