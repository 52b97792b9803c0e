//! The platform's bills beside the books: each day on which something happened to an order.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use super::Stage;
use crate::lang::say;

/// The bill of a day is there from ten in the morning of the next one.
const UNTIL_THE_BILL: Duration = Duration::from_secs(36 * 3600);
const RUN_WITHIN: Duration = Duration::from_secs(12 * 3600);
/// A run whose bill could not be fetched is begun again.
const TRIES_MAX: u32 = 60;
const PAUSE: Duration = Duration::from_secs(30);

/// Has the service compare the bills of all days of an order, and expects that nothing of the order differs.
///
/// # Errors
/// When a run does not come to its end, or something differs.
pub async fn reconcile(stage: &Stage, out_order_no: &str) -> anyhow::Result<()> {
    let order = stage.ask("GET", &format!("orders/{out_order_no}"), None).await?;
    let days = days(&order);
    ensure!(!days.is_empty(), "nothing happened to the order: {order}");
    stage.time.pass(UNTIL_THE_BILL).await?;
    let mut rows = 0;
    for day in &days {
        let run = matched(stage, day).await.with_context(|| format!("reconciling {day}"))?;
        let list = format!("bill_runs/{}/differences", run["id"]);
        let found = stage.ask("GET", &list, None).await?;
        let mut differences = found["differences"].as_array().into_iter().flatten();
        if let Some(one) = differences.find(|one| one["out_order_no"] == out_order_no) {
            bail!("the bill of {day} differs: {one}");
        }
        rows += run["rows"].as_u64().context("`rows` is missing")?;
    }
    ensure!(rows > 0, "the bills of {days:?} are empty");
    stage.say(format!(
        "{} {} {}, {rows} {}",
        say("对账", "bills of"),
        days.len(),
        say("天", "days"),
        say("行，无差异", "rows: no difference")
    ));
    Ok(())
}

/// The Beijing days on which the order was paid, refunded, settled, or a share came back.
fn days(order: &Value) -> BTreeSet<String> {
    let ended = ["refunds", "settlements", "returns"].into_iter().flat_map(|list| {
        let operations = order[list].as_array().into_iter().flatten();
        operations.map(|operation| &operation["finished_at"])
    });
    let times = std::iter::once(&order["paid_at"]).chain(ended);
    times.filter_map(|time| time.as_str()?.get(..10)).map(str::to_owned).collect()
}

/// A run of that day that has looked at every row.
async fn matched(stage: &Stage, day: &str) -> anyhow::Result<Value> {
    let mut last = Value::Null;
    for _ in 0..TRIES_MAX {
        match stage.try_ask("POST", "bill_runs", Some(&json!({ "date": day }))).await {
            Ok((202, begun)) => {
                let run = ended(stage, &begun["id"]).await?;
                if run["state"] == "done" {
                    return Ok(run);
                }
                last = run;
            }
            // Another run of the app is under way, the service has not followed the clock yet, or cannot be reached:
            // later.
            Ok((409 | 422 | 500..=599, answer)) => last = answer,
            Ok((status, answer)) => bail!("{status} {answer}"),
            Err(problem) => last = problem.into(),
        }
        stage.time.settle().await;
        stage.time.pass(PAUSE).await?;
    }
    bail!("no run came to its end in {TRIES_MAX} tries; the last one: {last}")
}

async fn ended(stage: &Stage, id: &Value) -> anyhow::Result<Value> {
    let path = format!("bill_runs/{id}");
    let ready = || async {
        let run = stage.ask("GET", &path, None).await?;
        let under_way = matches!(run["state"].as_str(), Some("matching" | "asking"));
        Ok((!under_way).then_some(run))
    };
    stage.until("the run of the bills", RUN_WITHIN, ready).await
}
