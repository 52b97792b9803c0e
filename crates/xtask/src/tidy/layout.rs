//! Rules for every file: size, first sentence, names, attributes, leftovers.

use super::Finding;
use super::scan::{Source, holds};
use super::tree::TextFile;

const LINES_MAX: usize = 500;
const FIRST_SENTENCE_WORDS_MAX: usize = 15;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc"];
const EMPTY_TYPE_ENDINGS: &[&str] = &["Manager", "Service", "Handler", "Factory"];

/// Attributes that hide something.
const HIDING: &[(&str, &str)] = &[
    ("allow", "use `#[expect(lint, reason = \"…\")]`, which says why and ends with its cause"),
    ("ignore", "a test that does not run proves nothing: run it or remove it"),
    ("should_panic", "check the error that is returned"),
];

/// Words of unfinished work; put together here so that this file is not a finding.
const LEFTOVERS: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimple", "mented!(")];

/// Folders that exist on one person's machine only; put together for the same reason.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("../sha", "red/"),
];

/// Checks a text file of any kind.
pub(super) fn check_text(file: &TextFile, findings: &mut Vec<Finding>) {
    let mut found =
        |line: usize, problem: String| findings.push(Finding { path: file.path.clone(), line, problem });
    for part in file.path.split('/') {
        let stem = part.split('.').next().unwrap_or(part);
        if EMPTY_NAMES.contains(&stem) {
            found(0, format!("`{part}` says nothing: name it after what it holds"));
        }
    }
    for (at, line) in file.text.lines().enumerate() {
        for word in LEFTOVERS.iter().filter(|word| holds(line, word)) {
            found(at + 1, format!("`{word}`: finish it, or file it where work is planned"));
        }
        for path in MACHINE_PATHS.iter().filter(|path| holds_path(line, path)) {
            found(at + 1, format!("`{path}` exists on one machine only"));
        }
    }
}

/// Checks a Rust file.
pub(super) fn check_source(source: &Source<'_>, findings: &mut Vec<Finding>) {
    let file = source.file;
    let mut found =
        |line: usize, problem: String| findings.push(Finding { path: file.path.clone(), line, problem });
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        found(0, format!("{lines} lines, at most {LINES_MAX}: split it by what it does"));
    }
    if file.path.ends_with("/mod.rs") {
        found(0, "name the file after the module: `foo.rs` beside `foo/`".to_owned());
    }
    if let Err(problem) = first_sentence(&file.text) {
        found(1, problem);
    }
    for (at, line) in source.code.iter().enumerate() {
        if let Some(name) =
            declared_type(line).filter(|name| EMPTY_TYPE_ENDINGS.iter().any(|end| name.ends_with(end)))
        {
            found(
                at + 1,
                format!("`{name}`: name the type after what it is, not after its role in a pattern"),
            );
        }
        if let Some(attribute) = line.trim_start().strip_prefix("#") {
            let attribute = attribute.trim_start_matches('!');
            for (word, instead) in
                HIDING.iter().filter(|(word, _)| attribute.starts_with('[') && holds(attribute, word))
            {
                found(at + 1, format!("`{word}`: {instead}"));
            }
        }
    }
}

/// The file begins with `//!` and a sentence of at most fifteen words.
fn first_sentence(text: &str) -> Result<(), String> {
    let doc: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim).collect();
    let paragraph = doc.split(|line| line.is_empty()).next().unwrap_or_default().join(" ");
    if paragraph.is_empty() {
        return Err("begin with `//!` and one sentence that says what this file is".to_owned());
    }
    let mut words = 0_usize;
    for word in paragraph.split_whitespace() {
        words += usize::from(word.chars().any(char::is_alphanumeric));
        if word.trim_end_matches(['`', ')', '"', '*']).ends_with(['.', '!', '?']) {
            break;
        }
    }
    if words > FIRST_SENTENCE_WORDS_MAX {
        return Err(format!("the first sentence has {words} words, at most {FIRST_SENTENCE_WORDS_MAX}"));
    }
    Ok(())
}

