//! `GET /v1/apps/{app}/orders/{out_order_no}/timeline`: everything that happened around an order.

use axum::extract::{Path, State};
use douyin_pay_env::UnixMs;
use http::StatusCode;
use serde_json::{Value, json};

use super::caller::Caller;
use super::get_order::find;
use super::params::Params;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::store::Timeline;

/// Opens the cashier in the payer's name: not for logs and screens.
const HIDDEN_MEMBER: &str = "order_token";

/// Every fact, callback, event and call about an order, in order of time.
#[utoipa::path(
    get, path = "/v1/apps/{app}/orders/{out_order_no}/timeline",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    responses((status = 200, body = schemas::Timeline, description = "`entries`, oldest first"), (status = 404, description = "No such app or order"))
)]
pub(crate) async fn get_timeline(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    let app = caller.app(&app)?;
    params.finish()?;
    let order = find(&server, &app, &out_order_no).await?;
    let timeline = server.reads().timeline(order.id).await.map_err(|cause| ApiError::unreadable(&cause))?;
    let reply = json!({ "id": order.id, "out_order_no": order.out_order_no, "entries": entries(&timeline) });
    Ok(replies::json(StatusCode::OK, &reply))
}

fn entries(timeline: &Timeline) -> Vec<Value> {
    let mut entries: Vec<(UnixMs, Value)> = Vec::new();
    for row in &timeline.calls {
        let entry = json!({
            "entry": "call", "endpoint": row.endpoint, "outcome": row.outcome, "millis": row.millis, "attempt": row.attempt,
            "err_no": row.err_no, "http_status": row.http_status, "log_id": row.log_id,
        });
        entries.push((row.at, entry));
    }
    for row in &timeline.callbacks {
        let entry = json!({
            "entry": "callback", "kind": row.kind, "number": row.number, "verdict": row.verdict, "repeats": row.repeats,
        });
        entries.push((row.received_at, entry));
    }
    for row in &timeline.facts {
        let mut what = serde_json::to_value(&row.fact.what).unwrap_or_default();
        // A fact that says no more than its name has a member too.
        if let Value::String(name) = what {
            what = json!({ name: {} });
        }
        hide(&mut what);
        entries.push((
            row.fact.at,
            json!({ "entry": "fact", "seq": row.seq, "source": row.fact.source, "what": what }),
        ));
    }
    for row in &timeline.events {
        let entry = json!({
            "entry": "event", "id": row.id, "type": row.kind, "state": row.state, "attempts": row.attempts,
            "last_status": row.last_status, "last_problem": row.last_problem,
        });
        entries.push((row.created_at, entry));
    }
    // Stable: what has the same time stays in the order of cause and effect above.
    entries.sort_by_key(|(at, _)| *at);
    let with_time = |(at, mut entry): (UnixMs, Value)| {
        entry["at"] = at.rfc3339().into();
        entry
    };
    entries.into_iter().map(with_time).collect()
}

fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == HIDDEN_MEMBER && !member.is_null() {
                    *member = "(hidden)".into();
                } else {
                    hide(member);
                }
            }
        }
        Value::Array(members) => members.iter_mut().for_each(hide),
        _ => {}
    }
}
