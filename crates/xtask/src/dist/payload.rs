//! The folder that is packed: binary, documents, completions, manual, unit, snippets.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{licences, said_by};

/// From the repository into the payload, under the same name.
const DOCUMENTS: &[&str] = &["README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// From the repository into a folder of the payload.
const SNIPPETS: &[(&str, &str)] = &[
    ("packaging/systemd/douyin-pay.service", "systemd/douyin-pay.service"),
    ("packaging/proxy/nginx.conf", "proxy/nginx.conf"),
    ("packaging/proxy/Caddyfile", "proxy/Caddyfile"),
];

/// Shells, and the file that each loads by itself.
pub(super) const COMPLETIONS: &[(&str, &str)] =
    &[("bash", "douyin-pay.bash"), ("zsh", "_douyin-pay"), ("fish", "douyin-pay.fish")];

/// Fills the folder and returns it.
pub(super) fn collect(root: &Path, binary: &Path, folder: &Path) -> Result<PathBuf> {
    let put = |from: &Path, to: &str| -> Result<()> { install(from, &folder.join(to), 0o644) };
    install(binary, &folder.join("douyin-pay"), 0o755)?;
    for name in DOCUMENTS {
        put(&root.join(name), name)?;
    }
    for (from, to) in SNIPPETS {
        put(&root.join(from), to)?;
    }
    let ask = |words: &[&str]| said_by(Command::new(binary).args(words).env("LC_ALL", "C.UTF-8"));
    write(&folder.join("douyin-pay.example.toml"), &ask(&["config", "example"])?)?;
    for (shell, name) in COMPLETIONS {
        write(&folder.join("completions").join(name), &ask(&["completions", shell])?)?;
    }
    let manual = folder.join("man");
    std::fs::create_dir_all(&manual)?;
    ask(&["man", "--to", &manual.display().to_string()])?;
    if !manual.join("douyin-pay.1").is_file() {
        bail!("`douyin-pay man` wrote no `douyin-pay.1`");
    }
    write(&folder.join("THIRD-PARTY-LICENSES.txt"), &licences::text(root)?)?;
    Ok(folder.to_owned())
}

/// Copies a file with these permissions; folders are made on the way.
pub(super) fn install(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_parent(to)?;
    std::fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    set_mode(to, mode)
}

/// Writes a file that everybody may read; folders are made on the way.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    make_parent(path)?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    set_mode(path, 0o644)
}

fn make_parent(path: &Path) -> Result<()> {
    let parent = path.parent().with_context(|| format!("{} has no folder", path.display()))?;
    std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))
}

pub(super) fn set_mode(path: &Path, mode: u32) -> Result<()> {
    let mode = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, mode).with_context(|| format!("cannot set the mode of {}", path.display()))
}
