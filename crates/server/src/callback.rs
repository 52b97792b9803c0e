//! The platform's entrance: verify, type, commit, and only then say success.
//!
//! ```text
//! raw body ─▶ app ─▶ Unverified ─▶ Verified ─▶ Notice ─▶ Fact ─▶ journal ─▶ commit ─▶ success
//!              └────────┴────────────┴──────────┴── anything else ─▶ err_no ≠ 0, and a line in the log
//! ```

mod reply;
mod stranger;

use std::sync::Arc;

use bytes::Bytes;
use douyin_pay_ledger::{OperationKind, OrderId, Refusal, of_notice};
use douyin_pay_protocol::ecpay::callback::{CallbackError, Notice, Unverified, Verified, echo};
use http::HeaderMap;

pub(crate) use reply::Reply;

use crate::Server;
use crate::journal::{CallbackArrival, Key, QUEUE_MAX, Submission, SubmitError, UnverifiedRow};
use crate::live::{App, Live};
use crate::ops::metrics;

/// The header that only the general trade system sends.
const TRADE_HEADER: &str = "byte-signature";
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
                metrics::callback("unknown", "unknown_app");
                return Reply::refused(http::StatusCode::NOT_FOUND, "unknown app");
            }
        },
    };
    let entrance = Entrance { server, live: &live, name, body: &body };
    let verified = match entrance.verify(&candidates, headers) {
        Ok(verified) => verified,
        Err(reply) => return reply,
    };
    match entrance.read(verified) {
        Ok((app, Told::Fact(submission))) => decide(server, &app, *submission).await,
        Ok((app, Told::Nothing(arrival))) => keep(server, &app, arrival).await,
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
    name: Option<&'a str>,
    body: &'a Bytes,
}

/// A callback whose signature is right, with the apps whose tokens fit.
struct Genuine<'a> {
    apps: Vec<Arc<App>>,
    verified: Verified<'a>,
}

