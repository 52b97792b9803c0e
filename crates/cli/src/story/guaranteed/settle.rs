//! The settlement, and what is left to settle after it.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;

use super::Plot;
use crate::lang::say;
use crate::story::telling::{hear, money, state, yuan};
use crate::story::{SHARE_RECEIVER, Stage};

const SECOND: Duration = Duration::from_secs(1);
/// The platform settles at the earliest seven days after the payment.
const SETTLEMENT_PERIOD: Duration = Duration::from_secs(7 * 24 * 3600);

pub(in crate::story) async fn settle(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    stage.time.pass(SETTLEMENT_PERIOD + SECOND).await?;
    stage.say(say("七天后（结算周期 T+7）", "seven days later (settlement period T+7)"));
    let shares = match plot.share_fen {
        0 => json!([]),
        fen => json!([{ "merchant_uid": SHARE_RECEIVER, "amount_fen": fen }]),
    };
    let ask = json!({ "out_settle_no": plot.settle_no(), "description": "结算与分账", "shares": shares });
    let path = format!("orders/{}/settlements", plot.order_no());
    let settlement = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!(
        "{} {} {} {} → {}",
        say("结算", "settle "),
        plot.settle_no(),
        say("分账", "share"),
        yuan(plot.share_fen),
        state(&settlement),
    ));
    let event = hear(stage, "settlement.succeeded", &plot.order_no()).await?;
    let settlement = &event["data"]["settlement"];
    stage.say(format!(
        "{} settlement.succeeded {} {} {} {}",
        say("事件送达", "event heard"),
        say("结算", "settled"),
        money(settlement, "settle_amount_fen"),
        say("手续费", "fee"),
        money(settlement, "rake_fen"),
    ));
    Ok(())
}

/// After the only settlement nothing is left, here and at the platform.
pub(super) async fn settleable(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let path = format!("orders/{}/settleable?query=now", plot.order_no());
    let left = stage.ask("GET", &path, None).await?;
    ensure!(
        left["settleable_fen"] == 0 && left["basis"] == "platform",
        "after the final settlement something is left: {left}"
    );
    stage.say(format!("{} {}", say("平台确认可结算", "the platform confirms: left to settle"), yuan(0)));
    Ok(())
}
