//! What an answer means: may the platform have acted?

use std::fmt;
use std::time::Duration;

use douyin_pay_env::{NetError, Sent};
use douyin_pay_protocol::ecpay::bill::BillError;
use douyin_pay_protocol::{Endpoint, Meaning, PlatformError, ReplyError, ecpay};
use http::StatusCode;

use crate::tokens::NoToken;

/// What a failed call tells about the platform's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The platform has not acted. Wait, then repeat with the same number.
    NotSent,
    /// The platform said no. The same request will be refused again.
    Refused,
    /// The platform may have acted. Never take a new number. Guaranteed payment: repeat the same one, or query
    /// it. General trade: query it first, because a number it knows is refused.
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

/// Why one attempt brought no reply, or was not made.
#[derive(Debug, Clone)]
pub(crate) enum Cause {
    /// No complete answer arrived.
    Net(NetError),
    /// An answer that is not from the payment system.
    Status(StatusCode),
    /// An answer without a reply.
    Reply(ReplyError),
    /// The turn under the limit of calls would come too late.
    Paced(Duration),
    /// An answer that is neither a bill nor a refusal.
    NoBill(BillError),
    /// There is no access token to call with.
    NoToken(NoToken),
}

/// When an attempt may be repeated by the client itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    Never,
    Soon,
    /// After the platform's window of one second has passed.
    Later,
    /// At once, with another access token.
    WithNewToken,
}

/// Whether a call touches neither orders nor money: a token too many does no harm.
pub(crate) fn only_asks(endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Trade(endpoint) if !endpoint.needs_token() => true,
        Endpoint::Ecpay(ecpay::Endpoint::Token) => true,
        _ => endpoint.is_query(),
    }
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
                // Whoever used the number may have been an earlier attempt of ours.
                Meaning::Internal | Meaning::NumberUsed => Outcome::Unknown,
                _ => Outcome::Refused,
            },
            // Accepted, but unreadable, or not from the payment system at all.
            Self::Reply(_) | Self::NoBill(_) => Outcome::Unknown,
            Self::NoToken(problem) if problem.is_config() => Outcome::Refused,
            Self::NoToken(_) => Outcome::NotSent,
        }
    }

    /// Whether the very same bytes may be sent again without asking anybody.
    ///
    /// Guaranteed payment answers a repeated number with the first reply; the general trade system refuses
    /// it, so there a query comes first and is not made here. Opening an account has no number that is known to
    /// be unique.
    pub(crate) fn repeat(&self, endpoint: Endpoint) -> Repeat {
        let asks = only_asks(endpoint);
        let harmless =
            asks || matches!(endpoint, Endpoint::Ecpay(call) if call != ecpay::Endpoint::CreateMerchant);
        match self {
            Self::Net(NetError { sent: Sent::No, .. }) => Repeat::Soon,
            Self::Net(NetError { sent: Sent::Maybe, .. }) if harmless => Repeat::Soon,
            Self::Status(status) if harmless && status.is_server_error() => Repeat::Soon,
            Self::Reply(ReplyError::NotJson(_)) if asks => Repeat::Soon,
            Self::NoBill(BillError::NotABill { .. } | BillError::NoHeader) => Repeat::Soon,
            Self::Reply(ReplyError::Platform(refusal)) => match refusal.err_no.meaning() {
                Meaning::Token => Repeat::WithNewToken,
                Meaning::Throttled => Repeat::Later,
                Meaning::Internal if harmless => Repeat::Soon,
                _ => Repeat::Never,
            },
            _ => Repeat::Never,
        }
    }

    /// The platform's own refusal, if that is what came back.
    pub(crate) fn platform_error(&self) -> Option<&PlatformError> {
        match self {
            Self::Reply(ReplyError::Platform(refusal)) => Some(refusal),
            Self::NoToken(NoToken::Call(error)) => error.platform_error(),
            _ => None,
        }
    }
}
