//! Each step as commands to copy: ours, the phone's, and the platform's behind them.

use douyin_pay_protocol::OutOrderNo;
use serde::Serialize;

use super::menu::Item;
use super::{Demo, client};
use crate::dev::wire::{Exchange, Kind};

/// The steps that have been taken.
pub(super) type Steps = Vec<Step>;

/// One step.
#[derive(Serialize)]
pub(super) struct Step {
    name: &'static str,
    /// What the merchant sends, or reads.
    rest: Option<Shown>,
    /// What the customer's phone sends.
    client: Option<Shown>,
    /// What crosses the border to the platform because of it.
    platform: Option<Shown>,
}

/// A command, and what came back.
#[derive(Serialize)]
struct Shown {
    curl: String,
    /// The same in the mini-program.
    code: Option<String>,
    status: Option<u16>,
    answer: String,
}

impl From<&Exchange> for Shown {
    fn from(exchange: &Exchange) -> Self {
        let code = (exchange.kind == Kind::Client).then(|| client::code(&exchange.name, &exchange.body));
        Self {
            curl: exchange.curl.clone(),
            code: code.flatten(),
            status: exchange.status,
            answer: exchange.answer.clone(),
        }
    }
}

/// What was sent so far, by steps.
pub(super) fn steps(demo: &Demo, number: &OutOrderNo, exchanges: &[Exchange]) -> Steps {
    let told = Told(exchanges);
    let read =
        || Some(Shown { curl: demo.curl_to_read(number), code: None, status: None, answer: String::new() });
    let steps = match Item::of_number(number) {
        Item::Latte => of_ecpay(&told, read),
        Item::Tea => of_trade(&told, read),
    };
    steps.into_iter().filter(|step| step.rest.is_some() || step.client.is_some()).collect()
}

fn of_ecpay(told: &Told<'_>, read: impl Fn() -> Option<Shown>) -> Steps {
    let paid = told.callback("payment").or_else(|| told.call("query_order"));
    let step = |name, rest, platform| Step { name, rest, client: None, platform };
    vec![
        step("create", told.rest("orders"), told.call("create_order")),
        step("pay", paid.as_ref().and_then(|_| read()), paid),
        step("refund", told.rest("refunds"), told.call("create_refund")),
        step("settle", told.rest("settlements"), told.call("settle")),
    ]
}

fn of_trade(told: &Told<'_>, read: impl Fn() -> Option<Shown>) -> Steps {
    let paid = told.callback("payment").or_else(|| told.call("order_query"));
    let step = |name, rest, client, platform| Step { name, rest, client, platform };
    vec![
        step("sign", told.rest("orders"), None, None),
        step("request_order", None, told.client("request_order"), None),
        step("get_order_payment", paid.as_ref().and_then(|_| read()), told.client("get_order_payment"), paid),
        step("fulfil", told.rest("fulfilments"), None, told.call("fulfill_push_status")),
        step("refund", told.rest("refunds"), None, told.call("refund_create")),
        step("apply", None, told.client("apply_refund"), told.callback("pre_create_refund")),
        step("audit", told.rest("audit"), None, told.call("refund_audit_callback")),
        step("settle", told.rest("settlements"), None, told.call("settle_create")),
    ]
}

/// What went over the wire.
struct Told<'a>(&'a [Exchange]);

impl Told<'_> {
    fn rest(&self, name: &str) -> Option<Shown> {
        self.last(Kind::Rest, name)
    }

    fn client(&self, name: &str) -> Option<Shown> {
        self.last(Kind::Client, name)
    }

    fn call(&self, name: &str) -> Option<Shown> {
        self.last(Kind::Call, name)
    }

    fn callback(&self, kind: &str) -> Option<Shown> {
        let marker = format!(r#""type":"{kind}""#);
        let mut callbacks = self.0.iter().filter(|exchange| exchange.kind == Kind::Callback);
        callbacks.rfind(|exchange| exchange.body.contains(&marker)).map(Shown::from)
    }

    /// The last one shows the outcome; the earlier ones are in the timeline.
    fn last(&self, kind: Kind, name: &str) -> Option<Shown> {
        self.0.iter().rfind(|exchange| exchange.kind == kind && exchange.name == name).map(Shown::from)
    }
}
