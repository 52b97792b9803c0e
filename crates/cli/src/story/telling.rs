//! What every telling says, hears and expects.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Stage;

/// Longer than an order can be paid: when callback and early questions are lost, the next question comes after that.
const PATIENCE: Duration = Duration::from_secs(96 * 3600);

const HALF_A_DAY: Duration = Duration::from_secs(12 * 3600);
/// A month of half days.
const ASKED_MAX: u32 = 60;

/// `1280` as `¥12.80`, `-12` as `-¥0.12`.
pub(crate) fn yuan(fen: i64) -> String {
    let (sign, size) = (if fen < 0 { "-" } else { "" }, fen.unsigned_abs());
    format!("{sign}¥{}.{:02}", size / 100, size % 100)
}

/// Waits until the merchant's back end has heard of it.
pub(super) async fn hear(stage: &Stage, kind: &str, out_order_no: &str) -> anyhow::Result<Value> {
    hear_within(stage, kind, out_order_no, PATIENCE).await
}

/// As [`hear`], of the one operation whose `(name in the event, field, number)` is given.
pub(super) async fn hear_of(
    stage: &Stage,
    kind: &str,
    out_order_no: &str,
    (operation, field, number): (&str, &str, &str),
) -> anyhow::Result<Value> {
    let fits = |event: &Value| event["data"][operation][field] == number;
    let ready = || async { Ok(stage.shop.event_where(kind, out_order_no, fits)) };
    let heard = stage.until(kind, PATIENCE, ready).await;
    heard.with_context(|| format!("event `{kind}` about {number} of {out_order_no}"))
}

/// As [`hear`], for what takes longer.
pub(super) async fn hear_within(
    stage: &Stage,
    kind: &str,
    out_order_no: &str,
    patience: Duration,
) -> anyhow::Result<Value> {
    let heard = stage.until(kind, patience, || async { Ok(stage.shop.event(kind, out_order_no)) }).await;
    heard.with_context(|| format!("event `{kind}` about {out_order_no}"))
}

/// As [`hear`], for what the platform's side began: whoever hears nothing asks twice a day what there is.
pub(super) async fn hear_or_ask(stage: &Stage, kind: &str, out_order_no: &str) -> anyhow::Result<Value> {
    for _ in 0..ASKED_MAX {
        if let Ok(event) = hear_within(stage, kind, out_order_no, HALF_A_DAY).await {
            return Ok(event);
        }
        stage.ask("GET", &format!("orders/{out_order_no}?query=now"), None).await?;
    }
    hear(stage, kind, out_order_no).await
}

/// The state of an order or an operation.
pub(super) fn state(object: &Value) -> &str {
    object["state"].as_str().unwrap_or("?")
}

/// An amount of a reply, for people.
pub(super) fn money(object: &Value, field: &str) -> String {
    object[field].as_i64().map_or_else(|| "?".to_owned(), yuan)
}

pub(super) fn expect_state(object: &Value, expected: &str) -> anyhow::Result<()> {
    ensure!(state(object) == expected, "expected state `{expected}`: {object}");
    Ok(())
}

/// Asks the platform through the service, and expects no news: `wanted` are paths and their states.
pub(super) async fn ask_again(stage: &Stage, wanted: &[(String, &str)]) -> anyhow::Result<()> {
    for (path, expected) in wanted {
        let object = stage.ask("GET", &format!("{path}?query=now"), None).await?;
        expect_state(&object, expected)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::yuan;

    #[test]
    fn amounts_are_told_in_yuan_with_the_sign_in_front() {
        for (fen, told) in [(0, "¥0.00"), (1280, "¥12.80"), (-12, "-¥0.12"), (-1280, "-¥12.80")] {
            assert_eq!(yuan(fen), told);
        }
    }
}
