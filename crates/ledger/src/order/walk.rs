//! What an order or operation waits for, and what is done when it is due.

use douyin_pay_protocol::UnixMs;

use super::{Operation, Order};
use crate::decide::is_unheard;
use crate::schedule::{NEVER_PLACED_MS, Walk};
use crate::{DecisionState, OperationKind, OperationState, OrderState, System};

/// What to do with something that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// The first call never reported its end, perhaps because the process died: record it as
    /// [`crate::CallOutcome::Unknown`], which also schedules the repeat.
    Lost,
    /// Send the merchant's call, again with the same number.
    Call,
    /// Send the merchant's decision about the refund: [`crate::Target::Audit`]. The same again does no harm.
    Decide,
    /// Ask the platform what it knows of our number.
    Query,
    /// Nothing: it is final.
    Nothing,
}

impl Order {
    /// What to do when the order itself is due.
    ///
    /// Until the cashier's token is here the call is repeated with the same number; after an unknown
    /// outcome every second time is a query, because only a query decides then. After the expiry
    /// nothing is opened any more: query only. A closed order is asked about again when one of its
    /// operations makes that doubtful.
    pub fn next_step(&self, now: UnixMs) -> NextStep {
        if self.state == OrderState::Paid || self.schedule.due_at.is_none() {
            NextStep::Nothing
        } else if self.state.is_final()
            || self.order_token.is_some()
            || self.imported
            || self.system == System::Trade
            || now >= self.expires_at
        {
            NextStep::Query
        } else {
            match self.state {
                OrderState::Opening => repeat_or_query(self.maybe_acted, self.schedule.tries),
                _ => NextStep::Call,
            }
        }
    }
}

impl Operation {
    /// What to do when the operation is due.
    ///
    /// Guaranteed payment repeats the call with the same number and asks in turns; the general trade
    /// system takes a number once, so there the question comes first, and the call is repeated only
    /// when the platform does not know the number. A fulfilment cannot be asked about: the same again.
    pub fn next_step(&self) -> NextStep {
        let (maybe_acted, tries) = (self.maybe_acted, self.schedule.tries);
        match self.walk() {
            None => NextStep::Nothing,
            Some(Walk::Requested) if self.kind == OperationKind::Fulfilment => NextStep::Call,
            Some(Walk::Requested) => repeat_or_query(maybe_acted, tries),
            Some(Walk::Asked) if !maybe_acted && tries == 0 => NextStep::Lost,
            Some(Walk::Asked) if tries.is_multiple_of(2) => NextStep::Call,
            Some(Walk::Deciding) if tries.is_multiple_of(2) => NextStep::Decide,
            Some(_) => NextStep::Query,
        }
    }

    /// The same in a process that began at `began`. Of a settlement that the ledger asked for by itself and that is older
    /// than the process, the one before may have sent the first call and died before it wrote down the answer.
    pub fn next_step_after(&self, began: UnixMs) -> NextStep {
        match self.next_step() {
            NextStep::Call if self.requested_at < began && is_unheard(self) => NextStep::Lost,
            step => step,
        }
    }

    /// What is being waited for; nothing when it is final.
    pub(crate) fn walk(&self) -> Option<Walk> {
        match self.state {
            OperationState::Failed | OperationState::Succeeded => None,
            OperationState::Requested if self.trade.is_some() && self.kind != OperationKind::Fulfilment => {
                Some(Walk::Asked)
            }
            OperationState::Requested => Some(Walk::Requested),
            OperationState::Accepted => Some(Walk::Accepted(self.kind)),
            OperationState::Auditing => Some(self.consent()),
        }
    }

    /// What a refund waits for while its consent is not settled, or just was.
    fn consent(&self) -> Walk {
        let Some(audit) = self.audit() else { return Walk::Auditing { deadline_at: None } };
        match &audit.decision {
            Some(decision) if decision.state == DecisionState::Requested => Walk::Deciding,
            _ if audit.status.is_open() => Walk::Auditing { deadline_at: audit.deadline_at },
            // Consent is given or counts as given: the money is on its way.
            _ => Walk::Accepted(self.kind),
        }
    }
}

impl Order {
    /// What is being waited for; nothing when it is final.
    pub(crate) fn walk(&self) -> Option<Walk> {
        match (self.state, self.system) {
            (OrderState::Refused | OrderState::Closed | OrderState::Paid, _) => None,
            (OrderState::Opening, _) => Some(Walk::Opening),
            (OrderState::Waiting, System::Ecpay) if self.order_token.is_none() && !self.imported => {
                Some(Walk::Opening)
            }
            (OrderState::Waiting, System::Trade) if self.platform_order_id.is_none() => Some(Walk::Signed),
            (OrderState::Waiting, _) => Some(Walk::Waiting),
        }
    }

    /// Whether "not found" at that time means that nobody placed it.
    ///
    /// Signed data can be placed for an hour and then be paid until it expires. The platform never spoke of it and
    /// does not know it, long after both. What was opened elsewhere is not ours to judge.
    pub fn is_unplaced_if_unknown(&self, at: UnixMs) -> bool {
        self.walk() == Some(Walk::Signed) && !self.imported && at.since(self.expires_at) >= NEVER_PLACED_MS
    }
}

fn repeat_or_query(maybe_acted: bool, tries: u16) -> NextStep {
    match (maybe_acted, tries) {
        (false, 0) => NextStep::Lost,
        (true, tries) if tries.is_multiple_of(2) => NextStep::Query,
        _ => NextStep::Call,
    }
}

/// The next even number: in the general trade system the turn of a call.
pub(crate) const fn next_even(tries: u16) -> u16 {
    tries.saturating_add(if tries.is_multiple_of(2) { 2 } else { 1 })
}

/// The next odd number: in the general trade system the turn of a question.
pub(crate) const fn next_odd(tries: u16) -> u16 {
    tries.saturating_add(if tries.is_multiple_of(2) { 1 } else { 2 })
}
