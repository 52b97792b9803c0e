//! The steps of the story, each one request and what must follow from it.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::books::{self, Comparison};
use super::{Plot, SHARE_RECEIVER, Stage};
use crate::lang::say;

/// Longer than the platform's slowest callback schedule needs.
const PATIENCE: Duration = Duration::from_secs(48 * 3600);
const SECOND: Duration = Duration::from_secs(1);
/// The platform settles at the earliest seven days after the payment.
const SETTLEMENT_PERIOD: Duration = Duration::from_secs(7 * 24 * 3600);

/// `1280` as `¥12.80`.
pub(crate) fn yuan(fen: i64) -> String {
    format!("¥{}.{:02}", fen / 100, fen % 100)
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

pub(super) async fn pay(stage: &Stage, plot: &Plot, pay: &Value) -> anyhow::Result<()> {
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
pub(super) async fn ask_again(stage: &Stage, plot: &Plot) -> anyhow::Result<()> {
    let order = stage.ask("GET", &format!("orders/{}?query=now", plot.order_no()), None).await?;
    expect_state(&order, "paid")?;
    if plot.refund_fen > 0 {
        let refund = stage.ask("GET", &format!("refunds/{}?query=now", plot.refund_no()), None).await?;
        expect_state(&refund, "succeeded")?;
    }
    let settlement = stage.ask("GET", &format!("settlements/{}?query=now", plot.settle_no()), None).await?;
    expect_state(&settlement, "succeeded")?;
    stage.say(say(
        "查单 paid，查退款 succeeded，查结算 succeeded",
        "asked: order paid, refund succeeded, settlement succeeded",
    ));
    Ok(())
}

pub(super) async fn compare_books(stage: &Stage, plot: &Plot) -> anyhow::Result<Comparison> {
    let ledger = stage.ask("GET", &format!("orders/{}", plot.order_no()), None).await?;
    let mock = stage.control("GET", "/mock/books", None).await?;
    let complaints = stage.shop.complaints();
    if !complaints.is_empty() {
        bail!("the shop complains: {}", complaints.join("; "));
    }
    books::compare(&ledger, &mock, &plot.order_no())
}

async fn hear(stage: &Stage, kind: &str, out_order_no: &str) -> anyhow::Result<Value> {
    let heard = stage.until(kind, PATIENCE, || async { Ok(stage.shop.event(kind, out_order_no)) }).await;
    heard.with_context(|| format!("event `{kind}` about {out_order_no}"))
}

fn state(object: &Value) -> &str {
    object["state"].as_str().unwrap_or("?")
}

fn money(object: &Value, field: &str) -> String {
    object[field].as_i64().map_or_else(|| "?".to_owned(), yuan)
}

fn expect_state(object: &Value, expected: &str) -> anyhow::Result<()> {
    ensure!(state(object) == expected, "expected state `{expected}`: {object}");
    Ok(())
}
