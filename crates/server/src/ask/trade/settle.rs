//! `settle_create`, from what the journal remembers.

use douyin_pay_ledger::{CallOutcome, Operation, OperationKind};
use douyin_pay_protocol::trade::{NotifyUrl, SettleCreate};
use douyin_pay_protocol::{FieldError, OutNo, PlatformNo, SettleDesc, Share, ShareAmount};

use super::Side;
use crate::ask::outcome;

/// Calls `settle_create`. Fails when what is stored cannot be sent.
pub(super) async fn call(side: &Side<'_>, out_no: &OutNo) -> Result<CallOutcome, String> {
    let ask = side.ask;
    let settlement =
        ask.order.operation(OperationKind::Settlement, out_no).ok_or("the settlement is not there")?;
    let request = request(side, settlement).map_err(|refused| refused.to_string())?;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let answer = side.client.settle_create(&request).await;
    Ok(match answer {
        Ok(answer) => CallOutcome::Accepted { platform_no: Some(answer.reply.settle_id), order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}

fn request(side: &Side<'_>, settlement: &Operation) -> Result<SettleCreate, FieldError> {
    let order = &side.ask.order;
    let share = |share: &douyin_pay_ledger::Share| {
        let amount = ShareAmount::new(share.amount)?;
        Ok(Share { merchant_uid: share.merchant_uid.clone(), amount })
    };
    let shares = settlement.shares.iter().map(share).collect::<Result<Vec<_>, FieldError>>()?;
    let request = SettleCreate::new(
        order.app_id.clone(),
        order.out_order_no.clone(),
        settlement.out_no.clone().into(),
        SettleDesc::new(&settlement.text)?,
    );
    let request = request.shares(&shares)?;
    let request = match settlement.item_order_id() {
        Some(item) => request.item_order_id(PlatformNo::new(item)?),
        None => request,
    };
    Ok(request.notify_url(NotifyUrl::new(side.ask.app.config.notify_url.as_str())?))
}
