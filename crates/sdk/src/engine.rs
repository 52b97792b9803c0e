//! One call of either system: its turns, its attempts, and what they tell together.

mod attempt;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{BodyStream, BoxFuture, Env, Mono};
use douyin_pay_protocol::{AppId, Endpoint};
use http::Response;

use self::attempt::{Attempt, Trace};
use crate::observer::Numbers;
use crate::outcome::{Cause, Repeat, only_asks};
use crate::retry::ATTEMPT_MS_MIN;
use crate::tokens::{Pass, Tokens};
use crate::{Answer, Error, Observer, Outcome, Pacer, Permit, Retry};

/// What all calls of a client have in common.
pub(crate) struct Engine {
    pub(crate) app_id: AppId,
    pub(crate) base_url: String,
    pub(crate) env: Env,
    /// The time for all attempts of one call together, and for the token it needs.
    pub(crate) total: Duration,
    pub(crate) pacer: Option<Arc<dyn Pacer>>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

/// One request, ready to be sent, and how its answer is read.
pub(crate) struct Ask<'a, T> {
    pub(crate) endpoint: Endpoint,
    pub(crate) numbers: Numbers<'a>,
    /// The body of a POST, the query of a GET. One for all attempts: the platform must see the very same again.
    pub(crate) body: Bytes,
    pub(crate) read: Read<T>,
    /// Where its access token comes from, if it needs one.
    pub(crate) tokens: Option<&'a Tokens>,
    pub(crate) retry: Retry,
    /// How long it may wait for its first turn.
    pub(crate) pace_wait_max: Option<Duration>,
}

/// How an answer becomes a reply.
pub(crate) enum Read<T> {
    /// When all of it is there.
    Whole(fn(&Response<Bytes>) -> Result<T, Cause>),
    /// While it comes, because it may be of any size; over when its beginning tells what it is.
    Pieces(ReadPieces<T>),
}

/// Reads the beginning of an answer that comes in pieces.
pub(crate) type ReadPieces<T> =
    Box<dyn Fn(Response<BodyStream>) -> BoxFuture<Result<T, Cause>> + Send + Sync>;

impl Engine {
    /// Makes the call: token, turn, attempt, and again where that is safe.
    pub(crate) async fn call<T>(&self, ask: &Ask<'_, T>) -> Result<Answer<T>, Error> {
        let mut progress = Progress::new(ask.endpoint);
        let over = self.env.mono().plus(self.total);
        // The token comes before the turn: calls that got their turns one by one must not wait together.
        let pass = self.pass(ask, over).await;
        let mut pass = pass.map_err(|cause| progress.end(cause, Trace::default()))?;
        let queued = self.env.mono();
        let permit = self.turn(ask.endpoint, ask.pace_wait_max).await;
        let mut permit = permit.map_err(|cause| progress.end(cause, Trace::default()))?;
        let over = over.plus_ms(self.env.mono().since(queued));
        loop {
            progress.attempts += 1;
            let attempt = Attempt::begin(self, ask.endpoint, ask.numbers, progress.attempts);
            let (result, trace) = attempt.send(ask, pass.as_ref(), over.wait_from(self.env.mono())).await;
            drop(permit);
            let cause = match result {
                Ok(reply) => return Ok(Answer { reply, log_id: trace.log_id, attempts: progress.attempts }),
                Err(cause) => cause,
            };
            progress.note(&cause);
            permit = match self.again(ask, &mut progress, &mut pass, &cause, over).await {
                Next::Turn(permit) => permit,
                Next::End => return Err(progress.end(cause, trace)),
                Next::Worse(worse) => return Err(progress.end(worse, trace)),
            };
        }
    }

    /// The token for a call that needs one.
    async fn pass<T>(&self, ask: &Ask<'_, T>, over: Mono) -> Result<Option<Pass>, Cause> {
        match ask.tokens {
            None => Ok(None),
            Some(tokens) => tokens.pass(over).await.map(Some).map_err(Cause::NoToken),
        }
    }

    /// Waits for the turn under the limit of calls.
    async fn turn(&self, endpoint: Endpoint, wait_max: Option<Duration>) -> Result<Permit, Cause> {
        match &self.pacer {
            None => Ok(Permit::uncounted()),
            Some(pacer) => {
                let turn = pacer.acquire(&self.app_id, endpoint, wait_max).await;
                turn.map_err(|paced| Cause::Paced(paced.wait))
            }
        }
    }

    /// Waits until the next attempt may begin, with another token if the last one was rejected.
    async fn again<T>(
        &self,
        ask: &Ask<'_, T>,
        progress: &mut Progress,
        pass: &mut Option<Pass>,
        cause: &Cause,
        over: Mono,
    ) -> Next {
        let latest = over.plus_ms(-ATTEMPT_MS_MIN);
        match (cause.repeat(ask.endpoint), ask.tokens, &*pass) {
            (Repeat::WithNewToken, Some(tokens), Some(rejected)) if !progress.token_renewed => {
                progress.token_renewed = true;
                match tokens.renewed(rejected, over).await {
                    Ok(renewed) => *pass = Some(renewed),
                    Err(problem) => return Next::Worse(Cause::NoToken(problem)),
                }
            }
            (repeat, _, _) => {
                let Some(wait) = ask.retry.wait(&self.env, repeat, progress.attempts_that_count()) else {
                    return Next::End;
                };
                let begin = self.env.mono().plus(wait);
                if begin > latest {
                    return Next::End;
                }
                self.env.sleep_until(begin).await;
            }
        }
        if self.env.mono() > latest {
            return Next::End;
        }
        match self.turn(ask.endpoint, Some(latest.wait_from(self.env.mono()))).await {
            Ok(permit) => Next::Turn(permit),
            Err(_) => Next::End,
        }
    }
}

/// What follows an attempt without a reply.
enum Next {
    /// Another attempt, now.
    Turn(Permit),
    /// No more attempts.
    End,
    /// No more attempts, and something else to tell.
    Worse(Cause),
}

/// What all attempts of one call together tell.
struct Progress {
    endpoint: Endpoint,
    attempts: u32,
    token_renewed: bool,
    /// An attempt may have been carried out: from here on no refusal is an answer.
    maybe_acted: bool,
}

impl Progress {
    fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, attempts: 0, token_renewed: false, maybe_acted: false }
    }

    fn note(&mut self, cause: &Cause) {
        // A query changes nothing, so each of its answers stands for itself.
        self.maybe_acted |= !only_asks(self.endpoint) && cause.outcome() == Outcome::Unknown;
    }

    /// The attempt with a rejected token was none: the platform did not look at the request.
    fn attempts_that_count(&self) -> u32 {
        self.attempts - u32::from(self.token_renewed)
    }

    fn end(&self, cause: Cause, trace: Trace) -> Error {
        let outcome = if self.maybe_acted { Outcome::Unknown } else { cause.outcome() };
        Error::new(self.endpoint, outcome, cause, self.attempts, (trace.http_status, trace.log_id))
    }
}
