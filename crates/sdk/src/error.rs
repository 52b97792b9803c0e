//! The error of a call, made for one question: may the platform have acted?

use std::fmt;
use std::time::Duration;

use douyin_pay_protocol::ecpay::bill::BillError;
use douyin_pay_protocol::{Endpoint, Meaning, PlatformError, ReplyError};

use crate::Outcome;
use crate::outcome::{Cause, only_asks};
use crate::tokens::NoToken;

/// A call without a reply.
///
/// Ask [`Error::outcome`] first. `Display` is a sentence for people with the next step in it; it never
/// holds a secret.
///
/// ```
/// use douyin_pay::{Error, Outcome};
///
/// fn next_step(error: &Error) -> &'static str {
///     match error.outcome() {
///         Outcome::NotSent => "wait, then repeat with the same number",
///         Outcome::Refused if error.is_config() => "mend the configuration, then repeat",
///         Outcome::Refused => "tell the user",
///         Outcome::Unknown => "query the same number; never take a new one",
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    endpoint: Endpoint,
    outcome: Outcome,
    cause: Cause,
    attempts: u32,
    http_status: Option<u16>,
    log_id: Option<String>,
}

impl Error {
    pub(crate) fn new(
        endpoint: Endpoint,
        outcome: Outcome,
        cause: Cause,
        attempts: u32,
        (http_status, log_id): (Option<u16>, Option<String>),
    ) -> Self {
        Self(Box::new(Inner { endpoint, outcome, cause, attempts, http_status, log_id }))
    }

    /// The error of a call that was not made.
    pub(crate) fn before_sending(endpoint: Endpoint, cause: Cause) -> Self {
        Self::new(endpoint, cause.outcome(), cause, 0, (None, None))
    }

    /// May the platform have acted? It answers for all attempts of the call together: a refusal after an
    /// attempt that nobody answered is [`Outcome::Unknown`].
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// The platform's code and words, when the last attempt was answered with a refusal; those of the token call
    /// when there was no token to make an attempt with.
    pub fn platform_error(&self) -> Option<&PlatformError> {
        self.0.cause.platform_error()
    }

    /// Why the answer is no bill, when one was fetched and the platform did not refuse it.
    pub fn bill_error(&self) -> Option<&BillError> {
        match &self.0.cause {
            Cause::NoBill(error) => Some(error),
            _ => None,
        }
    }

    /// A matter of configuration: salt, app secret, environment, app, provider or grant. The same number may be
    /// repeated after the mend.
    pub fn is_config(&self) -> bool {
        match &self.0.cause {
            Cause::NoToken(problem) => problem.is_config(),
            _ => matches!(self.meaning(), Some(Meaning::Signature | Meaning::Config)),
        }
    }

    /// The platform does not know the number (yet). Never a failure of the payment or refund itself.
    pub fn is_not_found(&self) -> bool {
        self.meaning() == Some(Meaning::NotFound)
    }

    /// The number was used before, or the thing is done already (22004, 22013, 23111): query it, it may have
    /// been an earlier attempt of yours. Never a failure.
    pub fn is_number_used(&self) -> bool {
        self.meaning() == Some(Meaning::NumberUsed)
    }

    /// The platform took neither the access token nor the one fetched in its place. It has not acted.
    pub fn is_token_rejected(&self) -> bool {
        self.meaning() == Some(Meaning::Token)
    }

    /// The platform said "too often", or our own limit would have made the caller wait too long.
    pub fn is_throttled(&self) -> bool {
        match &self.0.cause {
            Cause::NoToken(problem) => problem.is_throttled(),
            Cause::Paced(_) => true,
            _ => self.meaning() == Some(Meaning::Throttled),
        }
    }

    /// How long the turn under our own limit of calls would have taken, when that is why nothing was sent.
    pub fn paced(&self) -> Option<Duration> {
        match self.0.cause {
            Cause::Paced(wait) => Some(wait),
            _ => None,
        }
    }

    /// The platform's id of the last answer (`X-Tt-Logid`): its support asks for it.
    pub fn log_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::NoToken(NoToken::Call(error)) => error.log_id(),
            _ => self.0.log_id.as_deref(),
        }
    }

    /// How many requests were sent, or tried to be.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The HTTP status of the last attempt, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Which call it was.
    pub fn endpoint(&self) -> Endpoint {
        self.0.endpoint
    }

    fn meaning(&self) -> Option<Meaning> {
        self.platform_error().map(|refusal| refusal.err_no.meaning())
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { endpoint, outcome, cause, attempts, log_id, .. } = &*self.0;
        write!(f, "`{endpoint}`: {cause}")?;
        match (outcome, cause.outcome()) {
            (Outcome::Unknown, _) if only_asks(*endpoint) => write!(f, "; nothing was learnt, ask again")?,
            (Outcome::Unknown, Outcome::Unknown) if matches!(endpoint, Endpoint::Trade(_)) => {
                write!(f, "; the platform may have acted: query the same number before anything else")?;
            }
            (Outcome::Unknown, Outcome::Unknown) => {
                write!(f, "; the platform may have acted: repeat with the same number, or query it")?;
            }
            (Outcome::Unknown, _) => {
                write!(f, "; an earlier attempt may have been carried out: query the same number")?;
            }
            _ => {}
        }
        if *attempts > 1 {
            write!(f, " ({attempts} attempts)")?;
        }
        log_id.iter().try_for_each(|log_id| write!(f, " [log id {log_id}]"))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}, {self})", self.0.outcome)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net(problem) => write!(f, "{problem}"),
            Self::Status(status) => write!(f, "HTTP status {} instead of 200", status.as_u16()),
            Self::NoToken(problem) => write!(f, "{problem}"),
            Self::NoBill(problem) => write!(f, "{problem}"),
            Self::Reply(ReplyError::Platform(refusal)) => {
                let code = refusal.err_no;
                write!(f, "the platform answered {code} {:?}: ", Shortened(&refusal.err_tips))?;
                write!(f, "{}; {}", code.en(), code.remedy_en())
            }
            Self::Reply(unreadable) => write!(f, "{unreadable}"),
            Self::Paced(wait) => {
                write!(f, "the limit of calls leaves no turn before {} ms; ask later", wait.as_millis())
            }
        }
    }
}

/// The platform's words, cut and with control characters escaped, because they come from outside.
struct Shortened<'a>(&'a str);

/// More of the platform's words than this are not shown.
const TIPS_CHARS_MAX: usize = 200;

impl fmt::Debug for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.char_indices().nth(TIPS_CHARS_MAX).map_or(self.0.len(), |(at, _)| at);
        write!(f, "{:?}", &self.0[..end])?;
        if end < self.0.len() { f.write_str("…") } else { Ok(()) }
    }
}
