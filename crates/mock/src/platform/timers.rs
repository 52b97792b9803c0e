//! What happens by itself as time goes by.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::{Deserialize, Serialize};

use super::objects::OrderStatus;
use super::{Key, Platform, messages, trade};

/// Refunds take this long, in ms.
pub(super) const REFUND_MS: (u32, u32) = (10_000, 15_000);
/// Settlements take this long, in ms.
pub(super) const SETTLEMENT_MS: (u32, u32) = (5_000, 10_000);
/// Returns of a share take this long, in ms.
pub(super) const RETURN_MS: (u32, u32) = (5_000, 10_000);
/// A payment's callback leaves this long after the payment, in ms.
pub(super) const PAYMENT_CALLBACK_MS: (u32, u32) = (500, 2_000);
/// Withdrawals take this long, in ms.
pub(super) const WITHDRAWAL_MS: (u32, u32) = (5_000, 60_000);
/// One day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Something that is due at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Timer {
    Expire(Key),
    FinishRefund(Key),
    FinishSettlement(Key),
    SettleAutomatically(Key),
    FinishReturn(Key),
    FinishWithdrawal(Key),
    SendBackWithdrawal(Key),
    CleanSandbox,
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
                Timer::FinishReturn(one) => self.finish_return(&one, at),
                Timer::FinishWithdrawal(withdrawal) => self.finish_withdrawal(&withdrawal, at),
                Timer::SendBackWithdrawal(withdrawal) => self.send_back_withdrawal(&withdrawal, at),
                Timer::CleanSandbox => self.clean_sandbox(at),
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

    /// A payment succeeded: its callback leaves soon, and the settlement clock starts.
    pub(super) fn after_payment(&mut self, order_key: &str, now: UnixMs) {
        let order = self.orders.get(order_key).expect("the order was just paid");
        let (app_id, number, msg) =
            (order.app_id.clone(), order.out_order_no.clone(), messages::payment(order));
        let own_url = order.notify_url.clone();
        self.plan_automatic_settlements(order_key, &app_id, now);
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
}

pub(super) fn add(left: Fen, right: Fen) -> Fen {
    left.checked_add(right).expect("an order's sums stay below its total")
}
