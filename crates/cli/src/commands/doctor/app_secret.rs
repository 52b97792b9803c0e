//! Does the platform give a token for app id and secret, and take it? Asked about an order that does not exist.

use std::sync::Arc;

use douyin_pay::{Error, Platform, Retry, TokenKind, TradeClient};
use douyin_pay_env::{Env, NetError};
use douyin_pay_protocol::trade::OrderQuery;
use douyin_pay_protocol::{ErrNo, Meaning, OutOrderNo};
use douyin_pay_server::config::{AppConfig, TradeConfig};

use super::ear::{Ear, Heard};
use super::platform::{Hosts, REACHED, not_reached, not_the_platform, platform_name};
use super::reach;
use super::report::{Finding, Report};
use crate::lang::say;

pub(super) const SECRET: &str = "app_secret";
const CAPABILITY: &str = "capability";

/// Asks, and reports; gives what time the platform said it is.
pub(super) async fn check(
    env: &Env,
    app: &AppConfig,
    trade: &TradeConfig,
    hosts: &Hosts,
    report: &mut Report,
) -> Option<Heard> {
    let (ear, last) = Ear::new(env);
    let client = TradeClient::builder(app.app_id.clone(), trade.app_secret.clone())
        .platform(hosts.of(&trade.platform))
        .token_kind(trade.token)
        .env(env.clone())
        .net(Arc::new(ear))
        .unpaced()
        .retry(Retry::none())
        .total_timeout(reach::WITHIN)
        .build();
    let number =
        OutOrderNo::new(format!("doctor-{}", env.random_hex(24))).expect("letters, digits and a hyphen");
    let name = platform_name(&trade.platform);
    let refused = match client {
        Ok(client) => client.order_query(&OrderQuery::by_out_order_no(number)).await.err(),
        Err(_) => {
            report.add(not_the_platform(name, None).of(&app.name));
            return None;
        }
    };
    let last = last.take();
    for finding in findings(refused.as_ref(), last.as_ref(), trade, hosts) {
        report.add(finding.of(&app.name));
    }
    last.and_then(Result::ok)
}

fn findings(
    refused: Option<&Error>,
    last: Option<&Result<Heard, NetError>>,
    trade: &TradeConfig,
    hosts: &Hosts,
) -> Vec<Finding> {
    let name = platform_name(&trade.platform);
    let reached = || {
        Finding::ok(
            REACHED,
            tell!("{name}（通用交易系统）能连上", "{name} is reached (general trade system)"),
        )
    };
    let taken = || {
        Finding::ok(
            SECRET,
            tell!("{name}按 `app_secret` 发放 access token", "{name} gives an access token for `app_secret`"),
        )
    };
    let no_verdict = || {
        Finding::skipped(
            SECRET,
            tell!("平台没有给出结论，无法验证 `app_secret`", "the platform gave no verdict on `app_secret`"),
        )
    };
    let Some(refused) = refused else { return vec![reached(), taken()] };
    let Some(code) = refused.platform_error().map(|answer| answer.err_no) else {
        return match (last, refused.http_status()) {
            (Some(Err(cause)), _) => vec![not_reached(name, &host(trade, hosts), cause), no_verdict()],
            (_, Some(500..)) => vec![busy(name), no_verdict()],
            (_, status) => vec![not_the_platform(name, status), no_verdict()],
        };
    };
    match (code.get(), code.meaning()) {
        (_, Meaning::NotFound) => vec![reached(), taken()],
        (28_001_014 | 28_001_018, _) => vec![reached(), taken(), says(CAPABILITY, name, code)],
        (_, Meaning::Throttled | Meaning::Internal) => vec![busy(name), no_verdict()],
        (_, Meaning::Token) => vec![reached(), rejected(name, trade, code)],
        (_, Meaning::Config) => vec![reached(), says(SECRET, name, code)],
        _ => vec![says(REACHED, name, code), no_verdict()],
    }
}

/// The platform's no, with our words for its code.
fn says(check: &'static str, name: &str, code: ErrNo) -> Finding {
    let (meaning, remedy) = (say(code.zh(), code.en()), say(code.remedy_zh(), code.remedy_en()));
    Finding::problem(
        check,
        tell!("{name}拒绝：{code}，{meaning}", "{name} refuses: {code}, {meaning}"),
        remedy.to_owned(),
    )
}

/// A token was given, and then not taken.
fn rejected(name: &str, trade: &TradeConfig, code: ErrNo) -> Finding {
    let message = tell!(
        "{name}发放了 access token，却不接受它（{code}）",
        "{name} gives an access token and does not take it ({code})"
    );
    let remedy = match trade.token {
        TokenKind::Stable => tell!(
            "把 `token` 改成 \"client\"：通用交易系统是否接受 stable_client_token，文档没有说",
            "write token = \"client\": the documents do not say whether the general trade system takes a stable_client_token"
        ),
        TokenKind::Client => tell!(
            "检查是否有别的程序在用同一个 app_id 不断换 token：平台只保留最新的两个",
            "see whether another program keeps fetching tokens for the same app id: the platform keeps only the two newest"
        ),
    };
    Finding::problem(SECRET, message, remedy)
}

fn busy(name: &str) -> Finding {
    Finding::warning(
        REACHED,
        tell!("{name}正忙，没有给出结论", "{name} is busy and gave no verdict"),
        tell!("稍后再运行 doctor", "run doctor again later"),
    )
}

fn host(trade: &TradeConfig, hosts: &Hosts) -> String {
    match hosts.of(&trade.platform) {
        Platform::Production => "open.douyin.com".to_owned(),
        Platform::Sandbox => "open-sandbox.douyin.com".to_owned(),
        Platform::Url(url) => reach::host(&url),
    }
}
