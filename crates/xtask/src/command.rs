//! One command line: how it is run, limited in time and shown for repeating.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How often a running command is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How much of a failed command's hidden output is shown.
const TAIL_LINES: usize = 60;

/// A program with arguments and extra environment variables.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    program: String,
    arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
    seconds_max: Option<u64>,
    quiet: bool,
}

impl Line {
    /// A command line out of words separated by blanks.
    pub(crate) fn new(words: &str) -> Self {
        let (program, words) = words.split_once(' ').unwrap_or((words, ""));
        Self::program(Path::new(program), words)
    }

    /// A program by its path, and arguments out of words separated by blanks.
    pub(crate) fn program(path: &Path, words: &str) -> Self {
        let program = path.display().to_string();
        let words = words.split_whitespace().map(str::to_owned);
        Self { program, arguments: words.collect(), variables: Vec::new(), seconds_max: None, quiet: false }
    }

    /// Sets an environment variable for the command.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// Kills the command after so many seconds: a test that hangs is a test that fails.
    pub(crate) fn within(mut self, seconds: u64) -> Self {
        self.seconds_max = Some(seconds);
        self
    }

    /// Hides the output unless the command fails; then its end is shown.
    pub(crate) fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Runs the command in `folder`; fails when it cannot start, ends badly or takes too long.
    pub(crate) fn run(&self, folder: &Path) -> Result<()> {
        let log = self.quiet.then(|| log_path(std::process::id()));
        let status = self.run_to(folder, log.as_deref());
        let shown = match (&status, &log) {
            (Ok(status), Some(log)) if !status.success() => tail(log),
            (Err(_), Some(log)) => tail(log),
            _ => String::new(),
        };
        if let Some(log) = log {
            // A log that is already gone is as good as removed.
            let _ = std::fs::remove_file(log);
        }
        eprint!("{shown}");
        let status = status?;
        if !status.success() {
            bail!("`{self}` ended with {status}");
        }
        Ok(())
    }

    fn run_to(&self, folder: &Path, log: Option<&Path>) -> Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(folder).stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(log) = log {
            let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            command.stdout(file.try_clone()?).stderr(file);
        }
        let mut child = command.spawn().with_context(|| format!("cannot start `{}`", self.program))?;
        let Some(seconds_max) = self.seconds_max else { return Ok(child.wait()?) };
        let started = now();
        while now().duration_since(started) < Duration::from_secs(seconds_max) {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            pause(LOOK_EVERY);
        }
        child.kill().context("cannot stop a command that takes too long")?;
        child.wait()?;
        bail!("`{self}` was stopped after {seconds_max} s")
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.variables {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(&quoted(&self.program))?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

/// The time on the wall, which a chore may look at: nothing simulates a chore.
#[expect(clippy::disallowed_methods, reason = "a chore measures real seconds")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A moment between two looks at a real process.
#[expect(clippy::disallowed_methods, reason = "a chore waits for real processes")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn log_path(id: u32) -> PathBuf {
    std::env::temp_dir().join(format!("douyin-pay-xtask-{id}.log"))
}

fn tail(log: &Path) -> String {
    let text =
        std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let hidden = lines.len().saturating_sub(TAIL_LINES);
    let mut shown = if hidden > 0 { format!("    … {hidden} lines before\n") } else { String::new() };
    for line in &lines[hidden..] {
        shown.push_str("    ");
        shown.push_str(line);
        shown.push('\n');
    }
    shown
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_so_that_a_shell_can_repeat_it() {
        let line = Line::new("cargo doc --no-deps").with("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(line.to_string(), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_bad_end_and_an_unknown_program_are_errors() {
        let here = Path::new(".");
        assert!(Line::new("true").run(here).is_ok());
        let bad = Line::new("false").quiet().run(here).unwrap_err().to_string();
        assert!(bad.starts_with("`false` ended with"), "{bad}");
        let absent = Line::new("no-such-program-at-all").run(here).unwrap_err().to_string();
        assert_eq!(absent, "cannot start `no-such-program-at-all`");
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let stopped = Line::new("sleep 600").within(0).run(Path::new(".")).unwrap_err().to_string();
        assert_eq!(stopped, "`sleep 600` was stopped after 0 s");
    }
}
