//! An app moves to the general trade system with orders open on both sides.

use std::time::Duration;

use anyhow::{Context, ensure};
use douyin_pay_ledger::System;
use serde_json::{Value, json};

use super::telling::{ask_again, hear, state, yuan};
use super::trade::buy;
use super::{Comparison, Settings, Stage, compare_books, guaranteed};
use crate::lang::say;

/// What happens in one telling: two orders of the old system, one of the new.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Distinguishes this telling's numbers.
    pub tag: String,
    /// What each order costs, in fen.
    pub amount_fen: i64,
    /// What goes back of the first old order and of the new one after the move, in fen.
    pub refund_fen: i64,
}

impl Plot {
    /// Two juices for ¥18.00 before the move, one after it.
    pub fn juice(tag: impl Into<String>) -> Self {
        Self { tag: tag.into(), amount_fen: 1800, refund_fen: 300 }
    }

    /// An old order, as its own story would number it.
    fn old(&self, which: &str, refund_fen: i64) -> guaranteed::Plot {
        let tag = format!("M{which}-{}", self.tag);
        guaranteed::Plot { refund_fen, ..guaranteed::Plot::plain(tag, self.amount_fen, 2) }
    }

    fn new_no(&self) -> String {
        format!("MT-{}", self.tag)
    }
}

/// Tells the story: one old order paid before the move, one after it, a new one beside them; all refunded or settled
/// in their own systems. Gives each order's number and books.
///
/// # Errors
/// When a step does not come to its end, or an answer is not what the contract says.
pub async fn tell(stage: &Stage, plot: &Plot) -> anyhow::Result<Vec<(String, Comparison)>> {
    switch(stage, System::Ecpay).await?;
    let (first, second) = (plot.old("1", plot.refund_fen), plot.old("2", 0));
    let pay_first = guaranteed::order(stage, &first).await.context("the first old order")?;
    guaranteed::pay_for(stage, &first, &pay_first).await?;
    guaranteed::hear_of_payment(stage, &first).await.context("the first old payment")?;
    // Only now: hearing of the first payment can take longer than the second order may be paid.
    let pay_second = guaranteed::order(stage, &second).await.context("the second old order")?;

    switch(stage, System::Trade).await.context("moving to the general trade system")?;
    stage.say(say("迁移：新订单走通用交易系统", "moved: new orders go to the general trade system"));
    let placed = order_new(stage, plot).await.context("the new order")?;
    // The cashier of an old order is still open: its payment ends in the old system.
    guaranteed::pay_for(stage, &second, &pay_second).await?;
    buy::pay_for(stage, &placed, 10, 0).await?;
    guaranteed::hear_of_payment(stage, &second).await.context("the payment that crossed the move")?;
    hear(stage, "order.paid", &plot.new_no()).await.context("the new payment")?;

    guaranteed::refund(stage, &first).await.context("refunding an old order after the move")?;
    refund_new(stage, plot).await.context("refunding the new order")?;
    one_list(stage, plot, &[&first.order_no(), &second.order_no()]).await?;
    guaranteed::settle(stage, &first).await.context("settling the first old order")?;
    guaranteed::settle(stage, &second).await.context("settling the second old order")?;
    let orders = [first.order_no(), second.order_no(), plot.new_no()];
    let wanted: Vec<_> = orders.iter().map(|number| (format!("orders/{number}"), "paid")).collect();
    ask_again(stage, &wanted).await?;
    let mut comparisons = Vec::with_capacity(orders.len());
    for number in orders {
        let books = compare_books(stage, &number).await.with_context(|| format!("comparing {number}"))?;
        comparisons.push((number, books));
    }
    Ok(comparisons)
}

async fn switch(stage: &Stage, new_orders: System) -> anyhow::Result<()> {
    stage.operator.reload(&stage.app, Settings { new_orders, second_key: false }).await
}

async fn order_new(stage: &Stage, plot: &Plot) -> anyhow::Result<buy::Placed> {
    let ask = json!({
        "out_order_no": plot.new_no(), "amount_fen": plot.amount_fen, "subject": "橙汁", "body": "鲜榨",
    });
    let order = stage.ask("POST", "orders", Some(&ask)).await?;
    ensure!(order["system"] == "trade", "the new order lives in the old system: {order}");
    stage.say(format!("{} {} {}", say("新订单", "new order"), plot.new_no(), yuan(plot.amount_fen)));
    buy::place(stage, &order["pay"]).await
}

/// A part of an order with one item needs no item's number.
async fn refund_new(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let number = format!("MTR-{}", plot.tag);
    let ask = json!({ "out_refund_no": number, "amount_fen": plot.refund_fen, "reason": "果肉太多" });
    let path = format!("orders/{}/refunds", plot.new_no());
    let refund = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!("{} {number} {} → {}", say("退款", "refund"), yuan(plot.refund_fen), state(&refund)));
    hear(stage, "refund.succeeded", &plot.new_no()).await?;
    stage.time.pass(Duration::from_secs(1)).await
}

/// One list has both, each with its system.
async fn one_list(stage: &Stage, plot: &Plot, old: &[&str]) -> anyhow::Result<()> {
    let list = stage.ask("GET", "orders?limit=100", None).await?;
    let system_of = |number: &str| -> Option<String> {
        let mut orders = list["orders"].as_array().into_iter().flatten();
        let order: &Value = orders.find(|order| order["out_order_no"] == number)?;
        order["system"].as_str().map(str::to_owned)
    };
    for number in old {
        ensure!(system_of(number).as_deref() == Some("ecpay"), "`{number}` is not listed as ecpay: {list}");
    }
    ensure!(system_of(&plot.new_no()).as_deref() == Some("trade"), "the new order is not listed: {list}");
    stage.say(say("一张清单列出两个系统的订单", "one list has the orders of both systems"));
    Ok(())
}
