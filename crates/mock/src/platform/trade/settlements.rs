//! What every settlement goes through: INIT, PROCESSING, SUCCESS or FAIL.

use douyin_pay_protocol::{Fen, UnixMs};

use super::objects::{Item, Order, SettleStatus, Settlement};
use super::{Timer, goods, messages};
use crate::config::{MockTrade, SettleFrom};
use crate::faults::OperationFault;
use crate::platform::accounts::{Place, holder};
use crate::platform::objects::{OrderStatus, Share};
use crate::platform::timers::{self, DAY_MS, SETTLEMENT_MS, add};
use crate::platform::{Platform, key};

/// How long a settlement stays in INIT, in ms.
const INIT_MS: (u32, u32) = (1_000, 2_000);
/// How long an automatic settlement waits for refunds under way, and after a failure, in ms.
const AGAIN_MS: i64 = 3_600_000;
/// Neither fee takes more than this, so that both together never exceed the base.
const FEE_PER_10000_MAX: u32 = 4_000;

/// A settlement that passed the checks.
pub(super) struct NewSettlement {
    pub(super) order_id: String,
    /// The platform's own have their `settle_id` as number.
    pub(super) out_settle_no: Option<String>,
    /// Empty: the whole order.
    pub(super) item_order_id: String,
    pub(super) parts: Vec<(String, Fen)>,
    pub(super) shares: Vec<Share>,
    pub(super) ext: String,
    pub(super) notify_url: Option<String>,
}

impl Platform {
    /// Reserves the base and starts the settlement.
    pub(super) fn open_trade_settlement(&mut self, now: UnixMs, new: NewSettlement) -> String {
        let settle_id = self.trade_number("ots");
        let wallet_settle_id = self.trade_number("");
        let doomed = self.faults.draw_operation(OperationFault::SettlementFails, &mut self.fault_dice);
        let order = self.trade.orders.get_mut(&new.order_id).expect("the caller found the order");
        let terms = self.apps.get(&order.app_id).and_then(|app| app.trade.clone()).unwrap_or_default();
        let base = Fen::sum(new.parts.iter().map(|(_, part)| *part)).expect("within the order's total");
        for (item, part) in &new.parts {
            for money in order.sums_mut(item) {
                money.settling = add(money.settling, *part);
            }
        }
        order.settled_whole |= new.item_order_id.is_empty();
        let automatic = new.out_settle_no.is_none();
        let settlement = Settlement {
            app_id: order.app_id.clone(),
            order_id: new.order_id.clone(),
            settle_id: settle_id.clone(),
            wallet_settle_id,
            out_settle_no: new.out_settle_no.unwrap_or_else(|| settle_id.clone()),
            item_order_id: new.item_order_id,
            parts: new.parts,
            base,
            rake: rake(base, &terms),
            commission: commission(base, &terms),
            shares: new.shares,
            ext: new.ext,
            notify_url: new.notify_url,
            automatic,
            status: SettleStatus::Init,
            doomed,
            message: String::new(),
            created_at: now,
            finished_at: None,
        };
        let number = key(&settlement.app_id, &settlement.out_settle_no);
        self.trade.settle_numbers.insert(number, settle_id.clone());
        self.trade.settlements.insert(settle_id.clone(), settlement);
        self.check_trade(&new.order_id);
        let waits = self.dice.millis(INIT_MS.0, INIT_MS.1);
        self.set_timer(now.plus_ms(waits), timers::Timer::Trade(Timer::StartSettlement(settle_id.clone())));
        settle_id
    }

    pub(super) fn start_trade_settlement(&mut self, settle_id: &str, at: UnixMs) {
        let settlement = self.trade.settlements.get_mut(settle_id).expect("settlements are never deleted");
        settlement.status = SettleStatus::Processing;
        self.changes += 1;
        let takes = self.dice.millis(SETTLEMENT_MS.0, SETTLEMENT_MS.1);
        let timer = Timer::FinishSettlement(settle_id.to_owned());
        self.set_timer(at.plus_ms(takes), timers::Timer::Trade(timer));
    }

