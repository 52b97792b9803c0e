//! `cargo xtask tidy`: checks by reading files what STYLE says is absent.

mod crates;
mod documents;
mod layout;
mod purity;
mod scan;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::Ending;
use tree::Tree;

/// One place that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// 1-based; 0 when the whole file is meant.
    line: usize,
    /// What is wrong and what to do instead.
    problem: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.problem),
            line => write!(f, "{}:{line}: {}", self.path, self.problem),
        }
    }
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("xtask lives two folders below the root").to_owned()
}

/// The chore: check the workspace.
pub(crate) fn run() -> Result<Ending> {
    check(&root())?;
    println!("tidy");
    Ok(Ending::Good)
}

/// Checks the files below `folder`; fails with the number of findings after printing each.
pub(crate) fn check(folder: &Path) -> Result<()> {
    let findings = findings(&Tree::read(folder)?);
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("1 finding"),
        many => bail!("{many} findings"),
    }
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let mut all = Vec::new();
    for file in tree.files() {
        layout::check_text(file, &mut all);
        if let Some(source) = scan::Source::of(file) {
            layout::check_source(&source, &mut all);
            purity::check(&source, &mut all);
        }
    }
    crates::check(tree, &mut all);
    documents::check(tree, &mut all);
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_come_in_order_and_name_their_place() {
        let tree = Tree::of(&[
            ("crates/protocol/src/b.rs", "//! Good.\nasync fn ask() {}\n"),
            ("crates/protocol/src/a.rs", "fn undocumented() {}\n"),
        ]);
        let shown: Vec<String> = findings(&tree).iter().map(Finding::to_string).collect();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert!(shown[0].starts_with("crates/protocol/src/a.rs:1: "), "{shown:?}");
        assert!(shown[1].starts_with("crates/protocol/src/b.rs:2: "), "{shown:?}");
    }
}
