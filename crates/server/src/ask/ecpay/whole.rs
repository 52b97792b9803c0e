//! What is asked about a whole order: the amount left, the platform's own settlements.

use douyin_pay_ledger::{
    Operation, OperationKind, Order, OrderState, Origin, Source, What, Why, of_platform_order,
    of_unsettle_amount,
};
use douyin_pay_protocol::Fen;
use douyin_pay_protocol::ecpay::{QueryPlatformOrder, UnsettleAmount};

use super::query::why;
use crate::ask::{Ask, Heard};

/// What the platform says is left to settle; nothing when it did not tell.
pub(crate) async fn settleable(ask: &Ask) -> Option<What> {
    let client = super::client(ask).await?;
    let number = &ask.order.out_order_no;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number.as_str(), ask.order.id);
    let answer = client.unsettle_amount(&UnsettleAmount::new(number.clone())).await;
    ask.watch_config(answer.as_ref().err()).await;
    answer.ok().map(|answer| of_unsettle_amount(&answer.reply, ask.server.env().now()).what)
}

/// Takes over settlements that the platform made by itself, with one call; what came of it. Nothing when there was no
/// call: nothing is left that the platform could have settled.
pub(crate) async fn adopt(ask: &Ask) -> Option<Heard> {
    if !may_be_settled_elsewhere(&ask.order) {
        return None;
    }
    let client = super::client(ask).await?;
    let number = &ask.order.out_order_no;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number.as_str(), ask.order.id);
    let answer = match client.query_platform_order(&QueryPlatformOrder::new(number.clone())).await {
        Ok(answer) => answer,
        Err(error) if why(&error) == Why::NotFound => return Some(Heard::NotFound),
        Err(_) => return Some(Heard::Silence),
    };
    let mut heard = Heard::NotFound;
    for fact in of_platform_order(&answer.reply, ask.server.env().now()) {
        heard = Heard::Told;
        ask.tell(Source::Operator, fact.what).await;
    }
    Some(heard)
}

/// Only what is left, or was asked for in vain, can have been settled by the platform; and a callback tells of such a settlement the amount alone,
/// not who got it.
fn may_be_settled_elsewhere(order: &Order) -> bool {
    let half_known = |one: &Operation| one.origin == Origin::Platform && one.shares.is_empty();
    order.state == OrderState::Paid
        && (order.settleable().amount > Fen::ZERO
            || order.settling() > Fen::ZERO
            || order.operations_of(OperationKind::Settlement).any(half_known))
}
