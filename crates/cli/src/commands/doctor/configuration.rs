//! The configuration to look at, even when `config check` refuses it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use douyin_pay_server::config::{AppConfig, Config, load_with};
use toml::{Table, Value};

use super::report::{Finding, Report};
use super::{app_secret, key_version, trade_keys};

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

/// An app that was asked for and is not there.
pub(super) fn no_such_app(config: &Config, name: &str) -> Finding {
    let known: Vec<&str> = config.apps.iter().map(|app| app.name.as_str()).collect();
    let known = known.join(", ");
    let message = tell!("没有名为 `{name}` 的小程序", "there is no app `{name}`");
    Finding::problem(CHECK, message, tell!("可选：{known}", "choose from {known}"))
}

/// Reads the configuration; `None` when there is nothing to look at, which is reported.
pub(super) fn read(path: &Path, only: Option<&str>, report: &mut Report) -> Option<Installation> {
    let file = std::fs::read_to_string(path).ok().and_then(|text| text.parse::<Table>().ok());
    let refused = match load_with(path, BTreeMap::new()) {
        Ok(config) => {
            report.add(Finding::ok(CHECK, tell!("配置文件可用", "the configuration is usable")));
            warnings(&config, only, report);
            return Some(installation(path, config, file.unwrap_or_default(), Vec::new()));
        }
        Err(refused) => refused,
    };
    let bad = |(key, _, _): &&(&str, &str, &str)| refused.problems().iter().any(|text| of_key(key, text));
    let replaced: Vec<_> = OWN.iter().filter(bad).collect();
    let values = replaced.iter().map(|(_, name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if let (Some(file), Ok(config)) = (file, load_with(path, values)) {
        let replaced: Vec<_> = replaced.iter().map(|(key, _, _)| *key).collect();
        for key in replaced.iter().filter(|key| **key != "public_url") {
            let said = refused.problems().iter().filter(|problem| of_key(key, problem));
            said.for_each(|problem| report.add(refusal(problem, path)));
        }
        warnings(&config, only, report);
        return Some(installation(path, config, file, replaced));
    }
    for problem in refused.problems() {
        report.add(refusal(problem, path));
    }
    None
}

fn installation(path: &Path, config: Config, file: Table, replaced: Vec<&'static str>) -> Installation {
    let given = std::env::var("DOUYIN_PAY_PUBLIC_URL").ok();
    let given = given.or_else(|| file.get("public_url").and_then(Value::as_str).map(ToOwned::to_owned));
    let folder = path.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
    Installation { config, public_url: given, file, folder, replaced }
}

/// Whether the problem is about this setting.
fn of_key(key: &str, problem: &str) -> bool {
    problem.starts_with(&format!("`{key}`"))
}

/// The check that a problem of the general trade system belongs to.
fn of_trade(problem: &str) -> Option<&'static str> {
    let names = |key: &&(&str, &str)| problem.split('`').nth(1).is_some_and(|place| place.contains(key.0));
    let checks = [
        (".trade.private_key", trade_keys::APPLICATION),
        (".trade.platform_public_keys", trade_keys::PLATFORM),
        (".trade.key_version", key_version::CHECK),
        (".trade.app_secret", app_secret::SECRET),
    ];
    checks.iter().find(names).map(|(_, check)| *check)
}

/// A problem as the configuration's own check words it, next step included.
fn refusal(problem: &str, path: &Path) -> Finding {
    let own = OWN.iter().find(|(key, _, _)| of_key(key, problem));
    let check = match own.map(|(key, _, _)| *key) {
        Some("listen") => "port",
        Some(key) => key,
        None => of_trade(problem).unwrap_or(CHECK),
    };
    let shown = path.display();
    let remedy = if problem.contains("Permission denied") {
        tell!(
            "用服务的用户运行 doctor，例如 `sudo -u douyin-pay douyin-pay doctor --config {shown}`",
            "run doctor as the service's user, such as `sudo -u douyin-pay douyin-pay doctor --config {shown}`"
        )
    } else if check == trade_keys::PLATFORM {
        tell!(
            "在控制台 → 开发配置 → 密钥设置里复制“平台公钥”（不是“应用公钥”），再用 `douyin-pay config check --config {shown}` 复查",
            "copy the platform's public key (not the application's) from the console: development settings, keys; then look again with `douyin-pay config check --config {shown}`"
        )
    } else if problem.contains("environment variable") {
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

/// What the configuration's check warns of, but for what is said here or by `salt_and_token` in both languages.
fn warnings(config: &Config, only: Option<&str>, report: &mut Report) {
    const SAID_OTHERWISE: [&str; 4] =
        ["does not look like a", "equals the salt", "has no `webhook`", "no `[[api_keys]]`"];
    let fine = || tell!("若是有意为之，可以不管", "if it is meant so, leave it");
    let looked_at = |app: &&AppConfig| only.is_none_or(|name| name == app.name);
    for app in config.apps.iter().filter(looked_at).filter(|app| app.webhook.is_none()) {
        let message = tell!(
            "没有 `webhook`：事件只能用 GET /v1/events 读取",
            "has no `webhook`: its events are only read with GET /v1/events"
        );
        report.add(Finding::warning(CHECK, message, fine()).of(&app.name));
    }
    if config.api_keys.is_empty() {
        let message =
            tell!("没有 `[[api_keys]]`：谁也不能调用接口", "no `[[api_keys]]`: nobody can use the API");
        let remedy = tell!(
            "用 `douyin-pay config new-key` 生成密钥，把哈希写进配置",
            "make one with `douyin-pay config new-key` and write its hash into the configuration"
        );
        report.add(Finding::warning(CHECK, message, remedy));
    }
    let others = |text: &&String| !SAID_OTHERWISE.iter().any(|words| text.contains(words));
    for text in config.warnings().iter().filter(others) {
        report.add(Finding::warning(CHECK, tell!("配置提醒：{text}", "{text}"), fine()));
    }
}
