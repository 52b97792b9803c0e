//! The books recomputed from the single operations, to check the kept sums.

use std::collections::BTreeMap;

use super::objects::{Money, OperationStatus, Order, Returned};
use super::timers::{Timer, add};
use super::{Platform, key};

mod balances;

pub(super) use balances::{Expected, Settled};

impl Platform {
    /// Recomputes every sum and checks every rule; says the first thing that is wrong.
    pub(crate) fn verify(&self) -> Result<(), String> {
        self.accounts.verify()?;
        self.orders.values().try_for_each(Order::verify)?;
        let mut sums: BTreeMap<String, Money> = BTreeMap::new();
        self.add_refunds(&mut sums);
        self.add_settlements(&mut sums);
        for (order_key, order) in &self.orders {
            let recomputed = sums.get(order_key).copied().unwrap_or_default();
            if recomputed != order.money {
                return Err(format!("order {order_key}: kept {:?}, recomputed {recomputed:?}", order.money));
            }
        }
        if let Some(orphan) = sums.keys().find(|order_key| !self.orders.contains_key(*order_key)) {
            return Err(format!("there are operations of order {orphan}, but no such order"));
        }
        self.trade.verify()?;
        self.verify_returns()?;
        self.verify_timers()?;
        self.verify_balances()
    }

    fn verify_timers(&self) -> Result<(), String> {
        let lost = self.timers.iter().find(|(_, _, timer)| match timer {
            Timer::Expire(order) | Timer::SettleAutomatically(order) => !self.orders.contains_key(order),
            Timer::FinishRefund(refund) => !self.refunds.contains_key(refund),
            Timer::FinishSettlement(settlement) => !self.settlements.contains_key(settlement),
            Timer::FinishReturn(one) => !self.returns.contains_key(one),
            Timer::FinishWithdrawal(one) | Timer::SendBackWithdrawal(one) => {
                !self.withdrawals.contains_key(one)
            }
            Timer::CleanSandbox => false,
            Timer::Trade(timer) => !self.trade.knows(timer),
        });
        lost.map_or(Ok(()), |(_, _, timer)| {
            Err(format!("{timer:?} is due for something that does not exist"))
        })
    }

    fn add_refunds(&self, sums: &mut BTreeMap<String, Money>) {
        for refund in self.refunds.values() {
            let money = sums.entry(key(&refund.app_id, &refund.out_order_no)).or_default();
            let place = match (refund.status, refund.from_settled) {
                (OperationStatus::Processing, false) => &mut money.refunding_in_transit,
                (OperationStatus::Processing, true) => &mut money.refunding_settled,
                (OperationStatus::Success, false) => &mut money.refunded_in_transit,
                (OperationStatus::Success, true) => &mut money.refunded_settled,
                (OperationStatus::Fail, _) => continue,
            };
            *place = add(*place, refund.amount);
        }
    }

    fn add_settlements(&self, sums: &mut BTreeMap<String, Money>) {
        for settlement in self.settlements.values() {
            let money = sums.entry(key(&settlement.app_id, &settlement.out_order_no)).or_default();
            match settlement.status {
                OperationStatus::Processing => money.settling = add(money.settling, settlement.base),
                OperationStatus::Success => {
                    money.settled = add(money.settled, settlement.base);
                    money.shared = add(money.shared, settlement.shared());
                    money.rake = add(money.rake, settlement.rake);
                    money.commission = add(money.commission, settlement.commission);
                }
                OperationStatus::Fail => {}
            }
        }
    }

    /// What each settlement keeps of its returns is what the returns say.
    fn verify_returns(&self) -> Result<(), String> {
        let mut sums: BTreeMap<(String, &str), Returned> = BTreeMap::new();
        for one in self.returns.values() {
            let place = (key(&one.app_id, &one.out_settle_no), &*one.merchant_uid);
            let returned = sums.entry(place).or_default();
            returned.count += 1;
            match one.status {
                OperationStatus::Processing => returned.under_way = add(returned.under_way, one.amount),
                OperationStatus::Success => returned.done = add(returned.done, one.amount),
                OperationStatus::Fail => {}
            }
        }
        for (settlement_key, settlement) in &self.settlements {
            for (receiver, kept) in &settlement.returns {
                let recomputed = sums.remove(&(settlement_key.clone(), receiver)).unwrap_or_default();
                let given = add(kept.done, kept.under_way);
                if recomputed != *kept || settlement.share_of(receiver).is_none_or(|share| given > share) {
                    return Err(format!(
                        "{settlement_key}, receiver {receiver}: kept {kept:?}, recomputed {recomputed:?}"
                    ));
                }
            }
        }
        match sums.keys().next() {
            Some(orphan) => Err(format!("there are returns of {orphan:?}, but no such share")),
            None => Ok(()),
        }
    }
}