    pub(super) fn finish_trade_settlement(&mut self, settle_id: &str, at: UnixMs) {
        let settlement = self.trade.settlements.get_mut(settle_id).expect("settlements are never deleted");
        let order = self.trade.orders.get_mut(&settlement.order_id).expect("a settlement has its order");
        let success = !settlement.doomed;
        for (item, part) in &settlement.parts {
            for money in order.sums_mut(item) {
                money.settling = money.settling.checked_sub(*part).expect("reserved at the beginning");
                if success {
                    money.settled = add(money.settled, *part);
                }
            }
        }
        settlement.finished_at = Some(at);
        if success {
            settlement.status = SettleStatus::Success;
            order.money.shared = add(order.money.shared, settlement.shared());
            order.money.rake = add(order.money.rake, settlement.rake);
            order.money.commission = add(order.money.commission, settlement.commission);
            let seller = holder(&order.merchant_uid, order.way);
            for share in &settlement.shares {
                let receiver = holder(&share.merchant_uid, order.way);
                self.accounts.transfer(
                    Place::InTransit(&seller),
                    Place::Withdrawable(&receiver),
                    share.amount,
                );
            }
            self.accounts.transfer(Place::InTransit(&seller), Place::Fee, settlement.rake);
            self.accounts.transfer(Place::InTransit(&seller), Place::Commission, settlement.commission);
            let rest = settlement.sellers_part();
            self.accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&seller), rest);
        } else {
            settlement.status = SettleStatus::Fail;
            settlement.message = "渠道结算失败".to_owned();
            order.settled_whole &= !settlement.item_order_id.is_empty();
        }
        let again = settlement.automatic && !success;
        let msg = messages::settle(order, settlement, at);
        let (app_id, number, url) =
            (settlement.app_id.clone(), settlement.out_settle_no.clone(), settlement.notify_url.clone());
        let order_id = settlement.order_id.clone();
        self.check_trade(&order_id);
        self.notify_trade(&app_id, "settle", &number, url, msg, at);
        if again {
            let timer = Timer::SettleAutomatically(order_id);
            self.set_timer(at.plus_ms(AGAIN_MS), timers::Timer::Trade(timer));
        }
    }

    /// Sets the timer of an automatic settlement as soon as its day is known.
    pub(super) fn plan_automatic_settlement(&mut self, order_id: &str) {
        let order = self.trade.orders.get(order_id).expect("orders are never deleted");
        let Some(terms) = self.apps.get(&order.app_id).and_then(|app| app.trade.as_ref()) else { return };
        let open =
            goods::needs_fulfilment(order.product_type) && order.items.iter().any(|item| !item.is_done());
        if !terms.auto_settle || order.status != OrderStatus::Success || order.diamonds || open {
            return;
        }
        let items: Vec<&Item> = order.items.iter().collect();
        let Some(from) = settleable_from(order, terms, &items) else { return };
        let at = from.max(self.now);
        self.set_timer(at, timers::Timer::Trade(Timer::SettleAutomatically(order_id.to_owned())));
    }

    /// The period is over: everything left in transit goes to the seller.
    pub(super) fn settle_trade_automatically(&mut self, order_id: &str, at: UnixMs) {
        let order = self.trade.orders.get(order_id).expect("orders are never deleted");
        let part = |item: &Item| (item.item_order_id.clone(), item.available().unwrap_or(Fen::ZERO));
        let mut parts: Vec<(String, Fen)> = order.items.iter().map(part).collect();
        parts.retain(|(_, part)| *part > Fen::ZERO);
        if order.money.refunding_in_transit > Fen::ZERO {
            let timer = Timer::SettleAutomatically(order_id.to_owned());
            self.set_timer(at.plus_ms(AGAIN_MS), timers::Timer::Trade(timer));
            return;
        }
        if parts.is_empty() {
            return;
        }
        let new = NewSettlement {
            order_id: order_id.to_owned(),
            out_settle_no: None,
            item_order_id: String::new(),
            parts,
            shares: Vec::new(),
            ext: String::new(),
            notify_url: None,
        };
        self.open_trade_settlement(at, new);
    }
}

/// When these items can be settled: days after the payment, or after the last delivery or refund of them.
pub(super) fn settleable_from(order: &Order, terms: &MockTrade, items: &[&Item]) -> Option<UnixMs> {
    let paid_at = order.paid_at?;
    let done = items.iter().filter_map(|item| item.done_at).max();
    let from = match terms.settle_from {
        SettleFrom::Paid => paid_at,
        SettleFrom::Fulfilled => done.unwrap_or(paid_at),
    };
    Some(from.plus_ms(i64::from(terms.settle_days) * DAY_MS))
}

/// The platform's fee, rounded half up to the fen.
pub(super) fn rake(base: Fen, terms: &MockTrade) -> Fen {
    part_of(base, terms.rake_per_10000)
}

/// The promoters' part, rounded half up to the fen.
pub(super) fn commission(base: Fen, terms: &MockTrade) -> Fen {
    part_of(base, terms.commission_per_10000)
}

fn part_of(base: Fen, per_10000: u32) -> Fen {
    let part = (i128::from(base.get()) * i128::from(per_10000.min(FEE_PER_10000_MAX)) + 5_000) / 10_000;
    let part = i64::try_from(part).expect("a part of an amount");
    Fen::new(part).expect("a part of an amount")
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::Fen;

    use super::part_of;

    #[test]
    fn fees_are_rounded_half_up() {
        let fee = |fen, rate| part_of(Fen::new(fen).unwrap(), rate).get();
        assert_eq!([fee(19_800, 60), fee(83, 60), fee(84, 60), fee(250, 60), fee(1, 0)], [119, 0, 1, 2, 0]);
    }
}
