//! The trade books as a part of the state file, without tokens.

use douyin_pay_protocol::Fen;
use serde::{Deserialize, Serialize};

use super::Trade;
use super::objects::{Order, Refund, SettleStatus, Settlement};
use crate::platform::key;
use crate::platform::timers::add;
use crate::platform::withdrawals::Withdrawal;

/// What is written and read; files of mocks that knew only guaranteed payment have none of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Saved {
    orders: Vec<Order>,
    refunds: Vec<Refund>,
    settlements: Vec<Settlement>,
    /// Of older files only: both systems share withdrawals.
    #[serde(default, skip_serializing)]
    pub(in crate::platform) withdrawals: Vec<Withdrawal>,
}

impl Saved {
    /// Books of an older version counted commissions among the fees; gives their sum.
    pub(in crate::platform) fn part_commissions_from_fees(&mut self) -> Fen {
        let mut all = Fen::ZERO;
        let done = self.settlements.iter().filter(|one| one.status == SettleStatus::Success);
        for one in done {
            all = add(all, one.commission);
            for order in self.orders.iter_mut().filter(|order| order.order_id == one.order_id) {
                let rake = order.money.rake.checked_sub(one.commission);
                order.money.rake = rake.unwrap_or(order.money.rake);
                order.money.commission = add(order.money.commission, one.commission);
            }
        }
        all
    }
}

impl Trade {
    pub(in crate::platform) fn saved(&self) -> Saved {
        Saved {
            orders: self.orders.values().cloned().collect(),
            refunds: self.refunds.values().cloned().collect(),
            settlements: self.settlements.values().cloned().collect(),
            withdrawals: Vec::new(),
        }
    }

    /// Orders, refunds and settlements with the indexes of their numbers.
    pub(in crate::platform) fn restore(saved: Saved) -> Self {
        let mut trade = Self::default();
        for order in saved.orders {
            trade.numbers.insert(key(&order.app_id, &order.out_order_no), order.order_id.clone());
            trade.orders.insert(order.order_id.clone(), order);
        }
        for refund in saved.refunds {
            if !refund.out_refund_no.is_empty() {
                let number = key(&refund.app_id, &refund.out_refund_no);
                trade.refund_numbers.insert(number, refund.refund_id.clone());
            }
            trade.refunds.insert(refund.refund_id.clone(), refund);
        }
        for one in saved.settlements {
            trade.settle_numbers.insert(key(&one.app_id, &one.out_settle_no), one.settle_id.clone());
            trade.settlements.insert(one.settle_id.clone(), one);
        }
        trade
    }
}
