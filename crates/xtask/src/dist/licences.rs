//! The names, licences and notices of the libraries inside the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::said_by;

/// Beginnings of names of files that carry terms, in lower case.
const TERMS: &[&str] = &["license", "licence", "copying", "copyright", "notice", "unlicense"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// None for what is linked; else "build" or "dev".
    kind: Option<String>,
}

/// A list of the libraries, then each text of terms once, with those it belongs to.
pub(super) fn text(root: &Path) -> Result<String> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut command = Command::new("cargo");
    command.args(["metadata", "--locked", "--format-version", "1", "--filter-platform", &platform]);
    let metadata: Metadata = serde_json::from_str(&said_by(command.current_dir(root))?)?;
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut page =
        "Libraries inside the binary of douyin-pay, their licences, then their terms and notices.\n\n"
            .to_owned();
    for package in linked(&metadata)? {
        let (name, version) = (&package.name, &package.version);
        writeln!(page, "{name} {version}: {}", package.license.as_deref().unwrap_or("see below"))?;
        for text in terms_of(package)? {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    let mut texts: Vec<(String, Vec<String>)> = texts.into_iter().collect();
    texts.sort_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
    for (text, owners) in texts {
        write!(page, "\n{}\n{}:\n\n{}\n", "=".repeat(80), owners.join(", "), text.trim_end())?;
    }
    Ok(page)
}

/// What the binary links, without what only built it; sorted.
fn linked(metadata: &Metadata) -> Result<Vec<&Package>> {
    let nodes: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let ours = metadata.packages.iter().find(|package| package.name == "douyin-pay-cli");
    let mut waiting = vec![ours.context("the workspace has no `douyin-pay-cli`")?.id.as_str()];
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let edges = nodes.get(id).map(|node| node.deps.as_slice()).unwrap_or_default();
        let kept = edges.iter().filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()));
        waiting.extend(kept.map(|edge| edge.pkg.as_str()));
    }
    let foreign = |package: &&Package| package.source.is_some() && seen.contains(package.id.as_str());
    let mut packages: Vec<&Package> = metadata.packages.iter().filter(foreign).collect();
    packages.sort_by_key(|package| (&package.name, &package.version));
    Ok(packages)
}

/// The texts beside the manifest.
fn terms_of(package: &Package) -> Result<Vec<String>> {
    let folder = package.manifest_path.parent().context("a manifest is in a folder")?;
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_file() && TERMS.iter().any(|word| name.starts_with(word)) {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    let read = |path: PathBuf| Ok(String::from_utf8_lossy(&std::fs::read(path)?).replace("\r\n", "\n"));
    paths.into_iter().map(read).collect()
}
