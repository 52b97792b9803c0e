//! Ten seeded moments at which the service is killed, and the wire that notices them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Net, NetError};
use http::{Request, Response};

use super::faults;
use super::split::ServiceProcess;

/// How often the service is killed in one telling.
pub(super) const KILLS: usize = 10;
/// How long the mock holds a call that the service dies in.
const HOLD: Duration = Duration::from_millis(150);

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

/// Where in the story a moment belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Order,
    Refund,
    Settlement,
    /// The user pays: a callback follows.
    Payment,
    Delivery,
}

/// The kills that are still to come.
pub(super) struct Plan(Mutex<BTreeMap<Place, VecDeque<Moment>>>);

impl Plan {
    /// Picks [`KILLS`] of all candidates; the same seed gives the same plan.
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut candidates = Vec::new();
        let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut roll = |bound: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            dice % bound
        };
        for place in [Place::Order, Place::Refund, Place::Settlement] {
            candidates.push((place, Moment::BeforeRequest));
            candidates.push((place, Moment::DuringPlatformCall));
            candidates.push((place, Moment::AfterPlatformActed));
            candidates.push((place, Moment::Around(Duration::from_micros(300 + roll(6_000)))));
        }
        candidates.push((Place::Payment, Moment::Around(Duration::from_micros(200 + roll(4_000)))));
        for _ in 0..3 {
            candidates.push((Place::Delivery, Moment::DuringDelivery));
        }
        let mut plan: BTreeMap<Place, VecDeque<Moment>> = BTreeMap::new();
        for _ in 0..KILLS {
            let index = usize::try_from(roll(candidates.len() as u64)).expect("an index");
            let (place, moment) = candidates.swap_remove(index);
            plan.entry(place).or_default().push_back(moment);
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

    /// Whether the service should die in the delivery that just arrived.
    pub(super) fn dies_in_delivery(&self) -> bool {
        self.take(Place::Delivery).is_some()
    }

    /// How many kills never found their moment.
    pub(super) fn left(&self) -> usize {
        self.0.lock().expect("no panic while locked").values().map(VecDeque::len).sum()
    }
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
            place_of(&request).and_then(|(place, endpoint)| Some((self.plan.take(place)?, endpoint)));
        let (inner, service, platform) =
            (Arc::clone(&self.inner), Arc::clone(&self.service), self.platform.clone());
        Box::pin(async move {
            let Some((moment, endpoint)) = moment else { return inner.send(request, deadline).await };
            let fuse = match moment {
                Moment::BeforeRequest | Moment::DuringDelivery => {
                    service.kill_and_restart(&format!("{moment:?}"));
                    return inner.send(request, deadline).await;
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
                service.kill_and_restart(&format!("{moment:?}"));
            };
            let (answer, ()) = tokio::join!(inner.send(request, deadline), killing);
            answer
        })
    }
}

/// The platform call that a merchant's request leads to.
fn place_of(request: &Request<Bytes>) -> Option<(Place, &'static str)> {
    if request.method() != http::Method::POST {
        return None;
    }
    match request.uri().path().rsplit('/').next()? {
        "orders" => Some((Place::Order, "create_order")),
        "refunds" => Some((Place::Refund, "create_refund")),
        "settlements" => Some((Place::Settlement, "settle")),
        "pay" => Some((Place::Payment, "")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{KILLS, Plan};

    #[test]
    fn each_seed_plans_ten_kills_and_the_same_ones_again() {
        for seed in 1..50 {
            let (plan, again) = (Plan::of_seed(seed), Plan::of_seed(seed));
            assert_eq!(plan.left(), KILLS);
            assert_eq!(*plan.0.lock().expect("unlocked"), *again.0.lock().expect("unlocked"));
        }
    }
}
