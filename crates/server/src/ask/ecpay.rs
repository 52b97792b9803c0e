//! Calls and queries of guaranteed payment.

mod open;
mod query;
mod refund;
mod settle;

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, OperationKind, Target, What, Why};

use super::{Ask, outcome};

/// Sends the merchant's call about `target`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, target: &Target) -> Result<CallOutcome, String> {
    let Some(client) = client(ask).await else { return Ok(CallOutcome::NotSent) };
    match target {
        Target::Order => open::call(ask, client).await,
        Target::Operation(OperationKind::Refund, out_no) => refund::call(ask, client, out_no).await,
        Target::Operation(OperationKind::Settlement, out_no) => settle::call(ask, client, out_no).await,
        Target::Operation(OperationKind::Return, _) => {
            Err("this version does not take shares back".to_owned())
        }
        Target::Operation(OperationKind::Fulfilment, _) | Target::Audit(_) => {
            Err("guaranteed payment knows neither fulfilment nor consent".to_owned())
        }
    }
}

/// Asks the platform what it knows about `target`.
pub(super) async fn query(ask: &Ask, target: &Target) -> What {
    match client(ask).await {
        Some(client) => query::query(ask, client, target).await,
        None => What::NothingNew { target: target.clone(), why: Why::NotSent },
    }
}

async fn client(ask: &Ask) -> Option<&Client> {
    if ask.app.ecpay.is_none() {
        outcome::no_section(ask, "apps.ecpay").await;
    }
    ask.app.ecpay.as_ref()
}
