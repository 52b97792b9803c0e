//! One batch in memory: orders loaded once, facts decided in turn, rows collected.

mod callbacks;
mod keys;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{self as ledger, Change, Event, Exception, Fact, Order, OrderId, Refusal, What};
use douyin_pay_protocol::AppId;

use super::{AppLabel, AppLabels, Decided, Key, SUBMISSION_BYTES_MAX, Submission, SubmitError};
use crate::store::{LoadKey, NewEvent, NewFact, OrderWrite, Solved, Store, StoreError, Writes};
use callbacks::Waiting;

/// An exception that says why an order is left alone.
pub(super) fn quarantine(order: OrderId, cause: &str) -> Exception {
    let detail =
        format!("order {order} is left alone: {cause}; check it with `ledger verify`, then resolve this");
    Exception { kind: Exception::QUARANTINED, order: Some(order), detail }
}

/// An order in this batch.
struct Slot {
    /// As it is stored; `None` for an order that is new.
    before: Option<Arc<Order>>,
    now: Arc<Order>,
}

/// A batch between its beginning and its commit.
pub(super) struct Batch<'a> {
    labels: &'a AppLabels,
    quarantined: &'a BTreeSet<OrderId>,
    /// Ids that were taken move by this.
    redraw: u32,
    slots: BTreeMap<OrderId, Slot>,
    known: BTreeMap<LoadKey, Option<OrderId>>,
    damaged: BTreeSet<OrderId>,
    callback_ids: BTreeSet<i64>,
    waiting: Waiting,
    /// Labels that were looked up.
    named: BTreeMap<AppId, Option<AppLabel>>,
    writes: Writes,
}

/// What deciding came to: the warnings, or why nothing changed.
type Verdict = Result<Vec<String>, Refusal>;

impl<'a> Batch<'a> {
    pub(super) fn new(labels: &'a AppLabels, quarantined: &'a BTreeSet<OrderId>, redraw: u32) -> Self {
        Self {
            labels,
            quarantined,
            redraw,
            slots: BTreeMap::new(),
            known: BTreeMap::new(),
            damaged: BTreeSet::new(),
            callback_ids: BTreeSet::new(),
            waiting: Waiting::default(),
            named: BTreeMap::new(),
            writes: Writes::default(),
        }
    }

    /// Loads all orders, then decides every submission in turn. `suspect` names the order being decided about.
    pub(super) fn decide(
        &mut self,
        store: &mut dyn Store,
        submissions: &[&Submission],
        suspect: &mut Option<OrderId>,
    ) -> Result<Vec<Result<Decided, SubmitError>>, StoreError> {
        *suspect = None;
        let Some(first) = submissions.first() else { return Ok(Vec::new()) };
        let mut keys: Vec<LoadKey> = submissions.iter().flat_map(|one| keys::to_load(one)).collect();
        keys.sort_unstable();
        keys.dedup();
        self.load(store, keys, first.fact.at)?;
        self.load_waiting(store, submissions)?;
        let mut decided = Vec::with_capacity(submissions.len());
        for submission in submissions {
            let order = self.resolve(store, submission)?;
            *suspect = order;
            decided.push(self.decide_one(store, submission, order)?);
        }
        Ok(decided)
    }

    /// The rows to write, and the orders that were found damaged.
    pub(super) fn finish(mut self) -> (Writes, BTreeSet<OrderId>) {
        for slot in self.slots.into_values() {
            let changed = slot.before.as_ref().is_none_or(|before| !Arc::ptr_eq(before, &slot.now));
            if changed {
                self.writes.orders.push(OrderWrite { before: slot.before, after: slot.now });
            }
        }
        self.writes.facts.sort_by_key(|fact| (fact.order, fact.seq));
        self.writes.events.sort_by_key(|event| (event.order, event.n));
        (self.writes, self.damaged)
    }

    fn load(&mut self, store: &mut dyn Store, keys: Vec<LoadKey>, at: UnixMs) -> Result<(), StoreError> {
        let loaded = store.load_orders(&keys)?;
        assert_eq!(loaded.len(), keys.len(), "the store answers every key");
        for (key, order) in keys.into_iter().zip(loaded) {
            let id = match order {
                Ok(order) => order.map(|order| self.admit(order)),
                Err(cause) => Some(self.damage(cause, at)?),
            };
            self.known.insert(key, id);
        }
        Ok(())
    }

