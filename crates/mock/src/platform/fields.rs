//! Reading a request's fields within their documented limits.

use douyin_pay_protocol::{Fen, NotifyUrl};
use serde_json::{Map, Value};

use super::answers::{Denial, Denied};
use super::trade::is_callback_url;

/// A request's top-level fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Map<String, Value>);

pub(crate) type Checked<T> = Result<T, Denied>;

/// Where `cp_extra` is cut silently.
const CP_EXTRA_BYTES_MAX: usize = 2048;

impl<'a> Fields<'a> {
    /// A text that must be there and not be empty.
    pub(crate) fn text(self, name: &str, bytes_max: usize) -> Checked<&'a str> {
        let text = self.optional_text(name, bytes_max)?;
        text.ok_or_else(|| wrong(name, "is missing or empty; it is required"))
    }

    /// A text that may be missing; `null` and `""` count as missing.
    pub(crate) fn optional_text(self, name: &str, bytes_max: usize) -> Checked<Option<&'a str>> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) if text.len() <= bytes_max => Ok(Some(text)),
            Some(Value::String(text)) => {
                Err(wrong(name, format!("has {} bytes; at most {bytes_max} are allowed", text.len())))
            }
            Some(other) => Err(wrong(name, format!("is {}; send a text", kind(other)))),
        }
    }

    /// A required text limited in characters.
    pub(crate) fn characters(self, name: &str, characters_max: usize) -> Checked<&'a str> {
        let text = self.text(name, usize::MAX)?;
        let count = text.chars().count();
        if count > characters_max {
            return Err(wrong(name, format!("has {count} characters; at most {characters_max} are allowed")));
        }
        Ok(text)
    }

    /// `subject` and `body`: limited in bytes and in characters.
    pub(crate) fn description(self, name: &str) -> Checked<&'a str> {
        self.text(name, 128)?;
        self.characters(name, 42)
    }

    /// A number of the merchant's own: 1 to 64 of `0-9A-Za-z_-*`.
    pub(crate) fn merchant_number(self, name: &str) -> Checked<&'a str> {
        self.number_of(name, 64)
    }

    /// The same with another limit.
    pub(crate) fn number_of(self, name: &str, bytes_max: usize) -> Checked<&'a str> {
        let text = self.text(name, bytes_max)?;
        let strange = text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*')));
        match strange {
            Some(strange) => Err(wrong(
                name,
                format!("contains {strange:?}; only letters, digits, `_`, `-` and `*` are allowed"),
            )),
            None => Ok(text),
        }
    }

    /// A JSON integer.
    pub(crate) fn whole_number(self, name: &str) -> Checked<i64> {
        match self.0.get(name) {
            None | Some(Value::Null) => Err(wrong(name, "is missing; it is required")),
            Some(Value::Number(number)) => number.as_i64().ok_or_else(|| {
                wrong(name, format!("is {number}; send an integer, without fraction or exponent"))
            }),
            Some(other) => Err(wrong(name, format!("is {}; send a JSON integer", kind(other)))),
        }
    }

    /// An amount in fen, 1 to `most`.
    pub(crate) fn amount(self, name: &str, most: i64) -> Checked<Fen> {
        let fen = self.whole_number(name)?;
        if !(1..=most).contains(&fen) {
            return Err(wrong(name, format!("is {fen} fen; 1 to {most} are allowed")));
        }
        Fen::new(fen).map_err(|cause| wrong(name, cause.to_string()))
    }

    /// An optional 0 or 1.
    pub(crate) fn flag(self, name: &str) -> Checked<bool> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(_) => match self.whole_number(name)? {
                0 => Ok(false),
                1 => Ok(true),
                other => Err(wrong(name, format!("is {other}; only 0 and 1 are allowed"))),
            },
        }
    }

    /// The pass-through text, cut to its limit without a word, as the platform does.
    pub(crate) fn cp_extra(self) -> Checked<String> {
        let text = self.optional_text("cp_extra", usize::MAX)?.unwrap_or_default();
        let end = (0..=text.len().min(CP_EXTRA_BYTES_MAX)).rev().find(|&end| text.is_char_boundary(end));
        Ok(text[..end.unwrap_or_default()].to_owned())
    }

    /// The request's own callback URL.
    pub(crate) fn notify_url(self) -> Checked<Option<String>> {
        let Some(url) = self.optional_text("notify_url", 256)? else { return Ok(None) };
        NotifyUrl::new(url).map_err(|cause| Denial::Parameter.because(cause.to_string()))?;
        Ok(Some(url.to_owned()))
    }

    /// A callback URL with a limit of its own.
    pub(crate) fn callback_url(self, name: &str, bytes_max: usize) -> Checked<Option<String>> {
        let Some(url) = self.optional_text(name, bytes_max)? else { return Ok(None) };
        match is_callback_url(url) {
            true => Ok(Some(url.to_owned())),
            false => Err(wrong(name, "is no https URL")),
        }
    }

    /// Everything but the signature, in one canonical text, to compare a repeat with its first request.
    pub(crate) fn canonical(self) -> String {
        let fields: std::collections::BTreeMap<_, _> =
            self.0.iter().filter(|(name, _)| *name != "sign").collect();
        serde_json::to_string(&fields).expect("parsed JSON can be written again")
    }
}

pub(crate) fn wrong(name: &str, problem: impl AsRef<str>) -> Denied {
    Denial::Parameter.because(format!("`{name}` {}", problem.as_ref()))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Fields;

    fn why(body: serde_json::Value, read: impl Fn(Fields<'_>) -> Result<(), super::Denied>) -> String {
        let map = body.as_object().cloned().unwrap_or_default();
        read(Fields(&map)).err().map(|denied| denied.why).unwrap_or_default()
    }

    #[test]
    fn each_wrong_field_is_named_with_its_problem() {
        let amount = |f: Fields<'_>| f.amount("total_amount", 100).map(drop);
        let number = |f: Fields<'_>| f.merchant_number("no").map(drop);
        let subject = |f: Fields<'_>| f.description("subject").map(drop);
        let flag = |f: Fields<'_>| f.flag("disable_msg").map(drop);
        assert_eq!(
            why(json!({"total_amount": "5"}), amount),
            "`total_amount` is a text; send a JSON integer"
        );
        assert_eq!(why(json!({"total_amount": 0}), amount), "`total_amount` is 0 fen; 1 to 100 are allowed");
        assert!(why(json!({"total_amount": 1.0}), amount).contains("without fraction"));
        assert!(why(json!({}), amount).contains("missing"));
        assert_eq!(why(json!({"total_amount": 100}), amount), "");
        assert!(why(json!({"no": "a/b"}), number).contains("'/'"));
        assert!(why(json!({"no": "a".repeat(65)}), number).contains("65 bytes"));
        assert_eq!(why(json!({"no": "a_-*9Z"}), number), "");
        assert!(why(json!({"subject": "咖".repeat(43)}), subject).contains("129 bytes"));
        assert!(why(json!({"subject": "a".repeat(43)}), subject).contains("43 characters"));
        assert!(why(json!({"disable_msg": 2}), flag).contains("only 0 and 1"));
    }

    #[test]
    fn a_long_cp_extra_is_cut_between_characters() {
        let body = json!({ "cp_extra": "咖".repeat(1000) });
        let map = body.as_object().cloned().unwrap_or_default();
        let cut = Fields(&map).cp_extra().unwrap();
        assert_eq!(cut.len(), 2046);
    }
}
