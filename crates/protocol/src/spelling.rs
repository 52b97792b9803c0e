//! The other spellings of the same JSON value, to find out which one was signed.

use serde_json::value::RawValue;

use crate::members::members;

/// Larger bodies are not spelled anew: no order data and no callback comes near.
const BYTES_MAX: usize = 64 * 1024;
const DEPTH_MAX: usize = 16;
/// Up to so many members of the outermost object are tried in every order.
const PERMUTED_MEMBERS_MAX: usize = 3;

enum Node<'a> {
    Object(Vec<(String, Node<'a>)>),
    Array(Vec<Node<'a>>),
    Text(String),
    Literal(&'a str),
}

fn read(json: &str, depth: usize) -> Option<Node<'_>> {
    let json = json.trim_matches([' ', '\t', '\n', '\r']);
    let deeper = depth.checked_sub(1)?;
    Some(match json.as_bytes().first()? {
        b'{' => {
            let members = members(json).ok()?.into_iter();
            let read = members.map(|(name, value)| Some((name, read(value.get(), deeper)?)));
            Node::Object(read.collect::<Option<_>>()?)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            Node::Array(items.into_iter().map(|item| read(item.get(), deeper)).collect::<Option<_>>()?)
        }
        b'"' => Node::Text(serde_json::from_str(json).ok()?),
        _ => Node::Literal(json),
    })
}

impl Node<'_> {
    fn sort(&mut self) {
        match self {
            Self::Object(members) => {
                members.sort_by(|(a, _), (b, _)| a.cmp(b));
                members.iter_mut().for_each(|(_, value)| value.sort());
            }
            Self::Array(items) => items.iter_mut().for_each(Node::sort),
            Self::Text(_) | Self::Literal(_) => {}
        }
    }
}

/// How a writer of JSON writes.
#[derive(Clone, Copy)]
struct Style {
    comma: &'static str,
    colon: &'static str,
    /// Blanks per level when each member has its own line.
    indent: Option<usize>,
    escape: fn(char) -> bool,
}

const SPACINGS: [(&str, &str, Option<usize>); 5] =
    [(",", ":", None), (", ", ": ", None), (",", ": ", None), (",", ": ", Some(2)), (",", ": ", Some(4))];

/// What is escaped besides quotes, backslashes and control characters.
const ESCAPES: [fn(char) -> bool; 5] = [
    |_| false,
    |c| c == '/',
    |c| !c.is_ascii(),
    |c| c == '/' || !c.is_ascii(),
    |c| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
];

impl Style {
    fn write(self, node: &Node<'_>, level: usize, out: &mut String) {
        match node {
            Node::Literal(literal) => out.push_str(literal),
            Node::Text(text) => self.text(text, out),
            Node::Object(members) => self.list('{', '}', members, level, out, |(name, value), out| {
                self.text(name, out);
                out.push_str(self.colon);
                self.write(value, level + 1, out);
            }),
            Node::Array(items) => {
                self.list('[', ']', items, level, out, |item, out| self.write(item, level + 1, out));
            }
        }
    }

    fn list<T>(
        self,
        open: char,
        close: char,
        items: &[T],
        level: usize,
        out: &mut String,
        mut write: impl FnMut(&T, &mut String),
    ) {
        let new_line = |level: usize, out: &mut String| {
            if let Some(indent) = self.indent.filter(|_| !items.is_empty()) {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent * level));
            }
        };
        out.push(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push_str(self.comma);
            }
            new_line(level + 1, out);
            write(item, out);
        }
        new_line(level, out);
        out.push(close);
    }

    fn text(self, text: &str, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '/' if (self.escape)(c) => out.push_str("\\/"),
                c if c < ' ' || (self.escape)(c) => {
                    c.encode_utf16(&mut [0; 2])
                        .iter()
                        .for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
                }
                c => out.push(c),
            }
        }
        out.push('"');
    }
}

/// Other ways to write the same JSON object or list. Empty when the body is neither.
pub(crate) fn respellings(body: &[u8]) -> Vec<String> {
    let readable = Some(body).filter(|body| body.len() <= BYTES_MAX);
    let text = readable.and_then(|body| std::str::from_utf8(body).ok());
    let node = text.and_then(|text| read(text, DEPTH_MAX));
    let Some(mut node) = node.filter(|node| matches!(node, Node::Object(_) | Node::Array(_))) else {
        return Vec::new();
    };
    let mut spellings = Vec::new();
    for order in orders(&node) {
        rearrange(&mut node, &order);
        spell(&node, &mut spellings);
    }
    node.sort();
    spell(&node, &mut spellings);
    spellings
}

