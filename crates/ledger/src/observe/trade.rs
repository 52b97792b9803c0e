//! The messages of the general trade system as facts.

use douyin_pay_protocol::trade::callback::{
    Notice, PaymentNotice, PreCreateRefundNotice, RefundItems, RefundNotice, SettleNotice,
};
use douyin_pay_protocol::trade::{
    self, AuditDetail, Currency, OrderQueryReply, PayChannel, PayStatus, PaymentResult, RefundInfo,
    RefundOrigin, RefundStatus, SettleInfo, SettleStatus,
};
use douyin_pay_protocol::{Fen, OutNo, PlatformNo, UnixMs};

use super::{source, still_processing};
use crate::{
    AuditSeen, AuditStatus, Fact, Item, ItemAmount, OperationKind, OperationState, OrderSeen, OrderState,
    Origin, RefundSeen, SettlementSeen, Source, Target, What, platform_refund_no,
};

/// How long the merchant may think about a refund, unless the platform gives a deadline.
const USUAL_TIME_MS: i64 = 72 * 3_600_000;

/// What a verified callback of the general trade system says, or nothing if it says nothing that changes an order:
/// another type, or a word that this version does not know.
///
/// ```
/// use douyin_pay_ledger::{OrderState, What, of_trade_notice};
/// use douyin_pay_protocol::UnixMs;
/// use douyin_pay_protocol::trade::callback::Notice;
///
/// let msg = r#"{"app_id":"tt1","out_order_no":"O1","order_id":"motb1","status":"SUCCESS","total_amount":1280,
///     "discount_amount":80,"pay_channel":10,"event_time":1767225609000}"#;
/// let notice = Notice::parse("payment", msg).unwrap();
/// let fact = of_trade_notice(&notice, UnixMs::new(1_767_225_610_000)).unwrap();
/// let What::OrderSeen(seen) = fact.what else { panic!("a payment") };
/// assert_eq!((seen.state, seen.discount.map(|fen| fen.get())), (OrderState::Paid, Some(80)));
/// ```
pub fn of_trade_notice(notice: &Notice<'_>, at: UnixMs) -> Option<Fact> {
    let what = match notice {
        Notice::Payment(payment) => What::OrderSeen(of_payment(payment)?),
        Notice::Refund(refund) => What::RefundSeen(of_refund(refund)?),
        Notice::PreCreateRefund(asked) => What::RefundSeen(of_pre_create(asked)),
        Notice::Settle(settle) => What::SettlementSeen(of_settle(settle)?),
        Notice::Other { .. } => return None,
    };
    Some(Fact { at, source: Source::Callback, what })
}

/// What the answer to `order_query` says. A word that this version does not know counts as "still processing".
pub fn of_trade_order_reply(reply: &OrderQueryReply, at: UnixMs) -> Fact {
    let state = match reply.pay_status {
        PayStatus::Process => OrderState::Waiting,
        PayStatus::Success => OrderState::Paid,
        PayStatus::Fail | PayStatus::Timeout => OrderState::Closed,
        PayStatus::Other(_) => return still_processing(Target::Order, at),
    };
    let items = reply.item_order_list.iter().map(|item| Item {
        item_order_id: item.item_order_id.as_str().into(),
        sku_id: item.sku_id.clone().unwrap_or_default(),
        amount: item.item_order_amount,
    });
    let seen = OrderSeen {
        total: Some(reply.total_amount),
        platform_order_id: Some(reply.order_id.clone()),
        paid_at: reply.pay_time,
        way: reply.pay_channel.map(PayChannel::number),
        channel_no: reply.channel_pay_id.clone(),
        seller_uid: reply.merchant_uid.clone(),
        detail: (state == OrderState::Closed).then(|| reply.pay_status.as_str().into()),
        discount: reply.discount_amount,
        items: items.collect(),
        currency: currency(&reply.currency),
        ..OrderSeen::new(state)
    };
    Fact { at, source: Source::Query, what: What::OrderSeen(seen) }
}

