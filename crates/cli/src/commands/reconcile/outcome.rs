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

/// Tells a run and ends as it did: 0 all agrees, 1 something differs, 2 a given file is no such bill, 3 it did not come
/// to its end.
pub(super) fn end(outcome: &Outcome, form: Form) -> Ended {
    match form {
        Form::Json => {
            let mut told = outcome.run.clone();
            told["open"] = outcome.differences.clone().into();
            out::line(told);
        }
        Form::Text => out::text(text(outcome)),
    }
    if !has_ended(&outcome.run) {
        return Err(not_finished(&outcome.run));
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
    for one in run["bills"].as_array().into_iter().flatten() {
        rows.add("账单", "bill", bill(one));
    }
    let (found, ended) = (count(&run["differences"]), has_ended(run));
    if ended || found > 0 {
        rows.add("发现差异", "found", found.to_string());
        rows.add(
            "已查询平台",
            "queries",
            format!("{}/{}", count(&run["queries_done"]), count(&run["queries"])),
        );
    }
    let mut text = rows.write("");
    for one in &outcome.differences {
        text.push_str(&line(one));
    }
    match outcome.differences.len() {
        // After half a run nobody knows.
        0 if !ended => {}
        0 if found > 0 => text.push_str(say("没有未解决的差异\n", "nothing is left open\n")),
        0 => text.push_str(say("没有差异\n", "nothing differs\n")),
        SHOWN_MAX => text.push_str(say("… 可能还有更多，见 `--csv`\n", "… there may be more, see `--csv`\n")),
        _ => {}
    }
    text
}

fn has_ended(run: &Value) -> bool {
    is_done(run["state"].as_str().unwrap_or_default())
}

/// Half a run. When only files were read, and the platform was not asked yet, one of them is at fault.
fn not_finished(run: &Value) -> Failure {
    let id = run["id"].as_i64().unwrap_or_default();
    let why = printable(run["problem"].as_str().unwrap_or("?")).replace("`merchant_uids`", "`--merchant`");
    let of_a_file = run["state"] == "failed" && run["source"] == "file" && run["queries"] == 0;
    if of_a_file {
        let why =
            why.replace("the platform answered", "this is no bill but a saved refusal of the platform,");
        return Failure::told(
            2,
            "unreadable",
            tell!(
                "核对 {id} 没有完成，`--file` 给的账单不能用：{why}。已发现的差异会保留；换成正确的文件后再执行一次",
                "run {id} did not come to its end, a bill given with `--file` cannot be used: {why}. What the run found is kept; \
                 give the right file and run the command again"
            ),
        );
    }
    Failure::told(
        3,
        "not_finished",
        tell!(
            "核对 {id} 没有完成：{why}。已发现的差异会保留；处理后原样再执行一次",
            "run {id} did not come to its end: {why}. What it found is kept; mend the cause and run the same command again"
        ),
    )
}

/// One bill in one line. Of a settlement's bill nobody knows which sum it states, if any.
fn bill(bill: &Value) -> String {
    let kind = printable(bill["kind"].as_str().unwrap_or_default());
    let count = |name: &str| bill[name].as_u64().unwrap_or_default();
    let (lines, matched) = (count("rows"), count("matched"));
    let mut told = tell!(
        "{kind}：{lines} 行，账本有其中 {matched} 笔",
        "{kind}: {lines} rows, {matched} of them in the books"
    );
    match count("repeated") {
        0 => {}
        repeated => told += &tell!("，重复 {repeated} 行", ", {repeated} stand twice"),
    }
    for (what, name) in
        [("", "amount_fen"), (say("费 ", "fee "), "fee_fen"), (say("佣金 ", "commission "), "commission_fen")]
    {
        if let Some(fen) = bill[name].as_i64().filter(|fen| *fen != 0) {
            told += &format!("{}{what}{}", say("，", ", "), yuan(fen));
        }
    }
    told
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
    let with_shares = one["ours"]["shares"] != one["theirs"]["shares"];
    let [ours, theirs] = ["ours", "theirs"].map(|name| side(&one[name], with_shares));
    let (kind, number) = (word("kind"), word("number"));
    tell!(
        "  {kind} {number}  {differs}：账本 {ours} / 账单 {theirs}\n",
        "  {kind} {number}  {differs}: books {ours} / bill {theirs}\n"
    )
}

/// What one side says; `–` for nothing.
fn side(side: &Value, with_shares: bool) -> String {
    let part = |zh, en, name: &str| side[name].as_i64().map(|fen| format!("{} {}", say(zh, en), yuan(fen)));
    let amount = side["amount_fen"].as_i64().map(yuan);
    let state = side["state"].as_str().map(printable);
    let (fee, commission) = (part("费", "fee", "fee_fen"), part("佣金", "commission", "commission_fen"));
    let mut parts: Vec<String> = [amount, state, fee, commission].into_iter().flatten().collect();
    if with_shares {
        parts.extend(side["shares"].as_array().into_iter().flatten().map(|share| {
            let uid = printable(share["merchant_uid"].as_str().unwrap_or("?"));
            format!(
                "{} {uid} {}",
                say("分账", "share"),
                yuan(share["amount_fen"].as_i64().unwrap_or_default())
            )
        }));
    }
    if parts.is_empty() { "–".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, bill, line, not_finished, text};
    use serde_json::{Value, json};

    #[test]
    fn a_difference_shows_what_differs() {
        let side = |share: i64, commission: i64| {
            json!({ "amount_fen": 100, "commission_fen": commission,
                "shares": [{ "merchant_uid": "7", "amount_fen": share }] })
        };
        let told = |ours, theirs| {
            line(&json!({ "kind": "settle", "number": "S1", "type": "fee", "ours": ours, "theirs": theirs }))
        };
        let shares = told(side(60, 1), side(70, 1));
        assert!(shares.contains("7 ¥0.60") && shares.contains("7 ¥0.70"), "{shares}");
        let commission = told(side(60, 1), side(60, 2));
        assert!(commission.contains("¥0.01") && commission.contains("¥0.02"), "{commission}");
        assert!(!commission.contains("¥0.60"), "{commission}");
        assert!(told(Value::Null, side(1, 1)).contains('–'));
    }

    #[test]
    fn a_bill_tells_no_sum_that_it_does_not_have() {
        let told = bill(
            &json!({ "kind": "settle", "rows": 3, "matched": 2, "repeated": 1, "amount_fen": 0, "fee_fen": 8 }),
        );
        assert!(!told.contains("¥0.00") && told.contains("¥0.08") && told.contains("1 "), "{told}");
    }

    #[test]
    fn nothing_differs_only_when_all_was_compared() {
        let told = |state: &str, found: u64| {
            let run = json!({ "state": state, "differences": found });
            text(&Outcome { run, differences: Vec::new(), any_open: false, csv: None })
        };
        let tails = ["nothing differs", "nothing is left open", "没有差异", "没有未解决的差异"];
        let says = |text: String, at: usize| text.contains(tails[at]) || text.contains(tails[at + 2]);
        assert!(says(told("done", 0), 0) && says(told("done", 1), 1));
        assert!(!says(told("failed", 0), 0) && !says(told("failed", 0), 1));
    }

    #[test]
    fn a_wrong_file_is_input_and_a_silent_platform_is_not() {
        for (source, queries, problem, exit, says) in [
            ("file", 0, "the platform answered 2008", 2, "saved refusal of the platform, 2008"),
            ("file", 0, "this is UTF-16", 2, "--file"),
            ("file", 3, "the platform refuses the configuration", 3, "refuses"),
            ("platform", 0, "name `merchant_uids`", 3, "name `--merchant`"),
        ] {
            let run = json!({ "id": 1, "state": "failed", "source": source, "queries": queries, "problem": problem });
            let failure = not_finished(&run);
            assert_eq!(failure.code(), exit, "{failure}");
            assert!(failure.to_string().contains(says), "{failure}");
        }
    }
}
