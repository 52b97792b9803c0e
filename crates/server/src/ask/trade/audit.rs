//! `refund_audit_callback`: the merchant's decision about a refund that somebody else asked for.

use douyin_pay_ledger::{CallOutcome, OperationKind};
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::trade::{DenyMessage, RefundAuditCallback};

use super::Side;
use crate::ask::outcome;

/// Calls `refund_audit_callback`. Fails when what is stored cannot be sent.
pub(super) async fn call(side: &Side<'_>, out_no: &OutNo) -> Result<CallOutcome, String> {
    let ask = side.ask;
    let refund = ask.order.operation(OperationKind::Refund, out_no).ok_or("the refund is not there")?;
    let decision = refund.audit().and_then(|audit| audit.decision.as_ref()).ok_or("nothing was decided")?;
    let refund_id = refund.platform_no.clone().ok_or("the platform's number of the refund is not known")?;
    let request = match (decision.agree, &decision.deny_message) {
        (true, _) => RefundAuditCallback::agree(refund_id.clone()),
        (false, why) => {
            let why = DenyMessage::new(why.as_deref().unwrap_or_default())
                .map_err(|refused| refused.to_string())?;
            RefundAuditCallback::refuse(refund_id.clone(), why)
        }
    };
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, refund_id.as_str(), ask.order.id);
    let answer = side.client.refund_audit_callback(&request).await;
    Ok(match answer {
        Ok(_) => CallOutcome::Accepted { platform_no: None, order_token: None },
        Err(error) => outcome::of_error(&error),
    })
}
