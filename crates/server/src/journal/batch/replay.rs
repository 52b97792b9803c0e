//! Callbacks that came before their number was known, told to the ledger now.

use std::borrow::Cow;

use douyin_pay_ledger::{self as ledger, Fact, OrderId, Refusal, What};
use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::callback::Notice;
use serde::Deserialize;

use super::Batch;
use crate::journal::AppLabels;
use crate::store::{Store, StoreError, Stranded};

/// Of a stored callback only the message counts: it was verified when it arrived.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow)]
    msg: Cow<'a, str>,
}

impl Batch {
    /// When `fact` made a number known: the stored callbacks about it become facts in the same transaction.
    pub(super) fn replay_stranded(
        &mut self,
        store: &mut dyn Store,
        labels: &AppLabels,
        fact: &Fact,
        order: Option<OrderId>,
    ) -> Result<(), StoreError> {
        let Some((id, (kind, number))) = order.zip(made_known(fact)) else { return Ok(()) };
        let Some(app_id) = self.slots.get(&id).map(|slot| slot.order.app_id.clone()) else { return Ok(()) };
        for row in store.stranded(app_id.as_str(), kind, number)? {
            let verdict = self.replay(labels, kind, &app_id, &row, id);
            self.writes.replayed.push((row.id, verdict, id));
        }
        Ok(())
    }

    fn replay(
        &mut self,
        labels: &AppLabels,
        kind: &str,
        app_id: &AppId,
        row: &Stranded,
        order: OrderId,
    ) -> &'static str {
        let stored: Option<Stored<'_>> = serde_json::from_slice(&row.body).ok();
        let fact = stored.as_ref().and_then(|stored| {
            let notice = Notice::parse(kind, &stored.msg).ok()?;
            notice
                .app_id()
                .is_some_and(|named| named == app_id)
                .then(|| ledger::of_notice(&notice, row.received_at))?
        });
        let Some(fact) = fact else { return "unreadable" };
        match self.apply(labels, &fact, Some(order), Some(row.id)) {
            Ok(Ok(_)) => "changed",
            Ok(Err(refusal)) => Refusal::code(&refusal),
            Err(_) => "quarantined",
        }
    }
}

/// The callback type and number that a merchant's fact makes known.
fn made_known(fact: &Fact) -> Option<(&'static str, &str)> {
    match &fact.what {
        What::Open(open) => Some(("payment", open.out_order_no.as_str())),
        What::RequestRefund(ask) => Some(("refund", ask.out_no.as_str())),
        What::RequestSettlement(ask) => Some(("settle", ask.out_no.as_str())),
        _ => None,
    }
}
