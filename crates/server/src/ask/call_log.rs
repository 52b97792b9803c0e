//! Every attempt at a call: a row of the log, and the metrics.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};

use douyin_pay::{Call, Observer, Outcome};
use douyin_pay_ledger::OrderId;
use douyin_pay_protocol::AppId;

use crate::journal::{ApiLogRow, Journal};
use crate::ops::metrics;

/// The order behind each number, and how many calls under way carry it.
type Orders = BTreeMap<(AppId, Box<str>), (OrderId, usize)>;

/// The orders behind the numbers that calls under way carry.
#[derive(Clone, Default)]
pub(crate) struct Numbers(Arc<Mutex<Orders>>);

impl Numbers {
    /// Remembers which order a number belongs to, for as long as the guard lives.
    pub(crate) fn belongs(&self, app_id: &AppId, number: &str, order: OrderId) -> Belongs {
        let key = (app_id.clone(), Box::from(number));
        self.lock().entry(key.clone()).or_insert((order, 0)).1 += 1;
        Belongs { numbers: self.clone(), key }
    }

    /// The same, unless a call under way carries the number already.
    pub(crate) fn alone(&self, app_id: &AppId, number: &str, order: OrderId) -> Option<Belongs> {
        let key = (app_id.clone(), Box::from(number));
        match self.lock().entry(key.clone()) {
            Entry::Occupied(_) => return None,
            Entry::Vacant(free) => free.insert((order, 1)),
        };
        Some(Belongs { numbers: self.clone(), key })
    }

    fn order(&self, app_id: &AppId, number: &str) -> Option<OrderId> {
        self.lock().get(&(app_id.clone(), Box::from(number))).map(|(order, _)| *order)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Orders> {
        self.0.lock().expect("nothing panics while it holds this lock")
    }
}

/// A call about a number is under way.
pub(crate) struct Belongs {
    numbers: Numbers,
    key: (AppId, Box<str>),
}

impl Drop for Belongs {
    fn drop(&mut self) {
        let mut numbers = self.numbers.lock();
        if let Some((_, users)) = numbers.get_mut(&self.key) {
            *users -= 1;
            if *users == 0 {
                numbers.remove(&self.key);
            }
        }
    }
}

/// Writes every attempt down.
pub(crate) struct CallLog {
    journal: Journal,
    numbers: Numbers,
}

impl CallLog {
    pub(crate) fn new(journal: Journal, numbers: Numbers) -> Self {
        Self { journal, numbers }
    }
}

impl Observer for CallLog {
    fn called(&self, call: &Call<'_>) {
        let outcome = call.outcome.map_or("accepted", |outcome| outcome.as_str());
        metrics::platform_call(call.app_id.as_str(), call.endpoint.name(), outcome, call.millis);
        let number = call.out_no.or(call.out_order_no).or(call.platform_no);
        let order_id = number.and_then(|number| self.numbers.order(call.app_id, number));
        if let Some(ended) = call.outcome {
            tracing::warn!(
                app_id = %call.app_id,
                endpoint = %call.endpoint,
                order.id = order_id.map(tracing::field::display),
                number,
                outcome,
                err_no = call.err_no,
                http_status = call.http_status,
                log_id = call.log_id,
                problem = call.problem,
                "a call to `{}` {}",
                call.endpoint,
                said(ended, call.err_no),
            );
        }
        self.journal.log_call(ApiLogRow {
            app_id: call.app_id.clone(),
            order_id,
            endpoint: call.endpoint.name(),
            at: call.started,
            millis: call.millis,
            outcome: outcome.to_owned(),
            err_no: call.err_no,
            http_status: call.http_status,
            log_id: call.log_id.map(ToOwned::to_owned),
            attempt: call.attempt,
        });
    }
}

/// How an attempt ended that brought no reply, for the log's reader.
const fn said(outcome: Outcome, err_no: Option<i64>) -> &'static str {
    match (outcome, err_no) {
        (Outcome::Refused, _) => "was refused",
        (_, Some(_)) => "was answered with an error",
        (_, None) => "brought no reply",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_called_one() {
        for (outcome, err_no, expected) in [
            (Outcome::Refused, Some(2010), "was refused"),
            (Outcome::Unknown, Some(1000), "was answered with an error"),
            (Outcome::NotSent, Some(1001), "was answered with an error"),
            (Outcome::Unknown, None, "brought no reply"),
            (Outcome::NotSent, None, "brought no reply"),
        ] {
            assert_eq!(said(outcome, err_no), expected, "{outcome} {err_no:?}");
        }
    }
}
