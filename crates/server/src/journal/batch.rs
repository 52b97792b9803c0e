//! One batch in memory: orders loaded once, facts decided in turn, rows collected.

mod replay;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{
    self as ledger, Change, Exception, Fact, OperationKind, Order, OrderId, Refusal, What,
};
use douyin_pay_protocol::{AppId, OutNo};

use super::{Answer, AppLabels, Decided, Key, Submission, SubmitError};
use crate::store::{LoadKey, NewCallback, NewEvent, NewFact, Store, StoreError, Writes};

/// A submission that waits for its answer.
pub(super) struct Pending {
    submission: Submission,
    answer: Answer<Decided>,
    result: Option<Result<Decided, SubmitError>>,
    found: Option<OrderId>,
}

impl Pending {
    pub(super) fn new(submission: Submission, answer: Answer<Decided>) -> Self {
        Self { submission, answer, result: None, found: None }
    }

    /// The stored order that it is about.
    pub(super) fn found(&self) -> Option<OrderId> {
        self.found
    }

    pub(super) fn at(&self) -> UnixMs {
        self.submission.fact.at
    }

    pub(super) fn answer(self, result: Result<Decided, SubmitError>) {
        // Whoever asked may have hung up; what was committed stays committed.
        let _gone = self.answer.send(result);
    }
}

/// An exception that says why an order is left alone.
pub(super) fn quarantine(order: OrderId, cause: &str) -> Exception {
    let detail =
        format!("order {order} is left alone: {cause}; check it with `ledger verify`, then resolve this");
    Exception { kind: Exception::QUARANTINED, order: Some(order), detail }
}

/// An order in this batch.
struct Slot {
    order: Arc<Order>,
    /// How many operations the database has; `None` for an order that is new.
    stored_operations: Option<usize>,
    changed: bool,
}

/// A batch between its beginning and its commit.
pub(super) struct Batch {
    pending: Vec<Pending>,
    slots: BTreeMap<OrderId, Slot>,
    known: BTreeMap<LoadKey, Option<OrderId>>,
    damaged: BTreeSet<OrderId>,
    writes: Writes,
}

impl Batch {
    pub(super) fn new(pending: Vec<Pending>) -> Self {
        Self {
            pending,
            slots: BTreeMap::new(),
            known: BTreeMap::new(),
            damaged: BTreeSet::new(),
            writes: Writes::default(),
        }
    }

    /// The rows to write.
    pub(super) fn writes(&mut self) -> &mut Writes {
        &mut self.writes
    }

    /// Orders that were found damaged while deciding.
    pub(super) fn damaged(&self) -> impl Iterator<Item = OrderId> {
        self.damaged.iter().copied()
    }

    pub(super) fn into_pending(self) -> Vec<Pending> {
        self.pending
    }

    pub(super) fn answer_all(self) {
        for mut pending in self.pending {
            let result = pending.result.take().expect("every submission of a committed batch was decided");
            pending.answer(result);
        }
    }

    /// Loads all orders, decides every submission in turn, collects the rows.
    pub(super) fn decide(
        &mut self,
        store: &mut dyn Store,
        labels: &AppLabels,
        quarantined: &BTreeSet<OrderId>,
    ) -> Result<(), StoreError> {
        self.damaged.extend(quarantined);
        let mut keys: Vec<LoadKey> = self.pending.iter().flat_map(|one| keys_of(&one.submission)).collect();
        keys.sort_unstable();
        keys.dedup();
        self.load(store, keys)?;
        for index in 0..self.pending.len() {
            let submission = self.pending[index].submission.clone();
            let order = self.resolve(store, &submission)?;
            self.pending[index].found =
                order.filter(|id| self.slots.get(id).is_none_or(|slot| slot.stored_operations.is_some()));
            let result = self.decide_one(store, labels, &submission, order)?;
            self.pending[index].result = Some(result);
        }
        self.damaged.retain(|order| !quarantined.contains(order));
        self.collect_orders();
        Ok(())
    }

    fn load(&mut self, store: &mut dyn Store, keys: Vec<LoadKey>) -> Result<(), StoreError> {
        let loaded = store.load_orders(&keys)?;
        assert_eq!(loaded.len(), keys.len(), "the store answers every key");
        for (key, order) in keys.into_iter().zip(loaded) {
            let id = match order {
                Ok(None) => None,
                Ok(Some(order)) => Some(self.admit(order)),
                Err(StoreError::Corrupt { order: Some(order), table, column, id, problem }) => {
                    let cause = StoreError::Corrupt { order: Some(order), table, column, id, problem };
                    self.damage(order, &cause.to_string(), None);
                    Some(order)
                }
                Err(cause) => return Err(cause),
            };
            self.known.insert(key, id);
        }
        Ok(())
    }

    /// Takes a loaded order in, unless this batch has it already.
    fn admit(&mut self, order: Order) -> OrderId {
        let (id, stored_operations) = (order.id, Some(order.operations.len()));
        self.slots.entry(id).or_insert_with(|| Slot {
            order: Arc::new(order),
            stored_operations,
            changed: false,
        });
        id
    }

