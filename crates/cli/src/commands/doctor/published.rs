//! The addresses that must be published in the console, or the platform calls nobody.

use douyin_pay_server::config::{AppConfig, PlatformChoice, TradeConfig};

use super::report::{Finding, Report};

const CHECK: &str = "published_addresses";

/// Says what must be there; only the console knows whether it is.
pub(super) fn check(base: &str, app: &AppConfig, trade: &TradeConfig, report: &mut Report) {
    if matches!(trade.platform, PlatformChoice::Url(_)) {
        return;
    }
    let url = format!("{base}/callbacks/{}", app.name);
    report.add(
        Finding::skipped(
            CHECK,
            tell!(
                "只有控制台知道。请在 能力 → 解决方案 →「交易类小程序通用」确认 `{url}` 已填入支付消息、退款消息、结算消息和退款扩展点，并已发布上线；没有发布的，平台不会回调，订单里的地址也不起作用",
                "only the console knows. See that `{url}` is written there (capabilities, solutions, general trade) for the payment, refund and settle \
                 messages and the refund extension point, and is published; without it the platform calls nobody, and the address inside an order has no effect"
            ),
        )
        .of(&app.name),
    );
}
