//! Guaranteed payment's client: six calls, each signed with the salt.

mod bills;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_protocol::ecpay::{
    Caller, CreateOrder, CreateOrderReply, CreateRefund, CreateRefundReply, QueryOrder, QueryOrderReply,
    QueryRefund, QuerySettle, RefundInfo, Request, Settle, SettleInfo, SettleReply, parse_reply, signed_body,
};
use douyin_pay_protocol::{AppId, Salt};
use http::{Response, StatusCode};

use crate::engine::{Ask, Engine, Read};
use crate::observer::Numbers;
use crate::outcome::Cause;
use crate::platform::ECPAY_PRODUCTION;
use crate::setup::Builder;
use crate::{Answer, BuildError, Error, Retry};

/// Calls the platform for one mini-program. Clones share connections and limits.
///
/// Every call answers `Ok` only when the platform accepted. For refunds and settlements that means "taken
/// on", not "done": the callback or a query tells the end.
///
/// **Dropping a future** of a call after its first poll means [`Outcome::Unknown`](crate::Outcome::Unknown): the
/// request may have been carried out. Work that must know its outcome belongs in a task of its own.
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
    engine: Engine,
    access: EcpayAccess,
    retry: Retry,
}

/// Builds a [`Client`]; made by [`Client::builder`].
pub type ClientBuilder = Builder<EcpayAccess>;

/// What only the client of guaranteed payment is built with.
pub struct EcpayAccess {
    salt: Salt,
    thirdparty_id: Option<AppId>,
}

impl Builder<EcpayAccess> {
    /// Acts as a service provider for the app. The salt is then the provider's or the app's, as agreed.
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.access.thirdparty_id = Some(provider);
        self
    }

    /// The client. Nothing is connected yet.
    ///
    /// # Errors
    /// When the platform's URL or the total time-out cannot be used, or no environment is there.
    pub fn build(self) -> Result<Client, BuildError> {
        let (retry, pace_wait_max) = (self.retry, self.pace_wait_max);
        let (engine, access) = self.engine(ECPAY_PRODUCTION)?;
        Ok(Client { shared: Arc::new(Shared { engine, access, retry }), pace_wait_max })
    }
}

impl Client {
    /// Who calls.
    fn caller(&self) -> Caller<'_> {
        let Shared { engine, access, .. } = &*self.shared;
        let app = Caller::app(&engine.app_id, &access.salt);
        match &access.thirdparty_id {
            Some(provider) => app.through(provider, None),
            None => app,
        }
    }

    /// Begins a client for `app_id`, whose requests are signed with `salt`.
    pub fn builder(app_id: AppId, salt: Salt) -> ClientBuilder {
        Builder::new(app_id, EcpayAccess { salt, thirdparty_id: None })
    }

    /// The mini-program it calls for.
    pub fn app_id(&self) -> &AppId {
        &self.shared.engine.app_id
    }

    /// The same client for callers that wait at most so long for their turn; `None` waits as long as it takes.
    #[must_use]
    pub fn with_pace_wait_max(&self, wait_max: Option<Duration>) -> Self {
        Self { shared: Arc::clone(&self.shared), pace_wait_max: wait_max }
    }

    /// 预下单: opens an order. The reply is what `tt.pay` needs.
    ///
    /// # Errors
    /// As [`Client::call`]. After [`Outcome::Unknown`](crate::Outcome::Unknown) repeat with the same number: the
    /// platform answers a repeated number with the first reply.
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
        let Shared { engine, access, retry } = &*self.shared;
        let body = signed_body(&engine.app_id, access.thirdparty_id.as_ref(), ask, &access.salt);
        let ask = Ask {
            endpoint: R::ENDPOINT.into(),
            numbers: Numbers::of(ask),
            body: Bytes::from(body),
            read: Read::Whole(read::<R>),
            tokens: None,
            retry: *retry,
            pace_wait_max: self.pace_wait_max,
        };
        engine.call(&ask).await
    }
}

/// Reads the answer to a request of type `R`. Another status than 200 is not from the payment system.
fn read<R: Request>(response: &Response<Bytes>) -> Result<R::Reply, Cause> {
    if response.status() != StatusCode::OK {
        return Err(Cause::Status(response.status()));
    }
    parse_reply::<R>(response.body()).map_err(Cause::Reply)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("app_id", &self.shared.engine.app_id)
            .field("base_url", &self.shared.engine.base_url)
            .finish_non_exhaustive()
    }
}
