//! `POST /v1/apps/{app}/orders/{out_order_no}/settlements`: record a settlement, then ask for it.

use axum::extract::{Path, State};
use douyin_pay_ledger::{Fact, OperationKind, Order, RequestSettlement, Share, Source, System, Target, What};
use douyin_pay_protocol::ecpay::{self, Settle};
use douyin_pay_protocol::trade::{self, SettleCreate};
use douyin_pay_protocol::{
    self as protocol, Endpoint, MerchantUid, OutNo, OutSettleNo, SettleDesc, ShareAmount,
};
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Json;
use super::caller::Caller;
use super::create_refund::{conclude, item_order_id};
use super::fields::{Fields, amount, flag, list, not_reserved, text};
use super::get_order::{find, order_no};
use super::{ApiError, ApiResult, remember, schemas};
use crate::Server;
use crate::api_key::Role;
use crate::journal::{Key, Submission};

/// A new settlement.
#[derive(ToSchema)]
pub(crate) struct CreateSettlement {
    /// The merchant's number: 1–64 of 0-9 A-Z a-z _ - *, unique per app; `auto-` at its beginning is reserved.
    #[schema(value_type = String, example = "S20260105-000001")]
    out_settle_no: OutSettleNo,
    /// What it is for: at most 80 characters.
    #[schema(value_type = String, example = "settlement")]
    description: SettleDesc,
    /// Who shares, besides the seller: at most four.
    #[schema(value_type = Option<Vec<ShareOfSettlement>>, max_items = 4)]
    shares: Vec<protocol::Share>,
    /// Whether it is the order's last settlement: true if left out, always in general trade. `false` needs `shares`.
    #[schema(value_type = Option<bool>)]
    finish: bool,
    /// General trade system: settle this item alone.
    #[schema(value_type = Option<String>)]
    item_order_id: Option<Box<str>>,
}

/// What one receiver gets.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description is used: shares are read into the protocol's type")]
pub(crate) struct ShareOfSettlement {
    /// The receiver's merchant number.
    #[schema(value_type = String, example = "69645835031835936200")]
    merchant_uid: MerchantUid,
    /// How much, in fen.
    #[schema(value_type = i64, minimum = 1, maximum = 99_999_999_999_i64, example = 60)]
    amount_fen: ShareAmount,
}

impl CreateSettlement {
    fn read(mut fields: Fields) -> Result<Self, ApiError> {
        let ask = Self {
            out_settle_no: fields.required("out_settle_no", text(OutSettleNo::new))?,
            description: fields.required("description", text(SettleDesc::new))?,
            shares: ShareOfSettlement::read_all(fields.optional("shares", list)?.unwrap_or_default())?,
            finish: fields.optional("finish", flag)?.unwrap_or(true),
            item_order_id: fields.optional("item_order_id", item_order_id)?,
        };
        fields.finish()?;
        not_reserved("out_settle_no", ask.out_settle_no.as_str())?;
        Ok(ask)
    }

    /// The rules of the system in which the order lives, checked before anything is remembered.
    fn fits(&self, order: &Order) -> Result<(), ApiError> {
        let other =
            |field: &'static str, detail: &str| Err(ApiError::other_system(detail).with("field", field));
        let shares = match (order.system, &self.item_order_id) {
            (System::Ecpay, Some(_)) => {
                return other(
                    "item_order_id",
                    "`item_order_id`: guaranteed payment has no items; leave it out",
                );
            }
            (System::Trade, _) if !self.finish => {
                return other(
                    "finish",
                    "`finish`: the general trade system settles everything that is left at once; leave it out",
                );
            }
            (System::Ecpay, None) if !self.finish && self.shares.is_empty() => {
                let detail = "`finish`: a settlement that is not the last moves its shares only, and it has none; \
                              name `shares`, or leave `finish` out to settle what is left";
                return Err(ApiError::bad_request(detail).with("field", "finish"));
            }
            (System::Ecpay, None) => {
                let settle = Settle::new(
                    self.out_settle_no.clone(),
                    order.out_order_no.clone(),
                    self.description.clone(),
                );
                settle.shares(&self.shares).err()
            }
            (System::Trade, _) => {
                let settle = SettleCreate::new(
                    order.app_id.clone(),
                    order.out_order_no.clone(),
                    self.out_settle_no.clone(),
                    self.description.clone(),
                );
                settle.shares(&self.shares).err()
            }
        };
        match shares {
            None => Ok(()),
            Some(refused) => {
                Err(ApiError::bad_request(format!("`shares`: {}", refused.problem)).with("field", "shares"))
            }
        }
    }
}

impl ShareOfSettlement {
    fn read_all(values: Vec<Value>) -> Result<Vec<protocol::Share>, ApiError> {
        let one = |(at, value): (usize, Value)| {
            let mut fields = Fields::inside(format!("shares[{at}]"), value)?;
            let share = protocol::Share {
                merchant_uid: fields.required("merchant_uid", text(MerchantUid::new))?,
                amount: fields.required("amount_fen", amount(ShareAmount::new))?,
            };
            fields.finish()?;
            Ok(share)
        };
        values.into_iter().enumerate().map(one).collect()
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
    let ask = CreateSettlement::read(fields)?;
    let order = find(&server, &app, out_order_no.as_str()).await?;
    ask.fits(&order)?;
    let endpoint = match order.system {
        System::Ecpay => Endpoint::from(ecpay::Endpoint::Settle),
        System::Trade => Endpoint::from(trade::Endpoint::SettleCreate),
    };
    remember::check_turn(&server, &app.config.app_id, endpoint)?;
    let out_no = OutNo::from(ask.out_settle_no);
    let what = What::RequestSettlement(RequestSettlement {
        out_no: out_no.clone(),
        description: ask.description.as_str().into(),
        shares: ask.shares.into_iter().map(remembered).collect(),
        finish: ask.finish,
        item_order_id: ask.item_order_id,
        request_sha256,
    });
    let key = Key::Order(app.config.app_id.clone(), out_order_no);
    let fact = Fact { at: server.env().now(), source: Source::Merchant, what };
    let target = Target::Operation(OperationKind::Settlement, out_no.clone());
    let begun = remember::begin(&server, &app, Submission { key, fact, callback: None }, target).await?;
    conclude(&server, begun, OperationKind::Settlement, &out_no).await
}

fn remembered(share: protocol::Share) -> Share {
    Share { merchant_uid: share.merchant_uid, amount: share.amount.fen() }
}