/// The name after `struct`, `enum`, `trait`, `union` or a top-level `type`.
fn declared_type(line: &str) -> Option<&str> {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    // An associated type is named by the trait, not by us.
    let indented = line.starts_with(' ');
    words.find(|word| {
        matches!(*word, "struct" | "enum" | "trait" | "union") || (*word == "type" && !indented)
    })?;
    words.next()
}

fn holds_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        // `https://example.com/home/` is an address, not a folder of a machine.
        !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "_-}./".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let file = TextFile { path: path.to_owned(), text: text.to_owned() };
        let mut findings = Vec::new();
        check_text(&file, &mut findings);
        if let Some(source) = Source::of(&file) {
            check_source(&source, &mut findings);
        }
        findings.iter().map(|finding| format!("{}: {}", finding.line, finding.problem)).collect()
    }

    #[track_caller]
    fn one(path: &str, text: &str, begins: &str) {
        let problems = problems(path, text);
        assert!(problems.len() == 1 && problems[0].starts_with(begins), "{begins}: {problems:?}");
    }

    #[test]
    fn a_good_file_has_no_findings() {
        let text = "//! `POST /v1/apps/{app}/orders`: record an order, then ask the platform to open it.\n\
                    //! A second sentence may be as long as it needs to be, because only the first one is a title.\n\
                    use x::Y;\n// allow(this) and `#[ignore]` in a comment are fine\nimpl Y {\n    type Service = Z;\n}\n\
                    #[expect(lint, reason = \"because\")]\nfn allow() { ignore(\"#[allow(x)]\") }\n";
        assert_eq!(problems("crates/server/src/good.rs", text), Vec::<String>::new());
    }

    #[test]
    fn the_first_sentence_is_there_and_short() {
        one("a.rs", "fn f() {}\n", "1: begin with");
        one("a.rs", "//!\n//! Late.\n", "1: begin with");
        let long = "//! One two three four five six seven eight\n//! nine ten eleven twelve thirteen fourteen fifteen sixteen.\n";
        one("a.rs", long, "1: the first sentence has 16 words");
        assert!(problems("a.rs", &long.replace("eight", "eight.")).is_empty());
        assert!(problems("a.rs", &long.replace("sixteen.", "- `...`")).is_empty(), "a dash is no word");
    }

    #[test]
    fn long_files_and_old_module_files_are_named() {
        one("a.rs", &format!("//! Long.\n{}", "\n".repeat(500)), "0: 501 lines");
        assert!(problems("a.rs", &format!("//! Long.\n{}", "\n".repeat(499))).is_empty());
        one("crates/x/src/y/mod.rs", "//! Y.\n", "0: name the file");
    }

    #[test]
    fn empty_names_are_named() {
        one("crates/x/src/utils.rs", "//! X.\n", "0: `utils.rs` says nothing");
        one("docs/common/x.md", "x", "0: `common` says nothing");
        one("a.rs", "//! X.\npub(crate) struct OrderManager;\n", "2: `OrderManager`");
        one("a.rs", "//! X.\npub type RefundHandler = ();\n", "2: `RefundHandler`");
    }

    #[test]
    fn attributes_that_hide_are_named() {
        one("a.rs", "//! X.\n#[allow(dead_code)]\nfn f() {}\n", "2: `allow`");
        one("a.rs", "//! X.\n#![allow(dead_code)]\nfn f() {}\n", "2: `allow`");
        one("a.rs", "//! X.\n#[cfg_attr(test, allow(dead_code))]\nfn f() {}\n", "2: `allow`");
        one("a.rs", "//! X.\n    #[ignore = \"slow\"]\nfn f() {}\n", "2: `ignore`");
        one("a.rs", "//! X.\n#[should_panic]\nfn f() {}\n", "2: `should_panic`");
    }

    #[test]
    fn leftovers_and_machine_paths_are_named_in_any_text() {
        for word in LEFTOVERS {
            one("a.toml", &format!("x\n# {word} later)\n"), "2: `");
        }
        for path in MACHINE_PATHS {
            one("a.md", &format!("see `{path}x`"), "1: `");
        }
        let address = format!("https://example.com{}x and {{root}}{}", MACHINE_PATHS[2], MACHINE_PATHS[0]);
        assert!(problems("a.md", &address).is_empty());
    }
}
