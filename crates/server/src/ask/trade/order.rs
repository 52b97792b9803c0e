//! `order_query`: what became of an order, and whether the platform's number is its own.

use std::sync::Arc;

use douyin_pay_ledger::{Order, Source, What, of_trade_order_reply};
use douyin_pay_protocol::PlatformNo;
use douyin_pay_protocol::trade::OrderQuery;

use super::{Side, why};

/// What the platform says about a number that the front end was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is this order's, and that was written down.
    Ours,
    /// It is another order's, or nobody's.
    Another,
    /// It said nothing.
    Nothing,
}

/// Asks by our number.
pub(super) async fn query(side: &Side<'_>) -> What {
    let (ask, number) = (side.ask, &side.ask.order.out_order_no);
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number.as_str(), ask.order.id);
    let answer = side.client.order_query(&OrderQuery::by_out_order_no(number.clone())).await;
    ask.watch_config(answer.as_ref().err()).await;
    match answer {
        Ok(answer) => of_trade_order_reply(&answer.reply, ask.server.env().now()).what,
        Err(error) => What::NothingNew { target: douyin_pay_ledger::Target::Order, why: why(&error) },
    }
}

/// Asks, and takes over what is told; the order after it.
pub(super) async fn learn(side: &Side<'_>) -> Option<Arc<Order>> {
    let what = query(side).await;
    // What brought nothing must not move the order's own schedule.
    if matches!(what, What::NothingNew { .. }) {
        return None;
    }
    side.ask.tell(Source::Query, what).await?.order
}

/// Asks by the platform's number whether it is this order's.
pub(super) async fn check(side: &Side<'_>, number: &PlatformNo) -> Found {
    let ask = side.ask;
    let _belongs = ask.server.numbers().belongs(&ask.order.app_id, number.as_str(), ask.order.id);
    let answer = side.client.order_query(&OrderQuery::by_order_id(number.clone())).await;
    ask.watch_config(answer.as_ref().err()).await;
    let reply = match answer {
        Ok(answer) => answer.reply,
        Err(error) if error.is_not_found() => return Found::Another,
        Err(_) => return Found::Nothing,
    };
    let ours = reply.out_order_no.as_deref() == Some(ask.order.out_order_no.as_str())
        && reply.app_id.as_ref().is_none_or(|app_id| *app_id == ask.order.app_id);
    if !ours {
        return Found::Another;
    }
    let fact = of_trade_order_reply(&reply, ask.server.env().now());
    match ask.tell(Source::Operator, fact.what).await.and_then(|decided| decided.order) {
        Some(order) if order.platform_order_id.as_ref() == Some(number) => Found::Ours,
        _ => Found::Nothing,
    }
}
