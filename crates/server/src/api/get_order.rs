//! `GET /v1/apps/{app}/orders/{out_order_no}`: an order as the books have it, or as the platform says now.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use douyin_pay_ledger::{Order, OrderState, System, Target};
use douyin_pay_protocol::OutOrderNo;
use tracing::Instrument;

use super::caller::Caller;
use super::params::Params;
use super::remember::{by_id, check_turn, load};
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::ask::Ask;
use crate::live::App;
use crate::store::LoadKey;
use crate::workers::reconcile::query_endpoint;

/// A person waits at most so long for the platform's word.
const QUERY_WAIT: Duration = Duration::from_secs(8);

/// An order with its refunds and settlements, and `pay` while it can be paid.
#[utoipa::path(
    get, path = "/v1/apps/{app}/orders/{out_order_no}",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
        ("query" = Option<String>, Query, description = "`now` asks the platform first; for operators"),
    ),
    responses(
        (status = 200, body = schemas::Order, description = "The order"),
        (status = 404, description = "No such app or order"),
        (status = 502, description = "`platform_silent`: asked with `query=now`, and nothing was told"),
        (status = 503, description = "`paced`: the platform may not be asked at once"),
    )
)]
pub(crate) async fn get_order(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    mut params: Params,
) -> ApiResult {
    let app = caller.app(&app)?;
    let now = params.query_now()?;
    params.finish()?;
    let order = find(&server, &app, &out_order_no).await?;
    let order = if now { query_now(&server, &caller, &app, order, Target::Order).await? } else { order };
    Ok(replies::order(&order))
}

/// The order of that number.
pub(super) async fn find(server: &Server, app: &App, out_order_no: &str) -> Result<Order, ApiError> {
    let key = LoadKey::Order(app.config.app_id.clone(), order_no(out_order_no)?);
    load(server, key).await?.ok_or_else(|| {
        let detail =
            format!("app `{}` has no order `{out_order_no}`; check the number and the app", app.config.name);
        ApiError::not_found("unknown_number", detail)
    })
}

/// The number in a path.
pub(super) fn order_no(text: &str) -> Result<OutOrderNo, ApiError> {
    OutOrderNo::new(text)
        .map_err(|refused| ApiError::bad_request(refused.to_string()).with("field", "out_order_no"))
}

/// Asks the platform about a paid order of the general trade system whose items or number are not known yet: a refund
/// needs both. When nothing is told, whoever needs them says so.
pub(super) async fn learn_items(server: &Server, app: &Arc<App>, order: &Order) {
    let lacks = order.system == System::Trade
        && order.state == OrderState::Paid
        && (order.items().is_empty() || order.needs_platform_order_id());
    if lacks {
        ask_now(server, app, order.clone(), Target::Order).await;
    }
}

/// Asks the platform at once, in a tracked task, and gives the order as it is afterwards.
pub(super) async fn query_now(
    server: &Server,
    caller: &Caller,
    app: &Arc<App>,
    order: Order,
    target: Target,
) -> Result<Order, ApiError> {
    caller.require(Role::Operator)?;
    check_turn(server, &order.app_id, query_endpoint(order.system, &target))?;
    let id = order.id;
    match ask_now(server, app, order, target).await {
        Some(true) => by_id(server, id).await,
        Some(false) => {
            Err(unanswered("the platform told nothing about this number; the timeline shows what came back"))
        }
        None => {
            Err(unanswered("the platform has not answered yet; its answer will be recorded when it comes"))
        }
    }
}

/// Asks in a tracked task; whether the platform told something, or nothing when it has not answered in time.
async fn ask_now(server: &Server, app: &Arc<App>, order: Order, target: Target) -> Option<bool> {
    let ask = Ask { server: server.clone(), app: Arc::clone(app), order: Arc::new(order) };
    within(server, async move { ask.query_now(&target).await }).await
}

/// Runs a question in a tracked task, which goes on when whoever asked has waited long enough.
pub(super) async fn within<T: Send + 'static>(
    server: &Server,
    question: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (say, asked) = tokio::sync::oneshot::channel();
    let task = async move {
        let _gone = say.send(question.await);
    };
    server.env().tasks.spawn("query_now", Box::pin(task.in_current_span()));
    server.env().within(QUERY_WAIT, asked).await.ok().and_then(Result::ok)
}

pub(super) fn unanswered(detail: &str) -> ApiError {
    ApiError::new(http::StatusCode::BAD_GATEWAY, "platform_silent", detail)
}
