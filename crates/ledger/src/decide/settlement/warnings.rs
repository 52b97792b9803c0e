//! What the platform may object to in a settlement.

use douyin_pay_protocol::Fen;

use crate::sums::plus;
use crate::{Fact, Order, RequestSettlement};

/// The settlement period that the platform's console shows at first.
const USUAL_PERIOD_MS: i64 = 7 * 86_400_000;
/// Receivers get more only by agreement.
const USUAL_SHARE_PERCENT: i64 = 30;
/// The usual fee, in tenths of a percent.
const USUAL_FEE_PER_MILLE: i64 = 6;

/// What the platform may object to in guaranteed payment; it decides.
pub(super) fn of_ecpay(
    order: &Order,
    fact: &Fact,
    ask: &RequestSettlement,
    shares: Fen,
    left: Fen,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let shared = plus(order.shared(), shares);
    if exceeds_percent(shared, order.paid(), USUAL_SHARE_PERCENT) {
        warnings.push(format!(
            "receivers get ¥{shared} of ¥{}, more than the {USUAL_SHARE_PERCENT} % that the platform allows without an agreement",
            order.paid()
        ));
    }
    warnings.extend(exceeds_with_fee(shares, left));
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

/// What the platform may object to in the general trade system. Its settlement period and the ceiling for
/// shares depend on the goods, so nothing is said of them.
pub(super) fn of_trade(ask: &RequestSettlement, shares: Fen, left: Fen) -> Vec<String> {
    let mut warnings = Vec::new();
    if !ask.shares.is_empty() {
        warnings.extend(exceeds_with_fee(shares, left));
    }
    warnings
}

fn exceeds_with_fee(shares: Fen, left: Fen) -> Option<String> {
    let fee = usual_fee(left).filter(|fee| plus(shares, *fee) > left)?;
    Some(format!("with the usual fee of ¥{fee} the shares of ¥{shares} exceed the ¥{left} left"))
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
