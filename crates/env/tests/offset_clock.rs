//! The clock that can be moved: who wakes, when, and in which order.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use douyin_pay_env::{BoxFuture, Clock, Env, Mono, Net, OffsetClock, Tasks, UnixMs};
use futures_util::FutureExt;

const START: UnixMs = UnixMs::new(1_704_067_200_000);

/// Notes its name when it is woken.
struct Named(&'static str, Arc<Mutex<Vec<&'static str>>>);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        self.1.lock().expect("one thread").push(self.0);
    }
}

fn poll(sleep: &mut BoxFuture<()>, waker: &Waker) -> Poll<()> {
    sleep.poll_unpin(&mut Context::from_waker(waker))
}

#[test]
fn sleepers_wake_in_the_order_of_their_moments_then_of_their_arrival() {
    let clock = OffsetClock::standing_at(START);
    let woken = Arc::new(Mutex::new(Vec::new()));
    let mut sleepers: Vec<_> = [("c", 30), ("a", 10), ("b1", 20), ("b2", 20), ("later", 900)]
        .into_iter()
        .map(|(name, ms)| {
            let waker = Waker::from(Arc::new(Named(name, Arc::clone(&woken))));
            let mut sleep = clock.sleep_until(Mono::new(ms));
            assert!(poll(&mut sleep, &waker).is_pending());
            (name, sleep, waker)
        })
        .collect();
    clock.advance(Duration::from_millis(30));
    assert_eq!(woken.lock().unwrap()[..4], ["a", "b1", "b2", "c"]);
    for (name, sleep, waker) in &mut sleepers {
        assert_eq!(poll(sleep, waker).is_pending(), *name == "later", "{name}");
    }
    clock.advance(Duration::from_millis(870));
    let (_, sleep, waker) = &mut sleepers[4];
    assert!(poll(sleep, waker).is_ready());
}

#[test]
fn both_times_move_together_and_clones_share_the_offset() {
    let clock = OffsetClock::standing_at(START);
    let other = clock.clone();
    let before = other.mono();
    clock.advance(Duration::from_secs(86_400));
    clock.advance(Duration::from_nanos(1));
    assert_eq!(other.offset(), Duration::from_millis(86_400_001));
    assert_eq!(other.now(), START.plus_ms(86_400_001));
    assert_eq!(other.mono().since(before), 86_400_001);
}

#[test]
fn a_sleeper_that_is_dropped_is_not_woken() {
    let clock = OffsetClock::standing_at(START);
    let woken = Arc::new(Mutex::new(Vec::new()));
    let waker = Waker::from(Arc::new(Named("gone", Arc::clone(&woken))));
    let mut sleep = clock.sleep_until(Mono::new(10));
    assert!(poll(&mut sleep, &waker).is_pending());
    drop(sleep);
    clock.advance(Duration::from_secs(1));
    assert!(woken.lock().unwrap().is_empty());
}

/// On top of a clock that runs by itself, here another one that we move, waiting goes on without `advance`.
#[test]
fn the_base_clock_wakes_as_well_at_the_moment_that_is_left() {
    let base = OffsetClock::standing_at(START);
    let clock = OffsetClock::new(Arc::new(base.clone()));
    let woken = Arc::new(Mutex::new(Vec::new()));
    let waker = Waker::from(Arc::new(Named("it", Arc::clone(&woken))));
    let mut sleep = clock.sleep_until(Mono::new(1_000));
    assert!(poll(&mut sleep, &waker).is_pending());
    clock.advance(Duration::from_millis(600));
    assert!(poll(&mut sleep, &waker).is_pending());
    woken.lock().unwrap().clear();
    base.advance(Duration::from_millis(400));
    assert_eq!(*woken.lock().unwrap(), ["it"]);
    assert!(poll(&mut sleep, &waker).is_ready());
}

struct Nothing;

impl douyin_pay_env::Entropy for Nothing {
    fn fill(&self, to: &mut [u8]) {
        to.fill(0xa5);
    }
}

impl Net for Nothing {
    fn send(
        &self,
        _: http::Request<bytes::Bytes>,
        _: Duration,
    ) -> BoxFuture<Result<http::Response<bytes::Bytes>, douyin_pay_env::NetError>> {
        Box::pin(async { Err(douyin_pay_env::NetError::not_sent("no network here")) })
    }
}

impl Tasks for Nothing {
    fn spawn(&self, _: &'static str, _: BoxFuture<()>) {}

    fn drain(&self, _: Duration) -> BoxFuture<usize> {
        Box::pin(async { 0 })
    }
}

fn env(clock: &OffsetClock) -> Env {
    let nothing = Arc::new(Nothing);
    Env { clock: Arc::new(clock.clone()), entropy: nothing.clone(), net: nothing.clone(), tasks: nothing }
}

#[test]
fn work_is_dropped_when_its_time_is_over() {
    let clock = OffsetClock::standing_at(START);
    let env = env(&clock);
    let mut never = Box::pin(env.within(Duration::from_secs(3), std::future::pending::<()>()));
    clock.advance(Duration::from_millis(2_999));
    assert_eq!((&mut never).now_or_never(), None);
    clock.advance(Duration::from_millis(1));
    assert!(never.now_or_never().expect("time is over").is_err());

    let ready = env.within(Duration::from_secs(1), async { "done" });
    clock.advance(Duration::from_secs(9));
    assert_eq!(ready.now_or_never(), Some(Ok("done")), "work that is ready at the last moment wins");
}

#[test]
fn random_values_keep_their_bounds() {
    let env = env(&OffsetClock::standing_at(START));
    assert_eq!(env.random_hex(5), "a5a5a");
    assert_eq!(env.random_below(0), 0);
    assert_eq!(env.random_below(1), 0);
    // 0xa5… is 0.647 of the way
    assert_eq!(env.random_below(100), 64);
    assert_eq!(env.jitter(Duration::from_secs(100), 10), Duration::from_micros(102_941_177));
    assert_eq!(env.jitter(Duration::from_secs(7), 0), Duration::from_secs(7));
    assert!(env.jitter(Duration::MAX, 50) > Duration::from_secs(1));
}
