//! Does the platform give an access token for guaranteed payment's `app_secret`?

use std::sync::Arc;

use douyin_pay::{Client, Error, Retry};
use douyin_pay_env::Env;
use douyin_pay_protocol::Meaning;
use douyin_pay_server::config::{AppConfig, EcpayConfig};

use super::platform::{Hosts, platform_name};
use super::reach;
use super::report::{Finding, Report};
use crate::lang::say;

const ORDER_PUSH: &str = "order_push";

/// Fetches a token when there is a secret. It ends the one before, which lives on for five minutes.
pub(super) async fn check(
    env: &Env,
    app: &AppConfig,
    ecpay: &EcpayConfig,
    hosts: &Hosts,
    report: &mut Report,
) {
    let Some(secret) = &ecpay.app_secret else { return };
    let client = Client::builder(app.app_id.clone(), ecpay.salt.clone())
        .platform(hosts.of(&ecpay.platform))
        .env(env.clone())
        .net(Arc::clone(&env.net))
        .app_secret(secret.clone())
        .unpaced()
        .retry(Retry::none())
        .total_timeout(reach::WITHIN)
        .build();
    let name = platform_name(&ecpay.platform);
    // A client that cannot be built was told of by the check of the salt.
    let Ok(client) = client else { return };
    let finding = match client.access_token().await {
        Ok(_never_shown) => Finding::ok(
            ORDER_PUSH,
            tell!("{name}按 `app_secret` 发放 access token", "{name} gives an access token for `app_secret`"),
        ),
        Err(error) => refused(name, &error),
    };
    report.add(finding.of(&app.name));
}

fn refused(name: &str, error: &Error) -> Finding {
    let code = error.platform_error().map(|answer| answer.err_no);
    match code.map(|code| (code, code.meaning())) {
        Some((code, Meaning::Config | Meaning::Parameter | Meaning::Token)) => {
            let (meaning, remedy) = (say(code.zh(), code.en()), say(code.remedy_zh(), code.remedy_en()));
            Finding::problem(
                ORDER_PUSH,
                tell!(
                    "{name}不发放 access token：{code}，{meaning}",
                    "{name} gives no access token: {code}, {meaning}"
                ),
                remedy.to_owned(),
            )
        }
        _ => Finding::skipped(
            ORDER_PUSH,
            tell!("平台没有给出结论，无法验证 `app_secret`", "the platform gave no verdict on `app_secret`"),
        ),
    }
}
