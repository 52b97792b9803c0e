//! `POST /v1/apps/{app}/settlements/{out_settle_no}/returns`: record a return, then ask for it.

use axum::extract::{Path, State};
use douyin_pay_ledger::{Fact, OperationKind, RequestReturn, Source, System, Target, What};
use douyin_pay_protocol::ecpay::Endpoint;
use douyin_pay_protocol::{MerchantUid, OutNo, OutReturnNo, OutSettleNo, ReturnAmount, ReturnDesc};
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_refund::conclude;
use super::fields::{Fields, amount, not_reserved, text};
use super::{ApiError, ApiResult, remember, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};
use crate::store::LoadKey;

/// A new return of a share.
#[derive(ToSchema)]
pub(crate) struct CreateReturn {
    /// The merchant's number: 1–64 of 0-9 A-Z a-z _ - *, unique per app; `auto-` at its beginning is reserved.
    #[schema(value_type = String, example = "T20260105-000001")]
    out_return_no: OutReturnNo,
    /// The receiver that gives back: one of the settlement's `shares`.
    #[schema(value_type = String, example = "69645835031835936200")]
    merchant_uid: MerchantUid,
    /// How much comes back, in fen: at most what is left of the share.
    #[schema(value_type = i64, minimum = 1, maximum = 10_000_000_000_i64, example = 30)]
    amount_fen: ReturnAmount,
    /// What it is for: at most 100 characters.
    #[schema(value_type = String, example = "share taken back")]
    description: ReturnDesc,
}

impl CreateReturn {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self {
            out_return_no: fields.required("out_return_no", text(OutReturnNo::new))?,
            merchant_uid: fields.required("merchant_uid", text(MerchantUid::new))?,
            amount_fen: fields.required("amount_fen", amount(ReturnAmount::new))?,
            description: fields.required("description", text(ReturnDesc::new))?,
        };
        fields.finish()?;
        not_reserved("out_return_no", ask.out_return_no.as_str())?;
        Ok(ask)
    }
}

/// Takes a share back from a receiver: records the return, then asks the platform for it. The money goes to the seller.
///
/// Only of settlements that have succeeded, and only in guaranteed payment. The event `return.succeeded` or
/// `return.failed` tells its end.
#[utoipa::path(
    post, path = "/v1/apps/{app}/settlements/{out_settle_no}/returns",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_settle_no" = String, Path, description = "The merchant's number of the settlement"),
    ),
    request_body = CreateReturn,
    responses(
        (status = 201, body = schemas::Return, description = "Taken on by the platform"),
        (status = 200, body = schemas::Return, description = "The same request was made before: the return as it is"),
        (status = 202, body = schemas::Return, description = "Remembered; the platform has not answered yet"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or settlement"),
        (status = 409, description = "The number is used with other fields or for another order"),
        (status = 422, description = "Not settled, no share of this receiver, more than is left of it; or the platform refused"),
        (status = 502, description = "The platform refuses our configuration"),
        (status = 503, description = "Busy, stopping, or `paced`: send the same request again"),
    )
)]
pub(crate) async fn create_return(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_settle_no)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let settlement = settle_no(&out_settle_no)?;
    // The settlement is a part of what is asked for.
    let request_sha256 = fields.sha256_with(settlement.as_str());
    let ask = CreateReturn::read(fields)?;
    let app_id = app.config.app_id.clone();
    let key = LoadKey::Operation(app_id.clone(), OperationKind::Settlement, settlement.clone());
    let order = remember::load(&server, key).await?.ok_or_else(|| {
        let name = &app.config.name;
        let detail = format!("app `{name}` has no settlement `{settlement}`; check the number and the app");
        ApiError::not_found("unknown_number", detail)
    })?;
    if order.system == System::Trade {
        let detail = "this settlement belongs to the general trade system, which takes no shares back; \
                      settle it with the receiver directly";
        return Err(ApiError::other_system(detail));
    }
    remember::check_turn(&server, &app_id, Endpoint::CreateReturn.into())?;
    let out_no = OutNo::from(ask.out_return_no);
    let what = What::RequestReturn(RequestReturn {
        out_no: out_no.clone(),
        settlement,
        merchant_uid: ask.merchant_uid,
        amount: ask.amount_fen.fen(),
        description: ask.description.as_str().into(),
        request_sha256,
    });
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Operation(OperationKind::Return, out_no.clone());
    let submission = Submission { key: Key::Id(order.id), fact, callback: None };
    let begun = remember::begin(&server, &app, submission, target).await?;
    conclude(&server, begun, OperationKind::Return, &out_no).await
}

fn settle_no(text: &str) -> Result<OutNo, ApiError> {
    OutSettleNo::new(text)
        .map(OutNo::from)
        .map_err(|refused| ApiError::bad_request(refused.to_string()).with("field", "out_settle_no"))
}
