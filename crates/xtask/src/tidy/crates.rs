//! Rules for manifests: which crate may use which, and why each dependency is there.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Finding;
use super::tree::{TextFile, Tree};

/// Where each external dependency has its reason.
const REASONS: &str = "docs/decisions/0002-dependencies.md";

/// Our crates by folder: what each may use, and what its tests may use besides.
const MAY_USE: &[(&str, &[&str], &[&str])] = &[
    ("protocol", &[], &[]),
    ("env", &["douyin-pay-protocol"], &[]),
    ("ledger", &["douyin-pay-protocol"], &[]),
    ("mock", &["douyin-pay-protocol", "douyin-pay-env"], &[]),
    ("sdk", &["douyin-pay-protocol", "douyin-pay-env"], &["douyin-pay-mock"]),
    (
        "server",
        &["douyin-pay-protocol", "douyin-pay-env", "douyin-pay-ledger", "douyin-pay"],
        &["douyin-pay-mock"],
    ),
    (
        "cli",
        &[
            "douyin-pay-protocol",
            "douyin-pay-env",
            "douyin-pay-ledger",
            "douyin-pay",
            "douyin-pay-server",
            "douyin-pay-mock",
        ],
        &[],
    ),
    ("xtask", &[], &[]),
];

/// Crates that measure and simulate the whole: they may use everything but each other.
const MAY_USE_ALL: &[&str] = &["sim", "bench"];

/// Checks the manifests of all crates and the root.
pub(super) fn check(tree: &Tree, findings: &mut Vec<Finding>) {
    let mut external = BTreeSet::new();
    for file in tree.files().filter(|file| is_manifest(&file.path)) {
        match file.text.parse::<Table>() {
            Ok(manifest) => {
                check_crate(file, &manifest, findings);
                external.extend(
                    dependencies(&manifest).into_iter().filter(|used| !used.ours).map(|used| used.name),
                );
            }
            Err(problem) => {
                findings.push(Finding { path: file.path.clone(), line: 0, problem: problem.to_string() })
            }
        }
    }
    check_reasons(tree, &external, findings);
}

fn is_manifest(path: &str) -> bool {
    path == "Cargo.toml" || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
}

fn check_crate(file: &TextFile, manifest: &Table, findings: &mut Vec<Finding>) {
    let Some(folder) = file.path.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml"))
    else {
        return;
    };
    let mut found = |problem: String| findings.push(Finding { path: file.path.clone(), line: 0, problem });
    let inherits = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
    if inherits != Some(true) {
        found("take the lints of the workspace: `[lints] workspace = true`".to_owned());
    }
    if MAY_USE_ALL.contains(&folder) {
        return;
    }
    let Some((_, may_use, tests_may_use)) = MAY_USE.iter().find(|(name, _, _)| *name == folder) else {
        found("a new crate needs a second user and a line in tidy's table of directions".to_owned());
        return;
    };
    for used in dependencies(manifest).iter().filter(|used| used.ours) {
        let allowed = may_use.contains(&used.name.as_str())
            || (used.for_tests && tests_may_use.contains(&used.name.as_str()));
        if !allowed {
            found(format!(
                "`{folder}` must not depend on `{}`: dependencies point downwards only",
                used.name
            ));
        }
    }
}

/// One entry of a dependency table.
struct Used {
    name: String,
    ours: bool,
    for_tests: bool,
}

/// All entries of all dependency tables of a manifest, those for one platform included.
fn dependencies(manifest: &Table) -> Vec<Used> {
    let mut used = Vec::new();
    let tables = |table: &Table, used: &mut Vec<Used>| {
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for (name, value) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
                let name = value.get("package").and_then(Value::as_str).unwrap_or(name).to_owned();
                let ours = name == "douyin-pay" || name.starts_with("douyin-pay-") || name == "xtask";
                used.push(Used { name, ours, for_tests: section == "dev-dependencies" });
            }
        }
    };
    tables(manifest, &mut used);
    if let Some(workspace) = manifest.get("workspace").and_then(Value::as_table) {
        tables(workspace, &mut used);
    }
    for target in manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
        if let Some(target) = target.as_table() {
            tables(target, &mut used);
        }
    }
    used
}

