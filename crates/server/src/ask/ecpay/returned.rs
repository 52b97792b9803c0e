//! `create_return` and `query_return`, from what the journal remembers.

use douyin_pay::Client;
use douyin_pay_ledger::{
    CallOutcome, Operation, OperationKind, Order, What, of_return_info, trade_settle_no,
};
use douyin_pay_protocol::ecpay::CreateReturn;
use douyin_pay_protocol::{FieldError, OutNo, PlatformNo, ReturnAmount, ReturnDesc};

use crate::ask::{Ask, Called, outcome};

/// Calls `create_return`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, client: &Client, out_no: &OutNo) -> Result<Called, String> {
    let back = ask.order.operation(OperationKind::Return, out_no).ok_or("the return is not there")?;
    let request = request(&ask.order, back)?;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, out_no.as_str(), ask.order.id);
    Ok(match client.create_return(&request).await {
        // The answer may tell the end already.
        Ok(answer) => Called {
            seen: Some(of_return_info(out_no.clone(), &answer.reply, ask.server.env().now()).what)
                .filter(|what| !matches!(what, What::NothingNew { .. })),
            outcome: CallOutcome::Accepted { platform_no: answer.reply.return_no, order_token: None },
        },
        Err(error) => outcome::of_error(&error).into(),
    })
}

fn request(order: &Order, back: &Operation) -> Result<CreateReturn, String> {
    let number = back.settlement().ok_or("the settlement of the return is not known")?;
    let receiver = back.receiver().ok_or("the receiver of the return is not known")?;
    // A strict reading of the platform's table wants both numbers. A settlement that the platform made may have none
    // but its own, which is kept here as ours.
    let settlement = order.operation(OperationKind::Settlement, number);
    let theirs = settlement.and_then(|settlement| settlement.platform_no.clone());
    let is_ours = |theirs: &PlatformNo| *number != trade_settle_no(None, theirs);
    let made = || {
        let (out_no, uid) = (back.out_no.clone().into(), receiver.merchant_uid.clone());
        let (amount, text) = (ReturnAmount::new(back.amount)?, ReturnDesc::new(&back.text)?);
        let by_ours = CreateReturn::by_out_settle_no;
        Ok(match theirs {
            Some(theirs) if is_ours(&theirs) => {
                by_ours(number.clone().into(), out_no, uid, amount, text).settle_no(theirs)
            }
            Some(theirs) => CreateReturn::by_settle_no(theirs, out_no, uid, amount, text),
            None => by_ours(number.clone().into(), out_no, uid, amount, text),
        })
    };
    made().map_err(|refused: FieldError| refused.to_string())
}
