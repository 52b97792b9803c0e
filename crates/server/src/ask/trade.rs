//! Calls and queries of the general trade system.
//!
//! The platform knows orders by its own number: what needs that asks for it first. Whatever writes is asked about before
//! it is repeated, because the platform takes a number once.

mod audit;
mod fulfilment;
mod lists;
mod order;
mod query;
mod refund;
mod settle;

use std::sync::Arc;

use douyin_pay::{Error, TradeClient};
use douyin_pay_ledger::{CallOutcome, OperationKind, Order, Target, What, Why};
use douyin_pay_protocol::PlatformNo;

pub(crate) use order::Found;

use super::{Ask, outcome};
use crate::config::TradeConfig;

/// Sends the merchant's call about `target`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, target: &Target) -> Result<CallOutcome, String> {
    let Some(side) = Side::of(ask).await else { return Ok(CallOutcome::NotSent) };
    match target {
        Target::Order => {
            Err("an order of the general trade system is placed by the payer, not by a call".to_owned())
        }
        Target::Operation(OperationKind::Refund, out_no) => refund::call(&side, out_no).await,
        Target::Operation(OperationKind::Settlement, out_no) => settle::call(&side, out_no).await,
        Target::Operation(OperationKind::Fulfilment, out_no) => fulfilment::call(&side, out_no).await,
        Target::Operation(OperationKind::Return, _) => {
            Err("the general trade system takes no shares back".to_owned())
        }
        Target::Audit(out_no) => audit::call(&side, out_no).await,
    }
}

/// Asks the platform what it knows about `target`.
pub(super) async fn query(ask: &Ask, target: &Target) -> What {
    match Side::of(ask).await {
        Some(side) => query::query(&side, target).await,
        None => What::NothingNew { target: target.clone(), why: Why::NotSent },
    }
}

/// Takes over what the platform has about a paid order and nobody here asked for; whether there was anything.
pub(super) async fn adopt(ask: &Ask) -> bool {
    match Side::of(ask).await {
        Some(side) => lists::adopt(&side).await,
        None => false,
    }
}

/// Asks whether the platform's order of this number is ours.
pub(super) async fn check_platform_order(ask: &Ask, number: &PlatformNo) -> Found {
    match Side::of(ask).await {
        Some(side) => order::check(&side, number).await,
        None => Found::Nothing,
    }
}

/// An order in the general trade system, and what its app needs there.
struct Side<'a> {
    ask: &'a Ask,
    client: &'a TradeClient,
    config: &'a TradeConfig,
}

impl<'a> Side<'a> {
    async fn of(ask: &'a Ask) -> Option<Self> {
        match (&ask.app.trade, &ask.app.config.trade) {
            (Some(trade), Some(config)) => Some(Self { ask, client: &trade.client, config }),
            _ => {
                outcome::no_section(ask, "apps.trade").await;
                None
            }
        }
    }

    /// The order with the platform's number, which is asked for if nobody has told it yet.
    async fn placed(&self) -> Option<(Arc<Order>, PlatformNo)> {
        let known = |order: Arc<Order>| {
            let number = order.platform_order_id.clone()?;
            Some((order, number))
        };
        match known(Arc::clone(&self.ask.order)) {
            Some(placed) => Some(placed),
            None => known(order::learn(self).await?),
        }
    }
}

/// Why a question brought nothing. Only "not found" says something about the object.
fn why(error: &Error) -> Why {
    use douyin_pay::Outcome;
    match error.outcome() {
        _ if error.paced().is_some() => Why::Paced,
        _ if error.is_not_found() => Why::NotFound,
        // The question is right in itself and will be answered after the mend.
        _ if error.is_config() => Why::NotSent,
        Outcome::NotSent => Why::NotSent,
        Outcome::Unknown | Outcome::Refused => Why::Unknown,
    }
}
