//! The published signers, each re-implemented whole, with its mistakes.

use crate::value::Value;

type Request = [(String, Value)];

/// Signs as one published implementation does.
pub(crate) type Signer = fn(&Request, &str) -> String;

/// All of them, under the names by which an explanation calls them.
pub(crate) const ALL: [(&str, Signer); 7] = [
    ("go_float", go_float),
    ("java", java),
    ("java_script", java_script),
    ("php_sample", php_sample),
    ("php_empty", php_empty),
    ("php_json", php_json),
    ("c_sharp", c_sharp),
];

pub(crate) fn md5(text: &str) -> String {
    use md5::{Digest, Md5};
    Md5::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

const THREE: [&str; 3] = ["app_id", "thirdparty_id", "sign"];
const FOUR: [&str; 4] = ["app_id", "thirdparty_id", "sign", "other_settle_params"];

/// The official Go sample, fed by `json.Unmarshal` into `map[string]interface{}`.
pub(crate) fn go_float(request: &Request, salt: &str) -> String {
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let printed = go_print(value);
        let mut value = printed.trim();
        if value.len() > 1 && value.starts_with('"') && value.ends_with('"') {
            value = &value[1..value.len() - 1];
        }
        let value = value.trim();
        if value.is_empty() || value == "null" {
            continue;
        }
        list.push(value.to_owned());
    }
    list.sort();
    md5(&list.join("&"))
}

fn go_print(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(digits) => go_float_text(digits),
        Value::Text(text) => text.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(go_print).collect::<Vec<_>>().join(" ")),
        Value::Object(members) => {
            let mut members = members.clone();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            let print = |(name, value): &(String, Value)| format!("{name}:{}", go_print(value));
            format!("map[{}]", members.iter().map(print).collect::<Vec<_>>().join(" "))
        }
    }
}

/// `%v` of the float64 that a whole number became: an exponent from a million upwards.
fn go_float_text(digits: &str) -> String {
    let (minus, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    if digits.len() <= 6 {
        return format!("{minus}{digits}");
    }
    let mut mantissa = digits.to_owned();
    mantissa.insert(1, '.');
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    format!("{minus}{mantissa}e+{:02}", digits.len() - 1)
}

/// The official Java sample.
pub(crate) fn java(request: &Request, salt: &str) -> String {
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let printed = java_print(value);
        let mut value = java_trim(&printed);
        if value.encode_utf16().count() > 1 && value.starts_with('"') && value.ends_with('"') {
            value = &value[1..value.len() - 1];
        }
        let value = java_trim(value);
        if !value.is_empty() && value != "null" {
            list.push(value.to_owned());
        }
    }
    utf16_sort(&mut list);
    md5(&list.join("&"))
}

fn java_trim(text: &str) -> &str {
    text.trim_matches(|c: char| u32::from(c) <= 0x20)
}

fn utf16_sort(list: &mut [String]) {
    list.sort_by_key(|text| text.encode_utf16().collect::<Vec<_>>());
}

fn java_print(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) | Value::Text(text) => text.clone(),
        Value::List(items) => format!("[{}]", items.iter().map(java_print).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let print = |(name, value): &(String, Value)| format!("{name}={}", java_print(value));
            format!("{{{}}}", members.iter().map(print).collect::<Vec<_>>().join(", "))
        }
    }
}

/// `String(value).trim()` and `Array.prototype.sort`.
pub(crate) fn java_script(request: &Request, salt: &str) -> String {
    let trim = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let mut value = trim(&java_script_print(value));
        if value.len() > 1 && value.starts_with('"') && value.ends_with('"') {
            value = trim(&value[1..value.len() - 1]);
        }
        if value.is_empty() || value == "null" {
            continue;
        }
        list.push(value);
    }
    utf16_sort(&mut list);
    md5(&list.join("&"))
}

fn java_script_print(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) | Value::Text(text) => text.clone(),
        Value::List(items) => {
            let print = |item: &Value| match item {
                Value::Null => String::new(),
                other => java_script_print(other),
            };
            items.iter().map(print).collect::<Vec<_>>().join(",")
        }
        Value::Object(_) => "[object Object]".to_owned(),
    }
}

/// PHP's `(string) $value`.
fn php_print(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        Value::Number(text) | Value::Text(text) => text.clone(),
        Value::List(_) | Value::Object(_) => "Array".to_owned(),
    }
}

fn php_trim(text: &str) -> String {
    text.trim_matches(|c| " \t\n\r\0\u{b}".contains(c)).to_owned()
}

/// The sample that is passed around: its test for the closing quote looks behind the end.
pub(crate) fn php_sample(request: &Request, salt: &str) -> String {
    let mut list = Vec::new();
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let mut value = php_trim(&php_print(value));
        let length = value.len();
        if length > 1 && value.starts_with('"') && value.get(length..length + 1) == Some("\"") {
            value = php_trim(&value[1..length - 1]);
        }
        if !value.is_empty() && value != "null" {
            list.push(value);
        }
    }
    list.push(salt.to_owned());
    list.sort();
    md5(&list.join("&"))
}

/// A package that skips what `empty()` is true for.
pub(crate) fn php_empty(request: &Request, salt: &str) -> String {
    fn print(value: &Value) -> String {
        match value {
            Value::Null => "<nil>".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(" ")),
            Value::Object(members) => {
                let print = |(name, value): &(String, Value)| format!("{name}:{}", print(value));
                format!("map[{}]", members.iter().map(print).collect::<Vec<_>>().join(" "))
            }
            other => php_print(other),
        }
    }
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let value = match value {
            Value::List(_) | Value::Object(_) => print(value),
            other => php_trim(&php_print(other)),
        };
        if value.is_empty() || value == "0" || value == "null" {
            continue;
        }
        list.push(value);
    }
    list.sort();
    md5(&list.join("&"))
}

/// A package that signs `other_settle_params`, knows no quotes and no `null`, and trims after sorting.
pub(crate) fn php_json(request: &Request, salt: &str) -> String {
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if THREE.contains(&name.as_str()) {
            continue;
        }
        let value = match value {
            Value::List(_) | Value::Object(_) => json_encode(&value.json()),
            other => php_print(other),
        };
        if !value.is_empty() {
            list.push(value);
        }
    }
    list.sort();
    let trimmed: Vec<String> = list.iter().map(|value| php_trim(value)).collect();
    md5(&trimmed.join("&"))
}

/// PHP escapes slashes and everything that is no ASCII.
fn json_encode(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        match c {
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    out
}

/// A C# package: `Substring` with the wrong length keeps the closing quote.
pub(crate) fn c_sharp(request: &Request, salt: &str) -> String {
    let mut list = vec![salt.to_owned()];
    for (name, value) in request {
        if FOUR.contains(&name.as_str()) {
            continue;
        }
        let printed = match value {
            Value::Null => String::new(),
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Number(text) | Value::Text(text) => text.clone(),
            nested => nested.json(),
        };
        let mut value = printed.trim();
        if value.starts_with('"') && value.ends_with('"') {
            value = &value[1..];
        }
        let value = value.trim();
        if !value.is_empty() && value != "null" {
            list.push(value.to_owned());
        }
    }
    utf16_sort(&mut list);
    md5(&list.join("&"))
}
