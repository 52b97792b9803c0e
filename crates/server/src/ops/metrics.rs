//! `GET /metrics`: ten figures that an operator would alert on, as Prometheus text.

use std::sync::OnceLock;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use douyin_pay_ledger::System;
use http::header;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::Server;

const HTTP_REQUESTS: &str = "douyin_pay_http_requests_total";
const CALLBACKS: &str = "douyin_pay_callbacks_total";
const PLATFORM_CALLS: &str = "douyin_pay_platform_calls_total";
const PLATFORM_CALL_SECONDS: &str = "douyin_pay_platform_call_seconds";
const DELIVERIES: &str = "douyin_pay_deliveries_total";
const JOURNAL_WAITING: &str = "douyin_pay_journal_waiting";
const ORDERS_OVERDUE_SECONDS: &str = "douyin_pay_orders_overdue_seconds";
const EVENTS_PENDING: &str = "douyin_pay_events_pending";
const OLDEST_EVENT_SECONDS: &str = "douyin_pay_oldest_event_seconds";
const EXCEPTIONS_OPEN: &str = "douyin_pay_exceptions_open";

const CALL_BUCKETS_SECONDS: [f64; 8] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Collects the figures of this process, from the first call on. Servers of one process count together.
pub(crate) fn install() {
    handle();
}

fn handle() -> Option<&'static PrometheusHandle> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let made = HANDLE.get_or_init(|| {
        let calls = Matcher::Full(PLATFORM_CALL_SECONDS.to_owned());
        let builder = PrometheusBuilder::new().set_buckets_for_metric(calls, &CALL_BUCKETS_SECONDS).ok()?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        // A program around us may collect already; then its exporter has our figures.
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(handle)
    });
    made.as_ref()
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests by method, route and status");
    describe_counter!(CALLBACKS, "Callbacks of the platform by app, payment system and verdict");
    describe_counter!(PLATFORM_CALLS, "Attempts at calls to the platform by app, endpoint and outcome");
    describe_histogram!(PLATFORM_CALL_SECONDS, "How long an attempt at a call took");
    describe_counter!(DELIVERIES, "Deliveries of events by app and result");
    describe_gauge!(JOURNAL_WAITING, "Changes that wait to be written");
    describe_gauge!(ORDERS_OVERDUE_SECONDS, "How long the most overdue order has waited to be asked about");
    describe_gauge!(EVENTS_PENDING, "Events that are not delivered yet");
    describe_gauge!(OLDEST_EVENT_SECONDS, "Age of the oldest event that is not delivered yet");
    describe_gauge!(EXCEPTIONS_OPEN, "Exceptions that nobody resolved");
}

pub(crate) fn http_request(method: &http::Method, route: &str, status: u16) {
    // Anybody may invent methods; each would be a series of its own.
    let known =
        [http::Method::GET, http::Method::POST, http::Method::PUT, http::Method::HEAD].contains(method);
    let method = if known { method.as_str() } else { "other" };
    let labels = [("method", method.to_owned()), ("route", route.to_owned()), ("status", status.to_string())];
    counter!(HTTP_REQUESTS, &labels).increment(1);
}

/// `system` is missing where it cannot be told.
pub(crate) fn callback(app: &str, system: Option<System>, verdict: &'static str) {
    let system = system.map_or("-", System::as_str);
    counter!(CALLBACKS, "app" => app.to_owned(), "system" => system, "verdict" => verdict).increment(1);
}

pub(crate) fn platform_call(app_id: &str, endpoint: &'static str, outcome: &'static str, millis: u64) {
    counter!(PLATFORM_CALLS, "app_id" => app_id.to_owned(), "endpoint" => endpoint, "outcome" => outcome)
        .increment(1);
    let seconds = std::time::Duration::from_millis(millis).as_secs_f64();
    histogram!(PLATFORM_CALL_SECONDS, "endpoint" => endpoint).record(seconds);
}

pub(crate) fn delivery(app: &str, result: &'static str) {
    counter!(DELIVERIES, "app" => app.to_owned(), "result" => result).increment(1);
}

/// Figures of the service as Prometheus text.
#[utoipa::path(get, path = "/metrics", responses((status = 200, description = "Prometheus text")))]
pub(crate) async fn get_metrics(State(server): State<Server>) -> Response {
    look(&server).await;
    let text = handle().map(|handle| {
        handle.run_upkeep();
        handle.render()
    });
    let text = text.unwrap_or_else(|| "# collected by the program around the service\n".to_owned());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Sets the figures that are looked up rather than counted.
async fn look(server: &Server) {
    let now = server.env().now();
    let age = |since: Option<douyin_pay_env::UnixMs>| {
        let ms = since.map_or(0, |since| now.since(since).max(0));
        std::time::Duration::from_millis(ms.unsigned_abs()).as_secs_f64()
    };
    set(JOURNAL_WAITING, u64::try_from(server.journal().waiting()).unwrap_or(u64::MAX));
    if let Ok(due) = server.reads().next_order_due().await {
        gauge!(ORDERS_OVERDUE_SECONDS).set(age(due));
    }
    match server.reads().counts().await {
        Ok(counts) => {
            set(EVENTS_PENDING, counts.pending_events);
            set(EXCEPTIONS_OPEN, counts.open_exceptions);
            gauge!(OLDEST_EVENT_SECONDS).set(age(counts.oldest_pending_event));
        }
        Err(cause) => tracing::warn!(error = %cause, "the books could not be counted"),
    }
}

fn set(name: &'static str, count: u64) {
    gauge!(name).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
}
