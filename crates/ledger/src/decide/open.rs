//! The merchant asks for a new order.

use douyin_pay_protocol::Fen;

use super::{Draft, limits};
use crate::{Alarms, Change, Fact, IfPaid, Open, Order, OrderState, Refusal, Schedule};

pub(super) fn open(open: &Open, fact: &Fact) -> Result<Change, Refusal> {
    if open.amount == Fen::ZERO {
        return Err(Refusal::ZeroAmount);
    }
    let valid = open.valid_seconds.clamp(limits::VALID_SECONDS_MIN, limits::VALID_SECONDS_MAX);
    let imported = open.opened_elsewhere_at.is_some();
    let created_at = open.opened_elsewhere_at.unwrap_or(fact.at);
    let order = Order {
        id: open.id,
        app_id: open.app_id.clone(),
        out_order_no: open.out_order_no.clone(),
        system: open.system,
        // Elsewhere it was opened already; whether that is so, the first query says.
        state: if imported { OrderState::Waiting } else { OrderState::Opening },
        total: open.amount,
        discount: Fen::ZERO,
        created_at,
        expires_at: created_at.plus_ms(i64::from(valid) * 1_000),
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

/// The number is known: the same request again is answered from what is saved, another is refused.
pub(super) fn again(order: &Order, open: &Open) -> Refusal {
    if order.app_id != open.app_id {
        return Refusal::WrongApp;
    }
    if order.request_sha256 == open.request_sha256 {
        return Refusal::Duplicate;
    }
    let valid = open.valid_seconds.clamp(limits::VALID_SECONDS_MIN, limits::VALID_SECONDS_MAX);
    let compared = [
        ("system", order.system != open.system),
        ("amount_fen", order.total != open.amount),
        ("created_at", open.opened_elsewhere_at.is_some_and(|at| at != order.created_at)),
        ("valid_seconds", order.expires_at.since(order.created_at) != i64::from(valid) * 1_000),
        ("cp_extra", order.cp_extra != open.cp_extra),
        ("open_id", order.open_id != open.open_id),
        ("metadata", order.metadata != open.metadata),
    ];
    let mut names: Vec<_> =
        compared.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if names.is_empty() {
        names.push("subject or body");
    }
    Refusal::OtherFields { names }
}
