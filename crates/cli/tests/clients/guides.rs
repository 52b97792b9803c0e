//! What the guides show is what runs: each excerpt is in the example.

use std::fs;
use std::path::Path;

use super::language::{Language, repository};

const ALL: [Language; 5] = [Language::Php, Language::Node, Language::Python, Language::Go, Language::Java];

/// How Markdown names the language of an excerpt.
const fn fence(language: Language) -> &'static str {
    match language {
        Language::Node => "js",
        other => other.name(),
    }
}

#[test]
fn excerpts_are_in_the_examples() {
    for language in ALL {
        let sources = sources(language);
        for suffix in ["md", "zh-CN.md"] {
            let guide = format!("docs/guides/{}.{suffix}", language.name());
            let text = fs::read_to_string(repository().join(&guide))
                .unwrap_or_else(|cause| panic!("{guide}: {cause}"));
            let excerpts = excerpts(&text, fence(language));
            assert!(excerpts.len() >= 4, "{guide} shows too little: {} excerpts", excerpts.len());
            for excerpt in excerpts {
                assert!(sources.contains(&excerpt), "{guide}: this is in no file of the example:\n{excerpt}");
            }
        }
    }
}

/// Both languages show the same, so that neither is forgotten when the example changes.
#[test]
fn both_languages_show_the_same_excerpts() {
    for language in ALL {
        let [english, chinese] = ["md", "zh-CN.md"].map(|suffix| {
            let guide = repository().join(format!("docs/guides/{}.{suffix}", language.name()));
            excerpts(&fs::read_to_string(guide).expect("a guide"), fence(language))
        });
        assert_eq!(english, chinese, "{}", language.name());
    }
}

/// All files of the example, joined.
fn sources(language: Language) -> String {
    let files = fs::read_dir(language.folder()).expect("the example's folder");
    let files = files.map(|file| file.expect("a file").path()).filter(|path| path.is_file());
    files.map(|path| fs::read_to_string(path).expect("UTF-8")).collect::<Vec<_>>().join("\n")
}

/// The fenced blocks that are marked with this language, as they are.
fn excerpts(markdown: &str, fence: &str) -> Vec<String> {
    let (begin, mut found) = (format!("```{fence}"), Vec::new());
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line == begin {
            let inside = lines.by_ref().take_while(|line| *line != "```");
            found.push(inside.map(|line| format!("{line}\n")).collect());
        }
    }
    found
}

/// What holds for every language is in each guide, and must not drift apart.
#[test]
fn errors_and_checks_are_the_same_in_every_guide() {
    for (suffix, from) in [("md", "## 7. "), ("zh-CN.md", "## 七、")] {
        let ends = ALL.map(|language| {
            let guide = format!("docs/guides/{}.{suffix}", language.name());
            let text = fs::read_to_string(repository().join(&guide)).expect("a guide");
            let at = text.find(from).unwrap_or_else(|| panic!("{guide} has no `{from}`"));
            text[at..].to_owned()
        });
        assert!(ends.iter().all(|end| *end == ends[0]), "the guides `*.{suffix}` differ from `{from}` on");
    }
}

/// Each code in the table of errors is one that the service gives.
#[test]
fn the_codes_of_the_table_exist() {
    let text = fs::read_to_string(repository().join("docs/guides/php.md")).expect("a guide");
    let rows =
        text.lines().skip_while(|line| !line.starts_with("## 7. ")).filter(|line| line.starts_with("| "));
    let codes: Vec<&str> = rows.filter_map(|row| row.split('|').nth(2)).flat_map(quoted).collect();
    let known = ["crates/server/src", "crates/ledger/src"].map(|folder| texts(&repository().join(folder)));
    assert!(codes.len() > 15, "{codes:?}");
    for code in codes.into_iter().filter(|code| *code != "code") {
        assert!(known.iter().any(|text| text.contains(&format!("\"{code}\""))), "nothing gives `{code}`");
    }
}

/// What is between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// All Rust files below a folder, joined.
fn texts(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.push_str(&texts(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&fs::read_to_string(&path).expect("UTF-8"));
        }
    }
    all
}
