//! Everything the page shows of an order.

use serde::Serialize;
use serde_json::Value;

use super::Demo;
use super::act::order_number;
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
    let view = demo.look(&format!("orders/{number}")).await?;
    let told = demo.look(&format!("orders/{number}/timeline")).await?;
    let exchanges = demo.wire.about(number.as_str());
    let steps = steps(demo, number.as_str(), &exchanges);
    let facts = told["entries"].as_array().into_iter().flatten().filter(|entry| entry["entry"] == "fact");
    let mut timeline: Vec<Entry> = facts.map(of_fact).chain(exchanges.into_iter().map(of_exchange)).collect();
    timeline.extend(of_payment(&view));
    timeline.sort_by_key(|entry| entry.order);
    Ok(Snapshot { cashier: cashier(demo, &view), view, timeline, steps })
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
