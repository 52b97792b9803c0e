//! The sums of shares that come back.

use douyin_pay_protocol::{Fen, MerchantUid, OutNo};

use super::{minus, total};
use crate::{Operation, OperationKind, OperationState, Order};

/// What one receiver got in one settlement, and what of it came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returns {
    /// What the receiver got.
    pub shared: Fen,
    /// What came back.
    pub returned: Fen,
    /// What is asked back and neither back nor refused.
    pub returning: Fen,
    /// How many returns there are, without those that failed.
    pub count: usize,
}

impl Returns {
    /// What may still be asked back.
    pub fn left(&self) -> Fen {
        minus(minus(self.shared, self.returned), self.returning)
    }
}

impl Order {
    /// What one receiver got in one settlement that is done, and what of it came back.
    pub fn returns(&self, settlement: &OutNo, receiver: &MerchantUid) -> Returns {
        let of_receiver = |op: &&Operation| {
            op.settlement() == Some(settlement)
                && op.receiver().is_some_and(|share| share.merchant_uid == *receiver)
                && op.state != OperationState::Failed
        };
        let returns = || self.operations_of(OperationKind::Return).filter(of_receiver);
        let (done, pending): (Vec<_>, Vec<_>) = returns()
            .map(|op| (op.state, op.amount))
            .partition(|(state, _)| *state == OperationState::Succeeded);
        let settlement = self.operation(OperationKind::Settlement, settlement);
        let settlement = settlement.filter(|op| op.state == OperationState::Succeeded);
        Returns {
            shared: settlement.map_or(Fen::ZERO, |op| self.share_of(op, receiver)),
            returned: total(done.iter().map(|(_, amount)| *amount)),
            returning: total(pending.iter().map(|(_, amount)| *amount)),
            count: done.len() + pending.len(),
        }
    }

    /// What may still be asked back from one receiver of one settlement.
    pub fn returnable(&self, settlement: &OutNo, receiver: &MerchantUid) -> Fen {
        self.returns(settlement, receiver).left()
    }

    /// Shares that came back to the seller.
    pub fn returned(&self) -> Fen {
        self.sum(
            |op| op.kind == OperationKind::Return && op.state == OperationState::Succeeded,
            |op| op.amount,
        )
    }

    /// Shares that are asked back and neither back nor refused.
    pub fn returning(&self) -> Fen {
        self.sum(|op| op.kind == OperationKind::Return && op.is_pending(), |op| op.amount)
    }

    /// What a settlement gave to a receiver. The seller's own part, which the platform tells of its own settlements,
    /// is no share.
    fn share_of(&self, settlement: &Operation, receiver: &MerchantUid) -> Fen {
        let shares = settlement.shares.iter().filter(|share| share.merchant_uid == *receiver);
        total(shares.filter(|share| !self.is_seller(&share.merchant_uid)).map(|share| share.amount))
    }

    /// What a settlement gave to others than the seller.
    pub(super) fn shared_in(&self, settlement: &Operation) -> Fen {
        let shares = settlement.shares.iter();
        total(shares.filter(|share| !self.is_seller(&share.merchant_uid)).map(|share| share.amount))
    }

    fn is_seller(&self, receiver: &MerchantUid) -> bool {
        self.seller_uid.as_deref() == Some(receiver.as_str())
    }
}
