//! `refund_create`, from what the journal remembers.

use douyin_pay_ledger::{CallOutcome, Operation, OperationKind, OperationTrade, Order};
use douyin_pay_protocol::trade::{
    ItemAmount, NotifyUrl, RefundCreate, RefundReason, RefundReasonCode, RefundText,
};
use douyin_pay_protocol::{FieldError, OutNo, PlatformNo};

use super::Side;
use crate::ask::outcome;

/// The platform takes no longer reason.
const REASON_CHARS_MAX: usize = 49;

/// Calls `refund_create`. Fails when what is stored cannot be sent.
pub(super) async fn call(side: &Side<'_>, out_no: &OutNo) -> Result<CallOutcome, String> {
    let ask = side.ask;
    let Some((order, order_id)) = side.placed().await else { return Ok(CallOutcome::NotSent) };
    let refund = order.operation(OperationKind::Refund, out_no).ok_or("the refund is not there")?;
    let trade = refund.trade.as_deref().ok_or("what the general trade system needs of it is not there")?;
    let request = request(side, &order, order_id, refund, trade).map_err(|refused| refused.to_string())?;
    let _belongs = ask.server.numbers().belongs(&order.app_id, out_no.as_str(), order.id);
    let answer = side.client.refund_create(&request).await;
    Ok(match answer {
        Ok(answer) => CallOutcome::Accepted { platform_no: Some(answer.reply.refund_id), order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}

fn request(
    side: &Side<'_>,
    order: &Order,
    order_id: PlatformNo,
    refund: &Operation,
    trade: &OperationTrade,
) -> Result<RefundCreate, FieldError> {
    let number = refund.out_no.clone().into();
    let page = side.config.refund_entry.of_refund(order.out_order_no.as_str(), refund.out_no.as_str())?;
    let code = RefundReasonCode::of_number(trade.code.map_or(RefundReasonCode::Another.number(), i64::from));
    let text: String = refund.text.chars().take(REASON_CHARS_MAX).collect();
    let reasons = vec![RefundReason { code, text: RefundText::new(text)? }];
    let request = if trade.whole {
        RefundCreate::all(order_id, number, page, reasons, refund.amount)?
    } else {
        let items = trade.items.iter().map(|item| {
            let item_order_id = PlatformNo::new(&*item.item_order_id)?;
            Ok(ItemAmount { item_order_id, refund_amount: item.amount })
        });
        RefundCreate::items(order_id, number, page, reasons, items.collect::<Result<_, FieldError>>()?)?
    };
    Ok(request.notify_url(NotifyUrl::new(side.ask.app.config.notify_url.as_str())?))
}
