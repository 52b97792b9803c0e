//! Small writes that ride along with the facts: leases, deliveries, logs.

use std::sync::Arc;

use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{Exception, Order};

use super::{Answer, SubmitError};
use crate::store::{
    ApiLogRow, DeliveryNext, DeliveryRecord, DueEvent, Store, StoreError, UnverifiedRow, Writes,
};

/// One small write, and who waits for it.
pub(crate) enum Chore {
    LeaseOrders { now: UnixMs, limit: usize, until: UnixMs, answer: Answer<Vec<Arc<Order>>> },
    LeaseEvents { now: UnixMs, limit: usize, until: UnixMs, answer: Answer<Vec<DueEvent>> },
    Delivered(DeliveryRecord, Answer<()>),
    Resend { id: String, now: UnixMs, answer: Answer<bool> },
    Resolve { id: i64, by: String, note: String, at: UnixMs, answer: Answer<bool> },
    Raise(Exception, UnixMs, Answer<()>),
    Forget { callbacks_before: UnixMs, api_log_before: UnixMs, answer: Answer<usize> },
    Called(ApiLogRow),
    Unverified(UnverifiedRow),
}

/// What a chore gave, until the transaction lasts.
pub(super) enum Given {
    Orders(Vec<Order>),
    Events(Vec<DueEvent>),
    Flag(bool),
    Count(usize),
    Nothing,
}

impl Chore {
    /// Adds the rows that this chore writes.
    pub(super) fn collect(&self, writes: &mut Writes) {
        match self {
            Self::Delivered(record, _) => {
                if record.next == DeliveryNext::Dead {
                    writes.exceptions.push((dead(record), record.at));
                }
                writes.deliveries.push(record.clone());
            }
            Self::Raise(exception, at, _) => writes.exceptions.push((exception.clone(), *at)),
            Self::Called(row) => writes.calls.push(row.clone()),
            Self::Unverified(row) => writes.unverified.push(row.clone()),
            Self::LeaseOrders { .. }
            | Self::LeaseEvents { .. }
            | Self::Resend { .. }
            | Self::Resolve { .. }
            | Self::Forget { .. } => {}
        }
    }

    /// Carries out what needs more than rows.
    pub(super) fn carry_out(&self, store: &mut dyn Store) -> Result<Given, StoreError> {
        Ok(match self {
            Self::LeaseOrders { now, limit, until, .. } => {
                Given::Orders(store.lease_due_orders(*now, *limit, *until)?)
            }
            Self::LeaseEvents { now, limit, until, .. } => {
                Given::Events(store.lease_due_events(*now, *limit, *until)?)
            }
            Self::Resend { id, now, .. } => Given::Flag(store.resend_event(id, *now)?),
            Self::Resolve { id, by, note, at, .. } => {
                Given::Flag(store.resolve_exception(*id, by, note, *at)?)
            }
            Self::Forget { callbacks_before, api_log_before, .. } => {
                Given::Count(store.forget(*callbacks_before, *api_log_before)?)
            }
            Self::Delivered(..) | Self::Raise(..) | Self::Called(_) | Self::Unverified(_) => Given::Nothing,
        })
    }

    /// Answers after the commit. Whoever asked may be gone: what was committed stays committed.
    pub(super) fn answer(self, given: Given) {
        match (self, given) {
            (Self::LeaseOrders { answer, .. }, Given::Orders(orders)) => {
                send(answer, Ok(orders.into_iter().map(Arc::new).collect()));
            }
            (Self::LeaseEvents { answer, .. }, Given::Events(events)) => send(answer, Ok(events)),
            (Self::Resend { answer, .. } | Self::Resolve { answer, .. }, Given::Flag(flag)) => {
                send(answer, Ok(flag))
            }
            (Self::Forget { answer, .. }, Given::Count(count)) => send(answer, Ok(count)),
            (Self::Delivered(_, answer) | Self::Raise(_, _, answer), _) => send(answer, Ok(())),
            _ => {}
        }
    }

    /// Tells whoever asked that it did not happen.
    pub(super) fn fail(self, cause: SubmitError) {
        match self {
            Self::LeaseOrders { answer, .. } => send(answer, Err(cause)),
            Self::LeaseEvents { answer, .. } => send(answer, Err(cause)),
            Self::Resend { answer, .. } | Self::Resolve { answer, .. } => send(answer, Err(cause)),
            Self::Forget { answer, .. } => send(answer, Err(cause)),
            Self::Delivered(_, answer) | Self::Raise(_, _, answer) => send(answer, Err(cause)),
            Self::Called(_) | Self::Unverified(_) => {}
        }
    }
}

fn send<T>(answer: Answer<T>, result: Result<T, SubmitError>) {
    // The receiver may have hung up; that changes nothing.
    let _gone = answer.send(result);
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
