//! Typed access to a JSON object whose problems are collected.

use serde_json::value::RawValue;

use crate::FieldError;
use crate::members::members;

/// The problems so far.
#[derive(Default)]
pub(super) struct Problems(Vec<FieldError>);

impl Problems {
    pub(super) fn add(&mut self, label: &'static str, problem: impl Into<String>) {
        self.0.push(FieldError::new(label, problem.into()));
    }

    /// The value, or its problem under another label.
    pub(super) fn take<T>(&mut self, label: &'static str, read: Result<T, FieldError>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(cause) => {
                self.0.push(FieldError::new(label, cause.problem));
                None
            }
        }
    }

    /// Whether a rule is kept; if not, its problem is kept.
    pub(super) fn kept(&mut self, label: &'static str, rule: Result<(), FieldError>) -> bool {
        self.take(label, rule).is_some()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_list(self) -> Vec<FieldError> {
        self.0
    }
}

/// What a value is.
enum Kind {
    Null,
    Flag,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    fn of(value: &RawValue) -> Self {
        match value.get().as_bytes().first() {
            Some(b'"') => Self::Text,
            Some(b'[') => Self::List,
            Some(b'{') => Self::Object,
            Some(b't' | b'f') => Self::Flag,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// One JSON object.
pub(super) struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The outermost object.
    pub(super) fn of_data(data: &'a str, problems: &mut Problems) -> Option<Self> {
        match members(data) {
            Ok(members) => Some(Self(members)),
            Err(cause) => {
                problems.add("data", format!("is not the text of one JSON object ({cause}); write {{…}}"));
                None
            }
        }
    }

    /// An object inside.
    pub(super) fn of(label: &'static str, value: &'a RawValue, problems: &mut Problems) -> Option<Self> {
        match Kind::of(value) {
            Kind::Object => Self::of_data(value.get(), problems),
            other => {
                problems.add(label, format!("is {}; write an object: {{…}}", other.name()));
                None
            }
        }
    }

    /// Whether there is such a member, under whatever spelling.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(member, value)| spelled_alike(member, name) && !is_null(value))
    }

    /// A member. One that stands twice or is spelled otherwise is a problem, and is read all the same.
    fn find(&self, name: &'static str, label: &'static str, problems: &mut Problems) -> Option<&'a RawValue> {
        let mut found = self.0.iter().filter(|(member, _)| member == name).map(|(_, value)| *value);
        if let Some(value) = found.next() {
            if found.next().is_some() {
                problems.add(label, "stands twice; keep one of them");
            }
            return Some(value).filter(|value| !is_null(value));
        }
        let (member, value) = self.0.iter().find(|(member, _)| spelled_alike(member, name))?;
        problems.add(label, format!("is spelled `{member}`; write `{name}`"));
        Some(*value).filter(|value| !is_null(value))
    }

    fn required(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<&'a RawValue> {
        let found = self.find(name, label, problems);
        if found.is_none() {
            problems.add(label, "is missing; it is required");
        }
        found
    }

    pub(super) fn text(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<String> {
        text_of(label, self.find(name, label, problems)?, problems)
    }

    pub(super) fn required_text(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<String> {
        text_of(label, self.required(name, label, problems)?, problems)
    }

    pub(super) fn integer(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<i64> {
        integer_of(label, self.find(name, label, problems)?, problems)
    }

    pub(super) fn required_integer(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<i64> {
        integer_of(label, self.required(name, label, problems)?, problems)
    }

    /// A list that is required.
    pub(super) fn list(
        &self,
        name: &'static str,
        label: &'static str,
        problems: &mut Problems,
    ) -> Option<Vec<&'a RawValue>> {
        let value = self.required(name, label, problems)?;
        match Kind::of(value) {
            Kind::List => serde_json::from_str(value.get()).ok(),
            other => {
                problems.add(label, format!("is {}; write a list: […]", other.name()));
                None
            }
        }
    }

    pub(super) fn object(&self, name: &'static str, problems: &mut Problems) -> Option<Self> {
        let value = self.find(name, name, problems)?;
        Self::of(name, value, problems)
    }

    pub(super) fn required_object(&self, name: &'static str, problems: &mut Problems) -> Option<Self> {
        let value = self.required(name, name, problems)?;
        Self::of(name, value, problems)
    }
}

/// A text, unescaped.
pub(super) fn text_of(label: &'static str, value: &RawValue, problems: &mut Problems) -> Option<String> {
    let advice = match Kind::of(value) {
        Kind::Text => match serde_json::from_str(value.get()) {
            Ok(text) => return Some(text),
            Err(_) => "is a text that cannot be read; check its escapes".to_owned(),
        },
        Kind::Number => format!("is a number; write it as text: \"{}\"", value.get()),
        kind @ (Kind::Object | Kind::List) => {
            format!("is {}; write it as text, as JSON.stringify makes it", kind.name())
        }
        kind => format!("is {}; write a text", kind.name()),
    };
    problems.add(label, advice);
    None
}

/// A whole number without quotes.
pub(super) fn integer_of(label: &'static str, value: &RawValue, problems: &mut Problems) -> Option<i64> {
    let advice = match Kind::of(value) {
        Kind::Number => match value.get().parse() {
            Ok(number) => return Some(number),
            Err(_) => format!("is {}, not an integer; write whole digits", value.get()),
        },
        Kind::Text => "is a text; write it as a number, without quotes".to_owned(),
        kind => format!("is {}; write a number", kind.name()),
    };
    problems.add(label, advice);
    None
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// `out_order_no`, `OutOrderNo` and `outOrderNo` mean the same to a person.
fn spelled_alike(member: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    member == name || letters(member) == letters(name)
}
