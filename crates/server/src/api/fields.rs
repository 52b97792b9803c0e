//! JSON bodies read field by field, so that each mistake names its field.

use std::collections::BTreeMap;
use std::fmt;

use douyin_pay_ledger::{AUTOMATIC_PREFIX, System};
use douyin_pay_protocol::{Fen, FieldError};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ApiError;
use crate::config::nearest;

/// The members of a JSON object that a request consists of.
pub(crate) struct Fields {
    members: BTreeMap<String, Value>,
    known: Vec<&'static str>,
    sha256: [u8; 32],
    /// Where the object is, for messages: empty, or `shares[0].`.
    place: String,
}

impl Fields {
    /// Takes a body apart. Fails unless it is one JSON object without repeated members.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(ApiError::bad_request("the body is empty; send a JSON object"));
        }
        let text = std::str::from_utf8(body).map_err(|cause| {
            ApiError::bad_request(format!(
                "the body is not UTF-8 (byte {}); send JSON in UTF-8",
                cause.valid_up_to()
            ))
        })?;
        let members = serde_json::from_str::<Members>(text)
            .map_err(|cause| ApiError::bad_request(format!("the body is not a JSON object: {cause}")))?
            .0;
        // Written anew, so that white space and the order of members make no difference.
        let canonical = serde_json::to_vec(&members).expect("JSON values can be written");
        Ok(Self {
            members,
            known: Vec::new(),
            sha256: Sha256::digest(&canonical).into(),
            place: String::new(),
        })
    }

    /// An object inside a list.
    pub(crate) fn inside(place: String, value: Value) -> Result<Self, ApiError> {
        let Value::Object(members) = value else {
            return Err(ApiError::bad_request(format!("`{place}`: {}, expected an object", kind(&value))));
        };
        let members = members.into_iter().collect();
        Ok(Self { members, known: Vec::new(), sha256: [0; 32], place: format!("{place}.") })
    }

    /// The digest of the request as it was sent, before defaults.
    pub(crate) const fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The same together with a number in the path that is a part of the request.
    pub(crate) fn sha256_with(&self, number: &str) -> [u8; 32] {
        Sha256::new_with_prefix(self.sha256).chain_update(number).finalize().into()
    }

    /// A field that must be there.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<T, ApiError> {
        self.optional(name, read)?.ok_or_else(|| {
            ApiError::bad_request(format!("`{}{name}` is missing; give it", self.place)).with("field", name)
        })
    }

    /// A field that may be left out or `null`.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<Option<T>, ApiError> {
        self.known.push(name);
        match self.members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|problem| {
                ApiError::bad_request(format!("`{}{name}`: {problem}", self.place)).with("field", name)
            }),
        }
    }

    /// A field as text, without taking it; nothing if it is none.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// Refuses a field that only the other payment system has; `instead` is the rest of the sentence.
    pub(crate) fn only_in(&self, name: &'static str, system: System, instead: &str) -> Result<(), ApiError> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(ApiError::other_system(format!(
                "`{}{name}`: belongs to orders of the system `{system}`; {instead}",
                self.place
            ))
            .with("field", name)),
        }
    }

    /// Refuses what nobody asked for.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        let Some(unknown) = self.members.keys().next() else { return Ok(()) };
        let hint = match nearest(unknown, self.known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("known are {}", self.known.join(", ")),
        };
        let detail = format!("unknown field `{}{unknown}`; {hint}", self.place);
        Err(ApiError::new(http::StatusCode::BAD_REQUEST, "unknown_field", detail)
            .with("field", unknown.as_str()))
    }
}

/// Reads a text and makes a type of it that has rules.
pub(crate) fn text<T>(
    make: impl FnOnce(String) -> Result<T, FieldError>,
) -> impl FnOnce(Value) -> Result<T, String> {
    move |value| match value {
        Value::String(text) => make(text).map_err(|refused| refused.problem.into_owned()),
        other => Err(format!("{}, expected a text", kind(&other))),
    }
}

