//! The timeline of an order, one line per fact, call, callback and event.

use std::fmt::Write as _;

use serde_json::Value;

use super::{beijing, columns, state};
use crate::lang::say;
use crate::out::printable;
use crate::story::yuan;

/// Everything that happened, oldest first.
pub(crate) fn timeline(timeline: &Value) -> String {
    let mut text = String::new();
    for entry in timeline["entries"].as_array().into_iter().flatten() {
        let at = beijing(entry["at"].as_str().unwrap_or("?"));
        let (kind, told) = match entry["entry"].as_str().unwrap_or_default() {
            "fact" => (say("事实", "fact"), fact(entry)),
            "call" => (say("调用", "call"), call(entry)),
            "callback" => (say("回调", "callback"), callback(entry)),
            "event" => (say("事件", "event"), event(entry)),
            _ => ("?", printable(&entry.to_string())),
        };
        let gap = " ".repeat(8_usize.saturating_sub(columns(kind)));
        writeln!(text, "{at:<30}  {kind}{gap}  {told}").expect("a String takes every text");
    }
    text
}

/// Who said what: `merchant: open ¥12.80`.
fn fact(entry: &Value) -> String {
    let what = &entry["what"];
    let (name, fields) = match what.as_object().and_then(|members| members.iter().next()) {
        Some((name, fields)) => (name.as_str(), fields),
        None => (what.as_str().unwrap_or("?"), &Value::Null),
    };
    let mut told = format!("{} {}: {}", entry["seq"], word(&entry["source"]), printable(name));
    for field in ["out_no", "number"] {
        if let Some(number) = fields[field].as_str() {
            told.push_str(&format!(" {}", printable(number)));
        }
    }
    if fields["state"].is_string() {
        told.push_str(&format!(" → {}", state(&fields["state"])));
    }
    if let Some(fen) = ["amount", "total", "settle_amount"].iter().find_map(|field| fields[*field].as_i64()) {
        told.push_str(&format!(" {}", yuan(fen)));
    }
    match &fields["outcome"] {
        Value::String(outcome) => told.push_str(&format!(" → {}", printable(outcome))),
        Value::Object(outcome) => {
            let (name, more) =
                outcome.iter().next().map_or(("?", &Value::Null), |(name, more)| (name.as_str(), more));
            told.push_str(&format!(" → {}", printable(name)));
            if let (Some(code), Some(message)) = (more["code"].as_i64(), more["message"].as_str()) {
                told.push_str(&format!(" {code} {}", printable(message)));
            }
        }
        _ => {}
    }
    told
}

fn call(entry: &Value) -> String {
    let mut told =
        format!("{} → {}, {} ms", word(&entry["endpoint"]), word(&entry["outcome"]), entry["millis"]);
    for (label, field) in [("HTTP", "http_status"), ("err_no", "err_no")] {
        if let Some(number) = entry[field].as_i64() {
            told.push_str(&format!(", {label} {number}"));
        }
    }
    told
}

fn callback(entry: &Value) -> String {
    let mut told =
        format!("{} {} → {}", word(&entry["kind"]), word(&entry["number"]), word(&entry["verdict"]));
    if let Some(repeats) = entry["repeats"].as_i64().filter(|repeats| *repeats > 0) {
        told.push_str(&format!(" (+{repeats})"));
    }
    told
}

fn event(entry: &Value) -> String {
    let mut told = format!("{} → {}", word(&entry["type"]), word(&entry["state"]));
    if let Some(status) = entry["last_status"].as_i64() {
        told.push_str(&format!(", HTTP {status}"));
    }
    if let Some(problem) = entry["last_problem"].as_str() {
        told.push_str(&format!(", {}", printable(problem)));
    }
    told
}

fn word(value: &Value) -> String {
    printable(value.as_str().unwrap_or("?"))
}
