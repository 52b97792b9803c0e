//! The merchant's own address: can events be posted there? Asked without posting any.

use bytes::Bytes;
use douyin_pay_env::Env;
use douyin_pay_server::config::AppConfig;
use http::Request;

use super::reach;
use super::report::{Finding, Report};

const CHECK: &str = "webhook";

/// Sends a HEAD, which nothing takes for an event. Its status says little: a route may know POST only.
pub(super) async fn check(env: &Env, app: &AppConfig, report: &mut Report) {
    let Some(webhook) = &app.webhook else { return };
    let host = reach::host(&webhook.url);
    let finding = match reach::send(env, Request::head(&webhook.url), Bytes::new()).await {
        Err(cause) => {
            let why = reach::why(&host, &cause);
            let remedy = reach::remedy_out(&cause);
            Finding::problem(
                CHECK,
                tell!("事件推送地址不通：{why}", "events cannot be delivered: {why}"),
                remedy,
            )
        }
        Ok(answer) => match (reach::location(&answer), answer.status().as_u16()) {
            (Some(to), _) => Finding::warning(
                CHECK,
                tell!(
                    "`{host}` 重定向到 `{to}`，推送不会跟随",
                    "`{host}` redirects to `{to}`; deliveries do not follow"
                ),
                tell!("把 `webhook.url` 写成最终的地址", "write the final address as `webhook.url`"),
            ),
            (None, status @ 500..) => Finding::warning(
                CHECK,
                tell!(
                    "`{host}` 能连上，但应答 HTTP {status}",
                    "`{host}` is reached, but answers HTTP {status}"
                ),
                tell!("看看商户后端的日志", "look into the log of the merchant's back end"),
            ),
            (None, status) => Finding::ok(
                CHECK,
                tell!("`{host}` 能连上（HEAD 得到 {status}）", "`{host}` is reached (HEAD gives {status})"),
            ),
        },
    };
    report.add(finding.of(&app.name));
}