/// What the answer to `refund_query` says about the refund that is kept here as `out_no`.
///
/// For a refund that is not kept yet take [`trade_refund_no`].
pub fn of_trade_refund_info(out_no: OutNo, info: &RefundInfo, at: UnixMs) -> Fact {
    let detail = info.merchant_audit_detail.as_ref();
    let audit = detail.and_then(audit);
    let status = audit.as_ref().and_then(|audit| audit.status);
    let state = match (&info.refund_status, status) {
        (RefundStatus::Success, _) => OperationState::Succeeded,
        (RefundStatus::Fail, _) | (RefundStatus::Processing, Some(AuditStatus::Deny)) => {
            OperationState::Failed
        }
        (RefundStatus::Processing, Some(status)) if status.is_open() => OperationState::Auditing,
        (RefundStatus::Processing, _) => OperationState::Accepted,
        (RefundStatus::Other(_), _) => {
            return still_processing(Target::Operation(OperationKind::Refund, out_no), at);
        }
    };
    let denied = audit.as_ref().filter(|audit| audit.status == Some(AuditStatus::Deny));
    let why = denied.and_then(|audit| audit.deny_message.clone()).or_else(|| info.message.clone());
    let seen = RefundSeen {
        amount: Some(info.refund_total_amount),
        platform_no: Some(info.refund_id.clone()),
        finished_at: info.refund_at,
        message: why.filter(|_| state == OperationState::Failed),
        origin: info.refund_source.and_then(origin),
        items: parts(&info.item_order_detail),
        audit,
        currency: currency(&info.currency),
        ..RefundSeen::new(out_no, state)
    };
    Fact { at, source: Source::Query, what: What::RefundSeen(seen) }
}

/// What the answer to `settle_query` says about the settlement that is kept here as `out_no`.
///
/// For a settlement that is not kept yet take [`trade_settle_no`].
pub fn of_trade_settle_info(out_no: OutNo, info: &SettleInfo, at: UnixMs) -> Fact {
    let Some(state) = settle_state(&info.settle_status) else {
        return still_processing(Target::Operation(OperationKind::Settlement, out_no), at);
    };
    let seen = SettlementSeen {
        platform_no: Some(info.settle_id.clone()),
        settle_amount: Some(info.settle_amount),
        rake: info.rake,
        commission: info.commission,
        detail: info.settle_detail.clone(),
        finished_at: info.settle_at,
        automatic: info.out_settle_no.as_deref() == Some(info.settle_id.as_str()),
        item_order_id: info.item_order_id.as_ref().map(|item| item.as_str().into()),
        ..SettlementSeen::new(out_no, state)
    };
    Fact { at, source: Source::Query, what: What::SettlementSeen(seen) }
}

/// The number under which a refund is looked for here: the one that the platform gives, if it can be one of ours,
/// else [`platform_refund_no`].
pub fn trade_refund_no(out_refund_no: Option<&str>, refund_id: &PlatformNo) -> OutNo {
    out_refund_no.and_then(|number| OutNo::new(number).ok()).unwrap_or_else(|| platform_refund_no(refund_id))
}

/// The number under which a settlement is kept here: the one that the platform gives, if it can be one of ours, else
/// the platform's own.
pub fn trade_settle_no(out_settle_no: Option<&str>, settle_id: &PlatformNo) -> OutNo {
    let given = out_settle_no.and_then(|number| OutNo::new(number).ok());
    let theirs = || OutNo::new(settle_id).unwrap_or_else(|_| platform_refund_no(settle_id));
    given.unwrap_or_else(theirs)
}

fn of_payment(notice: &PaymentNotice<'_>) -> Option<OrderSeen> {
    let state = match notice.status {
        PaymentResult::Success => OrderState::Paid,
        PaymentResult::Cancel => OrderState::Closed,
        PaymentResult::Other(_) => return None,
    };
    let why = notice.message.as_deref().unwrap_or(notice.status.as_str());
    Some(OrderSeen {
        total: Some(notice.total_amount),
        platform_order_id: notice.order_id.clone(),
        paid_at: notice.event_time.filter(|_| state == OrderState::Paid),
        way: notice.pay_channel.map(PayChannel::number),
        channel_no: notice.channel_pay_id.as_deref().map(Into::into),
        payment_order_no: notice.user_bill_pay_id.as_deref().map(Into::into),
        seller_uid: notice.merchant_uid.as_deref().map(Into::into),
        detail: (state == OrderState::Closed).then(|| why.into()),
        discount: notice.discount_amount,
        currency: currency(&notice.currency),
        ..OrderSeen::new(state)
    })
}

fn of_refund(notice: &RefundNotice<'_>) -> Option<RefundSeen> {
    let state = match notice.status {
        RefundStatus::Processing => OperationState::Accepted,
        RefundStatus::Success => OperationState::Succeeded,
        RefundStatus::Fail => OperationState::Failed,
        RefundStatus::Other(_) => return None,
    };
    let out_no = trade_refund_no(notice.out_refund_no.as_deref(), &notice.refund_id);
    Some(RefundSeen {
        amount: Some(notice.refund_total_amount),
        platform_no: Some(notice.refund_id.clone()),
        finished_at: notice.event_time.filter(|_| state.is_final()),
        source: source(notice.is_all_settled),
        message: notice.message.as_deref().filter(|_| state == OperationState::Failed).map(Into::into),
        origin: notice.refund_type.and_then(origin),
        items: notice.refund_item_detail.as_ref().map_or_else(Vec::new, items),
        currency: currency(&notice.currency),
        ..RefundSeen::new(out_no, state)
    })
}

