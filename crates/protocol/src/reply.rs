//! Why an answer of the platform carries no reply; the same in both systems.

use std::fmt;

use crate::ErrNo;

/// The platform's refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformError {
    /// The code; texts are never compared.
    pub err_no: ErrNo,
    /// The platform's words, for people: `err_tips`, or `err_msg` in the general trade system.
    pub err_tips: String,
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.err_no, self.err_no.en(), self.err_tips)
    }
}

/// Why an answer carries no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// The answer is not a JSON object with a code: whether the platform acted is not known.
    #[error("the answer is not one of the platform's JSON objects ({0}); whether it acted is not known")]
    NotJson(String),
    /// The platform refused.
    #[error("the platform answered {0}")]
    Platform(PlatformError),
    /// The platform accepted, but the payload is not what its documentation promises.
    #[error("the platform accepted, but its answer cannot be read: {0}")]
    Malformed(String),
}
