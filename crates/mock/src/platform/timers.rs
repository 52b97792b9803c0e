//! What happens by itself as time goes by.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::accounts::{Place, holder};
use super::objects::{OperationStatus, OrderStatus, Settlement};
use super::{Key, Platform, key, messages, trade};
use crate::faults::OperationFault;

/// Refunds take this long, in ms.
pub(super) const REFUND_MS: (u32, u32) = (10_000, 15_000);
/// Settlements take this long, in ms.
pub(super) const SETTLEMENT_MS: (u32, u32) = (5_000, 10_000);
/// A payment's callback leaves this long after the payment, in ms.
pub(super) const PAYMENT_CALLBACK_MS: (u32, u32) = (500, 2_000);
/// Withdrawals take this long, in ms.
pub(super) const WITHDRAWAL_MS: (u32, u32) = (5_000, 60_000);
/// One day.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// Whatever is in transit this long after the payment goes to the seller.
const AUTOMATIC_AFTER_DAYS: i64 = 150;
/// How long an automatic settlement waits for one that is under way.
const AUTOMATIC_AGAIN_MS: i64 = 3_600_000;

/// Something that is due at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Timer {
    Expire(Key),
    FinishRefund(Key),
    FinishSettlement(Key),
    SettleAutomatically(Key),
    /// Something of the general trade system.
    Trade(trade::Timer),
}

impl Platform {
    /// Lets happen, in due order, whatever was due until `now`.
    pub(crate) fn advance_to(&mut self, now: UnixMs) {
        while let Some(entry) = self.timers.first().filter(|(at, _, _)| *at <= now).cloned() {
            self.timers.remove(&entry);
            let (at, _, timer) = entry;
            self.now = self.now.max(at);
            match timer {
                Timer::Expire(order) => self.expire(&order),
                Timer::FinishRefund(refund) => self.finish_refund(&refund, at),
                Timer::FinishSettlement(settlement) => self.finish_settlement(&settlement, at),
                Timer::SettleAutomatically(order) => self.settle_automatically(&order, at),
                Timer::Trade(timer) => self.trade_due(&timer, at),
            }
        }
        self.now = self.now.max(now);
    }

    /// The next moment at which something happens by itself or a callback is due.
    pub(crate) fn next_due(&self) -> Option<UnixMs> {
        let timer = self.timers.first().map(|(at, _, _)| *at);
        [timer, self.notices.next_due()].into_iter().flatten().min()
    }

    pub(super) fn set_timer(&mut self, at: UnixMs, timer: Timer) {
        self.serial += 1;
        self.timers.insert((at, self.serial, timer));
    }

    pub(super) fn expire_at(&mut self, at: UnixMs, order: &str) {
        self.set_timer(at, Timer::Expire(order.to_owned()));
    }

    pub(super) fn start_refund(&mut self, refund: &str, now: UnixMs) {
        let takes = self.dice.millis(REFUND_MS.0, REFUND_MS.1);
        self.set_timer(now.plus_ms(takes), Timer::FinishRefund(refund.to_owned()));
    }

    pub(super) fn start_settlement(&mut self, settlement: &str, now: UnixMs) {
        let takes = self.dice.millis(SETTLEMENT_MS.0, SETTLEMENT_MS.1);
        self.set_timer(now.plus_ms(takes), Timer::FinishSettlement(settlement.to_owned()));
    }

    /// A payment succeeded: its callback leaves soon, and the settlement clock starts.
    pub(super) fn after_payment(&mut self, order_key: &str, now: UnixMs) {
        let order = self.orders.get(order_key).expect("the order was just paid");
        let (app_id, number, msg) =
            (order.app_id.clone(), order.out_order_no.clone(), messages::payment(order));
        let own_url = order.notify_url.clone();
        let app = self.apps.get(&app_id).cloned();
        let automatic = app.as_ref().filter(|app| app.automatic_settlement);
        let days = automatic.map_or(AUTOMATIC_AFTER_DAYS, |app| i64::from(app.settle_period_days));
        self.set_timer(now.plus_ms(days * DAY_MS), Timer::SettleAutomatically(order_key.to_owned()));
        let wait = self.dice.millis(PAYMENT_CALLBACK_MS.0, PAYMENT_CALLBACK_MS.1);
        self.notify(&app_id, "payment", &number, own_url, msg, now.plus_ms(wait));
    }

    fn expire(&mut self, order_key: &str) {
        let order = self.orders.get_mut(order_key).expect("orders are never deleted");
        if order.status == OrderStatus::Processing {
            order.status = OrderStatus::Timeout;
            self.check_order(order_key);
        }
    }

