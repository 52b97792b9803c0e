//! A change in the making: the order, and what must be said about it.

use super::end::End;
use super::{last, plan, push};
use crate::schedule::{Walk, is_overdue, mix, next_due};
use crate::{
    Alarm, Audit, Change, Event, EventKind, Exception, Fact, Order, Refusal, Schedule, Solved, fold,
};

/// Which part of an order: itself, or the operation at this place.
pub(super) type Place = Option<usize>;

pub(super) struct Draft<'a> {
    pub(super) before: Option<&'a Order>,
    pub(super) fact: &'a Fact,
    pub(super) order: Order,
    /// The fact changed what facts add up to.
    pub(super) record: bool,
    /// The schedule moved.
    pub(super) moved: bool,
    events: Vec<(EventKind, Place, bool)>,
    exceptions: Vec<Exception>,
    solved: Vec<Solved>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(order: &'a Order, fact: &'a Fact) -> Self {
        Self { before: Some(order), ..Self::first(order.clone(), fact) }
    }

    pub(super) fn first(order: Order, fact: &'a Fact) -> Self {
        Self {
            before: None,
            fact,
            order,
            record: false,
            moved: false,
            events: Vec::new(),
            exceptions: Vec::new(),
            solved: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Says something to the merchant once the change is complete.
    pub(super) fn tell(&mut self, kind: EventKind, place: Place, corrected: bool) {
        self.events.push((kind, place, corrected));
    }

    /// Opens an exception, unless the same cause opened one before.
    pub(super) fn alarm(&mut self, alarm: Alarm, place: Place, what: impl FnOnce() -> String) {
        let alarms = match place {
            None => &mut self.order.alarms,
            Some(at) => &mut self.order.operations[at].alarms,
        };
        if alarms.insert(alarm) {
            self.record = true;
            let name = match place {
                None => format!("order `{}`", self.order.out_order_no),
                Some(at) => {
                    let operation = &self.order.operations[at];
                    format!(
                        "{} `{}` of order `{}`",
                        operation.kind, operation.out_no, self.order.out_order_no
                    )
                }
            };
            let detail = format!("{name}: {}", what());
            self.exceptions.push(Exception { kind: alarm.kind(), order: Some(self.order.id), detail });
        }
    }

    /// Takes back an exception of the order itself: the cause is gone.
    pub(super) fn solve(&mut self, alarm: Alarm, note: &'static str) {
        if self.order.alarms.remove(alarm) {
            self.record = true;
            let (kind, detail) = (alarm.kind(), note.to_owned());
            let exception = Exception { kind, order: Some(self.order.id), detail };
            self.solved.push(Solved { exception, note });
        }
    }

    /// What is being waited for; nothing when it is final.
    pub(super) fn walk(&self, place: Place) -> Option<Walk> {
        match place {
            None => self.order.walk(),
            Some(at) => self.order.operations[at].walk(),
        }
    }

    /// The state changed: the schedule begins anew.
    pub(super) fn restart(&mut self, place: Place) {
        self.plan(place, 0);
    }

    /// A call or a question ended and brought nothing final: the next distance. After too long without an
    /// end a human is told.
    pub(super) fn step(&mut self, place: Place, end: End) {
        let tries = self.schedule(place).tries;
        let age = self.fact.at.since(self.started_at(place));
        self.plan(place, end.next_try(self.walk(place), tries, age));
        let found = end != End::NotFound;
        let Some(walk) = self.walk(place) else { return };
        let (now, started_at) = (self.fact.at, self.started_at(place));
        if is_overdue(walk, found, now, started_at, self.order.expires_at) {
            self.alarm(Alarm::OutcomeUnknown, place, || {
                "the platform has not said how it ended; look it up in the platform's console".to_owned()
            });
        }
    }

    /// An operation that the ledger itself asks for: called as soon as somebody looks.
    ///
    /// Nobody waits for the first call's end, so a death in the middle leaves no word of it: as if it had ended
    /// unknown, a refusal decides nothing before a query has.
    pub(super) fn call_now(&mut self, at: usize) {
        let operation = &mut self.order.operations[at];
        operation.maybe_acted = true;
        // The turn of a call: odd in guaranteed payment, even in the general trade system.
        let tries = if operation.trade.is_some() { 2 } else { plan::FIRST_TRY };
        operation.schedule = Schedule { due_at: Some(self.fact.at), tries };
        self.moved = true;
    }

    /// The consent to the refund at this place, if anybody spoke of it.
    pub(super) fn audit(&mut self, at: usize) -> Option<&mut Audit> {
        self.order.operations[at].trade.as_mut()?.audit.as_mut()
    }

    /// Something makes the platform's last word about the order doubtful: ask at once.
    pub(super) fn ask_about_order(&mut self) {
        self.order.schedule.due_at = Some(self.fact.at);
        self.moved = true;
    }

    fn plan(&mut self, place: Place, tries: u16) {
        let seed = self.order.id.bits() ^ self.fact.at.get().unsigned_abs();
        let part = place.map_or(0, |at| u64::try_from(at).expect("a usize has at most 64 bits") + 1);
        let jitter = mix(mix(seed) ^ part);
        let (now, started_at, expires_at) = (self.fact.at, self.started_at(place), self.order.expires_at);
        let due_at =
            self.walk(place).and_then(|walk| next_due(walk, tries, now, started_at, expires_at, jitter));
        let tries = if due_at.is_some() { tries } else { 0 };
        let planned = Schedule { due_at, tries };
        if planned != self.schedule(place) {
            self.moved = true;
            match place {
                None => self.order.schedule = planned,
                Some(at) => self.order.operations[at].schedule = planned,
            }
        }
    }

    fn schedule(&self, place: Place) -> Schedule {
        place.map_or(self.order.schedule, |at| self.order.operations[at].schedule)
    }

    fn started_at(&self, place: Place) -> douyin_pay_protocol::UnixMs {
        let Some(at) = place else { return self.order.created_at };
        let operation = &self.order.operations[at];
        let decision = operation.audit().and_then(|audit| audit.decision.as_ref());
        match decision.filter(|_| operation.walk() == Some(Walk::Deciding)) {
            Some(decision) => decision.decided_at,
            None => operation.requested_at,
        }
    }

    /// Ends the change. `refusal` is the verdict if the fact itself changed nothing.
    pub(super) fn finish(mut self, refusal: Option<Refusal>) -> Result<Change, Refusal> {
        last::infer_basis(&mut self.order);
        if self.record {
            push::tell(&mut self);
            plan::look_again(&mut self);
        }
        if !self.record && !self.moved {
            return Err(refusal.unwrap_or(Refusal::Duplicate));
        }
        if self.record {
            let next = self.order.seq.checked_add(1);
            self.order.seq = next.expect("an order has fewer than 2^32 facts");
        } else {
            let same = self.before.is_some_and(|before| fold::same_but_schedule(before, &self.order));
            assert!(same && self.events.is_empty(), "a change that is not recorded moves only the schedule");
        }
        let mut events = Vec::with_capacity(self.events.len());
        let first = self.order.events;
        let count = u32::try_from(self.events.len()).expect("a fact causes few events");
        self.order.events = first.checked_add(count).expect("an order has fewer than 2^32 events");
        for (n, (kind, place, corrected)) in (first + 1..).zip(self.events) {
            let operation = place.map(|at| &self.order.operations[at]);
            events.push(Event::new(n, kind, self.fact.at, corrected, &self.order, operation));
        }
        Ok(Change {
            order: self.order,
            record: self.record,
            events,
            exceptions: self.exceptions,
            solved: self.solved,
            warnings: self.warnings,
            refused: refusal,
        })
    }
}
