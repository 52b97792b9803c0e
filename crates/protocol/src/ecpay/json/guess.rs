//! Which well-known mistake gives the signature that a request carries.

use md5::{Digest, Md5};

use super::{Field, sign_fields};
use crate::ecpay::sign::signed_part;
use crate::{Salt, hex};

/// One way of doing it wrong: the text whose MD5 is taken instead of the right one.
type Mistake = fn(&[Field], &str) -> String;

/// Names the mistake, if `claimed` is what a known one gives.
pub(super) fn guess(fields: &[Field], salt: &Salt, claimed: &str) -> Option<&'static str> {
    let lower = claimed.trim().to_ascii_lowercase();
    if sign_fields(fields, salt).as_str() == lower {
        return Some("it is the right one, but not in plain lower case");
    }
    let found = MISTAKES.iter().find(|(_, mistake)| {
        let digest = Md5::digest(mistake(fields, salt.expose()));
        hex::lower::<16, 32>(digest.into()) == lower.as_bytes()
    });
    found.map(|(what, _)| *what)
}

const MISTAKES: [(&str, Mistake); 17] = [
    ("`app_id` was signed; it takes no part", |fields, salt| {
        sorted(values(fields, |field| field.name == "app_id" || !field.is_left_out()), salt)
    }),
    ("`thirdparty_id` was signed; it takes no part", |fields, salt| {
        sorted(values(fields, |field| field.name == "thirdparty_id" || !field.is_left_out()), salt)
    }),
    ("`app_id` and `thirdparty_id` were signed; they take no part", |fields, salt| {
        sorted(values(fields, |field| field.name.ends_with("_id") || !field.is_left_out()), salt)
    }),
    ("zeros were left out; 0 is signed as `0`", |fields, salt| {
        let mut values = right(fields);
        values.retain(|value| value != "0");
        sorted(values, salt)
    }),
    ("large numbers were signed with an exponent, as a float prints them", |fields, salt| {
        sorted(texts(fields, |field| signed_part(&exponent(field)).map(str::to_owned)), salt)
    }),
    ("white space at the ends, quotes or `null` were signed as they stand", |fields, salt| {
        sorted(texts(fields, |field| (!field.text.is_empty()).then(|| field.text.clone())), salt)
    }),
    ("wrapping quotes or the text `null` were signed", |fields, salt| {
        let trimmed = |field: &Field| Some(field.text.trim().to_owned()).filter(|text| !text.is_empty());
        sorted(texts(fields, trimmed), salt)
    }),
    ("empty values were signed", |fields, salt| {
        sorted(texts(fields, |field| Some(signed_part(&field.text).unwrap_or_default().to_owned())), salt)
    }),
    ("equal values were signed once; each takes part", |fields, salt| {
        let mut values = right(fields);
        values.push(salt.to_owned());
        values.sort_unstable();
        values.dedup();
        values.join("&")
    }),
    ("the texts were sorted by UTF-16 units instead of bytes", |fields, salt| {
        let mut values = right(fields);
        values.push(salt.to_owned());
        values.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        values.join("&")
    }),
    ("the texts were not sorted", |fields, salt| {
        let mut values = right(fields);
        values.push(salt.to_owned());
        values.join("&")
    }),
    ("the SALT was put at the end instead of being sorted with the rest", |fields, salt| {
        let mut values = right(fields);
        values.sort_unstable();
        values.push(salt.to_owned());
        values.join("&")
    }),
    ("the SALT was left out", |fields, _| {
        let mut values = right(fields);
        values.sort_unstable();
        values.join("&")
    }),
    ("the texts were joined without `&`", |fields, salt| {
        let mut values = right(fields);
        values.push(salt.to_owned());
        values.sort_unstable();
        values.concat()
    }),
    ("the texts were sorted by their field's name", |fields, salt| {
        let mut named = named(fields, |_, value| value.to_owned());
        named.push(salt.to_owned());
        named.join("&")
    }),
    ("`name=value` pairs were signed; names take no part", |fields, salt| {
        sorted(named(fields, |name, value| format!("{name}={value}")), salt)
    }),
    ("`name=value` pairs were signed; names take no part", |fields, salt| {
        let mut named = named(fields, |name, value| format!("{name}={value}"));
        named.push(salt.to_owned());
        named.join("&")
    }),
];

fn values(fields: &[Field], takes_part: impl Fn(&Field) -> bool) -> Vec<String> {
    let taking_part = fields.iter().filter(|field| takes_part(field));
    taking_part.filter_map(|field| signed_part(&field.text)).map(str::to_owned).collect()
}

fn right(fields: &[Field]) -> Vec<String> {
    values(fields, |field| !field.is_left_out())
}

fn texts(fields: &[Field], text: impl Fn(&Field) -> Option<String>) -> Vec<String> {
    fields.iter().filter(|field| !field.is_left_out()).filter_map(text).collect()
}

/// What is signed, in the order of the names.
fn named(fields: &[Field], write: impl Fn(&str, &str) -> String) -> Vec<String> {
    let taking_part = fields.iter().filter(|field| !field.is_left_out());
    let mut named: Vec<(&str, &str)> = taking_part
        .filter_map(|field| signed_part(&field.text).map(|value| (field.name.as_str(), value)))
        .collect();
    named.sort_unstable();
    named.into_iter().map(|(name, value)| write(name, value)).collect()
}

fn sorted(mut values: Vec<String>, salt: &str) -> String {
    values.push(salt.to_owned());
    values.sort_unstable();
    values.join("&")
}

/// 1234567 as `1.234567e+06`, which is how Go prints a large float.
fn exponent(field: &Field) -> String {
    let digits = field.text.as_str();
    if field.kind != "number" || digits.len() < 7 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let dot = if rest.is_empty() { "" } else { "." };
    format!("{first}{dot}{rest}e+{:02}", digits.len() - 1)
}
