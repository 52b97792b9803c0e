//! A settlement from its reservation to its end, and those the platform starts by itself.

use douyin_pay_protocol::{Fen, UnixMs};

use super::accounts::{Accounts, Place, holder};
use super::answers::varied_settlement;
use super::objects::{OperationStatus, Order, Settlement};
use super::timers::{DAY_MS, SETTLEMENT_MS, Timer, add};
use super::{Platform, key, messages};
use crate::faults::OperationFault;

/// Whatever is in transit this long after the payment goes to the seller.
pub(super) const AUTOMATIC_AFTER_DAYS: i64 = 150;
/// How long an automatic settlement waits for another operation of the order that is under way.
const AUTOMATIC_AGAIN_MS: i64 = 3_600_000;
/// How long the platform waits before it repeats an automatic settlement that failed.
const AUTOMATIC_RETRY_MS: i64 = DAY_MS;

/// What the platform keeps of a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Charges {
    /// The service fee.
    pub(super) rake: Fen,
    /// The promoters' part.
    pub(super) commission: Fen,
}

impl Charges {
    /// A settlement that is not the last moves shares only.
    pub(super) const NONE: Self = Self { rake: Fen::ZERO, commission: Fen::ZERO };

    pub(super) fn sum(self) -> Fen {
        add(self.rake, self.commission)
    }
}

/// How the fee is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FeeTerms {
    rate_per_10000: u32,
    /// Instead of half up.
    rounds_down: bool,
}

impl Platform {
    pub(super) fn fee_terms(&self, rate_per_10000: u32) -> FeeTerms {
        FeeTerms { rate_per_10000, rounds_down: self.switches.fee_rounds_down }
    }
}

impl Order {
    /// The charges of a settlement that takes `base` and is the last: the fee on everything ever settled of
    /// the order, rounded half up to the fen, then the commission; together never more than `base`.
    pub(super) fn charges_of_final(&self, base: Fen, terms: FeeTerms) -> Charges {
        let m = &self.money;
        let settled = [base, m.settled, m.settling].map(|part| i128::from(part.get())).iter().sum::<i128>();
        let half = if terms.rounds_down { 0 } else { 5_000 };
        let fee = (settled * i128::from(terms.rate_per_10000) + half) / 10_000 - i128::from(m.rake.get());
        let rake = capped(fee, base);
        let promised = self.cps.as_ref().map_or(Fen::ZERO, |cps| cps.share_amount);
        let open = i128::from(promised.get()) - i128::from(m.commission.get());
        let left = base.checked_sub(rake).expect("the fee was capped at the base");
        Charges { rake, commission: capped(open, left) }
    }
}

fn capped(due: i128, most: Fen) -> Fen {
    let capped = due.clamp(0, i128::from(most.get()));
    Fen::new(i64::try_from(capped).expect("capped at an amount")).expect("capped at an amount")
}

impl Platform {
    /// Reserves the base and starts the settlement.
    pub(super) fn open_settlement(&mut self, settlement: Settlement) {
        let order_key = key(&settlement.app_id, &settlement.out_order_no);
        let settlement_key = key(&settlement.app_id, &settlement.out_settle_no);
        let order = self.orders.get_mut(&order_key).expect("a settlement has its order");
        order.settlements += 1;
        order.settlement_under_way = true;
        order.money.settling = add(order.money.settling, settlement.base);
        let at = settlement.requested_at;
        self.settlements.insert(settlement_key.clone(), settlement);
        let takes = self.dice.millis(SETTLEMENT_MS.0, SETTLEMENT_MS.1);
        self.set_timer(at.plus_ms(takes), Timer::FinishSettlement(settlement_key));
        self.check_order(&order_key);
    }

