//! Does the platform take what is signed with the salt? Asked about an order that does not exist.

use std::sync::Arc;

use douyin_pay::{Client, ClientBuilder, Platform, Retry};
use douyin_pay_env::{Env, NetError};
use douyin_pay_protocol::ecpay::{ErrNo, Meaning, QueryOrder};
use douyin_pay_protocol::{OutOrderNo, Salt};
use douyin_pay_server::config::{AppConfig, EcpayConfig, PlatformChoice, Provider};

use super::ear::{Ear, Heard};
use super::report::{Finding, Report};
use super::secrets::{SALT_AND_TOKEN, by_looks};
use super::{provider, reach};
use crate::lang::say;

pub(super) const REACHED: &str = "platform";
const SALT: &str = "wrong_salt";
const APP_ID: &str = "app_id";

/// What stands in for the two real platforms.
pub(super) struct Hosts {
    pub(super) production: Option<String>,
    pub(super) sandbox: Option<String>,
}

impl Hosts {
    pub(super) fn of(&self, choice: &PlatformChoice) -> Platform {
        let (named, instead) = match choice {
            PlatformChoice::Production => (Platform::Production, &self.production),
            PlatformChoice::Sandbox => (Platform::Sandbox, &self.sandbox),
            PlatformChoice::Url(url) => (Platform::Url(url.clone()), &None),
        };
        instead.clone().map_or(named, Platform::Url)
    }
}

/// What the platform makes of a signature.
enum Verdict {
    Accepted,
    BadSignature,
    Refused(ErrNo),
    Busy,
    NotThePlatform(Option<u16>),
    Unreachable(NetError),
}

/// Asks, and reports; gives what time the platform said it is.
pub(super) async fn check(
    env: &Env,
    app: &AppConfig,
    ecpay: &EcpayConfig,
    hosts: &Hosts,
    report: &mut Report,
) -> Option<Heard> {
    let configured = Signer { salt: &ecpay.salt, provider: ecpay.provider.as_ref(), with_its_salt: true };
    let (verdict, heard) = ask(env, app, configured, &hosts.of(&ecpay.platform)).await;
    let name = platform_name(&ecpay.platform);
    let mut add = |finding: Finding| report.add(finding.of(&app.name));
    let reached = || Finding::ok(REACHED, tell!("{name}能连上", "{name} is reached"));
    match &verdict {
        Verdict::Accepted => {
            add(reached());
            let of_provider = ecpay.provider.as_ref().is_some_and(|provider| provider.salt.is_some());
            let signs = provider::signs(of_provider);
            add(by_looks(app, ecpay, !of_provider));
            add(Finding::ok(
                SALT,
                tell!("{name}接受用{signs}签名的请求", "{name} takes what is signed with {signs}"),
            ));
            ecpay.provider.iter().for_each(|provider| add(provider::accepted(name, provider)));
        }
        Verdict::BadSignature => {
            add(reached());
            refused_salt(env, app, ecpay, hosts).await.into_iter().for_each(&mut add);
        }
        Verdict::Refused(code) => {
            add(reached());
            let (says, remedy) = (say(code.zh(), code.en()), say(code.remedy_zh(), code.remedy_en()));
            let message = tell!("{name}拒绝查询：{code}，{says}", "{name} refuses the query: {code}, {says}");
            let of_provider =
                ecpay.provider.as_ref().and_then(|provider| provider::refused(name, provider, *code));
            let check = if code.meaning() == Meaning::Config { APP_ID } else { REACHED };
            add(of_provider.unwrap_or_else(|| Finding::problem(check, message, remedy.to_owned())));
        }
        Verdict::Busy => add(Finding::warning(
            REACHED,
            tell!("{name}正忙，没有给出结论", "{name} is busy and gave no verdict"),
            tell!("稍后再运行 doctor", "run doctor again later"),
        )),
        Verdict::NotThePlatform(status) => add(not_the_platform(name, *status)),
        Verdict::Unreachable(cause) => add(not_reached(name, &host(ecpay, hosts), cause)),
    }
    if !matches!(verdict, Verdict::Accepted | Verdict::BadSignature) {
        add(by_looks(app, ecpay, false));
        add(Finding::skipped(
            SALT,
            tell!("平台没有给出结论，无法验证 `salt`", "the platform gave no verdict on `salt`"),
        ));
    }
    heard
}

