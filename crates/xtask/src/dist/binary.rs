//! The binary, linked so that it needs nothing of the machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::said_by;

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const BETWEEN_FLAGS: &str = "\u{1f}";

/// A static glibc cannot look functions up by name, which is how `getrandom` finds out about the system call. Told that it
/// is there, it needs no `/dev/urandom`, which an empty chroot has not.
const FLAGS: &[&str] = &["-Ctarget-feature=+crt-static", "--cfg=getrandom_backend=\"linux_getrandom\""];

/// Builds the binary and returns its path.
///
/// The target is named even when it is the host's: without that the flags would also reach build scripts and macros,
/// which cannot be linked so.
pub(super) fn build(root: &Path, target_folder: &Path) -> Result<PathBuf> {
    let target = target(&installed_targets()?)?;
    let status = Command::new("cargo")
        .args(["build", "--profile", "dist", "--locked", "-p", "douyin-pay-cli", "--target", &target])
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join(BETWEEN_FLAGS))
        .env("CARGO_TARGET_DIR", target_folder)
        .current_dir(root)
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("building the static binary ended with {status}");
    }
    Ok(target_folder.join(target).join("dist").join("douyin-pay"))
}

/// musl where it is installed: a smaller C library, made for this.
fn target(installed: &[String]) -> Result<String> {
    if std::env::consts::OS != "linux" {
        bail!("self-contained binaries are for Linux; this is {}", std::env::consts::OS);
    }
    let names = ["musl", "gnu"].map(|library| format!("{}-unknown-linux-{library}", std::env::consts::ARCH));
    let found = names.iter().find(|name| installed.contains(name));
    found.cloned().with_context(|| format!("none of the targets {} is installed", names.join(", ")))
}

/// The folders of standard libraries: known without rustup as well.
fn installed_targets() -> Result<Vec<String>> {
    let sysroot = said_by(Command::new("rustc").args(["--print", "sysroot"]))?;
    let folder = Path::new(sysroot.trim()).join("lib").join("rustlib");
    let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let with_library =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join("lib").is_dir());
    Ok(with_library.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn musl_is_preferred_and_one_of_both_must_be_there() {
        let name = |library: &str| format!("{}-unknown-linux-{library}", std::env::consts::ARCH);
        assert_eq!(target(&[name("gnu"), name("musl")]).unwrap(), name("musl"));
        assert_eq!(target(&[name("gnu")]).unwrap(), name("gnu"));
        assert!(target(&["wasm32-unknown-unknown".to_owned()]).is_err());
        assert!(target(&installed_targets().unwrap()).is_ok(), "the host's own is installed");
    }
}
