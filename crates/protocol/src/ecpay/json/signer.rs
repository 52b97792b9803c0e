//! A signer in which every choice can be made wrongly.

use super::Field;
use super::foreign::{self, Nested};
use crate::ecpay::sign::LEFT_OUT;

/// How white space at the ends is taken away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trim {
    /// All that Unicode calls white space: the right one.
    Unicode,
    /// Everything up to the blank, which is Java's `trim`.
    UpToBlank,
    /// PHP's `trim`.
    Ascii,
    /// JavaScript's `trim`: Unicode's and the byte order mark.
    JavaScript,
    /// PHP's `trim`, but only when everything is sorted.
    AfterSorting,
    Never,
}

/// What becomes of quotes around a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    Removed,
    Kept,
    OpeningRemoved,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Zero {
    Signed,
    Dropped,
    /// The text `0`, too.
    TextDropped,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Booleans {
    Words,
    Php,
    Capital,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Bytes,
    Utf16,
    Name,
    AsSent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SaltAt {
    /// Among the others, by the order of the rest.
    Sorted,
    First,
    Last,
    /// Last, written `key=…`.
    Key,
    Nowhere,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Decoded,
    /// As HTML forms are encoded, a blank as `+`.
    Form,
    /// As `encodeURIComponent` writes it.
    Uri,
    /// With the escapes that the request's JSON has.
    Escaped,
    /// With the escapes that PHP and Python put into JSON.
    EscapedAscii,
}

/// Every choice a signer makes. [`Signer::right`] makes the right ones.
#[derive(Clone, Copy)]
pub(super) struct Signer<'a> {
    pub(super) salt: &'a str,
    pub(super) salt_at: SaltAt,
    /// For each of the four fields that take no part, in their order: whether it takes part all the same.
    pub(super) anyway: [bool; LEFT_OUT.len()],
    pub(super) omitted: [Option<usize>; 2],
    /// The text of one field, written anew.
    pub(super) respelt: Option<(usize, &'a str)>,
    pub(super) zero: Zero,
    pub(super) exponents: bool,
    pub(super) booleans: Booleans,
    pub(super) null_dropped: bool,
    pub(super) nested: Nested,
    pub(super) written: Written,
    pub(super) trim: Trim,
    pub(super) quotes: Quotes,
    pub(super) null_text_signed: bool,
    pub(super) empty_signed: bool,
    pub(super) undefined: bool,
    pub(super) once: bool,
    pub(super) order: Order,
    pub(super) pairs: bool,
    pub(super) joint: &'static str,
}

impl<'a> Signer<'a> {
    /// The platform's own algorithm.
    pub(super) fn right(salt: &'a str) -> Self {
        Self {
            salt,
            salt_at: SaltAt::Sorted,
            anyway: [false; LEFT_OUT.len()],
            omitted: [None; 2],
            respelt: None,
            zero: Zero::Signed,
            exponents: false,
            booleans: Booleans::Words,
            null_dropped: false,
            nested: Nested::Go,
            written: Written::Decoded,
            trim: Trim::Unicode,
            quotes: Quotes::Removed,
            null_text_signed: false,
            empty_signed: false,
            undefined: false,
            once: false,
            order: Order::Bytes,
            pairs: false,
            joint: "&",
        }
    }

    /// The text whose digest this signer takes.
    pub(super) fn text(&self, fields: &[Field<'_>]) -> String {
        let taking_part = fields.iter().enumerate().filter(|(index, field)| self.takes_part(*index, field));
        let mut named: Vec<(&str, String)> = taking_part
            .filter_map(|(index, field)| Some((field.name.as_str(), self.value(index, field)?)))
            .collect();
        if self.undefined {
            named.push(("", "undefined".to_owned()));
        }
        if self.order == Order::Name {
            named.sort();
        }
        let write =
            |(name, value): (&str, String)| if self.pairs { format!("{name}={value}") } else { value };
        let mut values: Vec<String> = named.into_iter().map(write).collect();
        self.arrange(&mut values);
        if self.trim == Trim::AfterSorting {
            values.iter_mut().for_each(|value| *value = foreign::trim_ascii(value).to_owned());
        }
        values.join(self.joint)
    }

    fn arrange(&self, values: &mut Vec<String>) {
        if self.salt_at == SaltAt::Sorted {
            values.push(self.salt.to_owned());
        }
        match self.order {
            Order::Bytes => values.sort_unstable(),
            Order::Utf16 => values.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16())),
            Order::Name | Order::AsSent => {}
        }
        if self.once {
            let mut seen = std::collections::BTreeSet::new();
            values.retain(|value| seen.insert(value.clone()));
        }
        match self.salt_at {
            SaltAt::Sorted | SaltAt::Nowhere => {}
            SaltAt::First => values.insert(0, self.salt.to_owned()),
            SaltAt::Last => values.push(self.salt.to_owned()),
            SaltAt::Key => values.push(format!("key={}", self.salt)),
        }
    }

    fn takes_part(&self, index: usize, field: &Field<'_>) -> bool {
        let never = LEFT_OUT.iter().position(|name| *name == field.name);
        never.is_none_or(|at| self.anyway[at]) && !self.omitted.contains(&Some(index))
    }

    /// What of a field is signed, if anything is.
    fn value(&self, index: usize, field: &Field<'_>) -> Option<String> {
        let text = self.rendered(index, field)?;
        let outer = self.trimmed(&text);
        let long = outer.len() > 1 || self.quotes == Quotes::OpeningRemoved;
        let inner = match self.quotes {
            Quotes::Kept => outer,
            _ if !(long && outer.starts_with('"') && outer.ends_with('"')) => outer,
            Quotes::OpeningRemoved => &outer[1..],
            Quotes::Removed => &outer[1..outer.len() - 1],
        };
        let inner = self.trimmed(inner);
        let skipped = (inner.is_empty() && !self.empty_signed) || (inner == "null" && !self.null_text_signed);
        (!skipped).then(|| foreign::written(inner, self.written))
    }

    fn rendered(&self, index: usize, field: &Field<'_>) -> Option<String> {
        if let Some((respelt, text)) = self.respelt
            && respelt == index
        {
            return Some(text.to_owned());
        }
        let text = field.text.as_str();
        let zero = text == "0";
        Some(match field.kind {
            "number" if zero && self.zero != Zero::Signed => return None,
            "number" if self.exponents => foreign::exponent(text),
            "text" if zero && self.zero == Zero::TextDropped => return None,
            "text" if self.written == Written::Escaped => foreign::unquoted(field.literal).to_owned(),
            "boolean" => match (self.booleans, text == "true") {
                (Booleans::Words, _) => text.to_owned(),
                (Booleans::Php, true) => "1".to_owned(),
                (Booleans::Php, false) => return None,
                (Booleans::Capital, true) => "True".to_owned(),
                (Booleans::Capital, false) => "False".to_owned(),
            },
            "null" if self.null_dropped => return None,
            "object" | "array" => foreign::nested(field, self.nested, self.exponents),
            _ => text.to_owned(),
        })
    }

    fn trimmed<'t>(&self, text: &'t str) -> &'t str {
        match self.trim {
            Trim::Unicode => text.trim(),
            Trim::UpToBlank => text.trim_matches(|c| c <= ' '),
            Trim::Ascii => foreign::trim_ascii(text),
            Trim::JavaScript => text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'),
            Trim::AfterSorting | Trim::Never => text,
        }
    }
}
