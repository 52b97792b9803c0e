//! `POST /v1/apps/{app}/refunds/{out_refund_no}/audit`: the merchant agrees to a refund, or denies it.

use axum::extract::{Path, State};
use douyin_pay_ledger::{
    Alarm, DecideRefund, DecisionState, Fact, Operation, OperationKind, Order, Refusal, Source, Target, What,
};
use douyin_pay_protocol::{OutNo, trade};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_order::not_written;
use super::fields::{Fields, flag};
use super::{ApiError, ApiResult, remember, replies, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};

const DENY_BYTES_MAX: usize = 512;

/// The merchant's decision about a refund.
#[derive(ToSchema)]
pub(crate) struct AuditRefund {
    /// Whether the money goes back.
    #[schema(value_type = bool, example = true)]
    agree: bool,
    /// Why not, shown to the payer: at most 512 bytes. Needed to deny.
    deny_message: Option<String>,
}

impl AuditRefund {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self {
            agree: fields.required("agree", flag)?,
            deny_message: fields.optional("deny_message", deny_message)?,
        };
        fields.finish()?;
        let wrong = match (ask.agree, &ask.deny_message) {
            (false, None) => "`deny_message` is missing; tell the payer why",
            (true, Some(_)) => "`deny_message`: has no meaning with `agree` true; leave it out",
            _ => return Ok(ask),
        };
        Err(ApiError::bad_request(wrong).with("field", "deny_message"))
    }
}

fn deny_message(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if !text.trim().is_empty() && text.len() <= DENY_BYTES_MAX => Ok(text),
        _ => Err(format!("is not a text of 1–{DENY_BYTES_MAX} bytes; write a sentence for the payer")),
    }
}

/// Agrees to a refund that the payer or the customer service asked for, or denies it, before `audit.deadline_at`: after
/// that silence counts as consent. Only in the general trade system.
#[utoipa::path(
    post, path = "/v1/apps/{app}/refunds/{out_refund_no}/audit",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_refund_no" = String, Path, description = "The merchant's number of the refund"),
    ),
    request_body = AuditRefund,
    responses(
        (status = 200, body = schemas::Refund, description = "Taken by the platform, now or before: the refund"),
        (status = 202, body = schemas::Refund, description = "Remembered; the platform has not answered yet"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or refund"),
        (status = 409, description = "`decided`: otherwise, before"),
        (status = 422, description = "`not_auditing`: it does not wait for a decision; `deadline_passed`; or the platform refused"),
        (status = 503, description = "Busy, stopping, or `paced`: send the same request again"),
    )
)]
pub(crate) async fn audit_refund(
    State(server): State<Server>,
    caller: Caller,
    Path((app, number)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let out_no = OutNo::new(&number).map_err(|refused| ApiError::bad_request(refused.to_string()))?;
    let request_sha256 = fields.sha256();
    let ask = AuditRefund::read(fields)?;
    remember::check_turn(&server, &app.config.app_id, trade::Endpoint::RefundAuditCallback.into())?;
    let what = What::DecideRefund(DecideRefund {
        out_no: out_no.clone(),
        agree: ask.agree,
        deny_message: ask.deny_message.map(Into::into),
        request_sha256,
    });
    let key = Key::Operation(app.config.app_id.clone(), OperationKind::Refund, out_no.clone());
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Audit(out_no.clone());
    let begun = remember::begin(&server, &app, Submission { key, fact, callback: None }, target).await?;
    match (begun.decided.verdict.clone(), begun.decided.order.clone()) {
        (Ok(_), Some(order)) => {
            let order = begun.outcome(&server, &order, |order| is_known(order, &out_no)).await?;
            reply(&order, &out_no)
        }
        (Err(Refusal::Duplicate), Some(order)) => reply(&order, &out_no),
        (Err(refusal), _) => Err(refusal.into()),
        (Ok(_), None) => Err(not_written()),
    }
}

fn reply(order: &Order, out_no: &OutNo) -> ApiResult {
    let refund = order.operation(OperationKind::Refund, out_no).ok_or_else(not_written)?;
    match state(refund) {
        Some((DecisionState::Requested, _)) if refund.alarms.contains(Alarm::Config) => {
            Err(replies::config_refused())
        }
        Some((DecisionState::Requested, _)) => Ok(replies::open_operation(order, refund)),
        Some((DecisionState::Refused, failure)) => Err(replies::refused(failure)),
        _ => Ok(replies::operation(order, refund)),
    }
}

fn state(refund: &Operation) -> Option<(DecisionState, Option<&douyin_pay_ledger::Failure>)> {
    let decision = refund.audit()?.decision.as_ref()?;
    Some((decision.state, decision.failure.as_ref()))
}

/// Whether the merchant can be told how the telling ended.
fn is_known(order: &Order, out_no: &OutNo) -> bool {
    order.operation(OperationKind::Refund, out_no).is_some_and(|refund| {
        refund.alarms.contains(Alarm::Config)
            || state(refund).is_none_or(|(state, _)| state != DecisionState::Requested)
    })
}
