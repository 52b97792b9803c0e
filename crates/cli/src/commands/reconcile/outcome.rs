//! What came of a run: told to people or programs, and how the command ends.

use serde_json::Value;

use super::here::is_done;
use crate::exit::{Ended, Failure};
use crate::lang::{say, tell};
use crate::out::{self, Form, printable};
use crate::remote::report::Rows;
use crate::story::yuan;

/// So many differences are shown; the table has all of them.
pub(super) const SHOWN_MAX: usize = 20;

/// A run at its end.
pub(super) struct Outcome {
    /// The run, in the words of the service.
    pub(super) run: Value,
    /// The first of what is open on its day.
    pub(super) differences: Vec<Value>,
    /// Whether anything is open.
    pub(super) any_open: bool,
    /// All of it as a table, if it was wanted.
    pub(super) csv: Option<Vec<u8>>,
}

/// Says how far a run is.
pub(super) fn say_progress(form: Form, rows: u64, (asked, to_ask): (u64, u64), eta_s: Option<u64>) {
    let eta =
        eta_s.map(|seconds| tell!("，约还需 {seconds} 秒", ", about {seconds} s left")).unwrap_or_default();
    out::remark(
        form,
        match to_ask {
            0 => tell!("… 已核对 {rows} 行{eta}", "… {rows} rows compared{eta}"),
            _ => tell!(
                "… 已核对 {rows} 行，已向平台查询 {asked}/{to_ask}{eta}",
                "… {rows} rows compared, {asked} of {to_ask} queries made{eta}"
            ),
        },
    );
}

/// Tells a run and ends as it did: 0 all agrees, 1 something differs, 3 it did not come to its end.
pub(super) fn end(outcome: &Outcome, form: Form) -> Ended {
    match form {
        Form::Json => {
            let mut told = outcome.run.clone();
            told["open"] = outcome.differences.clone().into();
            out::line(told);
        }
        Form::Text => out::text(text(outcome)),
    }
    let id = outcome.run["id"].as_i64().unwrap_or_default();
    if !is_done(outcome.run["state"].as_str().unwrap_or_default()) {
        let why = printable(outcome.run["problem"].as_str().unwrap_or("?"));
        return Err(Failure::told(
            3,
            "not_finished",
            tell!(
                "核对 {id} 没有完成：{why}。已发现的差异会保留；处理后原样再执行一次",
                "run {id} did not come to its end: {why}. What it found is kept; mend the cause and run the same command again"
            ),
        ));
    }
    if outcome.any_open || outcome.run["differences_left_out"].as_u64().unwrap_or_default() > 0 {
        return Err(Failure::told(
            1,
            "differences",
            say(
                "对账单与账本不一致，差异已记为异常（`GET …/exceptions`）；用 `--csv` 导出全部",
                "the bills and the books differ; each difference is listed as an exception (`GET …/exceptions`); `--csv` saves all",
            ),
        ));
    }
    Ok(())
}

fn text(outcome: &Outcome) -> String {
    let run = &outcome.run;
    let mut rows = Rows::default();
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    rows.add("核对", "run", count(&run["id"]).to_string());
    rows.add("日期", "day", printable(run["date"].as_str().unwrap_or_default()));
    for bill in run["bills"].as_array().into_iter().flatten() {
        let kind = printable(bill["kind"].as_str().unwrap_or_default());
        let (lines, matched, amount) = (
            count(&bill["rows"]),
            count(&bill["matched"]),
            yuan(bill["amount_fen"].as_i64().unwrap_or_default()),
        );
        rows.add(
            "账单",
            "bill",
            tell!(
                "{kind}：{lines} 行，账本有其中 {matched} 笔，{amount}",
                "{kind}: {lines} rows, {matched} of them in the books, {amount}"
            ),
        );
    }
    rows.add("发现差异", "found", count(&run["differences"]).to_string());
    rows.add("已查询平台", "queries", format!("{}/{}", count(&run["queries_done"]), count(&run["queries"])));
    let mut text = rows.write("");
    for one in &outcome.differences {
        text.push_str(&line(one));
    }
    if outcome.differences.is_empty() {
        text.push_str(say("没有未解决的差异\n", "nothing differs\n"));
    } else if outcome.differences.len() == SHOWN_MAX {
        text.push_str(say("… 可能还有更多，见 `--csv`\n", "… there may be more, see `--csv`\n"));
    }
    text
}

/// One difference in one line.
fn line(one: &Value) -> String {
    let word = |name: &str| printable(one[name].as_str().unwrap_or_default());
    let differs = match one["type"].as_str() {
        Some("ours_only") => say("只在账本", "only in the books"),
        Some("theirs_only") => say("只在账单", "only in the bill"),
        Some("amount") => say("金额不同", "another amount"),
        Some("state") => say("状态不同", "another state"),
        Some("fee") => say("费用不同", "another fee"),
        _ => "?",
    };
    let side = |side: &Value| {
        let amount = side["amount_fen"].as_i64().map(yuan);
        let state = side["state"].as_str().map(printable);
        let fee = side["fee_fen"].as_i64().map(|fee| format!("{} {}", say("费", "fee"), yuan(fee)));
        [amount, state, fee].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let (ours, theirs) = (side(&one["ours"]), side(&one["theirs"]));
    let (kind, number) = (word("kind"), word("number"));
    tell!(
        "  {kind} {number}  {differs}：账本 {ours} / 账单 {theirs}\n",
        "  {kind} {number}  {differs}: books {ours} / bill {theirs}\n"
    )
}
