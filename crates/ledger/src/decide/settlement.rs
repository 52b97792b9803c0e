//! The merchant asks for a settlement.

use douyin_pay_protocol::Fen;

use super::refund::too_much;
use super::{Draft, limits};
use crate::sums::{plus, total};
use crate::{
    Change, Fact, Operation, OperationKind, OperationState, Order, OrderState, Origin, Refusal,
    RequestSettlement, System,
};

/// The settlement period that the platform's console shows at first.
const USUAL_PERIOD_MS: i64 = 7 * 86_400_000;
/// Receivers get more only by agreement.
const USUAL_SHARE_PERCENT: i64 = 30;
/// The usual fee, in tenths of a percent.
const USUAL_FEE_PER_MILLE: i64 = 6;

pub(super) fn request(order: &Order, fact: &Fact, ask: &RequestSettlement) -> Result<Change, Refusal> {
    if let Some(known) = order.operation(OperationKind::Settlement, &ask.out_no) {
        return Err(again(known, ask));
    }
    let shares = total(ask.shares.iter().map(|share| share.amount));
    let left = check(order, ask, shares)?;
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.warnings = warnings(order, fact, ask, shares, left);
    draft.order.operations.push(Operation {
        amount: if ask.finish { left } else { shares },
        text: ask.description.clone(),
        request_sha256: ask.request_sha256,
        shares: ask.shares.clone(),
        finish: ask.finish,
        ..Operation::new(OperationKind::Settlement, ask.out_no.clone(), Origin::Merchant, fact.at)
    });
    draft.restart(Some(order.operations.len()));
    draft.finish(None)
}

fn again(known: &Operation, ask: &RequestSettlement) -> Refusal {
    if known.request_sha256 == ask.request_sha256 {
        return Refusal::Duplicate;
    }
    let compared = [
        ("description", known.text != ask.description),
        ("shares", known.shares != ask.shares),
        ("finish", known.finish != ask.finish),
    ];
    let mut names: Vec<_> =
        compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if names.is_empty() {
        names.push("set of fields");
    }
    Refusal::OtherFields { names }
}

/// What is left to settle, if this settlement may be asked for.
fn check(order: &Order, ask: &RequestSettlement, shares: Fen) -> Result<Fen, Refusal> {
    if order.state != OrderState::Paid {
        return Err(Refusal::NotPaid { state: order.state });
    }
    if ask.shares.len() > limits::SHARES_MAX {
        return Err(Refusal::TooManyShares { count: ask.shares.len() });
    }
    if ask.shares.iter().any(|share| share.amount == Fen::ZERO) {
        return Err(Refusal::ZeroAmount);
    }
    let settlements = || order.operations_of(OperationKind::Settlement);
    if let Some(last) = settlements().find(|op| op.finish && op.state == OperationState::Succeeded) {
        return Err(Refusal::AlreadySettled { out_no: last.out_no.clone() });
    }
    let blocks =
        |op: &&Operation| op.is_pending() && (order.system == System::Ecpay || (op.finish && ask.finish));
    if let Some(pending) = settlements().find(blocks) {
        return Err(Refusal::InFlight { out_no: pending.out_no.clone() });
    }
    let count = settlements().count();
    if count >= limits::SETTLEMENTS_MAX {
        return Err(Refusal::TooMany { count });
    }
    let left = order.settleable().amount;
    if shares > left || left == Fen::ZERO {
        return Err(too_much(order, shares, left));
    }
    Ok(left)
}

/// What the platform may object to; it decides.
fn warnings(order: &Order, fact: &Fact, ask: &RequestSettlement, shares: Fen, left: Fen) -> Vec<String> {
    let mut warnings = Vec::new();
    let shared = plus(order.shared(), shares);
    if exceeds_percent(shared, order.paid(), USUAL_SHARE_PERCENT) {
        warnings.push(format!(
            "receivers get ¥{shared} of ¥{}, more than the {USUAL_SHARE_PERCENT} % that the platform allows without an agreement",
            order.paid()
        ));
    }
    if let Some(fee) = usual_fee(left)
        && plus(shares, fee) > left
    {
        warnings
            .push(format!("with the usual fee of ¥{fee} the shares of ¥{shares} exceed the ¥{left} left"));
    }
    if fact.at.since(order.paid_at.unwrap_or(order.created_at)) < USUAL_PERIOD_MS {
        warnings.push(
            "paid less than 7 days ago: the platform refuses until the period in its console is over".into(),
        );
    }
    if !ask.finish && ask.shares.is_empty() {
        warnings.push("a settlement without shares that is not the last one moves nothing".into());
    }
    warnings
}

fn exceeds_percent(part: Fen, whole: Fen, percent: i64) -> bool {
    match (part.get().checked_mul(100), whole.get().checked_mul(percent)) {
        (Some(part), Some(whole)) => part > whole,
        _ => false,
    }
}

/// The usual fee, rounded half up.
fn usual_fee(amount: Fen) -> Option<Fen> {
    let fee = amount.get().checked_mul(USUAL_FEE_PER_MILLE)?.checked_add(500)? / 1_000;
    Fen::new(fee).ok()
}
