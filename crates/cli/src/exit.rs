//! How a command ends: four codes that scripts can rely on.

use std::fmt;

/// Why a command did not end with 0.
#[derive(Debug)]
pub enum Failure {
    /// The answer is no: a bad signature, books that differ (exit 1).
    No(String),
    /// Wrong usage or input (exit 2).
    Usage(String),
    /// The platform, the network or the machine failed (exit 3).
    Outside(anyhow::Error),
}

impl Failure {
    /// The exit code: 1 no, 2 usage, 3 outside.
    pub fn code(&self) -> u8 {
        match self {
            Self::No(_) => 1,
            Self::Usage(_) => 2,
            Self::Outside(_) => 3,
        }
    }

    /// A usage failure.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No(text) | Self::Usage(text) => f.write_str(text),
            Self::Outside(cause) => write!(f, "{cause:#}"),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(cause: anyhow::Error) -> Self {
        Self::Outside(cause)
    }
}

/// What every command returns.
pub type Ended = Result<(), Failure>;
