//! Calls to the platform: each ends as a fact, whatever comes back.
//!
//! ```text
//! first time   api, in a tracked task ─┐
//! again        reconcile worker ───────┼─▶ sdk ─▶ what came back ─▶ Fact ─▶ journal
//! at once      `?query=now` ───────────┘
//! ```

mod call_log;
mod ecpay;
mod outcome;
mod trade;

use std::sync::Arc;
use std::time::Duration;

use douyin_pay_ledger::{
    CallOutcome, Exception, Fact, Open, OperationKind, Order, OrderId, OrderState, Source, System, Target,
    What, Why,
};
use douyin_pay_protocol::PlatformNo;

pub(crate) use call_log::{CallLog, Numbers};
pub(crate) use ecpay::{push_detail, push_item};
pub(crate) use trade::Found;

use crate::Server;
use crate::api::chain;
use crate::journal::{Decided, Key, Submission, SubmitError};
use crate::live::App;

/// An answer that cannot be written is submitted again so often; after that the schedule asks again.
const SUBMISSIONS_MAX: u32 = 6;
const RESUBMIT_AFTER: Duration = Duration::from_millis(100);

/// How a call ended.
struct Called {
    outcome: CallOutcome,
    /// What the answer told besides.
    seen: Option<What>,
}

impl From<CallOutcome> for Called {
    fn from(outcome: CallOutcome) -> Self {
        Self { outcome, seen: None }
    }
}

/// One thing to ask the platform about one order.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) server: Server,
    pub(crate) app: Arc<App>,
    pub(crate) order: Arc<Order>,
}

/// What came of a question outside the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The platform told something, which was written down.
    Told,
    /// The platform does not know it.
    NotFound,
    /// No answer that can be used.
    Silence,
}

impl Ask {
    /// Sends the merchant's call about `target`, for the first time or again with the same number.
    pub(crate) async fn call(&self, target: &Target) {
        let made = match self.order.system {
            System::Ecpay => ecpay::call(self, target).await,
            System::Trade => trade::call(self, target).await.map(Called::from),
        };
        match made {
            Ok(Called { outcome, seen }) => {
                let refused = matches!(outcome, CallOutcome::Refused { .. });
                let answered = What::Answered { target: target.clone(), outcome };
                let told = self.tell(Source::Answer, answered).await;
                if let Some(seen) = seen {
                    self.tell(Source::Answer, seen).await;
                }
                if refused && self.may_be_done_elsewhere(target) {
                    let order = told.and_then(|decided| decided.order);
                    Self { order: order.unwrap_or_else(|| self.order.clone()), ..self.clone() }
                        .look_for_others();
                }
            }
            Err(problem) => self.not_callable(target, &problem).await,
        }
    }

    /// Asks the platform what it knows about `target`, because the schedule says so.
    pub(crate) async fn query(&self, target: &Target) {
        let what = self.asked(target).await;
        self.tell(Source::Query, what).await;
    }

    /// Asks the platform about `target` because a person wants to know; true if it told something.
    pub(crate) async fn query_now(&self, target: &Target) -> bool {
        self.hear(target).await == Heard::Told
    }

    /// Asks the platform about `target` outside the schedule; what came of it. What it tells is written down. A paid
    /// order or an unknown settlement takes a second call, for what the platform did by itself.
    async fn hear(&self, target: &Target) -> Heard {
        let (heard, told) = self.hear_and_decide(target).await;
        // A refund or settlement of the platform's own shows only when it is asked for.
        if heard == Heard::Told && *target == Target::Order && self.order.state == OrderState::Paid {
            self.adopt().await;
        }
        // Whether one that nobody here asked for was the last, and who got what of it, only the order's list tells.
        if self.is_unknown_settlement(target)
            && let Some(order) = told.and_then(|decided| decided.order)
        {
            Self { order, ..self.clone() }.adopt().await;
        }
        heard
    }

    /// Asks the platform for the settlements of the order that it made by itself: one call, or none when there can be
    /// no such settlement. Only in guaranteed payment.
    pub(crate) async fn hear_of_own_settlements(&self) -> Option<Heard> {
        match self.order.system {
            System::Ecpay => ecpay::adopt(self).await,
            System::Trade => None,
        }
    }

    /// The same about nothing but `target`, with one call.
    pub(crate) async fn hear_once(&self, target: &Target) -> Heard {
        self.hear_and_decide(target).await.0
    }

