//! `byteAuthorization`: who signed, when, with which key, and the signature.

use std::fmt;
use std::str::FromStr;

use super::key::{SignatureError, signature_bytes};
use super::sign::request_hash;
use super::{ApplicationPublicKey, KeyVersion};
use crate::AppId;

const SCHEME: &str = "SHA256-RSA2048";
const NAMES: [&str; 5] = ["appid", "nonce_str", "timestamp", "key_version", "signature"];
/// Far above what the five words need.
const BYTES_MAX: usize = 4096;
const WORD_BYTES_MAX: usize = 128;
const SIGNATURE_CHARS_MAX: usize = 1024;

/// A `byteAuthorization` as the front end hands it to `tt.requestOrder`, taken apart.
///
/// Read in every spelling that is in use: with quotes, without, or mixed; names in any order. Written without quotes,
/// as order data wants it ([`fmt::Display`]), or with them, as HTTP headers want it ([`ByteAuthorization::quoted`]).
///
/// ```
/// use douyin_pay_protocol::trade::ByteAuthorization;
///
/// let signature = format!("{}==", "A".repeat(342));
/// let text = format!("SHA256-RSA2048 appid=tt1,nonce_str=n,timestamp=1767225600,key_version=1,signature={signature}");
/// let read = ByteAuthorization::parse(&text).unwrap();
/// assert_eq!(read.key_version(), "1");
/// assert_eq!(read.to_string(), text);
/// assert_eq!(ByteAuthorization::parse(&read.quoted()).unwrap(), read);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ByteAuthorization {
    appid: Box<str>,
    nonce_str: Box<str>,
    timestamp: Box<str>,
    key_version: Box<str>,
    signature: Box<str>,
}

