//! The dependency graph as `cargo metadata` tells it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// All packages of the graph and who uses whom.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) packages: Vec<Package>,
    /// By id: the names of the packages that depend on it.
    users: BTreeMap<String, Vec<String>>,
}

/// One package, ours or not.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Package {
    id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    /// `None` for ours.
    pub(super) source: Option<String>,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Graph {
    /// Asks cargo, without the network; fails when a dependency was never downloaded.
    pub(super) fn read(folder: &Path, targets: &[String]) -> Result<Self> {
        let mut command = Command::new("cargo");
        command.args(["metadata", "--offline", "--locked", "--all-features", "--format-version", "1"]);
        for target in targets {
            command.args(["--filter-platform", target]);
        }
        let output = command.current_dir(folder).output().context("cannot start `cargo metadata`")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`cargo metadata --offline` failed; `cargo fetch --locked` once, with network, may mend it\n{said}"
            );
        }
        Ok(Self::from(serde_json::from_slice::<Metadata>(&output.stdout).context("`cargo metadata`")?))
    }

    /// The names of the packages that depend on this one, sorted.
    pub(super) fn users(&self, package: &Package) -> Vec<&str> {
        self.users.get(&package.id).into_iter().flatten().map(String::as_str).collect()
    }

    /// A made-up graph: name, version, licence, users.
    #[cfg(test)]
    pub(super) fn of(rows: &[(&str, &str, Option<&str>, &[&str])]) -> Self {
        let mut graph = Self::default();
        for (name, version, license, users) in rows {
            let id = format!("{name}@{version}");
            graph.users.insert(id.clone(), users.iter().map(|user| (*user).to_owned()).collect());
            let (name, version) = ((*name).to_owned(), (*version).to_owned());
            graph.packages.push(Package {
                id,
                name,
                version,
                license: license.map(str::to_owned),
                source: None,
            });
        }
        graph
    }
}

impl From<Metadata> for Graph {
    fn from(metadata: Metadata) -> Self {
        let names: BTreeMap<&str, &str> =
            metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
        let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for node in &metadata.resolve.nodes {
            let name = names.get(node.id.as_str()).copied().unwrap_or("?");
            for used in &node.dependencies {
                users.entry(used.clone()).or_default().push(name.to_owned());
            }
        }
        users.values_mut().for_each(|names| names.sort());
        Self { packages: metadata.packages, users }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_read_from_the_resolved_graph() {
        let metadata: Metadata = serde_json::from_str(
            r#"{"packages": [
                {"id": "a#1", "name": "a", "version": "1.0.0", "license": "MIT", "source": null},
                {"id": "b#1", "name": "b", "version": "1.0.0", "license": null, "source": "registry+x"}],
               "resolve": {"nodes": [
                {"id": "a#1", "dependencies": ["b#1"]},
                {"id": "b#1", "dependencies": []}]}}"#,
        )
        .unwrap();
        let graph = Graph::from(metadata);
        assert_eq!(graph.users(&graph.packages[1]), ["a"]);
        assert_eq!(graph.users(&graph.packages[0]), [""; 0]);
        assert_eq!(graph.packages[0].to_string(), "a 1.0.0");
    }
}
