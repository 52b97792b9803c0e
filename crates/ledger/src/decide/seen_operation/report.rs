//! What reports about refunds, settlements and returns have in common.

use douyin_pay_protocol::{Fen, OutNo, PlatformNo, UnixMs};

use super::returned::Returning;
use crate::{OperationKind, OperationState, Order, RefundSeen, RefundSource, ReturnSeen, SettlementSeen};

/// What reports about refunds, settlements and returns have in common.
pub(in crate::decide) struct Report<'a> {
    pub(super) kind: OperationKind,
    pub(super) out_no: &'a OutNo,
    pub(super) state: OperationState,
    pub(super) amount: Option<Fen>,
    pub(super) platform_no: &'a Option<PlatformNo>,
    pub(super) finished_at: Option<UnixMs>,
    pub(super) source: RefundSource,
    pub(super) message: &'a Option<Box<str>>,
    pub(super) settlement: Option<&'a SettlementSeen>,
    /// What only refunds have.
    pub(super) refund: Option<&'a RefundSeen>,
    /// What only returns have.
    pub(super) returning: Option<Returning<'a>>,
}

impl<'a> Report<'a> {
    /// A report about a return; `order` tells the settlement when the platform names only its own number of it.
    pub(in crate::decide) fn of_return(order: &'a Order, seen: &'a ReturnSeen) -> Self {
        Self {
            kind: OperationKind::Return,
            out_no: &seen.out_no,
            state: seen.state,
            amount: seen.amount,
            platform_no: &seen.platform_no,
            finished_at: seen.finished_at,
            source: RefundSource::Unknown,
            message: &seen.message,
            settlement: None,
            refund: None,
            returning: Some(Returning::of(order, seen)),
        }
    }
}

impl<'a> From<&'a RefundSeen> for Report<'a> {
    fn from(seen: &'a RefundSeen) -> Self {
        Self {
            kind: OperationKind::Refund,
            out_no: &seen.out_no,
            state: seen.state,
            amount: seen.amount,
            platform_no: &seen.platform_no,
            finished_at: seen.finished_at,
            source: seen.source,
            message: &seen.message,
            settlement: None,
            refund: Some(seen),
            returning: None,
        }
    }
}

impl<'a> From<&'a SettlementSeen> for Report<'a> {
    fn from(seen: &'a SettlementSeen) -> Self {
        Self {
            kind: OperationKind::Settlement,
            out_no: &seen.out_no,
            state: seen.state,
            amount: None,
            platform_no: &seen.platform_no,
            finished_at: seen.finished_at,
            source: RefundSource::Unknown,
            message: &seen.message,
            settlement: Some(seen),
            refund: None,
            returning: None,
        }
    }
}
