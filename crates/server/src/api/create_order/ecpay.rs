//! What guaranteed payment takes with a new order besides.

use douyin_pay_ledger::{DeliveryFee, OpenEcpay};
use douyin_pay_protocol::{Fen, LimitPayWay, MerchantUid, MsgPage};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::fields::{Fields, amount, flag, object, text};

/// What an order of guaranteed payment has besides.
#[derive(ToSchema)]
pub(crate) struct EcpayOfOrder {
    /// The store that receives the money; the platform ignores one that it has not been told of.
    #[schema(value_type = Option<String>)]
    store_uid: Option<MerchantUid>,
    /// Channels to hide in the cashier: `LIMIT_WX`, `LIMIT_ALI`, `LIMIT_DYZF`, with commas between them.
    #[schema(value_type = Option<String>)]
    limit_pay_way: Option<LimitPayWay>,
    /// Takeaway: what the delivery costs.
    #[schema(value_type = Option<DeliveryOfOrder>)]
    expand_order_info: Option<DeliveryFee>,
    /// Whether the platform's message to the payer is suppressed.
    disable_msg: Option<bool>,
    /// The page that the message opens.
    #[schema(value_type = Option<String>)]
    msg_page: Option<MsgPage>,
}

/// What the delivery of a takeaway costs.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description is used: fees are read into the ledger's type")]
pub(crate) struct DeliveryOfOrder {
    /// Before reductions, in fen.
    #[schema(minimum = 0)]
    original_delivery_fee_fen: i64,
    /// After them, in fen.
    #[schema(minimum = 0)]
    actual_delivery_fee_fen: i64,
}

impl EcpayOfOrder {
    pub(super) fn read(given: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside("ecpay".to_owned(), given)?;
        let delivery = fields.optional("expand_order_info", object)?;
        let ask = Self {
            store_uid: fields.optional("store_uid", text(MerchantUid::new))?,
            limit_pay_way: fields.optional("limit_pay_way", text(LimitPayWay::new))?,
            expand_order_info: delivery.map(DeliveryOfOrder::read).transpose()?,
            disable_msg: fields.optional("disable_msg", flag)?,
            msg_page: fields.optional("msg_page", text(MsgPage::new))?,
        };
        fields.finish()?;
        Ok(ask)
    }

    pub(super) fn remembered(self) -> OpenEcpay {
        OpenEcpay {
            store_uid: self.store_uid.map(|store| store.as_str().into()),
            limit_pay_way: self.limit_pay_way.map(|list| list.as_str().into()),
            delivery_fee: self.expand_order_info,
            disable_msg: self.disable_msg,
            msg_page: self.msg_page.map(|page| page.as_str().into()),
        }
    }
}

impl DeliveryOfOrder {
    fn read(given: Value) -> Result<DeliveryFee, ApiError> {
        let mut fields = Fields::inside("ecpay.expand_order_info".to_owned(), given)?;
        let any = |fen: Fen| Ok(fen);
        let fee = DeliveryFee {
            original: fields.required("original_delivery_fee_fen", amount(any))?,
            actual: fields.required("actual_delivery_fee_fen", amount(any))?,
        };
        fields.finish()?;
        Ok(fee)
    }
}
