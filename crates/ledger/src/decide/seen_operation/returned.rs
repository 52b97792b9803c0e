//! What reports about returns tell besides: whose share comes back, and of which settlement.

use douyin_pay_protocol::{MerchantUid, OutNo};

use super::Report;
use crate::decide::join::fill;
use crate::{Operation, OperationKind, Order, Origin, ReturnSeen, Share};

/// Whose share comes back, as far as a report tells.
pub(super) struct Returning<'a> {
    settlement: Option<&'a OutNo>,
    receiver: Option<&'a MerchantUid>,
}

impl<'a> Returning<'a> {
    pub(super) fn of(order: &'a Order, seen: &'a ReturnSeen) -> Self {
        let number = seen.settle_no.as_ref();
        let mut settlements = order.operations_of(OperationKind::Settlement);
        // The platform's own settlements have several numbers of ours, and one of its own: if that is known it decides.
        let named = settlements.find(|op| number.is_some() && op.platform_no.as_ref() == number);
        let settlement = named.map(|op| &op.out_no).or(seen.settlement.as_ref());
        Self { settlement, receiver: seen.merchant_uid.as_ref() }
    }
}

/// What a report tells otherwise than it is known: then it is about another return.
pub(super) fn differing(known: &Operation, report: &Report<'_>) -> Vec<&'static str> {
    let Some(told) = &report.returning else { return Vec::new() };
    let settlement = known.settlement().zip(told.settlement).is_some_and(|(ours, theirs)| ours != theirs);
    let receiver = known.receiver().map(|share| &share.merchant_uid);
    let receiver = receiver.zip(told.receiver).is_some_and(|(ours, theirs)| ours != theirs);
    let compared = [("out_settle_no", settlement), ("merchant_uid", receiver)];
    compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Takes over whose share it is, of a return that nobody here asked for; says whether anything was new.
pub(super) fn take_over(operation: &mut Operation, report: &Report<'_>) -> bool {
    let Some(told) = report.returning.as_ref().filter(|_| operation.origin != Origin::Merchant) else {
        return false;
    };
    let mut new = false;
    if told.settlement.is_some() {
        let ecpay = operation.ecpay.get_or_insert_default();
        new |= fill(&mut ecpay.settlement, &told.settlement.cloned());
    }
    if let (Some(receiver), true) = (told.receiver, operation.shares.is_empty()) {
        operation.shares.push(Share { merchant_uid: receiver.clone(), amount: operation.amount });
        new = true;
    }
    for share in &mut operation.shares {
        share.amount = operation.amount;
    }
    new
}
