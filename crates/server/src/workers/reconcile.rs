//! Asks the platform about whatever is due, as many at once as the limits allow.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay::Pacer;
use douyin_pay_env::UnixMs;
use douyin_pay_ledger::{CallOutcome, NextStep, OperationKind, Order, Source, System, Target, What, Why};
use douyin_pay_protocol::{AppId, Endpoint, ecpay, trade};
use futures_util::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::LEASE_MS;
use super::wait::{self, Worker};
use crate::Server;
use crate::ask::Ask;

/// Orders that are asked about at the same time. At 30 a second their turns come within nine seconds.
const AT_ONCE: usize = 256;
/// Changes arrive in bursts, and nothing becomes due at once: look once per burst.
const BURST: Duration = Duration::from_millis(200);
/// With more than this of budget queued, early questions are skipped.
const BACKLOG_MAX: Duration = Duration::from_secs(15);
/// The questions of the first minutes: a callback usually makes them superfluous.
const EARLY_TRIES: u16 = 4;

/// Runs until the service stops.
pub(super) async fn run(server: Server) {
    let worker = Worker {
        next_due: |reads| reads.next_order_due(),
        step: |server, room| Box::pin(async move { step(&server, &room).await }),
        at_once: AT_ONCE,
        gather: BURST,
    };
    wait::run(server, worker).await;
}

/// Leases what is due and starts asking; how many orders that are. Waits while all places are taken.
pub(crate) async fn step(server: &Server, room: &Arc<Semaphore>) -> usize {
    let places = wait::free_places(room).await;
    let leased = server.journal().lease_due_orders(server.env().now(), places.len(), LEASE_MS).await;
    let orders = leased.unwrap_or_else(|cause| {
        tracing::warn!(error = %cause, "no orders could be leased; trying again");
        Vec::new()
    });
    let count = orders.len();
    for (order, place) in orders.into_iter().zip(places) {
        let task = reconcile(server.clone(), order, place);
        server.env().tasks.spawn("reconcile_order", Box::pin(task));
    }
    count
}

/// Asks about everything that is due on one order.
async fn reconcile(server: Server, order: Arc<Order>, _place: OwnedSemaphorePermit) {
    let Some(app) = server.live().app_of_id(order.app_id.as_str()).cloned() else {
        tracing::warn!(order.id = %order.id, app_id = %order.app_id, "an order of an app that is not configured is due");
        return;
    };
    let now = server.env().now();
    let ask = Ask { server, app, order };
    carry_out_due(&ask, now).await;
    if ask.order.settle_due_at().is_some_and(|at| at <= now) {
        settle(ask).await;
    }
}

async fn carry_out_due(ask: &Ask, now: UnixMs) {
    let work = due_targets(&ask.order, now, ask.server.began()).into_iter().map(|due| carry_out(ask, due));
    join_all(work).await;
}

/// The days after which the order is settled by itself are over: the ledger says what there is to ask for.
async fn settle(ask: Ask) {
    let decided = ask.tell(Source::Query, What::SettlementDue).await;
    let asked = decided.filter(|decided| decided.verdict.is_ok()).and_then(|decided| decided.order);
    // As long as the due time is the same the lease is still ours; else somebody takes the order at once.
    if let Some(order) = asked.filter(|order| order.due_at() == ask.order.due_at()) {
        let now = ask.server.env().now();
        carry_out_due(&Ask { order, ..ask }, now).await;
    }
}

struct Due {
    target: Target,
    step: NextStep,
    tries: u16,
}

fn due_targets(order: &Order, now: UnixMs, began: UnixMs) -> Vec<Due> {
    let is_due = |at: Option<UnixMs>| at.is_some_and(|at| at <= now);
    let mut due = Vec::new();
    if is_due(order.schedule.due_at) {
        due.push(Due { target: Target::Order, step: order.next_step(now), tries: order.schedule.tries });
    }
    for operation in order.operations.iter().filter(|operation| is_due(operation.schedule.due_at)) {
        let target = Target::Operation(operation.kind, operation.out_no.clone());
        due.push(Due { target, step: operation.next_step_after(began), tries: operation.schedule.tries });
    }
    due
}

async fn carry_out(ask: &Ask, due: Due) {
    match due.step {
        NextStep::Lost => {
            let what = What::Answered { target: due.target, outcome: CallOutcome::Unknown };
            ask.tell(Source::Answer, what).await;
        }
        NextStep::Call => ask.call(&due.target).await,
        NextStep::Decide => ask.call(&consent(due.target)).await,
        NextStep::Query if may_be_skipped(ask, &due) => {
            ask.tell(Source::Query, What::NothingNew { target: due.target, why: Why::Paced }).await;
        }
        NextStep::Query => ask.query(&due.target).await,
        NextStep::Nothing => {
            ask.tell(Source::Query, What::NothingNew { target: due.target, why: Why::Processing }).await;
        }
    }
}

/// The decision about the refund that is due.
fn consent(due: Target) -> Target {
    match due {
        Target::Operation(_, out_no) => Target::Audit(out_no),
        other => other,
    }
}

fn may_be_skipped(ask: &Ask, due: &Due) -> bool {
    let endpoint = query_endpoint(ask.order.system, &due.target);
    due.tries < EARLY_TRIES && backlog(&ask.server, &ask.order.app_id, endpoint) > BACKLOG_MAX
}

fn backlog(server: &Server, app_id: &AppId, endpoint: Endpoint) -> Duration {
    server.pacer().backlog(app_id, endpoint)
}

/// The query that asks about a target.
pub(crate) fn query_endpoint(system: System, target: &Target) -> Endpoint {
    match (system, target) {
        (System::Ecpay, Target::Order) => ecpay::Endpoint::QueryOrder.into(),
        (System::Ecpay, Target::Operation(OperationKind::Refund, _) | Target::Audit(_)) => {
            ecpay::Endpoint::QueryRefund.into()
        }
        (System::Ecpay, Target::Operation(OperationKind::Settlement, _)) => {
            ecpay::Endpoint::QuerySettle.into()
        }
        (System::Ecpay, Target::Operation(OperationKind::Return, _)) => ecpay::Endpoint::QueryReturn.into(),
        (System::Ecpay, Target::Operation(OperationKind::Fulfilment, _)) => ecpay::Endpoint::OrderPush.into(),
        (System::Trade, Target::Order | Target::Operation(OperationKind::Fulfilment, _)) => {
            trade::Endpoint::OrderQuery.into()
        }
        (System::Trade, Target::Operation(OperationKind::Refund, _) | Target::Audit(_)) => {
            trade::Endpoint::RefundQuery.into()
        }
        (System::Trade, Target::Operation(..)) => trade::Endpoint::SettleQuery.into(),
    }
}
