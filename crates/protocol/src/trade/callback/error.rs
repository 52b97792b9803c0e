//! Why a callback is not accepted, one reason at a time.

use super::MAX_BODY;
use crate::trade::SignatureError;

/// Why a callback is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Larger than [`MAX_BODY`].
    #[error("the body has {0} bytes, at most {MAX_BODY} are read")]
    TooLarge(usize),
    /// A header that every callback has is missing.
    #[error("the callback has no header `{0}`; a proxy must pass it on")]
    MissingHeader(&'static str),
    /// A header stands twice, so that two readers may see two values.
    #[error("the callback has the header `{0}` twice")]
    HeaderTwice(&'static str),
    /// A header's value cannot be what it claims to be.
    #[error("the callback's header `{0}` is empty, too long or has a character that does not belong there")]
    Header(&'static str),
    /// The signature cannot be one.
    #[error("the callback's header `Byte-Signature` cannot be right: {0}")]
    Signature(#[source] SignatureError),
    /// No key fits the signature.
    #[error(
        "no configured platform key fits the signature; check that it is the platform's public key, not the \
         application's, and that the raw body is verified"
    )]
    BadSignature,
    /// The signature is right, but it was made too long ago, or in the future.
    #[error("the callback was signed {age_s} s ago, at most {seconds_max} s are allowed; check the clock")]
    Stale {
        /// Seconds since it was signed; negative when that is in the future.
        age_s: i64,
        /// What was allowed.
        seconds_max: u32,
    },
    /// The signature is right, but the body is not UTF-8.
    #[error("the callback is genuine, but its body is not UTF-8 (byte {0} cannot be read)")]
    NotUtf8(usize),
    /// The signature is right, but the body is not one JSON object.
    #[error("the callback is genuine, but its body is not a callback's JSON object: {0}")]
    NotJson(String),
    /// The signature is right, but a field of the envelope is missing.
    #[error("the callback is genuine, but has no `{0}`")]
    Missing(&'static str),
    /// The signature is right, but a field of the envelope stands twice.
    #[error("the callback is genuine, but has `{0}` twice")]
    Twice(&'static str),
    /// The signature is right, but a field of the envelope is no text.
    #[error("the callback is genuine, but its `{0}` is not a text")]
    WrongType(&'static str),
    /// The signature is right, but `msg` is not what its type promises.
    #[error("the callback is genuine, but its `msg` cannot be read: {0}")]
    Message(String),
}

impl CallbackError {
    /// Whether the platform did sign it: then it must be kept for a human, not taken for an attack.
    pub fn is_genuine(&self) -> bool {
        match self {
            Self::TooLarge(_)
            | Self::MissingHeader(_)
            | Self::HeaderTwice(_)
            | Self::Header(_)
            | Self::Signature(_)
            | Self::BadSignature => false,
            Self::Stale { .. }
            | Self::NotUtf8(_)
            | Self::NotJson(_)
            | Self::Missing(_)
            | Self::Twice(_)
            | Self::WrongType(_)
            | Self::Message(_) => true,
        }
    }
}

impl CallbackError {
    /// The reason in Chinese, as [`std::fmt::Display`] gives it in English.
    pub fn zh(&self) -> String {
        match self {
            Self::TooLarge(bytes) => format!("请求体有 {bytes} 字节，最多读取 {MAX_BODY} 字节"),
            Self::MissingHeader(name) => format!("回调没有请求头 `{name}`；代理须原样转发"),
            Self::HeaderTwice(name) => format!("回调的请求头 `{name}` 出现了两次"),
            Self::Header(name) => format!("回调的请求头 `{name}` 为空、过长或含有不应出现的字符"),
            Self::Signature(cause) => format!("回调的请求头 `Byte-Signature` 不可能正确：{}", cause.zh()),
            Self::BadSignature => {
                "所配置的平台公钥都不符合签名；请确认配置的是平台公钥而非应用公钥，且验证的是原始请求体"
                    .to_owned()
            }
            Self::Stale { age_s, seconds_max } => {
                format!("回调是 {age_s} 秒前签名的，最多允许 {seconds_max} 秒；请检查时钟")
            }
            Self::NotUtf8(at) => format!("回调属实，但请求体不是 UTF-8（第 {at} 字节无法读取）"),
            Self::NotJson(cause) => format!("回调属实，但请求体不是回调的 JSON 对象：{cause}"),
            Self::Missing(name) => format!("回调属实，但缺少 `{name}`"),
            Self::Twice(name) => format!("回调属实，但 `{name}` 出现了两次"),
            Self::WrongType(name) => format!("回调属实，但 `{name}` 不是文本"),
            Self::Message(cause) => format!("回调属实，但 `msg` 无法读取：{cause}"),
        }
    }
}

impl From<String> for CallbackError {
    /// What the scanner did not like.
    fn from(problem: String) -> Self {
        Self::NotJson(problem)
    }
}
