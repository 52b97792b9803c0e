//! Small writes that ride along with the facts: leases, deliveries, logs.

use std::collections::BTreeSet;
use std::sync::Arc;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Order, OrderId};

use super::batch::quarantine;
use super::{Answer, CallbackArrival, SubmitError};
use crate::store::{
    ApiLogRow, BillWrite, DeliveryNext, DeliveryRecord, DueEvent, NewCallback, Retained, Store, StoreError,
    UnverifiedRow, Writes,
};

/// The verdict on a genuine callback that says nothing about an order.
const NOTHING_NEW: &str = "nothing_new";

/// One small write, and who waits for it.
pub(crate) enum Chore {
    LeaseOrders { now: UnixMs, limit: usize, until: UnixMs, answer: Answer<Vec<Arc<Order>>> },
    LeaseEvents { now: UnixMs, limit: usize, until: UnixMs, answer: Answer<Vec<DueEvent>> },
    Delivered(DeliveryRecord, Answer<()>),
    Resend { id: String, now: UnixMs, answer: Answer<bool> },
    Resolve { id: i64, by: String, note: String, at: UnixMs, answer: Answer<bool> },
    Raise(Exception, UnixMs, Answer<()>),
    Keep(CallbackArrival, Answer<()>),
    Forget(Retained, Answer<usize>),
    Called(ApiLogRow),
    Unverified(UnverifiedRow),
    Bills(Vec<BillWrite>, Answer<()>),
}

/// What a chore gave, until the transaction lasts.
pub(super) enum Given {
    Orders(Vec<Arc<Order>>),
    Events(Vec<DueEvent>),
    Flag(bool),
    Count(usize),
    Nothing,
}

impl Chore {
    /// Adds the rows that this chore writes. `redraw` moves ids that were taken.
    pub(super) fn collect(&self, writes: &mut Writes, redraw: u32) {
        match self {
            Self::Delivered(record, _) => {
                if record.next == DeliveryNext::Dead {
                    writes.exceptions.push((dead(record), record.at));
                }
                writes.deliveries.push(record.clone());
            }
            Self::Raise(exception, at, _) => writes.exceptions.push((exception.clone(), *at)),
            Self::Keep(arrival, _) => writes.callbacks.push(kept(arrival, redraw)),
            Self::Called(row) => writes.calls.push(row.clone()),
            Self::Unverified(row) => writes.unverified.push(row.clone()),
            Self::Bills(bills, _) => writes.bills.extend_from_slice(bills),
            Self::LeaseOrders { .. }
            | Self::LeaseEvents { .. }
            | Self::Resend { .. }
            | Self::Resolve { .. }
            | Self::Forget(..) => {}
        }
    }

    /// Carries out what needs more than rows. Orders that are left alone are not given to anybody.
    pub(super) fn carry_out(
        &self,
        store: &mut dyn Store,
        quarantined: &mut BTreeSet<OrderId>,
    ) -> Result<Given, StoreError> {
        Ok(match self {
            Self::LeaseOrders { now, limit, until, .. } => {
                let due = store.lease_due_orders(*now, *limit, *until)?;
                Given::Orders(sound(store, due, *now, quarantined)?)
            }
            Self::LeaseEvents { now, limit, until, .. } => {
                Given::Events(store.lease_due_events(*now, *limit, *until)?)
            }
            Self::Resend { id, now, .. } => Given::Flag(store.resend_event(id, *now)?),
            Self::Resolve { id, by, note, at, .. } => {
                Given::Flag(store.resolve_exception(*id, by, note, *at)?)
            }
            Self::Forget(retained, _) => Given::Count(store.forget(retained)?),
            Self::Delivered(..)
            | Self::Raise(..)
            | Self::Keep(..)
            | Self::Called(_)
            | Self::Unverified(_)
            | Self::Bills(..) => Given::Nothing,
        })
    }

