//! `POST /v1/apps/{app}/orders/{out_order_no}/settlements`: record a settlement, then ask for it.

use axum::extract::{Path, State};
use douyin_pay_ledger::{Fact, OperationKind, RequestSettlement, Share, Source, Target, What};
use douyin_pay_protocol::ecpay::{self, Endpoint, Settle};
use douyin_pay_protocol::{MerchantUid, OutNo, OutOrderNo, OutSettleNo, SettleDesc, ShareAmount};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_refund::conclude;
use super::fields::{Fields, amount, flag, list, text};
use super::get_order::order_no;
use super::{ApiError, ApiResult, remember, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};

/// A new settlement.
#[derive(ToSchema)]
pub(crate) struct CreateSettlement {
    /// The merchant's number: 1–64 of 0-9 A-Z a-z _ - *, unique per app.
    #[schema(value_type = String, example = "S20260105-000001")]
    out_settle_no: OutSettleNo,
    /// What it is for: at most 80 characters.
    #[schema(value_type = String, example = "settlement")]
    description: SettleDesc,
    /// Who shares, besides the seller: at most four.
    #[schema(value_type = Option<Vec<ShareOfSettlement>>, max_items = 4)]
    shares: Vec<Share>,
    /// Whether this is the order's last settlement; true if left out.
    #[schema(value_type = Option<bool>)]
    finish: bool,
}

/// What one receiver gets.
#[derive(ToSchema)]
pub(crate) struct ShareOfSettlement {
    /// The receiver's merchant number.
    #[schema(value_type = String, example = "69645835031835936200")]
    merchant_uid: MerchantUid,
    /// How much, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 99_999_999_999_i64, example = 60)]
    amount_fen: ShareAmount,
}

impl CreateSettlement {
    fn read(mut fields: Fields, out_order_no: &OutOrderNo) -> Result<Self, ApiError> {
        let out_settle_no = fields.required("out_settle_no", text(OutSettleNo::new))?;
        let description = fields.required("description", text(SettleDesc::new))?;
        let shares = fields.optional("shares", list)?.unwrap_or_default();
        let finish = fields.optional("finish", flag)?.unwrap_or(true);
        fields.finish()?;
        let shares =
            shares.into_iter().enumerate().map(|(index, value)| ShareOfSettlement::read(index, value));
        let shares = shares.collect::<Result<Vec<_>, _>>()?;
        check(&out_settle_no, out_order_no, &description, &shares)?;
        let shares = shares
            .into_iter()
            .map(|share| Share { merchant_uid: share.merchant_uid, amount: share.amount_fen.fen() });
        Ok(Self { out_settle_no, description, shares: shares.collect(), finish })
    }
}

impl ShareOfSettlement {
    fn read(index: usize, value: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside(format!("shares[{index}]"), value)?;
        let share = Self {
            merchant_uid: fields.required("merchant_uid", text(MerchantUid::new))?,
            amount_fen: fields.required("amount_fen", amount(ShareAmount::new))?,
        };
        fields.finish()?;
        Ok(share)
    }
}

/// The platform's own rules for the list, checked before anything is remembered.
fn check(
    out_settle_no: &OutSettleNo,
    out_order_no: &OutOrderNo,
    description: &SettleDesc,
    shares: &[ShareOfSettlement],
) -> Result<(), ApiError> {
    let share = |share: &ShareOfSettlement| ecpay::Share {
        merchant_uid: share.merchant_uid.clone(),
        amount: share.amount_fen,
    };
    let shares: Vec<_> = shares.iter().map(share).collect();
    match Settle::new(out_settle_no.clone(), out_order_no.clone(), description.clone()).shares(&shares) {
        Ok(_) => Ok(()),
        Err(refused) => {
            Err(ApiError::bad_request(format!("`shares`: {}", refused.problem)).with("field", "shares"))
        }
    }
}

/// Records a settlement, then asks the platform for it. One at a time per order.
///
/// The event `settlement.succeeded` or `settlement.failed` tells its end.
#[utoipa::path(
    post, path = "/v1/apps/{app}/orders/{out_order_no}/settlements",
    params(
        ("app" = String, Path, description = "The app's name in the configuration"),
        ("out_order_no" = String, Path, description = "The merchant's number of the order"),
    ),
    request_body = CreateSettlement,
    responses(
        (status = 201, body = schemas::Settlement, description = "Taken on by the platform"),
        (status = 200, body = schemas::Settlement, description = "The same request was made before: the settlement as it is"),
        (status = 202, body = schemas::Settlement, description = "Remembered; the platform has not answered yet"),
        (status = 400, description = "A field is wrong; `detail` names it"),
        (status = 404, description = "No such app or order"),
        (status = 409, description = "The number is used with other fields, or another settlement is in flight"),
        (status = 422, description = "More than is left, with the sums; or not paid; or the platform refused"),
        (status = 503, description = "Busy, stopping, or `paced`: send the same request again"),
    )
)]
pub(crate) async fn create_settlement(
    State(server): State<Server>,
    caller: Caller,
    Path((app, out_order_no)): Path<(String, String)>,
    Json(fields): Json,
) -> ApiResult {
    caller.require(Role::Merchant)?;
    let app = caller.app(&app)?;
    let out_order_no = order_no(&out_order_no)?;
    let request_sha256 = fields.sha256();
    let ask = CreateSettlement::read(fields, &out_order_no)?;
    remember::check_turn(&server, &app.config.app_id, Endpoint::Settle.into())?;
    let out_no = OutNo::from(ask.out_settle_no);
    let what = What::RequestSettlement(RequestSettlement {
        out_no: out_no.clone(),
        description: ask.description.as_str().into(),
        shares: ask.shares,
        finish: ask.finish,
        item_order_id: None,
        request_sha256,
    });
    let key = Key::Order(app.config.app_id.clone(), out_order_no);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Operation(OperationKind::Settlement, out_no.clone());
    let begun = remember::begin(&server, &app, Submission { key, fact, callback: None }, target).await?;
    conclude(&server, begun, OperationKind::Settlement, &out_no).await
}