/// Reads an amount in fen and makes a type of it that has a range.
pub(crate) fn amount<T>(
    make: impl FnOnce(Fen) -> Result<T, FieldError>,
) -> impl FnOnce(Value) -> Result<T, String> {
    move |value| {
        let fen = value.as_i64().ok_or_else(|| match value {
            Value::Number(_) => format!("{value} is not a whole number of fen; write 1280 for ¥12.80"),
            other => format!("{}, expected a whole number of fen such as 1280 for ¥12.80", kind(&other)),
        })?;
        let fen = Fen::new(fen).map_err(|refused| refused.to_string())?;
        make(fen).map_err(|refused| refused.problem.into_owned())
    }
}

/// Reads a whole number that is not negative.
pub(crate) fn number(value: Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("{value} is not a whole number"))
}

/// Reads `true` or `false`.
pub(crate) fn flag(value: Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("{}, expected true or false", kind(&value)))
}

/// Reads an object.
pub(crate) fn object(value: Value) -> Result<Value, String> {
    if value.is_object() { Ok(value) } else { Err(format!("{}, expected an object", kind(&value))) }
}

/// Reads a list.
pub(crate) fn list(value: Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(members) => Ok(members),
        other => Err(format!("{}, expected a list", kind(&other))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A JSON object in which no member is given twice: the second would silently win.
struct Members(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name.clone(), value).is_some() {
                        return Err(de::Error::custom(format_args!("`{name}` is given twice")));
                    }
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Object)
    }
}

/// Refuses a number of the merchant's that looks like one of what the service asks for by itself.
pub(super) fn not_reserved(field: &'static str, number: &str) -> Result<(), ApiError> {
    if !number.starts_with(AUTOMATIC_PREFIX) {
        return Ok(());
    }
    let detail = format!(
        "`{field}`: begins with `{AUTOMATIC_PREFIX}`, which is kept for what the service itself asks for; choose another"
    );
    Err(ApiError::bad_request(detail).with("field", field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: &str) -> String {
        let read = || {
            let mut fields = Fields::parse(body.as_bytes())?;
            fields.required("amount_fen", amount(douyin_pay_protocol::OrderAmount::new))?;
            fields.optional("subject", text(douyin_pay_protocol::Subject::new))?;
            fields.finish()
        };
        read().expect_err(body).detail
    }

    #[test]
    fn each_mistake_names_its_field() {
        for (body, sentence) in [
            ("", "the body is empty"),
            ("[]", "not a JSON object"),
            ("{\"amount_fen\":1", "not a JSON object"),
            ("{}", "`amount_fen` is missing"),
            ("{\"amount_fen\":null}", "`amount_fen` is missing"),
            ("{\"amount_fen\":12.8}", "`amount_fen`: 12.8 is not a whole number of fen"),
            ("{\"amount_fen\":\"1280\"}", "`amount_fen`: a text, expected a whole number of fen"),
            ("{\"amount_fen\":0}", "`amount_fen`: 0 fen is outside"),
            ("{\"amount_fen\":-1}", "`amount_fen`: -1 fen is negative"),
            ("{\"amount_fen\":99999999999999999999}", "`amount_fen`"),
            ("{\"amount_fen\":1,\"amount_fen\":2}", "`amount_fen` is given twice"),
            ("{\"amount_fen\":1,\"subject\":7}", "`subject`: a number, expected a text"),
            ("{\"amount_fen\":1,\"subject\":\" x\"}", "`subject`: begins or ends with white space"),
            ("{\"amount_fen\":1,\"subjct\":\"x\"}", "unknown field `subjct`; did you mean `subject`?"),
            ("{\"amount_fen\":1,\"colour\":\"x\"}", "known are amount_fen, subject"),
        ] {
            let detail = problem(body);
            assert!(detail.contains(sentence), "{body}: {detail}");
        }
    }

    #[test]
    fn the_digest_ignores_layout_and_nothing_else() {
        let digest = |body: &str| Fields::parse(body.as_bytes()).unwrap().sha256();
        assert_eq!(
            digest("{\"a\":1,\"b\":{\"y\":1,\"x\":2}}"),
            digest(" { \"b\": {\"x\":2,\"y\":1}, \"a\" : 1 }")
        );
        assert_ne!(digest("{\"a\":1}"), digest("{\"a\":2}"));
        assert_ne!(digest("{\"a\":1}"), digest("{\"a\":1,\"b\":1}"));
    }
}
