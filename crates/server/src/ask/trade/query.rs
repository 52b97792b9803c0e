//! The three queries. Silence and refusals are never taken for failure.

use douyin_pay_ledger::{
    Operation, OperationKind, OperationState, Order, Origin, RefundSeen, SettlementSeen, Target, What, Why,
    of_trade_refund_info, of_trade_settle_info,
};
use douyin_pay_protocol::trade::{RefundQuery, SettleQuery};
use douyin_pay_protocol::{OutNo, PlatformNo};

use super::{Side, order, why};

/// Why an operation failed whose number the platform has for another order. It takes a number once in an app, so the
/// call for this order cannot have acted and never will.
const ANOTHERS: &str = "the platform has this number for another order of the app; nothing was done for this one: \
                        ask again with a new number";

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
            Some(info) if is_anothers(&ask.order, Some(&info.order_id)) => {
                if is_unconfirmed(known) {
                    let seen = RefundSeen::new(out_no.clone(), OperationState::Failed);
                    return What::RefundSeen(RefundSeen { message: Some(ANOTHERS.into()), ..seen });
                }
                Why::Unknown
            }
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
            Some(info) if is_anothers(&ask.order, info.order_id.as_ref()) => {
                if is_unconfirmed(known) {
                    let seen = SettlementSeen::new(out_no.clone(), OperationState::Failed);
                    return What::SettlementSeen(SettlementSeen { message: Some(ANOTHERS.into()), ..seen });
                }
                Why::Unknown
            }
            Some(info) => return of_trade_settle_info(out_no.clone(), info, ask.server.env().now()).what,
            None => Why::NotFound,
        },
        Err(error) => why(error),
    };
    What::NothingNew { target: Target::Operation(OperationKind::Settlement, out_no.clone()), why }
}

/// Whether the platform tells about an order that is not this one.
fn is_anothers(order: &Order, order_id: Option<&PlatformNo>) -> bool {
    order.platform_order_id.as_ref().zip(order_id).is_some_and(|(ours, theirs)| ours != theirs)
}

/// Whether the platform never took it on, as far as is known here.
fn is_unconfirmed(known: Option<&Operation>) -> bool {
    known.is_some_and(|one| one.state == OperationState::Requested && one.platform_no.is_none())
}
