//! What the tests need of the machine, and how Debian gets it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::Ending;
use crate::command::Line;

/// One thing that must be on the machine.
struct Need {
    /// How its presence is seen.
    sign: Sign,
    /// The Debian package that brings it.
    package: &'static str,
    /// Why we need it.
    why: &'static str,
}

/// How the presence of something is seen.
#[derive(Clone, Copy)]
enum Sign {
    /// A program in `PATH`.
    Program(&'static str),
    /// One of these files. Looked for on Linux only.
    Files(&'static [&'static str]),
    /// A program that can do this: the command ends well.
    Ability(&'static str, &'static [&'static str]),
}

const NEEDS: &[Need] = &[
    Need { sign: Sign::Program("cc"), package: "gcc", why: "links Rust; compiles SQLite and aws-lc from C" },
    Need {
        sign: Sign::Files(&["/usr/include/stdio.h", "/usr/include/stdlib.h"]),
        package: "libc6-dev",
        why: "C headers for SQLite and aws-lc",
    },
    Need {
        sign: Sign::Files(&[
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/cert.pem",
        ]),
        package: "ca-certificates",
        why: "the HTTPS client refuses to start without trusted roots",
    },
    Need {
        sign: Sign::Program("chromium"),
        package: "chromium",
        why: "the demo shop is tested in a real browser",
    },
    Need { sign: Sign::Program("chromedriver"), package: "chromium-driver", why: "drives that browser" },
    Need {
        sign: Sign::Files(&[
            "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
            "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        ]),
        package: "fonts-wqy-zenhei",
        why: "Chinese in the pictures of the pages",
    },
    Need { sign: Sign::Program("curl"), package: "curl", why: "runs the commands that the demo shop shows" },
    Need {
        sign: Sign::Program("openssl"),
        package: "openssl",
        why: "signs and verifies beside us; makes the wrong keys that must be named",
    },
    Need { sign: Sign::Program("php"), package: "php-cli", why: "runs the example shop in PHP" },
    Need {
        sign: Sign::Ability("php", &["-r", "exit(extension_loaded('curl') ? 0 : 1);"]),
        package: "php-curl",
        why: "HTTP for the example shop in PHP",
    },
    Need { sign: Sign::Program("node"), package: "nodejs", why: "runs the example shop in Node.js" },
    Need { sign: Sign::Program("python3"), package: "python3", why: "runs the example shop in Python" },
];

/// What the test of the packages needs besides.
const PACKAGE_NEEDS: &[Need] = &[
    Need {
        sign: Sign::Files(&["/usr/sbin/debootstrap"]),
        package: "debootstrap",
        why: "makes the Debian root that the package is installed in",
    },
    Need {
        sign: Sign::Program("strace"),
        package: "strace",
        why: "records what the service asks of the kernel, to compare it with the unit's sandbox",
    },
];

/// Installs what is missing on Debian as root; elsewhere names it. Fails when installing fails.
pub(crate) fn provide(folder: &Path) -> Result<Ending> {
    provide_these(NEEDS, folder)
}

/// The same for the test of the packages.
pub(crate) fn provide_for_packages(folder: &Path) -> Result<Ending> {
    provide_these(PACKAGE_NEEDS, folder)
}

fn provide_these(needs: &[Need], folder: &Path) -> Result<Ending> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !present(need.sign)).collect();
    if missing.is_empty() {
        return Ok(Ending::Good);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if !is_debian_root() {
        eprintln!("Missing on this machine (names of Debian packages):");
        for need in missing {
            eprintln!("  {:<16} {}", need.package, need.why);
        }
        eprintln!(
            "Install them, for example: apt-get install --no-install-recommends {}",
            packages.join(" ")
        );
        return Ok(Ending::Missing);
    }
    println!("installing {}", packages.join(" "));
    let apt = |words: &str| Line::new(words).with("DEBIAN_FRONTEND", "noninteractive").quiet().run(folder);
    apt("apt-get update")?;
    apt(&format!("apt-get install -y --no-install-recommends {}", packages.join(" ")))?;
    match missing.iter().find(|need| !present(need.sign)) {
        Some(need) => bail!("`{}` is installed and still something of it is not found", need.package),
        None => Ok(Ending::Good),
    }
}

fn present(sign: Sign) -> bool {
    match sign {
        Sign::Program(name) => in_path(name),
        Sign::Files(any_of) => {
            !cfg!(target_os = "linux") || any_of.iter().any(|file| Path::new(file).exists())
        }
        Sign::Ability(program, words) => able(program, words),
    }
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn able(program: &str, words: &[&str]) -> bool {
    let output = Command::new(program).args(words).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}

/// Whether packages can be installed, and roots be entered.
pub(crate) fn is_debian_root() -> bool {
    Path::new("/etc/debian_version").exists() && user_id().is_ok_and(|id| id == 0)
}

fn user_id() -> Result<u32> {
    let output = Command::new("id").arg("-u").output().context("cannot start `id`")?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_is_seen_by_program_or_file() {
        assert!(present(Sign::Program("cargo")));
        assert!(!present(Sign::Program("no-such-program-at-all")));
        assert!(present(Sign::Ability("cargo", &["--version"])));
        assert!(!present(Sign::Ability("cargo", &["no-such-command-at-all"])));
        assert!(!present(Sign::Ability("no-such-program-at-all", &[])));
        if cfg!(target_os = "linux") {
            assert!(present(Sign::Files(&["/no/such/file", "/etc/passwd"])));
            assert!(!present(Sign::Files(&["/no/such/file"])));
        }
    }

    #[test]
    fn each_need_names_one_package_and_a_reason() {
        for need in NEEDS.iter().chain(PACKAGE_NEEDS) {
            assert!(!need.package.contains(' ') && !need.why.is_empty(), "{}", need.package);
        }
    }
}
