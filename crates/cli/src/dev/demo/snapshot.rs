//! Everything the page shows of an order.

use serde::Serialize;
use serde_json::Value;

use super::Demo;
use super::act::order_number;
use super::menu::Item;
use super::problem::Problem;
use super::steps::{Steps, steps};
use super::words::{self, Words};
use crate::dev::wire::{Exchange, Kind};

/// An order with what happened to it, oldest first.
#[derive(Serialize)]
pub(super) struct Snapshot {
    /// As the service shows it to merchants.
    view: Value,
    /// Where it can be paid, while it can.
    cashier: Option<String>,
    /// How far the service is, as the platform was told: `fulfilling`, `fulfill_done`.
    fulfilment: Option<String>,
    timeline: Vec<Entry>,
    steps: Steps,
}

/// One line of the timeline.
#[derive(Serialize)]
struct Entry {
    kind: &'static str,
    /// As the service writes times, with milliseconds.
    at: String,
    words: Words,
    /// What went over the wire, if this is about that.
    exchange: Option<Exchange>,
    #[serde(skip)]
    order: (i64, u8),
}

pub(super) async fn snapshot(demo: &Demo, number: &str) -> Result<Snapshot, Problem> {
    let number = order_number(number)?;
    let item = Item::of_number(&number);
    let view = demo.look(item, &format!("orders/{number}")).await?;
    let told = demo.look(item, &format!("orders/{number}/timeline")).await?;
    let exchanges = demo.wire.about(&numbers(number.as_str(), &view));
    let steps = steps(demo, &number, &exchanges);
    let fulfilment = fulfilment(&exchanges);
    let facts = told["entries"].as_array().into_iter().flatten().filter(|entry| entry["entry"] == "fact");
    let mut timeline: Vec<Entry> = facts.map(of_fact).chain(exchanges.into_iter().map(of_exchange)).collect();
    timeline.extend(of_payment(&view));
    timeline.sort_by_key(|entry| entry.order);
    Ok(Snapshot { cashier: cashier(demo, &view), view, fulfilment, timeline, steps })
}

/// Everything it is called: the platform speaks of its own numbers only.
fn numbers<'a>(number: &'a str, view: &'a Value) -> Vec<&'a str> {
    let refunds = view["refunds"].as_array().into_iter().flatten();
    let theirs = refunds.filter_map(|refund| refund["refund_no"].as_str());
    [Some(number), view["platform_order_id"].as_str()].into_iter().flatten().chain(theirs).collect()
}

/// The last thing the platform took about it, from the merchant or from the customer.
fn fulfilment(exchanges: &[Exchange]) -> Option<String> {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    exchanges.iter().rev().find_map(|exchange| {
        let answer = json(&exchange.answer);
        match (exchange.kind, exchange.name.as_str()) {
            (Kind::Call, "fulfill_push_status") if answer["err_no"] == 0 => {
                Some(json(&exchange.body)["to_status"].as_str()?.to_owned())
            }
            (Kind::Client, "confirm_fulfillment") if answer["errNo"] == 0 => Some("fulfill_done".to_owned()),
            _ => None,
        }
    })
}

/// The cashier that `tt.pay` would open with these arguments.
fn cashier(demo: &Demo, view: &Value) -> Option<String> {
    let (id, token) = (view["pay"]["order_id"].as_str()?, view["pay"]["order_token"].as_str()?);
    let harmless =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    let escape = |text: &str| match harmless(text) {
        true => text.to_owned(),
        false => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
    };
    Some(format!("{}/mock/cashier?order_id={}&order_token={}", demo.platform, escape(id), escape(token)))
}

/// What the customer did, as far as the service has heard of it.
fn of_payment(view: &Value) -> Option<Entry> {
    let at = view["paid_at"].as_str()?.to_owned();
    let millis = words::millis_of(&at);
    Some(Entry { kind: "cashier", words: words::of_payment(view), at, exchange: None, order: (millis, 0) })
}

fn of_fact(fact: &Value) -> Entry {
    let at = fact["at"].as_str().unwrap_or_default().to_owned();
    let millis = words::millis_of(&at);
    Entry { kind: "fact", words: words::of_fact(fact), at, exchange: None, order: (millis, 1) }
}

fn of_exchange(exchange: Exchange) -> Entry {
    let kind = match exchange.kind {
        Kind::Rest => "rest",
        Kind::Client => "client",
        Kind::Call => "call",
        Kind::Callback => "callback",
        Kind::Event => "event",
    };
    // Within one millisecond causes come before what they cause.
    let rank = if matches!(exchange.kind, Kind::Event) { 2 } else { 0 };
    Entry {
        kind,
        at: exchange.at.rfc3339(),
        words: words::of_exchange(&exchange),
        order: (exchange.at.get(), rank),
        exchange: Some(exchange),
    }
}