    /// Takes a loaded order in, unless this batch has it already.
    fn admit(&mut self, order: Order) -> OrderId {
        let id = order.id;
        self.slots.entry(id).or_insert_with(|| {
            let order = Arc::new(order);
            Slot { before: Some(Arc::clone(&order)), now: order }
        });
        id
    }

    /// Leaves an order alone that cannot be read; its id, or the cause when none is known.
    fn damage(&mut self, cause: StoreError, at: UnixMs) -> Result<OrderId, StoreError> {
        let StoreError::Corrupt { order: Some(order), .. } = cause else { return Err(cause) };
        if !self.quarantined.contains(&order) && self.damaged.insert(order) {
            tracing::error!(order.id = %order, "order quarantined: {cause}");
            self.writes.exceptions.push((quarantine(order, &cause.to_string()), at));
        }
        Ok(order)
    }

    fn is_left_alone(&self, order: OrderId) -> bool {
        self.quarantined.contains(&order) || self.damaged.contains(&order)
    }

    /// The order that a submission is about: the first of its keys that anybody owns.
    fn resolve(
        &mut self,
        store: &mut dyn Store,
        submission: &Submission,
    ) -> Result<Option<OrderId>, StoreError> {
        for key in keys::targets(submission) {
            let owner = self.owner(store, key, submission.fact.at)?;
            if let Some(id) = owner.filter(|id| !self.is_about_another(*id, submission)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Whether the platform speaks of another order than the one that owns the operation's number: it may have made up
    /// that number.
    fn is_about_another(&self, id: OrderId, submission: &Submission) -> bool {
        let Key::OperationOrOrder { platform_order_id: Some(named), .. } = &submission.key else {
            return false;
        };
        self.slots.get(&id).is_some_and(|slot| keys::is_another(&slot.now, named))
    }

    fn owner(
        &mut self,
        store: &mut dyn Store,
        key: LoadKey,
        at: UnixMs,
    ) -> Result<Option<OrderId>, StoreError> {
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        self.load(store, vec![key.clone()], at)?;
        Ok(self.known.get(&key).copied().flatten())
    }

    fn decide_one(
        &mut self,
        store: &mut dyn Store,
        submission: &Submission,
        order: Option<OrderId>,
    ) -> Result<Result<Decided, SubmitError>, StoreError> {
        if let Some(id) = order.filter(|id| self.is_left_alone(*id)) {
            return Ok(Err(SubmitError::Quarantined(id)));
        }
        let callback_id = submission.callback.as_ref().map(|arrival| self.free_callback_id(arrival.id));
        let opened = self.with_free_id(&submission.fact, order);
        let fact = opened.as_ref().unwrap_or(&submission.fact);
        let verdict = match self.decide_fact(store, fact, order, callback_id)? {
            Ok(verdict) => verdict,
            Err(not_taken) => return Ok(Err(not_taken)),
        };
        let order = order.or_else(|| keys::opens(fact).filter(|id| self.slots.contains_key(id)));
        let first_seen = callback_id
            .zip(submission.callback.as_ref())
            .and_then(|(id, arrival)| self.keep_callback(id, arrival, fact, &verdict, order));
        let order = order.and_then(|id| self.slots.get(&id)).map(|slot| Arc::clone(&slot.now));
        Ok(Ok(Decided { verdict, order, first_seen }))
    }

    /// Ids are drawn by whoever asks; one that is taken is moved to the next free one.
    fn with_free_id(&self, fact: &Fact, order: Option<OrderId>) -> Option<Fact> {
        let What::Open(open) = &fact.what else { return None };
        let moved = |by: i64| OrderId::from_i64(open.id.get().saturating_add(by)).unwrap_or(open.id);
        let mut by = i64::from(self.redraw);
        while order.is_none() && self.slots.contains_key(&moved(by)) {
            by += 1;
        }
        if by == 0 {
            return None;
        }
        let mut open = open.clone();
        open.id = moved(by);
        Some(Fact { what: What::Open(open), ..fact.clone() })
    }

    fn free_callback_id(&mut self, drawn: i64) -> i64 {
        let mut id = drawn.saturating_add(i64::from(self.redraw));
        while !self.callback_ids.insert(id) {
            id += 1;
        }
        id
    }

    /// Lets the ledger decide, and tells it what was waiting for whatever is known now.
    fn decide_fact(
        &mut self,
        store: &mut dyn Store,
        fact: &Fact,
        order: Option<OrderId>,
        callback: Option<i64>,
    ) -> Result<Result<Verdict, SubmitError>, StoreError> {
        let before = order.and_then(|id| self.slots.get(&id)).map(|slot| Arc::clone(&slot.now));
        let mut renamed = None;
        if let Some(before) = &before
            && self.is_foreign(store, fact, before)?
        {
            renamed = keys::under_platform_no(fact, before);
            if renamed.is_none() {
                return Ok(Ok(Err(Refusal::NumberInUse)));
            }
        }
        let fact = renamed.as_ref().unwrap_or(fact);
        let change = match ledger::decide(before.as_deref(), fact) {
            Ok(change) => change,
            Err(refusal) => return Ok(Ok(Err(refusal))),
        };
        let verdict = change.verdict();
        let what = change
            .record
            .then(|| serde_json::to_string(&fact.what).expect("facts have text keys and no floats"));
        if what.as_ref().is_some_and(|what| what.len() > SUBMISSION_BYTES_MAX) {
            return Ok(Err(SubmitError::TooLarge));
        }
        let after = self.take_change(fact, what, change, callback);
        self.index(&after);
        self.tell_what_waited(store, before.as_deref(), &after, fact.at)?;
        Ok(Ok(verdict))
    }

    /// Whether the fact names an operation whose number another order owns.
    fn is_foreign(&mut self, store: &mut dyn Store, fact: &Fact, order: &Order) -> Result<bool, StoreError> {
        let Some((kind, out_no)) = keys::operation(fact) else { return Ok(false) };
        if order.operation(kind, out_no).is_some() {
            return Ok(false);
        }
        let key = LoadKey::Operation(order.app_id.clone(), kind, out_no.clone());
        Ok(self.owner(store, key, fact.at)?.is_some_and(|owner| owner != order.id))
    }

    fn take_change(
        &mut self,
        fact: &Fact,
        what: Option<String>,
        change: Change,
        callback: Option<i64>,
    ) -> Arc<Order> {
        let Change { order, events, exceptions, solved, .. } = change;
        let (id, seq) = (order.id, order.seq);
        if let Some(what) = what {
            self.writes.facts.push(NewFact {
                order: id,
                seq,
                at: fact.at,
                source: fact.source,
                what,
                callback,
            });
        }
        for event in &events {
            self.take_event(&order.app_id, event);
        }
        self.writes.exceptions.extend(exceptions.into_iter().map(|exception| (exception, fact.at)));
        let solved = solved.into_iter();
        let solved = solved.map(|one| Solved { exception: one.exception, note: one.note, at: fact.at });
        self.writes.solved.extend(solved);
        let now = Arc::new(order);
        self.slots
            .entry(id)
            .and_modify(|slot| slot.now = Arc::clone(&now))
            .or_insert_with(|| Slot { before: None, now: Arc::clone(&now) });
        now
    }

    fn take_event(&mut self, app_id: &AppId, event: &Event) {
        if !self.named.contains_key(app_id) {
            self.named.insert(app_id.clone(), (self.labels)(app_id));
        }
        let label = self.named.get(app_id).and_then(Option::as_ref);
        self.writes.events.push(NewEvent {
            order: event.order_id,
            n: event.n,
            app_id: app_id.clone(),
            kind: event.kind.as_str(),
            body: event.render(label.map_or(app_id.as_str(), |label| label.name.as_str())),
            at: event.at,
            deliver: label.is_some_and(|label| label.deliver),
        });
    }

    /// Later submissions of this batch find the order by all its numbers.
    fn index(&mut self, order: &Order) {
        for key in keys::of_order(order) {
            let known = self.known.entry(key).or_default();
            known.get_or_insert(order.id);
        }
    }
}
