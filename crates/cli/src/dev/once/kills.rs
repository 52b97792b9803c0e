//! Seeded moments of two stories at which the service is killed, noticed on the wire.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Net, NetError, Sent};
use http::{Request, Response};
use serde_json::Value;

use super::faults;
use super::split::ServiceProcess;
use crate::dev::home::{APP, TEA};

/// How often the service is killed in one story.
const KILLS_PER_STORY: usize = 10;
/// How long the mock holds a call that the service dies in.
const HOLD: Duration = Duration::from_millis(150);
/// A request that finds nobody listening is not repeated at once: the new process needs a moment to start.
const STARTING: Duration = Duration::from_millis(20);

/// When the service dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    /// Just before the merchant's request is sent.
    BeforeRequest,
    /// While the platform holds the call and has not acted yet.
    DuringPlatformCall,
    /// After the platform acted, before its answer arrives.
    AfterPlatformActed,
    /// So long after the request was sent: before, in or after its commit.
    Around(Duration),
    /// While the merchant's back end has a delivery unanswered.
    DuringDelivery,
}

/// The stories in which the service dies, by the app that they are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Story {
    Guaranteed,
    Trade,
}

impl Story {
    const BOTH: [Self; 2] = [Self::Guaranteed, Self::Trade];

    fn of_app(app: &str) -> Option<Self> {
        match app {
            APP => Some(Self::Guaranteed),
            TEA => Some(Self::Trade),
            _ => None,
        }
    }
}

/// Where in a story a moment belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Order,
    Refund,
    /// The merchant decides about a refund that the user asked for.
    Audit,
    Fulfilment,
    Settlement,
    /// The merchant takes a share back.
    Return,
    /// The user pays: a callback follows.
    Payment,
    /// The user asks for a refund: the platform calls back to ask the merchant.
    Application,
    Delivery,
}

/// An act of one story.
type Place = (Story, Act);

/// The kills that are still to come.
pub(super) struct Plan(Mutex<BTreeMap<Place, VecDeque<Moment>>>);

impl Plan {
    /// Picks [`KILLS_PER_STORY`] of each story's candidates; the same seed gives the same plan.
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut roll = |bound: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice % bound
        };
        let mut plan: BTreeMap<Place, VecDeque<Moment>> = BTreeMap::new();
        for story in Story::BOTH {
            let mut candidates = candidates(story, &mut roll);
            for _ in 0..KILLS_PER_STORY {
                let index = usize::try_from(roll(candidates.len() as u64)).expect("an index");
                let (act, moment) = candidates.swap_remove(index);
                plan.entry((story, act)).or_default().push_back(moment);
            }
        }
        // A kill that may miss its request comes last, so that every one finds a request to hit.
        for moments in plan.values_mut() {
            moments.make_contiguous().sort_unstable();
        }
        Self(Mutex::new(plan))
    }

    fn take(&self, place: Place) -> Option<Moment> {
        self.0.lock().expect("no panic while locked").get_mut(&place)?.pop_front()
    }

    /// Whether the service should die in the delivery of `event` that just arrived.
    pub(super) fn dies_in_delivery(&self, event: &Value) -> bool {
        let Some(story) = event["data"]["app"].as_str().and_then(Story::of_app) else { return false };
        // After the payment the story of the trade system changes keys by SIGHUP, and a process that has just
        // been started is not listening for it yet.
        let too_early = story == Story::Trade && event["type"] == "order.paid";
        !too_early && self.take((story, Act::Delivery)).is_some()
    }

    /// How many kills never found their moment.
    pub(super) fn left(&self) -> usize {
        self.0.lock().expect("no panic while locked").values().map(VecDeque::len).sum()
    }
}

/// Every moment of a story at which the service may die.
fn candidates(story: Story, roll: &mut impl FnMut(u64) -> u64) -> Vec<(Act, Moment)> {
    let one_of_three = roll(3);
    let mut around = |least: u64, most: u64| Moment::Around(Duration::from_micros(least + roll(most)));
    let mut candidates = Vec::new();
    let asked: &[Act] = match story {
        Story::Guaranteed => &[Act::Order, Act::Refund, Act::Settlement, Act::Return],
        Story::Trade => &[Act::Refund, Act::Fulfilment, Act::Settlement],
    };
    for &act in asked {
        candidates.push((act, Moment::BeforeRequest));
        candidates.push((act, Moment::DuringPlatformCall));
        candidates.push((act, Moment::AfterPlatformActed));
        candidates.push((act, around(300, 6_000)));
    }
    candidates.push((Act::Payment, around(200, 4_000)));
    if story == Story::Trade {
        // An order is only signed: the platform has no call to hold. The story asks for three signatures.
        candidates.push((Act::Order, Moment::BeforeRequest));
        candidates.push((Act::Order, around(300, 6_000)));
        candidates.push((Act::Order, around(300, 6_000)));
        candidates.push((Act::Application, around(200, 4_000)));
        // A decision that is remembered is not sent again, so only the kill before it is sure of another request.
        candidates.push((Act::Audit, Moment::BeforeRequest));
        let last = match one_of_three {
            0 => Moment::DuringPlatformCall,
            1 => Moment::AfterPlatformActed,
            _ => around(300, 6_000),
        };
        candidates.push((Act::Audit, last));
    }
    candidates.extend([(Act::Delivery, Moment::DuringDelivery); 3]);
    candidates
}

