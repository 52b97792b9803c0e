//! The Debian package, put together without debhelper.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::archive::gzip;
use super::payload::{COMPLETIONS, install, set_mode, write};
use super::{Release, said_by};

const DOC: &str = "usr/share/doc/douyin-pay";

/// Folders of Debian where each shell looks, in the order of [`COMPLETIONS`].
const COMPLETION_FILES: [&str; 3] = [
    "usr/share/bash-completion/completions/douyin-pay",
    "usr/share/zsh/vendor-completions/_douyin-pay",
    "usr/share/fish/vendor_completions.d/douyin-pay.fish",
];

/// Scripts that dpkg runs.
const SCRIPTS: &[&str] = &["postinst", "prerm", "postrm"];

/// Packs the package; nothing where there is no `dpkg-deb`.
pub(super) fn pack(
    root: &Path,
    payload: &Path,
    release: &Release,
    stage: &Path,
    to: &Path,
) -> Result<Option<PathBuf>> {
    if Command::new("dpkg-deb").arg("--version").output().is_err() {
        return Ok(None);
    }
    let about = root.join("packaging").join("debian");
    lay_out(&about, payload, release, stage)?;
    describe(&about, release, stage)?;
    let path = to.join(format!("douyin-pay_{}_{}.deb", debian_version(release), architecture()));
    let mut command = Command::new("dpkg-deb");
    command.args(["--root-owner-group", "-Zxz", "--threads-max=1", "--build"]).arg(stage).arg(&path);
    said_by(command.env("SOURCE_DATE_EPOCH", &release.epoch))?;
    Ok(Some(path))
}

/// The files that are installed.
fn lay_out(about: &Path, payload: &Path, release: &Release, stage: &Path) -> Result<()> {
    let put = |from: &str, to: &str, mode: u32| install(&payload.join(from), &stage.join(to), mode);
    put("douyin-pay", "usr/bin/douyin-pay", 0o755)?;
    put("systemd/douyin-pay.service", "usr/lib/systemd/system/douyin-pay.service", 0o644)?;
    install(&about.join("douyin-pay.toml"), &stage.join("etc/douyin-pay/douyin-pay.toml"), 0o644)?;
    for ((_, name), to) in COMPLETIONS.iter().zip(COMPLETION_FILES) {
        put(&format!("completions/{name}"), to, 0o644)?;
    }
    for name in names_in(&payload.join("man"))? {
        let page = format!("usr/share/man/man1/{name}");
        put(&format!("man/{name}"), &page, 0o644)?;
        gzip(&stage.join(page))?;
    }
    for (from, to) in [
        ("README.md", "README.md"),
        ("README.zh-CN.md", "README.zh-CN.md"),
        ("proxy/nginx.conf", "examples/nginx.conf"),
        ("proxy/Caddyfile", "examples/Caddyfile"),
        ("douyin-pay.example.toml", "examples/douyin-pay.example.toml"),
    ] {
        put(from, &format!("{DOC}/{to}"), 0o644)?;
    }
    for (from, to) in
        [("CHANGELOG.md", "changelog"), ("THIRD-PARTY-LICENSES.txt", "THIRD-PARTY-LICENSES.txt")]
    {
        put(from, &format!("{DOC}/{to}"), 0o644)?;
        gzip(&stage.join(DOC).join(to))?;
    }
    let changelog = stage.join(DOC).join("changelog.Debian");
    write(&changelog, &debian_changelog(release)?)?;
    gzip(&changelog)?;
    let overrides = stage.join("usr/share/lintian/overrides/douyin-pay");
    install(&about.join("lintian-overrides"), &overrides, 0o644)?;
    let mit = std::fs::read_to_string(payload.join("LICENSE-MIT"))?;
    let copyright = std::fs::read_to_string(about.join("copyright"))?;
    write(&stage.join(DOC).join("copyright"), &copyright.replace("@MIT@", folded(&mit).trim_end()))
}

/// What dpkg reads about the package.
fn describe(about: &Path, release: &Release, stage: &Path) -> Result<()> {
    let files =
        said_by(Command::new("find").args([".", "-type", "f", "-printf", "%P\\n"]).current_dir(stage))?;
    let mut files: Vec<&str> = files.lines().collect();
    files.sort_unstable();
    let kilobytes = files.iter().try_fold(0, |sum, file| -> Result<u64> {
        Ok(sum + std::fs::metadata(stage.join(file))?.len().div_ceil(1024))
    })?;
    let sums = said_by(Command::new("md5sum").arg("--").args(&files).current_dir(stage))?;
    let control = std::fs::read_to_string(about.join("control"))?
        .replace("@VERSION@", &debian_version(release))
        .replace("@ARCHITECTURE@", architecture())
        .replace("@KILOBYTES@", &kilobytes.to_string());
    let debian = stage.join("DEBIAN");
    write(&debian.join("control"), &control)?;
    // Of the installed files, those of the administrator are not compared.
    let sums: String = sums.split_inclusive('\n').filter(|line| !line.contains("  etc/")).collect();
    write(&debian.join("md5sums"), &sums)?;
    install(&about.join("conffiles"), &debian.join("conffiles"), 0o644)?;
    for script in SCRIPTS {
        install(&about.join(script), &debian.join(script), 0o755)?;
    }
    let folders = said_by(Command::new("find").args([".", "-type", "d"]).current_dir(stage))?;
    folders.lines().try_for_each(|folder| set_mode(&stage.join(folder), 0o755))
}

fn debian_version(release: &Release) -> String {
    // A pre-release sorts before the release only behind a tilde.
    format!("{}-1", release.version.replacen('-', "~", 1))
}

fn debian_changelog(release: &Release) -> Result<String> {
    let at = format!("@{}", release.epoch);
    let when =
        said_by(Command::new("date").args(["--utc", "--rfc-email", "--date", &at]).env("LC_ALL", "C"))?;
    let version = debian_version(release);
    Ok(format!(
        "douyin-pay ({version}) unstable; urgency=medium\n\n  * Packaged from the project's own sources; see changelog.gz.\n\n \
         -- the douyin-pay contributors <>  {}\n",
        when.trim()
    ))
}

/// Debian's name for the machine.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// As the value of a field: indented, blank lines as dots.
fn folded(text: &str) -> String {
    text.lines()
        .map(|line| if line.trim().is_empty() { " .\n".to_owned() } else { format!(" {line}\n") })
        .collect()
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_no_blank_lines() {
        assert_eq!(folded("MIT\n\nCopyright\n"), " MIT\n .\n Copyright\n");
    }

    #[test]
    fn a_pre_release_sorts_before_the_release() {
        let version =
            |version: &str| debian_version(&Release { version: version.to_owned(), epoch: "0".to_owned() });
        assert_eq!(version("1.0.0"), "1.0.0-1");
        assert_eq!(version("1.0.0-rc-1"), "1.0.0~rc-1-1");
    }
}
