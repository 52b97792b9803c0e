//! What must hold after every fact.

use douyin_pay_ledger::{
    Alarm, AmountBasis, AuditStatus, Change, Fact, Operation, OperationKind, OperationState, Order,
    OrderState, Origin, RequestReturn, System, Target, What, Why,
};
use douyin_pay_protocol::Fen;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;

fn sum(amounts: &[Fen]) -> i64 {
    amounts.iter().map(|amount| amount.get()).sum::<i64>()
}

pub(crate) fn check_step(before: Option<&Order>, fact: &Fact, change: &Change) -> Result<(), TestCaseError> {
    let after = &change.order;
    if let Some(before) = before {
        prop_assert!(after.state >= before.state);
        prop_assert!(after.operations.len() >= before.operations.len());
        for (was, is) in before.operations.iter().zip(&after.operations) {
            prop_assert!(is.state >= was.state && is.out_no == was.out_no && is.kind == was.kind);
        }
        prop_assert_eq!(after.seq, before.seq + u32::from(change.record));
        check_closing(before, fact, after)?;
    }
    let first = before.map_or(0, |before| before.events) + 1;
    prop_assert!((first..).zip(&change.events).all(|(n, event)| event.n == n));
    match &fact.what {
        What::RequestRefund(_) => check_refund(after)?,
        What::RequestSettlement(_) => check_settlement(after)?,
        What::RequestReturn(ask) => check_return(after, ask)?,
        What::SettlementDue if change.refused.is_none() => {
            let known = before.map_or(0, |before| before.operations.len());
            check_due_settlement(known, after)?;
        }
        What::DecideRefund(ask) => {
            let refund = after.operation(OperationKind::Refund, &ask.out_no).expect("it was decided about");
            let audit = refund.audit().expect("somebody asked for consent");
            prop_assert_eq!(refund.state, OperationState::Auditing);
            prop_assert!(matches!(audit.status, AuditStatus::Init | AuditStatus::ToAudit));
            prop_assert!(audit.deadline_at.is_none_or(|deadline| fact.at <= deadline));
        }
        _ => {}
    }
    if after.foreign_currency().is_some() {
        let sums =
            [after.paid(), after.refunded(), after.refunding(), after.settled_gross(), after.settling()];
        prop_assert_eq!(sum(&sums), 0);
    }
    prop_assert!(after.discount <= after.total);
    check_settle_due(after)?;
    check_due(after, fact)
}

fn check_refund(after: &Order) -> Result<(), TestCaseError> {
    prop_assert!(sum(&[after.refunded(), after.refunding()]) <= after.paid().get());
    let refund = after.operations.last().expect("it was asked for");
    let parts: Vec<Fen> = refund.items().iter().map(|part| part.amount).collect();
    if after.system == System::Ecpay {
        prop_assert!(refund.trade.is_none());
        return Ok(());
    }
    let whole = refund.trade.as_ref().is_some_and(|trade| trade.whole);
    prop_assert!(whole && parts.is_empty() || !whole && sum(&parts) == refund.amount.get());
    for part in refund.items() {
        let item = after.items().iter().find(|item| item.item_order_id == part.item_order_id);
        prop_assert!(item.is_some() || after.items().is_empty());
        // What is left of it is what nobody has taken; it was enough.
        let taken = |one: &Operation| {
            one.items()
                .iter()
                .filter(|other| other.item_order_id == part.item_order_id)
                .map(|other| other.amount.get())
                .sum::<i64>()
        };
        let refunds = after.operations_of(OperationKind::Refund);
        let all: i64 = refunds.filter(|one| one.state != OperationState::Failed).map(taken).sum();
        prop_assert!(item.is_none_or(|item| all <= item.amount.get()));
    }
    Ok(())
}

fn check_settlement(after: &Order) -> Result<(), TestCaseError> {
    let out = sum(&[after.settled_gross(), after.settling(), after.refunded_in_transit()]);
    prop_assert!(out <= after.paid().get());
    if after.system == System::Trade {
        let settlements = after.operations_of(OperationKind::Settlement);
        let alive: Vec<_> = settlements.filter(|one| one.state != OperationState::Failed).collect();
        let asked = after.operations.last().expect("it was asked for");
        let others = alive.iter().filter(|one| one.out_no != asked.out_no);
        prop_assert!(asked.finish == asked.item_order_id().is_none());
        for other in others {
            prop_assert!(other.item_order_id().is_some() == asked.item_order_id().is_some());
            prop_assert!(other.item_order_id() != asked.item_order_id());
        }
    }
    Ok(())
}

/// Nobody gives back more than it got, and only what is settled comes back.
fn check_return(after: &Order, ask: &RequestReturn) -> Result<(), TestCaseError> {
    let settlement =
        after.operation(OperationKind::Settlement, &ask.settlement).expect("it was asked of one");
    prop_assert_eq!(settlement.state, OperationState::Succeeded);
    let share = settlement.shares.iter().filter(|share| share.merchant_uid == ask.merchant_uid);
    let got: i64 = share.map(|share| share.amount.get()).sum();
    let of_receiver = |op: &&Operation| {
        op.state != OperationState::Failed
            && op.settlement() == Some(&ask.settlement)
            && op.receiver().is_some_and(|share| share.merchant_uid == ask.merchant_uid)
    };
    let back: Vec<Fen> =
        after.operations_of(OperationKind::Return).filter(of_receiver).map(|op| op.amount).collect();
    prop_assert!(sum(&back) <= got);
    prop_assert_eq!(after.returnable(&ask.settlement, &ask.merchant_uid).get(), got - sum(&back));
    Ok(())
}