/// The story's wire: passes requests on and kills the service at the planned moments.
pub(super) struct KillingNet {
    pub(super) inner: Arc<dyn Net>,
    pub(super) plan: Arc<Plan>,
    pub(super) service: Arc<ServiceProcess>,
    pub(super) platform: String,
}

impl Net for KillingNet {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let moment =
            place_of(&request).and_then(|(place, endpoint)| Some((place, self.plan.take(place)?, endpoint)));
        let (inner, service, platform) =
            (Arc::clone(&self.inner), Arc::clone(&self.service), self.platform.clone());
        Box::pin(async move {
            let Some(((story, act), moment, endpoint)) = moment else {
                return send_unhurried(&inner, request, deadline).await;
            };
            let name = format!("{story:?} {act:?} {moment:?}");
            let fuse = match moment {
                Moment::BeforeRequest | Moment::DuringDelivery => {
                    service.kill_and_restart(&name);
                    return send_unhurried(&inner, request, deadline).await;
                }
                Moment::DuringPlatformCall => {
                    faults::hold_next(&inner, &platform, endpoint, false, HOLD).await;
                    HOLD / 2
                }
                Moment::AfterPlatformActed => {
                    faults::hold_next(&inner, &platform, endpoint, true, HOLD).await;
                    HOLD / 2
                }
                Moment::Around(fuse) => fuse,
            };
            let killing = async {
                tokio::time::sleep(fuse).await;
                service.kill_and_restart(&name);
            };
            let (answer, ()) = tokio::join!(inner.send(request, deadline), killing);
            answer
        })
    }
}

async fn send_unhurried(
    inner: &Arc<dyn Net>,
    request: Request<Bytes>,
    deadline: Duration,
) -> Result<Response<Bytes>, NetError> {
    let sent = inner.send(request, deadline).await;
    if sent.as_ref().is_err_and(|error| error.sent == Sent::No) {
        tokio::time::sleep(STARTING).await;
    }
    sent
}

/// Where a request of the story belongs, and the platform call that it leads to.
fn place_of(request: &Request<Bytes>) -> Option<(Place, &'static str)> {
    use Story::{Guaranteed, Trade};
    if request.method() != http::Method::POST {
        return None;
    }
    let path = request.uri().path();
    let last = path.rsplit('/').next()?;
    let Some(merchants) = path.strip_prefix("/v1/apps/") else {
        return match last {
            "pay" => Some(((Guaranteed, Act::Payment), "")),
            "get_order_payment" => Some(((Trade, Act::Payment), "")),
            "apply_refund" => Some(((Trade, Act::Application), "")),
            _ => None,
        };
    };
    let story = Story::of_app(merchants.split('/').next()?)?;
    let (act, endpoint) = match (story, last) {
        (Guaranteed, "orders") => (Act::Order, "create_order"),
        (Guaranteed, "refunds") => (Act::Refund, "create_refund"),
        (Guaranteed, "settlements") => (Act::Settlement, "settle"),
        (Guaranteed, "returns") => (Act::Return, "create_return"),
        (Trade, "orders") => (Act::Order, ""),
        (Trade, "refunds") => (Act::Refund, "refund_create"),
        (Trade, "audit") => (Act::Audit, "refund_audit_callback"),
        (Trade, "fulfilments") => (Act::Fulfilment, "fulfill_push_status"),
        (Trade, "settlements") => (Act::Settlement, "settle_create"),
        _ => return None,
    };
    Some(((story, act), endpoint))
}

#[cfg(test)]
mod tests {
    use super::{KILLS_PER_STORY, Plan, Story};

    #[test]
    fn each_seed_plans_ten_kills_of_each_story_and_the_same_ones_again() {
        for seed in 1..50 {
            let (plan, again) = (Plan::of_seed(seed), Plan::of_seed(seed));
            assert_eq!(plan.left(), Story::BOTH.len() * KILLS_PER_STORY);
            assert_eq!(*plan.0.lock().expect("unlocked"), *again.0.lock().expect("unlocked"));
        }
    }
}
