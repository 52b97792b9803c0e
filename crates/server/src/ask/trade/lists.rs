//! Refunds and settlements that the platform's side started, found by asking about their order.

use douyin_pay_ledger::{
    Operation, OperationKind, Order, Source, What, of_trade_refund_info, of_trade_settle_info,
    trade_refund_no, trade_settle_no,
};
use douyin_pay_protocol::PlatformNo;
use douyin_pay_protocol::trade::{RefundInfo, RefundQuery, SettleInfo, SettleQuery};

use super::Side;

/// Takes over what is not known here; whether there was anything.
pub(super) async fn adopt(side: &Side<'_>) -> bool {
    let ask = side.ask;
    let Some((order, number)) = side.placed().await else { return false };
    let _belongs = ask.server.numbers().belongs(&order.app_id, number.as_str(), order.id);
    let now = ask.server.env().now();
    let mut found = Vec::new();
    if let Ok(answer) = side.client.refund_query(&RefundQuery::by_order_id(number.clone())).await {
        let unknown = answer.reply.refund_list.iter().filter(|info| is_new_refund(&order, info));
        found.extend(unknown.map(|info| {
            let out_no = trade_refund_no(info.out_refund_no.as_deref(), &info.refund_id);
            of_trade_refund_info(out_no, info, now).what
        }));
    }
    let settlements = SettleQuery::by_order_id(order.app_id.clone(), number);
    if let Ok(answer) = side.client.settle_query(&settlements).await {
        let unknown = answer.reply.0.iter().filter(|info| is_new_settlement(&order, info));
        found.extend(unknown.map(|info| {
            let out_no = trade_settle_no(info.out_settle_no.as_deref(), &info.settle_id);
            of_trade_settle_info(out_no, info, now).what
        }));
    }
    let mut any = false;
    for what in found.into_iter().filter(|what| !matches!(what, What::NothingNew { .. })) {
        any |= ask.tell(Source::Operator, what).await.is_some_and(|decided| decided.verdict.is_ok());
    }
    any
}

fn is_new_refund(order: &Order, info: &RefundInfo) -> bool {
    let same = |known: &Operation| is_same(known, &info.refund_id, info.out_refund_no.as_deref());
    !order.operations_of(OperationKind::Refund).any(same)
}

fn is_new_settlement(order: &Order, info: &SettleInfo) -> bool {
    let same = |known: &Operation| is_same(known, &info.settle_id, info.out_settle_no.as_deref());
    !order.operations_of(OperationKind::Settlement).any(same)
}

/// Whether both are the same: by the platform's number, which ours may have been made up to equal; by ours until the
/// platform's is known.
fn is_same(known: &Operation, number: &PlatformNo, out_no: Option<&str>) -> bool {
    match &known.platform_no {
        Some(theirs) => theirs == number,
        None => out_no == Some(known.out_no.as_str()),
    }
}
