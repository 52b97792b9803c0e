//! Building a client: what is required, what has a default, what is refused.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use douyin_pay_env::{Env, Net};
use douyin_pay_protocol::{AppId, Salt};

use super::{Client, Shared};
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

/// Builds a [`Client`]; made by [`Client::builder`].
#[must_use = "ends with `build`"]
pub struct ClientBuilder {
    app_id: AppId,
    salt: Salt,
    thirdparty_id: Option<AppId>,
    platform: Platform,
    env: Option<Env>,
    net: Option<Arc<dyn Net>>,
    retry: Retry,
    total: Duration,
    pacing: Pacing,
    pace_wait_max: Option<Duration>,
    observer: Option<Arc<dyn Observer>>,
}

enum Pacing {
    Standard,
    Off,
    Given(Arc<dyn Pacer>),
}

impl ClientBuilder {
    pub(super) fn new(app_id: AppId, salt: Salt) -> Self {
        Self {
            app_id,
            salt,
            thirdparty_id: None,
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

    /// Acts as a service provider for the app. The salt is then the provider's or the app's, as agreed.
    pub fn thirdparty_id(mut self, provider: AppId) -> Self {
        self.thirdparty_id = Some(provider);
        self
    }

    /// Time, randomness and network; the real ones unless said.
    pub fn env(mut self, env: Env) -> Self {
        self.env = Some(env);
        self
    }

    /// Only the network; wins over that of [`ClientBuilder::env`].
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

    /// The client. Nothing is connected yet.
    ///
    /// # Errors
    /// When the platform's URL or the total time-out cannot be used, or no environment is there.
    pub fn build(self) -> Result<Client, BuildError> {
        let base_url = self.platform.base_url().map_err(|problem| BuildError::Url { problem })?;
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
        let shared = Shared {
            app_id: self.app_id,
            thirdparty_id: self.thirdparty_id,
            salt: self.salt,
            base_url,
            env,
            retry: self.retry,
            total: self.total,
            pacer,
            observer: self.observer,
        };
        Ok(Client { shared: Arc::new(shared), pace_wait_max: self.pace_wait_max })
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

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("app_id", &self.app_id)
            .field("platform", &self.platform)
            .finish_non_exhaustive()
    }
}