impl<'a> Entrance<'a> {
    fn verify(&self, candidates: &[&Arc<App>], headers: &HeaderMap) -> Result<Genuine<'a>, Reply> {
        if headers.contains_key(TRADE_HEADER) {
            return Err(self.not_believed(&CallbackError::OtherSystem, "other_system", ""));
        }
        let unverified = Unverified::parse(self.body).map_err(|cause| {
            let verdict =
                if matches!(cause, CallbackError::OtherSystem) { "other_system" } else { "unreadable" };
            self.not_believed(&cause, verdict, "")
        })?;
        let mut genuine: Option<Genuine<'a>> = None;
        for app in candidates {
            if let Ok(verified) = unverified.clone().verify(app.config.callback_tokens()) {
                genuine
                    .get_or_insert_with(|| Genuine { apps: Vec::new(), verified })
                    .apps
                    .push(Arc::clone(app));
            }
        }
        genuine.ok_or_else(|| {
            let hint = stranger::whose_key_fits(self.live, self.name, &unverified, self.body.len());
            self.not_believed(&CallbackError::BadSignature, "bad_signature", &hint)
        })
    }

    /// The app and what it is told.
    fn read(&self, genuine: Genuine<'a>) -> Result<(Arc<App>, Told), Reply> {
        let first = &genuine.apps[0];
        let notice =
            genuine.verified.notice().map_err(|cause| self.not_believed(&cause, "unreadable", ""))?;
        let app = match notice.app_id() {
            None => Arc::clone(first),
            Some(app_id) => match genuine.apps.iter().find(|app| app.config.app_id == *app_id) {
                Some(app) => Arc::clone(app),
                None => {
                    let owner = self.live.app_of_id(app_id.as_str()).map(|app| app.config.name.as_str());
                    let hint = stranger::wrong_app(&first.config.name, app_id.as_str(), owner);
                    return Err(self.refuse("wrong_app", http::StatusCode::FORBIDDEN, "wrong app", &hint));
                }
            },
        };
        let now = self.server.env().now();
        let arrival = CallbackArrival {
            id: OrderId::new(now, self.server.env().random_u64()).get(),
            app_id: app.config.app_id.clone(),
            kind: genuine.verified.kind().to_owned(),
            number: notice.number().unwrap_or_default().to_owned(),
            received_at: now,
            body: self.body.clone(),
        };
        let told = match (of_notice(&notice, now), key(&app, &notice)) {
            (Some(fact), Some(key)) => {
                Told::Fact(Box::new(Submission { key, fact, callback: Some(arrival) }))
            }
            _ => Told::Nothing(arrival),
        };
        Ok((app, told))
    }

    fn not_believed(&self, cause: &CallbackError, verdict: &'static str, hint: &str) -> Reply {
        let (status, words) = match cause {
            CallbackError::TooLarge(_) => (http::StatusCode::PAYLOAD_TOO_LARGE, "too large"),
            CallbackError::BadSignature => (http::StatusCode::UNAUTHORIZED, "bad signature"),
            CallbackError::OtherSystem => (http::StatusCode::BAD_REQUEST, "not an ecpay callback"),
            _ => (http::StatusCode::BAD_REQUEST, "not a callback"),
        };
        let reason = if hint.is_empty() { cause.to_string() } else { format!("{cause}; {hint}") };
        self.refuse(verdict, status, words, &reason)
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
        metrics::callback(app, verdict);
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

/// What a genuine callback says to the ledger.
enum Told {
    /// A fact about an order.
    Fact(Box<Submission>),
    /// Nothing, by its kind; it is kept all the same.
    Nothing(CallbackArrival),
}

/// Keeps a genuine callback that changes nothing here.
async fn keep(server: &Server, app: &App, arrival: CallbackArrival) -> Reply {
    let (kind, number) = (arrival.kind.clone(), arrival.number.clone());
    if let Err(cause) = server.journal().keep_callback(arrival).await {
        return not_written(app, &number, &cause);
    }
    tracing::info!(app = %app.config.name, kind, "a genuine callback that changes nothing here");
    metrics::callback(&app.config.name, "ignored");
    Reply::success()
}

/// Which order it is about.
fn key(app: &App, notice: &Notice<'_>) -> Option<Key> {
    let app_id = app.config.app_id.clone();
    Some(match notice {
        Notice::Payment(payment) => Key::Order(app_id, payment.cp_orderno.clone()),
        Notice::Refund(refund) => Key::OperationOrOrder {
            app_id,
            kind: OperationKind::Refund,
            out_no: refund.cp_refundno.clone().into(),
            out_order_no: None,
            platform_order_id: refund.order_id.clone(),
        },
        Notice::Settle(settle) => Key::OperationOrOrder {
            app_id,
            kind: OperationKind::Settlement,
            out_no: settle.cp_settle_no.clone().into(),
            out_order_no: settle.out_order_no.clone(),
            platform_order_id: settle.order_id.clone(),
        },
        Notice::Other { .. } => return None,
    })
}

/// Waits for the commit and says what became of it.
async fn decide(server: &Server, app: &App, submission: Submission) -> Reply {
    let number = submission.callback.as_ref().map(|callback| callback.number.clone()).unwrap_or_default();
    let decided = match server.journal().submit(submission).await {
        Ok(decided) => decided,
        Err(cause) => return not_written(app, &number, &cause),
    };
    let verdict = decided.verdict.as_ref().map_or_else(Refusal::code, |_| "changed");
    metrics::callback(&app.config.name, verdict);
    match &decided.verdict {
        Ok(_) | Err(Refusal::Duplicate | Refusal::AlreadyFinal { .. }) => Reply::success(),
        Err(Refusal::UnknownNumber) => {
            let now = server.env().now();
            let known_for = now.since(decided.first_seen.unwrap_or(now));
            tracing::warn!(app = %app.config.name, number, known_for_ms = known_for, "a genuine callback about a number that nobody here gave");
            if known_for < UNKNOWN_REFUSED_MS {
                return Reply::refused(http::StatusCode::NOT_FOUND, "unknown number, please repeat");
            }
            Reply::success()
        }
        Err(refusal) => {
            tracing::error!(app = %app.config.name, number, verdict, "a genuine callback was not taken over: {refusal}");
            Reply::refused(http::StatusCode::CONFLICT, refusal.code())
        }
    }
}

fn not_written(app: &App, number: &str, cause: &SubmitError) -> Reply {
    tracing::error!(app = %app.config.name, number, error = %cause, "a callback could not be written; the platform will repeat it");
    metrics::callback(&app.config.name, "not_written");
    match cause {
        SubmitError::TooLarge => Reply::refused(http::StatusCode::PAYLOAD_TOO_LARGE, "too large"),
        SubmitError::Quarantined(_) | SubmitError::Rejected(_) => {
            Reply::refused(http::StatusCode::INTERNAL_SERVER_ERROR, "cannot be decided")
        }
        _ => Reply::refused(http::StatusCode::SERVICE_UNAVAILABLE, "busy, please repeat"),
    }
}
