//! The parts of `deny.toml` that need no network.

use anyhow::{Result, bail};
use serde::Deserialize;

use super::graph::Package;

/// What may be in the dependency graph.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    pub(super) graph: GraphPart,
    pub(super) licenses: Licenses,
    pub(super) bans: Bans,
}

#[derive(Debug, Deserialize)]
pub(super) struct GraphPart {
    /// The platforms we ship for: dependencies of others do not count.
    pub(super) targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Licenses {
    pub(super) allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Bans {
    pub(super) multiple_versions: String,
    pub(super) deny: Vec<Entry>,
    pub(super) skip: Vec<Entry>,
}

/// A crate, all of its versions or some, with the reason why it is listed.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "crate")]
    pub(super) krate: String,
    pub(super) reason: String,
    /// Crates that may use a banned one nevertheless.
    #[serde(default)]
    pub(super) wrappers: Vec<String>,
}

impl Policy {
    /// Reads the file; fails when a part is missing or an entry gives no reason.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let policy: Self = toml::from_str(text)?;
        if let Some(entry) =
            policy.bans.deny.iter().chain(&policy.bans.skip).find(|entry| entry.reason.is_empty())
        {
            bail!("`{}` has no reason", entry.krate);
        }
        Ok(policy)
    }
}

impl Entry {
    pub(super) fn spec(&self) -> Spec<'_> {
        match self.krate.split_once('@') {
            Some((name, version)) => Spec { name, version: Some(version.trim_start_matches(['=', '^'])) },
            None => Spec { name: &self.krate, version: None },
        }
    }
}

/// `name`, or `name@1.2`: the versions that begin so.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec<'a> {
    name: &'a str,
    version: Option<&'a str>,
}

impl Spec<'_> {
    pub(super) fn covers(&self, package: &Package) -> bool {
        let begins = |version: &str| {
            package
                .version
                .strip_prefix(version)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '+']))
        };
        self.name == package.name && self.version.is_none_or(begins)
    }
}

#[cfg(test)]
mod tests {
    use super::super::graph::Graph;
    use super::*;

    #[test]
    fn a_spec_covers_the_versions_that_begin_so() {
        let graph = Graph::of(&[("syn", "2.0.119", None, &[])]);
        let covers = |krate: &str| {
            let entry = Entry { krate: krate.to_owned(), reason: "x".to_owned(), wrappers: Vec::new() };
            entry.spec().covers(&graph.packages[0])
        };
        for krate in ["syn", "syn@2", "syn@2.0", "syn@=2.0.119"] {
            assert!(covers(krate), "{krate}");
        }
        for krate in ["sync", "syn@1", "syn@2.0.11", "syn@2.1"] {
            assert!(!covers(krate), "{krate}");
        }
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        let text = "graph.targets = []\nlicenses.allow = []\nbans.multiple-versions = \"deny\"\nbans.skip = []\n\
                    bans.deny = [{ crate = \"x\", reason = \"\" }]";
        assert_eq!(Policy::parse(text).unwrap_err().to_string(), "`x` has no reason");
    }
}
