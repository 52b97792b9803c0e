//! A world without sockets: a standing clock, seeded randomness, prepared answers.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Entropy, Env, Net, NetError, OffsetClock, Tasks, UnixMs};
use douyin_pay_protocol::ecpay::{CreateRefund, QueryRefund};
use douyin_pay_protocol::{AppId, Endpoint, Fen, OutOrderNo, OutRefundNo, Reason, RefundAmount, Salt};
use http::Response;

use crate::{Call, Client, ClientBuilder, FixedNet, Observer, Outcome};

pub(super) const APP: &str = "tt0000000000000001";
pub(super) const SALT: &str = "very_secret_salt";
pub(super) const START: UnixMs = UnixMs::new(1_704_067_200_000);

pub(super) struct World {
    pub(super) clock: OffsetClock,
    pub(super) env: Env,
    besides: Besides,
}

impl World {
    pub(super) fn new() -> Self {
        Self::at(START)
    }

    pub(super) fn at(now: UnixMs) -> Self {
        let clock = OffsetClock::standing_at(now);
        let besides = Besides::default();
        let env = Env {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(Seeded(AtomicU64::new(7))),
            net: Arc::new(FixedNet::new()),
            tasks: Arc::new(besides.clone()),
        };
        Self { clock, env, besides }
    }

    /// A client of this world that gets its answers from `net`.
    pub(super) fn client(&self, net: &FixedNet) -> Client {
        self.builder().net(Arc::new(net.clone())).build().expect("everything is given")
    }

    pub(super) fn builder(&self) -> ClientBuilder {
        let app = AppId::new(APP).expect("a good id");
        Client::builder(app, Salt::new(SALT).expect("a good salt")).env(self.env.clone())
    }

    /// Lets time pass until `work` is done; says how long that took.
    pub(super) fn run<F: Future>(&self, work: F) -> (F::Output, Duration) {
        let began = self.clock.offset();
        let mut work = pin!(work);
        for _ in 0..60_000 {
            // A task that ends may be what the work waits for.
            loop {
                if let Poll::Ready(output) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                    return (output, self.clock.offset().saturating_sub(began));
                }
                if !self.besides.poll() {
                    break;
                }
            }
            self.clock.advance(Duration::from_millis(1));
        }
        panic!("not done after a minute");
    }

    /// Lets so much time pass, and tasks go on meanwhile.
    pub(super) fn pass(&self, time: Duration) {
        self.run(self.env.sleep(time));
    }

    pub(super) fn now<F: Future>(&self, work: F) -> F::Output {
        self.run(work).0
    }
}

/// A small linear generator: good enough to vary waits.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, to: &mut [u8]) {
        for byte in to {
            let before = self.0.load(Ordering::Relaxed);
            let after =
                before.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0.store(after, Ordering::Relaxed);
            *byte = after.to_be_bytes()[0];
        }
    }
}

/// The tasks that run besides.
#[derive(Clone, Default)]
struct Besides(Arc<Mutex<Vec<BoxFuture<()>>>>);

impl Besides {
    /// Polls each once; says whether one of them has ended.
    fn poll(&self) -> bool {
        let polled = std::mem::take(&mut *self.0.lock().expect("one thread"));
        let before = polled.len();
        let mut context = Context::from_waker(Waker::noop());
        let live: Vec<_> = polled
            .into_iter()
            .filter_map(|mut task| task.as_mut().poll(&mut context).is_pending().then_some(task))
            .collect();
        let ended = live.len() < before;
        self.0.lock().expect("one thread").extend(live);
        ended
    }
}

impl Tasks for Besides {
    fn spawn(&self, _: &'static str, task: BoxFuture<()>) {
        self.0.lock().expect("one thread").push(task);
    }

    fn drain(&self, _: Duration) -> BoxFuture<usize> {
        let left = self.0.lock().expect("one thread").len();
        Box::pin(std::future::ready(left))
    }
}

pub(super) fn refund() -> CreateRefund {
    let amount = RefundAmount::new(Fen::new(100).expect("in range")).expect("in range");
    let reason = Reason::new("wrong address").expect("a good text");
    CreateRefund::new(OutOrderNo::new("O1").expect("a good number"), refund_no(), amount, reason)
}

pub(super) fn query() -> QueryRefund {
    QueryRefund::new(refund_no())
}

fn refund_no() -> OutRefundNo {
    OutRefundNo::new("R1").expect("a good number")
}

pub(super) const REFUND_TAKEN: &str =
    r#"{"err_no":0,"err_tips":"受理成功","refund_no":"N7300000000000000002"}"#;
pub(super) const REFUND_DONE: &str = r#"{"err_no":0,"err_tips":"success","refundInfo":{"refund_no":"N73","refund_amount":100,"refund_status":"SUCCESS","refunded_at":1704067300,"is_all_settled":false,"cp_extra":"","msg":""}}"#;

pub(super) fn lost() -> NetError {
    NetError::maybe_sent("connection reset before an answer")
}

pub(super) fn answer(status: u16, log_id: &str, body: &str) -> Response<Bytes> {
    let answer = Response::builder().status(status).header("X-Tt-Logid", log_id);
    answer.body(Bytes::copy_from_slice(body.as_bytes())).expect("a good answer")
}

/// What an observer heard, without the borrowed parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) endpoint: Endpoint,
    pub(super) platform_no: Option<String>,
    pub(super) numbers: (Option<String>, Option<String>),
    pub(super) attempt: u32,
    pub(super) started: UnixMs,
    pub(super) millis: u64,
    pub(super) outcome: Option<Outcome>,
    pub(super) err_no: Option<i64>,
    pub(super) http_status: Option<u16>,
    pub(super) log_id: Option<String>,
    pub(super) debug: String,
}

#[derive(Default)]
pub(super) struct Recorder(Mutex<Vec<Heard>>);

impl Recorder {
    pub(super) fn heard(&self) -> Vec<Heard> {
        self.0.lock().expect("one thread").clone()
    }
}

impl Observer for Recorder {
    fn called(&self, call: &Call<'_>) {
        self.0.lock().expect("one thread").push(Heard {
            endpoint: call.endpoint,
            platform_no: call.platform_no.map(str::to_owned),
            numbers: (call.out_order_no.map(str::to_owned), call.out_no.map(str::to_owned)),
            attempt: call.attempt,
            started: call.started,
            millis: call.millis,
            outcome: call.outcome,
            err_no: call.err_no,
            http_status: call.http_status,
            log_id: call.log_id.map(str::to_owned),
            debug: format!("{call:?}"),
        });
    }
}

/// A platform that is never there in time: each request is lost after four seconds, or at its deadline.
pub(super) struct Slow(pub(super) Env, pub(super) Arc<Mutex<Vec<Duration>>>);

impl Net for Slow {
    fn send(
        &self,
        _: http::Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        self.1.lock().expect("one thread").push(deadline);
        let over = self.0.sleep(deadline.min(Duration::from_secs(4)));
        Box::pin(async move {
            over.await;
            Err(lost())
        })
    }
}
