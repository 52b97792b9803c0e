//! Building a client: what both systems' clients need, what has a default, what is refused.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use douyin_pay_env::{Env, Net};
use douyin_pay_protocol::AppId;

use crate::engine::Engine;
use crate::{Limits, Observer, Pacer, Platform, Retry, SlidingPacer};

/// All attempts of one call together, waiting for a turn not counted.
const TOTAL: Duration = Duration::from_secs(10);
/// How long a call waits for its turn unless something else is said.
const PACE_WAIT_MAX: Duration = Duration::from_secs(10);

/// Why a client cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The platform's URL cannot be used.
    #[error("the platform's URL cannot be used: {problem}; give a base URL such as `http://127.0.0.1:9901`")]
    Url {
        /// What is wrong with it.
        problem: String,
    },
    /// The total time-out is zero.
    #[error("the total time-out is zero; give at least one second")]
    NoTime,
    /// No environment was given, and the real one is not compiled in.
    #[error("without the feature `real` the client needs an environment; give one with `env`")]
    NoEnv,
}

/// Builds a client of either system; see [`ClientBuilder`](crate::ClientBuilder) and
/// [`TradeClientBuilder`](crate::TradeClientBuilder). `A` is what only one system's client is built with.
#[must_use = "ends with `build`"]
pub struct Builder<A> {
    pub(crate) app_id: AppId,
    pub(crate) access: A,
    platform: Platform,
    env: Option<Env>,
    net: Option<Arc<dyn Net>>,
    pub(crate) retry: Retry,
    total: Duration,
    pacing: Pacing,
    pub(crate) pace_wait_max: Option<Duration>,
    observer: Option<Arc<dyn Observer>>,
}

enum Pacing {
    Standard,
    Off,
    Given(Arc<dyn Pacer>),
}

impl<A> Builder<A> {
    pub(crate) fn new(app_id: AppId, access: A) -> Self {
        Self {
            app_id,
            access,
            platform: Platform::Production,
            env: None,
            net: None,
            retry: Retry::standard(),
            total: TOTAL,
            pacing: Pacing::Standard,
            pace_wait_max: Some(PACE_WAIT_MAX),
            observer: None,
        }
    }

    /// Which platform; production unless said.
    pub fn platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// Time, randomness, network and tasks; the real ones unless said.
    pub fn env(mut self, env: Env) -> Self {
        self.env = Some(env);
        self
    }

    /// Only the network; wins over that of [`Builder::env`].
    pub fn net(mut self, net: Arc<dyn Net>) -> Self {
        self.net = Some(net);
        self
    }

    /// Your own HTTP client. It must not follow redirects, and should have a connect time-out of 3 seconds.
    #[cfg(feature = "real")]
    pub fn reqwest(self, client: reqwest::Client) -> Self {
        self.net(Arc::new(douyin_pay_env::ReqwestNet::from_client(client)))
    }

    /// Who gives the turns. Share one among all clients that call for the same app.
    ///
    /// Unless said, each client (with its clones) keeps the [`Limits::standard`] by itself.
    pub fn pacer(mut self, pacer: Arc<dyn Pacer>) -> Self {
        self.pacing = Pacing::Given(pacer);
        self
    }

    /// No pacing here: the caller keeps the limits.
    pub fn unpaced(mut self) -> Self {
        self.pacing = Pacing::Off;
        self
    }

    /// How long a call may wait for its turn, 10 seconds unless said; `None` is as long as it takes.
    pub fn pace_wait_max(mut self, wait_max: Option<Duration>) -> Self {
        self.pace_wait_max = wait_max;
        self
    }

    /// How often a call is repeated; [`Retry::standard`] unless said.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The time for all attempts of one call together, 10 seconds unless said.
    pub fn total_timeout(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// Who hears about every attempt.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The engine, and what only this system's client is built with.
    pub(crate) fn engine(self, production: &str) -> Result<(Engine, A), BuildError> {
        let base_url = self.platform.base_url(production).map_err(|problem| BuildError::Url { problem })?;
        if self.total.is_zero() {
            return Err(BuildError::NoTime);
        }
        let mut env = self.env.or_else(real_env).ok_or(BuildError::NoEnv)?;
        if let Some(net) = self.net {
            env.net = net;
        }
        let pacer: Option<Arc<dyn Pacer>> = match self.pacing {
            Pacing::Standard => {
                Some(Arc::new(SlidingPacer::new(env.clone(), Limits::standard(), Duration::ZERO)))
            }
            Pacing::Off => None,
            Pacing::Given(pacer) => Some(pacer),
        };
        let (app_id, total, observer) = (self.app_id, self.total, self.observer);
        Ok((Engine { app_id, base_url, env, total, pacer, observer }, self.access))
    }
}

#[cfg(feature = "real")]
fn real_env() -> Option<Env> {
    Some(Env::real())
}

#[cfg(not(feature = "real"))]
fn real_env() -> Option<Env> {
    None
}

impl<A> fmt::Debug for Builder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("app_id", &self.app_id)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}
