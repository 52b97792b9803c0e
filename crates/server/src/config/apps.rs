//! The mini-programs of a configuration.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use douyin_pay_ledger::System;
use douyin_pay_protocol::{AppId, NotifyUrl, Secret};

use super::build::Findings;
use super::ecpay::ecpay;
use super::limits::limits;
use super::raw::{RawApp, RawWebhook};
use super::trade::trade;
use super::{AppConfig, Surroundings, Webhook, urls};

const NAME_CHARS_MAX: usize = 32;
/// Standard Webhooks asks for 24 to 64 bytes.
const WEBHOOK_SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const SETTLE_DAYS_MAX: i64 = 365;
/// What the platform has in transit for so long goes to the seller, whoever should have shared.
const PLATFORM_SETTLES_AFTER_DAYS: i64 = 150;

pub(super) fn apps(
    raw: &[RawApp],
    public_url: Option<&str>,
    around: &Surroundings,
    found: &mut Findings,
) -> Vec<AppConfig> {
    if raw.is_empty() {
        found.problem("no `[[apps]]`: the service needs at least one; `douyin-pay config example` shows it");
    }
    unique_names(raw, found);
    let one = |(index, given): (usize, &RawApp)| app(index, given, public_url, around, found);
    raw.iter().enumerate().filter_map(one).collect()
}

/// Names, aliases and app ids must each lead to one app.
fn unique_names(raw: &[RawApp], found: &mut Findings) {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, app) in raw.iter().enumerate() {
        for name in std::iter::once(&app.name).chain(&app.aliases) {
            if !is_name(name) {
                found.problem(format!(
                    "`apps[{index}]`: the name `{name}` is not 1–{NAME_CHARS_MAX} characters of a–z 0–9 _ -; \
                     it is a part of URLs"
                ));
            }
            if let Some(other) = names.insert(name, index) {
                let other = &raw[other].name;
                found.problem(format!(
                    "`apps[{index}]`: the name or alias `{name}` is taken by app `{other}`; rename one"
                ));
            }
        }
        if let Some(other) = ids.insert(&app.app_id, &app.name) {
            found.problem(format!(
                "`apps[{index}].app_id`: `{}` belongs to app `{other}` already; \
                 one mini-program is one app (earlier names go into `aliases`)",
                app.app_id
            ));
        }
    }
}

fn is_name(name: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(allowed)
}

fn app(
    index: usize,
    raw: &RawApp,
    public_url: Option<&str>,
    around: &Surroundings,
    found: &mut Findings,
) -> Option<AppConfig> {
    let at = format!("apps[{index}]");
    let settle_after_days = settle_after_days(&at, raw, found);
    on_paid_late(&at, raw, found);
    let app_id = AppId::new(&raw.app_id).map_err(|refused| format!("`{at}.app_id`: {}", refused.problem));
    let app_id = found.take(app_id);
    let webhook = raw.webhook.as_ref().map(|given| webhook(&at, given, around, found));
    if webhook.is_none() {
        found.warn(format!(
            "app `{}` has no `webhook`: its events are only read with GET /v1/events",
            raw.name
        ));
    }
    let limits = limits(&at, raw, found);
    let notify_url =
        public_url.and_then(|base| {
            let made = NotifyUrl::new(format!("{base}/callbacks/{}", raw.name));
            found.take(made.map_err(|refused| {
                format!("`public_url` with `/callbacks/{}`: {}", raw.name, refused.problem)
            }))
        });
    let ecpay =
        raw.ecpay.as_ref().map(|given| ecpay(&format!("{at}.ecpay"), &raw.name, given, around, found));
    let trade =
        raw.trade.as_ref().map(|given| trade(&format!("{at}.trade"), &raw.name, given, around, found));
    let new_orders = found.take(new_orders(&at, raw));
    Some(AppConfig {
        name: raw.name.clone(),
        aliases: raw.aliases.clone(),
        app_id: app_id?,
        new_orders: new_orders?,
        webhook: webhook.flatten(),
        settle_after_days,
        refund_paid_late: raw.on_paid_late.as_deref() == Some("refund"),
        limits,
        ecpay: all(ecpay)?,
        trade: all(trade)?,
        notify_url: notify_url?,
    })
}

/// A section that is left out is fine; one that is given must be right.
fn all<T>(section: Option<Option<T>>) -> Option<Option<T>> {
    match section {
        None => Some(None),
        Some(read) => read.map(Some),
    }
}

