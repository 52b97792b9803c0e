//! `refund_create`: the merchant gives items or all of a payment back.

use douyin_pay_protocol::Fen;
use serde_json::{Value, json};

use super::call::Ask;
use super::denied::{Checked, Denial};
use super::fields::{Reader, kind};
use super::objects::{Order, RefundSource};
use super::refunds::{NewRefund, may_refund};
use crate::platform::{Platform, key};

/// One refund names fewer items than this.
const ITEMS_END: usize = 100;
/// Reasons per refund, and characters of each.
const REASONS_MAX: usize = 10;
const REASON_CHARACTERS_END: usize = 50;
/// Why money goes back: no longer wanted, service, quality, other.
const REASON_CODES: [i64; 4] = [101, 102, 103, 999];

impl Platform {
    pub(super) fn refund_create(&mut self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        let order_id = body.text("order_id", 64)?;
        let out_refund_no = body.text("out_refund_no", 64)?;
        let total = body.amount("refund_total_amount", false)?;
        let cp_extra = body.optional_text("cp_extra", 2_048)?.unwrap_or_default().to_owned();
        let entry_path = body.schema("order_entry_schema")?;
        let (reasons, notify_url) = (reasons(body)?, body.notify_url("notify_url")?);
        let all = body.flag("refund_all")?;
        let items = items(body)?;
        let diamonds = currency(body)?;

        if self.trade.refund_numbers.contains_key(&key(ask.app_id(), out_refund_no)) {
            let why = format!("`{out_refund_no}` was used before; query it, or take a new number");
            return Err(Denial::RefundNumberUsed.because(why));
        }
        let order = self.trade_order(ask, order_id)?;
        may_refund(order, ask.now)?;
        if order.diamonds != diamonds {
            return Err(
                body.wrong("currency", "must be DIAMOND for an order paid with diamonds, and only then")
            );
        }
        nothing_left(order)?;
        let items = if all { whole(body, order, total, items)? } else { single(body, order, total, items)? };
        let new = NewRefund {
            order_id: order_id.to_owned(),
            out_refund_no: out_refund_no.to_owned(),
            source: RefundSource::Developer,
            items,
            reasons,
            cp_extra,
            notify_url,
            entry_path,
            audit_needed: false,
        };
        let refund_id = self.open_trade_refund(ask.now, new);
        self.pay_out(&refund_id, ask.now);
        let deadline = self.trade.refunds.get(&refund_id).map(|refund| refund.deadline.get());
        Ok(json!({ "refund_id": refund_id, "refund_audit_deadline": deadline }))
    }
}

/// Everything is back already, or on its way.
fn nothing_left(order: &Order) -> Checked<()> {
    if order.refundable() != Some(Fen::ZERO) {
        return Ok(());
    }
    if order.money.refunded() == Some(order.paid()) {
        return Err(Denial::AlreadyRefunded.because("the whole order has been refunded"));
    }
    if order.items.len() == 1 {
        return Err(Denial::ItemNotRefundable.because("all of the item is being refunded"));
    }
    Err(Denial::NothingToRefund.because("nothing refundable is left; the rest is being refunded"))
}

/// `refund_all`: only when there has been no refund, and for exactly what was paid.
fn whole(
    body: &Reader<'_>,
    order: &Order,
    total: Fen,
    items: Option<Vec<(String, Fen)>>,
) -> Checked<Vec<(String, Fen)>> {
    if items.is_some() {
        return Err(body.wrong("item_order_detail", "must be absent when `refund_all` is true"));
    }
    if order.refundable() != Some(order.paid()) {
        return Err(body.wrong("refund_all", "is possible only while the order has had no refund"));
    }
    if total != order.paid() {
        let problem = format!("is {}, but {} were paid", total.get(), order.paid().get());
        return Err(body.wrong("refund_total_amount", problem));
    }
    let paid = order.items.iter().filter(|item| item.paid > Fen::ZERO);
    Ok(paid.map(|item| (item.item_order_id.clone(), item.paid)).collect())
}

