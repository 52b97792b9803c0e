//! What a new refund of the general trade system has besides.

use douyin_pay_ledger::{ItemAmount, RefundTrade};
use douyin_pay_protocol::trade::{RefundReasonCode, RefundText};
use douyin_pay_protocol::{Reason, RefundAmount};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::fields::{Fields, amount, list, number};

/// What a refund of the general trade system has besides.
#[derive(ToSchema)]
pub(crate) struct TradeOfRefund {
    /// 101 no longer wanted, 102 the merchant's service, 103 quality, 999 another reason; 999 if left out.
    #[schema(value_type = Option<i64>)]
    code: u16,
    /// How much of which item. Needed when an order of several items is not refunded as a whole.
    #[schema(value_type = Option<Vec<ItemOfRefund>>)]
    items: Vec<ItemAmount>,
}

/// What goes back of one item.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the description is used: items are read into the ledger's type")]
pub(crate) struct ItemOfRefund {
    /// The platform's number of the item; the order shows it.
    item_order_id: String,
    /// How much of it, in fen.
    #[schema(minimum = 1)]
    amount_fen: i64,
}

impl TradeOfRefund {
    const OTHER_REASON: u16 = 999;

    pub(super) fn read(given: Value) -> Result<Self, ApiError> {
        let mut fields = Fields::inside("trade".to_owned(), given)?;
        let code = fields.optional("code", |value| {
            let code = number(value)?;
            u16::try_from(code)
                .map_err(|_| format!("{code} is no code of a reason; write 101, 102, 103 or 999"))
        })?;
        let items = fields.optional("items", list)?.unwrap_or_default();
        fields.finish()?;
        let item = |(at, value): (usize, Value)| {
            let mut fields = Fields::inside(format!("trade.items[{at}]"), value)?;
            let item = ItemAmount {
                item_order_id: fields.required("item_order_id", item_order_id)?,
                amount: fields.required("amount_fen", amount(RefundAmount::new))?.fen(),
            };
            fields.finish()?;
            Ok(item)
        };
        let items = items.into_iter().enumerate().map(item).collect::<Result<_, ApiError>>()?;
        Ok(Self { code: code.unwrap_or(Self::OTHER_REASON), items })
    }
}

/// Reads the platform's number of an item.
pub(crate) fn item_order_id(value: Value) -> Result<Box<str>, String> {
    const BYTES_MAX: usize = 64;
    match value {
        Value::String(id)
            if (1..=BYTES_MAX).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(id.into())
        }
        _ => Err(format!(
            "is not an item's number of 1–{BYTES_MAX} visible ASCII characters; the order shows it"
        )),
    }
}

/// What the ledger remembers of a refund in the general trade system.
pub(super) fn remembered(reason: &Reason, given: Option<TradeOfRefund>) -> Result<RefundTrade, ApiError> {
    RefundText::new(reason.as_str()).map_err(|refused| {
        ApiError::bad_request(format!("`reason`: {}", refused.problem)).with("field", "reason")
    })?;
    let (code, items) =
        given.map_or((TradeOfRefund::OTHER_REASON, Vec::new()), |given| (given.code, given.items));
    match RefundReasonCode::of_number(i64::from(code)) {
        RefundReasonCode::Other(_) => {
            let detail = format!("`trade.code`: {code} is no code of a reason; write 101, 102, 103 or 999");
            Err(ApiError::bad_request(detail).with("field", "code"))
        }
        _ => Ok(RefundTrade { code, items }),
    }
}
