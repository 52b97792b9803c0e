//! The text files of the workspace, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that hold nothing of ours.
const SKIPPED_FOLDERS: &[&str] = &[".git", "target", "data", "node_modules"];

/// A larger file is data; no rule reads it.
const FILE_BYTES_MAX: u64 = 2_000_000;

/// One text file.
#[derive(Debug, Clone)]
pub(super) struct TextFile {
    /// Relative to the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

/// All text files, and the paths of everything.
#[derive(Debug, Default)]
pub(super) struct Tree {
    texts: BTreeMap<String, TextFile>,
    paths: BTreeSet<String>,
}

impl Tree {
    /// Reads the folder; fails when a file cannot be read.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.read_folder(root, "")?;
        Ok(tree)
    }

    fn read_folder(&mut self, root: &Path, folder: &str) -> Result<()> {
        let here = root.join(folder);
        for entry in std::fs::read_dir(&here).with_context(|| format!("cannot list {}", here.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                let skipped = SKIPPED_FOLDERS.contains(&name.as_str())
                    || (folder.is_empty() && name.starts_with("target"));
                if !skipped {
                    self.paths.insert(path.clone());
                    self.read_folder(root, &path)?;
                }
            } else if kind.is_file() {
                self.read_file(root, path, entry.metadata()?.len())?;
            }
        }
        Ok(())
    }

    fn read_file(&mut self, root: &Path, path: String, bytes: u64) -> Result<()> {
        self.paths.insert(path.clone());
        if bytes > FILE_BYTES_MAX || path.ends_with(".lock") {
            return Ok(());
        }
        let content = std::fs::read(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        if let Ok(text) = String::from_utf8(content) {
            self.texts.insert(path.clone(), TextFile { path, text });
        }
        Ok(())
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &TextFile> {
        self.texts.values()
    }

    pub(super) fn get(&self, path: &str) -> Option<&TextFile> {
        self.texts.get(path)
    }

    /// Whether a file or folder is there.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// A tree of made-up files.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self::default();
        for (path, text) in files {
            tree.paths.extend(Path::new(path).ancestors().filter_map(Path::to_str).map(str::to_owned));
            tree.texts
                .insert((*path).to_owned(), TextFile { path: (*path).to_owned(), text: (*text).to_owned() });
        }
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_file_is_read_and_build_output_is_not() {
        let tree = Tree::read(&super::super::root()).unwrap();
        assert!(tree.get("crates/xtask/src/tidy/tree.rs").unwrap().text.starts_with("//! The text files"));
        assert!(tree.has("crates/xtask"));
        assert!(!tree.has("target") && !tree.has(".git"));
    }
}
