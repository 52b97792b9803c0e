//! A request as its sender holds it: names and values in the sender's order.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value; numbers keep their digits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    pub(crate) fn parse(json: &str) -> Self {
        match json.as_bytes()[0] {
            b'n' => Self::Null,
            b't' | b'f' => Self::Bool(json == "true"),
            b'"' => Self::Text(serde_json::from_str(json).expect("a text")),
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(json).expect("a list");
                Self::List(items.into_iter().map(|item| Self::parse(item.get())).collect())
            }
            b'{' => Self::Object(members(json)),
            _ => Self::Number(json.to_owned()),
        }
    }

    pub(crate) fn json(&self) -> String {
        let list = |items: Vec<String>| items.join(",");
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            Self::List(items) => format!("[{}]", list(items.iter().map(Self::json).collect())),
            Self::Object(members) => {
                let member = |(name, value): &(String, Value)| format!("{name:?}:{}", value.json());
                format!("{{{}}}", list(members.iter().map(member).collect()))
            }
        }
    }
}

/// An object's members in their order.
pub(crate) fn members(json: &str) -> Vec<(String, Value)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Value)>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((name, value)) = from.next_entry::<String, &RawValue>()? {
                members.push((name, Value::parse(value.get())));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(json).deserialize_map(Members).expect("an object")
}
