//! One request and its answer, told to the observer whatever happens.

use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{Mono, NetError, UnixMs};
use douyin_pay_protocol::{Endpoint, Method, ecpay, trade};
use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Request, Response};

use super::{Ask, Engine, Read, ReadPieces};
use crate::observer::Numbers;
use crate::outcome::Cause;
use crate::tokens::Pass;
use crate::{Call, Outcome};

/// Where the general trade system looks for the token. Guaranteed payment wants it in the body.
const ACCESS_TOKEN: &str = "access-token";

const LOG_ID: &str = "x-tt-logid";
/// Longer log ids than this are not from the platform.
const LOG_ID_BYTES_MAX: usize = 128;

/// An attempt under way. Dropped before its end, it is reported as unknown.
pub(super) struct Attempt<'a> {
    engine: &'a Engine,
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
    fn of(endpoint: Endpoint, response: &Response<Bytes>) -> Self {
        let in_body = || match endpoint {
            Endpoint::Trade(_) => trade::log_id(response.body()).filter(|text| looks_like_log_id(text)),
            Endpoint::Ecpay(_) => None,
        };
        let log_id = log_id(response.headers()).or_else(in_body);
        Self { http_status: Some(response.status().as_u16()), log_id }
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
    pub(super) fn begin(engine: &'a Engine, endpoint: Endpoint, numbers: Numbers<'a>, number: u32) -> Self {
        let (started, began) = (engine.env.now(), engine.env.mono());
        Self { engine, endpoint, numbers, number, started, began, reported: false }
    }

    /// Sends the request; gives the reply or what went wrong, and where the answer came from.
    pub(super) async fn send<T>(
        mut self,
        ask: &Ask<'_, T>,
        pass: Option<&Pass>,
        deadline: Duration,
    ) -> (Result<T, Cause>, Trace) {
        let request = self.request(ask, pass);
        let (result, trace) = match &ask.read {
            Read::Whole(read) => {
                let came = self.engine.env.net.send(request, deadline).await;
                let trace =
                    came.as_ref().map(|response| Trace::of(self.endpoint, response)).unwrap_or_default();
                (came.map_err(Cause::Net).and_then(|response| read(&response)), trace)
            }
            Read::Pieces(read) => self.open(request, read, deadline).await,
        };
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

    fn request<T>(&self, ask: &Ask<'_, T>, pass: Option<&Pass>) -> Request<Bytes> {
        let url = format!("{}{}", self.engine.base_url, self.endpoint.path());
        let (mut request, mut body) = match self.endpoint.method() {
            Method::Post => (Request::post(url).header(CONTENT_TYPE, "application/json"), ask.body.clone()),
            Method::Get => {
                let query = str::from_utf8(&ask.body).expect("a query is text");
                (Request::get(format!("{url}?{query}")), Bytes::new())
            }
        };
        match (pass, self.endpoint) {
            (None, _) => {}
            (Some(pass), Endpoint::Trade(_)) => request = request.header(ACCESS_TOKEN, pass.header()),
            (Some(pass), Endpoint::Ecpay(_)) => body = ecpay::with_access_token(&body, pass.token()).into(),
        }
        request.body(body).expect("the base URL was checked when the client was built")
    }

    /// Opens an answer of any size; `deadline` is for its beginning, the whole time of a call for each piece.
    async fn open<T>(
        &self,
        request: Request<Bytes>,
        read: &ReadPieces<T>,
        deadline: Duration,
    ) -> (Result<T, Cause>, Trace) {
        let env = &self.engine.env;
        let mut trace = Trace::default();
        let beginning = async {
            let response = env.net.open(request, self.engine.total).await.map_err(Cause::Net)?;
            trace.http_status = Some(response.status().as_u16());
            trace.log_id = log_id(response.headers());
            read(response).await
        };
        let late = |_| {
            let problem = format!("no answer within {} ms", deadline.as_millis());
            Err(Cause::Net(NetError::maybe_sent(problem)))
        };
        let result = env.within(deadline, beginning).await.unwrap_or_else(late);
        (result, trace)
    }

    fn report(&mut self, end: &End<'_>) {
        self.reported = true;
        let millis = self.engine.env.mono().since(self.began);
        tracing::debug!(
            app_id = %self.engine.app_id, endpoint = %self.endpoint, attempt = self.number, millis,
            outcome = end.outcome.map_or("accepted", Outcome::as_str), err_no = end.err_no,
            log_id = end.log_id, problem = end.problem, "called the platform"
        );
        let Some(observer) = &self.engine.observer else { return };
        observer.called(&Call {
            app_id: &self.engine.app_id,
            endpoint: self.endpoint,
            out_order_no: self.numbers.out_order_no,
            out_no: self.numbers.out_no,
            platform_no: self.numbers.platform_no,
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
    looks_like_log_id(text).then(|| text.to_owned())
}

fn looks_like_log_id(text: &str) -> bool {
    (1..=LOG_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
