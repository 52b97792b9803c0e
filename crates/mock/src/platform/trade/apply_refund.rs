//! Refunds that the user or the customer service starts, and the merchant's answer.

use douyin_pay_protocol::{Fen, UnixMs};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::denied::{Checked, Denial, wrong};
use super::fields::Reader;
use super::goods::{self, Refundable};
use super::messages;
use super::objects::{AuditStatus, Order, RefundSource};
use super::refunds::{NewRefund, may_refund};
use super::{Timer, call::Ask};
use crate::platform::notices::Delivery;
use crate::platform::{OperationStatus, Platform, key, timers};

/// What the user asks for; `orderId` and `order_id` are both understood.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefundAsk {
    #[serde(alias = "orderId")]
    order_id: String,
    /// Some items; without them and without an amount, everything that is left.
    #[serde(default)]
    items: Vec<ItemAsk>,
    #[serde(default)]
    amount: Option<i64>,
    #[serde(default)]
    reason: String,
    /// 1 the user, 4 the customer service.
    #[serde(default = "user")]
    source: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemAsk {
    #[serde(alias = "itemOrderId")]
    item_order_id: String,
    /// Everything that is left of the item when absent.
    #[serde(default, alias = "refundAmount", alias = "refund_amount")]
    amount: Option<i64>,
}

fn user() -> i64 {
    1
}

impl Platform {
    /// Starts a refund if the goods' promises allow it; the merchant is asked next.
    pub(crate) fn apply_refund(&mut self, now: UnixMs, ask: &RefundAsk) -> Checked<Value> {
        self.advance_to(now);
        let source = match ask.source {
            1 => RefundSource::User,
            4 => RefundSource::CustomerService,
            other => {
                return Err(wrong("source", format!("is {other}; use 1 (user) or 4 (customer service)")));
            }
        };
        let order = self.trade.orders.get(&ask.order_id);
        let order =
            order.ok_or_else(|| Denial::NoOrder.because(format!("there is no order `{}`", ask.order_id)))?;
        may_refund(order, now)?;
        let items = chosen(order, ask)?;
        let audit_needed = promised(order, source, &items)?;
        let reason = if ask.reason.is_empty() { "不想要了" } else { &ask.reason };
        let new = NewRefund {
            order_id: ask.order_id.clone(),
            out_refund_no: String::new(),
            source,
            items,
            reasons: vec![reason.to_owned()],
            cp_extra: String::new(),
            notify_url: None,
            entry_path: String::new(),
            audit_needed,
        };
        let refund_id = self.open_trade_refund(now, new);
        let refund = self.trade.refunds.get(&refund_id).expect("the refund was just opened");
        let order = self.trade.orders.get(&ask.order_id).expect("a refund has its order");
        let msg = messages::pre_create_refund(order, refund);
        let (app_id, deadline) = (refund.app_id.clone(), refund.deadline);
        let answer = json!({
            "errNo": 0,
            "refundId": refund_id,
            "needRefundAudit": messages::need_audit(refund),
            "refundAuditDeadline": deadline.get(),
            "refundTotalAmount": refund.amount.get(),
        });
        self.set_timer(deadline, timers::Timer::Trade(Timer::AuditDeadline(refund_id.clone())));
        self.notify_trade(&app_id, "pre_create_refund", &refund_id, None, msg, now);
        Ok(answer)
    }

    /// Why an answer to `pre_create_refund` does not count; `None` when it does.
    pub(crate) fn why_no_refund_answer(&self, delivery: &Delivery, answer: &Value) -> Option<String> {
        let refund = self.trade.refunds.get(&delivery.number)?;
        let data = answer.get("data").and_then(Value::as_object);
        let empty = Map::new();
        let data = Reader::new(data.unwrap_or(&empty));
        let number = match data.text("out_refund_no", 64) {
            Ok(number) => number,
            Err(denied) => return Some(format!("`data`: {}", denied.why)),
        };
        if let Err(denied) = data.schema("order_entry_schema").and(data.notify_url("notify_url")) {
            return Some(format!("`data`: {}", denied.why));
        }
        if refund.audit != AuditStatus::Init && refund.out_refund_no != number {
            return Some(format!("the refund has number `{}` already", refund.out_refund_no));
        }
        let known = self.trade.refund_numbers.get(&key(&refund.app_id, number));
        known
            .is_some_and(|other| *other != refund.refund_id)
            .then(|| format!("`data.out_refund_no`: `{number}` belongs to another refund"))
    }

    /// The merchant has answered `pre_create_refund`: its numbers are taken, and the refund goes on.
    pub(crate) fn take_refund_answer(&mut self, refund_id: &str, answer: &Value, now: UnixMs) {
        let Some(refund) = self.trade.refunds.get_mut(refund_id) else { return };
        // A second answer, of a doubled delivery, changes nothing.
        if refund.audit != AuditStatus::Init || refund.status != OperationStatus::Processing {
            return;
        }
        let text = |name: &str| answer["data"].get(name).and_then(Value::as_str).map(str::to_owned);
        refund.out_refund_no = text("out_refund_no").unwrap_or_default();
        refund.notify_url = text("notify_url").filter(|url| !url.is_empty());
        let path = answer["data"]["order_entry_schema"].get("path").and_then(Value::as_str);
        refund.entry_path = path.unwrap_or_default().to_owned();
        let number = key(&refund.app_id, &refund.out_refund_no);
        refund.audit = if refund.audit_needed { AuditStatus::ToAudit } else { AuditStatus::Agree };
        let free = !refund.audit_needed;
        self.trade.refund_numbers.insert(number, refund_id.to_owned());
        self.changes += 1;
        if free {
            self.pay_out(refund_id, now);
        }
    }

