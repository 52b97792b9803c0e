//! The page: operations by subject, then the shapes of replies, then the codes of errors.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value};

/// The subjects, in the order of the page.
const SUBJECTS: &[&str] = &[
    "orders",
    "refunds",
    "fulfilments",
    "settlements",
    "returns",
    "bills",
    "events",
    "exceptions",
    "platform",
    "operation",
];
const METHODS: &[&str] = &["get", "post", "put", "delete"];

/// Sentences in another language, by the English ones.
pub(super) struct Words {
    known: Option<BTreeMap<&'static str, &'static str>>,
    used: RefCell<BTreeSet<String>>,
    missing: RefCell<BTreeSet<String>>,
}

impl Words {
    /// Every sentence as it is.
    pub(super) const fn english() -> Self {
        Self { known: None, used: RefCell::new(BTreeSet::new()), missing: RefCell::new(BTreeSet::new()) }
    }

    /// Pairs of lines: the English sentence, then the other one after `= `.
    pub(super) fn parse(text: &'static str) -> Self {
        let mut known = BTreeMap::new();
        let mut lines = text.lines().filter(|line| !line.is_empty());
        while let (Some(english), Some(other)) = (lines.next(), lines.next()) {
            let other = other.strip_prefix("= ").unwrap_or_else(|| panic!("`{english}` has no line `= …`"));
            assert!(known.insert(english, other).is_none(), "`{english}` is there twice");
        }
        Self { known: Some(known), ..Self::english() }
    }

    fn say(&self, english: &str) -> String {
        let english = english.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(known) = &self.known else { return english };
        match known.get(english.as_str()) {
            Some(other) => {
                self.used.borrow_mut().insert(english);
                (*other).to_owned()
            }
            None => {
                self.missing.borrow_mut().insert(english.clone());
                english
            }
        }
    }

    pub(super) fn missing(&self) -> Vec<String> {
        self.missing.borrow().iter().cloned().collect()
    }

    pub(super) fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let known = self.known.iter().flatten();
        known
            .filter(|(english, _)| !used.contains(**english))
            .map(|(english, _)| (*english).to_owned())
            .collect()
    }
}

