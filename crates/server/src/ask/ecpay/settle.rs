//! `settle`, from what the journal remembers.

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, Operation, OperationKind, Order};
use douyin_pay_protocol::ecpay::{Settle, Share};
use douyin_pay_protocol::{FieldError, OutNo, SettleDesc, ShareAmount};

use crate::ask::{Ask, outcome};

/// Calls `settle`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client, out_no: &OutNo) -> Result<CallOutcome, String> {
    let settlement =
        ask.order.operation(OperationKind::Settlement, out_no).ok_or("the settlement is not there")?;
    let request = request(ask, &ask.order, settlement).map_err(|refused| refused.to_string())?;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let answer = client.settle(&request).await;
    Ok(match answer {
        Ok(answer) => CallOutcome::Accepted { platform_no: Some(answer.reply.settle_no), order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}

fn request(ask: &Ask, order: &Order, settlement: &Operation) -> Result<Settle, FieldError> {
    let share = |share: &douyin_pay_ledger::Share| {
        let amount = ShareAmount::new(share.amount)?;
        Ok(Share { merchant_uid: share.merchant_uid.clone(), amount })
    };
    let shares = settlement.shares.iter().map(share).collect::<Result<Vec<_>, FieldError>>()?;
    let description = SettleDesc::new(&settlement.text)?;
    let request = Settle::new(settlement.out_no.clone().into(), order.out_order_no.clone(), description);
    let request = request.shares(&shares)?.finish(settlement.finish);
    Ok(request.notify_url(ask.app.config.notify_url.clone()))
}
