//! How many calls per second each app may make to each endpoint.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use douyin_pay_protocol::AppId;
use douyin_pay_protocol::ecpay::Endpoint;

/// Calls per second, by endpoint and by app. What has no limit is not paced.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use douyin_pay::Limits;
/// use douyin_pay::protocol::{AppId, ecpay::Endpoint};
///
/// let app = AppId::new("tt0000000000000001").unwrap();
/// let limits = Limits::standard().with_app(app.clone(), Endpoint::QueryOrder, NonZeroU32::new(150));
/// assert_eq!(limits.per_second(&app, Endpoint::QueryOrder), NonZeroU32::new(150));
/// assert_eq!(limits.per_second(&app, Endpoint::CreateRefund), NonZeroU32::new(50));
/// assert_eq!(limits.per_second(&app, Endpoint::CreateOrder), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    all: BTreeMap<Endpoint, Option<NonZeroU32>>,
    apps: BTreeMap<AppId, BTreeMap<Endpoint, Option<NonZeroU32>>>,
}

impl Limits {
    /// The published figures: queries and settlements 30, refunds 50, creating orders not paced.
    pub fn standard() -> Self {
        let published = |endpoint: Endpoint| endpoint.default_limit_per_s().and_then(NonZeroU32::new);
        let all = Endpoint::ALL.into_iter().map(|endpoint| (endpoint, published(endpoint))).collect();
        Self { all, apps: BTreeMap::new() }
    }

    /// No limits at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Changes the limit for every app that has none of its own; `None` is not paced.
    #[must_use]
    pub fn with(mut self, endpoint: Endpoint, per_second: Option<NonZeroU32>) -> Self {
        self.all.insert(endpoint, per_second);
        self
    }

    /// Changes the limit for one app; `None` is not paced.
    #[must_use]
    pub fn with_app(mut self, app: AppId, endpoint: Endpoint, per_second: Option<NonZeroU32>) -> Self {
        self.apps.entry(app).or_default().insert(endpoint, per_second);
        self
    }

    /// What holds for `app` at `endpoint`.
    pub fn per_second(&self, app: &AppId, endpoint: Endpoint) -> Option<NonZeroU32> {
        let own = self.apps.get(app).and_then(|limits| limits.get(&endpoint));
        own.or_else(|| self.all.get(&endpoint)).copied().flatten()
    }
}
