//! Never above the limit, hardly below it, fair, and nothing lost when callers give up.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use douyin_pay_protocol::{AppId, Endpoint, ecpay};
use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::{FuturesUnordered, Stream};
use futures_util::{FutureExt, future::BoxFuture};
use proptest::prelude::*;

use super::world::{APP, World};
use crate::{Limits, Paced, Pacer, Permit, SlidingPacer};

const ENDPOINT: Endpoint = Endpoint::Ecpay(ecpay::Endpoint::QueryOrder);
const UNPACED: Endpoint = Endpoint::Ecpay(ecpay::Endpoint::CreateOrder);
/// How much earlier or later than the rest a request may reach the platform.
const RECEIVER_JITTER_MS: i64 = 30;

fn app() -> AppId {
    AppId::new(APP).expect("a good id")
}

fn limited(per_second: u32) -> Limits {
    Limits::none().with(ENDPOINT, NonZeroU32::new(per_second))
}

/// One caller of a scenario; all times in ms.
#[derive(Debug, Clone)]
struct Caller {
    arrives: i64,
    answered_after: i64,
    gives_up_after: Option<i64>,
    wait_max: Option<u64>,
}

type Waiting = FuturesUnordered<Abortable<BoxFuture<'static, (usize, Result<Permit, Paced>)>>>;

/// A day at the counter: who got a turn, and when.
struct Counter {
    world: World,
    pacer: SlidingPacer,
    waiting: Waiting,
    calling: BTreeMap<(i64, usize), Permit>,
    turns: Vec<(i64, usize)>,
    refused: usize,
    in_flight_max: usize,
}

impl Counter {
    fn new(limits: Limits, quiet_for: Duration) -> Self {
        let world = World::new();
        let pacer = SlidingPacer::new(world.env.clone(), limits, quiet_for);
        Self {
            world,
            pacer,
            waiting: Waiting::new(),
            calling: BTreeMap::new(),
            turns: Vec::new(),
            refused: 0,
            in_flight_max: 0,
        }
    }

    /// Lets `callers` come and go for `ms`. Only futures that were woken are polled.
    fn run(mut self, callers: &[Caller], ms: i64) -> Self {
        let mut leaving: BTreeMap<(i64, usize), AbortHandle> = BTreeMap::new();
        for now in 0..ms {
            for (index, caller) in callers.iter().enumerate().filter(|(_, caller)| caller.arrives == now) {
                let wait_max = caller.wait_max.map(Duration::from_millis);
                let turn = self.pacer.acquire(&app(), ENDPOINT, wait_max);
                let (handle, registration) = AbortHandle::new_pair();
                let named = turn.map(move |turn| (index, turn)).boxed();
                self.waiting.push(Abortable::new(named, registration));
                if let Some(after) = caller.gives_up_after {
                    leaving.insert((now + after, index), handle);
                }
            }
            while leaving.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
                leaving.pop_first().expect("there is one").1.abort();
            }
            while self.calling.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
                self.calling.pop_first();
            }
            self.poll(callers, now);
            self.world.clock.advance(Duration::from_millis(1));
        }
        self
    }

    fn poll(&mut self, callers: &[Caller], now: i64) {
        let context = &mut Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(came)) = Pin::new(&mut self.waiting).poll_next(context) {
            match came {
                Ok((index, Ok(permit))) => {
                    self.turns.push((now, index));
                    self.calling.insert((now + callers[index].answered_after, index), permit);
                    self.in_flight_max = self.in_flight_max.max(self.calling.len());
                }
                Ok((_, Err(_))) => self.refused += 1,
                Err(_gave_up) => {}
            }
        }
    }
}

/// The most requests that reach the platform within one second, however they are delayed.
fn busiest_second(turns: &[(i64, usize)], jitters: &[i64]) -> usize {
    let jitter = |nth: usize| jitters.get(nth % jitters.len().max(1)).copied().unwrap_or(0);
    let mut arrivals: Vec<i64> = turns.iter().enumerate().map(|(nth, (at, _))| at + jitter(nth)).collect();
    arrivals.sort_unstable();
    let within = |from: usize| arrivals[from..].iter().take_while(|at| **at - arrivals[from] < 1_000).count();
    (0..arrivals.len()).map(within).max().unwrap_or(0)
}

