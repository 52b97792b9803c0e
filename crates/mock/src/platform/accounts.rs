//! Double-entry balances: money only moves, and every fen stays accounted for.

use std::collections::BTreeMap;

use douyin_pay_protocol::Fen;
use serde::{Deserialize, Serialize};

/// What one merchant holds in one payment channel, in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Balance {
    pub(crate) in_transit: i64,
    pub(crate) withdrawable: i64,
    pub(crate) frozen: i64,
}

/// A place that money can be in or go to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The users' pockets: what they paid and what they got back.
    Users,
    /// Paid but not settled; `holder` is [`holder`]'s text.
    InTransit(&'a str),
    /// Settled.
    Withdrawable(&'a str),
    /// Being withdrawn.
    Frozen(&'a str),
    /// Withdrawn to a bank account.
    Bank,
    /// The platform's service fee.
    Fee,
    /// The promoters' commission.
    Commission,
}

/// All balances of the pretended platform.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Accounts {
    pub(crate) holders: BTreeMap<String, Balance>,
    pub(crate) paid: i64,
    pub(crate) refunded: i64,
    pub(crate) fees: i64,
    #[serde(default)]
    pub(crate) commissions: i64,
    #[serde(default)]
    pub(crate) withdrawn: i64,
    /// The sum over all holders, kept so that each move can be checked in constant time.
    held: i64,
}

/// The key of a merchant's balance in one channel.
pub(crate) fn holder(merchant_uid: &str, way: i64) -> String {
    format!("{merchant_uid}/{way}")
}

impl Balance {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            in_transit: sum(self.in_transit, other.in_transit),
            withdrawable: sum(self.withdrawable, other.withdrawable),
            frozen: sum(self.frozen, other.frozen),
        }
    }
}

impl Accounts {
    /// What is withdrawable now.
    pub(crate) fn withdrawable(&self, holder: &str) -> i64 {
        self.holders.get(holder).map_or(0, |balance| balance.withdrawable)
    }

    /// Moves money. The caller has checked that it is there; a balance below zero is a bug and stops the mock.
    pub(crate) fn transfer(&mut self, from: Place<'_>, to: Place<'_>, amount: Fen) {
        self.post(from, -amount.get());
        self.post(to, amount.get());
        assert_eq!(
            self.paid,
            sum(self.held, self.gone()),
            "paid = held + refunded + fees + commissions + withdrawn must hold after moving {amount} from {from:?} to {to:?}"
        );
    }

    /// Books of an older version counted commissions among the fees.
    pub(crate) fn part_commissions_from_fees(&mut self, commissions: Fen) {
        self.fees = sum(self.fees, -commissions.get());
        self.commissions = sum(self.commissions, commissions.get());
    }

    /// What no merchant holds any more.
    fn gone(&self) -> i64 {
        [self.refunded, self.fees, self.commissions, self.withdrawn].into_iter().fold(0, sum)
    }

    fn post(&mut self, place: Place<'_>, change: i64) {
        let balance = match place {
            Place::Users if change < 0 => {
                self.paid = sum(self.paid, -change);
                return;
            }
            Place::Users => {
                self.refunded = sum(self.refunded, change);
                return;
            }
            Place::Fee => &mut self.fees,
            Place::Commission => &mut self.commissions,
            Place::Bank => &mut self.withdrawn,
            Place::InTransit(holder) => {
                self.held = sum(self.held, change);
                &mut self.holders.entry(holder.to_owned()).or_default().in_transit
            }
            Place::Withdrawable(holder) => {
                self.held = sum(self.held, change);
                &mut self.holders.entry(holder.to_owned()).or_default().withdrawable
            }
            Place::Frozen(holder) => {
                self.held = sum(self.held, change);
                &mut self.holders.entry(holder.to_owned()).or_default().frozen
            }
        };
        *balance = sum(*balance, change);
        assert!(*balance >= 0, "{place:?} must not fall below zero, but stands at {balance} fen");
    }

    /// Recomputes what `transfer` keeps step by step.
    pub(crate) fn verify(&self) -> Result<(), String> {
        let mut held = 0_i64;
        for (holder, balance) in &self.holders {
            if balance.in_transit < 0 || balance.withdrawable < 0 || balance.frozen < 0 {
                return Err(format!("{holder}: a balance is below zero: {balance:?}"));
            }
            held = sum(held, sum(sum(balance.in_transit, balance.withdrawable), balance.frozen));
        }
        if held != self.held || self.paid != sum(held, self.gone()) {
            return Err(format!(
                "paid {} fen, but held {held} + refunded {} + fees {} + commissions {} + withdrawn {}",
                self.paid, self.refunded, self.fees, self.commissions, self.withdrawn
            ));
        }
        Ok(())
    }
}

pub(super) fn sum(left: i64, right: i64) -> i64 {
    left.checked_add(right).expect("the mock's money stays far below 2^63 fen")
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::Fen;

    use super::{Accounts, Place, holder};

    #[test]
    fn money_moves_and_is_never_lost() {
        let (seller, fen) = (holder("7", 1), |n| Fen::new(n).unwrap());
        let mut accounts = Accounts::default();
        accounts.transfer(Place::Users, Place::InTransit(&seller), fen(1280));
        accounts.transfer(Place::InTransit(&seller), Place::Users, fen(100));
        accounts.transfer(Place::InTransit(&seller), Place::Fee, fen(7));
        accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&seller), fen(1173));
        assert_eq!((accounts.paid, accounts.refunded, accounts.fees), (1280, 100, 7));
        assert_eq!(accounts.withdrawable(&seller), 1173);
        assert_eq!(accounts.verify(), Ok(()));
    }

    #[test]
    fn a_lost_fen_is_noticed() {
        let mut accounts = Accounts::default();
        accounts.transfer(Place::Users, Place::InTransit("7/1"), Fen::new(5).unwrap());
        accounts.holders.get_mut("7/1").unwrap().in_transit = 4;
        assert!(accounts.verify().unwrap_err().contains("held 4"));
    }
}
