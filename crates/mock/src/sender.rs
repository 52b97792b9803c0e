//! Sends callbacks when they are due, on the shared clock.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::OffsetClock;
use douyin_pay_protocol::UnixMs;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt, select_biased};
use http::Request;
use tokio::sync::Notify;

use crate::faults::CallbackFault;
use crate::mock::Mock;
use crate::platform::{Delivery, Heard};

/// How long the platform waits for an acknowledgement.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// Deliveries under way at the same time; more wait.
const UNDER_WAY_MAX: usize = 128;
/// The longest sleep of an idle sender.
const IDLE_MS: i64 = 3_600_000;

/// Who may send: the task, or a jump of the clock.
#[derive(Default)]
pub(crate) struct Sending {
    jumping: AtomicBool,
    under_way: AtomicUsize,
    quiet: Notify,
    /// One jump at a time.
    turn: tokio::sync::Mutex<()>,
}

/// The task: waits until something is due, lets it happen, sends what follows; ends at `stop`.
pub(crate) async fn run(mock: Mock) {
    let inner = mock.inner();
    let mut under_way: FuturesUnordered<BoxFuture<'static, ()>> = FuturesUnordered::new();
    while !inner.stopped.load(Ordering::SeqCst) {
        let next = begin_due(&mock, &mut under_way);
        let mut due = inner.env.clock.sleep_until(inner.env.mono().plus_ms(next)).fuse();
        let mut woken = Box::pin(inner.wake.notified()).fuse();
        select_biased! {
            () = under_way.select_next_some() => {}
            () = woken => {}
            () = due => {}
        }
    }
}

/// Starts whatever is due and says after how many ms the next is.
fn begin_due(mock: &Mock, under_way: &mut FuturesUnordered<BoxFuture<'static, ()>>) -> i64 {
    let sending = &mock.inner().sending;
    let now = mock.now();
    let mut platform = mock.platform();
    platform.advance_to(now);
    if sending.jumping.load(Ordering::SeqCst) || under_way.len() >= UNDER_WAY_MAX {
        return IDLE_MS;
    }
    while under_way.len() < UNDER_WAY_MAX {
        let leased = platform.lease_delivery(now);
        if leased.is_empty() {
            break;
        }
        for delivery in leased {
            sending.under_way.fetch_add(1, Ordering::SeqCst);
            under_way.push(Box::pin(deliver_counted(mock.clone(), delivery)));
        }
    }
    platform.next_due().map_or(IDLE_MS, |at| at.since(now).clamp(1, IDLE_MS))
}

async fn deliver_counted(mock: Mock, delivery: Delivery) {
    deliver(&mock, delivery).await;
    let sending = &mock.inner().sending;
    sending.under_way.fetch_sub(1, Ordering::SeqCst);
    sending.quiet.notify_waiters();
}

/// Sends one delivery and notes what came of it.
async fn deliver(mock: &Mock, delivery: Delivery) {
    let heard = match delivery.fault {
        Some(CallbackFault::Lost) => Heard::Nothing("lost on its way, on purpose".to_owned()),
        _ => send(mock, &delivery).await,
    };
    mock.change(|platform, now| platform.record_delivery(now, &delivery, &heard));
}

async fn send(mock: &Mock, delivery: &Delivery) -> Heard {
    if delivery.body.is_empty() {
        return Heard::Nothing("the app is not configured any more, so nothing can be signed".to_owned());
    }
    let request = Request::post(&delivery.url).header("content-type", "application/json");
    let request = delivery.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let Ok(request) = request.body(Bytes::from(delivery.body.clone())) else {
        return Heard::Nothing("the URL is not valid".to_owned());
    };
    match mock.env().net.send(request, ANSWER_WITHIN).await {
        Err(cause) => Heard::Nothing(cause.problem),
        Ok(answer) => {
            let (status, body) = (answer.status().as_u16(), answer.body().to_vec());
            match delivery.fault {
                Some(CallbackFault::AcknowledgementLost) => Heard::LostAnswer { status, body },
                _ => Heard::Answer { status, body },
            }
        }
    }
}

/// Moves the clock to `by` from now, stopping wherever something is due.
pub(crate) async fn jump(mock: &Mock, clock: &OffsetClock, by: Duration) {
    let inner = mock.inner();
    let _turn = inner.sending.turn.lock().await;
    let _jumping = Jumping::begin(mock);
    until_quiet(mock).await;
    let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
    let goal = mock.now().plus_ms(by_ms);
    while let Some(at) = next_until(mock, goal) {
        move_to(clock, mock.now(), at);
        send_due(mock).await;
    }
    move_to(clock, mock.now(), goal);
    send_due(mock).await;
}

/// Keeps the task from sending while it lives, also when the jump is dropped halfway.
struct Jumping<'a>(&'a Mock);

impl<'a> Jumping<'a> {
    fn begin(mock: &'a Mock) -> Self {
        // Under the lock, so that the task is either before its lease, and sees this, or after it, and is counted.
        let _platform = mock.platform();
        mock.inner().sending.jumping.store(true, Ordering::SeqCst);
        Self(mock)
    }
}

impl Drop for Jumping<'_> {
    fn drop(&mut self) {
        self.0.inner().sending.jumping.store(false, Ordering::SeqCst);
        self.0.inner().wake.notify_one();
    }
}

async fn until_quiet(mock: &Mock) {
    let sending = &mock.inner().sending;
    loop {
        let quiet = sending.quiet.notified();
        if sending.under_way.load(Ordering::SeqCst) == 0 {
            return;
        }
        quiet.await;
    }
}

fn next_until(mock: &Mock, goal: UnixMs) -> Option<UnixMs> {
    mock.platform().next_due().filter(|at| *at <= goal)
}

fn move_to(clock: &OffsetClock, now: UnixMs, at: UnixMs) {
    if let Ok(ms) = u64::try_from(at.since(now)) {
        clock.advance(Duration::from_millis(ms));
    }
}

/// Lets happen what is due, and sends its callbacks one after the other.
async fn send_due(mock: &Mock) {
    loop {
        let leased = mock.change(|platform, now| {
            platform.advance_to(now);
            platform.lease_delivery(now)
        });
        if leased.is_empty() {
            return;
        }
        for delivery in leased {
            deliver(mock, delivery).await;
        }
    }
}
