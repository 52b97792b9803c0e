//! Rules for documents: the map stays short, links lead somewhere.

use super::Finding;
use super::tree::{TextFile, Tree};

const MAP: &str = "ARCHITECTURE.md";
const MAP_LINES_MAX: usize = 150;

/// Checks all Markdown files.
pub(super) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    for file in tree.files().filter(|file| file.path.ends_with(".md")) {
        check_links(tree, file, findings);
        let lines = file.text.lines().count();
        if file.path == MAP && lines > MAP_LINES_MAX {
            let problem =
                format!("{lines} lines, at most {MAP_LINES_MAX}: a map names things, it does not tell them");
            findings.push(Finding { path: file.path.clone(), line: 0, problem });
        }
    }
}

fn check_links(tree: &Tree, file: &TextFile, findings: &mut Vec<Finding>) {
    let mut in_code = false;
    for (at, line) in file.text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for target in targets(line) {
            let to = target.split(['#', '?']).next().unwrap_or(target);
            if to.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let there = resolve(&file.path, to).is_some_and(|path| path.is_empty() || tree.has(&path));
            if !there {
                let problem = format!("the link `{target}` leads nowhere");
                findings.push(Finding { path: file.path.clone(), line: at + 1, problem });
            }
        }
    }
}

/// What a line links to, in Markdown and in HTML; not inside `code`.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, shut) in [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"'), ("href=\"", '"')] {
        for (at, _) in line.match_indices(open) {
            let in_code = line[..at].matches('`').count() % 2 == 1 && line[at..].contains('`');
            let rest = &line[at + open.len()..];
            if let Some(end) = rest.find(shut).filter(|_| !in_code) {
                found
                    .push(rest[..end].split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']));
            }
        }
    }
    found
}

/// The path a link means, seen from the file that holds it; `None` when it leaves the repository.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        let mut findings = Vec::new();
        check(&Tree::of(files), &mut findings);
        findings.iter().map(Finding::to_string).collect()
    }

    #[test]
    fn links_to_files_folders_anchors_and_the_web_are_good() {
        let text = "[a](../README.md#top) [b](https://example.com/x) [c](#here) ![d](images/flow.svg \"title\")\n\
                    <img src=\"images/flow.svg\"> [root](/README.md) [folder](images/) `[x](nowhere)`\n\
                    ```\n[y](nowhere)\n```\n";
        assert_eq!(
            problems(&[("docs/a.md", text), ("README.md", "[docs](docs)"), ("docs/images/flow.svg", "")]),
            [""; 0]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        assert_eq!(problems(&[("a.md", "x\n[a](b.md#c)")]), ["a.md:2: the link `b.md#c` leads nowhere"]);
        assert_eq!(problems(&[("a.md", "<img src=\"x.svg\">")]).len(), 1);
        assert_eq!(problems(&[("a.md", "[up](../x.md)")]).len(), 1);
    }

    #[test]
    fn the_map_stays_short() {
        assert_eq!(problems(&[(MAP, &"\n".repeat(150))]), [""; 0]);
        assert_eq!(problems(&[(MAP, &"\n".repeat(151))]).len(), 1);
    }
}
