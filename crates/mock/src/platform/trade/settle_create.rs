//! `settle_create`: settles a whole order or one item, with shares for others.

use douyin_pay_protocol::Fen;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Ask;
use super::denied::{Checked, Denial, wrong};
use super::goods;
use super::objects::{Item, Order};
use super::settlements::{NewSettlement, commission, rake, settleable_from};
use crate::config::MockTrade;
use crate::platform::objects::{OrderStatus, Share};
use crate::platform::{Platform, key};

impl Platform {
    pub(super) fn settle_create(&mut self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        ask.check_optional_app_id()?;
        let out_order_no = body.text("out_order_no", 64)?;
        let out_settle_no = body.text("out_settle_no", 64)?;
        body.text("settle_desc", 512)?;
        let item_order_id = body.optional_text("item_order_id", 64)?;
        let shares = shares(body.optional_text("settle_params", 512)?.unwrap_or_default())?;
        let ext = body.optional_text("ext", 2_048)?.unwrap_or_default().to_owned();
        let notify_url = body.notify_url("notify_url")?;

        if self.trade.settle_numbers.contains_key(&key(ask.app_id(), out_settle_no)) {
            let why = format!("`{out_settle_no}` was used before; query it");
            return Err(Denial::SettleNumberUsed.because(why));
        }
        let number = key(ask.app_id(), out_order_no);
        let order = self.trade.numbers.get(&number).and_then(|order_id| self.trade.orders.get(order_id));
        let order = order
            .ok_or_else(|| Denial::SettleNoOrder.because(format!("there is no order `{out_order_no}`")))?;
        let parts = may_settle(order, ask, item_order_id, |id| self.belongs_to_another(ask.app_id(), id))?;
        let base = Fen::sum(parts.iter().map(|(_, part)| *part)).expect("within the order's total");
        self.check_shares(order, ask.terms(), &shares, base)?;
        let item_order_id = item_order_id.map(|_| parts[0].0.clone()).unwrap_or_default();
        let new = NewSettlement {
            order_id: order.order_id.clone(),
            out_settle_no: Some(out_settle_no.to_owned()),
            item_order_id,
            parts,
            shares,
            ext,
            notify_url,
        };
        let settle_id = self.open_trade_settlement(ask.now, new);
        let settlement = self.trade.settlements.get(&settle_id).expect("it was just opened");
        Ok(json!({ "settle_id": settle_id, "wallet_settle_id": settlement.wallet_settle_id }))
    }

    /// Whether an item of that number exists in another order of the app.
    fn belongs_to_another(&self, app_id: &str, item_order_id: &str) -> bool {
        let mut orders = self.trade.orders.values().filter(|order| order.app_id == app_id);
        orders.any(|order| order.item(item_order_id).is_some())
    }

    fn check_shares(&self, order: &Order, terms: &MockTrade, shares: &[Share], base: Fen) -> Checked<()> {
        for Share { merchant_uid, .. } in shares {
            if *merchant_uid == order.merchant_uid {
                return Err(wrong("settle_params", "names the seller, who gets the rest anyway"));
            }
            if self.receivers.as_ref().is_some_and(|known| !known.contains(merchant_uid)) {
                return Err(wrong(
                    "settle_params",
                    format!("names `{merchant_uid}`, who has not been onboarded"),
                ));
            }
        }
        let fees = Fen::sum([rake(base, terms), commission(base, terms)]);
        let room = fees.and_then(|fees| base.checked_sub(fees)).unwrap_or(Fen::ZERO);
        let shared = Fen::sum(shares.iter().map(|share| share.amount));
        if shared.is_none_or(|shared| shared > room) {
            return Err(wrong(
                "settle_params",
                format!("shares more than the {} fen left after the fees", room.get()),
            ));
        }
        Ok(())
    }
}

/// The rules in the order in which they are asked, and what would leave transit.
fn may_settle(
    order: &Order,
    ask: &Ask<'_>,
    item_order_id: Option<&str>,
    elsewhere: impl Fn(&str) -> bool,
) -> Checked<Vec<(String, Fen)>> {
    if order.status != OrderStatus::Success {
        return Err(Denial::SettleUnpaid.because(format!("order `{}` is not paid", order.out_order_no)));
    }
    if ask.terms().auto_settle {
        return Err(Denial::AutomaticSettlement.because("this app is settled by the platform itself"));
    }
    if order.diamonds {
        return Err(Denial::NotSettleable.because("diamonds are not settled here"));
    }
    let items: Vec<&Item> = match item_order_id {
        None => order.items.iter().collect(),
        Some(id) => match order.item(id) {
            Some(item) => vec![item],
            None if elsewhere(id) => {
                return Err(Denial::ItemOfAnother.because(format!("item `{id}` belongs to another order")));
            }
            None => return Err(Denial::ItemUnknown.because(format!("there is no item `{id}`"))),
        },
    };
    if goods::needs_fulfilment(order.product_type)
        && let Some(open) = items.iter().find(|item| !item.is_done())
    {
        let why = format!("item `{}` is neither delivered nor refunded", open.item_order_id);
        return Err(Denial::NotFulfilled.because(why));
    }
    if let Some(from) = settleable_from(order, ask.terms(), &items).filter(|from| ask.now < *from) {
        let why = format!("the settlement period ends at {} (Beijing time)", from.beijing_text());
        return Err(Denial::NotSettleable.because(why));
    }
    match item_order_id {
        None if !order.settled_whole && has_settled_items(order) => {
            return Err(Denial::NotWhole.because("an item was settled separately; settle the others so, too"));
        }
        Some(_) if order.settled_whole => {
            return Err(Denial::NotSettleable.because("the order is settled as a whole"));
        }
        _ => {}
    }
    let part = |item: &&Item| (item.item_order_id.clone(), item.available().unwrap_or(Fen::ZERO));
    let mut parts: Vec<(String, Fen)> = items.iter().map(part).collect();
    parts.retain(|(_, part)| *part > Fen::ZERO);
    if parts.is_empty() {
        return Err(Denial::NothingToSettle.because("nothing is left in transit"));
    }
    Ok(parts)
}

fn has_settled_items(order: &Order) -> bool {
    order.money.settled > Fen::ZERO || order.money.settling > Fen::ZERO
}

#[derive(Deserialize)]
struct WireShare {
    merchant_uid: String,
    amount: i64,
}

fn shares(text: &str) -> Checked<Vec<Share>> {
    if text.is_empty() || text == "null" {
        return Ok(Vec::new());
    }
    let wire: Vec<WireShare> = serde_json::from_str(text).map_err(|cause| {
        let shape = "is not the JSON text of [{\"merchant_uid\": text, \"amount\": fen}]";
        wrong("settle_params", format!("{shape}: {cause}"))
    })?;
    let share = |share: WireShare| {
        let amount = Fen::new(share.amount).ok().filter(|amount| *amount > Fen::ZERO);
        let amount = amount.ok_or_else(|| wrong("settle_params", "has an amount below 1"))?;
        if share.merchant_uid.is_empty() {
            return Err(wrong("settle_params", "has an empty `merchant_uid`"));
        }
        Ok(Share { merchant_uid: share.merchant_uid, amount })
    };
    wire.into_iter().map(share).collect()
}
