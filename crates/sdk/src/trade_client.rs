//! The general trade system's client: fourteen calls, each with an access token.

mod calls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use douyin_pay_protocol::{AppId, AppSecret};

use crate::engine::Engine;
use crate::platform::TRADE_PRODUCTION;
use crate::setup::Builder;
use crate::tokens::{MemoryTokenCache, TokenCache, TokenKey, TokenKind, Tokens};
use crate::{BuildError, Retry};

/// Calls the general trade system for one mini-program. Clones share connections, limits and the token.
///
/// Placing an order needs no call: see [`OrderSigner`](crate::OrderSigner). Every call answers `Ok` only when the
/// platform accepted. For refunds and settlements that means "taken on", not "done": the callback or a query
/// tells the end.
///
/// **Nothing that writes is repeated after an unknown outcome**: the platform refuses a number that it knows.
/// Query it by the same number first.
///
/// **Dropping a future** of a call after its first poll means [`Outcome::Unknown`](crate::Outcome::Unknown): the
/// request may have been carried out. Work that must know its outcome belongs in a task of its own.
///
/// The access token is fetched when first needed, by one call for everybody who waits, in a task of its own
/// (`env.tasks`). Five minutes before it expires the next caller has it renewed and does not wait; if that fails,
/// the old one serves on. When the platform rejects it, it has not acted: the call is repeated once with another
/// token, also one that writes.
#[derive(Clone)]
pub struct TradeClient {
    shared: Arc<Shared>,
    pace_wait_max: Option<Duration>,
}

struct Shared {
    engine: Arc<Engine>,
    tokens: Tokens,
    retry: Retry,
}

/// Builds a [`TradeClient`]; made by [`TradeClient::builder`].
pub type TradeClientBuilder = Builder<TradeAccess>;

/// What only the client of the general trade system is built with.
pub struct TradeAccess {
    secret: AppSecret,
    kind: TokenKind,
    cache: Arc<dyn TokenCache>,
}

impl Builder<TradeAccess> {
    /// Which of the platform's tokens is used; [`TokenKind::Client`] unless said.
    pub fn token_kind(mut self, kind: TokenKind) -> Self {
        self.access.kind = kind;
        self
    }

    /// Where the token is kept; in the client's own memory unless said. Give the same to all clients of an app,
    /// and one that several processes can reach when there are several.
    pub fn token_cache(mut self, cache: Arc<dyn TokenCache>) -> Self {
        self.access.cache = cache;
        self
    }

    /// The client. Nothing is connected yet, and no token fetched.
    ///
    /// # Errors
    /// When the platform's URL or the total time-out cannot be used, or no environment is there.
    pub fn build(self) -> Result<TradeClient, BuildError> {
        let (retry, pace_wait_max) = (self.retry, self.pace_wait_max);
        let (engine, TradeAccess { secret, kind, cache }) = self.engine(TRADE_PRODUCTION)?;
        let engine = Arc::new(engine);
        let key = TokenKey::new(engine.app_id.clone(), engine.base_url.clone(), kind);
        let tokens = Tokens::new(Arc::clone(&engine), secret, key, retry, cache);
        Ok(TradeClient { shared: Arc::new(Shared { engine, tokens, retry }), pace_wait_max })
    }
}

impl TradeClient {
    /// Begins a client for `app_id`, whose tokens are fetched with `secret`.
    pub fn builder(app_id: AppId, secret: AppSecret) -> TradeClientBuilder {
        let cache = Arc::new(MemoryTokenCache::new());
        Builder::new(app_id, TradeAccess { secret, kind: TokenKind::Client, cache })
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
}

impl fmt::Debug for TradeClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TradeClient")
            .field("app_id", &self.shared.engine.app_id)
            .field("base_url", &self.shared.engine.base_url)
            .finish_non_exhaustive()
    }
}
