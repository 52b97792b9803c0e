//! The trade books recomputed from the single operations, to check the kept sums.

use std::collections::BTreeMap;

use super::objects::{Order, SettleStatus};
use super::{Timer, Trade};
use crate::platform::objects::Money;
use crate::platform::timers::add;
use crate::platform::verify::{Expected, Settled};
use crate::platform::{OperationStatus, accounts::holder};

/// Sums by order and item.
type Sums = BTreeMap<(String, String), Money>;

impl Trade {
    /// Recomputes every sum and checks every rule; says the first thing that is wrong.
    pub(in crate::platform) fn verify(&self) -> Result<(), String> {
        self.orders.values().try_for_each(Order::verify)?;
        let mut sums = Sums::new();
        self.add_refunds(&mut sums);
        self.add_settlements(&mut sums);
        for order in self.orders.values() {
            for item in &order.items {
                let place = (order.order_id.clone(), item.item_order_id.clone());
                let recomputed = sums.remove(&place).unwrap_or_default();
                if recomputed != item.money {
                    return Err(format!("item {place:?}: kept {:?}, recomputed {recomputed:?}", item.money));
                }
            }
        }
        match sums.keys().next() {
            Some(orphan) => Err(format!("there are operations of {orphan:?}, but no such item")),
            None => Ok(()),
        }
    }

    fn add_refunds(&self, sums: &mut Sums) {
        for refund in self.refunds.values() {
            for item in &refund.items {
                let place = (refund.order_id.clone(), item.item_order_id.clone());
                let money = sums.entry(place).or_default();
                let transit = item.amount.checked_sub(item.from_settled).expect("a part of the amount");
                let (in_transit, settled) = match refund.status {
                    OperationStatus::Processing => {
                        (&mut money.refunding_in_transit, &mut money.refunding_settled)
                    }
                    OperationStatus::Success => (&mut money.refunded_in_transit, &mut money.refunded_settled),
                    OperationStatus::Fail => continue,
                };
                *in_transit = add(*in_transit, transit);
                *settled = add(*settled, item.from_settled);
            }
        }
    }

    fn add_settlements(&self, sums: &mut Sums) {
        for one in self.settlements.values() {
            for (item, part) in &one.parts {
                let money = sums.entry((one.order_id.clone(), item.clone())).or_default();
                match one.status {
                    SettleStatus::Init | SettleStatus::Processing => {
                        money.settling = add(money.settling, *part)
                    }
                    SettleStatus::Success => money.settled = add(money.settled, *part),
                    SettleStatus::Fail => {}
                }
            }
        }
    }

    /// Whether a timer is due for something that exists.
    pub(in crate::platform) fn knows(&self, timer: &Timer) -> bool {
        match timer {
            Timer::Expire(order) | Timer::SettleAutomatically(order) => self.orders.contains_key(order),
            Timer::FinishRefund(refund) | Timer::AuditDeadline(refund) => self.refunds.contains_key(refund),
            Timer::StartSettlement(one) | Timer::FinishSettlement(one) => self.settlements.contains_key(one),
            Timer::FinishWithdrawal(_) => true,
        }
    }

    /// What the single payments and operations did to the accounts; diamonds are no money.
    pub(in crate::platform) fn add_to(&self, expected: &mut Expected) {
        let of = |order_id: &str| self.orders.get(order_id).filter(|order| !order.diamonds);
        for order in self.orders.values().filter(|order| order.paid_at.is_some() && !order.diamonds) {
            expected.pay(&holder(&order.merchant_uid, order.way), order.paid());
        }
        for refund in self.refunds.values().filter(|one| one.status == OperationStatus::Success) {
            let Some(order) = of(&refund.order_id) else { continue };
            let seller = holder(&order.merchant_uid, order.way);
            for item in &refund.items {
                let transit = item.amount.checked_sub(item.from_settled).expect("a part of the amount");
                expected.refund(&seller, transit, item.from_settled);
            }
        }
        for one in self.settlements.values().filter(|one| one.status == SettleStatus::Success) {
            let Some(order) = of(&one.order_id) else { continue };
            expected.settle(&Settled {
                seller: &order.merchant_uid,
                way: order.way,
                base: one.base,
                rake: one.rake,
                commission: one.commission,
                sellers_part: one.sellers_part(),
                shares: one.shares.iter().map(|share| (&*share.merchant_uid, share.amount)).collect(),
            });
        }
    }
}
