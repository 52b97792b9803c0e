//! The keys of the general trade system, told apart by their fingerprints.

use douyin_pay_server::config::{AppConfig, TradeConfig};

use super::report::{Finding, Report};

pub(super) const APPLICATION: &str = "application_key";
pub(super) const PLATFORM: &str = "platform_key";

/// Looks at what is configured; nobody is asked.
pub(super) fn check(app: &AppConfig, trade: &TradeConfig, report: &mut Report) {
    let fingerprint = trade.private_key.public().fingerprint();
    report.add(
        Finding::ok(
            APPLICATION,
            tell!(
                "应用私钥可用（RSA 2048 位），公钥指纹 {fingerprint}",
                "the application's private key is usable (RSA, 2048 bits), its public half is {fingerprint}"
            ),
        )
        .of(&app.name),
    );
    report.add(platform_keys(trade).of(&app.name));
}

fn platform_keys(trade: &TradeConfig) -> Finding {
    let keys = &trade.platform_public_keys;
    let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
    let list: Vec<String> = keys.iter().map(|key| key.fingerprint()).collect();
    let list = list.join(", ");
    if twice {
        return Finding::warning(
            PLATFORM,
            tell!(
                "`platform_public_keys` 里有重复的公钥：{list}",
                "`platform_public_keys` has a key twice: {list}"
            ),
            tell!(
                "轮换密钥时新旧两把不同的公钥各写一次，轮换完成后删掉旧的",
                "while keys are rotated write the old and the new one, each once, and remove the old one afterwards"
            ),
        );
    }
    Finding::ok(
        PLATFORM,
        tell!(
            "平台公钥与应用公钥没有弄混，指纹 {list}；请与控制台的“平台公钥”核对",
            "the platform's public keys are not the application's own: {list}; compare with the platform's public key in the console"
        ),
    )
}
