//! What the running service asked of the kernel, beside what its unit allows.
//!
//! No systemd runs where the package is tested, so nothing enforces the unit's sandbox there. The calls are recorded instead:
//! a dependency that one day needs another call must fail here, not on a customer's server.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::debian::Debian;
use super::unit::Unit;

/// Where the service may write, besides its own folder by relative paths.
const WRITES: &[&str] = &["/var/lib/douyin-pay/", "/dev/null"];

/// Puts a recorder before a command. The command stays the child that gets signals: the recorder steps aside.
pub(super) fn recorded(command: &Command, to: &Path) -> Command {
    let mut recorder = Command::new("strace");
    recorder
        .args(["-D", "-f", "-qq", "-s", "200", "-o"])
        .arg(to)
        .arg(command.get_program())
        .args(command.get_args());
    recorder.env_clear();
    for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        recorder.env(name, value);
    }
    recorder
}

/// Compares the record with the unit.
pub(super) fn compare(record: &Path, unit: &Unit, debian: &Debian) -> Result<()> {
    let text = String::from_utf8_lossy(&std::fs::read(record)?).into_owned();
    // Before it is itself, the process is the shell and the tool that take its privileges away.
    let mine = text.find("execve(\"/usr/bin/douyin-pay\"").context("the service was not recorded")?;
    let calls: Vec<&str> = text[mine..].lines().skip(1).filter_map(call_of).collect();
    ensure!(calls.len() > 1000, "only {} calls were recorded", calls.len());
    let refused = refused(unit, debian)?;
    for call in &calls {
        let name = call.split('(').next().unwrap_or_default();
        ensure!(
            !refused(name),
            "the unit's SystemCallFilter refuses `{name}`, and the service needs it: {call}"
        );
        ensure!(!(call.contains("PROT_WRITE|PROT_EXEC")), "MemoryDenyWriteExecute refuses {call}");
        if let Some(family) = call.strip_prefix("socket(") {
            let family = family.split(',').next().unwrap_or_default();
            let families = unit.all("RestrictAddressFamilies").collect::<Vec<_>>().join(" ");
            ensure!(families.split(' ').any(|one| one == family), "RestrictAddressFamilies refuses {call}");
        }
        if let Some(path) = opened_for_writing(call) {
            let allowed = !path.starts_with('/') || WRITES.iter().any(|place| path.starts_with(place));
            ensure!(allowed, "ProtectSystem=strict refuses {call}");
        }
    }
    Ok(())
}

/// Says of a call's name whether the unit's filters refuse it: the last line that names it decides.
fn refused(unit: &Unit, debian: &Debian) -> Result<impl Fn(&str) -> bool> {
    let mut allowed = BTreeSet::new();
    for line in unit.all("SystemCallFilter") {
        let (line, deny) = line.strip_prefix('~').map_or((line, false), |line| (line, true));
        for word in line.split_whitespace() {
            for name in names_in(word, debian)? {
                if deny {
                    allowed.remove(&name)
                } else {
                    allowed.insert(name)
                };
            }
        }
    }
    // systemd always allows these: without them nothing starts.
    allowed.extend(names_in("@default", debian)?);
    Ok(move |name: &str| !allowed.contains(name))
}

/// The calls in a group, and in the groups inside; a plain name is itself.
fn names_in(word: &str, debian: &Debian) -> Result<Vec<String>> {
    if !word.starts_with('@') {
        return Ok(vec![word.to_owned()]);
    }
    let said = debian.said(&["systemd-analyze", "syscall-filter", "--no-pager", word])?;
    let mut names = Vec::new();
    for line in
        said.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty() && *line != word)
    {
        names.extend(names_in(line, debian)?);
    }
    Ok(names)
}

/// The call in a line such as `123 openat(…) = 3`; none in lines about signals and ends.
fn call_of(line: &str) -> Option<&str> {
    let call = line.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let name = call.split('(').next()?;
    let whole =
        name.len() < call.len() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    whole.then_some(call)
}

fn opened_for_writing(call: &str) -> Option<&str> {
    let rest = call.strip_prefix("openat(AT_FDCWD, \"").or_else(|| call.strip_prefix("open(\""))?;
    let (path, flags) = rest.split_once('"')?;
    ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| flags.contains(flag)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_from_other_lines() {
        assert_eq!(
            call_of("15  openat(AT_FDCWD, \"x\", O_RDONLY) = 3"),
            Some("openat(AT_FDCWD, \"x\", O_RDONLY) = 3")
        );
        for other in [
            "15  +++ exited with 0 +++",
            "15  --- SIGTERM {si_signo=SIGTERM} ---",
            "15  <... read resumed>) = 1",
        ] {
            assert_eq!(call_of(other), None, "{other}");
        }
    }

    #[test]
    fn only_what_may_write_counts() {
        assert_eq!(opened_for_writing("openat(AT_FDCWD, \"/etc/x\", O_RDONLY) = 3"), None);
        assert_eq!(
            opened_for_writing("openat(AT_FDCWD, \"/etc/x\", O_RDWR|O_CREAT, 0644) = 3"),
            Some("/etc/x")
        );
        assert_eq!(opened_for_writing("open(\"x\", O_WRONLY) = 3"), Some("x"));
    }
}
