//! The merchant asks for a new order, or signs it once more.

use douyin_pay_protocol::Fen;

use super::{Draft, limits};
use crate::{
    Alarms, Change, Fact, IfPaid, Open, Order, OrderState, OrderTrade, Plan, Refusal, Schedule, System,
};

pub(super) fn open(open: &Open, fact: &Fact) -> Result<Change, Refusal> {
    if open.amount == Fen::ZERO {
        return Err(Refusal::ZeroAmount);
    }
    check_system(open)?;
    let imported = open.opened_elsewhere_at.is_some();
    let created_at = open.opened_elsewhere_at.unwrap_or(fact.at);
    let order = Order {
        id: open.id,
        app_id: open.app_id.clone(),
        out_order_no: open.out_order_no.clone(),
        system: open.system,
        // Elsewhere it was opened already; whether that is so, the first query says. In the general trade
        // system nothing is called: it waits as soon as it is signed.
        state: if imported || open.system == System::Trade {
            OrderState::Waiting
        } else {
            OrderState::Opening
        },
        total: open.amount,
        discount: Fen::ZERO,
        created_at,
        expires_at: created_at.plus_ms(lifetime_ms(open)),
        platform_order_id: None,
        order_token: None,
        open_id: open.open_id.clone(),
        metadata: open.metadata.clone(),
        cp_extra: open.cp_extra.clone(),
        paid_at: None,
        way: None,
        channel_no: None,
        payment_order_no: None,
        seller_uid: None,
        failure: None,
        maybe_acted: false,
        imported,
        if_paid: if open.refund_late { IfPaid::RefundLate } else { IfPaid::Keep },
        request_sha256: open.request_sha256,
        alarms: Alarms::NONE,
        seq: 0,
        events: 0,
        schedule: Schedule::default(),
        trade: of_trade(open),
        plan: plan(open),
        platform_settleable: None,
        operations: Vec::new(),
    };
    let mut draft = Draft::first(order, fact);
    draft.record = true;
    draft.restart(None);
    if imported {
        draft.ask_about_order();
    }
    draft.finish(None)
}

fn check_system(open: &Open) -> Result<(), Refusal> {
    match (open.system, &open.trade) {
        (System::Ecpay, Some(_)) => Err(Refusal::OtherSystem { system: open.system }),
        (System::Trade, _) if open.ecpay.is_some() || open.order_push.is_some() => {
            Err(Refusal::OtherSystem { system: open.system })
        }
        (System::Ecpay, None) if open.order_push.is_some() && open.open_id.is_none() => {
            Err(Refusal::NoOpenId)
        }
        (System::Trade, None) if open.opened_elsewhere_at.is_none() => Err(Refusal::NotSigned),
        _ => Ok(()),
    }
}

/// What was agreed to happen by itself; nothing if nothing was.
fn plan(open: &Open) -> Option<Box<Plan>> {
    let push = open.order_push.is_some();
    let settle_after_days = open.settle_after_days;
    (push || settle_after_days.is_some())
        .then(|| Box::new(Plan { settle_after_days, push, ..Plan::default() }))
}

fn of_trade(open: &Open) -> Option<Box<OrderTrade>> {
    let pay_expire_seconds = open.trade.as_ref().map_or(open.valid_seconds, |trade| trade.pay_expire_seconds);
    (open.system == System::Trade)
        .then(|| Box::new(OrderTrade { pay_expire_seconds, ..OrderTrade::default() }))
}

/// How long it may be paid after it was opened, at the longest.
fn lifetime_ms(open: &Open) -> i64 {
    match of_trade(open) {
        Some(trade) => trade.lifetime_ms(),
        None => {
            let valid = open.valid_seconds.clamp(limits::VALID_SECONDS_MIN, limits::VALID_SECONDS_MAX);
            i64::from(valid) * 1_000
        }
    }
}

/// The order's data was signed once more: from now on it may be placed for another hour.
pub(super) fn signed_again(order: &Order, fact: &Fact) -> Result<Change, Refusal> {
    let Some(trade) = &order.trade else { return Err(Refusal::OtherSystem { system: order.system }) };
    if order.state != OrderState::Waiting {
        return Err(Refusal::AlreadyFinal { state: order.state.as_str() });
    }
    if order.imported {
        return Err(Refusal::NotSigned);
    }
    let expires_at = fact.at.plus_ms(trade.lifetime_ms());
    if expires_at <= order.expires_at {
        return Err(Refusal::Duplicate);
    }
    let mut draft = Draft::of(order, fact);
    draft.record = true;
    draft.order.expires_at = expires_at;
    draft.restart(None);
    draft.finish(None)
}

/// The number is known: the same request again is answered from what is saved, another is refused.
pub(super) fn again(order: &Order, open: &Open) -> Refusal {
    if order.app_id != open.app_id {
        return Refusal::WrongApp;
    }
    if order.request_sha256 == open.request_sha256 {
        return Refusal::Duplicate;
    }
    let same_time = match (&order.trade, of_trade(open)) {
        (Some(known), Some(asked)) => known.pay_expire_seconds == asked.pay_expire_seconds,
        _ => order.expires_at.since(order.created_at) == lifetime_ms(open),
    };
    let plan = plan(open);
    let days = |plan: &Option<Box<Plan>>| plan.as_ref().and_then(|plan| plan.settle_after_days);
    let pushes = |plan: &Option<Box<Plan>>| plan.as_ref().is_some_and(|plan| plan.push);
    let compared = [
        ("system", order.system != open.system),
        ("amount_fen", order.total != open.amount),
        ("created_at", open.opened_elsewhere_at.is_some_and(|at| at != order.created_at)),
        (if order.trade.is_some() { "pay_expire_seconds" } else { "valid_seconds" }, !same_time),
        ("cp_extra", order.cp_extra != open.cp_extra),
        ("open_id", order.open_id != open.open_id),
        ("metadata", order.metadata != open.metadata),
        ("settle_after_days", days(&order.plan) != days(&plan)),
        ("order_push", pushes(&order.plan) != pushes(&plan)),
    ];
    let mut names: Vec<_> =
        compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if names.is_empty() {
        names.push(if order.trade.is_some() { "goods" } else { "subject or body" });
    }
    Refusal::OtherFields { names }
}
