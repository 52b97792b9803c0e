//! The configuration to look at, even when `config check` refuses it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use douyin_pay_server::config::{Config, load_with};
use toml::{Table, Value};

use super::report::{Finding, Report};

const CHECK: &str = "configuration";
/// Settings that doctor judges itself. When one cannot be used, another value stands in, so that the rest is seen.
const OWN: [(&str, &str, &str); 3] = [
    ("public_url", "DOUYIN_PAY_PUBLIC_URL", "https://pay.invalid"),
    ("listen", "DOUYIN_PAY_LISTEN", "127.0.0.1:1"),
    ("database", "DOUYIN_PAY_DATABASE", "sqlite://books.db"),
];

/// What is looked at.
pub(super) struct Installation {
    /// Checked, but for the settings that were replaced.
    pub(super) config: Config,
    /// The public URL as it was given, however wrong.
    pub(super) public_url: Option<String>,
    /// The file as it stands.
    pub(super) file: Table,
    /// Relative paths count from here.
    pub(super) folder: PathBuf,
    replaced: Vec<&'static str>,
}

impl Installation {
    /// Whether the setting can be used as it was given.
    pub(super) fn is_given(&self, key: &str) -> bool {
        !self.replaced.contains(&key)
    }
}

/// Reads the configuration; `None` when there is nothing to look at, which is reported.
pub(super) fn read(path: &Path, report: &mut Report) -> Option<Installation> {
    let file = std::fs::read_to_string(path).ok().and_then(|text| text.parse::<Table>().ok());
    let refused = match load_with(path, BTreeMap::new()) {
        Ok(config) => {
            report.add(Finding::ok(CHECK, tell!("配置文件可用", "the configuration is usable")));
            warnings(&config, report);
            return Some(installation(path, config, file.unwrap_or_default(), Vec::new()));
        }
        Err(refused) => refused,
    };
    let of_key = |key: &str, problem: &str| problem.starts_with(&format!("`{key}`"));
    let bad = |(key, _, _): &&(&str, &str, &str)| refused.problems().iter().any(|text| of_key(key, text));
    let replaced: Vec<_> = OWN.iter().filter(bad).collect();
    let values = replaced.iter().map(|(_, name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if let (Some(file), Ok(config)) = (file, load_with(path, values)) {
        let replaced: Vec<_> = replaced.iter().map(|(key, _, _)| *key).collect();
        for key in replaced.iter().filter(|key| **key != "public_url") {
            let said = refused.problems().iter().filter(|problem| of_key(key, problem));
            let check = if *key == "listen" { "port" } else { "database" };
            said.for_each(|problem| report.add(refusal(check, problem, path)));
        }
        warnings(&config, report);
        return Some(installation(path, config, file, replaced));
    }
    for problem in refused.problems() {
        report.add(refusal(CHECK, problem, path));
    }
    None
}

fn installation(path: &Path, config: Config, file: Table, replaced: Vec<&'static str>) -> Installation {
    let given = std::env::var("DOUYIN_PAY_PUBLIC_URL").ok();
    let given = given.or_else(|| file.get("public_url").and_then(Value::as_str).map(ToOwned::to_owned));
    let folder = path.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
    Installation { config, public_url: given, file, folder, replaced }
}

/// A problem as the configuration's own check words it, next step included.
fn refusal(check: &'static str, problem: &str, path: &Path) -> Finding {
    let shown = path.display();
    let variable = problem.contains("environment variable");
    let remedy = if variable {
        tell!(
            "在运行 doctor 的环境里也设置这个变量（systemd 的 EnvironmentFile 只对服务本身有效），再用 `douyin-pay config check --config {shown}` 复查",
            "set the variable where doctor runs, too (systemd's EnvironmentFile reaches only the service), then look again with `douyin-pay config check --config {shown}`"
        )
    } else {
        tell!(
            "改正后用 `douyin-pay config check --config {shown}` 复查",
            "mend it, then look again with `douyin-pay config check --config {shown}`"
        )
    };
    Finding::problem(check, tell!("配置有误：{problem}", "the configuration is refused: {problem}"), remedy)
}

/// What the configuration's check warns of, but for what `salt_and_token` says better.
fn warnings(config: &Config, report: &mut Report) {
    let of_secrets =
        |text: &&String| !text.contains("does not look like a") && !text.contains("equals the salt");
    for text in config.warnings().iter().filter(of_secrets) {
        report.add(Finding::warning(
            CHECK,
            tell!("配置提醒：{text}", "{text}"),
            tell!("若是有意为之，可以不管", "if it is meant so, leave it"),
        ));
    }
}
