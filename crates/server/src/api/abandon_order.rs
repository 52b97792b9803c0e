//! `POST /v1/apps/{app}/orders/{out_order_no}/abandon`: if it is paid from now on, refund it.

use axum::extract::{Path, State};
use douyin_pay_ledger::{Fact, Refusal, Source, What};

use super::caller::Caller;
use super::get_order::order_no;
use super::params::Params;
use super::{ApiError, ApiResult, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};

/// Gives an unpaid order up: a payment that comes all the same is refunded in full, once, by the service itself.
///
/// The number of that refund begins with `auto-`; the events `order.paid` and `refund.succeeded` tell of it. Nothing
/// is told to the platform now: it has no way to withdraw an order.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders/{out_order_no}/abandon",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    responses(
        (status = 200, body = schemas::Order, description = "Given up, now or before: the order"),
        (status = 404, description = "No such app or order"),
        (status = 409, description = "`already_paid`: refund it instead"),
        (status = 503, description = "Busy or stopping: send the same request again"),
    )
)]
pub(crate) async fn abandon_order(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    params: Params,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    params.finish()?;
    let app = caller.app(&app)?;
    let key = Key::Order(app.config.app_id.clone(), order_no(&out_order_no)?);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what: What::Abandon };
    let decided = server.journal().submit(Submission { key, fact, callback: None }).await?;
    match (decided.verdict, decided.order) {
        (Ok(_) | Err(Refusal::Duplicate), Some(order)) => Ok(replies::order(&order)),
        (Err(refusal), _) => Err(refusal.into()),
        (Ok(_), None) => {
            Err(ApiError::busy("books_unavailable", "nothing was written; send the same request again", 2))
        }
    }
}
