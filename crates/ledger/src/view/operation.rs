//! Operations as the merchant sees them: what all have, and fulfilments.

use douyin_pay_protocol::Fen;
use serde::Serialize;

use super::{Beijing, RefundView, ReturnView, SettlementView};
use crate::{Failure, Operation, OperationKind, OperationState, Origin};

/// Any operation as the merchant sees it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum OperationView<'a> {
    /// A refund.
    Refund(RefundView<'a>),
    /// A settlement.
    Settlement(SettlementView<'a>),
    /// A return of a share.
    Return(ReturnView<'a>),
    /// How far the goods are.
    Fulfilment(FulfilmentView<'a>),
}

impl<'a> OperationView<'a> {
    /// The view that fits the operation's kind.
    pub fn of(operation: &'a Operation) -> Self {
        match operation.kind {
            OperationKind::Refund => Self::Refund(RefundView::of(operation)),
            OperationKind::Settlement => Self::Settlement(SettlementView::of(operation)),
            OperationKind::Return => Self::Return(ReturnView::of(operation)),
            OperationKind::Fulfilment => Self::Fulfilment(FulfilmentView::of(operation)),
        }
    }
}

/// What every operation shows.
#[derive(Debug, Serialize)]
pub struct CommonView<'a> {
    state: OperationState,
    origin: Origin,
    amount_fen: Fen,
    requested_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
}

impl<'a> CommonView<'a> {
    pub(super) fn of(operation: &'a Operation) -> Self {
        Self {
            state: operation.state,
            origin: operation.origin,
            amount_fen: operation.amount,
            requested_at: Beijing(operation.requested_at),
            finished_at: operation.finished_at.map(Beijing),
            failure: operation.failure.as_ref(),
        }
    }
}

/// How far the goods are, as the merchant told it. No money moves.
#[derive(Debug, Serialize)]
pub struct FulfilmentView<'a> {
    out_fulfil_no: &'a str,
    state: OperationState,
    to_status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<&'a [Box<str>]>,
    requested_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
}

impl<'a> FulfilmentView<'a> {
    /// The view of an operation that is a fulfilment.
    pub fn of(operation: &'a Operation) -> Self {
        let trade = operation.trade.as_deref();
        Self {
            out_fulfil_no: operation.out_no.as_str(),
            state: operation.state,
            to_status: operation.to_status().unwrap_or_default(),
            items: trade.map(|trade| &*trade.item_order_ids),
            requested_at: Beijing(operation.requested_at),
            finished_at: operation.finished_at.map(Beijing),
            failure: operation.failure.as_ref(),
        }
    }
}
