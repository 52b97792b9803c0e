//! `GET /v1/exceptions`: what a human must see.

use std::collections::BTreeMap;

use axum::extract::State;
use douyin_pay_ledger::view::Beijing;
use douyin_pay_ledger::{Order, OrderId};
use http::StatusCode;
use serde::Serialize;

use super::caller::Caller;
use super::params::Params;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::store::{ExceptionRow, LoadKey};

#[derive(Serialize)]
struct Page<'a> {
    exceptions: Vec<Entry<'a>>,
    /// Give it as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: i64,
    kind: &'a str,
    detail: &'a str,
    opened_at: Beijing,
    repeats: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    out_order_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(row: &'a ExceptionRow, order: Option<&'a Order>) -> Self {
        Self {
            id: row.id,
            kind: &row.kind,
            detail: &row.detail,
            opened_at: Beijing(row.opened_at),
            repeats: row.repeats,
            order_id: row.order_id,
            out_order_no: order.map(|order| order.out_order_no.as_str()),
            resolved_at: row.resolved_at.map(Beijing),
            resolved_by: row.resolved_by.as_deref(),
            note: row.note.as_deref(),
        }
    }
}

/// Exceptions, newest first: the open ones unless `state=all`.
#[utoipa::path(
    get, path = "/v1/exceptions",
    params(
        ("state" = Option<String>, Query, description = "`open` (if left out) or `all`"),
        ("after" = Option<i64>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if left out"),
    ),
    responses((status = 200, body = schemas::Exceptions, description = "`exceptions`, and `next` if there may be more"))
)]
pub(crate) async fn list_exceptions(
    State(server): State<Server>,
    caller: Caller,
    mut params: Params,
) -> ApiResult {
    let open_only = match params.text("state").as_deref() {
        None | Some("open") => true,
        Some("all") => false,
        Some(other) => {
            return Err(ApiError::bad_request(format!("`state`: `{other}` is unknown; write open or all")));
        }
    };
    let after = params.parsed::<i64>("after", "a number; give `next` of the page before")?;
    let limit = params.limit()?;
    params.finish()?;
    let rows = server
        .reads()
        .exceptions(open_only, after, limit)
        .await
        .map_err(|cause| ApiError::unreadable(&cause))?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.id);
    let orders = orders(&server, &rows).await;
    let order = |row: &ExceptionRow| row.order_id.and_then(|id| orders.get(&id));
    let visible = rows.iter().filter(|row| sees(&caller, order(row)));
    let exceptions = visible.map(|row| Entry::of(row, order(row))).collect();
    Ok(replies::json(StatusCode::OK, &Page { exceptions, next }))
}

/// Whether the caller may see an exception about this order.
fn sees(caller: &Caller, order: Option<&Order>) -> bool {
    match order {
        Some(order) => caller.sees(Some(order.app_id.as_str())),
        // What belongs to no order concerns the whole service.
        None => caller.require(Role::Operator).is_ok(),
    }
}

/// Whether there is an open exception of that id that the caller may see.
pub(super) async fn is_open(server: &Server, caller: &Caller, id: i64) -> Result<bool, ApiError> {
    let found = server.reads().exceptions(true, Some(id.saturating_add(1)), 1).await;
    let rows = found.map_err(|cause| ApiError::unreadable(&cause))?;
    let orders = orders(server, &rows).await;
    let order = |row: &ExceptionRow| row.order_id.and_then(|id| orders.get(&id));
    Ok(rows.iter().any(|row| row.id == id && sees(caller, order(row))))
}

async fn orders(server: &Server, rows: &[ExceptionRow]) -> BTreeMap<OrderId, Order> {
    let keys: Vec<LoadKey> = rows.iter().filter_map(|row| row.order_id).map(LoadKey::Id).collect();
    // A damaged order must not hide the exception that says so.
    let found = server.reads().orders_of(keys).await.unwrap_or_default();
    found.into_iter().flatten().map(|order| (order.id, order)).collect()
}