    pub(super) fn finish_settlement(&mut self, settlement_key: &str, at: UnixMs) {
        let settlement = self.settlements.get_mut(settlement_key).expect("settlements are never deleted");
        let order_key = key(&settlement.app_id, &settlement.out_order_no);
        let order = self.orders.get_mut(&order_key).expect("a settlement has its order");
        let reserved = order.money.settling.checked_sub(settlement.base);
        order.money.settling = reserved.expect("the base was reserved when it was accepted");
        order.settlement_under_way = false;
        settlement.finished_at = Some(at);
        if settlement.doomed {
            settlement.status = OperationStatus::Fail;
            settlement.message = "渠道结算失败".to_owned();
        } else {
            settlement.status = OperationStatus::Success;
            order.closed_for_settling |= settlement.finish;
            order.money.settled = add(order.money.settled, settlement.base);
            order.money.shared = add(order.money.shared, settlement.shared());
            order.money.rake = add(order.money.rake, settlement.rake);
            order.money.commission = add(order.money.commission, settlement.commission);
            move_settled_money(&mut self.accounts, order, settlement);
        }
        let again = settlement.automatic && settlement.doomed;
        let msg = varied_settlement(&self.switches, messages::settlement(order, settlement));
        let (app_id, number, url) =
            (settlement.app_id.clone(), settlement.out_settle_no.clone(), settlement.notify_url.clone());
        self.check_order(&order_key);
        self.notify(&app_id, "settle", &number, url, msg, at);
        if again {
            self.set_timer(at.plus_ms(AUTOMATIC_RETRY_MS), Timer::SettleAutomatically(order_key));
        }
    }

    /// Plans when the platform settles a paid order by itself: at the end of the period where it is asked
    /// to, and for everybody 150 days after the payment.
    pub(super) fn plan_automatic_settlements(&mut self, order_key: &str, app_id: &str, paid_at: UnixMs) {
        let app = self.apps.get(app_id).filter(|app| app.automatic_settlement);
        let period =
            app.map(|app| i64::from(app.settle_period_days)).filter(|days| *days < AUTOMATIC_AFTER_DAYS);
        for days in period.into_iter().chain([AUTOMATIC_AFTER_DAYS]) {
            self.set_timer(paid_at.plus_ms(days * DAY_MS), Timer::SettleAutomatically(order_key.to_owned()));
        }
    }

    /// Settles what is left to the seller. After 150 days that includes what came back into transit behind
    /// the order's final settlement, because a refund failed.
    pub(super) fn settle_automatically(&mut self, order_key: &str, at: UnixMs) {
        let order = self.orders.get(order_key).expect("orders are never deleted");
        let last_call =
            order.paid_at.is_some_and(|paid_at| at.since(paid_at) >= AUTOMATIC_AFTER_DAYS * DAY_MS);
        if order.closed_for_settling && !last_call {
            return;
        }
        if order.settlement_under_way || order.money.refunding_in_transit > Fen::ZERO {
            self.set_timer(at.plus_ms(AUTOMATIC_AGAIN_MS), Timer::SettleAutomatically(order_key.to_owned()));
            return;
        }
        let rest = order.available().unwrap_or(Fen::ZERO);
        if rest == Fen::ZERO {
            return;
        }
        let rate = self.apps.get(&order.app_id).map_or(0, |app| app.fee_rate_per_10000);
        let Charges { rake, commission } = order.charges_of_final(rest, self.fee_terms(rate));
        let (app_id, out_order_no) = (order.app_id.clone(), order.out_order_no.clone());
        let notify_url = order.notify_url.clone();
        let settle_no = self.platform_number();
        let out_settle_no = format!("auto{}", settle_no.trim_start_matches('N'));
        let doomed = self.faults.draw_operation(OperationFault::SettlementFails, &mut self.fault_dice);
        self.open_settlement(Settlement {
            app_id,
            out_order_no,
            out_settle_no,
            settle_no,
            base: rest,
            rake,
            commission,
            shares: Vec::new(),
            finish: true,
            automatic: true,
            cp_extra: String::new(),
            notify_url,
            status: OperationStatus::Processing,
            doomed,
            message: String::new(),
            requested_at: at,
            finished_at: None,
            first_request: String::new(),
            returns: Default::default(),
        });
    }
}

/// The base leaves transit: the shares, the charges, and the rest to the seller.
fn move_settled_money(accounts: &mut Accounts, order: &Order, settlement: &Settlement) {
    let seller = holder(&order.seller_uid, order.way);
    for share in &settlement.shares {
        let receiver = holder(&share.merchant_uid, order.way);
        accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&receiver), share.amount);
    }
    accounts.transfer(Place::InTransit(&seller), Place::Fee, settlement.rake);
    accounts.transfer(Place::InTransit(&seller), Place::Commission, settlement.commission);
    accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&seller), settlement.sellers_part());
}

#[cfg(test)]
mod tests {
    use douyin_pay_protocol::Fen;

    use super::capped;

    #[test]
    fn charges_stay_between_nothing_and_what_is_there() {
        let most = Fen::new(5).unwrap();
        assert_eq!([-1, 0, 3, 9].map(|due| capped(due, most).get()), [0, 0, 3, 5]);
    }
}
