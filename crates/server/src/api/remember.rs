//! Remember first, then call: the two steps of everything a merchant asks for.

use std::sync::Arc;
use std::time::Duration;

use douyin_pay::Pacer;
use douyin_pay_env::Mono;
use douyin_pay_ledger::{Order, OrderId, Target};
use douyin_pay_protocol::{AppId, Endpoint};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::ApiError;
use crate::Server;
use crate::ask::Ask;
use crate::journal::{Decided, Submission};
use crate::live::App;
use crate::store::LoadKey;

/// A merchant waits at most so long for the platform's answer.
const REPLY_WAIT: Duration = Duration::from_secs(8);
/// While the outcome is open the schedule repeats the call: look at the books this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A person who would wait longer for a turn under the limits is told so instead.
const TURN_WAIT_MAX: Duration = Duration::from_secs(3);

/// Something that was submitted, and whose call to the platform may be under way.
pub(super) struct Begun {
    pub(super) decided: Decided,
    called: oneshot::Receiver<()>,
    until: Mono,
}

/// Submits, and if something new was remembered, calls the platform.
///
/// Both happen in a tracked task: whoever asked may hang up, and the call is made all the same.
pub(super) async fn begin(
    server: &Server,
    app: &Arc<App>,
    submission: Submission,
    target: Target,
) -> Result<Begun, ApiError> {
    let until = server.env().mono().plus(REPLY_WAIT);
    let (say_decided, decided) = oneshot::channel();
    let (say_called, called) = oneshot::channel();
    let (task_server, app) = (server.clone(), Arc::clone(app));
    let task = async move {
        let decided = task_server.journal().submit(submission).await;
        let new = decided
            .as_ref()
            .ok()
            .filter(|decided| decided.verdict.is_ok())
            .and_then(|decided| decided.order.clone());
        // Whoever asked may be gone; what was remembered is carried out.
        let _gone = say_decided.send(decided);
        if let Some(order) = new {
            Ask { server: task_server, app, order }.call(&target).await;
        }
        let _gone = say_called.send(());
    };
    server.env().tasks.spawn("remember_then_call", Box::pin(task.in_current_span()));
    let decided = decided.await.map_err(|_| {
        ApiError::busy("stopping", "the service is stopping; send the same request again", 2)
    })??;
    Ok(Begun { decided, called, until })
}

impl Begun {
    /// The order once `is_known`, or as it is when the merchant has waited long enough.
    ///
    /// When the call has ended and the schedule has nothing to do before that, there is nothing to wait for.
    pub(super) async fn outcome(
        self,
        server: &Server,
        order: &Order,
        is_known: impl Fn(&Order) -> bool,
    ) -> Result<Order, ApiError> {
        let left = |until: Mono| until.wait_from(server.env().mono());
        // Ended or not: the books say what came of it.
        let ended = server.env().within(left(self.until), self.called).await.is_ok();
        loop {
            let order = by_id(server, order.id).await?;
            let wait = left(self.until);
            let due_in_ms = order.due_at().map_or(i64::MAX, |due_at| due_at.since(server.env().now()));
            let in_vain = ended && u128::try_from(due_in_ms).is_ok_and(|due_in| due_in >= wait.as_millis());
            if is_known(&order) || wait.is_zero() || in_vain {
                return Ok(order);
            }
            server.env().sleep(wait.min(LOOK_EVERY)).await;
        }
    }
}

/// Refuses when the turn for a call would come too late for a person.
pub(super) fn check_turn(server: &Server, app_id: &AppId, endpoint: Endpoint) -> Result<(), ApiError> {
    let wait = server.pacer().backlog(app_id, endpoint);
    if wait <= TURN_WAIT_MAX {
        return Ok(());
    }
    let seconds = wait.as_secs() + 1;
    Err(ApiError::busy(
        "paced",
        format!("the limit of calls to `{endpoint}` leaves no turn for {seconds} s; nothing was sent"),
        seconds,
    ))
}

/// The order of that id, as it is in the books.
pub(super) async fn by_id(server: &Server, id: OrderId) -> Result<Order, ApiError> {
    let found = load(server, LoadKey::Id(id)).await?;
    found.ok_or_else(|| ApiError::not_found("unknown_number", format!("there is no order {id}")))
}

/// The order that a key belongs to.
pub(super) async fn load(server: &Server, key: LoadKey) -> Result<Option<Order>, ApiError> {
    let found = server.reads().orders_of(vec![key]).await.map_err(|cause| ApiError::unreadable(&cause))?;
    Ok(found.into_iter().next().flatten())
}
