//! Why a callback is not accepted, one reason at a time.

use super::MAX_BODY;

/// Why a callback is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Larger than [`MAX_BODY`].
    #[error("the body has {0} bytes, at most {MAX_BODY} are read")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the body is not UTF-8 (byte {0} cannot be read)")]
    NotUtf8(usize),
    /// Not one JSON object.
    #[error("the body is not a callback's JSON object: {0}")]
    NotJson(String),
    /// A field of the envelope is missing.
    #[error("the callback has no `{0}`")]
    Missing(&'static str),
    /// A field of the envelope stands twice, so that two readers may see two messages.
    #[error("the callback has `{0}` twice")]
    Twice(&'static str),
    /// A field of the envelope has a value of the wrong type.
    #[error(
        "the callback's `{0}` has the wrong type; `timestamp` and `nonce` are texts or numbers, the rest texts"
    )]
    WrongType(&'static str),
    /// `timestamp` or `nonce` is more than a short word. The signed texts are joined without a separator, so
    /// a long one could take over a part of the message.
    #[error("the callback's `{0}` is not a short word of letters and digits")]
    NotAWord(&'static str),
    /// It belongs to the general trade system, which signs differently.
    #[error(
        "the callback carries a `version` of 2 or more: it belongs to the general trade system, not to ecpay"
    )]
    OtherSystem,
    /// No token fits the signature.
    #[error("no configured token fits the signature; check the token and that nothing rewrites the body")]
    BadSignature,
    /// The signature is right, but `msg` is not what its type promises.
    #[error("the callback is genuine, but its `msg` cannot be read: {0}")]
    Message(String),
}

impl From<String> for CallbackError {
    /// What the scanner did not like.
    fn from(problem: String) -> Self {
        Self::NotJson(problem)
    }
}
