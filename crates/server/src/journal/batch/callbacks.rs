//! The raw callbacks: kept with their verdict, and told again when their number becomes known.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{CallOutcome, Exception, Fact, OperationKind, Order, OrderId, Refusal, Target, What};
use douyin_pay_protocol::{AppId, PlatformNo};

use super::stored::Stored;
use super::{Batch, Verdict, keys};
use crate::journal::{CallbackArrival, Submission};
use crate::store::{About, NewCallback, Replayed, Solved, Store, StoreError, Stranded};

/// The same callback about an unknown number is kept so often; further ones are counted.
const SAME_ROWS_MAX: usize = 3;
/// The verdict on a change.
const CHANGED: &str = "changed";
/// The verdict on a stored callback that cannot be read any more.
const UNREADABLE: &str = "unreadable";

/// Callbacks that wait for a number, stored earlier or in this batch.
#[derive(Default)]
pub(super) struct Waiting {
    rows: BTreeMap<i64, Row>,
    about: BTreeMap<About, BTreeSet<i64>>,
}

/// A callback that waits.
struct Row {
    kind: String,
    number: String,
    received_at: UnixMs,
    body: Bytes,
}

impl Waiting {
    fn add(&mut self, about: About, id: i64, row: impl FnOnce() -> Row) {
        self.about.entry(about).or_default().insert(id);
        self.rows.entry(id).or_insert_with(row);
    }

    /// What waits for this, oldest first.
    fn for_this<'w>(&'w self, about: &About) -> impl DoubleEndedIterator<Item = (i64, &'w Row)> {
        let ids = self.about.get(about).into_iter().flatten();
        ids.filter_map(|id| self.rows.get(id).map(|row| (*id, row)))
    }
}

impl Batch<'_> {
    /// Loads the stored callbacks that may be told again by this batch, or were about the same unknown number.
    pub(super) fn load_waiting(
        &mut self,
        store: &mut dyn Store,
        submissions: &[&Submission],
    ) -> Result<(), StoreError> {
        let mut about: Vec<About> = submissions.iter().flat_map(|one| self.worth_knowing(one)).collect();
        if about.is_empty() {
            return Ok(());
        }
        about.sort_unstable();
        about.dedup();
        for Stranded { about, id, kind, number, received_at, body } in store.stranded(&about)? {
            self.waiting.add(about, id, || Row { kind, number, received_at, body });
        }
        Ok(())
    }

    /// What this submission may make known.
    fn worth_knowing(&self, submission: &Submission) -> Vec<About> {
        let known =
            keys::targets(submission).into_iter().find_map(|key| self.known.get(&key).copied().flatten());
        let order = known.and_then(|id| self.slots.get(&id)).map(|slot| &slot.now);
        let Some(app) = keys::app(submission).or(order.map(|order| &order.app_id)) else { return Vec::new() };
        let mut about = Vec::new();
        if let What::Open(open) = &submission.fact.what {
            let number = open.out_order_no.as_str();
            about.extend([named(app, "payment", number), named(app, "order", number)]);
        }
        if let Some((kind, out_no)) = keys::operation(&submission.fact)
            && order.is_none_or(|order| order.operation(kind, out_no).is_none())
        {
            about.push(named(app, callback_kind(kind), out_no.as_str()));
        }
        if let Some(number) = platform_number(&submission.fact)
            && order.is_none_or(|order| order.platform_order_id.is_none())
        {
            about.push(named(app, "platform", number.as_str()));
        }
        if let Some(arrival) = submission.callback.as_ref().filter(|_| known.is_none()) {
            about.push(named(app, &arrival.kind, &arrival.number));
        }
        about
    }

    /// Keeps the raw row. For a number that nobody knows, also says when it was first seen, and opens one exception.
    pub(super) fn keep_callback(
        &mut self,
        id: i64,
        arrival: &CallbackArrival,
        fact: &Fact,
        verdict: &Verdict,
        order: Option<OrderId>,
    ) -> Option<UnixMs> {
        let mut row = NewCallback {
            id,
            app_id: arrival.app_id.clone(),
            kind: arrival.kind.clone(),
            number: arrival.number.clone(),
            received_at: arrival.received_at,
            body: arrival.body.clone(),
            verdict: code(verdict),
            order,
            about: Vec::new(),
            repeat_of: None,
        };
        let first_seen = matches!(verdict, Err(Refusal::UnknownNumber)).then(|| self.strand(&mut row, fact));
        self.writes.callbacks.push(row);
        first_seen
    }

    /// Lets a callback wait for its number; when that number was first seen.
    fn strand(&mut self, row: &mut NewCallback, fact: &Fact) -> UnixMs {
        let main = named(&row.app_id, &row.kind, &row.number);
        let message = Stored::read(&row.body);
        let is_same = |earlier: &Row| {
            let earlier = Stored::read(&earlier.body);
            message.as_ref().zip(earlier.as_ref()).is_some_and(|(new, old)| new.msg() == old.msg())
        };
        let same: Vec<i64> =
            self.waiting.for_this(&main).filter(|(_, earlier)| is_same(earlier)).map(|(id, _)| id).collect();
        let first_seen = self.waiting.for_this(&main).map(|(_, earlier)| earlier.received_at).min();
        let exception = unknown_number(&row.app_id, &row.kind, &row.number);
        self.writes.exceptions.push((exception, row.received_at));
        match same.last().filter(|_| same.len() >= SAME_ROWS_MAX) {
            Some(last) => row.repeat_of = Some(*last),
            None => {
                row.about = waits_for(row, main, fact);
                for about in &row.about {
                    self.waiting.add(about.clone(), row.id, || Row {
                        kind: row.kind.clone(),
                        number: row.number.clone(),
                        received_at: row.received_at,
                        body: row.body.clone(),
                    });
                }
            }
        }
        first_seen.unwrap_or(row.received_at).min(row.received_at)
    }

    /// Tells the ledger, in the same transaction, what waited for whatever this change made known.
    pub(super) fn tell_what_waited(
        &mut self,
        store: &mut dyn Store,
        before: Option<&Order>,
        after: &Order,
        at: UnixMs,
    ) -> Result<(), StoreError> {
        if self.waiting.rows.is_empty() {
            return Ok(());
        }
        for about in made_known(before, after) {
            let ids: Vec<i64> = self.waiting.for_this(&about).map(|(id, _)| id).collect();
            for id in ids {
                if self.waiting.rows.get(&id).is_some_and(|row| is_about_another(row, after)) {
                    continue;
                }
                // Another number may have called it already.
                let Some(row) = self.waiting.rows.remove(&id) else { continue };
                self.tell(store, id, row, after.id, &after.app_id, at)?;
            }
        }
        Ok(())
    }

    fn tell(
        &mut self,
        store: &mut dyn Store,
        id: i64,
        row: Row,
        order: OrderId,
        app_id: &AppId,
        at: UnixMs,
    ) -> Result<(), StoreError> {
        let fact = Stored::read(&row.body).and_then(|stored| stored.fact(&row.kind, app_id, at));
        let verdict = match fact {
            None => UNREADABLE,
            Some(fact) => match self.decide_fact(store, &fact, Some(order), Some(id))? {
                Ok(verdict) => code(&verdict),
                Err(_too_large) => UNREADABLE,
            },
        };
        tracing::info!(order.id = %order, verdict, "a callback that came before its number was known is told now");
        let solved = unknown_number(app_id, &row.kind, &row.number);
        let note = "the number became known, and the callback was told again";
        self.writes.solved.push(Solved { exception: solved, note, at });
        match self.writes.callbacks.iter_mut().find(|new| new.id == id) {
            // It came in this very batch and is not stored yet.
            Some(new) => {
                new.order = Some(order);
                new.verdict = verdict;
                new.about.clear();
            }
            None => self.writes.replayed.push(Replayed { id, verdict, order }),
        }
        Ok(())
    }
}

