//! Remembers what goes over the wire, so that the demo can show it.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Clock, Net, NetError, UnixMs};
use http::{HeaderMap, Request, Response};
use serde::Serialize;

/// Older exchanges are forgotten.
const EXCHANGES_MAX: usize = 2_000;
/// Longer answers are cut.
const ANSWER_BYTES_MAX: usize = 8 << 10;
/// Headers without which a copied command would not work.
const HEADERS_SHOWN: [&str; 9] = [
    "authorization",
    "access-token",
    "content-type",
    "byte-timestamp",
    "byte-nonce-str",
    "byte-signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
];
/// Below it the mock stands in for the customer's phone.
const CLIENT_PATH: &str = "/mock/client/";

/// Who asks whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// The shop asks the service.
    Rest,
    /// The customer's phone asks the platform.
    Client,
    /// The service asks the platform.
    Call,
    /// The platform tells the service.
    Callback,
    /// The service tells the shop.
    Event,
}

/// One request and what came back.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Exchange {
    /// Counts all exchanges from 1.
    pub(super) n: u64,
    pub(super) kind: Kind,
    /// When it was sent, and when the answer came.
    #[serde(skip)]
    pub(super) at: UnixMs,
    pub(super) method: String,
    /// The last part of the path: `create_order`, `refunds`, …
    pub(super) name: String,
    #[serde(skip)]
    path: String,
    #[serde(skip)]
    pub(super) body: String,
    /// The request as a command that can be run again.
    pub(super) curl: String,
    /// `None` while it is under way, and when no answer came.
    pub(super) status: Option<u16>,
    pub(super) answer: String,
    /// Why there is no answer.
    pub(super) problem: Option<String>,
}

impl Exchange {
    /// Whether the request concerns one of these numbers; numbers of operations begin with their order's.
    fn is_about(&self, numbers: &[&str]) -> bool {
        numbers.iter().any(|number| self.body.contains(number) || self.path.contains(number))
    }
}

/// All exchanges; clones look at the same ones.
#[derive(Clone)]
pub(super) struct Wire(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    service: String,
    platform: String,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    exchanges: VecDeque<Exchange>,
    last: u64,
}

impl Wire {
    /// A wire between these base URLs; whoever else is called is the shop.
    pub(super) fn new(clock: Arc<dyn Clock>, service: String, platform: String) -> Self {
        Self(Arc::new(Inner { clock, service, platform, log: Mutex::default() }))
    }

    /// A door to the network that is listened to.
    pub(super) fn net(&self, inner: Arc<dyn Net>) -> Arc<dyn Net> {
        Arc::new(Tapped { wire: self.clone(), inner })
    }

    /// Everything that concerned an order, in the order in which it was sent; it has a number on each side.
    pub(super) fn about(&self, numbers: &[&str]) -> Vec<Exchange> {
        let log = self.0.log.lock().expect("no panic while locked");
        log.exchanges.iter().filter(|exchange| exchange.is_about(numbers)).cloned().collect()
    }

    fn kind(&self, url: &str, path: &str) -> Kind {
        if url.starts_with(&self.0.platform) {
            if path.starts_with(CLIENT_PATH) { Kind::Client } else { Kind::Call }
        } else if !url.starts_with(&self.0.service) {
            Kind::Event
        } else if path.starts_with("/callbacks") {
            Kind::Callback
        } else {
            Kind::Rest
        }
    }

    fn begin(&self, request: &Request<Bytes>) -> u64 {
        let (url, path) = (request.uri().to_string(), request.uri().path().to_owned());
        let kind = self.kind(&url, &path);
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let mut log = self.0.log.lock().expect("no panic while locked");
        log.last += 1;
        let exchange = Exchange {
            n: log.last,
            kind,
            at: self.0.clock.now(),
            method: request.method().to_string(),
            name: path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
            curl: curl(request.method().as_str(), &url, request.headers(), &body),
            path,
            body,
            status: None,
            answer: String::new(),
            problem: None,
        };
        if log.exchanges.len() == EXCHANGES_MAX {
            log.exchanges.pop_front();
        }
        log.exchanges.push_back(exchange);
        log.last
    }

    fn end(&self, n: u64, outcome: &Result<Response<Bytes>, NetError>) {
        let mut log = self.0.log.lock().expect("no panic while locked");
        let Some(first) = log.exchanges.front().map(|exchange| exchange.n) else { return };
        let place = n.checked_sub(first).and_then(|place| usize::try_from(place).ok());
        let Some(exchange) = place.and_then(|place| log.exchanges.get_mut(place)) else { return };
        match outcome {
            Ok(response) => {
                let body = response.body();
                exchange.status = Some(response.status().as_u16());
                exchange.answer =
                    String::from_utf8_lossy(&body[..body.len().min(ANSWER_BYTES_MAX)]).into_owned();
            }
            Err(cause) => exchange.problem = Some(cause.problem.clone()),
        }
    }
}

struct Tapped {
    wire: Wire,
    inner: Arc<dyn Net>,
}

impl Net for Tapped {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let n = self.wire.begin(&request);
        let (wire, sending) = (self.wire.clone(), self.inner.send(request, deadline));
        Box::pin(async move {
            let outcome = sending.await;
            wire.end(n, &outcome);
            outcome
        })
    }
}

/// The request as a command for a shell.
pub(super) fn curl(method: &str, url: &str, headers: &HeaderMap, body: &str) -> String {
    let mut command = String::from("curl -sS");
    if method != "GET" && (method != "POST" || body.is_empty()) {
        write!(command, " -X {method}").expect("a text can be written to");
    }
    write!(command, " {}", quoted(url)).expect("a text can be written to");
    for name in HEADERS_SHOWN {
        if let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) {
            write!(command, " \\\n  -H {}", quoted(&format!("{name}: {value}")))
                .expect("a text can be written to");
        }
    }
    if !body.is_empty() {
        write!(command, " \\\n  -d {}", quoted(body)).expect("a text can be written to");
    }
    command
}

/// In single quotes nothing but a single quote means anything to a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::curl;
    use http::HeaderMap;

    #[test]
    fn a_shell_gives_back_the_very_bytes() {
        let body = r#"{"subject":"Bob's $5 \"latte\" `x` \\ 拿铁"}"#;
        let command = curl("POST", "http://127.0.0.1:1/a?b=c", &HeaderMap::new(), body);
        let shown = command.replacen("curl -sS", "printf '%s\\n'", 1);
        let output = std::process::Command::new("sh").args(["-c", &shown]).output().expect("a shell");
        let lines = String::from_utf8(output.stdout).expect("UTF-8");
        assert_eq!(lines.lines().collect::<Vec<_>>(), ["http://127.0.0.1:1/a?b=c", "-d", body]);
    }

    #[test]
    fn the_method_is_named_where_curl_would_choose_another() {
        let command = |method, body| curl(method, "http://127.0.0.1:1/", &HeaderMap::new(), body);
        assert!(command("POST", "").contains("-X POST"));
        assert!(command("PUT", "{}").contains("-X PUT"));
        assert!(!command("POST", "{}").contains("-X"));
        assert!(!command("GET", "").contains("-X"));
    }
}
