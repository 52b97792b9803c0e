//! The platform's rate limits, and the count of what the client promised.

use std::collections::{BTreeMap, VecDeque};

use douyin_pay_protocol::{Endpoint, UnixMs, ecpay};
use serde::Serialize;

/// The width of the window in which calls are counted.
const WINDOW_MS: i64 = 1_000;
/// Tokens are counted in thousandths so that a millisecond's refill is a whole number.
const TOKEN: i64 = 1_000;

/// The figures the platform enforces, per app: published, but for create_order, which is a guess.
/// The general trade system publishes none (open question 4).
fn documented_per_second(endpoint: Endpoint) -> Option<u32> {
    match endpoint {
        Endpoint::Trade(_) => None,
        Endpoint::Ecpay(ecpay::Endpoint::CreateOrder | ecpay::Endpoint::QueryOrder) => Some(150),
        Endpoint::Ecpay(endpoint) => endpoint.default_limit_per_s(),
    }
}

/// How fast one app called one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LimitWatch {
    /// The app, or an empty text when the request named none.
    pub app_id: String,
    /// The endpoint's name.
    pub endpoint: String,
    /// All calls that arrived.
    pub calls: u64,
    /// The most calls that arrived within any one second.
    pub most_in_one_second: u32,
    /// What the client promised not to exceed; `None` where nothing was.
    pub promised_per_second: Option<u32>,
    /// How many calls arrived beyond the promise.
    pub over_promise: u64,
    /// How many calls the platform's own limit refused.
    pub throttled: u64,
}

/// The meters of all apps and endpoints.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    promise: u32,
    figures: BTreeMap<String, u32>,
    /// `query_order` as in 2021.
    query_order_30: bool,
    meters: BTreeMap<(String, Endpoint), Meter>,
}

#[derive(Debug)]
struct Meter {
    recent: VecDeque<UnixMs>,
    calls: u64,
    most: u32,
    over: u64,
    throttled: u64,
    tokens: i64,
    filled_at: UnixMs,
}

impl Limits {
    pub(crate) fn new(promise: u32, figures: BTreeMap<String, u32>, query_order_30: bool) -> Self {
        Self { promise, figures, query_order_30, meters: BTreeMap::new() }
    }

    fn enforced(&self, endpoint: Endpoint) -> Option<i64> {
        let query_order = endpoint == Endpoint::Ecpay(ecpay::Endpoint::QueryOrder);
        let of_2021 = (self.query_order_30 && query_order).then_some(30);
        let figure = self.figures.get(endpoint.name()).copied().or(of_2021);
        figure.or(documented_per_second(endpoint)).map(i64::from)
    }

    fn promised(&self, endpoint: Endpoint) -> Option<u32> {
        match endpoint {
            Endpoint::Trade(_) => None,
            Endpoint::Ecpay(call) if call.default_limit_per_s() == Some(30) => Some(self.promise),
            Endpoint::Ecpay(call) => call.default_limit_per_s(),
        }
    }

    fn meter(&mut self, app_id: &str, endpoint: Endpoint, now: UnixMs) -> &mut Meter {
        let full = self.enforced(endpoint).unwrap_or_default() * TOKEN;
        self.meters.entry((app_id.to_owned(), endpoint)).or_insert_with(|| Meter {
            recent: VecDeque::new(),
            calls: 0,
            most: 0,
            over: 0,
            throttled: 0,
            tokens: full,
            filled_at: now,
        })
    }

    /// Counts an arrival, whatever becomes of it.
    pub(crate) fn arrived(&mut self, app_id: &str, endpoint: Endpoint, now: UnixMs) {
        let promised = self.promised(endpoint);
        let meter = self.meter(app_id, endpoint, now);
        while meter.recent.front().is_some_and(|earlier| now.since(*earlier) >= WINDOW_MS) {
            meter.recent.pop_front();
        }
        meter.recent.push_back(now);
        meter.calls += 1;
        let inside = u32::try_from(meter.recent.len()).unwrap_or(u32::MAX);
        meter.most = meter.most.max(inside);
        if promised.is_some_and(|promised| inside > promised) {
            meter.over += 1;
        }
    }

    /// Takes a token; `false` means that the platform's limit is exceeded.
    pub(crate) fn admit(&mut self, app_id: &str, endpoint: Endpoint, now: UnixMs) -> bool {
        let Some(rate) = self.enforced(endpoint) else { return true };
        let meter = self.meter(app_id, endpoint, now);
        let refill = now.since(meter.filled_at).max(0).saturating_mul(rate);
        meter.tokens = meter.tokens.saturating_add(refill).min(rate * TOKEN);
        meter.filled_at = now;
        if meter.tokens < TOKEN {
            meter.throttled += 1;
            return false;
        }
        meter.tokens -= TOKEN;
        true
    }

    pub(crate) fn watch(&self) -> Vec<LimitWatch> {
        let row = |((app_id, endpoint), meter): (&(String, Endpoint), &Meter)| LimitWatch {
            app_id: app_id.clone(),
            endpoint: endpoint.name().to_owned(),
            calls: meter.calls,
            most_in_one_second: meter.most,
            promised_per_second: self.promised(*endpoint),
            over_promise: meter.over,
            throttled: meter.throttled,
        };
        self.meters.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use douyin_pay_protocol::UnixMs;
    use douyin_pay_protocol::ecpay::Endpoint;

    use super::Limits;

    #[test]
    fn the_bucket_refuses_beyond_the_figure_and_refills() {
        let mut limits = Limits::new(30, BTreeMap::new(), false);
        let mut admitted_at = |ms: i64| limits.admit("tt1", Endpoint::Settle.into(), UnixMs::new(ms));
        assert_eq!((0..40).filter(|_| admitted_at(0)).count(), 30);
        assert_eq!((0..40).filter(|_| admitted_at(500)).count(), 15);
        assert_eq!((0..40).filter(|_| admitted_at(100_000)).count(), 30);
    }

    #[test]
    fn the_watch_counts_any_second() {
        let mut limits = Limits::new(2, BTreeMap::new(), false);
        for ms in [0, 900, 1_000, 1_899, 1_900, 1_950] {
            limits.arrived("tt1", Endpoint::QueryOrder.into(), UnixMs::new(ms));
        }
        let watch = limits.watch().remove(0);
        // 1899, 1900 and 1950 share a window with 1000; at 1899 only 900, 1000 and 1899 do.
        assert_eq!((watch.calls, watch.most_in_one_second, watch.over_promise), (6, 4, 3));
        assert_eq!(watch.promised_per_second, Some(2));
    }
}
