//! Why there is no token, and what that means for the call that needed one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Error, Outcome};

/// Why there is no token.
#[derive(Debug, Clone)]
pub(crate) enum NoToken {
    /// The token call brought none.
    Call(Arc<Error>),
    /// The client was built without the app secret.
    NoSecret,
    /// What the platform gave cannot stand in a header.
    Unusable,
    /// Tokens were asked for too often: not before so much time has passed.
    Resting(Duration),
    /// The token call was not over in time.
    Slow,
    /// The task that fetched it was dropped.
    Dropped,
}

impl NoToken {
    /// The token call carries nothing but configuration, so whatever is refused about it must be mended there.
    pub(crate) fn is_config(&self) -> bool {
        match self {
            Self::Call(error) => error.outcome() == Outcome::Refused,
            Self::NoSecret => true,
            Self::Unusable | Self::Resting(_) | Self::Slow | Self::Dropped => false,
        }
    }

    pub(crate) fn is_throttled(&self) -> bool {
        match self {
            Self::Call(error) => error.is_throttled(),
            Self::Resting(_) => true,
            Self::NoSecret | Self::Unusable | Self::Slow | Self::Dropped => false,
        }
    }
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no access token: ")?;
        match self {
            Self::Call(error) => write!(f, "{error}"),
            Self::NoSecret => f.write_str("the client has no app secret; give it one with `app_secret`"),
            Self::Unusable => f.write_str("the platform gave one that no header can carry; ask again later"),
            Self::Resting(wait) => {
                write!(f, "tokens were asked for too often; ask again in {} ms", wait.as_millis())
            }
            Self::Slow => f.write_str("the token call was not answered in time; ask again"),
            Self::Dropped => f.write_str("the program is stopping"),
        }
    }
}