/// Somebody asked for a refund. Unless the platform says that nobody has to consent, the merchant is asked.
fn of_pre_create(notice: &PreCreateRefundNotice<'_>) -> RefundSeen {
    let needed = notice.need_refund_audit != Some(false);
    let state = if needed { OperationState::Auditing } else { OperationState::Accepted };
    let begun = notice.create_refund_time;
    let audit = AuditSeen {
        needed: Some(true),
        deadline_at: notice.refund_audit_deadline.or(begun.map(|at| at.plus_ms(USUAL_TIME_MS))),
        status: Some(AuditStatus::Init),
        deny_message: None,
    };
    let words = notice.refund_reason.iter().map(AsRef::as_ref).chain(notice.refund_description.as_deref());
    let reason = words.collect::<Vec<&str>>().join("; ");
    let out_no = trade_refund_no(notice.out_refund_no.as_deref(), &notice.refund_id);
    RefundSeen {
        amount: Some(notice.refund_total_amount),
        platform_no: Some(notice.refund_id.clone()),
        origin: notice.refund_source.and_then(origin).or(Some(Origin::Platform)),
        reason: (!reason.is_empty()).then(|| reason.into()),
        items: notice.refund_item_detail.as_ref().map_or_else(Vec::new, items),
        audit: needed.then_some(audit),
        currency: currency(&notice.currency),
        ..RefundSeen::new(out_no, state)
    }
}

fn of_settle(notice: &SettleNotice<'_>) -> Option<SettlementSeen> {
    let state = settle_state(&notice.status)?;
    let out_no = trade_settle_no(notice.out_settle_no.as_deref(), &notice.settle_id);
    let named_by_platform = notice.out_settle_no.as_deref() == Some(notice.settle_id.as_str());
    Some(SettlementSeen {
        platform_no: Some(notice.settle_id.clone()),
        settle_amount: Some(notice.settle_amount),
        rake: notice.rake,
        commission: notice.commission,
        detail: notice.settle_detail.as_deref().map(Into::into),
        finished_at: notice.event_time.filter(|_| state.is_final()),
        message: notice.message.as_deref().filter(|_| state == OperationState::Failed).map(Into::into),
        automatic: notice.is_auto_settle.unwrap_or(false) || named_by_platform,
        item_order_id: notice.item_order_id.as_ref().map(|item| item.as_str().into()),
        ..SettlementSeen::new(out_no, state)
    })
}

fn settle_state(status: &SettleStatus) -> Option<OperationState> {
    match status {
        SettleStatus::Init | SettleStatus::Processing => Some(OperationState::Accepted),
        SettleStatus::Success => Some(OperationState::Succeeded),
        SettleStatus::Fail => Some(OperationState::Failed),
        SettleStatus::Other(_) => None,
    }
}

/// What is said about the merchant's consent; nothing if none is needed.
fn audit(detail: &AuditDetail) -> Option<AuditSeen> {
    let status = match detail.audit_status {
        Some(trade::AuditStatus::Init) => Some(AuditStatus::Init),
        Some(trade::AuditStatus::ToAudit) => Some(AuditStatus::ToAudit),
        Some(trade::AuditStatus::Agree) => Some(AuditStatus::Agree),
        Some(trade::AuditStatus::Deny) => Some(AuditStatus::Deny),
        Some(trade::AuditStatus::Overtime) => Some(AuditStatus::Overtime),
        Some(trade::AuditStatus::Other(_)) | None => None,
    };
    let needed = detail.need_refund_audit != Some(false);
    needed.then(|| AuditSeen {
        needed: detail.need_refund_audit,
        deadline_at: detail.refund_audit_deadline,
        status,
        deny_message: detail.deny_message.clone(),
    })
}

/// Who started a refund, if it was not the merchant's server.
fn origin(origin: RefundOrigin) -> Option<Origin> {
    match origin {
        RefundOrigin::Developer => None,
        RefundOrigin::User => Some(Origin::User),
        RefundOrigin::CustomerService => Some(Origin::CustomerService),
        RefundOrigin::Expiry
        | RefundOrigin::BookingFailed
        | RefundOrigin::DeveloperRefused
        | RefundOrigin::LaterBooking
        | RefundOrigin::Other(_) => Some(Origin::Platform),
    }
}

fn items(detail: &RefundItems) -> Vec<ItemAmount> {
    parts(&detail.item_order_detail)
}

fn parts(told: &[trade::ItemAmount]) -> Vec<ItemAmount> {
    let part = |item: &PlatformNo, amount: Fen| ItemAmount { item_order_id: item.as_str().into(), amount };
    told.iter().map(|one| part(&one.item_order_id, one.refund_amount)).collect()
}

fn currency(told: &Option<Currency>) -> Option<Box<str>> {
    told.as_ref().map(|currency| currency.as_str().into())
}
