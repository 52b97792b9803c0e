//! A page of the mini-program: where the platform's own pages lead to.

use serde::{Deserialize, Deserializer, Serialize};

use super::text::Limit;
use crate::FieldError;
use crate::members::members;

/// A page of the mini-program with its parameters.
///
/// ```
/// use douyin_pay_protocol::trade::Schema;
///
/// let page = Schema::new("pages/order/detail").unwrap().params(r#"{"id":"O1"}"#).unwrap();
/// assert_eq!(page.path(), "pages/order/detail");
/// let problem = Schema::new("/pages/order?id=1").unwrap_err();
/// assert_eq!(problem.to_string(), "`path`: begins with `/`; write it without: pages/order/detail");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Schema {
    path: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<Box<str>>,
}

impl Schema {
    /// The longest path, and the longest parameters, in bytes.
    pub const BYTES_MAX: usize = 512;

    /// A page without parameters.
    ///
    /// # Errors
    /// When the path begins with `/`, has a query, or other characters than letters, digits, `_` and `/`.
    pub fn new(path: impl AsRef<str>) -> Result<Self, FieldError> {
        check_path("path", path.as_ref())?;
        Ok(Self { path: path.as_ref().into(), params: None })
    }

    /// With parameters: the text of a JSON object.
    ///
    /// # Errors
    /// When it is not one JSON object, has a name twice, or more than 512 bytes.
    pub fn params(mut self, json: impl AsRef<str>) -> Result<Self, FieldError> {
        check_params("params", json.as_ref())?;
        self.params = Some(json.as_ref().into());
        Ok(self)
    }

    /// The page's path, without a leading slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameters, as JSON text.
    pub fn params_json(&self) -> Option<&str> {
        self.params.as_deref()
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Plain {
            path: Box<str>,
            params: Option<Box<str>>,
        }
        let Plain { path, params } = Plain::deserialize(from)?;
        let page = Self::new(path).map_err(serde::de::Error::custom)?;
        match params {
            Some(params) => page.params(params).map_err(serde::de::Error::custom),
            None => Ok(page),
        }
    }
}

/// Checks a page's path.
pub(in crate::trade) fn check_path(field: &'static str, path: &str) -> Result<(), FieldError> {
    Limit { field, bytes_max: Schema::BYTES_MAX, chars_max: Schema::BYTES_MAX, required: true }
        .check(path)?;
    let problem = |text: &'static str| Err(FieldError::new(field, text));
    if path.starts_with('/') {
        return problem("begins with `/`; write it without: pages/order/detail");
    }
    if path.contains('?') {
        return problem("has a query; write the parameters into `params`");
    }
    let other = path.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '/'));
    match other {
        None => Ok(()),
        Some(c) => Err(FieldError::new(
            field,
            format!("contains {c:?}; only letters, digits, `_` and `/` are allowed"),
        )),
    }
}

/// Checks a page's parameters.
pub(in crate::trade) fn check_params(field: &'static str, json: &str) -> Result<(), FieldError> {
    let problem = |text: String| Err(FieldError::new(field, text));
    if json.len() > Schema::BYTES_MAX {
        return problem(format!(
            "{} bytes in UTF-8, at most {} are allowed; shorten it",
            json.len(),
            Schema::BYTES_MAX
        ));
    }
    let members = match members(json) {
        Ok(members) => members,
        Err(cause) => return problem(format!("is not the text of one JSON object ({cause}); write {{…}}")),
    };
    for (index, (name, _)) in members.iter().enumerate() {
        if members[..index].iter().any(|(earlier, _)| earlier == name) {
            return problem(format!("has the name `{name}` twice; keep one of them"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Schema;

    #[test]
    fn paths_are_plain_and_problems_are_named() {
        assert!(Schema::new("a".repeat(512)).is_ok());
        for (path, word) in [
            ("", "empty"),
            ("/pages/a", "begins with `/`"),
            ("pages/a?id=1", "query"),
            ("pages/a:b", "':'"),
            ("pages/a&b", "'&'"),
            ("pages/a*", "'*'"),
            ("pages/订单", "'订'"),
            (&"a".repeat(513), "513"),
        ] {
            let problem = Schema::new(path).expect_err(path).to_string();
            assert!(problem.starts_with("`path`: ") && problem.contains(word), "{path}: {problem}");
        }
    }

    #[test]
    fn params_are_one_object_with_each_name_once() {
        let page = || Schema::new("pages/a").expect("a path");
        let of_bytes = |bytes: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8));
        assert!(page().params(of_bytes(512)).is_ok());
        let read: Schema = serde_json::from_str(r#"{"path":"pages/a","params":"{}"}"#).expect("a page");
        assert_eq!(Ok(read), page().params("{}"));
        for (params, word) in [
            ("", "JSON object"),
            ("[1]", "JSON object"),
            ("\"{}\"", "JSON object"),
            ("{} {}", "JSON object"),
            (r#"{"a":1,"a":2}"#, "`a` twice"),
            (r#"{"a":1,"\u0061":2}"#, "`a` twice"),
            (&of_bytes(513), "513"),
        ] {
            let read = serde_json::json!({ "path": "pages/a", "params": params }).to_string();
            assert!(serde_json::from_str::<Schema>(&read).is_err(), "{params}");
            let problem = page().params(params).expect_err(params).to_string();
            assert!(problem.starts_with("`params`: ") && problem.contains(word), "{params}: {problem}");
        }
    }
}
