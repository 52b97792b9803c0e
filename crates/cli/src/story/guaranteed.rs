//! Guaranteed payment: order, pay, refund, settle, take back, withdraw; then the books.

mod afterwards;
mod settle;
mod withdraw;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::books::Comparison;
use super::telling::{ask_again, hear, hear_of, state, yuan};
use super::{Stage, compare_books};
use crate::lang::say;
pub(super) use settle::settle;

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
    /// What of the share is taken back, in fen; 0 leaves it where it is.
    pub return_fen: i64,
    /// What is refunded after the settlement, in fen; 0 leaves that refund out.
    pub late_refund_fen: i64,
    /// What the seller withdraws to its bank at the end, in fen; 0 leaves it with the platform.
    pub withdraw_fen: i64,
    /// How the user pays: 1 WeChat, 2 Alipay, 10 Douyin Pay.
    pub way: i64,
}

impl Plot {
    /// A latte for ¥12.80, ¥1.00 of it refunded, ¥0.60 shared; then ¥0.30 of the share comes back, ¥2.00 more is
    /// refunded, and ¥5.00 withdrawn.
    pub fn latte(tag: impl Into<String>) -> Self {
        Self {
            refund_fen: 100,
            share_fen: 60,
            return_fen: 30,
            late_refund_fen: 200,
            withdraw_fen: 500,
            ..Self::plain(tag, 1280, 1)
        }
    }

    /// An order that is paid and settled, and nothing else.
    pub fn plain(tag: impl Into<String>, amount_fen: i64, way: i64) -> Self {
        Self {
            tag: tag.into(),
            amount_fen,
            refund_fen: 0,
            share_fen: 0,
            return_fen: 0,
            late_refund_fen: 0,
            withdraw_fen: 0,
            way,
        }
    }

    /// The order's number.
    pub fn order_no(&self) -> String {
        format!("O-{}", self.tag)
    }

    fn refund_no(&self) -> String {
        format!("R-{}", self.tag)
    }

    fn late_refund_no(&self) -> String {
        format!("RL-{}", self.tag)
    }

    fn settle_no(&self) -> String {
        format!("S-{}", self.tag)
    }

    fn return_no(&self) -> String {
        format!("T-{}", self.tag)
    }

    fn withdrawal_no(&self) -> String {
        format!("W-{}", self.tag)
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
    settle::settleable(stage, plot).await.context("asking what is left to settle")?;
    if plot.return_fen > 0 {
        afterwards::take_back(stage, plot).await.context("taking a share back")?;
    }
    if plot.late_refund_fen > 0 {
        afterwards::refund_late(stage, plot).await.context("refunding after the settlement")?;
    }
    if plot.withdraw_fen > 0 {
        withdraw::withdraw(stage, plot).await.context("withdrawing")?;
    }
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
    refund_part(stage, plot, &plot.refund_no(), plot.refund_fen, "少了一份糖").await
}

async fn refund_part(
    stage: &Stage,
    plot: &Plot,
    number: &str,
    amount_fen: i64,
    reason: &str,
) -> anyhow::Result<()> {
    let ask = json!({ "out_refund_no": number, "amount_fen": amount_fen, "reason": reason });
    let path = format!("orders/{}/refunds", plot.order_no());
    let refund = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!("{} {number} {} → {}", say("退款", "refund "), yuan(amount_fen), state(&refund)));
    let event =
        hear_of(stage, "refund.succeeded", &plot.order_no(), ("refund", "out_refund_no", number)).await?;
    ensure!(event["data"]["refund"]["amount_fen"] == amount_fen, "refund.succeeded tells otherwise: {event}");
    stage.say(format!("{} refund.succeeded {}", say("事件送达", "event heard"), yuan(amount_fen)));
    Ok(())
}

/// Asks the platform about everything and expects no news.
async fn no_news(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let refund = |number: String| (format!("refunds/{number}"), "succeeded");
    let mut wanted = vec![(format!("orders/{}", plot.order_no()), "paid")];
    wanted.extend((plot.refund_fen > 0).then(|| refund(plot.refund_no())));
    wanted.extend((plot.late_refund_fen > 0).then(|| refund(plot.late_refund_no())));
    wanted.push((format!("settlements/{}", plot.settle_no()), "succeeded"));
    wanted.extend((plot.return_fen > 0).then(|| (format!("returns/{}", plot.return_no()), "succeeded")));
    ask_again(stage, &wanted).await?;
    stage.say(say("再向平台查询一遍：没有新消息", "asked the platform about all of it: no news"));
    Ok(())
}
