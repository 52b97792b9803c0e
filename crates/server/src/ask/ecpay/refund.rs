//! `create_refund`, from what the journal remembers.

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, Operation, OperationKind, Order};
use douyin_pay_protocol::ecpay::CreateRefund;
use douyin_pay_protocol::{FieldError, OutNo, Reason, RefundAmount};

use crate::ask::{Ask, outcome};

/// Calls `create_refund`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client, out_no: &OutNo) -> Result<CallOutcome, String> {
    let refund = ask.order.operation(OperationKind::Refund, out_no).ok_or("the refund is not there")?;
    let request = request(ask, &ask.order, refund).map_err(|refused| refused.to_string())?;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    let answer = client.create_refund(&request).await;
    Ok(match answer {
        Ok(answer) => CallOutcome::Accepted { platform_no: Some(answer.reply.refund_no), order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}

fn request(ask: &Ask, order: &Order, refund: &Operation) -> Result<CreateRefund, FieldError> {
    let (amount, reason) = (RefundAmount::new(refund.amount)?, Reason::new(&refund.text)?);
    let request = CreateRefund::new(order.out_order_no.clone(), refund.out_no.clone().into(), amount, reason);
    Ok(request.notify_url(ask.app.config.notify_url.clone()))
}
