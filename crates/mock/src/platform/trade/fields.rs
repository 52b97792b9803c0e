//! Reading objects field by field, each mistake named with its place.

use douyin_pay_protocol::Fen;
use douyin_pay_protocol::trade::Schema;
use serde_json::{Map, Value};

use super::denied::{Checked, wrong};

/// One JSON object and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    map: &'a Map<String, Value>,
    place: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, place: String::new() }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    pub(crate) fn wrong(&self, name: &str, problem: impl AsRef<str>) -> super::denied::Denied {
        wrong(&self.path(name), problem)
    }

    /// The value, when it is there and not `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A text that must be there and not be empty.
    pub(crate) fn text(&self, name: &str, bytes_max: usize) -> Checked<&'a str> {
        self.optional_text(name, bytes_max)?
            .ok_or_else(|| self.wrong(name, "is missing or empty; it is required"))
    }

    /// A text that may be missing; `null` and `""` count as missing.
    pub(crate) fn optional_text(&self, name: &str, bytes_max: usize) -> Checked<Option<&'a str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) if text.len() <= bytes_max => Ok(Some(text)),
            Some(Value::String(text)) => {
                Err(self.wrong(name, format!("has {} bytes; at most {bytes_max} are allowed", text.len())))
            }
            Some(other) => Err(self.wrong(name, format!("is {}; send a text", kind(other)))),
        }
    }

    /// A JSON integer; `strict` refuses the numeric text that the platform's gateway takes elsewhere.
    pub(crate) fn optional_integer(&self, name: &str, strict: bool) -> Checked<Option<i64>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => number.as_i64().map(Some).ok_or_else(|| {
                self.wrong(name, format!("is {number}; send an integer, without fraction or exponent"))
            }),
            Some(Value::String(text)) if !strict => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.wrong(name, "is a text that is no integer; send a JSON integer")),
            },
            Some(other) => Err(self.wrong(name, format!("is {}; send a JSON integer", kind(other)))),
        }
    }

    pub(crate) fn integer(&self, name: &str, strict: bool) -> Checked<i64> {
        self.optional_integer(name, strict)?.ok_or_else(|| self.wrong(name, "is missing; it is required"))
    }

    /// An amount of at least 1.
    pub(crate) fn amount(&self, name: &str, strict: bool) -> Checked<Fen> {
        let fen = self.integer(name, strict)?;
        if fen < 1 {
            return Err(self.wrong(name, format!("is {fen}; the least is 1")));
        }
        Fen::new(fen).map_err(|cause| self.wrong(name, cause.to_string()))
    }

    pub(crate) fn flag(&self, name: &str) -> Checked<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => Err(self.wrong(name, format!("is {}; send true or false", kind(other)))),
        }
    }

    pub(crate) fn object(&self, name: &str) -> Checked<Reader<'a>> {
        match self.get(name) {
            Some(Value::Object(map)) => Ok(Reader { map, place: self.path(name) }),
            None => Err(self.wrong(name, "is missing; it is required")),
            Some(other) => Err(self.wrong(name, format!("is {}; send an object", kind(other)))),
        }
    }

    pub(crate) fn array(&self, name: &str) -> Checked<Option<&'a Vec<Value>>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(array)) => Ok(Some(array)),
            Some(other) => Err(self.wrong(name, format!("is {}; send an array", kind(other)))),
        }
    }

    /// The objects of an array.
    pub(crate) fn objects(&self, name: &str) -> Checked<Option<Vec<Reader<'a>>>> {
        let Some(array) = self.array(name)? else { return Ok(None) };
        let object = |(at, value): (usize, &'a Value)| match value {
            Value::Object(map) => Ok(Reader { map, place: format!("{}[{at}]", self.path(name)) }),
            other => Err(self.wrong(name, format!("holds {} at place {at}; send objects", kind(other)))),
        };
        array.iter().enumerate().map(object).collect::<Checked<_>>().map(Some)
    }

    /// A callback address: https, or http to this machine, which only the mock takes.
    pub(crate) fn notify_url(&self, name: &str) -> Checked<Option<String>> {
        let Some(url) = self.optional_text(name, 512)? else { return Ok(None) };
        if is_callback_url(url) {
            return Ok(Some(url.to_owned()));
        }
        Err(self.wrong(name, "is no https URL (http is possible to this machine only)"))
    }

    /// A page of the mini-program: `path` and, as one JSON text, `params`.
    pub(crate) fn schema(&self, name: &str) -> Checked<String> {
        let schema = self.object(name)?;
        let path = schema.text("path", 512)?;
        if let Some(strange) = path.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '/'))) {
            let problem = format!("contains {strange:?}; only letters, digits, `_` and `/` are allowed");
            return Err(schema.wrong("path", problem));
        }
        if path.starts_with('/') {
            return Err(schema.wrong("path", "starts with `/`; leave it out"));
        }
        if let Some(Value::Object(_)) = schema.get("params") {
            return Err(schema.wrong("params", "is an object; send the object's JSON text"));
        }
        if let Some(params) = schema.optional_text("params", 512)?
            && let Err(cause) = Schema::new(path).and_then(|page| page.params(params))
        {
            return Err(schema.wrong("params", cause.problem));
        }
        Ok(path.to_owned())
    }
}

pub(in crate::platform) fn is_callback_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => matches!(host, "localhost" | "[::1]") || host.starts_with("127."),
        _ => false,
    }
}

pub(crate) fn kind(value: &Value) -> &'static str {
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

    use super::{Reader, is_callback_url};

    #[test]
    fn places_are_named() {
        let body = json!({ "skuList": [{ "price": "5" }], "amount": "7", "page": { "path": "/a" } });
        let map = body.as_object().unwrap();
        let reader = Reader::new(map);
        let sku = reader.objects("skuList").unwrap().unwrap().remove(0);
        assert_eq!(
            sku.integer("price", true).unwrap_err().why,
            "`skuList[0].price` is a text; send a JSON integer"
        );
        assert_eq!(reader.integer("amount", false), Ok(7));
        assert_eq!(reader.schema("page").unwrap_err().err_msg(), "参数错误: page.path");
    }

    #[test]
    fn addresses_are_https_or_of_this_machine() {
        let table = [
            ("https://shop.example.com/x", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://localhost/x", true),
            ("http://shop.example.com/x", false),
            ("shop.example.com", false),
            ("https://", false),
        ];
        for (url, fits) in table {
            assert_eq!(is_callback_url(url), fits, "{url}");
        }
    }
}
