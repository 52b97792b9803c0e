//! The client: six calls, signed, paced, repeated where that is safe, observed.

mod attempt;
mod builder;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Env, Mono};
use douyin_pay_protocol::ecpay::{
    CreateOrder, CreateOrderReply, CreateRefund, CreateRefundReply, QueryOrder, QueryOrderReply, QueryRefund,
    QuerySettle, RefundInfo, Request, Settle, SettleInfo, SettleReply, signed_body,
};
use douyin_pay_protocol::{AppId, Endpoint, Salt};

use self::attempt::{Attempt, Trace};
pub use self::builder::{BuildError, ClientBuilder};
use crate::observer::Numbers;
use crate::outcome::{Cause, Repeat};
use crate::retry::ATTEMPT_MS_MIN;
use crate::{Answer, Error, Observer, Outcome, Pacer, Permit, Retry};

/// Calls the platform for one mini-program. Clones share connections and limits.
///
/// Every call answers `Ok` only when the platform accepted. For refunds and settlements that means "taken
/// on", not "done": the callback or a query tells the end.
///
/// **Dropping a future** of a call after its first poll means [`Outcome::Unknown`]: the request may have
/// been carried out. Work that must know its outcome belongs in a task of its own.
///
/// ```
/// use douyin_pay::{Client, Platform};
/// use douyin_pay::protocol::{AppId, Salt};
///
/// let client = Client::builder(AppId::new("tt0000000000000001")?, Salt::new("a secret salt")?)
///     .platform(Platform::Sandbox)
///     .build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    pace_wait_max: Option<Duration>,
}

struct Shared {
    app_id: AppId,
    thirdparty_id: Option<AppId>,
    salt: Salt,
    base_url: String,
    env: Env,
    retry: Retry,
    total: Duration,
    pacer: Option<Arc<dyn Pacer>>,
    observer: Option<Arc<dyn Observer>>,
}

impl Client {
    /// Begins a client for `app_id`, whose requests are signed with `salt`.
    pub fn builder(app_id: AppId, salt: Salt) -> ClientBuilder {
        ClientBuilder::new(app_id, salt)
    }

    /// The mini-program it calls for.
    pub fn app_id(&self) -> &AppId {
        &self.shared.app_id
    }

    /// The same client for callers that wait at most so long for their turn; `None` waits as long as it takes.
    #[must_use]
    pub fn with_pace_wait_max(&self, wait_max: Option<Duration>) -> Self {
        Self { shared: Arc::clone(&self.shared), pace_wait_max: wait_max }
    }

    /// 预下单: opens an order. The reply is what `tt.pay` needs.
    ///
    /// # Errors
    /// As [`Client::call`]. After [`Outcome::Unknown`] repeat with the same number: the platform answers a
    /// repeated number with the first reply.
    pub async fn create_order(&self, ask: &CreateOrder) -> Result<Answer<CreateOrderReply>, Error> {
        self.call(ask).await
    }

    /// 支付结果查询: what became of an order.
    ///
    /// # Errors
    /// As [`Client::call`]. [`Error::is_not_found`] never means that the payment failed.
    pub async fn query_order(&self, ask: &QueryOrder) -> Result<Answer<QueryOrderReply>, Error> {
        self.call(ask).await
    }

