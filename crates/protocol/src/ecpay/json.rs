//! Signing of arbitrary JSON requests, for tools and the mock: what was received is what is signed.

mod explain;
mod render;

use std::fmt;

use serde::Deserializer as _;
use serde::de::{self, MapAccess, Visitor};
use serde_json::value::RawValue;

pub use explain::{Explanation, Part, explain, explain_query};

use super::Signature;
use super::sign::{LEFT_OUT, signed_part};
use crate::Salt;

/// Why some bytes cannot be signed as a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not UTF-8.
    #[error("the request is not UTF-8 (byte {0} cannot be read); send JSON in UTF-8")]
    NotUtf8(usize),
    /// Not one JSON object.
    #[error("the request is not one JSON object: {0}")]
    NotAnObject(String),
    /// A field stands twice, so sender and receiver may sign different values.
    #[error("the field `{0}` stands twice; send it once")]
    Twice(String),
    /// A query string whose percent-encoding is broken.
    #[error("the query string cannot be decoded at `{0}`; percent-encode it as UTF-8")]
    Query(String),
}

/// A field as it was received: its name, and its value's text as it takes part in the signature.
struct Field {
    name: String,
    /// What the value is, for people: `text`, `number`, …
    kind: &'static str,
    text: String,
}

impl Field {
    fn is_left_out(&self) -> bool {
        LEFT_OUT.contains(&self.name.as_str())
    }
}

/// The signature of a request given as JSON bytes.
///
/// Number literals count as written, nested values are rendered as Go prints them.
///
/// # Errors
/// When the bytes are not one JSON object in UTF-8, or a field stands twice.
///
/// ```
/// use douyin_pay_protocol::{Salt, ecpay::json};
///
/// let body = br#"{"app_id":"tt0000000000000001","out_order_no":"O20240101000001"}"#;
/// let salt = Salt::new("test_salt_Ab12Cd34").unwrap();
/// assert_eq!(json::sign(body, &salt).unwrap().as_str(), "ceb575d924ace9fe6a980364ce609bd0");
/// ```
pub fn sign(body: &[u8], salt: &Salt) -> Result<Signature, JsonError> {
    Ok(sign_fields(&read(body)?, salt))
}

/// The signature of a decoded query string, as the bill endpoints take it.
///
/// # Errors
/// When the percent-encoding is broken or a name stands twice.
pub fn sign_query(query: &str, salt: &Salt) -> Result<Signature, JsonError> {
    Ok(sign_fields(&read_query(query)?, salt))
}

fn sign_fields(fields: &[Field], salt: &Salt) -> Signature {
    let taking_part = fields.iter().filter(|field| !field.is_left_out());
    let mut values: Vec<&[u8]> =
        taking_part.filter_map(|field| signed_part(&field.text)).map(str::as_bytes).collect();
    values.push(salt.expose().as_bytes());
    values.sort_unstable();
    Signature::of_sorted(values)
}

fn read(body: &[u8]) -> Result<Vec<Field>, JsonError> {
    let text = std::str::from_utf8(body).map_err(|cause| JsonError::NotUtf8(cause.valid_up_to()))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let members = reader.deserialize_map(Members).map_err(not_an_object)?;
    reader.end().map_err(not_an_object)?;
    let mut fields: Vec<Field> = Vec::with_capacity(members.len());
    for (name, value) in members {
        if fields.iter().any(|earlier| earlier.name == name) {
            return Err(JsonError::Twice(name));
        }
        let (kind, text) = render::top_level(value).map_err(not_an_object)?;
        fields.push(Field { name, kind, text });
    }
    Ok(fields)
}

fn not_an_object(cause: serde_json::Error) -> JsonError {
    JsonError::NotAnObject(cause.to_string())
}

fn read_query(query: &str) -> Result<Vec<Field>, JsonError> {
    let mut fields: Vec<Field> = Vec::new();
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, text) = (decode(name)?, decode(value)?);
        if fields.iter().any(|earlier| earlier.name == name) {
            return Err(JsonError::Twice(name));
        }
        fields.push(Field { name, kind: "text", text });
    }
    Ok(fields)
}

/// Percent-decoding, with `+` as a blank.
fn decode(text: &str) -> Result<String, JsonError> {
    let broken = || JsonError::Query(text.chars().take(40).collect());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = match first {
            b'%' => {
                let digits =
                    tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).ok_or_else(broken)?;
                bytes.push(u8::from_str_radix(digits, 16).map_err(|_| broken())?);
                &tail[2..]
            }
            b'+' => {
                bytes.push(b' ');
                tail
            }
            other => {
                bytes.push(other);
                tail
            }
        };
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

/// The members of an object in their order, values untouched.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = from.next_key::<String>()? {
            let value = from.next_value::<&'de RawValue>().map_err(de::Error::custom)?;
            members.push((name, value));
        }
        Ok(members)
    }
}
