//! The network inside one process: routers called directly, with faults before and after.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Clock, Net, NetError, Sent};
use futures_util::future::{Either, select};
use http::{Request, Response};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::clock::SimClock;
use crate::executor::{Executor, Process};
use crate::rng::Rng;
use crate::trace::Trace;

/// What may go wrong on the way, each per mille of the calls.
#[derive(Debug, Clone, Copy, Default)]
pub struct WireFaults {
    /// Nobody listens: the caller knows that nothing was sent.
    pub refused: u64,
    /// The request is lost: nothing happened, but the caller cannot know.
    pub lost_request: u64,
    /// The request was carried out and its response is lost.
    pub lost_response: u64,
    /// The slowest one-way trip, in milliseconds.
    pub latency_ms_max: u64,
}

/// All hosts of the simulated world and the wires between them.
#[derive(Clone)]
pub struct Wires(Arc<Inner>);

struct Inner {
    hosts: Mutex<BTreeMap<&'static str, (Process, Router)>>,
    faults: Mutex<WireFaults>,
    rng: Mutex<Rng>,
    clock: SimClock,
    executor: Executor,
    trace: Trace,
}

impl Wires {
    /// Wires without hosts or faults yet.
    pub fn new(clock: SimClock, executor: Executor, trace: Trace, rng: Rng) -> Self {
        let inner = Inner {
            hosts: Mutex::default(),
            faults: Mutex::default(),
            rng: Mutex::new(rng),
            clock,
            executor,
            trace,
        };
        Self(Arc::new(inner))
    }

    /// `host` is served by `router`, which lives in `process`.
    pub fn connect(&self, host: &'static str, process: Process, router: Router) {
        self.0.hosts.lock().expect("one thread").insert(host, (process, router));
    }

    /// Nobody serves `host` any more.
    pub fn disconnect(&self, host: &str) {
        self.0.hosts.lock().expect("one thread").remove(host);
    }

    /// Changes what goes wrong from now on.
    pub fn set_faults(&self, faults: WireFaults) {
        *self.0.faults.lock().expect("one thread") = faults;
    }

    fn roll(&self, per_mille: impl Fn(&WireFaults) -> u64) -> bool {
        let odds = per_mille(&self.0.faults.lock().expect("one thread"));
        self.0.rng.lock().expect("one thread").hits(odds)
    }

    fn trip(&self) -> BoxFuture<()> {
        let longest = self.0.faults.lock().expect("one thread").latency_ms_max;
        let ms = self.0.rng.lock().expect("one thread").below(longest + 1);
        let ms = i64::try_from(ms).expect("a latency in milliseconds");
        self.0.clock.sleep_until(self.0.clock.mono().plus_ms(ms))
    }

    async fn exchange(self, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        self.0.trace.line(format!("→ {method} {uri} {}", String::from_utf8_lossy(request.body())));
        if self.roll(|faults| faults.refused) {
            return Err(failed(Sent::No, "connection refused"));
        }
        self.trip().await;
        if self.roll(|faults| faults.lost_request) {
            return Err(failed(Sent::Maybe, "connection reset before an answer"));
        }
        let response = self.call(request).await?;
        self.trip().await;
        if self.roll(|faults| faults.lost_response) {
            self.0.trace.line(format!("✗ {method} {uri} answer lost"));
            return Err(failed(Sent::Maybe, "connection reset before an answer"));
        }
        let text = String::from_utf8_lossy(response.body()).into_owned();
        self.0.trace.line(format!("← {method} {uri} {} {text}", response.status()));
        Ok(response)
    }

    /// Runs the host's router as a task of the host's process, so that it dies with that process,
    /// and ends it when the caller hangs up, as an HTTP server does.
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let found = self.0.hosts.lock().expect("one thread").get(host.as_str()).cloned();
        let Some((process, router)) = found else {
            return Err(failed(Sent::No, "connection refused"));
        };
        let (mut answer, answered) = oneshot::channel();
        let task = async move {
            let serving = Box::pin(serve(router, request));
            let served = match select(serving, Box::pin(answer.closed())).await {
                Either::Left((response, _)) => Some(response),
                Either::Right(_) => None,
            };
            if let Some(response) = served {
                // A caller that hung up has no use for the answer.
                let _hung_up = answer.send(response);
            }
        };
        self.0.executor.spawn(process, "request", Box::pin(task));
        answered.await.unwrap_or_else(|_| Err(failed(Sent::Maybe, "the process died before it answered")))
    }
}

async fn serve(router: Router, request: Request<Bytes>) -> Result<Response<Bytes>, NetError> {
    let response = match router.oneshot(request.map(Body::from)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.extensions().get::<douyin_pay_mock::Vanish>().is_some() {
        return Err(failed(Sent::Maybe, "connection closed without an answer"));
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await;
    let body = body.map_err(|_| failed(Sent::Maybe, "connection closed inside the answer"))?;
    Ok(Response::from_parts(parts, body))
}

fn failed(sent: Sent, problem: &str) -> NetError {
    NetError { sent, problem: problem.to_owned() }
}

impl Net for Wires {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let wires = self.clone();
        Box::pin(async move {
            let limit_ms = i64::try_from(deadline.as_millis()).unwrap_or(i64::MAX / 4);
            let limit = wires.0.clock.sleep_until(wires.0.clock.mono().plus_ms(limit_ms));
            match select(Box::pin(wires.exchange(request)), limit).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => Err(failed(Sent::Maybe, "no answer before the deadline")),
            }
        })
    }
}
