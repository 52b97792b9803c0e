//! `refund_reason` of `pre_create_refund`, whose type nobody documents.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a list of texts, of objects `{code, text}`, one of these alone, or any of that as JSON text.
/// Whatever it is, it never hides the refund itself.
pub(super) fn reasons<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Box<str>>, D::Error> {
    let mut found = Vec::new();
    collect(&Value::deserialize(from)?, true, &mut found);
    Ok(found)
}

fn collect(value: &Value, may_be_json: bool, found: &mut Vec<Box<str>>) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, may_be_json, found)),
        Value::Object(entry) => match (entry.get("text"), entry.get("code")) {
            (Some(Value::String(text)), _) if !text.is_empty() => found.push(text.as_str().into()),
            (_, Some(code)) => collect(code, false, found),
            _ => {}
        },
        Value::String(text) => {
            let nested = may_be_json && text.trim_start().starts_with(['[', '{']);
            match serde_json::from_str(text) {
                Ok(value) if nested => collect(&value, false, found),
                _ if text.is_empty() => {}
                _ => found.push(text.as_str().into()),
            }
        }
        Value::Number(number) => found.push(number.to_string().into()),
        Value::Null | Value::Bool(_) => {}
    }
}
