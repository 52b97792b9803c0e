//! Delivers events to the merchant: signed, in order per order, until they are taken.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use http::{HeaderValue, Method, Request, StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::LEASE_MS;
use super::wait::{self, Worker};
use crate::Server;
use crate::config::Webhook;
use crate::journal::{DeliveryNext, DeliveryRecord, DueEvent};
use crate::ops::metrics;
use crate::webhook;

/// Deliveries at the same time; a slow receiver holds one place, not all.
const AT_ONCE: usize = 64;
/// The receiver's time to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// More of what a receiver says is not kept.
const PROBLEM_CHARS_MAX: usize = 200;
const JITTER_PERCENT: u32 = 10;

/// The waits between deliveries: together three and a half days even when the jitter shortens them all.
const WAITS: [Duration; 15] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(120),
    Duration::from_secs(600),
    Duration::from_secs(1_800),
    Duration::from_secs(3_600),
    Duration::from_secs(3 * 3_600),
    Duration::from_secs(6 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
];

/// Runs until the service stops.
pub(super) async fn run(server: Server) {
    let worker = Worker {
        next_due: |reads| reads.next_event_due(),
        step: |server, room| Box::pin(async move { step(&server, &room).await }),
        at_once: AT_ONCE,
        gather: Duration::ZERO,
    };
    wait::run(server, worker).await;
}

/// Leases what is due and starts delivering; how many events that are. Waits while all places are taken.
pub(crate) async fn step(server: &Server, room: &Arc<Semaphore>) -> usize {
    let places = wait::free_places(room).await;
    let leased = server.journal().lease_due_events(server.env().now(), places.len(), LEASE_MS).await;
    let events = leased.unwrap_or_else(|cause| {
        tracing::warn!(error = %cause, "no events could be leased; trying again");
        Vec::new()
    });
    let count = events.len();
    for (event, place) in events.into_iter().zip(places) {
        server.env().tasks.spawn("deliver_event", Box::pin(deliver(server.clone(), event, place)));
    }
    count
}

async fn deliver(server: Server, event: DueEvent, _place: OwnedSemaphorePermit) {
    let app = server.live().app_of_id(event.app_id.as_str()).cloned();
    let sent = match app.as_ref().and_then(|app| app.config.webhook.as_ref()) {
        Some(webhook) => send(&server, webhook, &event).await,
        None => Err((None, "no webhook is configured for this app".to_owned())),
    };
    let name = app.as_ref().map_or("unknown", |app| app.config.name.as_str());
    let record = judge(&server, &event, sent);
    let result = match record.next {
        DeliveryNext::Done => "delivered",
        DeliveryNext::Retry { .. } => "failed",
        DeliveryNext::Dead => "dead",
    };
    metrics::delivery(name, result);
    if let Some(problem) = &record.problem {
        tracing::warn!(event.id = %event.id, app = name, status = record.status, problem, "event {} was not taken", event.id);
    }
    // Not recorded means delivered again after the lease: at least once.
    if let Err(cause) = server.journal().record_delivery(record).await {
        tracing::warn!(event.id = %event.id, error = %cause, "the delivery could not be recorded; the event will be sent again");
    }
}

type Sent = Result<StatusCode, (Option<StatusCode>, String)>;

/// Posts the event. Fails with what the receiver did instead of taking it.
async fn send(server: &Server, to: &Webhook, event: &DueEvent) -> Sent {
    let request = request(to, event, server.env().now()).map_err(|problem| (None, problem))?;
    let response =
        server.env().net.send(request, ANSWER_WITHIN).await.map_err(|cause| (None, cause.problem))?;
    let status = response.status();
    if status.is_success() {
        return Ok(status);
    }
    let problem = if status.is_redirection() {
        format!("answered {} (a redirect is not followed); configure the final URL", status.as_u16())
    } else {
        let said = String::from_utf8_lossy(response.body());
        let said: String = said.chars().filter(|c| !c.is_control()).take(PROBLEM_CHARS_MAX).collect();
        format!("answered {} {said:?}", status.as_u16())
    };
    Err((Some(status), problem))
}

fn request(to: &Webhook, event: &DueEvent, now: UnixMs) -> Result<Request<Bytes>, String> {
    let signature = webhook::sign(&to.secrets, &event.id, now.seconds(), event.body.as_bytes());
    Request::builder()
        .method(Method::POST)
        .uri(&to.url)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header(
            header::USER_AGENT,
            HeaderValue::from_static(concat!("douyin-pay/", env!("CARGO_PKG_VERSION"))),
        )
        .header(webhook::ID, &event.id)
        .header(webhook::TIMESTAMP, now.seconds())
        .header(webhook::SIGNATURE, signature)
        .body(Bytes::from(event.body.clone()))
        .map_err(|cause| format!("the request cannot be made: {cause}"))
}

/// What becomes of the event.
fn judge(server: &Server, event: &DueEvent, sent: Sent) -> DeliveryRecord {
    let at = server.env().now();
    let (status, problem) = match sent {
        Ok(status) => (Some(status), None),
        Err((status, problem)) => (status, Some(problem)),
    };
    let next = match &problem {
        None => DeliveryNext::Done,
        Some(_) => match usize::try_from(event.attempts).ok().and_then(|tried| WAITS.get(tried)) {
            Some(wait) => {
                let wait = server.env().jitter(*wait, JITTER_PERCENT).as_millis();
                DeliveryNext::Retry { due_at: at.plus_ms(i64::try_from(wait).unwrap_or(i64::MAX)) }
            }
            None => DeliveryNext::Dead,
        },
    };
    DeliveryRecord {
        event_id: event.id.clone(),
        at,
        status: status.map(|status| status.as_u16()),
        problem,
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_tried_for_three_days_even_with_the_shortest_waits() {
        let total: Duration = WAITS.iter().sum();
        assert!(total * (100 - JITTER_PERCENT) / 100 >= Duration::from_secs(3 * 86_400));
    }
}
