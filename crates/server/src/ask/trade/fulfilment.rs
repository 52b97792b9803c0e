//! `fulfill_push_status`, from what the journal remembers.

use douyin_pay_ledger::{CallOutcome, OperationKind};
use douyin_pay_protocol::trade::{FulfillPushStatus, ToStatus};
use douyin_pay_protocol::{FieldError, OutNo, PlatformNo};

use super::Side;
use crate::ask::outcome;

/// Calls `fulfill_push_status`. Fails when what is stored cannot be sent.
pub(super) async fn call(side: &Side<'_>, out_no: &OutNo) -> Result<CallOutcome, String> {
    let ask = side.ask;
    let Some((order, order_id)) = side.placed().await else { return Ok(CallOutcome::NotSent) };
    let step = order.operation(OperationKind::Fulfilment, out_no).ok_or("the step is not there")?;
    let trade = step.trade.as_deref().ok_or("what the general trade system needs of it is not there")?;
    let made = || {
        let items = trade.item_order_ids.iter().map(|item| PlatformNo::new(&**item));
        let status = ToStatus::new(trade.to_status.as_deref().unwrap_or_default())?;
        FulfillPushStatus::new(order_id.clone(), items.collect::<Result<_, FieldError>>()?, status)
    };
    let request = made().map_err(|refused: FieldError| refused.to_string())?;
    let _belongs = ask.server.numbers().belongs(&order.app_id, order_id.as_str(), order.id);
    let answer = side.client.fulfill_push_status(&request).await;
    Ok(match answer {
        Ok(_) => CallOutcome::Accepted { platform_no: None, order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}