    fn damage(&mut self, order: OrderId, cause: &str, at: Option<UnixMs>) {
        if self.damaged.insert(order) {
            tracing::error!(order.id = %order, "order quarantined: {cause}");
            let at = at.or_else(|| self.pending.first().map(Pending::at)).unwrap_or(UnixMs::new(0));
            self.writes.exceptions.push((quarantine(order, cause), at));
        }
    }

    /// The order that a submission is about: the first of its keys that anybody owns.
    fn resolve(
        &mut self,
        store: &mut dyn Store,
        submission: &Submission,
    ) -> Result<Option<OrderId>, StoreError> {
        for key in target_keys(submission) {
            if let Some(id) = self.owner(store, key)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn owner(&mut self, store: &mut dyn Store, key: LoadKey) -> Result<Option<OrderId>, StoreError> {
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        self.load(store, vec![key.clone()])?;
        Ok(self.known.get(&key).copied().flatten())
    }

    fn decide_one(
        &mut self,
        store: &mut dyn Store,
        labels: &AppLabels,
        submission: &Submission,
        order: Option<OrderId>,
    ) -> Result<Result<Decided, SubmitError>, StoreError> {
        if let Some(id) = order.filter(|id| self.damaged.contains(id)) {
            return Ok(Err(SubmitError::Quarantined(id)));
        }
        let verdict = match self.foreign_owner(store, &submission.fact, order)? {
            true => Err(Refusal::NumberInUse),
            false => match self.apply(
                labels,
                &submission.fact,
                order,
                submission.callback.as_ref().map(|it| it.id),
            ) {
                Ok(verdict) => verdict,
                Err(quarantined) => return Ok(Err(quarantined)),
            },
        };
        let order = order.or_else(|| opened(&submission.fact).filter(|id| self.slots.contains_key(id)));
        let first_seen = self.keep_callback(store, submission, &verdict, order)?;
        if verdict.is_ok() {
            self.replay_stranded(store, labels, &submission.fact, order)?;
        }
        let order = order.and_then(|id| self.slots.get(&id)).map(|slot| Arc::clone(&slot.order));
        Ok(Ok(Decided { verdict, order, first_seen }))
    }

    /// Whether the fact asks for an operation whose number another order owns.
    fn foreign_owner(
        &mut self,
        store: &mut dyn Store,
        fact: &Fact,
        order: Option<OrderId>,
    ) -> Result<bool, StoreError> {
        let Some((id, (kind, out_no))) = order.zip(asked_operation(fact)) else { return Ok(false) };
        let Some(slot) = self.slots.get(&id) else { return Ok(false) };
        let key = LoadKey::Operation(slot.order.app_id.clone(), kind, out_no.clone());
        Ok(self.owner(store, key)?.is_some_and(|owner| owner != id))
    }

    /// Lets the ledger decide; a panic quarantines the order and nobody else.
    fn apply(
        &mut self,
        labels: &AppLabels,
        fact: &Fact,
        order: Option<OrderId>,
        callback: Option<i64>,
    ) -> Result<Result<Vec<String>, Refusal>, SubmitError> {
        let before = order.and_then(|id| self.slots.get(&id)).map(|slot| Arc::clone(&slot.order));
        let decided = catch_unwind(AssertUnwindSafe(|| ledger::decide(before.as_deref(), fact)));
        match decided {
            Ok(Ok(change)) => {
                let verdict = change.verdict();
                self.take_change(labels, fact, change, callback);
                Ok(verdict)
            }
            Ok(Err(refusal)) => Ok(Err(refusal)),
            Err(_) => match order {
                Some(id) => {
                    self.damage(id, "deciding a fact panicked", Some(fact.at));
                    Err(SubmitError::Quarantined(id))
                }
                None => Err(SubmitError::Rejected("deciding the fact panicked".to_owned())),
            },
        }
    }

    fn take_change(&mut self, labels: &AppLabels, fact: &Fact, change: Change, callback: Option<i64>) {
        let order = change.order;
        if change.record {
            let data = serde_json::to_string(fact).expect("facts are plain data");
            self.writes.facts.push(NewFact { order: order.id, seq: order.seq, data, callback });
        }
        if !change.events.is_empty() {
            let label = labels(&order.app_id);
            let name = label.as_ref().map_or(order.app_id.as_str(), |label| label.name.as_str());
            for event in &change.events {
                self.writes.events.push(NewEvent {
                    order: order.id,
                    n: event.n,
                    app_id: order.app_id.clone(),
                    kind: event.kind.as_str(),
                    body: event.render(name),
                    at: event.at,
                    deliver: label.as_ref().is_some_and(|label| label.deliver),
                });
            }
        }
        self.writes.exceptions.extend(change.exceptions.into_iter().map(|exception| (exception, fact.at)));
        self.index(&order);
        let id = order.id;
        let order = Arc::new(order);
        let slot = self.slots.entry(id).or_insert_with(|| Slot {
            order: Arc::clone(&order),
            stored_operations: None,
            changed: true,
        });
        slot.order = order;
        slot.changed = true;
    }

    /// Later submissions of this batch find the order by all its numbers.
    fn index(&mut self, order: &Order) {
        let app = &order.app_id;
        self.known.insert(LoadKey::Order(app.clone(), order.out_order_no.clone()), Some(order.id));
        self.known.insert(LoadKey::Id(order.id), Some(order.id));
        for operation in &order.operations {
            let key = LoadKey::Operation(app.clone(), operation.kind, operation.out_no.clone());
            self.known.insert(key, Some(order.id));
        }
        if let Some(number) = &order.platform_order_id {
            self.known.insert(LoadKey::Platform(app.clone(), number.clone()), Some(order.id));
        }
    }

    /// Keeps the raw row; for a number that nobody knows, opens one exception and says when it was first seen.
    fn keep_callback(
        &mut self,
        store: &mut dyn Store,
        submission: &Submission,
        verdict: &Result<Vec<String>, Refusal>,
        order: Option<OrderId>,
    ) -> Result<Option<UnixMs>, StoreError> {
        let Some(arrival) = &submission.callback else { return Ok(None) };
        let code = verdict.as_ref().map_or_else(Refusal::code, |_| "changed");
        self.writes.callbacks.push(NewCallback {
            id: arrival.id,
            app_id: arrival.app_id.clone(),
            kind: arrival.kind.clone(),
            number: arrival.number.clone(),
            received_at: arrival.received_at,
            body: arrival.body.clone(),
            verdict: code,
            order,
        });
        if !matches!(verdict, Err(Refusal::UnknownNumber)) {
            return Ok(None);
        }
        let detail = format!(
            "a genuine `{}` callback about number {} of app {}, which nobody here has asked for; import the order, \
             or find out who uses the same callback URL",
            arrival.kind, arrival.number, arrival.app_id
        );
        let exception = Exception { kind: Exception::CALLBACK_UNKNOWN_NUMBER, order: None, detail };
        self.writes.exceptions.push((exception, arrival.received_at));
        let first = store.first_seen(arrival.app_id.as_str(), &arrival.kind, &arrival.number)?;
        Ok(Some(first.unwrap_or(arrival.received_at)))
    }

    fn collect_orders(&mut self) {
        for slot in self.slots.values().filter(|slot| slot.changed) {
            match slot.stored_operations {
                None => self.writes.new_orders.push(Arc::clone(&slot.order)),
                Some(stored) => self.writes.changed_orders.push((Arc::clone(&slot.order), stored)),
            }
        }
        self.writes.facts.sort_by_key(|fact| (fact.order, fact.seq));
    }
}

/// The order that a fact opens.
fn opened(fact: &Fact) -> Option<OrderId> {
    match &fact.what {
        What::Open(open) => Some(open.id),
        _ => None,
    }
}

/// The operation that a merchant's fact asks for.
fn asked_operation(fact: &Fact) -> Option<(OperationKind, &OutNo)> {
    match &fact.what {
        What::RequestRefund(ask) => Some((OperationKind::Refund, &ask.out_no)),
        What::RequestSettlement(ask) => Some((OperationKind::Settlement, &ask.out_no)),
        _ => None,
    }
}

/// The keys by which a submission's order is looked for, in this order.
fn target_keys(submission: &Submission) -> Vec<LoadKey> {
    match &submission.key {
        Key::New => match &submission.fact.what {
            What::Open(open) => vec![LoadKey::Order(open.app_id.clone(), open.out_order_no.clone())],
            _ => Vec::new(),
        },
        Key::Id(id) => vec![LoadKey::Id(*id)],
        Key::Order(app, number) => vec![LoadKey::Order(app.clone(), number.clone())],
        Key::Operation(app, kind, number) => vec![LoadKey::Operation(app.clone(), *kind, number.clone())],
        Key::OperationOrOrder { app_id, kind, out_no, out_order_no, platform_order_id } => {
            let operation = LoadKey::Operation(app_id.clone(), *kind, out_no.clone());
            let order = out_order_no.iter().map(|number| LoadKey::Order(app_id.clone(), number.clone()));
            let platform =
                platform_order_id.iter().map(|number| LoadKey::Platform(app_id.clone(), number.clone()));
            std::iter::once(operation).chain(order).chain(platform).collect()
        }
    }
}

/// Everything worth loading at the beginning.
fn keys_of(submission: &Submission) -> Vec<LoadKey> {
    let mut keys = target_keys(submission);
    let app: Option<&AppId> = match &submission.key {
        Key::Order(app, _) => Some(app),
        _ => None,
    };
    if let Some((app, (kind, out_no))) = app.zip(asked_operation(&submission.fact)) {
        keys.push(LoadKey::Operation(app.clone(), kind, out_no.clone()));
    }
    keys
}