    /// Whether it may make work due.
    pub(super) fn wakes(&self) -> bool {
        matches!(self, Self::Delivered(..) | Self::Resend { .. } | Self::Resolve { .. })
    }

    /// Answers after the commit. Whoever asked may be gone: what was committed stays committed.
    pub(super) fn answer(self, given: Given) {
        match (self, given) {
            (Self::LeaseOrders { answer, .. }, Given::Orders(orders)) => send(answer, Ok(orders)),
            (Self::LeaseEvents { answer, .. }, Given::Events(events)) => send(answer, Ok(events)),
            (Self::Resend { answer, .. } | Self::Resolve { answer, .. }, Given::Flag(flag)) => {
                send(answer, Ok(flag));
            }
            (Self::Forget(_, answer), Given::Count(count)) => send(answer, Ok(count)),
            (
                Self::Delivered(_, answer)
                | Self::Raise(_, _, answer)
                | Self::Keep(_, answer)
                | Self::Bills(_, answer),
                _,
            ) => send(answer, Ok(())),
            _ => {}
        }
    }

    /// Tells whoever asked that it did not happen.
    pub(super) fn fail(self, cause: SubmitError) {
        match self {
            Self::LeaseOrders { answer, .. } => send(answer, Err(cause)),
            Self::LeaseEvents { answer, .. } => send(answer, Err(cause)),
            Self::Resend { answer, .. } | Self::Resolve { answer, .. } => send(answer, Err(cause)),
            Self::Forget(_, answer) => send(answer, Err(cause)),
            Self::Delivered(_, answer)
            | Self::Raise(_, _, answer)
            | Self::Keep(_, answer)
            | Self::Bills(_, answer) => send(answer, Err(cause)),
            Self::Called(_) | Self::Unverified(_) => {}
        }
    }
}

fn send<T>(answer: Answer<T>, result: Result<T, SubmitError>) {
    // The receiver may have hung up; that changes nothing.
    let _gone = answer.send(result);
}

/// The orders that can be worked on; one that cannot be read is left alone from now on.
fn sound(
    store: &mut dyn Store,
    due: Vec<Result<Order, StoreError>>,
    now: UnixMs,
    quarantined: &mut BTreeSet<OrderId>,
) -> Result<Vec<Arc<Order>>, StoreError> {
    let mut orders = Vec::with_capacity(due.len());
    for one in due {
        match one {
            Ok(order) if quarantined.contains(&order.id) => {}
            Ok(order) => orders.push(Arc::new(order)),
            Err(StoreError::Corrupt { order: Some(id), .. }) if quarantined.contains(&id) => {}
            Err(cause) => {
                tracing::error!("a due order is left alone: {cause}");
                let StoreError::Corrupt { order: Some(id), .. } = cause else { continue };
                let exceptions = vec![(quarantine(id, &cause.to_string()), now)];
                store.write(&Writes { exceptions, ..Writes::default() })?;
                quarantined.insert(id);
            }
        }
    }
    Ok(orders)
}

fn kept(arrival: &CallbackArrival, redraw: u32) -> NewCallback {
    NewCallback {
        id: arrival.id.saturating_add(i64::from(redraw)),
        app_id: arrival.app_id.clone(),
        kind: arrival.kind.clone(),
        number: arrival.number.clone(),
        received_at: arrival.received_at,
        body: arrival.body.clone(),
        verdict: NOTHING_NEW,
        order: None,
        about: Vec::new(),
        repeat_of: None,
    }
}

fn dead(record: &DeliveryRecord) -> Exception {
    let order = record.event_id.split('.').next().and_then(|id| id.parse().ok());
    let problem = record.problem.as_deref().unwrap_or("no answer");
    let detail = format!(
        "event {} could not be delivered for days ({problem}); mend the receiver, then resend the event",
        record.event_id
    );
    Exception { kind: Exception::EVENT_DEAD, order, detail }
}
