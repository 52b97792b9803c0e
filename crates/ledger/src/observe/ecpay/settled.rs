//! What guaranteed payment says about returns, its own settlements and what is left.

use douyin_pay_protocol::ecpay::callback::ReturnNotice;
use douyin_pay_protocol::ecpay::{AutoSettleInfo, PlatformOrder, ReturnInfo, UnsettleAmountReply};
use douyin_pay_protocol::{Fen, OutNo, UnixMs};

use super::operation_state;
use crate::observe::{still_processing, trade_settle_no};
use crate::{Fact, OperationKind, ReturnSeen, SettleableSeen, SettlementSeen, Share, Source, Target, What};

/// What the answer to `create_return` or `query_return` says about the return of that number. A word that this
/// version does not know counts as "still processing".
pub fn of_return_info(out_no: OutNo, info: &ReturnInfo, at: UnixMs) -> Fact {
    let Some(state) = operation_state(&info.return_status) else {
        return still_processing(Target::Operation(OperationKind::Return, out_no), at);
    };
    let seen = ReturnSeen {
        settlement: info.out_settle_no.clone().map(Into::into),
        settle_no: info.settle_no.clone(),
        merchant_uid: info.merchant_uid.clone(),
        amount: info.return_amount,
        platform_no: info.return_no.clone(),
        finished_at: info.finish_time,
        message: info.fail_reason.clone(),
        ..ReturnSeen::new(out_no, state)
    };
    Fact { at, source: Source::Query, what: What::ReturnSeen(seen) }
}

/// What a callback about a return says; the platform documents none, and a later version may send one.
pub fn of_return_notice(notice: &ReturnNotice<'_>) -> Option<ReturnSeen> {
    let state = operation_state(&notice.status)?;
    Some(ReturnSeen {
        settlement: notice.out_settle_no.clone().map(Into::into),
        settle_no: notice.settle_no.clone(),
        merchant_uid: notice.merchant_uid.clone(),
        amount: notice.return_amount,
        platform_no: notice.return_no.clone(),
        finished_at: notice.finish_time,
        message: notice.fail_reason.as_deref().map(Into::into),
        ..ReturnSeen::new(notice.out_return_no.clone().into(), state)
    })
}

/// What the answer to `unsettle_amount` says is left of the order.
///
/// ```
/// use douyin_pay_ledger::{What, of_unsettle_amount};
/// use douyin_pay_protocol::UnixMs;
/// use douyin_pay_protocol::ecpay::{UnsettleAmount, parse_reply};
///
/// let body = br#"{"err_no":0,"err_tips":"","data":{"out_order_no":"O1","unsettle_amount":1172,"detail":{
///     "pay_info":{"out_order_no":"O1","amount":1280},"refund_info":[{"out_refund_no":"R1","amount":100}],
///     "payment_rake":8,"life_rake":0,"commission":0}}}"#;
/// let reply = parse_reply::<UnsettleAmount>(body).unwrap();
/// let fact = of_unsettle_amount(&reply, UnixMs::new(1_767_225_600_000));
/// let What::SettleableSeen(seen) = fact.what else { panic!("what is left") };
/// assert_eq!((seen.unsettled.get(), seen.refunded.map(|sum| sum.get())), (1172, Some(100)));
/// ```
pub fn of_unsettle_amount(reply: &UnsettleAmountReply, at: UnixMs) -> Fact {
    let detail = &reply.detail;
    let refunds = detail.refund_info.iter().map(|refund| refund.amount);
    let refunded: Option<Vec<Fen>> = refunds.collect();
    let seen = SettleableSeen {
        paid: detail.pay_info.as_ref().and_then(|paid| paid.amount),
        refunded: refunded.and_then(Fen::sum).filter(|_| detail.pay_info.is_some()),
        payment_rake: detail.payment_rake,
        life_rake: detail.life_rake,
        commission: detail.commission,
        ..SettleableSeen::new(reply.unsettle_amount)
    };
    Fact { at, source: Source::Query, what: What::SettleableSeen(seen) }
}

/// What the answer to `query_platform_order` says: the settlements that the platform made by itself. One in a word
/// that this version does not know, or without any number, says nothing.
pub fn of_platform_order(reply: &PlatformOrder, at: UnixMs) -> Vec<Fact> {
    let seen = reply.settle_info_list.iter().filter_map(of_automatic);
    seen.map(|seen| Fact { at, source: Source::Query, what: What::SettlementSeen(seen) }).collect()
}

fn of_automatic(info: &AutoSettleInfo) -> Option<SettlementSeen> {
    let state = operation_state(&info.settle_status)?;
    let out_no = match (&info.out_settle_no, &info.settle_no) {
        (Some(theirs), _) => theirs.clone().into(),
        (None, Some(number)) => trade_settle_no(None, number),
        (None, None) => return None,
    };
    let share = |share: &douyin_pay_protocol::ecpay::AutoShare| Share {
        merchant_uid: share.merchant_uid.clone(),
        amount: share.amount,
    };
    Some(SettlementSeen {
        platform_no: info.settle_no.clone(),
        rake: info.service_charge,
        commission: info.cps,
        finished_at: info.settled_at,
        automatic: true,
        shares: info.settle_param_list.iter().map(share).collect(),
        ..SettlementSeen::new(out_no, state)
    })
}
