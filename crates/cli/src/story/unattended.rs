//! Guaranteed payment that is settled without anybody asking: by the service, or by the platform.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::telling::{ask_again, hear_or_ask, money};
use super::{Comparison, Stage, compare_books, guaranteed};
use crate::lang::say;

/// When the money is free: seven days after the payment, and a moment.
const SETTLEMENT_PERIOD: Duration = Duration::from_secs(7 * 24 * 3600 + 60);

/// Who settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The service: `settle = { mode = "after_days", days = 7 }`.
    Service,
    /// The platform: automatic settlement in its console.
    Platform,
}

/// What happens in one telling.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Distinguishes this telling's numbers: `U-{tag}` is the tag of its order.
    pub tag: String,
    /// What the order costs, in fen.
    pub amount_fen: i64,
    /// What is refunded before the settlement, in fen; 0 leaves the refund out.
    pub refund_fen: i64,
    /// How the user pays.
    pub way: i64,
    /// Who settles.
    pub by: By,
}

impl Plot {
    /// A bun for ¥6.00, ¥0.50 of it refunded.
    pub fn bun(tag: impl Into<String>, by: By) -> Self {
        Self { tag: tag.into(), amount_fen: 600, refund_fen: 50, way: 2, by }
    }

    /// The order's number.
    pub fn order_no(&self) -> String {
        self.order().order_no()
    }

    fn order(&self) -> guaranteed::Plot {
        let which = match self.by {
            By::Service => "US",
            By::Platform => "UP",
        };
        let plain = guaranteed::Plot::plain(format!("{which}-{}", self.tag), self.amount_fen, self.way);
        guaranteed::Plot { refund_fen: self.refund_fen, ..plain }
    }
}

/// Tells the story: nobody settles, and the order is settled all the same, once.
///
/// # Errors
/// When a step does not come to its end, or an answer is not what the contract says.
pub async fn tell(stage: &Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let order = plot.order();
    let pay = guaranteed::order(stage, &order).await.context("placing the order")?;
    guaranteed::pay_for(stage, &order, &pay).await.context("paying")?;
    guaranteed::hear_of_payment(stage, &order).await.context("waiting for the payment")?;
    if plot.refund_fen > 0 {
        guaranteed::refund(stage, &order).await.context("refunding a part")?;
    }
    stage.time.pass(SETTLEMENT_PERIOD).await?;
    let kind = match plot.by {
        By::Service => "settlement.succeeded",
        By::Platform => "settlement.automatic",
    };
    let event = hear_or_ask(stage, kind, &plot.order_no()).await.context("waiting for the settlement")?;
    let settlement = &event["data"]["settlement"];
    stage.say(format!(
        "{} {kind} {} {} {} {}",
        match plot.by {
            By::Service => say("七天后服务自动结算", "seven days later the service settled"),
            By::Platform => say("七天后平台自动结算", "seven days later the platform settled"),
        },
        say("结算", "settled"),
        money(settlement, "settle_amount_fen"),
        say("手续费", "fee"),
        money(settlement, "rake_fen"),
    ));
    let number = settlement["out_settle_no"].as_str().context("`out_settle_no` is missing")?;
    ask_again(stage, &[(format!("settlements/{number}"), "succeeded")]).await?;
    let now = stage.ask("GET", &format!("orders/{}", plot.order_no()), None).await?;
    let settlements = now["settlements"].as_array().map_or(0, Vec::len);
    ensure!(settlements == 1, "{settlements} settlements instead of one: {now}");
    compare_books(stage, &plot.order_no()).await.context("comparing the books")
}