/// Why a text is no `byteAuthorization`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationError {
    /// More than any `byteAuthorization` needs.
    #[error("the byteAuthorization has {0} bytes, at most {BYTES_MAX} are read")]
    TooLong(usize),
    /// It does not begin with the scheme and one blank.
    #[error("the byteAuthorization does not begin with `SHA256-RSA2048` and one blank")]
    Scheme,
    /// A part has no `=`.
    #[error("part {0} of the byteAuthorization is not `name=value`")]
    NotAPair(usize),
    /// White space around a name or a value.
    #[error("part {0} of the byteAuthorization has white space around it; write commas without blanks")]
    Blank(usize),
    /// A quote without its partner.
    #[error("a double quote in the byteAuthorization is not closed")]
    OpenQuote,
    /// One of the five names is missing.
    #[error("the byteAuthorization has no `{0}`")]
    Missing(&'static str),
    /// One of the five names stands twice.
    #[error("the byteAuthorization has `{0}` twice")]
    Twice(&'static str),
    /// A value is empty, too long or has a character that no such value has.
    #[error("the byteAuthorization's `{0}` is empty, too long or has a character that does not belong there")]
    Value(&'static str),
    /// The signature cannot be one.
    #[error("the byteAuthorization's `signature` cannot be right: {0}")]
    Signature(#[source] SignatureError),
}

impl AuthorizationError {
    /// The reason in Chinese, as [`fmt::Display`] gives it in English.
    pub fn zh(&self) -> String {
        match self {
            Self::TooLong(bytes) => format!("byteAuthorization 有 {bytes} 字节，最多读取 {BYTES_MAX} 字节"),
            Self::Scheme => "byteAuthorization 不是以 `SHA256-RSA2048` 加一个空格开头".to_owned(),
            Self::NotAPair(part) => format!("byteAuthorization 的第 {part} 部分不是 `名=值`"),
            Self::Blank(part) => format!("byteAuthorization 的第 {part} 部分前后有空白；逗号后不要加空格"),
            Self::OpenQuote => "byteAuthorization 中有一个双引号没有配对".to_owned(),
            Self::Missing(name) => format!("byteAuthorization 缺少 `{name}`"),
            Self::Twice(name) => format!("byteAuthorization 中 `{name}` 出现了两次"),
            Self::Value(name) => format!("byteAuthorization 的 `{name}` 为空、过长或含有不应出现的字符"),
            Self::Signature(cause) => format!("byteAuthorization 的 `signature` 不可能正确：{}", cause.zh()),
        }
    }
}

impl ByteAuthorization {
    pub(super) fn signed(
        app_id: &AppId,
        nonce: &str,
        timestamp: String,
        version: &KeyVersion,
        signature: String,
    ) -> Self {
        Self {
            appid: app_id.as_str().into(),
            nonce_str: nonce.into(),
            timestamp: timestamp.into(),
            key_version: version.as_str().into(),
            signature: signature.into(),
        }
    }

    /// Takes the text apart, without believing any of it.
    ///
    /// # Errors
    /// When the scheme, a name or a value is missing or malformed; each has its own [`AuthorizationError`].
    pub fn parse(text: &str) -> Result<Self, AuthorizationError> {
        if text.len() > BYTES_MAX {
            return Err(AuthorizationError::TooLong(text.len()));
        }
        let rest = text.strip_prefix(SCHEME).and_then(|rest| rest.strip_prefix(' '));
        let mut found: [Option<&str>; NAMES.len()] = [None; NAMES.len()];
        for (index, part) in
            split_outside_quotes(rest.ok_or(AuthorizationError::Scheme)?)?.into_iter().enumerate()
        {
            let (name, value) = part.split_once('=').ok_or(AuthorizationError::NotAPair(index + 1))?;
            if name.trim() != name || value.trim() != value {
                return Err(AuthorizationError::Blank(index + 1));
            }
            let Some(known) = NAMES.iter().position(|known| *known == name) else { continue };
            if found[known].replace(unquoted(value)).is_some() {
                return Err(AuthorizationError::Twice(NAMES[known]));
            }
        }
        let value = |index: usize, allowed: fn(u8) -> bool, max: usize| {
            let value = found[index].ok_or(AuthorizationError::Missing(NAMES[index]))?;
            let good = (1..=max).contains(&value.len()) && value.bytes().all(allowed);
            if good { Ok(Box::from(value)) } else { Err(AuthorizationError::Value(NAMES[index])) }
        };
        let visible = |byte: u8| byte.is_ascii_graphic() && byte != b'"';
        let word = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',');
        let digit = |byte: u8| byte.is_ascii_digit();
        // What is wrong inside a signature is told more exactly by reading it.
        let readable = |byte: u8| byte.is_ascii() && byte != b'"';
        let read = Self {
            appid: value(0, word, WORD_BYTES_MAX)?,
            nonce_str: value(1, visible, WORD_BYTES_MAX)?,
            timestamp: value(2, digit, WORD_BYTES_MAX)?,
            key_version: value(3, word, WORD_BYTES_MAX)?,
            signature: value(4, readable, SIGNATURE_CHARS_MAX)?,
        };
        signature_bytes(&read.signature).map_err(AuthorizationError::Signature)?;
        Ok(read)
    }

    /// The mini-program that signed. Not covered by the signature.
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// The random word, literally as it is signed.
    pub fn nonce_str(&self) -> &str {
        &self.nonce_str
    }

    /// When it was signed, in Unix seconds, literally as it is signed.
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// Which uploaded public key it shall be verified with. Not covered by the signature.
    pub fn key_version(&self) -> &str {
        &self.key_version
    }

    /// The signature in base64.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The spelling with quotes, for the HTTP header `Byte-Authorization`.
    pub fn quoted(&self) -> String {
        self.written("\"")
    }

    /// Whether the signature is this key's for these bytes.
    pub fn verify(&self, method: &str, uri: &str, body: &[u8], key: &ApplicationPublicKey) -> bool {
        let hashed = request_hash(method, uri, &self.timestamp, &self.nonce_str, body);
        signature_bytes(&self.signature).is_ok_and(|signature| key.half().fits(&hashed, &signature))
    }

    fn written(&self, quote: &str) -> String {
        let values = [&self.appid, &self.nonce_str, &self.timestamp, &self.key_version, &self.signature];
        let pairs = NAMES.iter().zip(values).map(|(name, value)| format!("{name}={quote}{value}{quote}"));
        format!("{SCHEME} {}", pairs.collect::<Vec<_>>().join(","))
    }
}

/// The parts between commas; a comma inside quotes belongs to its value.
fn split_outside_quotes(text: &str) -> Result<Vec<&str>, AuthorizationError> {
    let mut parts = Vec::new();
    let (mut start, mut inside) = (0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => inside = !inside,
            b',' if !inside => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if inside {
        return Err(AuthorizationError::OpenQuote);
    }
    parts.push(&text[start..]);
    Ok(parts)
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

impl fmt::Display for ByteAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(""))
    }
}

impl fmt::Debug for ByteAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteAuthorization({}, key {}, {})", self.appid, self.key_version, self.timestamp)
    }
}

impl FromStr for ByteAuthorization {
    type Err = AuthorizationError;

    fn from_str(text: &str) -> Result<Self, AuthorizationError> {
        Self::parse(text)
    }
}
