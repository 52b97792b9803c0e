//! What every refund goes through: reserved, paid out, told.

use douyin_pay_protocol::{Fen, UnixMs};

use super::messages;
use super::objects::{AuditStatus, Order, Refund, RefundItem, RefundSource};
use super::{Timer, denied::Checked, denied::Denial};
use crate::faults::OperationFault;
use crate::platform::accounts::{Place, holder};
use crate::platform::objects::OrderStatus;
use crate::platform::timers::{self, DAY_MS, REFUND_MS, add};
use crate::platform::{OperationStatus, Platform, key};

/// Orders older than this are not refunded.
const REFUNDABLE_DAYS: i64 = 365;
/// Refunds per order: Alipay allows more than the other channels.
const REFUNDS_MAX: u32 = 50;
const REFUNDS_MAX_ALIPAY: u32 = 300;
/// From a refund's beginning to the moment at which the platform decides by itself.
const AUDIT_MS: i64 = 3 * DAY_MS;

/// A refund that passed the checks.
pub(super) struct NewRefund {
    pub(super) order_id: String,
    pub(super) out_refund_no: String,
    pub(super) source: RefundSource,
    /// The item's own number and the amount.
    pub(super) items: Vec<(String, Fen)>,
    pub(super) reasons: Vec<String>,
    pub(super) cp_extra: String,
    pub(super) notify_url: Option<String>,
    pub(super) entry_path: String,
    pub(super) audit_needed: bool,
}

impl Platform {
    /// Reserves the money and remembers the refund; what follows depends on who started it.
    pub(super) fn open_trade_refund(&mut self, now: UnixMs, new: NewRefund) -> String {
        let refund_id = self.trade_number("motb");
        let doomed = self.faults.draw_operation(OperationFault::RefundFails, &mut self.fault_dice);
        let order = self.trade.orders.get_mut(&new.order_id).expect("the caller found the order");
        let all_settled = order.fully_settled();
        let items: Vec<RefundItem> =
            new.items.into_iter().map(|(item, amount)| reserve(order, item, amount)).collect();
        order.refunds += 1;
        let by_developer = new.source == RefundSource::Developer;
        let refund = Refund {
            app_id: order.app_id.clone(),
            order_id: new.order_id.clone(),
            refund_id: refund_id.clone(),
            out_refund_no: new.out_refund_no,
            source: new.source,
            amount: Fen::sum(items.iter().map(|item| item.amount)).expect("within the order's total"),
            items,
            reasons: new.reasons,
            cp_extra: new.cp_extra,
            notify_url: new.notify_url,
            entry_path: new.entry_path,
            audit_needed: new.audit_needed,
            audit: if by_developer { AuditStatus::Agree } else { AuditStatus::Init },
            deadline: now.plus_ms(AUDIT_MS),
            deny_message: String::new(),
            paying_out: false,
            status: OperationStatus::Processing,
            all_settled,
            doomed,
            message: String::new(),
            created_at: now,
            finished_at: None,
        };
        if by_developer {
            let number = key(&refund.app_id, &refund.out_refund_no);
            self.trade.refund_numbers.insert(number, refund_id.clone());
        }
        self.trade.refunds.insert(refund_id.clone(), refund);
        self.check_trade(&new.order_id);
        refund_id
    }

    /// The money is on its way.
    pub(super) fn pay_out(&mut self, refund_id: &str, now: UnixMs) {
        let refund = self.trade.refunds.get_mut(refund_id).expect("the caller found the refund");
        refund.paying_out = true;
        let takes = self.dice.millis(REFUND_MS.0, REFUND_MS.1);
        self.set_timer(now.plus_ms(takes), timers::Timer::Trade(Timer::FinishRefund(refund_id.to_owned())));
    }

