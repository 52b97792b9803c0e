//! `tt.getOrderPayment`: the user pays, cancels, or lets the time run out.

use douyin_pay_protocol::{Fen, UnixMs};

use super::goods;
use super::messages;
use super::objects::{Fulfilment, Item, Order};
use crate::platform::accounts::{Place, holder};
use crate::platform::objects::OrderStatus;
use crate::platform::timers::PAYMENT_CALLBACK_MS;
use crate::platform::{Bill, Paid, PayAsk, PayError, PayOutcome, Platform};

/// The number of the channel that diamonds come through.
pub(super) const DIAMONDS: i64 = 20;

impl Platform {
    pub(crate) fn pay_trade(&mut self, now: UnixMs, ask: &PayAsk) -> Result<Paid, PayError> {
        let order = self.trade.orders.get_mut(&ask.order_id).expect("the caller found the order");
        if order.status != OrderStatus::Processing {
            return Err(PayError::Over(order.status));
        }
        let way = match i64::from(ask.way) {
            _ if order.diamonds => DIAMONDS,
            DIAMONDS => return Err(PayError::WrongChannel),
            way => way,
        };
        match ask.outcome {
            PayOutcome::Success if order.hidden_ways.contains(&way) => return Err(PayError::Hidden),
            PayOutcome::Success => self.receive_trade(now, ask, way),
            PayOutcome::Cancel => self.close_trade(&ask.order_id, "USER_CANCEL", now),
            PayOutcome::Timeout => self.close_trade(&ask.order_id, "TIME_OUT", now),
            // A failed attempt leaves the order open: the platform documents that FAIL does not occur.
            PayOutcome::Fail | PayOutcome::Ignore => {}
        }
        let order = self.trade.orders.get(&ask.order_id).expect("orders are never deleted");
        Ok(Paid::of(ask.outcome, &order.out_order_no, order.status))
    }

    /// What an order that is over would have answered, if it came to its end in the way now asked for.
    pub(crate) fn paid_trade_before(&self, ask: &PayAsk) -> Option<Paid> {
        let order = self.trade.orders.get(&ask.order_id)?;
        let same = match ask.outcome {
            PayOutcome::Success => {
                order.status == OrderStatus::Success && (order.diamonds || order.way == i64::from(ask.way))
            }
            PayOutcome::Cancel | PayOutcome::Timeout => order.status == OrderStatus::Timeout,
            PayOutcome::Fail | PayOutcome::Ignore => false,
        };
        same.then(|| Paid::of(ask.outcome, &order.out_order_no, order.status))
    }

    fn receive_trade(&mut self, now: UnixMs, ask: &PayAsk, way: i64) {
        let (channel_pay_id, user_bill_pay_id) = self.channel_numbers(way, now);
        let order = self.trade.orders.get(&ask.order_id).expect("the caller found the order");
        let terms = self.apps.get(&order.app_id).and_then(|app| app.trade.as_ref());
        let usual = terms.map_or(0, |terms| i64::from(terms.discount_fen));
        let discount = ask.discount_fen.unwrap_or(usual);
        let order = self.trade.orders.get_mut(&ask.order_id).expect("the caller found the order");
        order.status = OrderStatus::Success;
        order.paid_at = Some(now);
        order.way = way;
        order.channel_pay_id = channel_pay_id;
        order.user_bill_pay_id = user_bill_pay_id;
        take_off(order, discount);
        if !goods::needs_fulfilment(order.product_type) {
            for item in &mut order.items {
                (item.fulfilment, item.done_at) = (Fulfilment::FulfillDone, Some(now));
            }
        }
        if !order.diamonds {
            let seller = holder(&order.merchant_uid, way);
            self.accounts.transfer(Place::Users, Place::InTransit(&seller), order.paid());
        }
        self.check_trade(&ask.order_id);
        self.tell_payment(&ask.order_id, "", now);
        self.plan_automatic_settlement(&ask.order_id);
    }

    /// The order can no longer be paid, and the merchant is told why.
    fn close_trade(&mut self, order_id: &str, message: &str, now: UnixMs) {
        let order = self.trade.orders.get_mut(order_id).expect("the caller found the order");
        order.status = OrderStatus::Timeout;
        self.check_trade(order_id);
        self.tell_payment(order_id, message, now);
    }

    pub(super) fn expire_trade(&mut self, order_id: &str, at: UnixMs) {
        let order = self.trade.orders.get(order_id).expect("orders are never deleted");
        if order.status == OrderStatus::Processing {
            self.close_trade(order_id, "TIME_OUT", at);
        }
    }

    /// What the cashier page shows of an order of this system.
    pub(crate) fn trade_bill(&self, order_id: &str) -> Option<Bill> {
        let order = self.trade.orders.get(order_id)?;
        Some(Bill {
            out_order_no: order.out_order_no.clone(),
            subject: order.title.clone(),
            total: order.total,
            status: order.status,
            expires_at: order.expires_at,
            hidden_ways: order.hidden_ways.clone(),
            diamonds: order.diamonds,
        })
    }

    fn tell_payment(&mut self, order_id: &str, message: &str, now: UnixMs) {
        let order = self.trade.orders.get(order_id).expect("orders are never deleted");
        let msg = messages::payment(order, message, now);
        let (app_id, number, url) =
            (order.app_id.clone(), order.out_order_no.clone(), order.notify_url.clone());
        let wait = self.dice.millis(PAYMENT_CALLBACK_MS.0, PAYMENT_CALLBACK_MS.1);
        self.notify_trade(&app_id, "payment", &number, url, msg, now.plus_ms(wait));
    }
}

/// The platform's discount, spread over the items; something always remains to be paid.
fn take_off(order: &mut Order, wanted_fen: i64) {
    let most = if order.diamonds { 0 } else { order.total.get() - 1 };
    let discount = wanted_fen.clamp(0, most);
    order.discount = fen(discount);
    let count = i64::try_from(order.items.len()).expect("at most 100 items");
    let each = discount / count;
    let mut rest = discount - each * count;
    for item in &mut order.items {
        let extra = rest.min(item.amount.get() - each);
        rest -= extra;
        item.paid = fen(item.amount.get() - each - extra);
    }
    debug_assert_eq!(Fen::sum(order.items.iter().map(|item: &Item| item.paid)), Some(order.paid()));
}

fn fen(amount: i64) -> Fen {
    Fen::new(amount).expect("parts of an order are amounts")
}
