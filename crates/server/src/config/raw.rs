//! The shape of the TOML file, before its values are checked.

use std::collections::BTreeMap;

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format, Toml};
use serde::Deserialize;

use super::secrets::SecretRef;
use super::{ConfigError, Surroundings, nearest};

/// Environment variables with this prefix override plain settings; `__` separates levels.
const PREFIX: &str = "DOUYIN_PAY_";
/// The settings that a variable may override.
const OVERRIDABLE: [&str; 9] = [
    "listen",
    "public_url",
    "database",
    "retention.callbacks_days",
    "retention.api_log_days",
    "retention.bills_days",
    "log.format",
    "log.filter",
    "dev.follow_clock",
];
/// Variables of the same prefix that belong to the command line.
const NOT_SETTINGS: [&str; 8] = ["app", "config", "lang", "api_key", "key", "url", "server", "seed"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub(super) listen: Option<String>,
    pub(super) public_url: Option<String>,
    pub(super) database: Option<String>,
    #[serde(default)]
    pub(super) api_keys: Vec<RawKey>,
    #[serde(default)]
    pub(super) apps: Vec<RawApp>,
    #[serde(default)]
    pub(super) retention: RawRetention,
    #[serde(default)]
    pub(super) log: RawLog,
    #[serde(default)]
    pub(super) dev: RawDev,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKey {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) apps: Option<Vec<String>>,
    pub(super) sha256: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApp {
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    pub(super) app_id: String,
    pub(super) new_orders: Option<String>,
    pub(super) webhook: Option<RawWebhook>,
    pub(super) settle: Option<RawSettle>,
    pub(super) on_paid_late: Option<String>,
    #[serde(default)]
    pub(super) limits: BTreeMap<String, i64>,
    pub(super) ecpay: Option<RawEcpay>,
    pub(super) trade: Option<RawTrade>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWebhook {
    pub(super) url: String,
    pub(super) secrets: Vec<SecretRef>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSettle {
    pub(super) mode: String,
    pub(super) days: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEcpay {
    pub(super) platform: String,
    pub(super) salt: SecretRef,
    pub(super) callback_tokens: Vec<SecretRef>,
    pub(super) thirdparty_id: Option<String>,
    pub(super) provider_salt: Option<SecretRef>,
    pub(super) app_secret: Option<SecretRef>,
    pub(super) order_push: Option<bool>,
    #[serde(default)]
    pub(super) push_defaults: RawPush,
}

/// What is pushed of an order whose request does not say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPush {
    pub(super) detail_url: Option<String>,
    pub(super) image: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrade {
    pub(super) platform: String,
    pub(super) app_secret: SecretRef,
    pub(super) private_key: SecretRef,
    pub(super) key_version: String,
    pub(super) platform_public_keys: Vec<SecretRef>,
    pub(super) token: Option<String>,
    #[serde(default)]
    pub(super) sku_defaults: RawSku,
    pub(super) entry: Option<RawEntry>,
    pub(super) refund_entry: Option<RawEntry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSku {
    #[serde(rename = "type")]
    pub(super) kind: Option<i64>,
    pub(super) tag_group_id: Option<String>,
    pub(super) image: Option<String>,
}

/// A page of the mini-program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEntry {
    pub(super) path: String,
    pub(super) params: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRetention {
    pub(super) callbacks_days: Option<i64>,
    pub(super) api_log_days: Option<i64>,
    pub(super) bills_days: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    pub(super) format: Option<String>,
    pub(super) filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDev {
    pub(super) follow_clock: Option<String>,
}

/// Reads the text and the overriding variables; also says which variables look mistyped.
pub(super) fn read(text: &str, around: &Surroundings) -> Result<(RawConfig, Vec<String>), ConfigError> {
    let mut figment = Figment::new().merge(Toml::string(text));
    let mut warnings = Vec::new();
    for (name, value) in &around.variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let key = rest.to_lowercase().replace("__", ".");
        if OVERRIDABLE.contains(&key.as_str()) {
            figment = match value.parse::<i64>() {
                Ok(number) => figment.merge((key, number)),
                Err(_) => figment.merge((key, value.clone())),
            };
        } else if let Some(meant) = nearest(&key, OVERRIDABLE)
            && !NOT_SETTINGS.contains(&key.as_str())
        {
            let meant = meant.to_uppercase().replace('.', "__");
            warnings.push(format!(
                "the environment variable `{name}` is not a setting and is ignored; did you mean `{PREFIX}{meant}`?"
            ));
        }
    }
    let raw = figment.extract().map_err(|refused| ConfigError {
        problems: refused.into_iter().map(|problem| describe(&problem)).collect(),
    })?;
    Ok((raw, warnings))
}

/// One problem of the shape, as a sentence that names the key.
fn describe(problem: &figment::Error) -> String {
    let place = place(&problem.path);
    match &problem.kind {
        Kind::UnknownField(name, known) => {
            // The path ends with the unknown key itself.
            let inside = place.strip_suffix(name.as_str()).unwrap_or(&place).trim_end_matches('.');
            let place = if inside.is_empty() { String::new() } else { format!(" in `{inside}`") };
            let hint = match nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            format!("unknown key `{name}`{place}; {hint}")
        }
        Kind::MissingField(name) => {
            let place = if place.is_empty() { "the file".to_owned() } else { format!("`{place}`") };
            format!("`{name}` is missing in {place}; `douyin-pay config example` shows it")
        }
        Kind::InvalidType(found, expected) => {
            format!("`{place}`: found {}, expected {expected}", without_value(found))
        }
        // A syntax error has no path and brings its own line and column.
        other if place.is_empty() => other.to_string(),
        other => format!("`{place}`: {other}"),
    }
}

/// What kind of value was found; the value itself may be a secret in the wrong place.
fn without_value(found: &figment::error::Actual) -> &'static str {
    use figment::error::Actual;
    match found {
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) => "an integer",
        Actual::Float(_) => "a number with decimals",
        Actual::Char(_) | Actual::Str(_) => "a text",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        _ => "something else",
    }
}

/// `apps.0.ecpay` as `apps[0].ecpay`.
fn place(path: &[String]) -> String {
    let mut place = String::new();
    for part in path {
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            place.push_str(&format!("[{part}]"));
        } else {
            if !place.is_empty() {
                place.push('.');
            }
            place.push_str(part);
        }
    }
    place
}