/// Something answered, and it does not speak like the platform.
pub(super) fn not_the_platform(name: &str, status: Option<u16>) -> Finding {
    let status = status.map_or_else(|| "?".to_owned(), |status| status.to_string());
    Finding::problem(
        REACHED,
        tell!("应答的不是{name}（HTTP {status}）", "what answers is not {name} (HTTP {status})"),
        tell!(
            "检查 `platform` 的地址，以及出口代理是否改写了应答",
            "check the address in `platform`, and whether a proxy on the way out replaces answers"
        ),
    )
}

/// Nothing answered.
pub(super) fn not_reached(name: &str, host: &str, cause: &NetError) -> Finding {
    let why = reach::why(host, cause);
    Finding::problem(
        REACHED,
        tell!("{name}连不上：{why}", "{name} is not reached: {why}"),
        reach::remedy_out(cause),
    )
}

/// The salt is wrong. Whose is it?
async fn refused_salt(env: &Env, app: &AppConfig, ecpay: &EcpayConfig, hosts: &Hosts) -> Vec<Finding> {
    let here = hosts.of(&ecpay.platform);
    if ecpay.provider.as_ref().is_some_and(|provider| provider.salt.is_some())
        && let (Verdict::Accepted, _) = ask(env, app, Signer::alone(&ecpay.salt, ecpay), &here).await
    {
        return vec![by_looks(app, ecpay, true), provider::wants_the_apps(platform_name(&ecpay.platform))];
    }
    for token in ecpay.callback_tokens.iter().filter(|token| token.expose() != ecpay.salt.expose()) {
        let Ok(as_salt) = Salt::new(token.expose()) else { continue };
        if let (Verdict::Accepted, _) = ask(env, app, Signer::alone(&as_salt, ecpay), &here).await {
            return vec![
                Finding::problem(
                    SALT_AND_TOKEN,
                    tell!(
                        "`salt` 和 `callback_tokens` 填反了：平台接受用 `callback_tokens` 里的值签名的请求",
                        "`salt` and `callback_tokens` are swapped: the platform takes what is signed with the value in `callback_tokens`"
                    ),
                    tell!(
                        "把两者对调：控制台的 SALT 写进 `salt`，Token 写进 `callback_tokens`；这个 SALT 若曾当作 Token 填进控制台，请更换 Token",
                        "exchange them: the console's SALT belongs into `salt`, its Token into `callback_tokens`; if the SALT was ever entered as the token, change the token"
                    ),
                ),
                Finding::skipped(SALT, tell!("对调之后再查", "look again once they are exchanged")),
            ];
        }
    }
    let name = platform_name(&ecpay.platform);
    let mut found = vec![by_looks(app, ecpay, false)];
    let other = match ecpay.platform {
        PlatformChoice::Production => Some(PlatformChoice::Sandbox),
        PlatformChoice::Sandbox => Some(PlatformChoice::Production),
        PlatformChoice::Url(_) => None,
    };
    if let Some(other) = other
        && let (Verdict::Accepted, _) =
            ask(env, app, Signer::alone(&ecpay.salt, ecpay), &hosts.of(&other)).await
    {
        let of = platform_name(&other);
        let key = if other == PlatformChoice::Sandbox { "sandbox" } else { "production" };
        found.push(Finding::problem(
            SALT,
            tell!(
                "`salt` 是{of}的，而 `platform` 是{name}",
                "`salt` belongs to {of}, but `platform` is {name}"
            ),
            tell!(
                "复制{name}的 SALT；若本来就要用{of}，写 platform = \"{key}\"",
                "copy the SALT of {name}; if {of} is meant, write platform = \"{key}\""
            ),
        ));
        return found;
    }
    let (code, sentence) = (ErrNo::SIGNATURE, say(ErrNo::SIGNATURE.zh(), ErrNo::SIGNATURE.en()));
    found.push(Finding::problem(
        SALT,
        tell!("{name}不接受用 `salt` 签名的请求：{code}，{sentence}", "{name} does not take what is signed with `salt`: {code}, {sentence}"),
        tell!(
            "从控制台 → 能力 → 支付 → 支付设置重新复制这个小程序的 SALT；沙盒与正式环境的 SALT 不同",
            "copy this app's SALT again from the console: capabilities, payment, payment settings; sandbox and production have different ones"
        ),
    ));
    found
}

