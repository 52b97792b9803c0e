//! Does the platform know the application's key under this version? A mock is asked; else one can compare.

use bytes::Bytes;
use douyin_pay_env::{Env, UnixMs};
use douyin_pay_protocol::trade::{Nonce, REQUEST_ORDER_URI, authorize};
use douyin_pay_server::config::{AppConfig, PlatformChoice, TradeConfig};
use http::{Request, header};
use serde_json::{Value, json};

use super::reach;
use super::report::{Finding, Report};

pub(super) const CHECK: &str = "key_version";
/// What the client is told when a signature does not hold.
const SIGNATURE: &str = "签名";
/// No order can come of it, whoever signed it.
const NO_ORDER: &str = "{}";
/// All public keys of this size begin alike; from here on they differ.
const BASE64_COMMON: usize = 44;
const BASE64_SHOWN: usize = 24;

pub(super) async fn check(env: &Env, app: &AppConfig, trade: &TradeConfig, report: &mut Report) {
    let finding = match &trade.platform {
        PlatformChoice::Url(url) => ask(env, app, trade, url).await,
        PlatformChoice::Production | PlatformChoice::Sandbox => compare(trade),
    };
    report.add(finding.of(&app.name));
}

/// How a person compares the two, because the platform has no call that tells.
fn compare(trade: &TradeConfig) -> Finding {
    let version = &trade.key_version;
    let spki: String =
        trade.private_key.public().to_pem().lines().filter(|line| !line.starts_with('-')).collect();
    let part: String = spki.chars().skip(BASE64_COMMON).take(BASE64_SHOWN).collect();
    Finding::skipped(
        CHECK,
        tell!(
            "平台没有可以核对的接口。请在控制台 → 开发配置 → 密钥设置里看版本 {version} 的应用公钥：其中应有 `{part}`；若没有，换成含有它的那个版本号",
            "the platform has no call that tells. Look at the application's public key of version {version} in the console (development settings, \
             keys): it must contain `{part}`; if it does not, write the version of the one that does"
        ),
    )
}

/// Shows the mock a signature over order data that is none: it judges the signature first, and places nothing.
async fn ask(env: &Env, app: &AppConfig, trade: &TradeConfig, url: &str) -> Finding {
    let mut random = [0; 16];
    env.entropy.fill(&mut random);
    let at = mock_time(env, url).await;
    let (key, version) = (&trade.private_key, &trade.key_version);
    let nonce = Nonce::of_random(random);
    let signed =
        authorize(&app.app_id, key, version, "POST", REQUEST_ORDER_URI, NO_ORDER.as_bytes(), at, &nonce);
    let body = json!({ "data": NO_ORDER, "byteAuthorization": signed.to_string(), "open_id": "doctor" });
    let request = Request::post(format!("{}/mock/client/request_order", url.trim_end_matches('/')))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = reach::send(env, request, Bytes::from(body.to_string())).await.ok();
    let told =
        answer.and_then(|answer| serde_json::from_slice::<Value>(answer.body()).ok()).unwrap_or_default();
    match told["errMsg"].as_str() {
        Some(said) if said.contains(SIGNATURE) => {
            let why = reason(env, url, &told["errLogId"]).await;
            refused(trade, &why.unwrap_or_else(|| said.to_owned()))
        }
        Some(_) => Finding::ok(
            CHECK,
            tell!(
                "模拟平台用版本 {version} 的公钥验签通过",
                "the mock verifies with the public key of version {version}"
            ),
        ),
        None => {
            let host = reach::host(url);
            Finding::skipped(CHECK, tell!("`{host}` 没有给出结论", "`{host}` gave no verdict"))
        }
    }
}

fn refused(trade: &TradeConfig, why: &str) -> Finding {
    let version = &trade.key_version;
    Finding::problem(
        CHECK,
        tell!(
            "模拟平台不接受用 `private_key` 和版本 {version} 签名的下单数据：{why}",
            "the mock does not take order data signed with `private_key` as version {version}: {why}"
        ),
        tell!(
            "`key_version` 要写与 `private_key` 成对的那把公钥在控制台（或模拟平台的 `application_public_keys`）里的版本号",
            "write the version that the public half of `private_key` has in the console, or in the mock's `application_public_keys`"
        ),
    )
}

/// What the mock wrote down about that call.
async fn reason(env: &Env, url: &str, log_id: &Value) -> Option<String> {
    let told = get(env, &format!("{}/mock/calls", url.trim_end_matches('/'))).await?;
    let call = told["calls"].as_array()?.iter().find(|call| call["log_id"] == *log_id)?;
    call["problem"].as_str().map(str::to_owned)
}

/// A mock's clock may have been moved.
async fn mock_time(env: &Env, url: &str) -> UnixMs {
    let told = get(env, &format!("{}/mock/clock", url.trim_end_matches('/'))).await;
    told.and_then(|told| told["now"].as_i64()).map_or_else(|| env.now(), UnixMs::new)
}

async fn get(env: &Env, url: &str) -> Option<Value> {
    let answer = reach::send(env, Request::get(url), Bytes::new()).await.ok()?;
    serde_json::from_slice(answer.body()).ok()
}
