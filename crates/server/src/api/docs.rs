//! `GET /openapi.json`: every path, made from the list of routes.

use std::sync::OnceLock;

use axum::response::{IntoResponse, Response};
use douyin_pay_ledger::{
    AmountBasis, AuditStatus, DecisionState, EventKind, OperationState, OrderState, Origin, RefundSource,
    System,
};
use http::header;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::codes::CODES;
use super::{
    audit_refund, bills, create_fulfilment, create_order, create_refund, create_return, create_settlement,
    import_orders, pages, resolve_exception, schemas, set_platform_order,
};
use crate::store::{DifferenceType, RunState};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "douyin-pay",
        description = "Payments inside Douyin / Toutiao mini-programs. Amounts are whole fen; times are RFC 3339 with +08:00. \
                       Errors are application/problem+json with a stable `code`, a sentence and a `request_id`."
    ),
    components(schemas(
        create_order::CreateOrder,
        create_order::TradeOfOrder,
        create_order::SkuOfOrder,
        create_order::EcpayOfOrder,
        create_order::DeliveryOfOrder,
        create_order::PushOfOrder,
        create_order::ItemOfPush,
        pages::PageOfApp,
        set_platform_order::SetPlatformOrder,
        import_orders::ImportOrders,
        import_orders::ImportOrder,
        create_refund::CreateRefund,
        create_refund::TradeOfRefund,
        create_refund::ItemOfRefund,
        create_refund::EcpayOfRefund,
        audit_refund::AuditRefund,
        create_fulfilment::CreateFulfilment,
        create_settlement::CreateSettlement,
        create_settlement::ShareOfSettlement,
        create_return::CreateReturn,
        resolve_exception::Resolution,
        bills::start::StartBillRun,
        schemas::Order,
        schemas::Pay,
        schemas::Item,
        schemas::Refund,
        schemas::ItemAmount,
        schemas::Audit,
        schemas::Decision,
        schemas::Fulfilment,
        schemas::Settlement,
        schemas::Share,
        schemas::Return,
        schemas::Settleable,
        schemas::SettleableDetail,
        schemas::PlatformSettleable,
        schemas::Failure,
        schemas::Orders,
        schemas::Imported,
        schemas::ImportResult,
        schemas::Timeline,
        schemas::TimelineEntry,
        schemas::BillRun,
        schemas::BillFigures,
        schemas::BillRuns,
        schemas::Difference,
        schemas::BillSide,
        schemas::Differences,
        schemas::MonthOfApp,
        schemas::MerchantMonth,
        schemas::Events,
        schemas::Event,
        schemas::EventBody,
        schemas::EventData,
        schemas::Resent,
        schemas::Exceptions,
        schemas::Exception,
        schemas::Resolved,
        schemas::Readiness,
        schemas::CallbackReply,
        schemas::Problem,
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
        add_keys(&mut value);
        add_problems(&mut value);
        add_words(&mut value["components"]["schemas"]);
        value.to_string()
    })
}

/// What needs an API key.
fn operations(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = value["paths"].as_object_mut().expect("a document has paths");
    let keyed = paths.iter_mut().filter(|(path, _)| path.starts_with("/v1/"));
    keyed.flat_map(|(_, methods)| methods.as_object_mut().expect("a path has methods").values_mut())
}

fn add_keys(value: &mut Value) {
    value["components"]["securitySchemes"] =
        json!({ "api_key": { "type": "http", "scheme": "bearer", "description": "an API key, dpk_…" } });
    for operation in operations(value) {
        operation["security"] = json!([{ "api_key": [] }]);
        let responses = &mut operation["responses"];
        responses["401"] = json!({ "description": "No API key, or an unknown one" });
        responses["403"] = json!({ "description": "The API key's role or apps do not reach for this" });
    }
}

/// The body of every error, and the list of its codes.
fn add_problems(value: &mut Value) {
    let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    for operation in operations(value) {
        let responses = operation["responses"].as_object_mut().expect("an operation has responses");
        for (_, response) in responses.iter_mut().filter(|(status, _)| status.as_str() >= "400") {
            response["content"] = json!({ "application/problem+json": schema });
        }
    }
    let code = &mut value["components"]["schemas"]["Problem"]["properties"]["code"];
    code["enum"] = CODES.iter().map(|(code, ..)| *code).collect();
    code["x-codes"] = CODES.iter().map(|(code, status, meaning)| json!([code, status, meaning])).collect();
}

/// The closed vocabularies, as the ledger has them.
fn add_words(schemas: &mut Value) {
    macro_rules! words {
        ($($schema:literal . $field:literal: $words:ty),* $(,)?) => {
            $(schemas[$schema]["properties"][$field]["enum"] = <$words>::ALL.iter().map(|word| word.as_str()).collect();)*
        };
    }
    words!(
        "Order"."system": System,
        "Order"."state": OrderState,
        "Refund"."state": OperationState,
        "Refund"."origin": Origin,
        "Refund"."source": RefundSource,
        "Audit"."status": AuditStatus,
        "Decision"."state": DecisionState,
        "Fulfilment"."state": OperationState,
        "Settlement"."state": OperationState,
        "Settlement"."origin": Origin,
        "Settlement"."amount_basis": AmountBasis,
        "Return"."state": OperationState,
        "Return"."origin": Origin,
        "BillRun"."state": RunState,
        "Difference"."type": DifferenceType,
        "Event"."type": EventKind,
        "EventBody"."type": EventKind,
    );
}

/// Every path of the service.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, description = "This document")))]
pub(crate) async fn get_openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document()).into_response()
}
