//! Guaranteed payment's client: every call of a mini-program, signed with the salt.

mod bills;
mod calls;
mod merchants;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_protocol::ecpay::{Caller, Request, parse_reply};
use douyin_pay_protocol::{AppId, AppSecret, Salt};
use http::{Response, StatusCode};

use crate::engine::Engine;
use crate::outcome::Cause;
use crate::platform::ECPAY_PRODUCTION;
use crate::setup::Builder;
use crate::tokens::{MemoryTokenCache, TokenCache, TokenKey, Tokens};
use crate::{BuildError, Retry};

pub(crate) use bills::fetching;

/// Calls the platform for one mini-program. Clones share connections and limits.
///
/// Every call answers `Ok` only when the platform accepted. For refunds, settlements, returns and withdrawals that
/// means "taken on", not "done": the callback or a query tells the end.
///
/// A number of ours never does a thing twice: a repeated one is answered with the first reply. So the client repeats
/// by itself whatever got lost, with the same bytes; only `create_merchant`, which has no such number, is left alone.
///
/// A provider that acts for the app says so with `thirdparty_id`; what it does for itself is a matter of
/// [`ProviderClient`](crate::ProviderClient).
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
    engine: Arc<Engine>,
    keys: Keys,
    /// There are none without an app secret.
    tokens: Option<Tokens>,
    retry: Retry,
}

/// Builds a [`Client`]; made by [`Client::builder`].
pub type ClientBuilder = Builder<EcpayAccess>;

/// What only the client of guaranteed payment is built with.
pub struct EcpayAccess {
    keys: Keys,
    app_secret: Option<AppSecret>,
    token_cache: Arc<dyn TokenCache>,
}

/// Who acts for the app, and what signs.
struct Keys {
    salt: Salt,
    thirdparty_id: Option<AppId>,
    provider_salt: Option<Salt>,
}

impl Builder<EcpayAccess> {
    /// Acts as a service provider for the app. Which salt the platform then wants is not documented for most calls:
    /// without [`Builder::provider_salt`] the app's signs.
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.access.keys.thirdparty_id = Some(provider);
        self
    }

    /// The provider's own salt: it then signs all calls but `app_add_sub_merchant`, which is the app's own.
    pub fn provider_salt(mut self, salt: Salt) -> Self {
        self.access.keys.provider_salt = Some(salt);
        self
    }

    /// The app secret, with which access tokens are fetched. Only the order push needs one.
    pub fn app_secret(mut self, secret: AppSecret) -> Self {
        self.access.app_secret = Some(secret);
        self
    }

    /// Where the access token is kept; in the client's own memory unless said. Give the same to all clients of an app,
    /// and one that several processes can reach when there are several: a new token ends the one before.
    pub fn token_cache(mut self, cache: Arc<dyn TokenCache>) -> Self {
        self.access.token_cache = cache;
        self
    }

    /// The client. Nothing is connected yet.
    ///
    /// # Errors
    /// When the platform's URL or the total time-out cannot be used, or no environment is there.
    pub fn build(self) -> Result<Client, BuildError> {
        let (retry, pace_wait_max) = (self.retry, self.pace_wait_max);
        let (engine, EcpayAccess { keys, app_secret, token_cache }) = self.engine(ECPAY_PRODUCTION)?;
        let engine = Arc::new(engine);
        let tokens = app_secret.map(|secret| {
            let key = TokenKey::ecpay(engine.app_id.clone(), engine.base_url.clone());
            Tokens::new(Arc::clone(&engine), secret, key, retry, token_cache)
        });
        Ok(Client { shared: Arc::new(Shared { engine, keys, tokens, retry }), pace_wait_max })
    }
}

impl Client {
    /// Begins a client for `app_id`, whose requests are signed with `salt`.
    pub fn builder(app_id: AppId, salt: Salt) -> ClientBuilder {
        let keys = Keys { salt, thirdparty_id: None, provider_salt: None };
        let token_cache = Arc::new(MemoryTokenCache::new());
        Builder::new(app_id, EcpayAccess { keys, app_secret: None, token_cache })
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

    /// Who calls.
    fn caller(&self) -> Caller<'_> {
        let Shared { engine, keys, .. } = &*self.shared;
        let app = Caller::app(&engine.app_id, &keys.salt);
        match &keys.thirdparty_id {
            Some(provider) => app.through(provider, keys.provider_salt.as_ref()),
            None => app,
        }
    }
}

/// Reads the answer to a request of type `R`. Another status than 200 is not from the payment system.
pub(crate) fn read<R: Request>(response: &Response<Bytes>) -> Result<R::Reply, Cause> {
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
