//! Each step of the story as commands to copy: ours, and the platform's behind it.

use serde::Serialize;

use super::Demo;
use crate::dev::wire::{Exchange, Kind};

/// The steps that have been taken.
pub(super) type Steps = Vec<Step>;

/// One step.
#[derive(Serialize)]
pub(super) struct Step {
    name: &'static str,
    /// What the merchant sends, or reads.
    rest: Option<Shown>,
    /// What crosses the border to the platform because of it.
    platform: Option<Shown>,
}

/// A command, and what came back.
#[derive(Serialize)]
struct Shown {
    curl: String,
    status: Option<u16>,
    answer: String,
}

impl From<&Exchange> for Shown {
    fn from(exchange: &Exchange) -> Self {
        Self { curl: exchange.curl.clone(), status: exchange.status, answer: exchange.answer.clone() }
    }
}

/// What was sent so far, by steps.
pub(super) fn steps(demo: &Demo, number: &str, exchanges: &[Exchange]) -> Steps {
    // The last one shows the outcome; the earlier ones are in the timeline.
    let last =
        |kind, name: &str| exchanges.iter().rfind(|exchange| exchange.kind == kind && exchange.name == name);
    let of_kind = |kind: &str| {
        let marker = format!(r#""type":"{kind}""#);
        exchanges.iter().rfind(|exchange| exchange.kind == Kind::Callback && exchange.curl.contains(&marker))
    };
    let read = || Some(Shown { curl: demo.curl_to_read(number), status: None, answer: String::new() });
    let mut steps = vec![Step {
        name: "create",
        rest: last(Kind::Rest, "orders").map(Shown::from),
        platform: last(Kind::Call, "create_order").map(Shown::from),
    }];
    if let Some(told) = of_kind("payment").or_else(|| last(Kind::Call, "query_order")) {
        steps.push(Step { name: "pay", rest: read(), platform: Some(Shown::from(told)) });
    }
    for (name, ours, theirs) in [("refund", "refunds", "create_refund"), ("settle", "settlements", "settle")]
    {
        if let Some(asked) = last(Kind::Rest, ours) {
            let platform = last(Kind::Call, theirs).map(Shown::from);
            steps.push(Step { name, rest: Some(Shown::from(asked)), platform });
        }
    }
    steps
}
