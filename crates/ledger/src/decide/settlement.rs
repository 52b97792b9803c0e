//! The merchant asks for a settlement.

mod warnings;

use douyin_pay_protocol::Fen;

use super::refund::too_much;
use super::{Draft, limits};
use crate::sums::total;
use crate::{
    Change, Fact, Operation, OperationKind, OperationState, OperationTrade, Order, OrderState, Origin,
    Refusal, RequestSettlement, System,
};

pub(super) fn request(order: &Order, fact: &Fact, ask: &RequestSettlement) -> Result<Change, Refusal> {
    if let Some(known) = order.operation(OperationKind::Settlement, &ask.out_no) {
        return Err(again(known, ask));
    }
    let shares = total(ask.shares.iter().map(|share| share.amount));
    let left = check(order, ask, shares)?;
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.warnings = match order.system {
        System::Ecpay => warnings::of_ecpay(order, fact, ask, shares, left),
        System::Trade => warnings::of_trade(ask, shares, left),
    };
    draft.order.operations.push(Operation {
        amount: amount(order, ask, shares, left),
        text: ask.description.clone(),
        request_sha256: ask.request_sha256,
        shares: ask.shares.clone(),
        finish: ask.finish && ask.item_order_id.is_none(),
        trade: (order.system == System::Trade).then(|| {
            Box::new(OperationTrade { item_order_id: ask.item_order_id.clone(), ..OperationTrade::default() })
        }),
        ..Operation::new(OperationKind::Settlement, ask.out_no.clone(), Origin::Merchant, fact.at)
    });
    draft.restart(Some(order.operations.len()));
    draft.finish(None)
}

/// What it is expected to take: everything left if it is the last, or the rest of a known item; else the shares.
fn amount(order: &Order, ask: &RequestSettlement, shares: Fen, left: Fen) -> Fen {
    let everything = match &ask.item_order_id {
        None => ask.finish,
        Some(_) => !order.items().is_empty(),
    };
    if everything { left } else { shares }
}

fn again(known: &Operation, ask: &RequestSettlement) -> Refusal {
    if known.request_sha256 == ask.request_sha256 {
        return Refusal::Duplicate;
    }
    let compared = [
        ("description", known.text != ask.description),
        ("shares", known.shares != ask.shares),
        ("finish", ask.item_order_id.is_none() && known.finish != ask.finish),
        ("item_order_id", known.item_order_id() != ask.item_order_id.as_deref()),
    ];
    Refusal::other_fields(compared)
}

/// What is left to settle, if this settlement may be asked for.
fn check(order: &Order, ask: &RequestSettlement, shares: Fen) -> Result<Fen, Refusal> {
    if order.state != OrderState::Paid {
        return Err(Refusal::NotPaid { state: order.state });
    }
    if let Some(currency) = order.foreign_currency() {
        return Err(Refusal::Currency { currency: currency.into() });
    }
    if ask.shares.len() > limits::SHARES_MAX {
        return Err(Refusal::TooManyShares { count: ask.shares.len() });
    }
    if ask.shares.iter().any(|share| share.amount == Fen::ZERO) {
        return Err(Refusal::ZeroAmount);
    }
    check_others(order, ask)?;
    let count = order.operations_of(OperationKind::Settlement).count();
    let most = match order.system {
        System::Ecpay => limits::SETTLEMENTS_MAX,
        System::Trade => limits::SETTLEMENTS_MAX_TRADE,
    };
    if count >= most {
        return Err(Refusal::TooMany { count });
    }
    let item = ask.item_order_id.as_ref().map(|number| order.item(number)).transpose()?.flatten();
    let left = item.map_or(order.settleable().amount, |item| order.settleable_of(item));
    if shares > left || left == Fen::ZERO {
        return Err(too_much(order, shares, left));
    }
    Ok(left)
}

/// Whether the other settlements of the order leave room for this one.
fn check_others(order: &Order, ask: &RequestSettlement) -> Result<(), Refusal> {
    let settlements = || order.operations_of(OperationKind::Settlement);
    if let Some(last) = order.last_settlement() {
        return Err(Refusal::AlreadySettled { out_no: last.out_no.clone() });
    }
    if order.system == System::Ecpay {
        if ask.item_order_id.is_some() {
            return Err(Refusal::OtherSystem { system: order.system });
        }
        let pending = settlements().find(|op| op.is_pending());
        return pending.map_or(Ok(()), |op| Err(Refusal::InFlight { out_no: op.out_no.clone() }));
    }
    if ask.item_order_id.is_none() && !ask.finish {
        return Err(Refusal::OneSettlement);
    }
    // As a whole or item by item, not both; and each item once.
    for other in settlements().filter(|op| op.state != OperationState::Failed) {
        let out_no = other.out_no.clone();
        if other.item_order_id().is_some() != ask.item_order_id.is_some() {
            return Err(Refusal::SettledOtherwise { out_no });
        }
        if other.item_order_id() == ask.item_order_id.as_deref() {
            let pending = other.is_pending();
            return Err(if pending {
                Refusal::InFlight { out_no }
            } else {
                Refusal::AlreadySettled { out_no }
            });
        }
    }
    Ok(())
}