    /// Nobody answered or decided in time: the platform passes the refund.
    pub(super) fn audit_deadline(&mut self, refund_id: &str, at: UnixMs) {
        let refund = self.trade.refunds.get_mut(refund_id).expect("refunds are never deleted");
        if refund.paying_out || refund.status != OperationStatus::Processing {
            return;
        }
        refund.audit = if refund.audit_needed { AuditStatus::Overtime } else { AuditStatus::Agree };
        if refund.out_refund_no.is_empty() {
            refund.out_refund_no = format!("auto{}", refund_id.trim_start_matches(char::is_alphabetic));
            refund.entry_path = "platform/refund/detail".to_owned();
            let number = key(&refund.app_id, &refund.out_refund_no);
            self.trade.refund_numbers.insert(number, refund_id.to_owned());
        }
        self.notices.give_up("pre_create_refund", refund_id);
        self.changes += 1;
        self.pay_out(refund_id, at);
    }

    /// `refund_audit_callback`: the merchant agrees or refuses.
    pub(super) fn refund_audit_callback(&mut self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        let refund_id = body.text("refund_id", 64)?;
        let agree = match body.integer("refund_audit_status", false)? {
            1 => true,
            2 => false,
            other => {
                return Err(body.wrong("refund_audit_status", format!("is {other}; use 1 agree, 2 refuse")));
            }
        };
        let deny_message = body.optional_text("deny_message", 512)?;
        if !agree && deny_message.is_none() {
            return Err(body.wrong("deny_message", "is required when the refund is refused"));
        }
        let refund = self.trade.refunds.get_mut(refund_id).filter(|refund| refund.app_id == ask.app_id());
        let refund =
            refund.ok_or_else(|| body.wrong("refund_id", format!("`{refund_id}` does not exist")))?;
        let too = |why: &str| Err(Denial::AuditNotPossible.because(why));
        match (refund.audit, agree) {
            (AuditStatus::Agree, true) | (AuditStatus::Deny, false) if refund.audit_needed => Ok(Value::Null),
            (AuditStatus::ToAudit, true) => {
                refund.audit = AuditStatus::Agree;
                self.changes += 1;
                self.pay_out(refund_id, ask.now);
                Ok(Value::Null)
            }
            (AuditStatus::ToAudit, false) => {
                refund.audit = AuditStatus::Deny;
                refund.deny_message = deny_message.unwrap_or_default().to_owned();
                let message = refund.deny_message.clone();
                self.end_trade_refund(refund_id, Err(&message), ask.now);
                Ok(Value::Null)
            }
            (AuditStatus::Init, _) => too("`pre_create_refund` of this refund has not been answered yet"),
            (AuditStatus::Overtime, _) => too("the deadline has passed; the platform agreed"),
            _ if !refund.audit_needed => too("this refund needs no audit"),
            _ => too("the refund has been decided the other way"),
        }
    }
}

/// The items and amounts asked for; an amount alone is taken from the items in their order.
fn chosen(order: &Order, ask: &RefundAsk) -> Checked<Vec<(String, Fen)>> {
    let mut items = Vec::new();
    if ask.items.is_empty() {
        let all = order.refundable().unwrap_or(Fen::ZERO);
        let mut wanted = ask.amount.map_or(Ok(all), amount)?;
        for item in &order.items {
            let part = item.refundable().unwrap_or(Fen::ZERO).min(wanted);
            if part > Fen::ZERO {
                wanted = wanted.checked_sub(part).expect("a part of it");
                items.push((item.item_order_id.clone(), part));
            }
        }
        if wanted > Fen::ZERO {
            return Err(Denial::MoreThanRefundable.because(format!("{} fen are left", all.get())));
        }
    }
    for one in &ask.items {
        let id = &one.item_order_id;
        let item = order
            .item(id)
            .ok_or_else(|| wrong("items", format!("names `{id}`, which is no item of the order")))?;
        if items.iter().any(|(known, _)| *known == item.item_order_id) {
            return Err(wrong("items", format!("names `{id}` twice")));
        }
        let left = item.refundable().unwrap_or(Fen::ZERO);
        let part = one.amount.map_or(Ok(left), amount)?;
        if part > left {
            return Err(
                Denial::MoreThanRefundable.because(format!("item `{id}` has {} fen left", left.get()))
            );
        }
        items.push((item.item_order_id.clone(), part));
    }
    items.retain(|(_, amount)| *amount > Fen::ZERO);
    if items.is_empty() {
        return Err(Denial::NothingToRefund.because("nothing refundable is left"));
    }
    Ok(items)
}

fn amount(fen: i64) -> Checked<Fen> {
    Fen::new(fen)
        .ok()
        .filter(|fen| *fen > Fen::ZERO)
        .ok_or_else(|| wrong("amount", format!("is {fen}; the least is 1")))
}

/// Whether the merchant must agree. Goods that cannot be returned bind the user, not the customer service.
fn promised(order: &Order, source: RefundSource, items: &[(String, Fen)]) -> Checked<bool> {
    let mut audit = false;
    for (id, _) in items {
        let state = order.item(id).expect("the items were chosen from the order").fulfilment;
        match goods::refundable(&order.tag_group_id, state) {
            Refundable::AtWill => {}
            Refundable::ByAgreement => audit = true,
            Refundable::No if source == RefundSource::CustomerService => {}
            Refundable::No => {
                let why = format!("item `{id}` cannot be returned in its state: its tag group says so");
                return Err(Denial::ItemNotRefundable.because(why));
            }
        }
    }
    Ok(audit)
}
