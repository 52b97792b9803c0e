//! The merchant tells how far the goods are: forward only, no money.

use douyin_pay_protocol::UnixMs;

use super::{Draft, limits, push};
use crate::{
    Change, Fact, Operation, OperationKind, OperationState, OperationTrade, Order, OrderState, Origin,
    PushFulfilment, Refusal, System,
};

pub(super) fn push(order: &Order, fact: &Fact, ask: &PushFulfilment) -> Result<Change, Refusal> {
    if let Some(known) = order.operation(OperationKind::Fulfilment, &ask.out_no) {
        return Err(again(known, ask));
    }
    if order.system == System::Ecpay {
        check_for_order_centre(order, ask)?;
    }
    if order.state != OrderState::Paid {
        return Err(Refusal::NotPaid { state: order.state });
    }
    let count = order.operations_of(OperationKind::Fulfilment).count();
    if count >= limits::FULFILMENTS_MAX {
        return Err(Refusal::TooMany { count });
    }
    match order.system {
        System::Ecpay => {
            let at = push::time(order, fact.at);
            add(order, fact, Operation { ecpay: Some(push::says(&ask.to_status)), ..operation(ask, at) })
        }
        System::Trade => by_item(order, fact, ask),
    }
}

/// Guaranteed payment: the whole order is redeemed; of payments and refunds the ledger tells by itself.
fn check_for_order_centre(order: &Order, ask: &PushFulfilment) -> Result<(), Refusal> {
    if !ask.item_order_ids.is_empty() {
        return Err(Refusal::OtherSystem { system: order.system });
    }
    if !order.plan.as_ref().is_some_and(|plan| plan.push) {
        return Err(Refusal::NoPush);
    }
    if &*ask.to_status != push::REDEEMED {
        return Err(Refusal::NotByHand { to_status: ask.to_status.clone() });
    }
    Ok(())
}

fn by_item(order: &Order, fact: &Fact, ask: &PushFulfilment) -> Result<Change, Refusal> {
    let item_order_ids = items(order, ask)?;
    for told in told(order, &item_order_ids) {
        if rank(told).zip(rank(&ask.to_status)).is_some_and(|(known, asked)| asked < known) {
            return Err(Refusal::NotForward { known: told.into() });
        }
    }
    let trade = OperationTrade {
        to_status: Some(ask.to_status.clone()),
        item_order_ids,
        ..OperationTrade::default()
    };
    add(order, fact, Operation { trade: Some(Box::new(trade)), ..operation(ask, fact.at) })
}

fn operation(ask: &PushFulfilment, at: UnixMs) -> Operation {
    Operation {
        request_sha256: ask.request_sha256,
        ..Operation::new(OperationKind::Fulfilment, ask.out_no.clone(), Origin::Merchant, at)
    }
}

fn add(order: &Order, fact: &Fact, told: Operation) -> Result<Change, Refusal> {
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.order.operations.push(told);
    draft.restart(Some(order.operations.len()));
    draft.finish(None)
}

fn again(known: &Operation, ask: &PushFulfilment) -> Refusal {
    if known.request_sha256 == ask.request_sha256 {
        return Refusal::Duplicate;
    }
    let other_status = known.to_status() != Some(&*ask.to_status);
    Refusal::OtherFields { names: vec![if other_status { "to_status" } else { "items" }] }
}

/// The items that are meant, by number: those that are named, or all.
fn items(order: &Order, ask: &PushFulfilment) -> Result<Vec<Box<str>>, Refusal> {
    if ask.item_order_ids.is_empty() {
        let all: Vec<_> = order.items().iter().map(|item| item.item_order_id.clone()).collect();
        return if all.is_empty() { Err(Refusal::ItemsNeeded { known: 0 }) } else { Ok(all) };
    }
    let mut named = ask.item_order_ids.clone();
    named.sort_unstable();
    named.dedup();
    for item_order_id in &named {
        order.item(item_order_id)?;
    }
    Ok(named)
}

/// The states that were told of any of these items, or are being told.
fn told<'o>(order: &'o Order, items: &'o [Box<str>]) -> impl Iterator<Item = &'o str> {
    let pushes = order.operations_of(OperationKind::Fulfilment);
    let counted = pushes.filter(|push| push.state != OperationState::Failed);
    counted.filter_map(|push| push.trade.as_ref()).filter_map(|trade| {
        let touches = trade.item_order_ids.iter().any(|item| items.contains(item));
        trade.to_status.as_deref().filter(|_| touches)
    })
}

/// The place of a state on the way of the goods. Of a word that this version does not know nothing is said.
fn rank(status: &str) -> Option<u8> {
    match status.to_ascii_lowercase().as_str() {
        "fulfill_wait" => Some(0),
        "fulfilling" => Some(1),
        "fulfill_done" | "fulfilled" => Some(2),
        _ => None,
    }
}
