//! Child processes that end with the test, whatever happens.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A child that is killed by its id when the test ends.
pub(crate) struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ended_already = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// A running `dev`.
pub(crate) struct Dev {
    _child: Guarded,
    pub(crate) told: Value,
}

impl Dev {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_douyin-pay"))
            .args(["dev", "--port", "0", "--json"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let child = Guarded(child);
        let told = serde_json::from_str(&line).unwrap_or_else(|cause| panic!("{cause}: {line}"));
        Self { _child: child, told }
    }

    pub(crate) fn url(&self, of: &str) -> &str {
        self.told[of].as_str().expect("a URL")
    }
}

/// A running chromedriver.
pub(crate) struct Driver {
    _child: Guarded,
    pub(crate) url: String,
}

impl Driver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let started = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .arg("--log-level=SEVERE")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let child = started.unwrap_or_else(|cause| {
            panic!("chromedriver does not start ({cause}); install the packages chromium and chromium-driver")
        });
        Self { _child: Guarded(child), url: format!("http://127.0.0.1:{port}") }
    }
}
