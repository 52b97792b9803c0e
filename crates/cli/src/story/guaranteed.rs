//! Guaranteed payment: order, pay, refund a part, settle with a share, compare the books.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::books::Comparison;
use super::telling::{ask_again, hear, money, state, yuan};
use super::{SHARE_RECEIVER, Stage, compare_books};
use crate::lang::say;

const SECOND: Duration = Duration::from_secs(1);
/// The platform settles at the earliest seven days after the payment.
const SETTLEMENT_PERIOD: Duration = Duration::from_secs(7 * 24 * 3600);

/// What happens in one telling: the numbers and amounts differ, the story does not.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Distinguishes this telling's numbers: `O-{tag}`, `R-{tag}`, `S-{tag}`.
    pub tag: String,
    /// What the order costs, in fen.
    pub amount_fen: i64,
    /// What is refunded before the settlement, in fen; 0 leaves the refund out.
    pub refund_fen: i64,
    /// What another merchant gets out of the settlement, in fen; 0 settles without a share.
    pub share_fen: i64,
    /// How the user pays: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    pub way: i64,
}

impl Plot {
    /// A latte for ¥12.80, ¥1.00 of it refunded, ¥0.60 shared.
    pub fn latte(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), amount_fen: 1280, refund_fen: 100, share_fen: 60, way: 1 }
    }

    /// The order's number.
    pub fn order_no(&self) -> String {
        format!("O-{}", self.tag)
    }

    fn refund_no(&self) -> String {
        format!("R-{}", self.tag)
    }

    fn settle_no(&self) -> String {
        format!("S-{}", self.tag)
    }
}

/// Tells the whole story once and compares both books at the end.
///
/// # Errors
/// When a step does not come to its end, or an answer is not what the contract says.
pub async fn tell(stage: &Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let pay = order(stage, plot).await.context("placing the order")?;
    pay_for(stage, plot, &pay).await.context("paying")?;
    hear_of_payment(stage, plot).await.context("waiting for the payment")?;
    if plot.refund_fen > 0 {
        refund(stage, plot).await.context("refunding a part")?;
    }
    settle(stage, plot).await.context("settling")?;
    no_news(stage, plot).await.context("asking the platform")?;
    compare_books(stage, &plot.order_no()).await.context("comparing the books")
}

pub(super) async fn order(stage: &Stage, plot: &Plot) -> anyhow::Result<Value> {
    let ask = json!({
        "out_order_no": plot.order_no(), "amount_fen": plot.amount_fen,
        "subject": "拿铁", "body": "大杯拿铁，少冰", "valid_seconds": 172_800, "metadata": { "table": "7" },
    });
    let order = stage.ask("POST", "orders", Some(&ask)).await?;
    let pay = order["pay"].clone();
    ensure!(pay["order_token"].is_string(), "the order is open but `pay` is missing: {order}");
    stage.say(format!(
        "{} {} {} → {}",
        say("下单", "order  "),
        plot.order_no(),
        yuan(plot.amount_fen),
        state(&order)
    ));
    Ok(pay)
}

pub(super) async fn pay_for(stage: &Stage, plot: &Plot, pay: &Value) -> anyhow::Result<()> {
    let ask = json!({
        "order_id": pay["order_id"], "order_token": pay["order_token"], "way": plot.way, "outcome": "success",
    });
    stage.control("POST", "/mock/pay", Some(&ask)).await?;
    stage.say(format!(
        "{} way {} → {}",
        say("用户付款", "user pays"),
        plot.way,
        say("平台已收款", "the platform has the money")
    ));
    Ok(())
}

pub(super) async fn hear_of_payment(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let event = hear(stage, "order.paid", &plot.order_no()).await?;
    let order = &event["data"]["order"];
    ensure!(
        order["state"] == "paid" && order["paid_fen"] == plot.amount_fen,
        "order.paid tells otherwise: {event}"
    );
    stage.say(format!("{} order.paid {}", say("事件送达", "event heard"), yuan(plot.amount_fen)));
    let timeline = stage.ask("GET", &format!("orders/{}/timeline", plot.order_no()), None).await?;
    let of_kind = |kind: &str| {
        let entries = timeline["entries"].as_array().into_iter().flatten();
        entries.filter(|entry| entry["entry"] == kind).cloned().collect::<Vec<_>>()
    };
    let paid = of_kind("event").iter().filter(|event| event["type"] == "order.paid").count();
    ensure!(paid == 1, "{paid} events say that the order is paid: {timeline}");
    let verdicts: Vec<String> =
        of_kind("callback").iter().map(|entry| entry["verdict"].to_string()).collect();
    stage.say(format!(
        "{} [{}] → 1 {}",
        say("支付回调", "callbacks  "),
        verdicts.join(", "),
        say("个事件", "event")
    ));
    Ok(())
}

pub(super) async fn refund(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let ask =
        json!({ "out_refund_no": plot.refund_no(), "amount_fen": plot.refund_fen, "reason": "少了一份糖" });
    let path = format!("orders/{}/refunds", plot.order_no());
    let refund = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!(
        "{} {} {} → {}",
        say("退款", "refund "),
        plot.refund_no(),
        yuan(plot.refund_fen),
        state(&refund)
    ));
    let event = hear(stage, "refund.succeeded", &plot.order_no()).await?;
    ensure!(
        event["data"]["refund"]["amount_fen"] == plot.refund_fen,
        "refund.succeeded tells otherwise: {event}"
    );
    stage.say(format!("{} refund.succeeded {}", say("事件送达", "event heard"), yuan(plot.refund_fen)));
    Ok(())
}

pub(super) async fn settle(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
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

/// Asks the platform about all three and expects no news.
async fn no_news(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let mut wanted = vec![(format!("orders/{}", plot.order_no()), "paid")];
    if plot.refund_fen > 0 {
        wanted.push((format!("refunds/{}", plot.refund_no()), "succeeded"));
    }
    wanted.push((format!("settlements/{}", plot.settle_no()), "succeeded"));
    ask_again(stage, &wanted).await?;
    stage.say(say(
        "查单 paid，查退款 succeeded，查结算 succeeded",
        "asked: order paid, refund succeeded, settlement succeeded",
    ));
    Ok(())
}