/// Whether the platform names another order than the one that has its number now.
fn is_about_another(row: &Row, order: &Order) -> bool {
    let orders = Stored::read(&row.body).map(|stored| stored.orders(&row.kind)).unwrap_or_default();
    let platform = orders.into_iter().find(|(what, _)| *what == "platform");
    let named = platform.and_then(|(_, number)| PlatformNo::new(number).ok());
    named.is_some_and(|named| keys::is_another(order, &named))
}

fn code(verdict: &Verdict) -> &'static str {
    verdict.as_ref().map_or_else(Refusal::code, |_| CHANGED)
}

fn named(app_id: &AppId, kind: &str, number: &str) -> About {
    About { app_id: app_id.clone(), what: format!("{kind}:{number}") }
}

fn unknown_number(app_id: &AppId, kind: &str, number: &str) -> Exception {
    let detail = format!(
        "a genuine `{kind}` callback about number `{number}` of app {app_id}, which nobody here has asked for; \
         find out who uses this app besides, or add the order"
    );
    Exception { kind: Exception::CALLBACK_UNKNOWN_NUMBER, order: None, detail }
}

/// The type of callbacks about an operation.
fn callback_kind(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Refund => "refund",
        OperationKind::Settlement => "settle",
        OperationKind::Return => "return",
        OperationKind::Fulfilment => "fulfilment",
    }
}

/// The platform's number of the order, if the fact tells it.
fn platform_number(fact: &Fact) -> Option<&PlatformNo> {
    match &fact.what {
        What::OrderSeen(seen) => seen.platform_order_id.as_ref(),
        What::Answered { target: Target::Order, outcome: CallOutcome::Accepted { platform_no, .. } } => {
            platform_no.as_ref()
        }
        _ => None,
    }
}

/// Everything that will tell which order a callback is about.
fn waits_for(row: &NewCallback, main: About, fact: &Fact) -> Vec<About> {
    let mut about = vec![main];
    // The order of a payment is its own number; refunds and settlements may be the platform's.
    if matches!(fact.what, What::OrderSeen(_)) {
        return about;
    }
    let orders = Stored::read(&row.body).map(|stored| stored.orders(&row.kind)).unwrap_or_default();
    about.extend(orders.iter().map(|(what, number)| named(&row.app_id, what, number)));
    about
}

/// The numbers that `after` has and `before` had not.
fn made_known(before: Option<&Order>, after: &Order) -> Vec<About> {
    let app = &after.app_id;
    let mut about = Vec::new();
    if before.is_none() {
        let number = after.out_order_no.as_str();
        about.extend([named(app, "payment", number), named(app, "order", number)]);
    }
    if let Some(number) = &after.platform_order_id
        && before.is_none_or(|before| before.platform_order_id.is_none())
    {
        about.push(named(app, "platform", number.as_str()));
    }
    for one in after.operations.iter().skip(before.map_or(0, |before| before.operations.len())) {
        about.push(named(app, callback_kind(one.kind), one.out_no.as_str()));
    }
    about
}
