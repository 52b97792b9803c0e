//! The archive and the checksums: the same bytes from the same sources.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::{Release, said_by};

/// Packs the payload into `NAME.tar.gz`; the folder inside has the same name.
pub(super) fn pack(payload: &Path, release: &Release, to: &Path) -> Result<PathBuf> {
    let name = release.name();
    let tar = to.join(format!("{name}.tar"));
    let parent = payload.parent().context("the payload is in a folder")?;
    let mut command = Command::new("tar");
    command.args(["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=ustar"]);
    command.arg(format!("--mtime=@{}", release.epoch)).arg("--mode=u=rwX,go=rX").arg("--file").arg(&tar);
    said_by(command.arg("--directory").arg(parent).arg(&name))?;
    gzip(&tar)?;
    Ok(to.join(format!("{name}.tar.gz")))
}

/// Packs a file into `FILE.gz`, without its name and time.
pub(super) fn gzip(path: &Path) -> Result<()> {
    said_by(Command::new("gzip").args(["--no-name", "--best", "--force"]).arg(path)).map(drop)
}

/// Writes `SHA256SUMS` in the form that `sha256sum --check` reads.
pub(super) fn write_checksums<'a>(to: &Path, files: impl Iterator<Item = &'a PathBuf>) -> Result<()> {
    let mut text = String::new();
    for file in files {
        let name = file.file_name().context("a file has a name")?;
        let said = said_by(Command::new("sha256sum").arg(name).current_dir(to))?;
        writeln!(text, "{}", said.trim_end())?;
    }
    Ok(std::fs::write(to.join("SHA256SUMS"), text)?)
}
