//! The sums of an order: paid, refunded, settled, and what is left.

mod items;
mod returns;

use douyin_pay_protocol::Fen;

use crate::{AmountBasis, Operation, OperationKind, OperationState, Order, OrderState, Origin, RefundSource};
pub use returns::Returns;

/// How much can still be settled, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settleable {
    /// The amount, before fee and commission.
    pub amount: Fen,
    /// Who says so.
    pub basis: SettleableBasis,
}

/// Who says how much can be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettleableBasis {
    /// Our own books.
    Estimate,
    /// The platform.
    Platform,
}

impl SettleableBasis {
    /// The text on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Platform => "platform",
        }
    }
}

impl Order {
    /// What the payer pays when the order is paid: the total without the discount.
    pub fn payable(&self) -> Fen {
        minus(self.total, self.discount)
    }

    /// What the payer has paid; zero if it was not paid in CNY.
    pub fn paid(&self) -> Fen {
        let counts = self.state == OrderState::Paid && self.foreign_currency().is_none();
        if counts { self.payable() } else { Fen::ZERO }
    }

    /// Refunds that are done.
    pub fn refunded(&self) -> Fen {
        self.sum(
            |op| op.kind == OperationKind::Refund && op.state == OperationState::Succeeded,
            |op| op.amount,
        )
    }

    /// Refunds that are asked for and neither done nor failed.
    pub fn refunding(&self) -> Fen {
        self.sum(|op| op.kind == OperationKind::Refund && op.is_pending(), |op| op.amount)
    }

    /// What may still be refunded: paid, without the refunds done and in flight.
    pub fn refundable(&self) -> Fen {
        minus(minus(self.paid(), self.refunded()), self.refunding())
    }

    /// What settlements have taken out of transit, before fee and commission.
    pub fn settled_gross(&self) -> Fen {
        self.sum(
            |op| op.kind == OperationKind::Settlement && op.state == OperationState::Succeeded,
            Operation::gross,
        )
    }

    /// What settlements in flight are expected to take.
    pub fn settling(&self) -> Fen {
        self.sum(|op| op.kind == OperationKind::Settlement && op.is_pending(), |op| op.amount)
    }

    /// What receivers other than the seller have got, whatever came back later.
    pub fn shared(&self) -> Fen {
        self.sum(
            |op| op.kind == OperationKind::Settlement && op.state == OperationState::Succeeded,
            |op| self.shared_in(op),
        )
    }

    /// Refunds that took money out of transit, or may yet do so.
    ///
    /// A refund whose source is unknown counts: offering too little is mended by asking again.
    pub fn refunded_in_transit(&self) -> Fen {
        let takes = |op: &Operation| {
            op.kind == OperationKind::Refund
                && op.state != OperationState::Failed
                && op.source != RefundSource::Settled
        };
        self.sum(takes, |op| op.amount)
    }

    /// What may still be settled, by our own books: nothing after the last settlement.
    pub fn settleable(&self) -> Settleable {
        let left = minus(minus(self.paid(), self.refunded_in_transit()), self.settled_gross());
        let closed = self.last_settlement().is_some();
        let amount = if closed { Fen::ZERO } else { minus(left, self.settling()) };
        Settleable { amount, basis: SettleableBasis::Estimate }
    }

    /// The least and the most that can be left to settle: what is under way may count or not, and so may refunds
    /// whose source is unknown.
    pub(crate) fn settleable_range(&self) -> (Fen, Fen) {
        let least = self.settleable().amount;
        if self.last_settlement().is_some() {
            return (Fen::ZERO, Fen::ZERO);
        }
        (least, minus(self.paid(), self.reported_out_of_transit()).max(least))
    }

    /// The least that the platform's own reports say was taken out of transit.
    pub(crate) fn reported_out_of_transit(&self) -> Fen {
        let done = |op: &Operation| op.state == OperationState::Succeeded;
        let settled = self.sum(
            |op| done(op) && op.kind == OperationKind::Settlement,
            |op| op.settle_amount.unwrap_or(Fen::ZERO),
        );
        let refunded = self.sum(
            |op| done(op) && op.kind == OperationKind::Refund && op.source == RefundSource::InTransit,
            |op| op.amount,
        );
        plus(settled, refunded)
    }

    fn sum(&self, which: impl Fn(&Operation) -> bool, amount: impl Fn(&Operation) -> Fen) -> Fen {
        if self.foreign_currency().is_some() {
            return Fen::ZERO;
        }
        total(self.operations.iter().filter(|op| which(op)).map(amount))
    }
}

impl Operation {
    /// What all receivers get: without the seller if the merchant asked, with it in the platform's own settlements.
    pub fn shares_total(&self) -> Fen {
        total(self.shares.iter().map(|share| share.amount))
    }

    /// What a settlement takes out of transit, before fee and commission, as far as it is known.
    pub fn gross(&self) -> Fen {
        let Some(reported) = self.settle_amount else { return self.amount };
        match self.basis {
            AmountBasis::Gross => reported,
            AmountBasis::Net => plus(reported, self.fees()),
            AmountBasis::Unknown => reported.max(self.shares_total()),
        }
    }

    pub(crate) fn fees(&self) -> Fen {
        total(self.rake.into_iter().chain(self.commission))
    }

    /// Whether the reported figures tell if `settle_amount` is before or after fee and commission.
    pub(crate) fn infer_basis(&self) -> AmountBasis {
        if self.trade.is_some() && self.settle_amount.is_some() {
            // In the general trade system it is the sum of fee, commission and shares.
            return AmountBasis::Gross;
        }
        let (Some(reported), Some(_)) = (self.settle_amount, self.rake) else { return AmountBasis::Unknown };
        // What is known of the whole: our own estimate, or in the platform's settlements what everybody got.
        let known = if self.origin == Origin::Merchant { true } else { !self.shares.is_empty() };
        if self.fees() == Fen::ZERO || (known && reported == self.amount) {
            AmountBasis::Gross
        } else if known && plus(reported, self.fees()) == self.amount {
            AmountBasis::Net
        } else {
            AmountBasis::Unknown
        }
    }
}

/// The sum; at most what a `Fen` can hold, which exceeds every order and so is noticed as such.
pub(crate) fn total(amounts: impl Iterator<Item = Fen>) -> Fen {
    amounts.fold(Fen::ZERO, plus)
}

pub(crate) fn plus(a: Fen, b: Fen) -> Fen {
    a.checked_add(b).unwrap_or(Fen::MAX)
}

/// The difference; zero when more was taken than there was.
pub(crate) fn minus(a: Fen, b: Fen) -> Fen {
    a.checked_sub(b).unwrap_or(Fen::ZERO)
}
