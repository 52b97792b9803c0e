//! From the file's shape to a checked configuration: all problems at once.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use super::nearest;
use super::raw::{RawConfig, RawKey, RawLog, RawRetention};
use super::{
    Config, ConfigError, Database, LogConfig, PlatformChoice, Retention, Surroundings, apps, raw, urls,
};
use crate::api_key::{ApiKey, Role};

const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
const CALLBACKS_DAYS: u32 = 400;
const API_LOG_DAYS: u32 = 30;
const BILLS_DAYS: u32 = 400;
const DAYS_MAX: i64 = 36_500;

/// Problems and warnings found so far.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) problems: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Findings {
    pub(super) fn problem(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
    }

    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// The value, or nothing and the problem noted.
    pub(super) fn take<T>(&mut self, checked: Result<T, String>) -> Option<T> {
        checked.map_err(|problem| self.problem(problem)).ok()
    }
}

pub(super) fn build(text: &str, around: &Surroundings) -> Result<Config, ConfigError> {
    let (raw, warnings) = raw::read(text, around)?;
    let mut found = Findings { problems: Vec::new(), warnings };
    let listen = found.take(listen(raw.listen.as_deref()));
    let public_url = found.take(urls::public_url(raw.public_url.as_deref()));
    let database = found.take(database(raw.database.as_deref(), around));
    let retention = retention(&raw.retention, &mut found);
    let log = log(&raw.log, &mut found);
    let apps = apps::apps(&raw.apps, public_url.as_deref(), around, &mut found);
    let api_keys = api_keys(&raw, &mut found);
    let follow_clock = follow_clock(raw.dev.follow_clock.as_deref(), &apps, &mut found);
    match (listen, public_url, database) {
        (Some(listen), Some(public_url), Some(database)) if found.problems.is_empty() => Ok(Config {
            listen,
            public_url,
            database,
            api_keys,
            apps,
            retention,
            log,
            follow_clock,
            warnings: found.warnings,
        }),
        _ => Err(ConfigError { problems: found.problems }),
    }
}

fn listen(given: Option<&str>) -> Result<SocketAddr, String> {
    let text = given.unwrap_or(DEFAULT_LISTEN);
    text.parse().map_err(|_| {
        format!(
            "`listen`: `{text}` is not an address and a port; write one such as {DEFAULT_LISTEN} or [::]:8080"
        )
    })
}

fn database(given: Option<&str>, around: &Surroundings) -> Result<Database, String> {
    let Some(url) = given else {
        return Err("`database` is missing; write \"sqlite://data/douyin-pay.db\"".to_owned());
    };
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Err(
            "`database`: this version keeps its books in SQLite only; write \"sqlite://PATH\"".to_owned()
        );
    }
    match url.strip_prefix("sqlite://") {
        None => Err("`database`: is not a database URL; write \"sqlite://PATH\"".to_owned()),
        Some("" | ":memory:") => {
            Err("`database`: has no path; the books must be in a file: \"sqlite://data/douyin-pay.db\""
                .to_owned())
        }
        Some(path) => Ok(Database::Sqlite(around.folder.join(path))),
    }
}

fn retention(raw: &RawRetention, found: &mut Findings) -> Retention {
    let mut days = |key: &str, given: Option<i64>, default: u32| match given {
        None => default,
        Some(days @ 1..=DAYS_MAX) => u32::try_from(days).unwrap_or(default),
        Some(days) => {
            found.problem(format!("`retention.{key}`: {days} days; give 1 to {DAYS_MAX}"));
            default
        }
    };
    let callbacks_days = days("callbacks_days", raw.callbacks_days, CALLBACKS_DAYS);
    let api_log_days = days("api_log_days", raw.api_log_days, API_LOG_DAYS);
    let bills_days = days("bills_days", raw.bills_days, BILLS_DAYS);
    Retention { callbacks_days, api_log_days, bills_days }
}

fn log(raw: &RawLog, found: &mut Findings) -> LogConfig {
    let json = match raw.format.as_deref() {
        None | Some("text") => false,
        Some("json") => true,
        Some(other) => {
            found.problem(format!("`log.format`: `{other}` is unknown; write \"text\" or \"json\""));
            false
        }
    };
    let filter = raw.filter.clone().unwrap_or_else(|| "info".to_owned());
    if let Err(cause) = filter.parse::<tracing_subscriber::filter::Targets>() {
        found.problem(format!("`log.filter`: {cause}; write \"info\" or \"info,douyin_pay_server=debug\""));
    }
    LogConfig { json, filter }
}

fn api_keys(raw: &RawConfig, found: &mut Findings) -> Vec<ApiKey> {
    if raw.api_keys.is_empty() {
        found.warn("no `[[api_keys]]`: nobody can use the API; `douyin-pay config new-key` makes one");
    }
    let mut keys: Vec<ApiKey> = Vec::new();
    for (index, given) in raw.api_keys.iter().enumerate() {
        let key = found.take(api_key(index, given, raw));
        let Some(key) = key else { continue };
        if keys.iter().any(|known| known.name == key.name) {
            found.problem(format!("`api_keys[{index}].name`: `{}` is given twice; rename one", key.name));
        }
        if keys.iter().any(|known| known.sha256 == key.sha256) {
            found.problem(format!("`api_keys[{index}].sha256`: the same key is listed twice; remove one"));
        }
        if key.apps.is_none() && key.role <= Role::Merchant {
            found.warn(format!(
                "API key `{}` has no `apps`: it may use every app; name the ones it needs",
                key.name
            ));
        }
        keys.push(key);
    }
    keys
}

fn api_key(index: usize, given: &RawKey, raw: &RawConfig) -> Result<ApiKey, String> {
    let role =
        given.role.parse::<Role>().map_err(|problem| format!("`api_keys[{index}].role`: {problem}"))?;
    let names: BTreeSet<&str> = raw.apps.iter().map(|app| app.name.as_str()).collect();
    for app in given.apps.iter().flatten() {
        if !names.contains(app.as_str()) {
            let hint = nearest(app, names.iter().copied()).map_or_else(
                || "name an app of this file".to_owned(),
                |meant| format!("did you mean `{meant}`?"),
            );
            return Err(format!("`api_keys[{index}].apps`: there is no app `{app}`; {hint}"));
        }
    }
    let digest = data_encoding::HEXLOWER_PERMISSIVE.decode(given.sha256.as_bytes());
    let sha256 = digest.ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).ok_or_else(|| {
        format!(
            "`api_keys[{index}].sha256`: is not a SHA-256 in hex (64 digits); \
             put the hash here, never the key: `douyin-pay config new-key` prints both"
        )
    })?;
    Ok(ApiKey {
        name: given.name.clone(),
        role,
        apps: given.apps.clone().map(|apps| apps.into_iter().collect()),
        sha256,
    })
}

fn follow_clock(given: Option<&str>, apps: &[super::AppConfig], found: &mut Findings) -> Option<String> {
    let url = found.take(urls::outgoing("dev.follow_clock", given?))?;
    for app in
        apps.iter().filter(|app| app.platforms().any(|choice| !matches!(choice, PlatformChoice::Url(_))))
    {
        found.problem(format!(
            "`dev.follow_clock`: app `{}` talks to the real platform, whose time is real; remove `dev.follow_clock`",
            app.name
        ));
    }
    Some(url)
}
