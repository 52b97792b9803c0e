//! Every balance recomputed from the single payments and operations: the second opinion on the accounts.

use std::collections::BTreeMap;

use douyin_pay_protocol::Fen;

use crate::platform::accounts::{Accounts, Balance, holder};
use crate::platform::objects::{Order, Settlement};
use crate::platform::withdrawals::{Withdrawal, WithdrawalStatus};
use crate::platform::{OperationStatus, Platform, key};

/// What the accounts must hold.
#[derive(Debug, Default)]
pub(in crate::platform) struct Expected {
    holders: BTreeMap<String, Balance>,
    paid: i64,
    refunded: i64,
    fees: i64,
    commissions: i64,
    withdrawn: i64,
}

/// A settlement as the accounts see it, of either system.
pub(in crate::platform) struct Settled<'a> {
    pub(in crate::platform) seller: &'a str,
    pub(in crate::platform) way: i64,
    pub(in crate::platform) base: Fen,
    pub(in crate::platform) rake: Fen,
    pub(in crate::platform) commission: Fen,
    pub(in crate::platform) sellers_part: Fen,
    pub(in crate::platform) shares: Vec<(&'a str, Fen)>,
}

impl Expected {
    fn holder(&mut self, holder: &str) -> &mut Balance {
        self.holders.entry(holder.to_owned()).or_default()
    }

    /// A user paid: the money is in transit.
    pub(in crate::platform) fn pay(&mut self, seller: &str, amount: Fen) {
        self.paid += amount.get();
        self.holder(seller).in_transit += amount.get();
    }

    /// A user got money back, out of transit and out of what was settled.
    pub(in crate::platform) fn refund(&mut self, seller: &str, in_transit: Fen, settled: Fen) {
        self.refunded += in_transit.get() + settled.get();
        self.holder(seller).in_transit -= in_transit.get();
        self.holder(seller).withdrawable -= settled.get();
    }

    /// The base left transit: to the receivers, the platform, the promoters and the seller.
    pub(in crate::platform) fn settle(&mut self, one: &Settled<'_>) {
        let seller = holder(one.seller, one.way);
        self.holder(&seller).in_transit -= one.base.get();
        self.holder(&seller).withdrawable += one.sellers_part.get();
        self.fees += one.rake.get();
        self.commissions += one.commission.get();
        for (receiver, amount) in &one.shares {
            self.holder(&holder(receiver, one.way)).withdrawable += amount.get();
        }
    }

    fn withdraw(&mut self, one: &Withdrawal) {
        for (holder, part) in &one.parts {
            let part = part.get();
            let balance = self.holders.entry(holder.clone()).or_default();
            match one.status {
                WithdrawalStatus::Processing => {
                    balance.withdrawable -= part;
                    balance.frozen += part;
                }
                WithdrawalStatus::Success => {
                    balance.withdrawable -= part;
                    self.withdrawn += part;
                }
                WithdrawalStatus::Fail | WithdrawalStatus::Reexchange => {}
            }
        }
    }

    fn compare(&self, accounts: &Accounts) -> Result<(), String> {
        let sums = [
            ("paid", accounts.paid, self.paid),
            ("refunded", accounts.refunded, self.refunded),
            ("fees", accounts.fees, self.fees),
            ("commissions", accounts.commissions, self.commissions),
            ("withdrawn", accounts.withdrawn, self.withdrawn),
        ];
        if let Some((what, kept, expected)) = sums.iter().find(|(_, kept, expected)| kept != expected) {
            return Err(format!("{what}: {kept} fen kept, the operations say {expected}"));
        }
        for holder in self.holders.keys().chain(accounts.holders.keys()) {
            let kept = accounts.holders.get(holder).copied().unwrap_or_default();
            let expected = self.holders.get(holder).copied().unwrap_or_default();
            if kept != expected {
                return Err(format!("{holder}: {kept:?} kept, the operations say {expected:?}"));
            }
        }
        Ok(())
    }
}

impl Platform {
    /// Compares every balance and every sum with what the single operations say.
    pub(super) fn verify_balances(&self) -> Result<(), String> {
        let mut expected = Expected::default();
        for order in self.orders.values().filter(|order| order.paid_at.is_some()) {
            expected.pay(&holder(&order.seller_uid, order.way), order.total);
        }
        for refund in self.refunds.values().filter(|one| one.status == OperationStatus::Success) {
            let seller = self.seller_of(&refund.app_id, &refund.out_order_no)?;
            let (in_transit, settled) =
                if refund.from_settled { (Fen::ZERO, refund.amount) } else { (refund.amount, Fen::ZERO) };
            expected.refund(&seller, in_transit, settled);
        }
        for one in self.settlements.values().filter(|one| one.status == OperationStatus::Success) {
            expected.settle(&as_settled(one, self.order_of(&one.app_id, &one.out_order_no)?));
        }
        for one in self.returns.values().filter(|one| one.status == OperationStatus::Success) {
            let order = self.order_of(&one.app_id, &one.out_order_no)?;
            expected.holder(&holder(&one.merchant_uid, order.way)).withdrawable -= one.amount.get();
            expected.holder(&holder(&order.seller_uid, order.way)).withdrawable += one.amount.get();
        }
        self.trade.add_to(&mut expected);
        self.withdrawals.values().for_each(|one| expected.withdraw(one));
        expected.compare(&self.accounts)
    }

    fn order_of(&self, app_id: &str, out_order_no: &str) -> Result<&Order, String> {
        let order = self.orders.get(&key(app_id, out_order_no));
        order.ok_or_else(|| format!("there is an operation of order {out_order_no}, but no such order"))
    }

    fn seller_of(&self, app_id: &str, out_order_no: &str) -> Result<String, String> {
        self.order_of(app_id, out_order_no).map(|order| holder(&order.seller_uid, order.way))
    }
}

fn as_settled<'a>(one: &'a Settlement, order: &'a Order) -> Settled<'a> {
    Settled {
        seller: &order.seller_uid,
        way: order.way,
        base: one.base,
        rake: one.rake,
        commission: one.commission,
        sellers_part: one.sellers_part(),
        shares: one.shares.iter().map(|share| (&*share.merchant_uid, share.amount)).collect(),
    }
}
