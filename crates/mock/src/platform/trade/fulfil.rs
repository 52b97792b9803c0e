//! How far the delivery has come: pushed by the merchant, confirmed by the user.

use douyin_pay_protocol::UnixMs;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Ask;
use super::denied::{Checked, Denial, wrong};
use super::goods;
use super::objects::{Fulfilment, Order};
use crate::platform::Platform;
use crate::platform::objects::OrderStatus;

/// The user confirms in the platform's own dialog.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmAsk {
    #[serde(alias = "orderId")]
    order_id: String,
    /// All items when empty.
    #[serde(default, alias = "itemOrderIds")]
    item_order_ids: Vec<String>,
}

impl Platform {
    /// `fulfill_push_status`: forward only; the same state again succeeds.
    pub(super) fn fulfill_push_status(&mut self, ask: &Ask<'_>) -> Checked<Value> {
        let body = &ask.body;
        let order_id = body.text("order_id", 64)?;
        let to_status = body.text("to_status", 64)?;
        let Some(target) = target(to_status) else {
            let problem = format!("is `{to_status}`; use fulfilling or fulfill_done");
            return Err(body.wrong("to_status", problem));
        };
        let ids: Vec<String> = match body.array("item_order_id_list")? {
            Some(list) if !list.is_empty() => list
                .iter()
                .map(|id| id.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| body.wrong("item_order_id_list", "must hold texts"))?,
            _ => return Err(body.wrong("item_order_id_list", "is missing or empty; it is required")),
        };
        self.trade_order(ask, order_id)?;
        self.move_items(order_id, &ids, target, ask.now)?;
        Ok(Value::Null)
    }

    /// `tt.confirmFulfillment`: everything that was delivered is done.
    pub(crate) fn confirm_fulfillment(&mut self, now: UnixMs, ask: &ConfirmAsk) -> Checked<Value> {
        self.advance_to(now);
        let order = self.trade.orders.get(&ask.order_id);
        let order =
            order.ok_or_else(|| Denial::NoOrder.because(format!("there is no order `{}`", ask.order_id)))?;
        let all = || order.items.iter().map(|item| item.item_order_id.clone()).collect();
        let ids = if ask.item_order_ids.is_empty() { all() } else { ask.item_order_ids.clone() };
        self.move_items(&ask.order_id, &ids, Fulfilment::FulfillDone, now)?;
        Ok(json!({ "errNo": 0, "errMsg": "confirmFulfillment:ok" }))
    }

    fn move_items(&mut self, order_id: &str, ids: &[String], to: Fulfilment, now: UnixMs) -> Checked<()> {
        let order = self.trade.orders.get_mut(order_id).expect("the caller found the order");
        let places = movable(order, ids, to)?;
        for place in places {
            let item = &mut order.items[place];
            item.fulfilment = to;
            if to == Fulfilment::FulfillDone {
                item.done_at.get_or_insert(now);
            }
        }
        self.check_trade(order_id);
        self.plan_automatic_settlement(order_id);
        Ok(())
    }
}

/// The places of the items, when all of them may move to that state.
fn movable(order: &Order, ids: &[String], to: Fulfilment) -> Checked<Vec<usize>> {
    if order.status != OrderStatus::Success {
        return Err(wrong("order_id", "names an order that is not paid"));
    }
    if !goods::needs_fulfilment(order.product_type) {
        let why = format!("names an order of type {}, which needs no fulfilment sync", order.product_type);
        return Err(wrong("order_id", why));
    }
    let place = |id: &String| {
        let item = order.item(id).ok_or_else(|| {
            wrong("item_order_id_list", format!("names `{id}`, which is no item of the order"))
        })?;
        if item.fulfilment > to {
            return Err(wrong("to_status", format!("would move item `{id}` backwards")));
        }
        let at = order.items.iter().position(|known| known.item_order_id == item.item_order_id);
        Ok(at.expect("the item was just found"))
    };
    ids.iter().map(place).collect()
}

/// The spellings that were seen or are plausible, in any case (open question 6).
fn target(to_status: &str) -> Option<Fulfilment> {
    match to_status.to_ascii_lowercase().as_str() {
        "fulfilling" => Some(Fulfilment::Fulfilling),
        "fulfill_done" | "fulfilled" => Some(Fulfilment::FulfillDone),
        _ => None,
    }
}
