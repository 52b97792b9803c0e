//! A reply with what is worth knowing about its way.

use std::ops::Deref;

/// The platform's reply to a call, and how it came. Reads like the reply itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What the platform replied.
    pub reply: T,
    /// The platform's id of this answer (`X-Tt-Logid`): its support asks for it.
    pub log_id: Option<String>,
    /// How many requests it took.
    pub attempts: u32,
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.reply
    }
}
