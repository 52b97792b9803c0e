//! The platform's entrance: verify, type, commit, and only then say success.
//!
//! ```text
//! raw body ─▶ app ─▶ Unverified ─▶ Verified ─▶ Notice ─▶ Fact ─▶ journal ─▶ commit ─▶ success
//!              └────────┴────────────┴──────────┴── anything else ─▶ err_no ≠ 0, and a line in the log
//! ```
//!
//! A signature in the headers or a `version` in the body: the general trade system. Everything else: guaranteed payment.

mod ecpay;
mod reply;
mod stranger;
mod trade;

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_ledger::{Fact, OrderId, Refusal, System};
use douyin_pay_protocol::ecpay::callback::echo;
use douyin_pay_protocol::trade::callback::{SIGNATURE_HEADER, looks_like_trade};
use http::HeaderMap;

pub(crate) use reply::Reply;

use crate::Server;
use crate::journal::{CallbackArrival, Key, QUEUE_MAX, Submission, SubmitError, UnverifiedRow};
use crate::live::{App, Live};
use crate::ops::metrics;

/// A callback about a number that nobody knows is refused for so long after our first sight of it: a
/// transaction of our own may still be committing, and the platform repeats.
const UNKNOWN_REFUSED_MS: i64 = 10 * 60_000;
/// While more than this waits to be written, refused deliveries are logged and not kept.
const UNVERIFIED_WAITING_MAX: usize = QUEUE_MAX / 8;

/// Takes one callback in. `name` is the app in the path, if the path has one.
pub(crate) async fn receive(server: &Server, name: Option<&str>, headers: &HeaderMap, body: Bytes) -> Reply {
    let live = server.live();
    let candidates: Vec<&Arc<App>> = match name {
        None => live.apps().collect(),
        Some(name) => match live.app(name) {
            Some(app) => vec![app],
            None => {
                tracing::warn!(
                    name,
                    "a callback came for an app that is not configured; check the notify URL and `aliases`"
                );
                metrics::callback("unknown", None, "unknown_app");
                return Reply::refused(http::StatusCode::NOT_FOUND, "unknown app");
            }
        },
    };
    let system = match looks_like_trade(headers.contains_key(SIGNATURE_HEADER), &body) {
        true => System::Trade,
        false => System::Ecpay,
    };
    let entrance = Entrance { server, live: &live, name, system, candidates, body: &body };
    let heard = match system {
        System::Trade => trade::hear(&entrance, headers),
        System::Ecpay => ecpay::hear(&entrance),
    };
    match heard {
        Ok(Heard { app, told, success }) => Taking { server, app: &app, system, success }.take(told).await,
        Err(reply) => reply,
    }
}

/// Answers the console's check of a URL; `None` when the signature fits no token.
pub(crate) fn check_url(server: &Server, name: Option<&str>, query: &EchoQuery) -> Option<String> {
    let live = server.live();
    let mut apps = live.apps().filter(|app| match name {
        None => true,
        Some(name) => live.app(name).is_some_and(|named| Arc::ptr_eq(named, app)),
    });
    let EchoQuery { signature, timestamp, nonce, echostr } = query;
    apps.any(|app| echo(app.config.callback_tokens(), signature, timestamp, nonce)).then(|| echostr.clone())
}

/// What the console's check sends.
pub(crate) struct EchoQuery {
    pub(crate) signature: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) echostr: String,
}

/// One callback on its way in.
struct Entrance<'a> {
    server: &'a Server,
    live: &'a Live,
    /// The app in the path, if the path has one.
    name: Option<&'a str>,
    system: System,
    /// The apps that it may be for.
    candidates: Vec<&'a Arc<App>>,
    body: &'a Bytes,
}

/// A callback that is genuine and can be read.
struct Heard {
    app: Arc<App>,
    told: Told,
    /// What the platform is answered once it is written.
    success: Reply,
}

/// What a genuine callback says to the ledger.
enum Told {
    /// A fact about an order.
    Fact(Box<Submission>),
    /// Nothing, by its kind; it is kept all the same.
    Nothing(CallbackArrival),
}

impl Told {
    fn of(arrival: CallbackArrival, fact: Option<Fact>, key: Option<Key>) -> Self {
        match (fact, key) {
            (Some(fact), Some(key)) => {
                Self::Fact(Box::new(Submission { key, fact, callback: Some(arrival) }))
            }
            _ => Self::Nothing(arrival),
        }
    }
}

