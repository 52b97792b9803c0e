//! A program that runs while we watch what it prints.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use super::wire::until;

/// A running program; ended with the test.
pub(super) struct Program {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    complained: Arc<Mutex<Vec<String>>>,
}

/// How a program ended.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) said: Vec<String>,
    pub(super) complained: String,
}

impl Program {
    pub(super) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Some standard libraries would ask a proxy for the way to this very machine.
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
        let mut child = command.spawn().unwrap_or_else(|cause| panic!("{command:?}: {cause}"));
        let said = gather(child.stdout.take().expect("it is piped"));
        let complained = gather(child.stderr.take().expect("it is piped"));
        Self { child, said, complained }
    }

    /// The rest of the first line that begins so, once it is printed.
    pub(super) fn line(&mut self, begin: &str) -> String {
        until(&format!("a line `{begin}…`"), || {
            let found = self.lines().iter().find_map(|line| line.strip_prefix(begin).map(str::to_owned));
            if found.is_none()
                && let Some(status) = self.child.try_wait().expect("a child")
                && !self.lines().iter().any(|line| line.starts_with(begin))
            {
                panic!("ended with {status} before `{begin}…`: {:#?} {}", self.lines(), self.complaints());
            }
            found
        })
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.said.lock().expect("no panic while held").clone()
    }

    fn complaints(&self) -> String {
        self.complained.lock().expect("no panic while held").join("\n")
    }

    /// Waits for its end.
    pub(super) fn end(mut self) -> Ended {
        let code = until("the end of a program", || self.child.try_wait().expect("a child")).code();
        // The pipes are read by threads; the last lines may be on their way.
        let gathered = |lines: &Arc<Mutex<Vec<String>>>| Arc::strong_count(lines) == 1;
        until("its last words", || (gathered(&self.said) && gathered(&self.complained)).then_some(()));
        Ended { code, said: self.lines(), complained: self.complaints() }
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Still there, after everything.
    pub(super) fn assert_alive(&mut self) {
        assert_eq!(self.child.try_wait().expect("a child"), None, "it has died: {}", self.complaints());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn gather(from: impl Read + Send + 'static) -> Arc<Mutex<Vec<String>>> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&lines);
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock().expect("no panic while held").push(line);
        }
    });
    lines
}
