//! A refund or settlement by its own number, the common part of two endpoints.

use douyin_pay_ledger::{OperationKind, Order, Target};
use douyin_pay_protocol::OutNo;

use super::caller::Caller;
use super::get_order::query_now;
use super::params::Params;
use super::remember::load;
use super::{ApiError, ApiResult, replies};
use crate::Server;
use crate::store::LoadKey;

/// The refund or settlement of that number, after asking the platform if `query=now`.
pub(super) async fn get(
    server: &Server,
    caller: &Caller,
    app: &str,
    kind: OperationKind,
    number: &str,
    mut params: Params,
) -> ApiResult {
    let app = caller.app(app)?;
    // Nothing can be asked about a fulfilment.
    let now = if kind == OperationKind::Fulfilment { false } else { params.query_now()? };
    params.finish()?;
    let out_no = OutNo::new(number).map_err(|refused| ApiError::bad_request(refused.to_string()))?;
    let unknown = || {
        let detail =
            format!("app `{}` has no {kind} `{number}`; check the number and the app", app.config.name);
        ApiError::not_found("unknown_number", detail)
    };
    let key = LoadKey::Operation(app.config.app_id.clone(), kind, out_no.clone());
    let mut order: Order = load(server, key).await?.ok_or_else(unknown)?;
    if now {
        order = query_now(server, caller, &app, order, Target::Operation(kind, out_no.clone())).await?;
    }
    let operation = order.operation(kind, &out_no).ok_or_else(unknown)?;
    Ok(replies::operation(&order, operation))
}