fn spell(node: &Node<'_>, spellings: &mut Vec<String>) {
    for (comma, colon, indent) in SPACINGS {
        for escape in ESCAPES {
            let mut out = String::new();
            Style { comma, colon, indent, escape }.write(node, 0, &mut out);
            spellings.push(out);
        }
    }
}

/// One value without blanks, with its members as they stand.
#[cfg(feature = "ecpay")]
pub(crate) fn compact(json: &str, escape: fn(char) -> bool) -> Option<String> {
    let node = read(json, DEPTH_MAX)?;
    let mut out = String::new();
    Style { comma: ",", colon: ":", indent: None, escape }.write(&node, 0, &mut out);
    Some(out)
}

/// Exchanges that lead, one after the other, through every order of few members; the first changes nothing.
fn orders(node: &Node<'_>) -> Vec<[usize; 2]> {
    match node {
        Node::Array(items) => items.first().map_or_else(|| vec![[0, 0]], orders),
        Node::Object(members) if members.len() == 2 => vec![[0, 0], [0, 1]],
        Node::Object(members) if members.len() == PERMUTED_MEMBERS_MAX => {
            vec![[0, 0], [0, 1], [1, 2], [0, 1], [1, 2], [0, 1]]
        }
        _ => vec![[0, 0]],
    }
}

fn rearrange(node: &mut Node<'_>, [one, other]: &[usize; 2]) {
    match node {
        Node::Object(members) if one != other && members.len() > *one.max(other) => {
            members.swap(*one, *other)
        }
        Node::Array(items) => items.iter_mut().for_each(|item| rearrange(item, &[*one, *other])),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::respellings;

    #[test]
    fn every_order_of_three_and_the_usual_writers_are_among_them() {
        let all = respellings(r#" {"b":"中/<","a":[1,{}],"c":{"z":1.50,"y":null}}"#.as_bytes());
        for wanted in [
            r#"{"b":"中/<","a":[1,{}],"c":{"z":1.50,"y":null}}"#,
            r#"{"a":[1,{}],"b":"中/<","c":{"y":null,"z":1.50}}"#,
            r#"{"c":{"z":1.50,"y":null},"a":[1,{}],"b":"\u4e2d\/<"}"#,
            r#"{"b": "\u4e2d/<", "c": {"z": 1.50, "y": null}, "a": [1, {}]}"#,
            r#"{"b":"中/\u003c","a":[1,{}],"c":{"z":1.50,"y":null}}"#,
            "{\n  \"b\": \"中/<\",\n  \"a\": [\n    1,\n    {}\n  ],\n  \"c\": {\n    \"z\": 1.50,\n    \"y\": null\n  }\n}",
        ] {
            assert!(all.iter().any(|spelling| spelling == wanted), "{wanted}");
        }
        let first_names: BTreeSet<&str> = all
            .iter()
            .map(|text| text.trim_start_matches(['{', '\n', ' ']).get(..3).expect("a name"))
            .collect();
        assert_eq!(first_names.into_iter().collect::<Vec<_>>(), [r#""a""#, r#""b""#, r#""c""#]);
    }

    #[test]
    fn the_members_of_a_lists_objects_are_exchanged() {
        let all = respellings(br#"[{"a":1,"b":2},{"a":3,"b":4}]"#);
        assert!(all.iter().any(|text| text == r#"[{"b": 2, "a": 1}, {"b": 4, "a": 3}]"#));
    }

    #[test]
    fn what_is_no_object_has_no_spellings() {
        for body in ["", "1", "{", r#"{"a":1} x"#, "\u{feff}{}"] {
            assert!(respellings(body.as_bytes()).is_empty(), "{body}");
        }
        assert!(respellings(b"{\"a\":\"\xff\"}").is_empty());
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(40), "]".repeat(40));
        assert!(respellings(deep.as_bytes()).is_empty());
        assert!(respellings(format!(r#"{{"a":"{}"}}"#, "x".repeat(70_000)).as_bytes()).is_empty());
    }
}