/// Who signs a query, and in whose name.
struct Signer<'a> {
    salt: &'a Salt,
    provider: Option<&'a Provider>,
    /// Whether the provider's own salt signs, if there is one.
    with_its_salt: bool,
}

impl<'a> Signer<'a> {
    /// This salt signs, whoever's name the call is in.
    fn alone(salt: &'a Salt, ecpay: &'a EcpayConfig) -> Self {
        Self { salt, provider: ecpay.provider.as_ref(), with_its_salt: false }
    }

    fn client(&self, app: &AppConfig) -> ClientBuilder {
        let client = Client::builder(app.app_id.clone(), self.salt.clone());
        let Some(provider) = self.provider else { return client };
        let client = client.thirdparty_id(provider.thirdparty_id.clone());
        let salt = provider.salt.iter().filter(|_| self.with_its_salt).cloned();
        salt.fold(client, ClientBuilder::provider_salt)
    }
}

/// One signed query about a number that nobody gave.
async fn ask(
    env: &Env,
    app: &AppConfig,
    signer: Signer<'_>,
    platform: &Platform,
) -> (Verdict, Option<Heard>) {
    let (ear, last) = Ear::new(env);
    let client = signer
        .client(app)
        .platform(platform.clone())
        .env(env.clone())
        .net(Arc::new(ear))
        .unpaced()
        .retry(Retry::none())
        .total_timeout(reach::WITHIN)
        .build();
    let number =
        OutOrderNo::new(format!("doctor-{}", env.random_hex(24))).expect("letters, digits and a hyphen");
    let refused = match client {
        Ok(client) => client.query_order(&QueryOrder::new(number)).await.err(),
        Err(_) => return (Verdict::NotThePlatform(None), None),
    };
    let last = last.take();
    let heard = last.as_ref().and_then(|last| last.as_ref().ok().cloned());
    let Some(refused) = refused else { return (Verdict::Accepted, heard) };
    let verdict = match (refused.platform_error().map(|answer| answer.err_no), last) {
        (Some(code), _) => match code.meaning() {
            Meaning::NotFound | Meaning::Accepted => Verdict::Accepted,
            Meaning::Signature => Verdict::BadSignature,
            Meaning::Throttled | Meaning::Internal => Verdict::Busy,
            _ => Verdict::Refused(code),
        },
        (None, Some(Err(cause))) => Verdict::Unreachable(cause),
        (None, _) => match refused.http_status() {
            Some(500..) => Verdict::Busy,
            status => Verdict::NotThePlatform(status),
        },
    };
    (verdict, heard)
}

/// What messages call it.
pub(super) fn platform_name(choice: &PlatformChoice) -> &'static str {
    match choice {
        PlatformChoice::Production => say("正式环境", "the production platform"),
        PlatformChoice::Sandbox => say("沙盒环境", "the sandbox"),
        PlatformChoice::Url(_) => say("模拟平台", "the mock platform"),
    }
}

fn host(ecpay: &EcpayConfig, hosts: &Hosts) -> String {
    match hosts.of(&ecpay.platform) {
        Platform::Production => "developer.toutiao.com".to_owned(),
        Platform::Sandbox => "open-sandbox.douyin.com".to_owned(),
        Platform::Url(url) => reach::host(&url),
    }
}
