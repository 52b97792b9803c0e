//! The merchant asks for a refund.

use douyin_pay_protocol::Fen;

use super::{Draft, items, limits};
use crate::{
    Change, Fact, Operation, OperationKind, OperationState, Order, OrderState, Origin, Refusal,
    RequestRefund, System,
};

/// The channel WeChat.
pub(super) const WECHAT: i64 = 1;

pub(super) fn request(order: &Order, fact: &Fact, ask: &RequestRefund) -> Result<Change, Refusal> {
    if let Some(known) = order.operation(OperationKind::Refund, &ask.out_no) {
        return Err(again(known, ask));
    }
    check(order, fact, ask)?;
    let trade = items::of_refund(order, ask)?;
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.warnings = warnings(order);
    draft.order.operations.push(Operation {
        amount: ask.amount,
        text: ask.reason.clone(),
        request_sha256: ask.request_sha256,
        trade,
        ..Operation::new(OperationKind::Refund, ask.out_no.clone(), Origin::Merchant, fact.at)
    });
    draft.restart(Some(order.operations.len()));
    draft.finish(None)
}

fn again(known: &Operation, ask: &RequestRefund) -> Refusal {
    if known.request_sha256 == ask.request_sha256 {
        return Refusal::Duplicate;
    }
    let asked = ask.trade.as_ref();
    let code = known.trade.as_ref().and_then(|trade| trade.code);
    let compared = [
        ("amount_fen", known.amount != ask.amount),
        ("reason", known.text != ask.reason),
        ("code", asked.is_some_and(|trade| code.is_some_and(|code| code != trade.code))),
        (
            "items",
            asked.is_some_and(|trade| {
                !trade.items.is_empty() && !items::are_same(&trade.items, known.items())
            }),
        ),
    ];
    Refusal::other_fields(compared)
}

fn check(order: &Order, fact: &Fact, ask: &RequestRefund) -> Result<(), Refusal> {
    if ask.amount == Fen::ZERO {
        return Err(Refusal::ZeroAmount);
    }
    if ask.ecpay.is_some() && order.system != System::Ecpay {
        return Err(Refusal::OtherSystem { system: order.system });
    }
    if order.state != OrderState::Paid {
        return Err(Refusal::NotPaid { state: order.state });
    }
    if let Some(currency) = order.foreign_currency() {
        return Err(Refusal::Currency { currency: currency.into() });
    }
    let left = order.refundable();
    if ask.amount > left {
        return Err(too_much(order, ask.amount, left));
    }
    let paid_at = order.paid_at.unwrap_or(order.created_at);
    if fact.at.since(paid_at) > limits::REFUND_AGE_MAX_MS {
        return Err(Refusal::TooLate { paid_at });
    }
    let count = refunds(order);
    if count >= limits::REFUNDS_MAX {
        return Err(Refusal::TooMany { count });
    }
    Ok(())
}

pub(super) fn too_much(order: &Order, asked: Fen, left: Fen) -> Refusal {
    Refusal::TooMuch {
        asked,
        left,
        paid: order.paid(),
        refunded: order.refunded(),
        refunding: order.refunding(),
        settled: crate::sums::plus(order.settled_gross(), order.settling()),
    }
}

fn refunds(order: &Order) -> usize {
    order.operations_of(OperationKind::Refund).filter(|op| op.state != OperationState::Failed).count()
}

fn warnings(order: &Order) -> Vec<String> {
    let mut warnings = Vec::new();
    if order.way == Some(WECHAT) && refunds(order) >= limits::REFUNDS_MAX_WECHAT {
        let most = limits::REFUNDS_MAX_WECHAT;
        warnings.push(format!("the platform documents at most {most} refunds of an order paid with WeChat"));
    }
    let settled = order.settled_gross();
    if settled > Fen::ZERO {
        warnings.push(format!(
            "¥{settled} of this order is settled: the refund may come out of the seller's balance, and fails if that is too small"
        ));
    }
    warnings
}
