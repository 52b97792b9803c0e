//! A service provider's client in guaranteed payment: what it calls for itself.

mod bills;
mod calls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use douyin_pay_protocol::ecpay::Caller;
use douyin_pay_protocol::{AppId, Salt};

use crate::engine::Engine;
use crate::platform::ECPAY_PRODUCTION;
use crate::setup::Builder;
use crate::{BuildError, Retry};

/// Calls guaranteed payment for a service provider itself: opening accounts, its own balance and bills. What it does for one
/// mini-program is a matter of a [`Client`](crate::Client) with a `thirdparty_id`.
///
/// Clones share connections and limits. To pacers and observers the provider's id stands in the place of an app's.
///
/// ```
/// use douyin_pay::ProviderClient;
/// use douyin_pay::protocol::{AppId, Salt};
///
/// let client = ProviderClient::builder(AppId::new("tt00000000000000ff")?, Salt::new("a secret salt")?).build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ProviderClient {
    shared: Arc<Shared>,
    pace_wait_max: Option<Duration>,
}

struct Shared {
    engine: Engine,
    salt: Salt,
    retry: Retry,
}

/// Builds a [`ProviderClient`]; made by [`ProviderClient::builder`].
pub type ProviderClientBuilder = Builder<ProviderAccess>;

/// What only a provider's client is built with.
pub struct ProviderAccess {
    salt: Salt,
}

impl Builder<ProviderAccess> {
    /// The client. Nothing is connected yet.
    ///
    /// # Errors
    /// When the platform's URL or the total time-out cannot be used, or no environment is there.
    pub fn build(self) -> Result<ProviderClient, BuildError> {
        let (retry, pace_wait_max) = (self.retry, self.pace_wait_max);
        let (engine, ProviderAccess { salt }) = self.engine(ECPAY_PRODUCTION)?;
        Ok(ProviderClient { shared: Arc::new(Shared { engine, salt, retry }), pace_wait_max })
    }
}

impl ProviderClient {
    /// Begins a client for the provider `thirdparty_id`, whose requests are signed with its own salt.
    pub fn builder(thirdparty_id: AppId, provider_salt: Salt) -> ProviderClientBuilder {
        Builder::new(thirdparty_id, ProviderAccess { salt: provider_salt })
    }

    /// The provider it calls for.
    pub fn thirdparty_id(&self) -> &AppId {
        &self.shared.engine.app_id
    }

    /// The same client for callers that wait at most so long for their turn; `None` waits as long as it takes.
    #[must_use]
    pub fn with_pace_wait_max(&self, wait_max: Option<Duration>) -> Self {
        Self { shared: Arc::clone(&self.shared), pace_wait_max: wait_max }
    }
}

impl Shared {
    fn caller(&self) -> Caller<'_> {
        Caller::provider(&self.engine.app_id, &self.salt)
    }
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderClient")
            .field("thirdparty_id", &self.shared.engine.app_id)
            .field("base_url", &self.shared.engine.base_url)
            .finish_non_exhaustive()
    }
}
