//! A JSON value as the text that is signed; nested ones as Go prints them.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::members::members;

/// Nesting deeper than this is refused rather than followed.
const DEPTH_MAX: usize = 64;

/// What a top-level value is, and its text.
pub(super) fn top_level(value: &RawValue) -> Result<(&'static str, String), serde_json::Error> {
    let literal = value.get();
    let kind = match literal.as_bytes().first() {
        Some(b'"') => "text",
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    };
    let mut text = String::with_capacity(literal.len());
    write(&mut text, value, 0)?;
    Ok((kind, text))
}

fn write(out: &mut String, value: &RawValue, depth: usize) -> Result<(), serde_json::Error> {
    if depth > DEPTH_MAX {
        return Err(serde::de::Error::custom("it is nested too deeply"));
    }
    let literal = value.get();
    match literal.as_bytes().first() {
        Some(b'"') => out.push_str(&serde_json::from_str::<String>(literal)?),
        Some(b'{') => write_map(out, literal, depth)?,
        Some(b'[') => write_list(out, literal, depth)?,
        Some(b'n') => out.push_str("<nil>"),
        // Numbers and booleans count as they are written: `1e3` stays `1e3`.
        _ => out.push_str(literal),
    }
    Ok(())
}

/// `[x y]`, texts without quotes.
fn write_list(out: &mut String, literal: &str, depth: usize) -> Result<(), serde_json::Error> {
    let elements: Vec<&RawValue> = serde_json::from_str(literal)?;
    out.push('[');
    for (index, element) in elements.into_iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        write(out, element, depth + 1)?;
    }
    out.push(']');
    Ok(())
}

/// `map[a:1 b:2]`, with the keys in byte order; a key that stands twice keeps its last value.
fn write_map(out: &mut String, literal: &str, depth: usize) -> Result<(), serde_json::Error> {
    let sorted: BTreeMap<String, &RawValue> = members(literal)?.into_iter().collect();
    out.push_str("map[");
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(&name);
        out.push(':');
        write(out, value, depth + 1)?;
    }
    out.push(']');
    Ok(())
}
