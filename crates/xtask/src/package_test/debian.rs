//! A Debian root of our own: made once, copied for each test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::Line;
use crate::dist::said_by;

/// Debian keeps it outside of some users' `PATH`.
pub(super) const CHROOT: &str = "/usr/sbin/chroot";

/// What the root has besides the minimum. Changing this makes a new one.
const INCLUDED: &str = "adduser,caddy,nginx-light,openssl,systemd";

/// Making it took 40 s when it was measured.
const SECONDS_MAX: u64 = 600;

/// A root that may be spoiled.
pub(super) struct Debian {
    root: PathBuf,
}

impl Debian {
    /// A fresh copy.
    pub(super) fn fresh(place: &Path) -> Result<Self> {
        let base = base(place)?;
        let root = place.join("run");
        let debian = Self { root };
        debian.clear()?;
        said_by(Command::new("cp").args(["--archive", "--reflink=auto"]).arg(&base).arg(&debian.root))?;
        Ok(debian)
    }

    /// Throws it away.
    pub(super) fn clear(&self) -> Result<()> {
        if !self.root.exists() {
            return Ok(());
        }
        let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let here = self.root.display().to_string();
        ensure!(!mounts.contains(&here), "something is mounted below {here}: nothing of it was deleted");
        std::fs::remove_dir_all(&self.root).with_context(|| format!("cannot delete {here}"))
    }

    /// A file inside, as seen from outside.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside.trim_start_matches('/'))
    }

    /// The text of a file inside.
    pub(super) fn read(&self, inside: &str) -> Result<String> {
        std::fs::read_to_string(self.path(inside))
            .with_context(|| format!("cannot read `{inside}` of the root"))
    }

    /// A command of root inside.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(CHROOT);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C.UTF-8");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg(&self.root).args(words);
        command
    }

    /// A command of a user inside, without any privilege.
    pub(super) fn command_as(&self, user: &str, words: &[&str]) -> Command {
        let user = [format!("--reuid={user}"), format!("--regid={user}")];
        let mut all = vec!["setpriv", &user[0], &user[1], "--clear-groups", "--no-new-privs"];
        all.extend(["--bounding-set=-all", "--inh-caps=-all", "--"]);
        all.extend(words);
        self.command(&all)
    }

    /// Runs a command of root inside; what it printed.
    pub(super) fn said(&self, words: &[&str]) -> Result<String> {
        said_by(&mut self.command(words))
    }

    /// Installs a package from outside.
    pub(super) fn install(&self, deb: &Path) -> Result<String> {
        std::fs::copy(deb, self.path("package.deb"))?;
        let said = self.said(&["dpkg", "--install", "/package.deb"])?;
        std::fs::remove_file(self.path("package.deb"))?;
        Ok(said)
    }

    /// The same package with a higher version.
    pub(super) fn newer(&self, deb: &Path) -> Result<PathBuf> {
        let folder = self.root.with_file_name("newer");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        said_by(Command::new("dpkg-deb").arg("--raw-extract").arg(deb).arg(&folder))?;
        let control = folder.join("DEBIAN").join("control");
        let text = std::fs::read_to_string(&control)?;
        let newer = text.lines().map(|line| match line.strip_prefix("Version: ") {
            Some(version) => format!("Version: {version}+test\n"),
            None => format!("{line}\n"),
        });
        std::fs::write(&control, newer.collect::<String>())?;
        let path = self.root.with_file_name("newer.deb");
        said_by(
            Command::new("dpkg-deb")
                .args(["--root-owner-group", "-Znone", "--build"])
                .arg(&folder)
                .arg(&path),
        )?;
        std::fs::remove_dir_all(&folder)?;
        Ok(path)
    }

    /// All files and folders, sorted.
    pub(super) fn files(&self) -> Result<Vec<String>> {
        let said =
            said_by(Command::new("find").arg(&self.root).args(["-mindepth", "1", "-printf", "%P\\n"]))?;
        let mut files: Vec<String> = said.lines().map(str::to_owned).collect();
        files.sort_unstable();
        Ok(files)
    }
}

/// Makes the pristine root, unless there is one with the same packages.
fn base(place: &Path) -> Result<PathBuf> {
    let (base, mark) = (place.join("base"), place.join("base.packages"));
    if std::fs::read_to_string(&mark).is_ok_and(|packages| packages == INCLUDED) {
        return Ok(base);
    }
    if base.exists() {
        std::fs::remove_dir_all(&base)?;
    }
    std::fs::create_dir_all(place)?;
    let (release, mirror) = source()?;
    let words = format!("--variant=minbase --include={INCLUDED} {release} {} {mirror}", base.display());
    println!("making a Debian root ({release})");
    let debootstrap =
        Line::new(&format!("/usr/sbin/debootstrap {words}")).with("DEBIAN_FRONTEND", "noninteractive");
    debootstrap.within(SECONDS_MAX).quiet().run(place)?;
    std::fs::write(&mark, INCLUDED)?;
    Ok(base)
}

/// The host's own release, from where the host gets its packages.
fn source() -> Result<(String, String)> {
    let about = std::fs::read_to_string("/etc/os-release").context("cannot read /etc/os-release")?;
    let line = about.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let release = line.context("/etc/os-release has no VERSION_CODENAME")?.trim_matches('"').to_owned();
    let mut command = Command::new("apt-get");
    command.args(["indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"]);
    let said = said_by(&mut command)?;
    let mirror = said.lines().find_map(|line| line.strip_prefix(&format!("{release} ")));
    Ok((release, mirror.unwrap_or_default().trim().to_owned()))
}
