//! The envelope's fields, picked out of the body in one pass.

use std::borrow::Cow;

use super::CallbackError;
use crate::scan::{Item, Scanner};

/// The longest `timestamp` or `nonce`: documented are 12 and 4 characters, longer ones were seen.
const WORD_BYTES_MAX: usize = 32;

/// What was found; unknown fields are skipped.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    pub(super) timestamp: Option<Cow<'a, str>>,
    pub(super) nonce: Option<Cow<'a, str>>,
    pub(super) msg: Option<Cow<'a, str>>,
    pub(super) kind: Option<Cow<'a, str>>,
    pub(super) msg_signature: Option<Cow<'a, str>>,
    version: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(text: &'a str) -> Result<Self, CallbackError> {
        let mut found = Self::default();
        Scanner::new(text).members(|name, item| found.take(&name, item))?;
        Ok(found)
    }

    fn take(&mut self, name: &str, item: Item<'a>) -> Result<(), CallbackError> {
        match name {
            "timestamp" => set("timestamp", &mut self.timestamp, word("timestamp", item)?),
            "nonce" => set("nonce", &mut self.nonce, word("nonce", item)?),
            "msg" => set("msg", &mut self.msg, text("msg", item)?),
            "type" => set("type", &mut self.kind, text("type", item)?),
            "msg_signature" => set("msg_signature", &mut self.msg_signature, text("msg_signature", item)?),
            "version" => set("version", &mut self.version, literal("version", item)?),
            _ => Ok(()),
        }
    }

    /// `"2.0"`, `2`, `"3.0"`: the successor's callbacks name their version.
    pub(super) fn is_of_other_system(&self) -> bool {
        let major = self.version.as_deref().and_then(|version| version.split('.').next());
        major.and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 2)
    }
}

fn set<'a>(
    name: &'static str,
    place: &mut Option<Cow<'a, str>>,
    value: Option<Cow<'a, str>>,
) -> Result<(), CallbackError> {
    if place.is_some() {
        return Err(CallbackError::Twice(name));
    }
    *place = value;
    Ok(())
}

/// A text; `null` is as good as missing.
fn text<'a>(name: &'static str, item: Item<'a>) -> Result<Option<Cow<'a, str>>, CallbackError> {
    match item {
        Item::Text(text) => Ok(Some(text)),
        Item::Literal("null") => Ok(None),
        Item::Literal(_) => Err(CallbackError::WrongType(name)),
    }
}

/// A text, or a number exactly as it is written.
fn literal<'a>(name: &'static str, item: Item<'a>) -> Result<Option<Cow<'a, str>>, CallbackError> {
    match item {
        Item::Literal(number) if number.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
            Ok(Some(Cow::Borrowed(number)))
        }
        other => text(name, other),
    }
}

/// The same, but short and without anything that could be a part of JSON.
fn word<'a>(name: &'static str, item: Item<'a>) -> Result<Option<Cow<'a, str>>, CallbackError> {
    let word = literal(name, item)?;
    let is_word = |word: &str| {
        word.len() <= WORD_BYTES_MAX
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_'))
    };
    match word {
        Some(word) if !is_word(&word) => Err(CallbackError::NotAWord(name)),
        word => Ok(word),
    }
}
