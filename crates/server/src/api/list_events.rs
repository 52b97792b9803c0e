//! `GET /v1/events`: the feed of events, for whoever missed a delivery.

use axum::extract::State;
use douyin_pay_ledger::view::Beijing;
use http::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use super::caller::Caller;
use super::params::Params;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::store::EventRow;

#[derive(Serialize)]
struct Page<'a> {
    events: Vec<Entry<'a>>,
    /// Give it as `after` to read on; the same as before when nothing is new.
    next_after: i64,
}

#[derive(Serialize)]
struct Entry<'a> {
    feed_no: i64,
    id: &'a str,
    r#type: &'a str,
    created_at: Beijing,
    state: &'a str,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_problem: Option<&'a str>,
    /// The body as it was or will be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

impl<'a> From<&'a EventRow> for Entry<'a> {
    fn from(row: &'a EventRow) -> Self {
        Self {
            feed_no: row.feed_no,
            id: &row.id,
            r#type: &row.kind,
            created_at: Beijing(row.created_at),
            state: &row.state,
            attempts: row.attempts,
            last_status: row.last_status,
            last_problem: row.last_problem.as_deref(),
            body: serde_json::from_str(&row.body).ok(),
        }
    }
}

/// Events in the order of the feed; a reader that remembers `next_after` never skips one.
#[utoipa::path(
    get, path = "/v1/events",
    params(
        ("after" = Option<i64>, Query, description = "`next_after` of the page before; 0 begins at the beginning"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if left out"),
    ),
    responses((status = 200, body = schemas::Events, description = "`events` of the key's apps, and `next_after`"))
)]
pub(crate) async fn list_events(
    State(server): State<Server>,
    caller: Caller,
    mut params: Params,
) -> ApiResult {
    let after = params.parsed::<i64>("after", "a number; give `next_after` of the page before")?.unwrap_or(0);
    let limit = params.limit()?;
    params.finish()?;
    let rows = match caller.app_ids() {
        // Its apps are no longer configured: an empty list would mean all.
        Some(app_ids) if app_ids.is_empty() => Vec::new(),
        app_ids => {
            let read = server.reads().events(after, limit, app_ids.unwrap_or_default()).await;
            read.map_err(|cause| ApiError::unreadable(&cause))?
        }
    };
    let next_after = rows.last().map_or(after, |row| row.feed_no);
    Ok(replies::json(StatusCode::OK, &Page { events: rows.iter().map(Entry::from).collect(), next_after }))
}
