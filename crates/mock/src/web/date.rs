//! `Date` on every answer: the mock's clock, and how far it is moved on purpose.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::DATE;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::mock::Mock;

/// Adds `Date`, which whoever asks may compare with his own clock.
pub(super) async fn date(State(mock): State<Mock>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let offset_ms = mock.platform().switches.date_offset_seconds.saturating_mul(1000);
    let now = Timestamp::from_millisecond(mock.now().plus_ms(offset_ms).get()).unwrap_or(Timestamp::MAX);
    // Far from our era there is no such text; the answer goes without.
    if let Ok(text) = DateTimePrinter::new().timestamp_to_rfc9110_string(&now)
        && let Ok(value) = HeaderValue::from_str(&text)
    {
        response.headers_mut().insert(DATE, value);
    }
    response
}
