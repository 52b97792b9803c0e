//! `cargo xtask deny`: licences, bans, duplicates and sources, without the network.
//!
//! The rules are read from `deny.toml`, the file of cargo-deny, which the public workflow runs as well:
//! only that one reaches the advisory database.

mod graph;
mod licence;
mod policy;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{Ending, tidy};
use graph::{Graph, Package};
use policy::Policy;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The chore: check the dependencies of the workspace.
pub(crate) fn run() -> Result<Ending> {
    check(&tidy::root())?;
    println!("the dependencies keep to deny.toml");
    Ok(Ending::Good)
}

/// Checks what `cargo metadata` says against `deny.toml`; fails with the number of findings.
pub(crate) fn check(folder: &Path) -> Result<()> {
    let text = std::fs::read_to_string(folder.join("deny.toml")).context("cannot read deny.toml")?;
    let policy = Policy::parse(&text).context("deny.toml")?;
    let findings = findings(&policy, &Graph::read(folder, &policy.graph.targets)?);
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        many => bail!("{many} findings"),
    }
}

fn findings(policy: &Policy, graph: &Graph) -> Vec<String> {
    let mut findings = Vec::new();
    for package in &graph.packages {
        check_licence(policy, package, &mut findings);
        check_ban(policy, graph, package, &mut findings);
        if package.source.as_deref().is_some_and(|source| source != CRATES_IO) {
            findings.push(format!(
                "{package}: comes from {}, not from crates.io",
                package.source.as_deref().unwrap_or("")
            ));
        }
    }
    check_duplicates(policy, graph, &mut findings);
    check_stale_skips(policy, graph, &mut findings);
    findings
}

fn check_licence(policy: &Policy, package: &Package, findings: &mut Vec<String>) {
    let Some(text) = &package.license else {
        findings.push(format!("{package}: names no licence"));
        return;
    };
    match licence::Expression::parse(text) {
        Ok(expression)
            if expression.holds(&|id| policy.licenses.allow.iter().any(|allowed| allowed == id)) => {}
        Ok(_) => findings.push(format!("{package}: the licence `{text}` is not among those allowed")),
        Err(problem) => findings.push(format!("{package}: the licence `{text}` cannot be read: {problem}")),
    }
}

fn check_ban(policy: &Policy, graph: &Graph, package: &Package, findings: &mut Vec<String>) {
    for ban in policy.bans.deny.iter().filter(|ban| ban.spec().covers(package)) {
        let users = graph.users(package);
        let strangers: Vec<&str> =
            users.iter().copied().filter(|user| !ban.wrappers.iter().any(|w| w == user)).collect();
        if !strangers.is_empty() || users.is_empty() {
            let (users, reason) = (strangers.join(", "), &ban.reason);
            findings.push(format!("{package}: banned ({reason}); brought in by {users}"));
        }
    }
}

fn check_duplicates(policy: &Policy, graph: &Graph, findings: &mut Vec<String>) {
    if policy.bans.multiple_versions != "deny" {
        return;
    }
    let mut by_name: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &graph.packages {
        by_name.entry(&package.name).or_default().push(package);
    }
    for (name, packages) in by_name {
        let left: Vec<&&Package> = packages
            .iter()
            .filter(|package| !policy.bans.skip.iter().any(|skip| skip.spec().covers(package)))
            .collect();
        if left.len() > 1 {
            let each = left
                .iter()
                .map(|package| format!("{} by {}", package.version, graph.users(package).join(", ")));
            findings
                .push(format!("`{name}` is there more than once: {}", each.collect::<Vec<_>>().join("; ")));
        }
    }
}

/// A skip whose crate is gone hides the next duplicate.
fn check_stale_skips(policy: &Policy, graph: &Graph, findings: &mut Vec<String>) {
    for skip in &policy.bans.skip {
        if !graph.packages.iter().any(|package| skip.spec().covers(package)) {
            findings
                .push(format!("deny.toml: the skip `{}` matches nothing any more: remove it", skip.krate));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
        [graph]
        targets = []
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        [bans]
        multiple-versions = "deny"
        deny = [{ crate = "rsa", reason = "slow" }, { crate = "lazy_static", wrappers = ["old"], reason = "std has it" }]
        skip = [{ crate = "syn@1", reason = "old macros" }]
    "#;

    /// name, version, licence, source, users
    type Row<'a> = (&'a str, &'a str, Option<&'a str>, &'a [&'a str]);

    fn problems(rows: &[Row<'_>]) -> Vec<String> {
        let mut rows = rows.to_vec();
        rows.push(("syn", "1.0.1", Some("MIT"), &["old"]));
        findings(&Policy::parse(POLICY).unwrap(), &Graph::of(&rows))
    }

    #[test]
    fn licences_must_be_allowed() {
        assert_eq!(problems(&[("a", "1.0.0", Some("GPL-3.0 OR MIT"), &[])]), [""; 0]);
        assert_eq!(
            problems(&[("a", "1.0.0", Some("GPL-3.0"), &[])]),
            ["a 1.0.0: the licence `GPL-3.0` is not among those allowed"]
        );
        assert_eq!(problems(&[("a", "1.0.0", None, &[])]), ["a 1.0.0: names no licence"]);
    }

    #[test]
    fn banned_crates_are_named_with_their_users() {
        assert_eq!(
            problems(&[("rsa", "0.9.0", Some("MIT"), &["jwt"])]),
            ["rsa 0.9.0: banned (slow); brought in by jwt"]
        );
        assert_eq!(problems(&[("lazy_static", "1.5.0", Some("MIT"), &["old"])]), [""; 0]);
        assert_eq!(problems(&[("lazy_static", "1.5.0", Some("MIT"), &["old", "new"])]).len(), 1);
    }

    #[test]
    fn duplicates_need_a_skip_and_skips_need_a_duplicate() {
        assert_eq!(problems(&[("syn", "2.0.0", Some("MIT"), &[])]), [""; 0]);
        let twice = problems(&[("b", "1.0.0", Some("MIT"), &["x"]), ("b", "2.0.0", Some("MIT"), &["y"])]);
        assert_eq!(twice, ["`b` is there more than once: 1.0.0 by x; 2.0.0 by y"]);
        let stale = findings(&Policy::parse(POLICY).unwrap(), &Graph::of(&[]));
        assert_eq!(stale, ["deny.toml: the skip `syn@1` matches nothing any more: remove it"]);
    }

    #[test]
    fn only_the_public_registry_is_a_source() {
        let mut graph = Graph::of(&[("a", "1.0.0", Some("MIT"), &[]), ("syn", "1.0.0", Some("MIT"), &[])]);
        graph.packages[0].source = Some("git+https://example.com/a".to_owned());
        let problems = findings(&Policy::parse(POLICY).unwrap(), &graph);
        assert_eq!(problems, ["a 1.0.0: comes from git+https://example.com/a, not from crates.io"]);
    }
}
