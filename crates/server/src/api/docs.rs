//! `GET /openapi.json`: every path, made from the list of routes.

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use http::header;
use utoipa::OpenApi;

use super::{create_order, create_refund, create_settlement, resolve_exception};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "douyin-pay",
        description = "Payments inside Douyin / Toutiao mini-programs. Amounts are whole fen; times are RFC 3339 with +08:00. \
                       Errors are application/problem+json with a stable `code`, a sentence and a `request_id`."
    ),
    components(schemas(
        create_order::CreateOrder,
        create_refund::CreateRefund,
        create_settlement::CreateSettlement,
        create_settlement::ShareOfSettlement,
        resolve_exception::Resolution,
    ))
)]
struct Document;

/// The OpenAPI document as JSON.
pub(super) fn document() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut document = Document::openapi();
        document.paths = super::routes().paths;
        let mut value = serde_json::to_value(&document).expect("an OpenAPI document is plain data");
        value["components"]["securitySchemes"] =
            serde_json::json!({ "api_key": { "type": "http", "scheme": "bearer", "description": "an API key, dpk_…" } });
        value.to_string()
    })
}

/// Every path of the service.
#[utoipa::path(get, path = "/openapi.json", tag = "operation", responses((status = 200, description = "This document")))]
pub(crate) async fn get_openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document()).into_response()
}