pub(super) struct Page<'a> {
    document: &'a Value,
    words: &'a Words,
    text: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(document: &'a Value, words: &'a Words) -> Self {
        Self { document, words, text: String::new() }
    }

    pub(super) fn write(mut self, head: &str) -> String {
        self.text.push_str(head);
        for subject in SUBJECTS {
            self.subject(subject);
        }
        self.replies();
        self.codes();
        self.text
    }

    fn line(&mut self, line: impl AsRef<str>) {
        writeln!(self.text, "{}", line.as_ref()).expect("a text can be written");
    }

    fn subject(&mut self, subject: &str) {
        let paths = self.document["paths"].as_object().expect("paths");
        let title = self.words.say(subject);
        let (first, rest) = title.split_at(title.chars().next().map_or(0, char::len_utf8));
        self.line(format!("\n## {}{rest}", first.to_uppercase()));
        for (path, methods) in paths {
            for method in METHODS {
                let operation = &methods[*method];
                if operation["tags"][0] == subject {
                    self.operation(method, path, operation);
                }
            }
        }
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        self.line(format!("\n### `{} {path}`\n", method.to_uppercase()));
        for part in ["summary", "description"] {
            if let Some(text) = operation[part].as_str() {
                let text: Vec<_> = text.split("\n\n").map(|paragraph| self.words.say(paragraph)).collect();
                self.line(text.join("\n\n"));
                self.line("");
            }
        }
        // The app is in most paths; the head explains it.
        let parameters: Vec<_> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|one| one["name"] != "app")
            .collect();
        if !parameters.is_empty() {
            self.table(&["parameter", "meaning"]);
            for one in parameters {
                let meaning = self.words.say(one["description"].as_str().unwrap_or_default());
                self.line(format!("| `{}` | {meaning} |", one["name"].as_str().unwrap_or_default()));
            }
            self.line("");
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if let Some(name) = reference(body) {
            self.request(method, path, name);
        }
        self.responses(&operation["responses"]);
    }

    fn request(&mut self, method: &str, path: &str, name: &str) {
        let sample = serde_json::to_string(&self.example(name)).expect("JSON");
        let path = path
            .replace("{app}", "coffee")
            .replace("{out_order_no}", "O20260105-000001")
            .replace("{out_settle_no}", "S20260105-000001")
            .replace("{id}", "1");
        self.line(format!(
            "```sh\ncurl -X {} \"$SERVICE{path}\" -H \"Authorization: Bearer $KEY\" \\\n  -d '{sample}'\n```\n",
            method.to_uppercase()
        ));
        self.fields(name, true);
        self.line("");
        // What the body's lists consist of comes with it.
        let inner: Vec<_> = self.properties(name).values().filter_map(|of| reference(&of["items"])).collect();
        for name in inner {
            self.line(format!("`{name}`:\n"));
            self.fields(name, true);
            self.line("");
        }
    }

    fn responses(&mut self, responses: &Value) {
        let responses = responses.as_object().expect("responses");
        self.table(&["status", "meaning", "body"]);
        for (status, response) in
            responses.iter().filter(|(status, _)| !matches!(status.as_str(), "401" | "403"))
        {
            let meaning = self.words.say(response["description"].as_str().unwrap_or_default());
            let body = response["content"].as_object().and_then(|content| content.values().next());
            let body = body.and_then(|body| reference(&body["schema"])).map(link).unwrap_or_default();
            self.line(format!("| {status} | {meaning} | {body} |"));
        }
    }

    fn replies(&mut self) {
        let title = self.words.say("What replies consist of");
        self.line(format!("\n## {title}"));
        let schemas = self.document["components"]["schemas"].as_object().expect("schemas");
        let asked: BTreeSet<&str> = self.asked();
        for (name, schema) in schemas.iter().filter(|(name, _)| !asked.contains(name.as_str())) {
            self.line(format!("\n### {name}\n"));
            let meaning = self.words.say(schema["description"].as_str().unwrap_or_default());
            self.line(format!("{meaning}\n"));
            self.fields(name, false);
        }
    }

    /// The schemas that requests consist of.
    fn asked(&self) -> BTreeSet<&'a str> {
        let operations = self.document["paths"].as_object().into_iter().flat_map(Map::values);
        let operations = operations.filter_map(Value::as_object).flat_map(Map::values);
        let bodies = operations
            .filter_map(|of| reference(&of["requestBody"]["content"]["application/json"]["schema"]));
        bodies
            .flat_map(|name| {
                let inner = self.properties(name).values().filter_map(|of| reference(&of["items"]));
                std::iter::once(name).chain(inner)
            })
            .collect()
    }

    fn fields(&mut self, name: &str, asked: bool) {
        let schema = &self.document["components"]["schemas"][name];
        let required: BTreeSet<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        self.table(&["field", "type", "meaning"]);
        // What must be there goes first.
        let (first, then): (Vec<_>, Vec<_>) =
            self.properties(name).iter().partition(|(field, _)| required.contains(field.as_str()));
        for (field, of) in first.into_iter().chain(then) {
            let kind = self.kind(of);
            let optional = if required.contains(field.as_str()) {
                String::new()
            } else {
                format!(", {}", self.words.say(if asked { "may be left out" } else { "may be missing" }))
            };
            let mut meaning = self.words.say(description(of));
            if let Some(words) = of["enum"].as_array().filter(|_| field != "code") {
                let words: Vec<_> =
                    words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
                write!(meaning, " {}", words.join(", ")).expect("a text can be written");
            }
            self.line(format!("| `{field}` | {kind}{optional} | {meaning} |"));
        }
    }

    fn kind(&self, of: &Value) -> String {
        let choices = of["oneOf"].as_array().into_iter().flatten();
        if let Some(name) = reference(of).or_else(|| choices.filter_map(reference).next()) {
            return link(name);
        }
        let kind = match &of["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
            kind => kind.as_str(),
        };
        match kind {
            Some("array") => format!("{} {}", self.words.say("list of"), self.kind(&of["items"])),
            Some("integer" | "number") => self.words.say("whole number"),
            Some("boolean") => "true / false".to_owned(),
            Some("object") => self.words.say("object"),
            _ => self.words.say("text"),
        }
    }

    fn codes(&mut self) {
        let title = self.words.say("Codes of errors");
        self.line(format!("\n## {title}\n"));
        self.table(&["code", "status", "meaning"]);
        let codes = &self.document["components"]["schemas"]["Problem"]["properties"]["code"]["x-codes"];
        for line in codes.as_array().expect("codes") {
            let meaning = self.words.say(line[2].as_str().unwrap_or_default());
            self.line(format!("| `{}` | {} | {meaning} |", line[0].as_str().unwrap_or_default(), line[1]));
        }
    }

    fn table(&mut self, columns: &[&str]) {
        let columns: Vec<_> = columns.iter().map(|column| self.words.say(column)).collect();
        self.line(format!("| {} |", columns.join(" | ")));
        self.line(format!("|{}", "---|".repeat(columns.len())));
    }

    fn properties(&self, name: &str) -> &'a Map<String, Value> {
        self.document["components"]["schemas"][name]["properties"].as_object().expect("properties")
    }

    /// The smallest request: every required field with its example.
    pub(super) fn example(&self, name: &str) -> Value {
        let schema = &self.document["components"]["schemas"][name];
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().into_iter().flatten();
        // What may be left out is shown when it has an example.
        let shown =
            properties.filter(|(field, of)| required.contains(&field.as_str()) || !of["example"].is_null());
        let fields = shown.map(|(field, of)| {
            let value = match reference(&of["items"]) {
                Some(inner) => Value::from(vec![self.example(inner)]),
                None => of["example"].clone(),
            };
            assert!(!value.is_null(), "{name}.{field} has no example");
            (field.clone(), value)
        });
        fields.collect()
    }
}

/// The schema that a reference names.
fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|path| path.rsplit('/').next())
}

/// What a field means; of a field that is another schema or nothing, the choice says it.
fn description(of: &Value) -> &str {
    let choices = of["oneOf"].as_array().into_iter().flatten();
    let texts = std::iter::once(of).chain(choices).filter_map(|of| of["description"].as_str());
    texts.into_iter().next().unwrap_or_default()
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", name.to_lowercase())
}
