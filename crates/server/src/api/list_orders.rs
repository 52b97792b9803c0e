//! `GET /v1/apps/{app}/orders`: pages of orders, newest first.

use axum::extract::{Path, State};
use douyin_pay_ledger::view::OrderView;
use douyin_pay_ledger::{OrderId, OrderState, System};
use http::StatusCode;
use serde::Serialize;

use super::caller::Caller;
use super::params::Params;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::store::OrderFilter;

/// A page.
#[derive(Serialize)]
struct Page<'a> {
    orders: Vec<OrderView<'a>>,
    /// Give it as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<OrderId>,
}

/// Orders, newest first.
#[utoipa::path(
    get, path = "/v1/apps/{app}/orders",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("state" = Option<String>, Query, description = "opening, waiting, paid, closed or refused"),
        ("system" = Option<String>, Query, description = "ecpay or trade; both if left out"),
        ("from" = Option<String>, Query, description = "Created then or later: RFC 3339, or a Beijing day"),
        ("to" = Option<String>, Query, description = "Created before: RFC 3339, or a Beijing day, that day included"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if left out"),
    ),
    responses((status = 200, body = schemas::Orders, description = "`orders`, and `next` if there are more"), (status = 404, description = "No such app"))
)]
pub(crate) async fn list_orders(
    State(server): State<Server>,
    caller: Caller,
    Path(app): Path<String>,
    mut params: Params,
) -> ApiResult {
    let app = caller.app(&app)?;
    let limit = params.limit()?;
    let filter = OrderFilter {
        app_id: app.config.app_id.clone(),
        state: params.parsed::<OrderState>("state", "opening, waiting, paid, closed or refused")?,
        system: params.parsed::<System>("system", "ecpay or trade")?,
        from: params.moment("from", false)?,
        to: params.moment("to", true)?,
        after: params.parsed::<OrderId>("after", "an order id; give `next` of the page before")?,
        // One more than is shown tells whether there is another page.
        limit: limit + 1,
    };
    params.finish()?;
    let mut orders = server.reads().orders(filter).await.map_err(|cause| ApiError::unreadable(&cause))?;
    let more = orders.len() > limit;
    orders.truncate(limit);
    let next = orders.last().filter(|_| more).map(|order| order.id);
    Ok(replies::json(StatusCode::OK, &Page { orders: orders.iter().map(OrderView::brief).collect(), next }))
}
