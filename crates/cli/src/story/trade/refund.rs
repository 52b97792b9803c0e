//! Refunds: the shop's own, and those that the user or the customer service asks for.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::buy::Placed;
use super::{Applied, Plot, Reply, Stage};
use crate::lang::say;
use crate::story::telling::{hear, hear_or_ask, state, yuan};

/// More than the 72 hours after which the platform decides by itself.
const AUDIT_ENDS_WITHIN: Duration = Duration::from_secs(5 * 24 * 3600);
const TRIES_MAX: u32 = 100;

pub(super) async fn by_shop(stage: &Stage, plot: &Plot, placed: &Placed) -> anyhow::Result<()> {
    let item = placed.items.first().context("the order has no item")?;
    let ask = json!({
        "out_refund_no": plot.refund_no(), "amount_fen": plot.refund_fen, "reason": "少了一份糖",
        "trade": { "code": 102, "items": [{ "item_order_id": item, "amount_fen": plot.refund_fen }] },
    });
    let path = format!("orders/{}/refunds", plot.order_no());
    let refund = stage.ask("POST", &path, Some(&ask)).await?;
    stage.say(format!(
        "{} {} {} → {}",
        say("商家退款", "refund "),
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

/// The user asks, the merchant decides; gives the refund's path and the state it must end in.
pub(super) async fn by_user(
    stage: &Stage,
    plot: &Plot,
    applied: &Applied,
    placed: &Placed,
) -> anyhow::Result<(String, &'static str)> {
    if plot.revoke_tokens {
        stage.control("POST", "/mock/tokens/revoke", Some(&json!({}))).await?;
    }
    apply(stage, plot, applied, placed).await?;
    let event = hear_or_ask(stage, "refund.requested", &plot.order_no()).await?;
    let refund = &event["data"]["refund"];
    let number = refund["out_refund_no"].as_str().context("`out_refund_no` is missing")?.to_owned();
    ensure!(
        number.starts_with("dy-")
            && refund["amount_fen"] == applied.amount_fen
            && refund["audit"]["deadline_at"].is_string(),
        "refund.requested tells otherwise: {event}"
    );
    stage.say(format!(
        "{} {} {} {}",
        say("用户申请退款", "the user asks for"),
        yuan(applied.amount_fen),
        say("，最晚答复：", ", to be answered by"),
        refund["audit"]["deadline_at"].as_str().unwrap_or("?")
    ));
    let audit = match applied.reply {
        Reply::Agree => Some(json!({ "agree": true })),
        Reply::Refuse => Some(json!({ "agree": false, "deny_message": "已经喝完了" })),
        Reply::Silence => None,
    };
    if let Some(audit) = audit {
        let answer = stage.leave(&format!("refunds/{number}/audit"), &audit).await?;
        stage.say(format!("{} {audit} → {}", say("商家决定", "the merchant decides"), state(&answer)));
    }
    let wanted = if applied.reply == Reply::Refuse { "refund.failed" } else { "refund.succeeded" };
    let (event, refund) = hear_of_end(stage, plot, &number).await?;
    // The platform never asked us, as all its questions were lost: it takes no decision, and consents after 72 hours.
    let audit = &refund["audit"];
    let too_late = audit["status"] == "overtime" || audit["decision"]["state"] == "refused";
    ensure!(event == wanted || too_late, "`{number}` did not end as decided: {refund}");
    stage.say(format!("{} {event} {number}", say("事件送达", "event heard")));
    Ok((format!("refunds/{number}"), if event == "refund.failed" { "failed" } else { "succeeded" }))
}

/// Asks for the refund on the phone, once: a lost answer is looked up in the platform's books.
async fn apply(stage: &Stage, plot: &Plot, applied: &Applied, placed: &Placed) -> anyhow::Result<()> {
    let item = placed.items.last().context("the order has no item")?;
    let ask = json!({
        "orderId": placed.order_id, "reason": "不想要了", "source": if applied.by_service { 4 } else { 1 },
        "items": [{ "itemOrderId": item, "refundAmount": applied.amount_fen }],
    });
    let path = format!("/mock/books?out_order_no={}", plot.order_no());
    for _ in 0..TRIES_MAX {
        let books = stage.control("GET", &path, None).await?;
        if refunds_of_others(&books) > 0 {
            return Ok(());
        }
        match stage.control_once("/mock/client/apply_refund", &ask).await {
            Ok((200, _)) => return Ok(()),
            Ok((status, answer)) => bail!("the user may not ask for a refund: {status} {answer}"),
            Err(_) => stage.time.settle().await,
        }
    }
    bail!("the platform cannot be reached")
}

fn refunds_of_others(books: &Value) -> usize {
    let refunds = books["refunds"].as_array().into_iter().flatten();
    refunds.filter(|refund| refund["source"] != "developer").count()
}

/// Waits for the end of this very refund: the shop's own ended with the same event.
async fn hear_of_end(stage: &Stage, plot: &Plot, number: &str) -> anyhow::Result<(&'static str, Value)> {
    let about_it = |event: &Value| event["data"]["refund"]["out_refund_no"] == number;
    let heard = || async {
        let ends = ["refund.failed", "refund.succeeded"].into_iter();
        let mut heard = ends.filter_map(|kind| {
            let event = stage.shop.event_where(kind, &plot.order_no(), about_it)?;
            Some((kind, event["data"]["refund"].clone()))
        });
        Ok(heard.next())
    };
    stage.until("the refund's end", AUDIT_ENDS_WITHIN, heard).await
}