    /// 发起退款: asks for a refund of a part or of all. `Ok` means taken on, not done.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn create_refund(&self, ask: &CreateRefund) -> Result<Answer<CreateRefundReply>, Error> {
        self.call(ask).await
    }

    /// 退款结果查询: what became of a refund.
    ///
    /// # Errors
    /// As [`Client::call`]. [`Error::is_not_found`] never means that the refund failed.
    pub async fn query_refund(&self, ask: &QueryRefund) -> Result<Answer<RefundInfo>, Error> {
        self.call(ask).await
    }

    /// 发起结算及分账: asks to settle an order, with or without shares. `Ok` means taken on, not done.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn settle(&self, ask: &Settle) -> Result<Answer<SettleReply>, Error> {
        self.call(ask).await
    }

    /// 结算结果查询: what became of a settlement.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn query_settle(&self, ask: &QuerySettle) -> Result<Answer<SettleInfo>, Error> {
        self.call(ask).await
    }

    /// Any of the six calls, for code that is generic over them.
    ///
    /// # Errors
    /// When the platform refused, nothing was sent, or nobody knows: [`Error::outcome`] says which.
    pub async fn call<R: Request>(&self, ask: &R) -> Result<Answer<R::Reply>, Error> {
        let shared = &*self.shared;
        // One body for all attempts: the platform must see the very same request again.
        let body = signed_body(&shared.app_id, shared.thirdparty_id.as_ref(), ask, &shared.salt);
        let endpoint = Endpoint::from(R::ENDPOINT);
        let mut progress = Progress::new(endpoint);
        let mut permit = match self.turn(endpoint, self.pace_wait_max).await {
            Ok(permit) => permit,
            Err(cause) => return Err(progress.end(cause, Trace::default())),
        };
        let body = Bytes::from(body);
        let over = shared.env.mono().plus(shared.total);
        loop {
            progress.attempts += 1;
            let attempt = Attempt::begin(shared, endpoint, Numbers::of(ask), progress.attempts);
            let (result, trace) = attempt.send::<R>(body.clone(), over.wait_from(shared.env.mono())).await;
            drop(permit);
            let cause = match result {
                Ok(reply) => return Ok(Answer { reply, log_id: trace.log_id, attempts: progress.attempts }),
                Err(cause) => cause,
            };
            progress.note(&cause);
            let Some(next) = self.next_turn(&progress, &cause, over).await else {
                return Err(progress.end(cause, trace));
            };
            permit = next;
        }
    }

    /// Waits for the turn under the limit of calls.
    async fn turn(&self, endpoint: Endpoint, wait_max: Option<Duration>) -> Result<Permit, Cause> {
        match &self.shared.pacer {
            None => Ok(Permit::uncounted()),
            Some(pacer) => {
                let turn = pacer.acquire(&self.shared.app_id, endpoint, wait_max).await;
                turn.map_err(|paced| Cause::Paced(paced.wait))
            }
        }
    }

    /// Waits until the next attempt may begin; `None` when there is none.
    async fn next_turn(&self, progress: &Progress, cause: &Cause, over: Mono) -> Option<Permit> {
        let Shared { env, retry, .. } = &*self.shared;
        let repeat = cause.repeat(progress.endpoint);
        let wait = retry.wait(env, repeat, progress.attempts)?;
        let latest = over.plus_ms(-ATTEMPT_MS_MIN);
        let begin = env.mono().plus(wait);
        if repeat == Repeat::Never || begin > latest {
            return None;
        }
        env.sleep_until(begin).await;
        self.turn(progress.endpoint, Some(latest.wait_from(env.mono()))).await.ok()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("app_id", &self.shared.app_id)
            .field("base_url", &self.shared.base_url)
            .finish_non_exhaustive()
    }
}

/// What all attempts of one call together tell.
struct Progress {
    endpoint: Endpoint,
    attempts: u32,
    /// An attempt may have been carried out: from here on no refusal is an answer.
    maybe_acted: bool,
}

impl Progress {
    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, attempts: 0, maybe_acted: false }
    }

    fn note(&mut self, cause: &Cause) {
        // A query changes nothing, so each of its answers stands for itself.
        self.maybe_acted |= !self.endpoint.is_query() && cause.outcome() == Outcome::Unknown;
    }

    fn end(&self, cause: Cause, trace: Trace) -> Error {
        let outcome = if self.maybe_acted { Outcome::Unknown } else { cause.outcome() };
        Error::new(self.endpoint, outcome, cause, self.attempts, (trace.http_status, trace.log_id))
    }
}
