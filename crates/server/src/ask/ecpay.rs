//! Calls and queries of guaranteed payment.

mod open;
mod push;
mod query;
mod refund;
mod returned;
mod settle;
mod whole;

use douyin_pay::Client;
use douyin_pay_ledger::{CallOutcome, OperationKind, Target, What, Why};

pub(crate) use push::{detail as push_detail, item as push_item};
pub(super) use whole::{adopt, settleable};

use super::{Ask, Called, outcome};

/// Sends the merchant's call about `target`. Fails when what is stored cannot be sent.
pub(super) async fn call(ask: &Ask, target: &Target) -> Result<Called, String> {
    let Some(client) = client(ask).await else { return Ok(CallOutcome::NotSent.into()) };
    let outcome = match target {
        Target::Order => open::call(ask, client).await,
        Target::Operation(OperationKind::Refund, out_no) => refund::call(ask, client, out_no).await,
        Target::Operation(OperationKind::Settlement, out_no) => settle::call(ask, client, out_no).await,
        Target::Operation(OperationKind::Fulfilment, out_no) => push::call(ask, client, out_no).await,
        Target::Operation(OperationKind::Return, out_no) => {
            return returned::call(ask, client, out_no).await;
        }
        Target::Audit(_) => Err("guaranteed payment knows no consent to refunds".to_owned()),
    };
    outcome.map(Called::from)
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