    async fn hear_and_decide(&self, target: &Target) -> (Heard, Option<Decided>) {
        let what = self.asked(target).await;
        // A person's question that brought nothing must not move the schedule; but to know nothing of an order can
        // be the answer that ends it.
        if let What::NothingNew { target: about, why } = &what {
            let ends = *about == Target::Order
                && *why == Why::NotFound
                && self.order.is_unplaced_if_unknown(self.server.env().now());
            if !ends {
                return (if *why == Why::NotFound { Heard::NotFound } else { Heard::Silence }, None);
            }
        }
        (Heard::Told, self.tell(Source::Operator, what).await)
    }

    fn is_unknown_settlement(&self, target: &Target) -> bool {
        let Target::Operation(OperationKind::Settlement, out_no) = target else { return false };
        self.order.operation(OperationKind::Settlement, out_no).is_none()
    }

    /// Takes over what the platform's side did with the order by itself.
    async fn adopt(&self) {
        match self.order.system {
            System::Ecpay => {
                ecpay::adopt(self).await;
            }
            System::Trade => {
                trade::adopt(self).await;
            }
        }
    }

    /// Asks the platform what is left to settle, because a person wants to know; true if it told. Its figure is
    /// compared with ours, and both are remembered. Only in guaranteed payment.
    pub(crate) async fn settleable_now(&self) -> bool {
        match ecpay::settleable(self).await {
            Some(what) => self.tell(Source::Operator, what).await.is_some(),
            None => false,
        }
    }

    /// Asks the platform whether its order of this number is this one, and writes it down if so.
    pub(crate) async fn check_platform_order(&self, number: &PlatformNo) -> Found {
        trade::check_platform_order(self, number).await
    }

    /// Whether the platform's side does by itself what was refused; in guaranteed payment it only settles.
    fn may_be_done_elsewhere(&self, target: &Target) -> bool {
        self.order.system == System::Trade
            || matches!(target, Target::Operation(OperationKind::Settlement, _))
    }

    /// The platform's side may have refunded or settled what was refused to us, and its word of it may be lost. Nobody
    /// waits for the answer.
    fn look_for_others(&self) {
        let ask = self.clone();
        let task = async move { ask.adopt().await };
        self.server.env().tasks.spawn("look_for_others", Box::pin(task));
    }

    async fn asked(&self, target: &Target) -> What {
        match self.order.system {
            System::Ecpay => ecpay::query(self, target).await,
            System::Trade => trade::query(self, target).await,
        }
    }

    /// The merchant's request for the order: its first fact.
    async fn remembered(&self) -> Result<Open, String> {
        let open = self.first_said(|what| match what {
            What::Open(open) => Some(*open),
            _ => None,
        });
        open.await?.ok_or_else(|| "its first fact is not the merchant's request".to_owned())
    }

    /// The first of the order's facts that `pick` takes something from.
    async fn first_said<T>(&self, pick: impl Fn(What) -> Option<T>) -> Result<Option<T>, String> {
        let facts = self.server.reads().facts(self.order.id).await.map_err(|cause| chain(&cause))?;
        Ok(facts.into_iter().find_map(|row| pick(row.fact.what)))
    }

    /// What is stored cannot be sent as it is: a human must look, and nothing is sent.
    async fn not_callable(&self, target: &Target, problem: &str) {
        tracing::error!(order.id = %self.order.id, ?target, problem, "a stored request cannot be sent to the platform");
        let detail =
            format!("order `{}`: the stored request cannot be sent: {problem}", self.order.out_order_no);
        let exception = Exception { kind: Exception::QUARANTINED, order: Some(self.order.id), detail };
        if let Err(cause) = self.server.journal().raise(exception, self.server.env().now()).await {
            tracing::warn!(error = %cause, "the exception could not be written");
        }
    }

    /// Submits a fact about the order, patiently.
    pub(crate) async fn tell(&self, source: Source, what: What) -> Option<Decided> {
        let fact = Fact { at: self.server.env().now(), source, what };
        submit_patiently(&self.server, self.order.id, fact).await
    }
}

/// Submits until it is decided. When it never is, the order's schedule asks again by itself.
async fn submit_patiently(server: &Server, order: OrderId, fact: Fact) -> Option<Decided> {
    let mut pause = RESUBMIT_AFTER;
    for _ in 0..SUBMISSIONS_MAX {
        let submission = Submission { key: Key::Id(order), fact: fact.clone(), callback: None };
        match server.journal().submit(submission).await {
            Ok(decided) => return Some(decided),
            Err(SubmitError::Full | SubmitError::Unavailable(_)) => {
                server.env().sleep(pause).await;
                pause *= 2;
            }
            Err(cause) => {
                tracing::error!(order.id = %order, error = %cause, "an answer of the platform could not be recorded");
                return None;
            }
        }
    }
    tracing::error!(order.id = %order, "an answer of the platform could not be recorded; it will be asked for again");
    None
}
