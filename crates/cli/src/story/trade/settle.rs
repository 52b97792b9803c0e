//! The settlement: asked for with a share, or by the platform itself.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{Plot, Settle, Stage};
use crate::lang::say;
use crate::story::SHARE_RECEIVER;
use crate::story::telling::{hear, hear_or_ask, money, state, yuan};

const SECOND: Duration = Duration::from_secs(1);
/// The mock's apps of the general trade system settle seven days after the payment.
const SETTLEMENT_PERIOD: Duration = Duration::from_secs(7 * 24 * 3600);

/// Settles; gives the settlement's path and the state it must end in.
pub(super) async fn settle(stage: &Stage, plot: &Plot) -> anyhow::Result<(String, &'static str)> {
    let event = match plot.settle {
        Settle::Asked { share_fen } => asked(stage, plot, share_fen).await?,
        Settle::Automatic => hear_or_ask(stage, "settlement.automatic", &plot.order_no()).await?,
    };
    let settlement = &event["data"]["settlement"];
    stage.say(format!(
        "{} {} {} {} {} {}",
        say("事件送达", "event heard"),
        event["type"].as_str().unwrap_or("?"),
        say("结算", "settled"),
        money(settlement, "settle_amount_fen"),
        say("手续费", "fee"),
        money(settlement, "rake_fen"),
    ));
    let number = settlement["out_settle_no"].as_str().context("`out_settle_no` is missing")?;
    Ok((format!("settlements/{number}"), "succeeded"))
}

async fn asked(stage: &Stage, plot: &Plot, share_fen: i64) -> anyhow::Result<Value> {
    stage.time.pass(SETTLEMENT_PERIOD + SECOND).await?;
    stage.say(say("七天后（结算周期 T+7）", "seven days later (settlement period T+7)"));
    let shares = match share_fen {
        0 => json!([]),
        fen => json!([{ "merchant_uid": SHARE_RECEIVER, "amount_fen": fen }]),
    };
    let ask = json!({ "out_settle_no": plot.settle_no(), "description": "结算与分账", "shares": shares });
    let path = format!("orders/{}/settlements", plot.order_no());
    let settlement = stage.ask("POST", &path, Some(&ask)).await?;
    ensure!(settlement["automatic"] == false, "nobody but us asked: {settlement}");
    stage.say(format!(
        "{} {} {} {} → {}",
        say("结算", "settle "),
        plot.settle_no(),
        say("分账", "share"),
        yuan(share_fen),
        state(&settlement),
    ));
    hear(stage, "settlement.succeeded", &plot.order_no()).await
}