    /// The payout succeeds or fails.
    pub(super) fn finish_trade_refund(&mut self, refund_id: &str, at: UnixMs) {
        let refund = self.trade.refunds.get(refund_id).expect("refunds are never deleted");
        let order = self.trade.orders.get(&refund.order_id).expect("a refund has its order");
        let seller = holder(&order.merchant_uid, order.way);
        let settled = Fen::sum(refund.items.iter().map(|item| item.from_settled)).expect("within the total");
        let poor = !order.diamonds && self.accounts.withdrawable(&seller) < settled.get();
        if poor {
            self.end_trade_refund(refund_id, Err("可提现余额不足"), at);
        } else if refund.doomed {
            self.end_trade_refund(refund_id, Err("渠道退款失败"), at);
        } else {
            if !order.diamonds {
                let transit = refund.amount.checked_sub(settled).expect("a part of the amount");
                self.accounts.transfer(Place::InTransit(&seller), Place::Users, transit);
                self.accounts.transfer(Place::Withdrawable(&seller), Place::Users, settled);
            }
            self.end_trade_refund(refund_id, Ok(()), at);
        }
    }

    /// Releases what was reserved, notes the end, and tells the merchant.
    pub(super) fn end_trade_refund(&mut self, refund_id: &str, end: Result<(), &str>, at: UnixMs) {
        let refund = self.trade.refunds.get_mut(refund_id).expect("the caller found the refund");
        let order = self.trade.orders.get_mut(&refund.order_id).expect("a refund has its order");
        for item in &refund.items {
            release(order, item, end.is_ok());
        }
        refund.finished_at = Some(at);
        match end {
            Ok(()) => refund.status = OperationStatus::Success,
            Err(message) => {
                refund.status = OperationStatus::Fail;
                refund.message = message.to_owned();
            }
        }
        let msg = messages::refund(order, refund, at);
        let (app_id, url, order_id) =
            (refund.app_id.clone(), refund.notify_url.clone(), refund.order_id.clone());
        let number =
            if refund.out_refund_no.is_empty() { refund_id.to_owned() } else { refund.out_refund_no.clone() };
        self.check_trade(&order_id);
        self.notify_trade(&app_id, "refund", &number, url, msg, at);
        self.plan_automatic_settlement(&order_id);
    }
}

/// What every refund needs, whoever starts it: a paid order, not too old, not refunded too often.
pub(super) fn may_refund(order: &Order, now: UnixMs) -> Checked<()> {
    if order.status != OrderStatus::Success {
        return Err(Denial::OrderNotRefundable.because(format!("order `{}` is not paid", order.order_id)));
    }
    if now.since(order.created_at) > REFUNDABLE_DAYS * DAY_MS {
        return Err(Denial::OrderNotRefundable.because("the order is older than one year"));
    }
    let most = if order.way == 2 { REFUNDS_MAX_ALIPAY } else { REFUNDS_MAX };
    if order.refunds >= most {
        return Err(Denial::OrderNotRefundable.because(format!("the order has had {most} refunds already")));
    }
    Ok(())
}

/// Reserves one item's part, in transit as far as it reaches there, else with the seller.
fn reserve(order: &mut Order, item_order_id: String, amount: Fen) -> RefundItem {
    let item = order.item(&item_order_id).expect("the item was found before");
    let transit = item.available().unwrap_or(Fen::ZERO).min(amount);
    let from_settled = amount.checked_sub(transit).expect("a part of the amount");
    for money in order.sums_mut(&item_order_id) {
        money.refunding_in_transit = add(money.refunding_in_transit, transit);
        money.refunding_settled = add(money.refunding_settled, from_settled);
    }
    RefundItem { item_order_id, amount, from_settled }
}

fn release(order: &mut Order, part: &RefundItem, done: bool) {
    let transit = part.amount.checked_sub(part.from_settled).expect("a part of the amount");
    let reserved = "it was reserved when the refund was accepted";
    for money in order.sums_mut(&part.item_order_id) {
        money.refunding_in_transit = money.refunding_in_transit.checked_sub(transit).expect(reserved);
        money.refunding_settled = money.refunding_settled.checked_sub(part.from_settled).expect(reserved);
        if done {
            money.refunded_in_transit = add(money.refunded_in_transit, transit);
            money.refunded_settled = add(money.refunded_settled, part.from_settled);
        }
    }
}
