//! One request and its answer, told to the observer whatever happens.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Mono, UnixMs};
use douyin_pay_protocol::Endpoint;
use douyin_pay_protocol::ecpay::Request;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderMap};

use super::Shared;
use crate::observer::Numbers;
use crate::outcome::{Cause, read};
use crate::{Call, Outcome};

const LOG_ID: &str = "x-tt-logid";
/// Longer log ids than this are not from the platform.
const LOG_ID_BYTES_MAX: usize = 128;

/// An attempt under way. Dropped before its end, it is reported as unknown.
pub(super) struct Attempt<'a> {
    shared: &'a Shared,
    endpoint: Endpoint,
    numbers: Numbers<'a>,
    number: u32,
    started: UnixMs,
    began: Mono,
    reported: bool,
}

/// Where an answer came from, whatever it says.
#[derive(Default)]
pub(super) struct Trace {
    pub(super) http_status: Option<u16>,
    pub(super) log_id: Option<String>,
}

impl Trace {
    fn of(response: &Response<Bytes>) -> Self {
        Self { http_status: Some(response.status().as_u16()), log_id: log_id(response.headers()) }
    }
}

/// What an observer hears about an attempt's end.
struct End<'a> {
    outcome: Option<Outcome>,
    err_no: Option<i64>,
    http_status: Option<u16>,
    log_id: Option<&'a str>,
    problem: Option<&'a str>,
}

impl<'a> Attempt<'a> {
    pub(super) fn begin(shared: &'a Shared, endpoint: Endpoint, numbers: Numbers<'a>, number: u32) -> Self {
        let (started, began) = (shared.env.now(), shared.env.mono());
        Self { shared, endpoint, numbers, number, started, began, reported: false }
    }

    /// Sends the request; gives the reply or what went wrong, and where the answer came from.
    pub(super) async fn send<R: Request>(
        mut self,
        body: Bytes,
        deadline: Duration,
    ) -> (Result<R::Reply, Cause>, Trace) {
        let url = format!("{}{}", self.shared.base_url, self.endpoint.path());
        let request = http::Request::post(url)
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .expect("the base URL was checked when the client was built");
        let came = self.shared.env.net.send(request, deadline).await;
        let trace = came.as_ref().map(Trace::of).unwrap_or_default();
        let result = read::<R>(came);
        let cause = result.as_ref().err();
        let problem = cause.map(ToString::to_string);
        self.report(&End {
            outcome: cause.map(Cause::outcome),
            err_no: match cause {
                None => Some(0),
                Some(cause) => cause.platform_error().map(|refusal| refusal.err_no.get()),
            },
            http_status: trace.http_status,
            log_id: trace.log_id.as_deref(),
            problem: problem.as_deref(),
        });
        (result, trace)
    }

    fn report(&mut self, end: &End<'_>) {
        self.reported = true;
        let millis = self.shared.env.mono().since(self.began);
        tracing::debug!(
            app_id = %self.shared.app_id, endpoint = %self.endpoint, attempt = self.number, millis,
            outcome = end.outcome.map_or("accepted", Outcome::as_str), err_no = end.err_no,
            log_id = end.log_id, problem = end.problem, "called the platform"
        );
        let Some(observer) = &self.shared.observer else { return };
        observer.called(&Call {
            app_id: &self.shared.app_id,
            endpoint: self.endpoint,
            out_order_no: self.numbers.out_order_no,
            out_no: self.numbers.out_no,
            attempt: self.number,
            started: self.started,
            millis: u64::try_from(millis).unwrap_or(0),
            outcome: end.outcome,
            err_no: end.err_no,
            http_status: end.http_status,
            log_id: end.log_id,
            problem: end.problem,
        });
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.reported {
            let problem = Some("the caller gave up before an answer came");
            let end = End {
                outcome: Some(Outcome::Unknown),
                err_no: None,
                http_status: None,
                log_id: None,
                problem,
            };
            self.report(&end);
        }
    }
}

/// The platform's id of an answer, if it looks like one: it goes into logs and pages.
fn log_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(LOG_ID)?.to_str().ok()?.trim();
    let fits =
        (1..=LOG_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned())
}
