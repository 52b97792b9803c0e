//! Why a callback's signature is right or wrong.

use std::fmt;

use serde::Serialize;

use super::{CallbackError, Unverified, sign};
use crate::Token;

/// What one token makes of the callback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// Which token, counted from 1; the token itself is never shown.
    pub token: usize,
    /// The signature that this token gives.
    pub expected: String,
    /// Whether it is the callback's.
    pub fits: bool,
}

/// How a callback's signature came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The callback's type.
    pub kind: String,
    /// Its timestamp, literally.
    pub timestamp: String,
    /// Its nonce, literally.
    pub nonce: String,
    /// The length of `msg` in bytes.
    pub msg_bytes: usize,
    /// The signature that the callback carries.
    pub claimed: String,
    /// Every token that was tried.
    pub tried: Vec<Tried>,
    /// The order in which the four texts were joined.
    pub order: Vec<&'static str>,
    /// What may have gone wrong.
    pub hints: Vec<&'static str>,
}

impl Explanation {
    /// Whether a token fits.
    pub fn is_valid(&self) -> bool {
        self.tried.iter().any(|tried| tried.fits)
    }
}

/// Explains a callback's signature.
///
/// # Errors
/// When the body is not a callback at all.
pub fn explain(body: &[u8], tokens: &[Token]) -> Result<Explanation, CallbackError> {
    let callback = Unverified::parse(body)?;
    let tried: Vec<Tried> = tokens
        .iter()
        .enumerate()
        .map(|(index, token)| {
            let expected = sign(token, &callback.timestamp, &callback.nonce, &callback.msg);
            Tried { token: index + 1, fits: expected == callback.signature, expected }
        })
        .collect();
    let fits = tried.iter().any(|tried| tried.fits);
    Ok(Explanation {
        hints: if fits { Vec::new() } else { hints(&callback, tokens) },
        kind: callback.kind.to_string(),
        timestamp: callback.timestamp.to_string(),
        nonce: callback.nonce.to_string(),
        msg_bytes: callback.msg.len(),
        claimed: callback.signature.to_string(),
        order: order(&callback, tokens),
        tried,
    })
}

fn order(callback: &Unverified<'_>, tokens: &[Token]) -> Vec<&'static str> {
    let token = tokens.first().map_or("", Token::expose);
    let mut parts = [
        (token, "token"),
        (&*callback.timestamp, "timestamp"),
        (&*callback.nonce, "nonce"),
        (&*callback.msg, "msg"),
    ];
    parts.sort_unstable();
    parts.iter().filter(|(text, _)| !text.is_empty()).map(|(_, name)| *name).collect()
}

fn hints(callback: &Unverified<'_>, tokens: &[Token]) -> Vec<&'static str> {
    let mut hints = Vec::new();
    let fits = |msg: &str, claimed: &str| {
        tokens.iter().any(|token| sign(token, &callback.timestamp, &callback.nonce, msg) == claimed)
    };
    let claimed = &*callback.signature;
    if fits(&callback.msg, &claimed.to_ascii_lowercase()) {
        hints.push("the signature is right but in upper case; the platform writes lower case");
    }
    if fits(callback.msg.trim(), claimed) {
        hints.push("it fits after trimming `msg`: white space was added on the way");
    }
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(&callback.msg)
        && fits(&value.to_string(), claimed)
    {
        hints.push("it fits a re-serialised `msg`: sign the text as received, not a parsed copy");
    }
    let escaped = serde_json::to_string(&callback.msg).expect("a text can always be written");
    if fits(&escaped[1..escaped.len() - 1], claimed) {
        hints.push("it fits `msg` with its escapes: sign the text after decoding the body once");
    }
    if let Ok(inner) = serde_json::from_str::<String>(&format!("\"{}\"", callback.msg))
        && fits(&inner, claimed)
    {
        hints.push("it fits `msg` unescaped once more: something on the way escaped it twice");
    }
    if claimed.len() != 40 {
        hints.push("a signature has 40 hex digits; this one has another length");
    }
    if tokens.is_empty() {
        hints.push("no token was tried; configure the console's token");
    } else if hints.is_empty() {
        hints.push(
            "wrong token (the console's token, not the SALT), or something on the way rewrote the body",
        );
    }
    hints
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  type       {}", self.kind)?;
        writeln!(f, "  timestamp  {}", self.timestamp)?;
        writeln!(f, "  nonce      {}", self.nonce)?;
        writeln!(f, "  msg        {} bytes", self.msg_bytes)?;
        writeln!(f, "  joined as  {}", self.order.join(" + "))?;
        writeln!(f, "  claimed    {}", self.claimed)?;
        for tried in &self.tried {
            let verdict = if tried.fits { "fits" } else { "does not fit" };
            writeln!(f, "  token {}    {} {verdict}", tried.token, tried.expected)?;
        }
        for hint in &self.hints {
            writeln!(f, "  ! {hint}")?;
        }
        Ok(())
    }
}
