//! `cargo xtask dist`: a self-contained binary, its archive and its Debian package.

mod archive;
mod binary;
mod deb;
mod licences;
mod payload;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{Ending, needs, test, tidy};

/// What was made, as paths from anywhere.
pub(crate) struct Made {
    /// The binary alone.
    pub(crate) binary: PathBuf,
    /// Binary, documents, completions, unit and proxy snippets.
    pub(crate) archive: PathBuf,
    /// None where there is no `dpkg-deb`.
    pub(crate) deb: Option<PathBuf>,
}

/// Makes everything into `--to DIR`, or else into `dist` in the target folder.
pub(crate) fn run(arguments: &[String]) -> Result<Ending> {
    let root = tidy::root();
    let to = match arguments {
        [] => None,
        [option, folder] if option == "--to" => Some(std::path::absolute(folder)?),
        _ => bail!("the only option is `--to DIR`"),
    };
    if needs::provide(&root)? != Ending::Good {
        return Ok(Ending::Missing);
    }
    let made = make(&root, to.as_deref())?;
    let folder = made.archive.parent().unwrap_or(&root);
    for path in [Some(&made.binary), Some(&made.archive), made.deb.as_ref()].into_iter().flatten() {
        println!("{}", path.display());
    }
    println!("{}", folder.join("SHA256SUMS").display());
    if made.deb.is_none() {
        eprintln!("No `dpkg-deb` on this machine, therefore no Debian package.");
    }
    Ok(Ending::Good)
}

/// Builds, collects and packs.
pub(crate) fn make(root: &Path, to: Option<&Path>) -> Result<Made> {
    let target = test::target_folder(root)?;
    let to = to.map_or_else(|| target.join("dist-static").join("out"), Path::to_owned);
    let release = Release::of(root)?;
    let binary = binary::build(root, &target.join("dist-static"))?;
    let work = target.join("dist-static").join("work");
    fresh_folder(&work)?;
    let payload = payload::collect(root, &binary, &work.join(release.name()))?;
    std::fs::create_dir_all(&to).with_context(|| format!("cannot make {}", to.display()))?;
    let archive = archive::pack(&payload, &release, &to)?;
    let deb = deb::pack(root, &payload, &release, &work.join("deb"), &to)?;
    archive::write_checksums(&to, [Some(&archive), deb.as_ref()].into_iter().flatten())?;
    Ok(Made { binary, archive, deb })
}

/// What goes into names, and the one moment that all files bear.
pub(crate) struct Release {
    /// `0.1.0`.
    pub(crate) version: String,
    /// Seconds since 1970.
    epoch: String,
}

impl Release {
    /// The workspace's version and the moment of its last commit, unless `SOURCE_DATE_EPOCH` gives another.
    pub(crate) fn of(root: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        struct Manifest {
            workspace: Workspace,
        }
        #[derive(Deserialize)]
        struct Workspace {
            package: Package,
        }
        #[derive(Deserialize)]
        struct Package {
            version: String,
        }
        let manifest: Manifest = toml::from_str(&std::fs::read_to_string(root.join("Cargo.toml"))?)?;
        let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(epoch) => epoch,
            Err(_) => said_by(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root))
                .context("set SOURCE_DATE_EPOCH where there is no git history")?,
        };
        let epoch = epoch.trim().to_owned();
        if epoch.parse::<u64>().is_err() {
            bail!("SOURCE_DATE_EPOCH: `{epoch}` is not a number of seconds");
        }
        Ok(Self { version: manifest.workspace.package.version, epoch })
    }

    fn name(&self) -> String {
        format!("douyin-pay-{}-{}", self.version, std::env::consts::ARCH)
    }
}

/// Runs to the end; what it printed.
pub(crate) fn said_by(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_owned();
    let output = command.output().with_context(|| format!("cannot start `{}`", program.display()))?;
    if !output.status.success() {
        let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
        let (said, cried) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("`{} {}` ended with {}\n{said}{cried}", program.display(), words.join(" "), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no text", program.display()))
}

fn fresh_folder(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_dir_all(path).with_context(|| format!("cannot empty {}", path.display()))?;
    }
    std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}
