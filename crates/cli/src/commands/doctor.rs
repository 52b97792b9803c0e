//! `douyin-pay doctor`: what is wrong with an installation, and the remedy.
//!
//! ```text
//! configuration ─▶ secrets ─▶ database ─▶ port ─▶ platform, clock, salt or keys and app secret ─▶ the way in ─▶ webhook
//! ```
//!
//! It changes nothing: of the platform it only asks about an order that does not exist. For the general trade system it
//! fetches an access token, and shows a mock a signature over order data that is none.

/// A text in the language of whoever reads it; both are formats of the same values.
macro_rules! tell {
    ($zh:literal, $en:literal $(,)?) => {
        match $crate::lang::Lang::current() {
            $crate::lang::Lang::Zh => format!($zh),
            $crate::lang::Lang::En => format!($en),
        }
    };
}

mod app_secret;
mod callbacks;
mod clock;
mod configuration;
mod database;
mod ear;
mod key_version;
mod order_push;
mod platform;
mod port;
mod probing;
mod provider;
mod public_url;
mod published;
mod reach;
mod report;
mod rewriting;
mod sandbox;
mod secrets;
mod trade_keys;
mod webhook;

use std::path::PathBuf;

use anyhow::Context;
use clap::Args as ClapArgs;
use douyin_pay_env::Env;
use douyin_pay_server::config::{AppConfig, Config};

use self::configuration::Installation;
use self::platform::Hosts;
use self::report::Report;
use crate::exit::Ended;
use crate::out::Form;

/// Options of `doctor`.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// 配置文件 · configuration file
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// 只检查这个小程序 · only this app
    #[arg(long, value_name = "NAME")]
    app: Option<String>,
    /// Stands in for the production platform, where that is reached another way.
    #[arg(long, hide = true, value_name = "URL")]
    production_url: Option<String>,
    /// Stands in for the sandbox.
    #[arg(long, hide = true, value_name = "URL")]
    sandbox_url: Option<String>,
}

/// Looks at everything and says what is wrong.
///
/// # Errors
/// `Failure::No` when something is wrong, `Failure::Usage` when there is no usable configuration.
pub fn run(args: Args, form: Form) -> Ended {
    let mut report = Report::new(form);
    let Some(installation) = configuration::read(&args.config, args.app.as_deref(), &mut report) else {
        return report.end(true);
    };
    let config = &installation.config;
    let named = |app: &&AppConfig| args.app.as_ref().is_none_or(|name| *name == app.name);
    let apps: Vec<&AppConfig> = config.apps.iter().filter(named).collect();
    if apps.is_empty() {
        report.add(configuration::no_such_app(config, args.app.as_deref().unwrap_or_default()));
        return report.end(true);
    }
    let hosts = Hosts { production: args.production_url, sandbox: args.sandbox_url };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(look(&installation, &apps, &hosts, &mut report));
    report.end(false)
}

async fn look(installation: &Installation, apps: &[&AppConfig], hosts: &Hosts, report: &mut Report) {
    let env = Env::real();
    let config = &installation.config;
    let callable = public_url::check(installation, apps, report);
    secrets::files(installation, report);
    if installation.is_given("database") {
        database::check(config, report);
    }
    let here = match installation.is_given("listen") {
        true => port::check(&env, config, report).await,
        false => port::Here::Unknown,
    };
    ask_platforms(&env, config, apps, hosts, report).await;
    if config.follow_clock.is_some() {
        report.add(clock::followed());
    }
    for app in apps {
        match callable {
            true => callbacks::check(&env, &config.public_url, app, here, report).await,
            false => report.add(callbacks::not_looked_at().of(&app.name)),
        }
        webhook::check(&env, app, report).await;
    }
}

/// Each platform is asked for each app; its clock is compared once.
async fn ask_platforms(env: &Env, config: &Config, apps: &[&AppConfig], hosts: &Hosts, report: &mut Report) {
    let mut clocks_seen = Vec::new();
    for app in apps {
        let mut heard = Vec::new();
        if let Some(ecpay) = &app.ecpay {
            heard.push((platform::check(env, app, ecpay, hosts, report).await, &ecpay.platform));
            order_push::check(env, app, ecpay, hosts, report).await;
        }
        if let Some(trade) = &app.trade {
            trade_keys::check(app, trade, report);
            sandbox::check(app, trade, report);
            heard.push((app_secret::check(env, app, trade, hosts, report).await, &trade.platform));
            key_version::check(env, app, trade, report).await;
            published::check(&config.public_url, app, trade, report);
        }
        for (seen, platform) in heard {
            if config.follow_clock.is_none() && !clocks_seen.contains(&platform) {
                clocks_seen.push(platform);
                clock::check(seen.as_ref(), platform, report);
            }
        }
    }
}