/// Single items, each within its own limit.
fn single(
    body: &Reader<'_>,
    order: &Order,
    total: Fen,
    items: Option<Vec<(String, Fen)>>,
) -> Checked<Vec<(String, Fen)>> {
    let Some(asked) = items else {
        return Err(body.wrong("item_order_detail", "is missing; it is required unless `refund_all` is true"));
    };
    if Fen::sum(asked.iter().map(|(_, amount)| *amount)) != Some(total) {
        return Err(body.wrong("refund_total_amount", "is not the sum of `item_order_detail`"));
    }
    let mut items: Vec<(String, Fen)> = Vec::with_capacity(asked.len());
    for (id, amount) in asked {
        let Some(item) = order.item(&id) else {
            return Err(
                body.wrong("item_order_detail", format!("names `{id}`, which is no item of the order"))
            );
        };
        if items.iter().any(|(known, _)| *known == item.item_order_id) {
            return Err(body.wrong("item_order_detail", format!("names `{id}` twice")));
        }
        let left = item.refundable().unwrap_or(Fen::ZERO);
        if left == Fen::ZERO && item.paid > Fen::ZERO {
            return Err(
                Denial::ItemNotRefundable.because(format!("item `{id}` is refunded or being refunded"))
            );
        }
        if amount > left {
            let why = format!("item `{id}`: {} asked, {} left", amount.get(), left.get());
            return Err(Denial::MoreThanRefundable.because(why));
        }
        items.push((item.item_order_id.clone(), amount));
    }
    Ok(items)
}

fn items(body: &Reader<'_>) -> Checked<Option<Vec<(String, Fen)>>> {
    let Some(list) = body.objects("item_order_detail")? else { return Ok(None) };
    if list.len() >= ITEMS_END {
        return Err(
            Denial::TooManyItems.because(format!("{} items; fewer than {ITEMS_END} are allowed", list.len()))
        );
    }
    if list.is_empty() {
        return Ok(None);
    }
    let item = |item: &Reader<'_>| {
        Ok((item.text("item_order_id", 64)?.to_owned(), item.amount("refund_amount", false)?))
    };
    list.iter().map(item).collect::<Checked<_>>().map(Some)
}

fn reasons(body: &Reader<'_>) -> Checked<Vec<String>> {
    if let Some(strange) =
        body.array("refund_reason")?.and_then(|list| list.iter().find(|one| !one.is_object()))
    {
        let problem = format!("holds {}; each reason is an object of `code` and `text`", kind(strange));
        return Err(body.wrong("refund_reason", problem));
    }
    let list = body.objects("refund_reason")?.unwrap_or_default();
    if list.is_empty() || list.len() > REASONS_MAX {
        let problem = format!("has {} entries; 1 to {REASONS_MAX} are allowed", list.len());
        return Err(body.wrong("refund_reason", problem));
    }
    list.iter().map(reason).collect()
}

fn reason(reason: &Reader<'_>) -> Checked<String> {
    let code = reason.integer("code", false)?;
    if !REASON_CODES.contains(&code) {
        return Err(reason.wrong("code", format!("is {code}; use 101, 102, 103 or 999")));
    }
    // The text is free, so it may be empty; the member itself belongs to the object.
    if reason.get("text").is_none() {
        return Err(reason.wrong("text", "is missing; it is required and may be empty"));
    }
    let text = reason.optional_text("text", 1_024)?.unwrap_or_default();
    if text.chars().count() >= REASON_CHARACTERS_END {
        return Err(reason.wrong("text", format!("has {REASON_CHARACTERS_END} characters or more")));
    }
    Ok(text.to_owned())
}

fn currency(body: &Reader<'_>) -> Checked<bool> {
    match body.optional_text("currency", 16)? {
        None | Some("CNY") => Ok(false),
        Some("DIAMOND") => Ok(true),
        Some(other) => Err(body.wrong("currency", format!("is `{other}`; use CNY or DIAMOND"))),
    }
}