/// Each external dependency has a row with a reason, and each row a dependency.
fn check_reasons(tree: &Tree, external: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    let mut found = |problem: String| findings.push(Finding { path: REASONS.to_owned(), line: 0, problem });
    let Some(reasons) = tree.get(REASONS) else {
        if !external.is_empty() {
            found("is missing: it gives the reason for each external dependency".to_owned());
        }
        return;
    };
    let rows = named_with_reason(&reasons.text);
    for name in external.difference(&rows) {
        found(format!("`{name}` has no row with a reason"));
    }
    for name in rows.difference(external) {
        found(format!("`{name}` has a row and is not used any more"));
    }
}

/// The names in the first column of a table whose second column is not empty.
fn named_with_reason(markdown: &str) -> BTreeSet<String> {
    let rows = markdown.lines().filter_map(|line| line.trim().strip_prefix('|')?.split_once('|'));
    rows.filter(|(_, reason)| reason.chars().any(char::is_alphabetic))
        .flat_map(|(names, _)| names.split('`').skip(1).step_by(2).map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        let mut findings = Vec::new();
        check(&Tree::of(files), &mut findings);
        findings.iter().map(|finding| format!("{}: {}", finding.path, finding.problem)).collect()
    }

    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn manifest(body: &str) -> String {
        format!("{body}\n{LINTS}")
    }

    #[test]
    fn dependencies_point_downwards_only() {
        let cases = [
            ("mock", "[dependencies]\ndouyin-pay.workspace = true", false),
            ("mock", "[dev-dependencies]\ndouyin-pay-ledger = { path = \"../ledger\" }", false),
            ("mock", "[dependencies]\ndouyin-pay-protocol.workspace = true", true),
            ("protocol", "[dependencies]\ndouyin-pay-env.workspace = true", false),
            ("ledger", "[target.'cfg(unix)'.dependencies]\ndouyin-pay-env.workspace = true", false),
            ("sdk", "[dev-dependencies]\ndouyin-pay-mock.workspace = true", true),
            ("sdk", "[dependencies]\ndouyin-pay-mock.workspace = true", false),
            (
                "server",
                "[dependencies]\nother = { package = \"douyin-pay-mock\", path = \"../mock\" }",
                false,
            ),
            ("sim", "[dependencies]\ndouyin-pay-mock.workspace = true", true),
            ("novelty", "", false),
        ];
        for (folder, body, good) in cases {
            let path = format!("crates/{folder}/Cargo.toml");
            let problems = problems(&[(&path, &manifest(body))]);
            assert_eq!(problems.is_empty(), good, "{folder}: {body}: {problems:?}");
        }
    }

    #[test]
    fn every_crate_takes_the_lints() {
        let problems = problems(&[("crates/cli/Cargo.toml", "[package]\nname = \"x\"\n")]);
        assert!(problems.len() == 1 && problems[0].contains("[lints]"), "{problems:?}");
    }

    #[test]
    fn each_external_dependency_has_a_reason_and_each_reason_a_dependency() {
        let root = (
            "Cargo.toml",
            "[workspace.dependencies]\nserde = \"1\"\nbytes = \"1\"\ndouyin-pay = { path = \"x\" }\n",
        );
        let table = "| what | why |\n|---|---|\n| `serde`, `gone` | reads JSON |\n| `bytes` | |\n";
        assert_eq!(
            problems(&[root, (REASONS, table)]),
            [
                format!("{REASONS}: `bytes` has no row with a reason"),
                format!("{REASONS}: `gone` has a row and is not used any more"),
            ]
        );
        assert_eq!(problems(&[root]).len(), 1);
    }
}
