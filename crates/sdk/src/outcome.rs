//! What an answer means: may the platform have acted?

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use douyin_pay_env::{NetError, Sent};
use douyin_pay_protocol::ecpay::{Request, parse_reply};
use douyin_pay_protocol::{Endpoint, ErrNo, Meaning, PlatformError, ReplyError};
use http::{Response, StatusCode};

/// What a failed call tells about the platform's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The platform has not acted. Wait, then repeat with the same number.
    NotSent,
    /// The platform said no. The same request will be refused again.
    Refused,
    /// The platform may have acted. Never take a new number: repeat the same one, or query it.
    Unknown,
}

impl Outcome {
    /// The word for logs: `not_sent`, `refused`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why one attempt brought no reply.
#[derive(Debug, Clone)]
pub(crate) enum Cause {
    /// No complete answer arrived.
    Net(NetError),
    /// An answer with another status than 200: not from the payment system.
    Status(StatusCode),
    /// An answer without a reply.
    Reply(ReplyError),
    /// The turn under the limit of calls would come too late.
    Paced(Duration),
}

/// When an attempt may be repeated by the client itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    Never,
    Soon,
    /// After the platform's window of one second has passed.
    Later,
}

/// Reads what came back for a request of type `R`.
pub(crate) fn read<R: Request>(came: Result<Response<Bytes>, NetError>) -> Result<R::Reply, Cause> {
    let response = came.map_err(Cause::Net)?;
    if response.status() != StatusCode::OK {
        return Err(Cause::Status(response.status()));
    }
    parse_reply::<R>(response.body()).map_err(Cause::Reply)
}

impl Cause {
    /// What this attempt, taken alone, tells about the platform's side.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Net(NetError { sent: Sent::No, .. }) | Self::Paced(_) => Outcome::NotSent,
            Self::Net(NetError { sent: Sent::Maybe, .. }) | Self::Status(_) => Outcome::Unknown,
            Self::Reply(ReplyError::Platform(refusal)) => match refusal.err_no.meaning() {
                // "Not found" is never a failure: nothing happened under this number yet.
                Meaning::Throttled | Meaning::Token | Meaning::NotFound => Outcome::NotSent,
                Meaning::Internal | Meaning::NumberUsed => Outcome::Unknown,
                _ => Outcome::Refused,
            },
            // Accepted, but unreadable, or not from the payment system at all.
            Self::Reply(_) => Outcome::Unknown,
        }
    }

    /// Whether the very same bytes may be sent again without asking anybody.
    pub(crate) fn repeat(&self, endpoint: Endpoint) -> Repeat {
        let query = endpoint.is_query();
        match self {
            Self::Net(_) => Repeat::Soon,
            Self::Status(status) if status.is_server_error() => Repeat::Soon,
            Self::Reply(ReplyError::NotJson(_)) if query => Repeat::Soon,
            Self::Reply(ReplyError::Platform(refusal)) => match (refusal.err_no, refusal.err_no.meaning()) {
                (ErrNo::INTERNAL, _) => Repeat::Soon,
                (ErrNo::THROTTLED, _) => Repeat::Later,
                (_, Meaning::Internal) if query => Repeat::Soon,
                (_, Meaning::Throttled) if query => Repeat::Later,
                _ => Repeat::Never,
            },
            _ => Repeat::Never,
        }
    }

    /// The platform's own refusal, if that is what came back.
    pub(crate) fn platform_error(&self) -> Option<&PlatformError> {
        match self {
            Self::Reply(ReplyError::Platform(refusal)) => Some(refusal),
            _ => None,
        }
    }
}
