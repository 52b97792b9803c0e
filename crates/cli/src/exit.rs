//! How a command ends: four codes that scripts can rely on.

use std::fmt;

use serde_json::{Value, json};

/// Why a command did not end with 0.
#[derive(Debug)]
pub enum Failure {
    /// The answer is no: a bad signature, books that differ (exit 1).
    No(String),
    /// Wrong usage or input (exit 2).
    Usage(String),
    /// The platform, the network or the machine failed (exit 3).
    Outside(anyhow::Error),
    /// One of the three, with a stable word of its own.
    Told(Box<Told>),
}

/// A failure that programs can tell from others.
#[derive(Debug)]
pub struct Told {
    /// The exit code.
    pub exit: u8,
    /// The stable word, such as `unknown_number`.
    pub code: String,
    /// For people, with the next step.
    pub message: String,
    /// What the service answered, where it did.
    pub problem: Option<Value>,
}

impl Failure {
    /// The exit code: 1 no, 2 usage, 3 outside.
    pub fn code(&self) -> u8 {
        match self {
            Self::No(_) => 1,
            Self::Usage(_) => 2,
            Self::Outside(_) => 3,
            Self::Told(told) => told.exit,
        }
    }

    /// A usage failure.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// A failure with a stable word.
    pub(crate) fn told(exit: u8, code: &str, message: impl Into<String>) -> Self {
        Self::Told(Box::new(Told { exit, code: code.to_owned(), message: message.into(), problem: None }))
    }

    /// The failure for programs: `{"error":{"code","message","exit"}}`, with the service's `problem` if there is one.
    pub fn to_json(&self) -> Value {
        let (code, problem) = match self {
            Self::No(_) => ("no", None),
            Self::Usage(_) => ("usage", None),
            Self::Outside(_) => ("outside", None),
            Self::Told(told) => (told.code.as_str(), told.problem.as_ref()),
        };
        let mut error = json!({ "code": code, "message": self.to_string(), "exit": self.code() });
        if let Some(problem) = problem {
            error["problem"] = problem.clone();
        }
        json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No(text) | Self::Usage(text) => f.write_str(text),
            Self::Outside(cause) => write!(f, "{cause:#}"),
            Self::Told(told) => f.write_str(&told.message),
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

#[cfg(test)]
mod tests {
    use super::Failure;

    #[test]
    fn programs_learn_the_word_and_the_exit_code() {
        let told = Failure::told(1, "unknown_number", "no such order").to_json();
        assert_eq!(
            told.to_string(),
            r#"{"error":{"code":"unknown_number","exit":1,"message":"no such order"}}"#
        );
        assert_eq!(Failure::usage("what?").to_json()["error"]["code"], "usage");
        assert_eq!(Failure::Outside(anyhow::anyhow!("no route")).to_json()["error"]["exit"], 3);
    }
}
