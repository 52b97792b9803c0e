//! Access tokens: fetched once for all callers, renewed before they expire, replaced when rejected.
//!
//! ```text
//!   caller ── a live token ──────────────────────────────▶ goes on at once
//!          ├─ a live token, soon too old ─▶ one flight ──▶ goes on at once; the flight is not waited for
//!          └─ none, or it was rejected ───▶ one flight ──▶ waits for it, with everybody else
//!   flight = shared cache, then the platform, then shared cache again; a task of its own
//! ```

mod cache;
mod flight;
mod held;
mod no_token;
mod pass;
mod rest;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::Mono;
use douyin_pay_protocol::{AppSecret, Endpoint, ReplyError, TokenReply, ecpay, trade};
use http::Response;

pub use self::cache::{CachedToken, MemoryTokenCache, TokenCache, TokenKey, TokenKind};
use self::flight::Flight;
use self::held::{Held, Look, RENEW_EARLY_MS, State};
pub(crate) use self::no_token::NoToken;
pub(crate) use self::pass::Pass;
use crate::Retry;
use crate::engine::{Ask, Engine, Read};
use crate::observer::Numbers;
use crate::outcome::Cause;

/// A shared cache is not waited for any longer.
const CACHE_WAIT: Duration = Duration::from_secs(1);

/// The tokens of one client and its clones.
pub(crate) struct Tokens(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    key: TokenKey,
    secret: AppSecret,
    retry: Retry,
    cache: Arc<dyn TokenCache>,
    state: Mutex<State>,
}

impl Tokens {
    pub(crate) fn new(
        engine: Arc<Engine>,
        secret: AppSecret,
        key: TokenKey,
        retry: Retry,
        cache: Arc<dyn TokenCache>,
    ) -> Self {
        let state = Mutex::new(State::new(engine.env.mono()));
        Self(Arc::new(Inner { engine, key, secret, retry, cache, state }))
    }

    /// A token; waits only when there is none that lives, at most until `over`.
    pub(crate) async fn pass(&self, over: Mono) -> Result<Pass, NoToken> {
        let env = &self.0.engine.env;
        let look = self.0.state().look(env.now(), env.mono());
        let flight = match look {
            Look::Use(pass) => return Ok(pass),
            Look::UseAndLaunch(pass, flight) => {
                self.launch(flight, Flying::Early);
                return Ok(pass);
            }
            Look::Launch(flight) => {
                self.launch(Arc::clone(&flight), Flying::Needed);
                flight
            }
            Look::Join(flight) => flight,
            Look::Rest(problem) => return Err(problem),
        };
        let landed = env.within(over.wait_from(env.mono()), flight.landed()).await;
        landed.unwrap_or(Err(NoToken::Slow))
    }

    /// Another token than the one that was rejected.
    pub(crate) async fn renewed(&self, rejected: &Pass, over: Mono) -> Result<Pass, NoToken> {
        self.0.state().reject(rejected, self.0.engine.env.mono());
        self.pass(over).await
    }

    /// A task of its own: the flight goes on when the caller that launched it gives up.
    fn launch(&self, flight: Arc<Flight>, flying: Flying) {
        let mut landing = Landing { inner: Arc::clone(&self.0), flight, flying, landed: false };
        let task = async move {
            let (result, attempts) = landing.inner.fetch(flying).await;
            landing.land(result, attempts);
        };
        self.0.engine.env.tasks.spawn("fetch_access_token", Box::pin(task));
    }
}

/// Why a flight is under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flying {
    /// The token lives and will soon be too old. One attempt is enough: the old one serves on.
    Early,
    /// Somebody waits.
    Needed,
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it holds this lock")
    }

    /// A token from the cache or else the platform, and how often the platform was asked.
    async fn fetch(&self, flying: Flying) -> (Result<Held, NoToken>, u32) {
        if let Some(held) = self.cached(flying).await {
            return (Ok(held), 0);
        }
        let Engine { env, app_id, .. } = &*self.engine;
        let asked_at = env.now();
        let ask = Ask {
            endpoint: self.key.made_by(),
            numbers: Numbers::default(),
            body: Bytes::from(match self.key.made_by() {
                Endpoint::Ecpay(_) => ecpay::token_body(app_id, &self.secret),
                Endpoint::Trade(_) => trade::token_body(app_id, &self.secret),
            }),
            read: Read::Whole(match self.key.made_by() {
                Endpoint::Ecpay(_) => |response| read_token(response, ecpay::parse_token_reply),
                Endpoint::Trade(_) => |response| read_token(response, trade::parse_token_reply),
            }),
            tokens: None,
            retry: if flying == Flying::Early { Retry::none() } else { self.retry },
            pace_wait_max: None,
        };
        let answer = match self.engine.call(&ask).await {
            Ok(answer) => answer,
            Err(error) => {
                let attempts = error.attempts();
                return (Err(NoToken::Call(Arc::new(error))), attempts);
            }
        };
        let TokenReply { access_token, expires_in_s, .. } = answer.reply;
        // Counted from before the question: early rather than late.
        let expires_at = asked_at.plus_ms(i64::from(expires_in_s) * 1_000);
        let Some(pass) = Pass::of(access_token.clone()) else {
            return (Err(NoToken::Unusable), answer.attempts);
        };
        let cached = CachedToken { token: access_token, expires_at };
        if env.within(CACHE_WAIT, self.cache.store(&self.key, cached)).await.is_err() {
            tracing::warn!(key = %self.key, "the token cache did not take the token in time");
        }
        (Ok(Held { pass, expires_at }), answer.attempts)
    }

    /// What others left in the cache, if it serves.
    async fn cached(&self, flying: Flying) -> Option<Held> {
        let env = &self.engine.env;
        let loaded = env.within(CACHE_WAIT, self.cache.load(&self.key)).await;
        let CachedToken { token, expires_at } = loaded.unwrap_or_else(|_| {
            tracing::warn!(key = %self.key, "the token cache did not answer in time");
            None
        })?;
        let needed_ms = if flying == Flying::Early { RENEW_EARLY_MS } else { 0 };
        if expires_at <= env.now().plus_ms(needed_ms) || self.state().is_rejected(&token) {
            return None;
        }
        Pass::of(token).map(|pass| Held { pass, expires_at })
    }
}

/// Lands a flight, also when its task is dropped.
struct Landing {
    inner: Arc<Inner>,
    flight: Arc<Flight>,
    flying: Flying,
    landed: bool,
}

impl Landing {
    fn land(&mut self, result: Result<Held, NoToken>, attempts: u32) {
        self.landed = true;
        let told = result.as_ref().map(|held| held.pass.clone()).map_err(Clone::clone);
        if let Err(problem) = &told {
            tracing::warn!(key = %self.inner.key, %problem, "no new access token");
        }
        self.inner.state().land(self.flying, result, attempts, self.inner.engine.env.mono());
        self.flight.land(told);
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        if !self.landed {
            self.land(Err(NoToken::Dropped), 0);
        }
    }
}

/// Reads the answer to a token call, whatever its HTTP status.
fn read_token(
    response: &Response<Bytes>,
    parse: fn(&[u8]) -> Result<TokenReply, ReplyError>,
) -> Result<TokenReply, Cause> {
    match parse(response.body()) {
        Err(ReplyError::NotJson(_)) if !response.status().is_success() => {
            Err(Cause::Status(response.status()))
        }
        read => read.map_err(Cause::Reply),
    }
}
