//! Signs arbitrary JSON requests, for tools and the mock: as received, so signed.

mod client;
mod deviations;
mod explain;
mod foreign;
mod guess;
mod mistake;
mod render;
mod signer;
mod suspects;

use std::collections::BTreeSet;

pub use client::Client;
pub use explain::{Explanation, Part, explain, explain_query, explain_query_with, explain_with};
pub use guess::sign_as;
pub use mistake::Mistake;
pub use suspects::Suspects;

use serde_json::value::RawValue;

use super::Signature;
use super::sign::{LEFT_OUT, signed_part};
use crate::Salt;
use crate::members::members;

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
struct Field<'a> {
    name: String,
    /// What the value is, for people: `text`, `number`, …
    kind: &'static str,
    /// The value as it stands in the request.
    literal: &'a str,
    text: String,
}

impl Field<'_> {
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

/// What of a value takes part in the signature: nested ones as the platform renders them.
pub(super) fn signed_text(value: &RawValue) -> Result<String, serde_json::Error> {
    render::top_level(value).map(|(_, text)| text)
}

/// A query's names and values, decoded, in their order.
///
/// # Errors
/// When the percent-encoding is broken or a name stands twice.
///
/// ```
/// use douyin_pay_protocol::ecpay::json::query_pairs;
///
/// assert_eq!(query_pairs("?a=1%2B1&b=").unwrap(), [("a".into(), "1+1".into()), ("b".into(), String::new())]);
/// ```
pub fn query_pairs(query: &str) -> Result<Vec<(String, String)>, JsonError> {
    Ok(read_query(query)?.into_iter().map(|field| (field.name, field.text)).collect())
}

fn sign_fields(fields: &[Field<'_>], salt: &Salt) -> Signature {
    let taking_part = fields.iter().filter(|field| !field.is_left_out());
    let mut values: Vec<&[u8]> =
        taking_part.filter_map(|field| signed_part(&field.text)).map(str::as_bytes).collect();
    values.push(salt.expose().as_bytes());
    values.sort_unstable();
    Signature::of_sorted(values)
}

fn read(body: &[u8]) -> Result<Vec<Field<'_>>, JsonError> {
    let text = std::str::from_utf8(body).map_err(|cause| JsonError::NotUtf8(cause.valid_up_to()))?;
    let members = members(text).map_err(not_an_object)?;
    let mut fields = Vec::with_capacity(members.len());
    for (name, value) in members {
        let (kind, text) = render::top_level(value).map_err(not_an_object)?;
        fields.push(Field { name, kind, literal: value.get(), text });
    }
    each_once(fields)
}

fn not_an_object(cause: serde_json::Error) -> JsonError {
    JsonError::NotAnObject(cause.to_string())
}

fn read_query(query: &str) -> Result<Vec<Field<'_>>, JsonError> {
    let mut fields = Vec::new();
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        let (name, literal) = pair.split_once('=').unwrap_or((pair, ""));
        fields.push(Field { name: decode(name)?, kind: "text", literal, text: decode(literal)? });
    }
    each_once(fields)
}

fn each_once(fields: Vec<Field<'_>>) -> Result<Vec<Field<'_>>, JsonError> {
    let mut seen = BTreeSet::new();
    let twice = fields.iter().find(|field| !seen.insert(field.name.as_str()));
    match twice {
        Some(field) => Err(JsonError::Twice(field.name.clone())),
        None => Ok(fields),
    }
}

/// Percent-decoding, with `+` as a blank.
fn decode(text: &str) -> Result<String, JsonError> {
    let broken = || JsonError::Query(text.chars().take(40).collect());
    let nibble = |digit: Option<&u8>| {
        let value = char::from(*digit?).to_digit(16)?;
        u8::try_from(value).ok()
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = nibble(rest.next()).ok_or_else(broken)?;
                high << 4 | nibble(rest.next()).ok_or_else(broken)?
            }
            b'+' => b' ',
            other => *other,
        });
    }
    String::from_utf8(bytes).map_err(|_| broken())
}

#[cfg(test)]
mod tests {
    use super::{JsonError, decode};

    #[test]
    fn queries_are_decoded_or_refused() {
        assert_eq!(decode("a+b%20%E4%b8%ad%3D").as_deref(), Ok("a b 中="));
        for broken in ["%", "%2", "%+1", "%zz", "%e4"] {
            assert!(matches!(decode(broken), Err(JsonError::Query(_))), "{broken}");
        }
    }
}
