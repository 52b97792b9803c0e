//! The messages of guaranteed payment as facts.

mod settled;

use douyin_pay_protocol::ecpay::callback::{Notice, PaymentNotice, RefundNotice, SettleNotice};
use douyin_pay_protocol::ecpay::{
    OrderStatus, PayWay, QueryOrderReply, RefundInfo, ResultStatus, SettleInfo,
};
use douyin_pay_protocol::{OutNo, UnixMs};

use super::{source, still_processing};
use crate::{
    Fact, OperationKind, OperationState, OrderSeen, OrderState, RefundSeen, SettlementSeen, Source, Target,
    What,
};
pub use settled::{of_platform_order, of_return_info, of_return_notice, of_unsettle_amount};

/// What a verified callback says, or nothing if it says nothing that changes an order: another type,
/// a state that is not an end, or a word that this version does not know.
///
/// ```
/// use douyin_pay_ledger::{OrderState, What, of_notice};
/// use douyin_pay_protocol::UnixMs;
/// use douyin_pay_protocol::ecpay::callback::Notice;
///
/// let msg = r#"{"appid":"tt1","cp_orderno":"O1","total_amount":1280,"status":"SUCCESS","way":"2"}"#;
/// let notice = Notice::parse("payment", msg).unwrap();
/// let fact = of_notice(&notice, UnixMs::new(1_767_225_600_000)).unwrap();
/// let What::OrderSeen(seen) = fact.what else { panic!("a payment") };
/// assert_eq!((seen.state, seen.way), (OrderState::Paid, Some(2)));
/// ```
pub fn of_notice(notice: &Notice<'_>, at: UnixMs) -> Option<Fact> {
    let what = match notice {
        Notice::Payment(payment) => What::OrderSeen(of_payment(payment)?),
        Notice::Refund(refund) => What::RefundSeen(of_refund(refund)?),
        Notice::Settle(settle) => What::SettlementSeen(of_settle(settle)?),
        Notice::Return(back) => What::ReturnSeen(of_return_notice(back)?),
        // A withdrawal belongs to no order.
        Notice::Withdraw(_) | Notice::Other { .. } => return None,
    };
    Some(Fact { at, source: Source::Callback, what })
}

/// What the answer to `query_order` says. A word that this version does not know counts as "still
/// processing": the schedule goes on.
pub fn of_order_reply(reply: &QueryOrderReply, at: UnixMs) -> Fact {
    let info = &reply.payment_info;
    let Some(state) = order_state(&info.order_status) else { return still_processing(Target::Order, at) };
    let seen = OrderSeen {
        total: info.total_fee,
        platform_order_id: reply.order_id.clone(),
        paid_at: info.pay_time,
        way: info.way.map(PayWay::number),
        channel_no: info.channel_no.clone(),
        payment_order_no: None,
        seller_uid: info.seller_uid.clone(),
        detail: why_closed(&info.order_status),
        ..OrderSeen::new(state)
    };
    Fact { at, source: Source::Query, what: What::OrderSeen(seen) }
}

/// What the answer to `query_refund` says about the refund of that number.
pub fn of_refund_info(out_no: OutNo, info: &RefundInfo, at: UnixMs) -> Fact {
    let Some(state) = operation_state(&info.refund_status) else {
        return still_processing(Target::Operation(OperationKind::Refund, out_no), at);
    };
    let seen = RefundSeen {
        amount: info.refund_amount,
        platform_no: info.refund_no.clone(),
        finished_at: info.refunded_at,
        source: source(info.is_all_settled),
        message: info.msg.clone(),
        ..RefundSeen::new(out_no, state)
    };
    Fact { at, source: Source::Query, what: What::RefundSeen(seen) }
}

/// What the answer to `query_settle` says about the settlement of that number.
pub fn of_settle_info(out_no: OutNo, info: &SettleInfo, at: UnixMs) -> Fact {
    let Some(state) = operation_state(&info.settle_status) else {
        return still_processing(Target::Operation(OperationKind::Settlement, out_no), at);
    };
    let seen = SettlementSeen {
        platform_no: info.settle_no.clone(),
        settle_amount: info.settle_amount,
        rake: info.rake,
        commission: info.commission,
        detail: info.settle_detail.clone(),
        finished_at: info.settled_at,
        message: info.msg.clone(),
        ..SettlementSeen::new(out_no, state)
    };
    Fact { at, source: Source::Query, what: What::SettlementSeen(seen) }
}

fn of_payment(notice: &PaymentNotice<'_>) -> Option<OrderSeen> {
    let state = order_state(&notice.status).filter(|state| state.is_final())?;
    Some(OrderSeen {
        total: Some(notice.total_amount),
        platform_order_id: notice.order_id.clone(),
        paid_at: notice.paid_at,
        way: notice.way.map(PayWay::number),
        channel_no: notice.channel_no.as_deref().map(Into::into),
        payment_order_no: notice.payment_order_no.as_deref().map(Into::into),
        seller_uid: notice.seller_uid.as_deref().map(Into::into),
        detail: why_closed(&notice.status),
        ..OrderSeen::new(state)
    })
}

fn of_refund(notice: &RefundNotice<'_>) -> Option<RefundSeen> {
    let state = operation_state(&notice.status)?;
    Some(RefundSeen {
        amount: notice.refund_amount,
        platform_no: notice.refund_no.clone(),
        finished_at: notice.refunded_at,
        source: source(notice.is_all_settled),
        message: notice.message.as_deref().map(Into::into),
        ..RefundSeen::new(notice.cp_refundno.clone().into(), state)
    })
}

fn of_settle(notice: &SettleNotice<'_>) -> Option<SettlementSeen> {
    let state = operation_state(&notice.status)?;
    Some(SettlementSeen {
        platform_no: notice.settle_no.clone(),
        settle_amount: notice.settle_amount,
        rake: notice.rake,
        commission: notice.commission,
        detail: notice.settle_detail.as_deref().map(Into::into),
        finished_at: notice.settled_at,
        message: notice.message.as_deref().map(Into::into),
        automatic: notice.is_auto_settle.unwrap_or(false),
        ..SettlementSeen::new(notice.cp_settle_no.clone().into(), state)
    })
}

fn order_state(status: &OrderStatus) -> Option<OrderState> {
    match status {
        OrderStatus::Processing => Some(OrderState::Waiting),
        OrderStatus::Success => Some(OrderState::Paid),
        OrderStatus::Fail | OrderStatus::Timeout => Some(OrderState::Closed),
        OrderStatus::Other(_) => None,
    }
}

fn operation_state(status: &ResultStatus) -> Option<OperationState> {
    match status {
        ResultStatus::Processing => Some(OperationState::Accepted),
        ResultStatus::Success => Some(OperationState::Succeeded),
        ResultStatus::Fail => Some(OperationState::Failed),
        ResultStatus::Other(_) => None,
    }
}

fn why_closed(status: &OrderStatus) -> Option<Box<str>> {
    matches!(status, OrderStatus::Fail | OrderStatus::Timeout).then(|| status.as_str().into())
}
