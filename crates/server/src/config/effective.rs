//! The configuration as it is in effect, with every secret hidden.

use std::fmt::Write as _;

use douyin_pay::TokenKind;
use douyin_pay_protocol::Endpoint;

use super::{AppConfig, Config, Database, EcpayConfig, Page, PlatformChoice, TradeConfig};

pub(super) fn effective(config: &Config) -> String {
    let mut text = String::new();
    write(&mut text, config).expect("writing to a text cannot fail");
    text
}

fn write(to: &mut String, config: &Config) -> std::fmt::Result {
    let Database::Sqlite(path) = &config.database;
    writeln!(to, "listen = {:?}", config.listen.to_string())?;
    writeln!(to, "public_url = {:?}", config.public_url)?;
    writeln!(to, "database = {:?}", format!("sqlite://{}", path.display()))?;
    writeln!(to, "\n[retention]")?;
    writeln!(to, "callbacks_days = {}", config.retention.callbacks_days)?;
    writeln!(to, "api_log_days = {}", config.retention.api_log_days)?;
    writeln!(to, "bills_days = {}", config.retention.bills_days)?;
    writeln!(to, "\n[log]")?;
    writeln!(to, "format = {:?}", if config.log.json { "json" } else { "text" })?;
    writeln!(to, "filter = {:?}", config.log.filter)?;
    if let Some(url) = &config.follow_clock {
        writeln!(to, "\n[dev]\nfollow_clock = {url:?}")?;
    }
    for key in &config.api_keys {
        writeln!(to, "\n[[api_keys]]\nname = {:?}\nrole = {:?}", key.name, key.role.as_str())?;
        if let Some(apps) = &key.apps {
            writeln!(to, "apps = {apps:?}", apps = apps.iter().collect::<Vec<_>>())?;
        }
        writeln!(to, "sha256 = {:?}", data_encoding::HEXLOWER.encode(&key.sha256))?;
    }
    config.apps.iter().try_for_each(|app| write_app(to, app))
}

fn write_app(to: &mut String, app: &AppConfig) -> std::fmt::Result {
    writeln!(to, "\n[[apps]]\nname = {:?}", app.name)?;
    if !app.aliases.is_empty() {
        writeln!(to, "aliases = {:?}", app.aliases)?;
    }
    writeln!(to, "app_id = {:?}", app.app_id.as_str())?;
    writeln!(to, "new_orders = {:?}", app.new_orders.as_str())?;
    if let Some(webhook) = &app.webhook {
        let secrets: Vec<_> = webhook.secrets_from.iter().map(ToString::to_string).collect();
        writeln!(
            to,
            "webhook = {{ url = {:?}, secrets = [{}] }}  # hidden",
            webhook.url,
            secrets.join(", ")
        )?;
    }
    match app.settle_after_days {
        None => writeln!(to, "settle = {{ mode = \"manual\" }}")?,
        Some(days) => writeln!(to, "settle = {{ mode = \"after_days\", days = {days} }}")?,
    }
    let on_paid_late = if app.refund_paid_late { "refund" } else { "keep" };
    writeln!(to, "on_paid_late = {on_paid_late:?}")?;
    let limits: Vec<_> = Endpoint::all()
        .filter_map(|endpoint| {
            let used = matches!(endpoint, Endpoint::Ecpay(_)) && app.ecpay.is_some();
            let limit = app.limits.get(&endpoint).copied();
            let limit = limit.or_else(|| endpoint.default_limit_per_s().filter(|_| used))?;
            Some(format!("{endpoint} = {limit}"))
        })
        .collect();
    writeln!(to, "limits = {{ {} }}", limits.join(", "))?;
    if let Some(ecpay) = &app.ecpay {
        write_ecpay(to, ecpay)?;
    }
    if let Some(trade) = &app.trade {
        write_trade(to, trade)?;
    }
    writeln!(to, "# callbacks arrive at {}", app.notify_url)
}

fn write_ecpay(to: &mut String, ecpay: &EcpayConfig) -> std::fmt::Result {
    let tokens: Vec<_> = ecpay.tokens_from.iter().map(ToString::to_string).collect();
    writeln!(to, "\n[apps.ecpay]\nplatform = {:?}", platform(&ecpay.platform))?;
    writeln!(to, "salt = {}  # hidden", ecpay.salt_from)?;
    writeln!(to, "callback_tokens = [{}]  # hidden", tokens.join(", "))?;
    if let Some(provider) = &ecpay.provider {
        writeln!(to, "thirdparty_id = {:?}", provider.thirdparty_id.as_str())?;
        if let Some(from) = &provider.salt_from {
            writeln!(to, "provider_salt = {from}  # hidden")?;
        }
    }
    if let Some(from) = &ecpay.secret_from {
        writeln!(to, "app_secret = {from}  # hidden")?;
    }
    writeln!(to, "order_push = {}", ecpay.order_push.is_some())?;
    let Some(defaults) = &ecpay.order_push else { return Ok(()) };
    let page = defaults.detail_url.as_ref().map(|page| format!("detail_url = {page:?}"));
    let image = defaults.image.as_ref().map(|url| format!("image = {url:?}"));
    let defaults: Vec<_> = page.into_iter().chain(image).collect();
    writeln!(to, "push_defaults = {{ {} }}", defaults.join(", "))
}

fn write_trade(to: &mut String, trade: &TradeConfig) -> std::fmt::Result {
    let keys: Vec<_> = trade.public_keys_from.iter().map(ToString::to_string).collect();
    writeln!(to, "\n[apps.trade]\nplatform = {:?}", platform(&trade.platform))?;
    writeln!(to, "app_secret = {}  # hidden", trade.secret_from)?;
    let own = trade.private_key.public().fingerprint();
    writeln!(to, "private_key = {}  # hidden; its public key begins with {own}", trade.key_from)?;
    writeln!(to, "key_version = {:?}", trade.key_version.as_str())?;
    writeln!(to, "platform_public_keys = [{}]", keys.join(", "))?;
    for key in &trade.platform_public_keys {
        writeln!(to, "# a callback is taken when the key {} fits", key.fingerprint())?;
    }
    let token = match trade.token {
        TokenKind::Client => "client",
        TokenKind::Stable => "stable",
    };
    writeln!(to, "token = {token:?}")?;
    let sku = &trade.sku_defaults;
    let kind = sku.product_type.map(|kind| format!("type = {}", kind.get()));
    let tag = sku.tag_group_id.as_ref().map(|id| format!("tag_group_id = {:?}", id.as_str()));
    let image = sku.image.as_ref().map(|url| format!("image = {:?}", url.as_str()));
    let defaults: Vec<_> = kind.into_iter().chain(tag).chain(image).collect();
    writeln!(to, "sku_defaults = {{ {} }}", defaults.join(", "))?;
    write_page(to, "entry", &trade.entry)?;
    write_page(to, "refund_entry", &trade.refund_entry)
}

fn write_page(to: &mut String, key: &str, page: &Page) -> std::fmt::Result {
    match &page.params {
        Some(params) => writeln!(to, "{key} = {{ path = {:?}, params = {params:?} }}", page.path),
        None => writeln!(to, "{key} = {{ path = {:?} }}", page.path),
    }
}

fn platform(choice: &PlatformChoice) -> &str {
    match choice {
        PlatformChoice::Production => "production",
        PlatformChoice::Sandbox => "sandbox",
        PlatformChoice::Url(url) => url,
    }
}
