//! `create_refund`: gives a part or all of a payment back, and how that ends.

use douyin_pay_protocol::{Fen, UnixMs};

use super::accounts::{Place, holder};
use super::answers::{ACCEPTED, Denial, RefundAccepted, to_json};
use super::call::{Ask, Reply};
use super::create_order::{no_callback_url, repeated};
use super::fields::Checked;
use super::objects::{OperationStatus, Order, OrderStatus, Refund};
use super::timers::{DAY_MS, REFUND_MS, Timer, add};
use super::{Platform, key, messages};
use crate::faults::OperationFault;

/// The largest refund the field can hold, in fen.
const AMOUNT_MAX: i64 = 99_999_999_999;
/// Orders older than this are not refunded.
const REFUNDABLE_DAYS: i64 = 365;
/// Refunds per order paid through WeChat.
const REFUNDS_MAX_WECHAT: u32 = 50;
/// Refunds per order paid otherwise.
const REFUNDS_MAX: u32 = 300;

impl Platform {
    pub(super) fn create_refund(&mut self, ask: &Ask<'_>) -> Checked<Reply> {
        let fields = ask.fields;
        let out_order_no = fields.merchant_number("out_order_no")?;
        let out_refund_no = fields.merchant_number("out_refund_no")?;
        let amount = fields.amount("refund_amount", AMOUNT_MAX)?;
        fields.characters("reason", 100)?;
        let (cp_extra, notify_url) = (fields.cp_extra()?, ask.notify_url()?);
        let all_settle = fields.flag("all_settle")?;
        fields.flag("disable_msg")?;
        fields.optional_text("msg_page", 1_024)?;

        let refund_key = key(ask.app_id(), out_refund_no);
        if let Some(refund) = self.refunds.get(&refund_key) {
            if refund.status == OperationStatus::Fail {
                let why =
                    format!("refund `{out_refund_no}` has failed; its number is used up, take a new one");
                return Err(Denial::NumberFailed.because(why));
            }
            let warning = repeated(ask, out_refund_no, &refund.first_request);
            return Ok(Reply { body: accepted(refund), warning });
        }

        let order_key = key(ask.app_id(), out_order_no);
        let order = self.orders.get(&order_key);
        let order =
            order.ok_or_else(|| Denial::NoPayment.because(format!("there is no order `{out_order_no}`")))?;
        may_refund(order, amount, ask)?;
        if notify_url.is_none() && ask.app.notify_url.is_none() {
            return Err(no_callback_url());
        }
        let from_settled = order.available().is_none_or(|available| available < amount);
        if from_settled && self.switches.strict_2021 && !all_settle {
            return Err(
                Denial::NotRefundable.because("the money is settled; say `all_settle` = 1 to refund it")
            );
        }

        let refund = Refund {
            app_id: ask.app_id().to_owned(),
            out_order_no: out_order_no.to_owned(),
            out_refund_no: out_refund_no.to_owned(),
            refund_no: self.platform_number(),
            amount,
            cp_extra,
            notify_url,
            status: OperationStatus::Processing,
            from_settled,
            doomed: self.faults.draw_operation(OperationFault::RefundFails, &mut self.fault_dice),
            message: String::new(),
            requested_at: ask.now,
            finished_at: None,
            first_request: fields.canonical(),
        };
        let body = accepted(&refund);
        let order = self.orders.get_mut(&order_key).expect("the order was found above");
        order.refunds += 1;
        let reserved = if from_settled {
            &mut order.money.refunding_settled
        } else {
            &mut order.money.refunding_in_transit
        };
        *reserved = add(*reserved, amount);
        self.refunds.insert(refund_key.clone(), refund);
        let takes = self.dice.millis(REFUND_MS.0, REFUND_MS.1);
        self.set_timer(ask.now.plus_ms(takes), Timer::FinishRefund(refund_key));
        self.check_order(&order_key);
        Ok(body.into())
    }

    /// The payout succeeds or fails.
    pub(super) fn finish_refund(&mut self, refund_key: &str, at: UnixMs) {
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
}

fn may_refund(order: &Order, amount: Fen, ask: &Ask<'_>) -> Checked<()> {
    let paid_at = order.paid_at.filter(|_| order.status == OrderStatus::Success);
    let Some(paid_at) = paid_at else {
        return Err(Denial::OrderUnpaid.because(format!("order `{}` is not paid", order.out_order_no)));
    };
    if ask.now.since(paid_at) > REFUNDABLE_DAYS * DAY_MS {
        return Err(Denial::NotRefundable.because("the order is older than a year"));
    }
    let most = if order.way == 1 { REFUNDS_MAX_WECHAT } else { REFUNDS_MAX };
    if order.refunds >= most {
        return Err(
            Denial::NotRefundable.because(format!("the order has {most} refunds already, which is the most"))
        );
    }
    let left = order.refundable().unwrap_or(Fen::ZERO);
    if amount > left {
        let why = format!("{} fen asked, {} fen can still be refunded", amount.get(), left.get());
        return Err(Denial::RefundTooMuch.because(why));
    }
    Ok(())
}

fn accepted(refund: &Refund) -> Vec<u8> {
    to_json(&RefundAccepted { err_no: ACCEPTED, err_tips: "受理成功", refund_no: &refund.refund_no })
}
