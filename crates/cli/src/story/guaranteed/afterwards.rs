//! After the settlement: a share comes back, a customer is refunded.

use anyhow::ensure;
use serde_json::json;

use super::{Plot, refund_part};
use crate::lang::say;
use crate::story::telling::{hear, state, yuan};
use crate::story::{SHARE_RECEIVER, Stage};

pub(super) async fn take_back(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let ask = json!({
        "out_return_no": plot.return_no(), "merchant_uid": SHARE_RECEIVER, "amount_fen": plot.return_fen,
        "description": "分账多给了",
    });
    let path = format!("settlements/{}/returns", plot.settle_no());
    let taken = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!(
        "{} {} {} → {}",
        say("退分账", "take back"),
        plot.return_no(),
        yuan(plot.return_fen),
        state(&taken)
    ));
    let event = hear(stage, "return.succeeded", &plot.order_no()).await?;
    ensure!(
        event["data"]["return"]["amount_fen"] == plot.return_fen,
        "return.succeeded tells otherwise: {event}"
    );
    stage.say(format!("{} return.succeeded {}", say("事件送达", "event heard"), yuan(plot.return_fen)));
    Ok(())
}

/// The platform takes it out of what the seller has been settled.
pub(super) async fn refund_late(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    refund_part(stage, plot, &plot.late_refund_no(), plot.late_refund_fen, "杯子漏了").await?;
    let refund = stage.ask("GET", &format!("refunds/{}", plot.late_refund_no()), None).await?;
    ensure!(
        refund["source"] == "settled",
        "a refund after the settlement comes out of the balance: {refund}"
    );
    Ok(())
}