impl Entrance<'_> {
    /// Among the apps whose keys fit, the one that the message is about.
    fn app_of(&self, fitting: &[Arc<App>], app_id: &str) -> Result<Arc<App>, Reply> {
        if let Some(app) = fitting.iter().find(|app| app.config.app_id.as_str() == app_id) {
            return Ok(Arc::clone(app));
        }
        let owner = self.live.app_of_id(app_id).map(|app| app.config.name.as_str());
        let came_to = fitting.first().map_or("-", |app| app.config.name.as_str());
        let hint = stranger::wrong_app(came_to, app_id, owner);
        Err(self.refuse("wrong_app", http::StatusCode::FORBIDDEN, "wrong app", &hint))
    }

    /// The callback as it is kept.
    fn arrival(&self, app: &App, kind: &str, number: &str) -> CallbackArrival {
        let now = self.server.env().now();
        CallbackArrival {
            id: OrderId::new(now, self.server.env().random_u64()).get(),
            app_id: app.config.app_id.clone(),
            kind: kind.to_owned(),
            number: number.to_owned(),
            received_at: now,
            body: self.body.clone(),
        }
    }

    /// Refuses, keeps the delivery for a human to look at, and says why in the log.
    fn refuse(
        &self,
        verdict: &'static str,
        status: http::StatusCode,
        words: &'static str,
        reason: &str,
    ) -> Reply {
        let app = self.name.and_then(|name| self.live.app(name)).map_or("-", |app| app.config.name.as_str());
        tracing::warn!(app, verdict, reason, "a callback was refused: {reason}");
        metrics::callback(app, Some(self.system), verdict);
        // A flood of forged callbacks must not take the queue away from genuine ones.
        if self.server.journal().waiting() < UNVERIFIED_WAITING_MAX {
            self.keep(app, reason);
        }
        Reply::refused(status, words)
    }

    fn keep(&self, app: &str, reason: &str) {
        self.server.journal().note_unverified(UnverifiedRow {
            app: app.to_owned(),
            at: self.server.env().now(),
            reason: reason.to_owned(),
            body: self.body.slice(..self.body.len().min(UnverifiedRow::BODY_BYTES_MAX)),
        });
    }
}

/// A genuine callback on its way into the books.
struct Taking<'a> {
    server: &'a Server,
    app: &'a App,
    system: System,
    success: Reply,
}

impl Taking<'_> {
    async fn take(self, told: Told) -> Reply {
        match told {
            Told::Fact(submission) => self.decide(*submission).await,
            Told::Nothing(arrival) => self.keep(arrival).await,
        }
    }

    fn count(&self, verdict: &'static str) {
        metrics::callback(&self.app.config.name, Some(self.system), verdict);
    }

    /// Keeps what changes nothing here.
    async fn keep(self, arrival: CallbackArrival) -> Reply {
        let (kind, number) = (arrival.kind.clone(), arrival.number.clone());
        if let Err(cause) = self.server.journal().keep_callback(arrival).await {
            return self.not_written(&number, &cause);
        }
        tracing::info!(app = %self.app.config.name, kind, "a genuine callback that changes nothing here");
        self.count("ignored");
        self.success
    }

    /// Waits for the commit and says what became of it.
    async fn decide(self, submission: Submission) -> Reply {
        let number = submission.callback.as_ref().map(|callback| callback.number.clone()).unwrap_or_default();
        let decided = match self.server.journal().submit(submission).await {
            Ok(decided) => decided,
            Err(cause) => return self.not_written(&number, &cause),
        };
        let verdict = decided.verdict.as_ref().map_or_else(Refusal::code, |_| "changed");
        self.count(verdict);
        let app = &self.app.config.name;
        match &decided.verdict {
            Ok(_) | Err(Refusal::Duplicate | Refusal::AlreadyFinal { .. }) => self.success,
            Err(Refusal::UnknownNumber) => {
                let now = self.server.env().now();
                let known_for = now.since(decided.first_seen.unwrap_or(now));
                tracing::warn!(
                    app,
                    number,
                    known_for_ms = known_for,
                    "a genuine callback about a number that nobody here gave"
                );
                if known_for < UNKNOWN_REFUSED_MS {
                    return Reply::refused(http::StatusCode::NOT_FOUND, "unknown number, please repeat");
                }
                self.success
            }
            Err(refusal) => {
                tracing::error!(app, number, verdict, "a genuine callback was not taken over: {refusal}");
                Reply::refused(http::StatusCode::CONFLICT, refusal.code())
            }
        }
    }

    fn not_written(&self, number: &str, cause: &SubmitError) -> Reply {
        tracing::error!(app = %self.app.config.name, number, error = %cause, "a callback could not be written; the platform will repeat it");
        self.count("not_written");
        match cause {
            SubmitError::TooLarge => Reply::refused(http::StatusCode::PAYLOAD_TOO_LARGE, "too large"),
            SubmitError::Quarantined(_) | SubmitError::Rejected(_) => {
                Reply::refused(http::StatusCode::INTERNAL_SERVER_ERROR, "cannot be decided")
            }
            _ => Reply::refused(http::StatusCode::SERVICE_UNAVAILABLE, "busy, please repeat"),
        }
    }
}