/// In which system new orders are opened: the only one that is configured, or the one that is named.
fn new_orders(at: &str, raw: &RawApp) -> Result<System, String> {
    let has = |system: System| match system {
        System::Ecpay => raw.ecpay.is_some(),
        System::Trade => raw.trade.is_some(),
    };
    let named =
        match raw.new_orders.as_deref() {
            None => None,
            Some(word) => Some(word.parse::<System>().map_err(|_| {
                format!("`{at}.new_orders`: `{word}` is unknown; write \"ecpay\" or \"trade\"")
            })?),
        };
    match named {
        Some(system) if has(system) => Ok(system),
        Some(system) => Err(format!(
            "`{at}.new_orders`: \"{system}\" needs the section `[apps.{system}]`; `douyin-pay config example` shows it"
        )),
        None => System::ALL.iter().copied().find(|system| has(*system)).ok_or_else(|| {
            format!(
                "`{at}`: has neither `[apps.trade]` nor `[apps.ecpay]`; new apps need `[apps.trade]`: \
                 `douyin-pay config example` shows it"
            )
        }),
    }
}

/// After how many days orders are settled by themselves; nothing when the merchant asks.
fn settle_after_days(at: &str, raw: &RawApp, found: &mut Findings) -> Option<u16> {
    let settle = raw.settle.as_ref()?;
    match (settle.mode.as_str(), settle.days) {
        ("manual", None) => {}
        ("manual", Some(_)) => {
            found.problem(format!("`{at}.settle.days`: has no meaning with mode \"manual\"; remove it"));
        }
        ("after_days", None) => found.problem(format!(
            "`{at}.settle.days` is missing: after how many days is an order settled? write mode = \"after_days\", days = 7"
        )),
        ("after_days", Some(days @ 1..=SETTLE_DAYS_MAX)) => {
            if days > PLATFORM_SETTLES_AFTER_DAYS {
                found.warn(format!(
                    "`{at}.settle.days`: {days} days: after {PLATFORM_SETTLES_AFTER_DAYS} days the platform settles by \
                     itself, and all goes to the seller"
                ));
            }
            return u16::try_from(days).ok();
        }
        ("after_days", Some(days)) => {
            found.problem(format!("`{at}.settle.days`: {days} days; give 1 to {SETTLE_DAYS_MAX}"));
        }
        (other, _) => found.problem(format!(
            "`{at}.settle.mode`: `{other}` is unknown; write \"manual\", or \"after_days\" with days"
        )),
    }
    None
}

fn on_paid_late(at: &str, raw: &RawApp, found: &mut Findings) {
    match raw.on_paid_late.as_deref() {
        None | Some("keep" | "refund") => {}
        Some(other) => {
            found.problem(format!("`{at}.on_paid_late`: `{other}` is unknown; write \"keep\" or \"refund\""))
        }
    }
}

fn webhook(at: &str, given: &RawWebhook, around: &Surroundings, found: &mut Findings) -> Option<Webhook> {
    let url = found.take(urls::outgoing(&format!("{at}.webhook.url"), &given.url))?;
    if urls::is_open_http(&url) {
        found.warn(format!(
            "`{at}.webhook.url`: events travel over http and can be read on the way; use https"
        ));
    }
    if given.secrets.is_empty() {
        found.problem(format!(
            "`{at}.webhook.secrets`: is empty; events must be signed, give one secret or more"
        ));
    }
    let mut secrets = Vec::with_capacity(given.secrets.len());
    for (n, reference) in given.secrets.iter().enumerate() {
        let read = reference.resolve(around).and_then(|text| webhook_secret(&text));
        secrets.extend(found.take(read.map_err(|problem| format!("`{at}.webhook.secrets[{n}]`: {problem}"))));
    }
    // The URL is kept as given: a slash at its end may matter to the merchant.
    Some(Webhook { url: given.url.clone(), secrets, secrets_from: given.secrets.clone() })
}

fn webhook_secret(text: &str) -> Result<Secret, String> {
    let bad = || {
        "is not `whsec_` and base64 of 24–64 random bytes; make one, for example with \
                  `echo whsec_$(head -c 32 /dev/urandom | base64)`"
            .to_owned()
    };
    let bytes = BASE64.decode(text.strip_prefix("whsec_").ok_or_else(bad)?.as_bytes()).map_err(|_| bad())?;
    if !WEBHOOK_SECRET_BYTES.contains(&bytes.len()) {
        return Err(bad());
    }
    Secret::new(bytes).map_err(|refused| refused.problem.into_owned())
}
