//! Which test functions the sources have.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The sources below `crates/`, each read once.
#[derive(Default)]
pub(crate) struct Sources {
    read: BTreeMap<String, Option<String>>,
}

/// The folder that paths of the registry count from.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Sources {
    /// What is wrong with this reference; `None` when it names a test that runs.
    pub(crate) fn problem(&mut self, reference: &str) -> Option<String> {
        let Some((path, function)) = reference.split_once("::") else {
            return Some(format!("`{reference}`: write `path::function`"));
        };
        let read = || fs::read_to_string(crates().join(path)).ok();
        match self.read.entry(path.to_owned()).or_insert_with(read) {
            None => Some(format!("`{reference}`: there is no file `crates/{path}`")),
            Some(text) if is_test(text, function) => None,
            Some(_) => Some(format!("`{reference}`: the file has no test of that name")),
        }
    }
}

/// Whether `function` stands below an attribute that makes it a test.
fn is_test(text: &str, function: &str) -> bool {
    let mut attributes: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push(line);
        } else if let Some(name) = declared(line) {
            let runs = |attribute: &&str| {
                let word =
                    attribute.trim_start_matches("#[").split(['(', ']', ' ']).next().unwrap_or_default();
                word.rsplit("::").next() == Some("test")
            };
            if name == function {
                return attributes.iter().any(runs);
            }
            attributes.clear();
        } else if !(line.is_empty() || line.starts_with("//")) {
            attributes.clear();
        }
    }
    is_table(text, function)
}

/// Whether a macro makes it a test: `tables! { …, function, … }`, each a file of the same name.
fn is_table(text: &str, function: &str) -> bool {
    let makes_tests =
        text.split_once("macro_rules! tables").is_some_and(|(_, rest)| rest.contains("#[test]"));
    let listed = text.split_once("\ntables! {").and_then(|(_, rest)| rest.split_once('}'));
    makes_tests && listed.is_some_and(|(names, _)| names.split(',').any(|name| name.trim() == function))
}

/// The name of the function that begins in this line.
fn declared(line: &str) -> Option<&str> {
    let rest = ["pub(crate) ", "pub ", "async ", "const "]
        .iter()
        .fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    let name = rest.strip_prefix("fn ")?;
    name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[test]
fn a_test_is_known_by_its_attribute() {
    let text = "#[test]\nfn one() {}\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn two() {}\nfn three() {}\n\
                proptest! {\n    /// Says.\n    #[test]\n    fn four(x in 0..1) {}\n}\n#[cfg(test)]\nfn five() {}\n";
    for (name, runs) in
        [("one", true), ("two", true), ("three", false), ("four", true), ("five", false), ("six", false)]
    {
        assert_eq!(is_test(text, name), runs, "{name}");
    }
    let tables = "macro_rules! tables {\n    ($($name:ident,)*) => {$(#[test]\n fn $name() {})*};\n}\n\ntables! {\n    paid,\n}\n";
    assert!(is_test(tables, "paid") && !is_test(tables, "closed"));
}