/// What is settled by itself is the rest, and nothing else of it is settled or under way.
fn check_due_settlement(before: usize, after: &Order) -> Result<(), TestCaseError> {
    let out = sum(&[after.settled_gross(), after.settling(), after.refunded_in_transit()]);
    prop_assert!(out <= after.paid().get());
    let (known, new) = after.operations.split_at(before);
    let asked = new.iter().filter(|op| op.kind == OperationKind::Settlement);
    prop_assert!(asked.clone().count() >= 1);
    for asked in asked {
        prop_assert!(asked.amount > Fen::ZERO && asked.shares.is_empty());
        prop_assert!(asked.finish == asked.item_order_id().is_none());
        prop_assert!(!asked.finish || after.settleable().amount == Fen::ZERO);
        for other in known.iter().filter(|op| op.kind == OperationKind::Settlement) {
            let same = asked.finish || other.finish || other.item_order_id() == asked.item_order_id();
            prop_assert!(!(same && other.is_pending()));
            let over = other.finish || !asked.finish && other.item_order_id() == asked.item_order_id();
            prop_assert!(!(over && other.state == OperationState::Succeeded));
        }
        let refunds = known.iter().filter(|op| op.kind == OperationKind::Refund && op.is_pending());
        prop_assert!(refunds.map(|op| asked.requested_at.since(op.requested_at)).all(|age| age > 720 * HOUR));
    }
    Ok(())
}

/// An order that is to be settled by itself and can be is looked at some time.
fn check_settle_due(order: &Order) -> Result<(), TestCaseError> {
    let days = order.plan.as_ref().and_then(|plan| plan.settle_after_days);
    // Settled by item, what is left belongs to items that are under way, or that the platform never told of.
    let finished =
        |op: &Operation| (op.finish || op.item_order_id().is_some()) && op.state != OperationState::Failed;
    let settled = order.operations_of(OperationKind::Settlement).any(finished);
    let told = order.alarms.contains(Alarm::NotSettled);
    // What the platform settled by itself may be after its fees: then there is nothing left but those.
    let unsure = order
        .operations_of(OperationKind::Settlement)
        .filter(|op| op.origin != Origin::Merchant && op.basis == AmountBasis::Unknown);
    let fees: i64 = unsure.flat_map(|op| [op.rake, op.commission]).flatten().map(|fee| fee.get()).sum();
    let waits = days.is_some() && order.settleable().amount.get() > fees && !settled && !told;
    prop_assert!(!waits || order.settle_due_at().is_some());
    prop_assert!(days.is_some() || order.settle_due_at().is_none());
    let pushes: Vec<i64> =
        order.operations_of(OperationKind::Fulfilment).map(|op| op.requested_at.get()).collect();
    prop_assert!(order.system == System::Trade || pushes.is_sorted_by(|a, b| b - a >= 1_000));
    Ok(())
}

/// Silence closes nothing but what was signed, never spoken of, and is not found long after its expiry.
fn check_closing(before: &Order, fact: &Fact, after: &Order) -> Result<(), TestCaseError> {
    let closed = after.state == OrderState::Closed && before.state != OrderState::Closed;
    if closed && !matches!(fact.what, What::OrderSeen(_)) {
        let not_found = What::NothingNew { target: Target::Order, why: Why::NotFound };
        prop_assert_eq!(&fact.what, &not_found);
        prop_assert!(before.system == System::Trade && before.platform_order_id.is_none());
        prop_assert!(fact.at.since(before.expires_at) >= 600_000);
    }
    Ok(())
}

/// Whatever is awaited is due some time, until it is given up.
fn check_due(order: &Order, fact: &Fact) -> Result<(), TestCaseError> {
    if !order.state.is_final() && fact.at.since(order.expires_at) < 20 * HOUR {
        prop_assert!(order.schedule.due_at.is_some());
    }
    for operation in order.operations.iter().filter(|operation| operation.is_pending()) {
        if fact.at.since(operation.requested_at) < 28 * 24 * HOUR {
            prop_assert!(operation.schedule.due_at.is_some());
        }
        let deadline =
            operation.audit().filter(|audit| audit.status.is_open()).and_then(|audit| audit.deadline_at);
        if let (OperationState::Auditing, Some(deadline)) = (operation.state, deadline) {
            // Nobody sleeps over a deadline, except when there is a decision to be told.
            let due = operation.schedule.due_at.unwrap_or(deadline);
            let late = deadline.plus_ms(5_000).max(fact.at.plus_ms(2 * HOUR));
            prop_assert!(due <= late);
        }
    }
    for operation in order.operations.iter().filter(|operation| !operation.is_pending()) {
        prop_assert_eq!(operation.schedule.due_at, None);
    }
    let paid_and_due = order.state == OrderState::Paid && order.schedule.due_at.is_some();
    prop_assert!(!paid_and_due);
    Ok(())
}
