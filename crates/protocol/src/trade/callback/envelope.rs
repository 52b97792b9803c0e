//! The envelope's fields, picked out of the body in one pass.

use std::borrow::Cow;

use super::{CallbackError, MAX_BODY};
use crate::scan::{Item, Scanner};

/// What was found; unknown fields are skipped.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    pub(super) msg: Option<Cow<'a, str>>,
    pub(super) kind: Option<Cow<'a, str>>,
    pub(super) version: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, CallbackError> {
        let text = std::str::from_utf8(body).map_err(|cause| CallbackError::NotUtf8(cause.valid_up_to()))?;
        let mut found = Self::default();
        Scanner::new(text).members(|name, item| match &*name {
            "msg" => set("msg", &mut found.msg, text_of("msg", item)?),
            "type" => set("type", &mut found.kind, text_of("type", item)?),
            "version" => set("version", &mut found.version, version_of(item)),
            _ => Ok(()),
        })?;
        Ok(found)
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
fn text_of<'a>(name: &'static str, item: Item<'a>) -> Result<Option<Cow<'a, str>>, CallbackError> {
    match item {
        Item::Text(text) => Ok(Some(text)),
        Item::Literal("null") => Ok(None),
        Item::Literal(_) => Err(CallbackError::WrongType(name)),
    }
}

/// Never a reason to refuse a callback, so a number will do.
fn version_of(item: Item<'_>) -> Option<Cow<'_, str>> {
    match item {
        Item::Text(text) => Some(text),
        Item::Literal("null") => None,
        Item::Literal(literal) => Some(Cow::Borrowed(literal)),
    }
}

/// Whether a callback belongs to the general trade system: by its header, or by a `version` in a body that is not
/// signed inside. Decides only whose key to try; nothing is believed.
///
/// ```
/// use douyin_pay_protocol::trade::callback::looks_like_trade;
///
/// assert!(looks_like_trade(false, br#"{"msg":"{}","type":"payment","version":"3.0"}"#));
/// assert!(!looks_like_trade(false, br#"{"msg":"{}","type":"payment","msg_signature":"c9df"}"#));
/// assert!(looks_like_trade(true, b""));
/// ```
pub fn looks_like_trade(has_byte_signature: bool, body: &[u8]) -> bool {
    if has_byte_signature {
        return true;
    }
    let Some(text) =
        Some(body).filter(|body| body.len() <= MAX_BODY).and_then(|body| str::from_utf8(body).ok())
    else {
        return false;
    };
    let (mut version, mut signed_inside) = (false, false);
    let read = Scanner::new(text).members(|name, item| {
        version |= name == "version" && version_of(item).is_some();
        signed_inside |= name == "msg_signature";
        Ok::<(), String>(())
    });
    read.is_ok() && version && !signed_inside
}
