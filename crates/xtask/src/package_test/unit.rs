//! The systemd unit: read, checked by systemd's own tool, and started as it says.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::debian::Debian;
use super::process::Running;
use super::sandbox;

/// systemd's own scale of exposure, from 0 to 10; a service without any sandbox has 9.6.
const EXPOSURE_MAX: f64 = 2.0;

/// The settings of the section `[Service]`.
pub(super) struct Unit {
    settings: Vec<(String, String)>,
}

impl Unit {
    /// Reads an installed unit.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).skip_while(|line| *line != "[Service]").skip(1);
        let section = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
        let pairs = section.filter_map(|line| line.split_once('='));
        Self { settings: pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect() }
    }

    fn get(&self, key: &str) -> Result<&str> {
        let found = self.settings.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str()).with_context(|| format!("the unit has no `{key}`"))
    }

    /// All values of a setting that may be given several times.
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.settings.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// What systemd says about it.
    pub(super) fn verify(&self, debian: &Debian) -> Result<()> {
        let unit = "/usr/lib/systemd/system/douyin-pay.service";
        let output = debian
            .command(&["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit])
            .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success() && !said.contains("douyin-pay.service:"),
            "systemd-analyze verify: {said}"
        );
        let said = debian.said(&["systemd-analyze", "security", "--offline=yes", "--no-pager", unit])?;
        let verdict =
            said.lines().find(|line| line.contains("Overall exposure level")).context("no verdict")?;
        let figure = verdict.split_whitespace().find_map(|word| word.parse::<f64>().ok());
        let figure = figure.with_context(|| format!("no figure in `{verdict}`"))?;
        ensure!(figure <= EXPOSURE_MAX, "{verdict}; at most {EXPOSURE_MAX}:\n{said}");
        Ok(())
    }

    /// Starts the service.
    pub(super) fn start(&self, debian: &Debian) -> Result<Running> {
        Running::start("service", &mut self.command(debian)?)
    }

    /// Starts the service, and records what it asks of the kernel.
    pub(super) fn start_recorded(&self, debian: &Debian, record: &Path) -> Result<Running> {
        Running::start("service", &mut sandbox::recorded(&self.command(debian)?, record))
    }

    /// The service as its user, in its folder, with its umask.
    fn command(&self, debian: &Debian) -> Result<Command> {
        let (user, umask) = (self.get("User")?, self.get("UMask")?);
        let state = format!("/var/lib/{}", self.get("StateDirectory")?);
        let owner = format!("{user}:{}", self.get("Group")?);
        let mode = self.get("StateDirectoryMode")?;
        debian.said(&[
            "sh",
            "-c",
            &format!("mkdir -p {state} && chown {owner} {state} && chmod {mode} {state}"),
        ])?;
        let line =
            format!("umask {umask}; cd {}; exec {}", self.get("WorkingDirectory")?, self.get("ExecStart")?);
        Ok(debian.command_as(user, &["sh", "-c", &line]))
    }

    /// How long systemd waits after asking it to stop.
    pub(super) fn stops_within(&self) -> Result<Duration> {
        let text = self.get("TimeoutStopSec")?;
        let seconds = text.trim_end_matches('s').parse().with_context(|| format!("TimeoutStopSec={text}"))?;
        Ok(Duration::from_secs(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_section_is_read() {
        let unit = Unit::parse(
            "[Unit]\nUser=a\n[Service]\n# User=b\nUser=c\nTimeoutStopSec=60s\n[Install]\nGroup=d\n",
        );
        assert_eq!(unit.get("User").unwrap(), "c");
        assert_eq!(unit.stops_within().unwrap(), Duration::from_secs(60));
        assert!(unit.get("Group").is_err());
    }
}