fn caller() -> impl Strategy<Value = Caller> {
    let gives_up = prop_oneof![3 => Just(None), 1 => (0..500_i64).prop_map(Some)];
    let wait_max = prop_oneof![3 => Just(None), 1 => (0..2_000_u64).prop_map(Some)];
    (0..3_000_i64, 0..900_i64, gives_up, wait_max).prop_map(
        |(arrives, answered_after, gives_up_after, wait_max)| Caller {
            arrives,
            answered_after,
            gives_up_after,
            wait_max,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn never_above_the_limit_and_nobody_forgotten(
        per_second in 1..=60_u32,
        callers in prop::collection::vec(caller(), 0..120),
        jitters in prop::collection::vec(-RECEIVER_JITTER_MS..=RECEIVER_JITTER_MS, 1..40),
        quiet_ms in 0..1_500_u64,
    ) {
        let windows = callers.len() as i64 / i64::from(per_second) + 2;
        let long_enough = 4_500 + windows * 1_065;
        let day = Counter::new(limited(per_second), Duration::from_millis(quiet_ms)).run(&callers, long_enough);
        prop_assert!(busiest_second(&day.turns, &jitters) <= per_second as usize);
        prop_assert!(day.in_flight_max <= per_second as usize);
        prop_assert!(day.turns.iter().all(|(at, _)| *at >= quiet_ms as i64));
        let spacing = 1_000 / i64::from(per_second);
        prop_assert!(day.turns.windows(2).all(|pair| pair[1].0 - pair[0].0 >= spacing));
        prop_assert!(day.waiting.is_empty(), "nobody is forgotten");
        let hasty = callers.iter().filter(|caller| caller.wait_max.is_some()).count();
        prop_assert!(day.refused <= hasty);
    }

    #[test]
    fn hardly_below_the_limit_with_enough_callers(per_second in 1..=150_u32, answered_after in 0..600_i64) {
        let caller = Caller { arrives: 0, answered_after, gives_up_after: None, wait_max: None };
        let callers = vec![caller; per_second as usize * 11];
        let day = Counter::new(limited(per_second), Duration::ZERO).run(&callers, 10_000);
        prop_assert!(day.turns.len() * 100 >= per_second as usize * 10 * 93, "{} turns", day.turns.len());
        prop_assert!(day.turns.iter().map(|(_, index)| *index).is_sorted(), "first come, first served");
    }
}

fn at_once(arrives: i64) -> Caller {
    Caller { arrives, answered_after: 5, gives_up_after: None, wait_max: None }
}

#[test]
fn thirty_a_second_go_every_33_ms() {
    let callers = vec![at_once(0); 62];
    let day = Counter::new(limited(30), Duration::ZERO).run(&callers, 3_000);
    let times: Vec<i64> = day.turns.iter().map(|(at, _)| *at).collect();
    assert_eq!(times[..4], [0, 33, 66, 99]);
    assert_eq!(times[29..32], [957, 1_065, 1_098]);
    assert_eq!(times[60], 2_130);
}

#[test]
fn nothing_goes_before_the_quiet_time_is_over() {
    let day = Counter::new(limited(30), Duration::from_secs(1)).run(&[at_once(0), at_once(0)], 2_000);
    assert_eq!(day.turns, [(1_000, 0), (1_033, 1)]);
}

#[test]
fn whoever_gives_up_makes_room_for_the_next() {
    let gives_up = Caller { gives_up_after: Some(40), ..at_once(0) };
    let callers = [at_once(0), at_once(0), gives_up.clone(), gives_up, at_once(0)];
    let day = Counter::new(limited(10), Duration::ZERO).run(&callers, 1_000);
    assert_eq!(day.turns, [(0, 0), (100, 1), (200, 4)]);
}

#[test]
fn the_first_in_the_queue_may_give_up_too() {
    let callers = [at_once(0), Caller { gives_up_after: Some(99), ..at_once(0) }, at_once(0)];
    let day = Counter::new(limited(10), Duration::ZERO).run(&callers, 1_000);
    assert_eq!(day.turns, [(0, 0), (100, 2)]);
}

#[test]
fn unanswered_calls_count_until_they_are_answered() {
    let slow = Caller { answered_after: 2_500, ..at_once(0) };
    let callers = [slow.clone(), slow, at_once(0), Caller { wait_max: Some(1_600), ..at_once(0) }];
    let day = Counter::new(limited(2), Duration::ZERO).run(&callers, 4_000);
    assert_eq!(day.turns, [(0, 0), (500, 1), (2_500, 2)], "two at once, and the fourth gave up after 1.6 s");
    assert_eq!(day.refused, 1);
}

#[test]
fn whoever_would_wait_too_long_hears_it_at_once() {
    let world = World::new();
    let pacer = SlidingPacer::new(world.env.clone(), limited(10), Duration::ZERO);
    let ask = |wait_max| pacer.acquire(&app(), ENDPOINT, wait_max);
    let _first = ask(None).now_or_never().unwrap().unwrap();
    assert_eq!(pacer.backlog(&app(), ENDPOINT), Duration::from_millis(100));
    let mut queue: Vec<_> = (0..25).map(|_| ask(None)).collect();
    queue.iter_mut().for_each(|turn| assert!(turn.now_or_never().is_none()));
    // 26 in front: two whole windows and six more turns
    let wait = Duration::from_millis(2 * 1_065 + 600);
    assert_eq!(pacer.backlog(&app(), ENDPOINT), wait);
    let refused = ask(Some(wait - Duration::from_millis(1))).now_or_never().unwrap();
    assert_eq!(refused.unwrap_err(), Paced { wait });
    assert!(ask(Some(wait)).now_or_never().is_none(), "exactly in time is in time");
    drop(queue);
    assert_eq!(pacer.backlog(&app(), ENDPOINT), Duration::from_millis(100));
}

#[test]
fn a_long_backlog_is_foreseen_as_it_comes() {
    let world = World::new();
    let pacer = SlidingPacer::new(world.env.clone(), limited(7), Duration::from_millis(500));
    let call = || pacer.acquire(&app(), ENDPOINT, None).map(drop);
    let mut queue: Vec<_> = (0..100).map(|_| call()).collect();
    queue.iter_mut().for_each(|turn| assert!(turn.now_or_never().is_none()));
    let foreseen = pacer.backlog(&app(), ENDPOINT);
    queue.push(call());
    let (_, took) = world.run(futures_util::future::join_all(queue));
    assert_eq!(took, foreseen);
}

#[test]
fn limits_are_per_app_and_endpoint_and_absent_ones_do_not_pace() {
    let world = World::new();
    let fast = AppId::new("tt2").unwrap();
    let limits = limited(1).with_app(fast.clone(), ENDPOINT, NonZeroU32::new(1_000));
    let pacer = SlidingPacer::new(world.env.clone(), limits, Duration::ZERO);
    let goes = |app: &AppId, endpoint| pacer.acquire(app, endpoint, None).now_or_never().is_some();
    assert!(goes(&app(), ENDPOINT) && !goes(&app(), ENDPOINT));
    assert!(goes(&fast, ENDPOINT) && !goes(&fast, ENDPOINT));
    for _ in 0..100 {
        assert!(goes(&app(), UNPACED));
    }
    assert_eq!(pacer.backlog(&app(), UNPACED), Duration::ZERO);
    world.clock.advance(Duration::from_millis(1));
    assert!(goes(&fast, ENDPOINT) && !goes(&app(), ENDPOINT));
}

#[test]
fn new_limits_reach_those_who_wait() {
    let world = World::new();
    let pacer = SlidingPacer::new(world.env.clone(), limited(1), Duration::ZERO);
    let mut queue: Vec<_> = (0..3).map(|_| pacer.acquire(&app(), ENDPOINT, None)).collect();
    let mut waiting: FuturesUnordered<_> = queue.drain(..).collect();
    let mut context = Context::from_waker(Waker::noop());
    let mut ready = || {
        let mut count = 0;
        while let Poll::Ready(Some(_)) = Pin::new(&mut waiting).poll_next(&mut context) {
            count += 1;
        }
        count
    };
    assert_eq!(ready(), 1);
    pacer.set_limits(Limits::none());
    assert_eq!(ready(), 2);
    assert_eq!(pacer.limits(), Limits::none());
}
