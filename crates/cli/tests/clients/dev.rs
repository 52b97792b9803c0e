//! `douyin-pay dev` as a process, and the strings behind its stage.

use std::process::Command;

use serde_json::{Value, json};

use super::program::Program;
use super::wire;

/// A running world whose app `mine` sends its events to `webhook_port`.
pub(super) struct Dev {
    _program: Program,
    told: Value,
}

impl Dev {
    pub(super) fn start(webhook_port: u16) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_douyin-pay"));
        let webhook = format!("http://127.0.0.1:{webhook_port}/hooks");
        command.args(["dev", "--port", "0", "--json", "--webhook", &webhook]);
        let mut program = Program::start(command);
        let told = format!("{{{}", program.line("{"));
        let told = serde_json::from_str(&told).unwrap_or_else(|cause| panic!("{cause}: {told}"));
        Self { _program: program, told }
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap_or_else(|| panic!("`{name}` in {}", self.told))
    }

    fn mock(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let port = self.text("mock").rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        wire::json(method, port, path, body)
    }

    /// The user pays in the cashier.
    pub(super) fn pay(&self, order_id: &Value) {
        let ask = json!({ "order_id": order_id, "way": 2, "outcome": "success" });
        self.mock("POST", "/mock/pay", Some(&ask));
    }

    pub(super) fn jump(&self, seconds: u64) {
        self.mock("POST", "/mock/clock", Some(&json!({ "advance_seconds": seconds })));
    }

    /// The platform's books about one order.
    pub(super) fn books(&self, number: &str) -> Value {
        self.mock("GET", &format!("/mock/books?app_id=tt0000000000000002&out_order_no={number}"), None)
    }

    /// Waits until the platform has taken on something, then lets time pass until it is done.
    pub(super) fn finish(&self, number: &str, list: &str) {
        wire::until(&format!("something under way in `{list}`"), || {
            let books = self.books(number);
            let all = books[list].as_array().expect("a list");
            all.iter().any(|one| one["status"] == "PROCESSING").then_some(())
        });
        self.jump(60);
    }
}