    fn finish_refund(&mut self, refund_key: &str, at: UnixMs) {
        let refund = self.refunds.get_mut(refund_key).expect("refunds are never deleted");
        let order_key = key(&refund.app_id, &refund.out_order_no);
        let order = self.orders.get_mut(&order_key).expect("a refund has its order");
        let seller = holder(&order.seller_uid, order.way);
        let amount = refund.amount;
        let reserved = if refund.from_settled {
            &mut order.money.refunding_settled
        } else {
            &mut order.money.refunding_in_transit
        };
        *reserved = reserved.checked_sub(amount).expect("the refund was reserved when it was accepted");
        refund.finished_at = Some(at);
        let poor = refund.from_settled && self.accounts.withdrawable(&seller) < amount.get();
        if refund.doomed || poor {
            refund.status = OperationStatus::Fail;
            refund.message = if poor { "可提现余额不足" } else { "渠道退款失败" }.to_owned();
        } else {
            refund.status = OperationStatus::Success;
            let (from, total) = if refund.from_settled {
                (Place::Withdrawable(&seller), &mut order.money.refunded_settled)
            } else {
                (Place::InTransit(&seller), &mut order.money.refunded_in_transit)
            };
            *total = add(*total, amount);
            self.accounts.transfer(from, Place::Users, amount);
        }
        let msg = messages::refund(order, refund);
        let (app_id, number, url) =
            (refund.app_id.clone(), refund.out_refund_no.clone(), refund.notify_url.clone());
        self.check_order(&order_key);
        self.notify(&app_id, "refund", &number, url, msg, at);
    }

    fn finish_settlement(&mut self, settlement_key: &str, at: UnixMs) {
        let settlement = self.settlements.get_mut(settlement_key).expect("settlements are never deleted");
        let order_key = key(&settlement.app_id, &settlement.out_order_no);
        let order = self.orders.get_mut(&order_key).expect("a settlement has its order");
        order.money.settling = order
            .money
            .settling
            .checked_sub(settlement.base)
            .expect("the base was reserved when it was accepted");
        order.settlement_under_way = false;
        settlement.finished_at = Some(at);
        if settlement.doomed {
            settlement.status = OperationStatus::Fail;
            settlement.message = "渠道结算失败".to_owned();
        } else {
            settlement.status = OperationStatus::Success;
            order.closed_for_settling = settlement.finish;
            order.money.settled = add(order.money.settled, settlement.base);
            order.money.shared = add(order.money.shared, settlement.shared());
            order.money.rake = add(order.money.rake, settlement.rake);
            Self::move_settled_money(&mut self.accounts, order, settlement);
        }
        let msg = messages::settlement(order, settlement);
        let (app_id, number, url) =
            (settlement.app_id.clone(), settlement.out_settle_no.clone(), settlement.notify_url.clone());
        self.check_order(&order_key);
        self.notify(&app_id, "settle", &number, url, msg, at);
    }

    /// The base leaves transit: the shares, the fee, and the rest to the seller.
    fn move_settled_money(accounts: &mut super::Accounts, order: &super::Order, settlement: &Settlement) {
        let seller = holder(&order.seller_uid, order.way);
        let mut rest = settlement.base;
        for share in &settlement.shares {
            let receiver = holder(&share.merchant_uid, order.way);
            accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&receiver), share.amount);
            rest = rest.checked_sub(share.amount).expect("shares were checked against the base");
        }
        accounts.transfer(Place::InTransit(&seller), Place::Fee, settlement.rake);
        rest = rest.checked_sub(settlement.rake).expect("shares and fee were checked against the base");
        accounts.transfer(Place::InTransit(&seller), Place::Withdrawable(&seller), rest);
    }

    fn settle_automatically(&mut self, order_key: &str, at: UnixMs) {
        let order = self.orders.get(order_key).expect("orders are never deleted");
        let rest = order.available().unwrap_or(Fen::ZERO);
        if order.closed_for_settling || rest == Fen::ZERO {
            return;
        }
        if order.settlement_under_way {
            self.set_timer(at.plus_ms(AUTOMATIC_AGAIN_MS), Timer::SettleAutomatically(order_key.to_owned()));
            return;
        }
        let rate = self.apps.get(&order.app_id).map_or(0, |app| app.fee_rate_per_10000);
        let rake = order.fee_of_final(rest, rate);
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
        });
    }
}

pub(super) fn add(left: Fen, right: Fen) -> Fen {
    left.checked_add(right).expect("an order's sums stay below its total")
}
