//! Everything reached over HTTP: one list of routes for router and documentation.

mod abandon_order;
mod audit_refund;
mod bills;
mod body;
mod caller;
mod codes;
mod create_fulfilment;
mod create_order;
mod create_refund;
mod create_return;
mod create_settlement;
mod docs;
mod entrance;
mod error;
mod fields;
mod frame;
mod get_fulfilment;
mod get_operation;
mod get_order;
mod get_refund;
mod get_return;
mod get_settleable;
mod get_settlement;
mod import_orders;
mod list_events;
mod list_exceptions;
mod list_orders;
mod pages;
mod params;
mod remember;
mod replies;
mod resend_event;
mod resolve_exception;
mod routes;
pub(crate) mod schemas;
mod set_platform_order;
mod timeline;

use axum::Router;
use http::StatusCode;

pub(crate) use error::{ApiError, ApiResult, chain};
use routes::Routes;

use crate::{Server, ops};

/// All routes, with their documentation.
fn routes() -> Routes {
    Routes::new()
        .about("orders")
        .add::<create_order::__path_create_order, _, _>(create_order::create_order)
        .add::<import_orders::__path_import_orders, _, _>(import_orders::import_orders)
        .add::<abandon_order::__path_abandon_order, _, _>(abandon_order::abandon_order)
        .add::<list_orders::__path_list_orders, _, _>(list_orders::list_orders)
        .add::<get_order::__path_get_order, _, _>(get_order::get_order)
        .add::<get_settleable::__path_get_settleable, _, _>(get_settleable::get_settleable)
        .add::<timeline::__path_get_timeline, _, _>(timeline::get_timeline)
        .add::<set_platform_order::__path_set_platform_order, _, _>(set_platform_order::set_platform_order)
        .about("refunds")
        .add::<create_refund::__path_create_refund, _, _>(create_refund::create_refund)
        .add::<get_refund::__path_get_refund, _, _>(get_refund::get_refund)
        .add::<audit_refund::__path_audit_refund, _, _>(audit_refund::audit_refund)
        .about("fulfilments")
        .add::<create_fulfilment::__path_create_fulfilment, _, _>(create_fulfilment::create_fulfilment)
        .add::<get_fulfilment::__path_get_fulfilment, _, _>(get_fulfilment::get_fulfilment)
        .about("settlements")
        .add::<create_settlement::__path_create_settlement, _, _>(create_settlement::create_settlement)
        .add::<get_settlement::__path_get_settlement, _, _>(get_settlement::get_settlement)
        .about("returns")
        .add::<create_return::__path_create_return, _, _>(create_return::create_return)
        .add::<get_return::__path_get_return, _, _>(get_return::get_return)
        .about("bills")
        .add::<bills::start::__path_start_bill_run, _, _>(bills::start::start_bill_run)
        .add::<bills::start::__path_start_bill_run_of_file, _, _>(bills::start::start_bill_run_of_file)
        .add::<bills::runs::__path_list_bill_runs, _, _>(bills::runs::list_bill_runs)
        .add::<bills::runs::__path_get_bill_run, _, _>(bills::runs::get_bill_run)
        .add::<bills::start::__path_resume_bill_run, _, _>(bills::start::resume_bill_run)
        .add::<bills::differences::__path_list_differences, _, _>(bills::differences::list_differences)
        .add::<bills::differences::__path_get_differences_csv, _, _>(bills::differences::get_differences_csv)
        .add::<bills::month::__path_get_month, _, _>(bills::month::get_month)
        .about("events")
        .add::<list_events::__path_list_events, _, _>(list_events::list_events)
        .add::<resend_event::__path_resend_event, _, _>(resend_event::resend_event)
        .about("exceptions")
        .add::<list_exceptions::__path_list_exceptions, _, _>(list_exceptions::list_exceptions)
        .add::<resolve_exception::__path_resolve_exception, _, _>(resolve_exception::resolve_exception)
        .about("platform")
        .add::<entrance::__path_receive_named, _, _>(entrance::receive_named)
        .add::<entrance::__path_receive_unnamed, _, _>(entrance::receive_unnamed)
        .add::<entrance::__path_check_named, _, _>(entrance::check_named)
        .add::<entrance::__path_check_unnamed, _, _>(entrance::check_unnamed)
        .about("operation")
        .add::<ops::health::__path_healthz, _, _>(ops::health::healthz)
        .add::<ops::health::__path_readyz, _, _>(ops::health::readyz)
        .add::<ops::metrics::__path_get_metrics, _, _>(ops::metrics::get_metrics)
        .add::<docs::__path_get_openapi, _, _>(docs::get_openapi)
}

/// The router of the whole service.
pub(crate) fn router(server: &Server) -> Router {
    let router = routes().router.fallback(no_path).method_not_allowed_fallback(no_method);
    frame::around(router, server).with_state(server.clone())
}

async fn no_path(uri: http::Uri) -> ApiError {
    ApiError::not_found(
        "unknown_path",
        format!("there is no `{}`; GET /openapi.json lists every path", uri.path()),
    )
}

async fn no_method(method: http::Method, uri: http::Uri) -> ApiError {
    let detail = format!("`{}` does not take {method}; GET /openapi.json lists every path", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", detail)
}
