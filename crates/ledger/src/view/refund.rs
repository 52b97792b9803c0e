//! A refund as the merchant sees it, with the consent that it may wait for.

use serde::Serialize;

use super::{Beijing, CommonView, ItemAmountView};
use crate::{Audit, AuditStatus, Decision, DecisionState, Failure, Operation, RefundSource};

/// A refund as the merchant sees it.
#[derive(Debug, Serialize)]
pub struct RefundView<'a> {
    out_refund_no: &'a str,
    #[serde(flatten)]
    common: CommonView<'a>,
    reason: &'a str,
    source: RefundSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_no: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<u16>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemAmountView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<AuditView<'a>>,
}

impl<'a> RefundView<'a> {
    /// The view of an operation that is a refund.
    pub fn of(operation: &'a Operation) -> Self {
        Self {
            out_refund_no: operation.out_no.as_str(),
            common: CommonView::of(operation),
            reason: &operation.text,
            source: operation.source,
            refund_no: operation.platform_no.as_ref().map(|no| no.as_str()),
            reason_code: operation.trade.as_ref().and_then(|trade| trade.code),
            items: operation.items().iter().map(ItemAmountView::of).collect(),
            audit: operation.audit().map(AuditView::of),
        }
    }
}

/// The merchant's consent to a refund, and what the merchant decided.
#[derive(Debug, Serialize)]
pub struct AuditView<'a> {
    status: AuditStatus,
    needed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline_at: Option<Beijing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deny_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionView<'a>>,
}

impl<'a> AuditView<'a> {
    fn of(audit: &'a Audit) -> Self {
        Self {
            status: audit.status,
            needed: audit.needed,
            deadline_at: audit.deadline_at.map(Beijing),
            deny_message: audit.deny_message.as_deref(),
            decision: audit.decision.as_ref().map(DecisionView::of),
        }
    }
}

/// What the merchant decided about a refund, and whether the platform took it.
#[derive(Debug, Serialize)]
pub struct DecisionView<'a> {
    agree: bool,
    state: DecisionState,
    decided_at: Beijing,
    #[serde(skip_serializing_if = "Option::is_none")]
    deny_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
}

impl<'a> DecisionView<'a> {
    fn of(decision: &'a Decision) -> Self {
        Self {
            agree: decision.agree,
            state: decision.state,
            decided_at: Beijing(decision.decided_at),
            deny_message: decision.deny_message.as_deref(),
            failure: decision.failure.as_ref(),
        }
    }
}
