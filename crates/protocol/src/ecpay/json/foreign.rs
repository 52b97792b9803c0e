//! Values as other languages print them.

use std::fmt::Write as _;

use serde_json::value::RawValue;

use super::Field;
use super::signer::Written;
use crate::members::members;
use crate::spelling::compact;

/// Nesting deeper than this is printed as nothing; no request has it.
const DEPTH_MAX: usize = 16;

/// Who prints an object or an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    /// Go with sorted keys: the right one.
    Go,
    GoUnsorted,
    Java,
    JavaScript,
    /// PHP's word `Array`.
    Word,
    Json,
    /// JSON with everything escaped that PHP escapes.
    PhpJson,
}

/// A nested value's text.
pub(super) fn nested(field: &Field<'_>, by: Nested, exponents: bool) -> String {
    let json = |escape| compact(field.literal, escape).unwrap_or_default();
    match by {
        Nested::Go if !exponents => field.text.clone(),
        Nested::Word => "Array".to_owned(),
        Nested::Json => json(|_| false),
        Nested::PhpJson => json(|c| c == '/' || !c.is_ascii()),
        Nested::Go | Nested::GoUnsorted | Nested::Java | Nested::JavaScript => {
            let mut out = String::new();
            print(&mut out, field.literal, by, exponents, 0);
            out
        }
    }
}

fn print(out: &mut String, literal: &str, by: Nested, exponents: bool, depth: usize) {
    if depth > DEPTH_MAX {
        return;
    }
    match literal.as_bytes().first() {
        Some(b'"') => out.push_str(&serde_json::from_str::<String>(literal).unwrap_or_default()),
        Some(b'{') => print_object(out, literal, by, exponents, depth),
        Some(b'[') => print_array(out, literal, by, exponents, depth),
        Some(b'n') if by == Nested::Java => out.push_str("null"),
        Some(b'n') if by == Nested::JavaScript => {}
        Some(b'n') => out.push_str("<nil>"),
        Some(b't' | b'f') => out.push_str(literal),
        _ if exponents => out.push_str(&exponent(literal)),
        _ => out.push_str(literal),
    }
}

fn print_object(out: &mut String, literal: &str, by: Nested, exponents: bool, depth: usize) {
    let mut members = members(literal).unwrap_or_default();
    if by == Nested::JavaScript {
        out.push_str("[object Object]");
        return;
    }
    if by == Nested::Go {
        members.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    let (open, equals, between, close) =
        if by == Nested::Java { ("{", "=", ", ", "}") } else { ("map[", ":", " ", "]") };
    out.push_str(open);
    for (index, (name, value)) in members.into_iter().enumerate() {
        let _ = write!(out, "{}{name}{equals}", if index > 0 { between } else { "" });
        print(out, value.get(), by, exponents, depth + 1);
    }
    out.push_str(close);
}

fn print_array(out: &mut String, literal: &str, by: Nested, exponents: bool, depth: usize) {
    let items: Vec<&RawValue> = serde_json::from_str(literal).unwrap_or_default();
    let (open, between, close) = match by {
        Nested::Java => ("[", ", ", "]"),
        Nested::JavaScript => ("", ",", ""),
        _ => ("[", " ", "]"),
    };
    out.push_str(open);
    for (index, item) in items.into_iter().enumerate() {
        out.push_str(if index > 0 { between } else { "" });
        print(out, item.get(), by, exponents, depth + 1);
    }
    out.push_str(close);
}

/// 1234567 as `1.234567e+06`, which is how Go prints a large float.
pub(super) fn exponent(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if digits.len() < 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{dot}{rest}e+{:02}", digits.len() - 1)
}

/// PHP's `trim`.
pub(super) fn trim_ascii(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
}

/// A JSON text's inside, with its escapes.
pub(super) fn unquoted(literal: &str) -> &str {
    literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(literal)
}

/// A value as it was written before it was signed.
pub(super) fn written(text: &str, by: Written) -> String {
    match by {
        Written::Decoded | Written::Escaped => text.to_owned(),
        Written::Form => percent(text, b"-_.", true),
        Written::Uri => percent(text, b"-_.!~*'()", false),
        Written::EscapedAscii => {
            let quoted = serde_json::Value::from(text).to_string();
            let escaped = compact(&quoted, |c| c == '/' || !c.is_ascii()).unwrap_or_default();
            unquoted(&escaped).to_owned()
        }
    }
}

fn percent(text: &str, plain: &[u8], plus: bool) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b' ' if plus => out.push('+'),
            _ if byte.is_ascii_alphanumeric() || plain.contains(&byte) => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}
