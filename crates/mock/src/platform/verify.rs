//! The books recomputed from the single operations, to check the kept sums.

use std::collections::BTreeMap;

use douyin_pay_protocol::Fen;

use super::accounts::holder;
use super::objects::{Money, OperationStatus, Order};
use super::timers::{Timer, add};
use super::{Platform, key};

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
        self.verify_timers()?;
        self.verify_transit()
    }

    fn verify_timers(&self) -> Result<(), String> {
        let lost = self.timers.iter().find(|(_, _, timer)| match timer {
            Timer::Expire(order) | Timer::SettleAutomatically(order) => !self.orders.contains_key(order),
            Timer::FinishRefund(refund) => !self.refunds.contains_key(refund),
            Timer::FinishSettlement(settlement) => !self.settlements.contains_key(settlement),
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
                }
                OperationStatus::Fail => {}
            }
        }
    }

    /// What sellers hold in transit is what their paid orders have left there.
    fn verify_transit(&self) -> Result<(), String> {
        let mut transit: BTreeMap<String, i64> = BTreeMap::new();
        for order in self.orders.values().filter(|order| order.paid_at.is_some()) {
            let gone = Fen::sum([order.money.refunded_in_transit, order.money.settled]);
            let left = gone.and_then(|gone| order.total.checked_sub(gone)).map_or(-1, Fen::get);
            *transit.entry(holder(&order.seller_uid, order.way)).or_default() += left;
        }
        self.trade.add_transit(&mut transit);
        for (holder, balance) in &self.accounts.holders {
            let expected = transit.get(holder).copied().unwrap_or_default();
            if balance.in_transit != expected {
                return Err(format!(
                    "{holder}: {} fen in transit, its orders say {expected}",
                    balance.in_transit
                ));
            }
        }
        Ok(())
    }
}
