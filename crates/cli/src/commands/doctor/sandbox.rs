//! The sandbox and the general trade system: the documents disagree about it.

use douyin_pay_server::config::{AppConfig, PlatformChoice, TradeConfig};

use super::report::{Finding, Report};

const CHECK: &str = "sandbox";

pub(super) fn check(app: &AppConfig, trade: &TradeConfig, report: &mut Report) {
    if trade.platform != PlatformChoice::Sandbox {
        return;
    }
    report.add(
        Finding::warning(
            CHECK,
            tell!(
                "通用交易系统能否在沙盒里使用，平台的文档说法不一：能力页说可以，tt.requestOrder 的页面说不行",
                "the platform's documents disagree whether the general trade system works in the sandbox: the page of the capability says yes, the page \
                 of tt.requestOrder says no"
            ),
            tell!(
                "开发请用 `douyin-pay mock`；上线前用正式环境的小额订单验证",
                "develop against `douyin-pay mock`, and try production with a small order before going live"
            ),
        )
        .of(&app.name),
    );
}
