//! Which order a submission is about, and by which numbers an order is found.

use douyin_pay_ledger::{Fact, OperationKind, Order, OrderId, RefundSeen, System, What, platform_refund_no};
use douyin_pay_protocol::{AppId, OutNo, PlatformNo};

use crate::journal::{Key, Submission};
use crate::store::LoadKey;

/// The keys by which a submission's order is looked for, in this order.
pub(super) fn targets(submission: &Submission) -> Vec<LoadKey> {
    match &submission.key {
        Key::New => match &submission.fact.what {
            What::Open(open) => vec![LoadKey::Order(open.app_id.clone(), open.out_order_no.clone())],
            _ => Vec::new(),
        },
        Key::Id(id) => vec![LoadKey::Id(*id)],
        Key::Order(app, number) => vec![LoadKey::Order(app.clone(), number.clone())],
        Key::Operation(app, kind, number) => vec![LoadKey::Operation(app.clone(), *kind, number.clone())],
        Key::OperationOrOrder { app_id, kind, out_no, out_order_no, platform_order_id } => {
            let operation = LoadKey::Operation(app_id.clone(), *kind, out_no.clone());
            let order = out_order_no.iter().map(|number| LoadKey::Order(app_id.clone(), number.clone()));
            let platform =
                platform_order_id.iter().map(|number| LoadKey::Platform(app_id.clone(), number.clone()));
            let settlement = settlement(&submission.fact)
                .map(|number| LoadKey::Operation(app_id.clone(), OperationKind::Settlement, number.clone()));
            std::iter::once(operation).chain(order).chain(platform).chain(settlement).collect()
        }
    }
}

/// Everything worth loading at the beginning: the targets, and whoever owns the operation's number.
pub(super) fn to_load(submission: &Submission) -> Vec<LoadKey> {
    let mut keys = targets(submission);
    if let Some((app, (kind, out_no))) = app(submission).zip(operation(&submission.fact)) {
        keys.push(LoadKey::Operation(app.clone(), kind, out_no.clone()));
    }
    keys
}

/// The app, as far as the submission itself tells.
pub(super) fn app(submission: &Submission) -> Option<&AppId> {
    match (&submission.key, &submission.fact.what) {
        (Key::Order(app, _) | Key::Operation(app, _, _), _) => Some(app),
        (Key::OperationOrOrder { app_id, .. }, _) => Some(app_id),
        (Key::New, What::Open(open)) => Some(&open.app_id),
        (Key::New | Key::Id(_), _) => None,
    }
}

/// The order that a fact opens.
pub(super) fn opens(fact: &Fact) -> Option<OrderId> {
    match &fact.what {
        What::Open(open) => Some(open.id),
        _ => None,
    }
}

/// The operation that a fact asks for or reports about.
pub(super) fn operation(fact: &Fact) -> Option<(OperationKind, &OutNo)> {
    match &fact.what {
        What::RequestRefund(ask) => Some((OperationKind::Refund, &ask.out_no)),
        What::RequestSettlement(ask) => Some((OperationKind::Settlement, &ask.out_no)),
        What::RequestReturn(ask) => Some((OperationKind::Return, &ask.out_no)),
        What::PushFulfilment(ask) => Some((OperationKind::Fulfilment, &ask.out_no)),
        What::RefundSeen(seen) => Some((OperationKind::Refund, &seen.out_no)),
        What::SettlementSeen(seen) => Some((OperationKind::Settlement, &seen.out_no)),
        What::ReturnSeen(seen) => Some((OperationKind::Return, &seen.out_no)),
        What::Open(_)
        | What::Abandon
        | What::SettlementDue
        | What::SettleableSeen(_)
        | What::SignedAgain
        | What::DecideRefund(_)
        | What::Answered { .. }
        | What::OrderSeen(_)
        | What::NothingNew { .. } => None,
    }
}

/// The settlement whose share comes back in a report about a return: nobody here may have asked for it.
fn settlement(fact: &Fact) -> Option<&OutNo> {
    match &fact.what {
        What::ReturnSeen(seen) => seen.settlement.as_ref(),
        _ => None,
    }
}

/// Whether the platform's number is another order's than this one's. In guaranteed payment numbers are the merchant's
/// alone, so there our number tells.
pub(super) fn is_another(order: &Order, named: &PlatformNo) -> bool {
    order.system == System::Trade && order.platform_order_id.as_ref().is_some_and(|known| known != named)
}

/// The same report under the platform's own number of the refund: the number that it made up is ours already.
pub(super) fn under_platform_no(fact: &Fact, order: &Order) -> Option<Fact> {
    let What::RefundSeen(seen) = &fact.what else { return None };
    let number = seen.platform_no.as_ref().filter(|_| order.system == System::Trade)?;
    let seen = RefundSeen { out_no: platform_refund_no(number), ..seen.clone() };
    Some(Fact { what: What::RefundSeen(seen), ..fact.clone() })
}

/// Every key by which an order is found.
pub(super) fn of_order(order: &Order) -> impl Iterator<Item = LoadKey> {
    let app = &order.app_id;
    let platform = order.platform_order_id.iter();
    let operations = order.operations.iter();
    [LoadKey::Order(app.clone(), order.out_order_no.clone()), LoadKey::Id(order.id)]
        .into_iter()
        .chain(platform.map(|number| LoadKey::Platform(app.clone(), number.clone())))
        .chain(operations.map(|one| LoadKey::Operation(app.clone(), one.kind, one.out_no.clone())))
}
