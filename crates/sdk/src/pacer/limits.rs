//! How many calls per second each app may make to each endpoint.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use douyin_pay_protocol::{AppId, Endpoint};

/// Calls per second, by endpoint and by app. What has no limit is not paced.
///
/// ```
/// use std::num::NonZeroU32;
///
/// use douyin_pay::Limits;
/// use douyin_pay::protocol::{AppId, ecpay, trade};
///
/// let app = AppId::new("tt0000000000000001").unwrap();
/// let limits = Limits::standard().with_app(app.clone(), ecpay::Endpoint::QueryOrder, NonZeroU32::new(150));
/// assert_eq!(limits.per_second(&app, ecpay::Endpoint::QueryOrder), NonZeroU32::new(150));
/// assert_eq!(limits.per_second(&app, trade::Endpoint::RefundCreate), NonZeroU32::new(50));
/// assert_eq!(limits.per_second(&app, ecpay::Endpoint::CreateOrder), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    all: BTreeMap<Endpoint, Option<NonZeroU32>>,
    apps: BTreeMap<AppId, BTreeMap<Endpoint, Option<NonZeroU32>>>,
}

impl Limits {
    /// Queries of orders, refunds and settlements 30, settlements 30, refunds 50, all else not paced. Those
    /// are the published figures of guaranteed payment; the general trade system publishes none.
    pub fn standard() -> Self {
        let published = |endpoint: Endpoint| endpoint.default_limit_per_s().and_then(NonZeroU32::new);
        let all = Endpoint::all().map(|endpoint| (endpoint, published(endpoint))).collect();
        Self { all, apps: BTreeMap::new() }
    }

    /// No limits at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Changes the limit for every app that has none of its own; `None` is not paced.
    #[must_use]
    pub fn with(mut self, endpoint: impl Into<Endpoint>, per_second: Option<NonZeroU32>) -> Self {
        self.all.insert(endpoint.into(), per_second);
        self
    }

    /// Changes the limit for one app; `None` is not paced.
    #[must_use]
    pub fn with_app(
        mut self,
        app: AppId,
        endpoint: impl Into<Endpoint>,
        per_second: Option<NonZeroU32>,
    ) -> Self {
        self.apps.entry(app).or_default().insert(endpoint.into(), per_second);
        self
    }

    /// What holds for `app` at `endpoint`.
    pub fn per_second(&self, app: &AppId, endpoint: impl Into<Endpoint>) -> Option<NonZeroU32> {
        let endpoint = endpoint.into();
        let own = self.apps.get(app).and_then(|limits| limits.get(&endpoint));
        own.or_else(|| self.all.get(&endpoint)).copied().flatten()
    }
}
