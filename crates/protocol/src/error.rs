//! What is wrong with one field, and what to do about it.

use std::borrow::Cow;

/// A field whose value is not allowed. The message names the field, the problem and the next step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct FieldError {
    /// The field's name as the platform spells it.
    pub field: &'static str,
    /// What is wrong with the value, and what to do.
    pub problem: Cow<'static, str>,
}

impl FieldError {
    pub(crate) fn new(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { field, problem: problem.into() }
    }
}
