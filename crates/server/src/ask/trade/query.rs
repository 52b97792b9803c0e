//! The three queries. Silence and refusals are never taken for failure.

use douyin_pay_ledger::{
    OperationKind, Origin, Target, What, Why, of_trade_refund_info, of_trade_settle_info,
};
use douyin_pay_protocol::OutNo;
use douyin_pay_protocol::trade::{RefundQuery, SettleQuery};

use super::{Side, order, why};

pub(super) async fn query(side: &Side<'_>, target: &Target) -> What {
    match target {
        Target::Order => order::query(side).await,
        Target::Operation(OperationKind::Refund, out_no) | Target::Audit(out_no) => {
            refund(side, out_no).await
        }
        Target::Operation(OperationKind::Settlement, out_no) => settlement(side, out_no).await,
        // Nothing can be asked about these.
        Target::Operation(OperationKind::Return | OperationKind::Fulfilment, _) => {
            What::NothingNew { target: target.clone(), why: Why::NotSent }
        }
    }
}

/// The platform's own refunds are asked about by its own number: it may not have taken ours.
async fn refund(side: &Side<'_>, out_no: &OutNo) -> What {
    let ask = side.ask;
    let known = ask.order.operation(OperationKind::Refund, out_no);
    let own = known.filter(|refund| refund.origin != Origin::Merchant);
    let (question, number) = match own.and_then(|refund| refund.platform_no.clone()) {
        Some(number) => (RefundQuery::by_refund_id(number.clone()), number.as_str().to_owned()),
        None => (RefundQuery::by_out_refund_no(out_no.clone().into()), out_no.as_str().to_owned()),
    };
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, &number, ask.order.id);
    let answer = side.client.refund_query(&question).await;
    ask.watch_config(answer.as_ref().err()).await;
    let why = match &answer {
        Ok(answer) => match answer.reply.refund_list.first() {
            Some(info) => return of_trade_refund_info(out_no.clone(), info, ask.server.env().now()).what,
            None => Why::NotFound,
        },
        Err(error) => why(error),
    };
    What::NothingNew { target: Target::Operation(OperationKind::Refund, out_no.clone()), why }
}

async fn settlement(side: &Side<'_>, out_no: &OutNo) -> What {
    let ask = side.ask;
    let app_id = ask.order.app_id.clone();
    let known = ask.order.operation(OperationKind::Settlement, out_no);
    let own = known.filter(|settlement| settlement.origin != Origin::Merchant);
    let (question, number) = match own.and_then(|settlement| settlement.platform_no.clone()) {
        Some(number) => (SettleQuery::by_settle_id(app_id, number.clone()), number.as_str().to_owned()),
        None => (SettleQuery::by_out_settle_no(app_id, out_no.clone().into()), out_no.as_str().to_owned()),
    };
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, &number, ask.order.id);
    let answer = side.client.settle_query(&question).await;
    ask.watch_config(answer.as_ref().err()).await;
    let why = match &answer {
        Ok(answer) => match answer.reply.0.first() {
            Some(info) => return of_trade_settle_info(out_no.clone(), info, ask.server.env().now()).what,
            None => Why::NotFound,
        },
        Err(error) => why(error),
    };
    What::NothingNew { target: Target::Operation(OperationKind::Settlement, out_no.clone()), why }
}
