//! `create_refund`, from what the journal remembers.

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, Operation, OperationKind, Order, RefundEcpay, What};
use douyin_pay_protocol::ecpay::CreateRefund;
use douyin_pay_protocol::{FieldError, MsgPage, OutNo, Reason, RefundAmount};

use crate::ask::{Ask, outcome};

/// Calls `create_refund`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client, out_no: &OutNo) -> Result<CallOutcome, String> {
    let refund = ask.order.operation(OperationKind::Refund, out_no).ok_or("the refund is not there")?;
    let besides = besides(ask, out_no).await?;
    let made = || with(request(ask, &ask.order, refund)?, besides.as_ref());
    let request = made().map_err(|refused: FieldError| refused.to_string())?;
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

/// What the merchant said besides; the books keep it with the request only.
async fn besides(ask: &Ask, out_no: &OutNo) -> Result<Option<RefundEcpay>, String> {
    let asked = ask.first_said(|what| match what {
        What::RequestRefund(asked) if asked.out_no == *out_no => Some(asked.ecpay),
        _ => None,
    });
    Ok(asked.await?.flatten())
}

/// The request with what was said besides.
fn with(mut request: CreateRefund, besides: Option<&RefundEcpay>) -> Result<CreateRefund, FieldError> {
    let Some(besides) = besides else { return Ok(request) };
    if let Some(settled) = besides.all_settle {
        request = request.all_settle(settled);
    }
    if let Some(disable) = besides.disable_msg {
        request = request.disable_msg(disable);
    }
    match &besides.msg_page {
        Some(page) => Ok(request.msg_page(MsgPage::new(&**page)?)),
        None => Ok(request),
    }
}
