//! Passes the SDK's requests on, and remembers what answers say beside their bodies.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BoxFuture, Env, Net, NetError, UnixMs};
use http::{Request, Response, header};

/// What the last answer said beside its body, and when.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    /// Our time in the middle of the exchange.
    pub(super) at: UnixMs,
    /// `Date`, as it came.
    pub(super) date: Option<String>,
}

/// Passes requests on and remembers what the answer said beside its body.
pub(super) struct Ear {
    env: Env,
    last: Last,
}

/// What was heard last.
#[derive(Clone, Default)]
pub(super) struct Last(Arc<Mutex<Option<Result<Heard, NetError>>>>);

impl Last {
    pub(super) fn take(&self) -> Option<Result<Heard, NetError>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Ear {
    pub(super) fn new(env: &Env) -> (Self, Last) {
        let last = Last::default();
        (Self { env: env.clone(), last: last.clone() }, last)
    }
}

impl Net for Ear {
    fn send(
        &self,
        request: Request<Bytes>,
        deadline: Duration,
    ) -> BoxFuture<Result<Response<Bytes>, NetError>> {
        let (env, last) = (self.env.clone(), self.last.clone());
        Box::pin(async move {
            let begun = env.now();
            let came = env.net.send(request, deadline).await;
            let at = begun.plus_ms(env.now().since(begun) / 2);
            let date = |answer: &Response<Bytes>| {
                Some(answer.headers().get(header::DATE)?.to_str().ok()?.to_owned())
            };
            let heard = came.as_ref().map(|answer| Heard { at, date: date(answer) }).map_err(Clone::clone);
            *last.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
            came
        })
    }
}
