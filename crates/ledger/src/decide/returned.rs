//! The merchant asks for a share back.

use douyin_pay_protocol::Fen;

use super::refund::WECHAT;
use super::{Draft, limits};
use crate::{
    Change, Fact, Operation, OperationEcpay, OperationKind, OperationState, Order, Origin, Refusal,
    RequestReturn, Share, System,
};

const ALIPAY: i64 = 2;
/// WeChat takes a share back for so long.
const AGE_MAX_WECHAT_MS: i64 = 180 * 86_400_000;
/// Alipay takes a share back for twelve months.
const AGE_MAX_ALIPAY_MS: i64 = 366 * 86_400_000;

pub(super) fn request(order: &Order, fact: &Fact, ask: &RequestReturn) -> Result<Change, Refusal> {
    if let Some(known) = order.operation(OperationKind::Return, &ask.out_no) {
        return Err(again(known, ask));
    }
    let settlement = check(order, ask)?;
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.warnings = warnings(order, settlement, fact, ask);
    draft.order.operations.push(Operation {
        amount: ask.amount,
        text: ask.description.clone(),
        request_sha256: ask.request_sha256,
        shares: vec![Share { merchant_uid: ask.merchant_uid.clone(), amount: ask.amount }],
        ecpay: Some(Box::new(OperationEcpay {
            settlement: Some(ask.settlement.clone()),
            ..OperationEcpay::default()
        })),
        ..Operation::new(OperationKind::Return, ask.out_no.clone(), Origin::Merchant, fact.at)
    });
    draft.restart(Some(order.operations.len()));
    draft.finish(None)
}

fn again(known: &Operation, ask: &RequestReturn) -> Refusal {
    if known.request_sha256 == ask.request_sha256 {
        return Refusal::Duplicate;
    }
    let receiver = known.receiver().map(|share| &share.merchant_uid);
    let compared = [
        ("out_settle_no", known.settlement() != Some(&ask.settlement)),
        ("merchant_uid", receiver != Some(&ask.merchant_uid)),
        ("amount_fen", known.amount != ask.amount),
        ("description", known.text != ask.description),
    ];
    Refusal::other_fields(compared)
}

/// The settlement that the share comes from, if it may be asked back.
fn check<'o>(order: &'o Order, ask: &RequestReturn) -> Result<&'o Operation, Refusal> {
    if order.system != System::Ecpay {
        return Err(Refusal::OtherSystem { system: order.system });
    }
    if ask.amount == Fen::ZERO {
        return Err(Refusal::ZeroAmount);
    }
    let out_no = || ask.settlement.clone();
    let settlement = order.operation(OperationKind::Settlement, &ask.settlement);
    let settlement = settlement.ok_or_else(|| Refusal::UnknownSettlement { out_no: out_no() })?;
    if settlement.state != OperationState::Succeeded {
        return Err(Refusal::NotSettled { out_no: out_no(), state: settlement.state });
    }
    let returns = order.returns(&ask.settlement, &ask.merchant_uid);
    if returns.shared == Fen::ZERO {
        return Err(Refusal::NoShare { out_no: out_no(), merchant_uid: ask.merchant_uid.clone() });
    }
    if ask.amount > returns.left() {
        return Err(Refusal::TooMuchBack {
            asked: ask.amount,
            left: returns.left(),
            shared: returns.shared,
            returned: returns.returned,
            returning: returns.returning,
        });
    }
    if order.way == Some(WECHAT) && returns.count >= limits::RETURNS_MAX {
        return Err(Refusal::TooManyReturns { count: returns.count });
    }
    Ok(settlement)
}

/// What the platform may object to; it decides.
fn warnings(order: &Order, settlement: &Operation, fact: &Fact, ask: &RequestReturn) -> Vec<String> {
    let settled_at = settlement.finished_at.unwrap_or(settlement.requested_at);
    let age = fact.at.since(settled_at);
    let late = match order.way {
        Some(WECHAT) if age > AGE_MAX_WECHAT_MS => {
            Some("settled more than 180 days ago: WeChat takes no share back any more")
        }
        Some(ALIPAY) if age > AGE_MAX_ALIPAY_MS => {
            Some("settled more than twelve months ago: Alipay takes no share back any more")
        }
        _ => None,
    };
    let count = order.returns(&settlement.out_no, &ask.merchant_uid).count;
    let often = (count >= limits::RETURNS_MAX).then(|| {
        format!("the receiver has given back {count} times: with WeChat that is the most, elsewhere the platform says nothing")
    });
    late.map(str::to_owned).into_iter().chain(often).collect()
}
